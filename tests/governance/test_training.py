"""No training, no role: courses are marked by their file, a pass lasts a year, and names nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from tests.rights.people import Desk, code_of
from tests.world import NOON, scene, world

from liangming.clock import china_date
from liangming.docket import deadline
from liangming.governance import Kind, board, training
from liangming.governance.training import COURSES, commitment, grade, lacks, needed, take, warned
from liangming.governance.training.grade import PASS_PERCENT, Marked, shuffled
from liangming.law import CORPUS
from liangming.law.values import training_months
from liangming.rights import RightsDesk
from liangming.rules import Grade
from liangming.storage import open_docket

WHO = {"operator": "demo", "username": "li.wei"}


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with world(tmp_path, scene()) as house:
        made = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        yield Desk(house, made)


def right(course: str) -> Marked:
    """Every question answered rightly."""
    found = COURSES[course]
    return grade(found, {n: question.right for n, question in enumerate(found.questions)})


async def lacking(desk: Desk, role: str = "clerk") -> set[str]:
    found = await lacks(desk.desk.premises, desk.desk.docket, role=role, **WHO)
    return {lack.course.id for lack in found}


async def pass_all(desk: Desk, role: str = "clerk") -> None:
    for course in needed(role):
        await take(
            desk.desk.premises, desk.desk.docket, course=course.id, marked=right(course.id), **WHO
        )


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_course_rests_on_articles_that_are_read_and_says_everything_twice(
    course: training.Course,
):
    assert set(course.roles) <= {"clerk", "manager", "officer", "administrator", "integrator"}
    assert len(course.questions) >= 4
    for article in (*course.articles, *(each.article for each in course.questions)):
        assert CORPUS.articles[article].grade is not Grade.C
    texts = [course.title, *course.lessons]
    for each in course.questions:
        assert each.right in each.options
        assert len({said.zh for said in each.options.values()}) == len(each.options) >= 3
        texts += [each.ask, each.why, *each.options.values()]
    assert all(text.zh.strip() and text.en.strip() for text in texts)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_the_right_answer_stands_nowhere_in_particular(course: training.Course):
    places = {
        shuffled(question, f"go-{n}").index(question.right)
        for question in course.questions
        for n in range(30)
    }
    assert places == {0, 1, 2}


@given(st.data())
def test_marking_counts_and_nothing_else_passes(data: st.DataObject):
    course = COURSES[data.draw(st.sampled_from(sorted(COURSES)))]
    answers = {
        n: data.draw(st.sampled_from([*question.options, "", "x"]))
        for n, question in enumerate(course.questions)
    }
    marked = grade(course, answers)
    assert marked.score == sum(answers[n] == q.right for n, q in enumerate(course.questions))
    assert marked.passed is (marked.score / len(course.questions) >= PASS_PERCENT / 100)
    assert grade(course, {}).passed is False
    assert Marked(()).passed is False


async def test_a_role_is_shut_until_each_of_its_courses_is_passed(desk: Desk):
    assert await lacking(desk) == {"clerk-law", "parity"}
    wrong = grade(COURSES["parity"], {})
    call = take(desk.desk.premises, desk.desk.docket, course="parity", marked=wrong, **WHO)
    assert await code_of(call) == "governance.course-not-passed"
    call = take(desk.desk.premises, desk.desk.docket, course="x", marked=right("parity"), **WHO)
    assert await code_of(call) == "governance.course-unknown"
    await pass_all(desk)
    assert await lacking(desk) == set()
    assert await lacking(desk, "manager") == {"incidents"}
    assert await lacking(desk, "inspector") == set()
    other = {"operator": "demo", "username": "li.wei2"}
    found = await lacks(desk.desk.premises, desk.desk.docket, role="clerk", **other)
    assert len(found) == 2


async def test_a_pass_ends_at_midnight_a_year_on_and_the_board_says_so_before(desk: Desk):
    await pass_all(desk)

    async def on_board() -> list[tuple[str, date]]:
        found = await board(desk.desk, operator="demo")
        return [(d.id, d.day) for d in found if d.kind is Kind.TRAINING]

    end = date(2027, 11, 24)
    assert await on_board() == []
    until = deadline(training_months, NOON).at
    desk.house.clock.set(until - timedelta(days=30, microseconds=1))
    assert await on_board() == []
    assert await warned(desk.desk.premises, desk.desk.docket, role="clerk", **WHO) == []
    desk.house.clock.set(until - timedelta(days=30))
    assert await on_board() == [("training/demo/clerk-law", end), ("training/demo/parity", end)]
    assert len(await warned(desk.desk.premises, desk.desk.docket, role="clerk", **WHO)) == 2
    desk.house.clock.set(until - timedelta(microseconds=1))
    assert await lacking(desk) == set()
    desk.house.clock.set(until)
    assert await lacking(desk) == {"clerk-law", "parity"}
    await pass_all(desk)
    assert await on_board() == []
    assert await lacking(desk) == set()


async def test_the_evidence_names_nobody(desk: Desk):
    await pass_all(desk)
    member = commitment(desk.desk.premises, **WHO)
    rows = await desk.desk.docket.about("training", member)
    assert {row.state for row in rows} == {"clerk-law", "parity"}
    for row in rows:
        assert await desk.tags(row.id) == ["governance:training:passed"]
    assert commitment(desk.desk.premises, "else", "li.wei") != member
    desk.house.planted.add("li.wei")
    desk.house.nothing_leaked()


@given(
    st.integers(0, 20 * 366 * 24).map(
        lambda n: datetime(2024, 2, 28, tzinfo=UTC) + timedelta(hours=n)
    )
)
def test_a_year_ends_on_the_same_day_or_on_the_last_of_february(at: datetime):
    start, end = china_date(at), deadline(training_months, at)
    leap = (start.month, start.day) == (2, 29)
    assert end.day == (date(start.year + 1, 2, 28) if leap else start.replace(year=start.year + 1))
    assert (end.at + timedelta(hours=8)).hour == 0
