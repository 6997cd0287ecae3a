"""The board shows every duty with owner, day and article, at the moment it becomes late and not before."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from tests.rights.people import Desk, code_of
from tests.world import NOON, face_scene, scene, world

from liangming.governance import Duty, Kind, board, calendar
from liangming.governance.feed import _folded, _text
from liangming.governance.periodic import TASKS, done
from liangming.law import CORPUS
from liangming.rights import Asking, RightsDesk, ask
from liangming.rights.handle import answer
from liangming.rights.holds import hold
from liangming.rights.retain import retain
from liangming.rights.words import HoldReason, Result, Right
from liangming.scene.model import Text
from liangming.storage import open_docket


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with world(tmp_path, scene(), face_scene()) as house:
        made = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        yield Desk(house, made)


async def of(desk: Desk, kind: Kind) -> list[Duty]:
    return [duty for duty in await board(desk.desk) if duty.kind is kind]


async def test_a_new_house_owes_what_comes_again_and_the_assessment_of_its_face(desk: Desk):
    duties = await board(desk.desk)
    assert {duty.id for duty in duties if duty.kind is Kind.PERIODIC} == {
        f"periodic/{task}" for task in TASKS
    }
    assert {d.day for d in duties if d.kind is Kind.PERIODIC} == {date(2026, 12, 24)}
    desk.house.clock.set(datetime(2026, 12, 25, tzinfo=UTC))
    assert all(d.is_late(desk.house.clock.now()) for d in await of(desk, Kind.PERIODIC))
    desk.house.clock.set(NOON)
    (assessment,) = await of(desk, Kind.ASSESSMENT)
    assert (assessment.id, assessment.day) == ("assessment/demo.face", date(2027, 1, 1))
    assert [duty.due for duty in duties] == sorted(duty.due for duty in duties)


async def test_every_duty_names_owner_article_consequence_and_what_to_do(desk: Desk):
    check, _ = await desk.passed()
    await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))
    face = await desk.by_face()
    await ask(desk.desk, Asking(check=face, right=Right.WITHDRAW))
    await hold(
        desk.desk,
        check,
        reason=HoldReason.DISPUTE,
        article="pipl.47",
        until=NOON + timedelta(days=9),
        actor="legal",
    )
    desk.house.clock.set(datetime(2027, 12, 5, tzinfo=UTC))
    duties = await board(desk.desk)
    assert {duty.kind for duty in duties} >= {
        Kind.OVERDUE,
        Kind.REQUEST,
        Kind.COMMAND,
        Kind.ASSESSMENT,
        Kind.HOLD,
        Kind.PERIODIC,
        Kind.CALENDAR,
    }
    for duty in duties:
        assert duty.article in CORPUS.articles, duty.id
        assert re.fullmatch(r"[a-z-]+", duty.owner), duty.id
        assert all((duty.title.zh, duty.title.en, duty.late.zh, duty.late.en, duty.do)), duty.id


async def test_a_request_is_late_from_its_midnight_on_and_gone_when_answered(desk: Desk):
    check, _ = await desk.passed()
    state = (await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))).state
    (duty,) = await of(desk, Kind.REQUEST)
    assert (duty.id, duty.owner, duty.article) == (state.about.id, "rights-desk", "courier.29")
    assert (duty.day, duty.standard) == (date(2026, 12, 1), False)
    desk.house.clock.set(duty.due - timedelta(microseconds=1))
    assert duty.is_late(desk.house.clock.now()) is False
    desk.house.clock.set(duty.due)
    (duty,) = await of(desk, Kind.REQUEST)
    assert duty.is_late(desk.house.clock.now()) is True
    await answer(desk.desk, state.about.id, Result.UPHELD, "rights-desk")
    assert await of(desk, Kind.REQUEST) == []


async def test_a_registration_beyond_its_day_is_on_the_board_until_the_job_has_run(desk: Desk):
    await desk.passed()
    assert await of(desk, Kind.OVERDUE) == []
    desk.house.clock.set(NOON + timedelta(days=365))
    (duty,) = await of(desk, Kind.OVERDUE)
    assert "1 registrations" in duty.title.en
    assert await retain(desk.desk) == 1
    assert await of(desk, Kind.OVERDUE) == []


async def test_what_comes_again_is_due_a_term_after_it_was_done_with_evidence(desk: Desk):
    first = await done(
        desk.house.premises, desk.desk.docket, "restore-drill", actor="operations", reference="D-1"
    )
    assert first == date(2027, 11, 24)
    task = next(d for d in await of(desk, Kind.PERIODIC) if d.id == "periodic/restore-drill")
    assert task.day == first
    (row,) = await desk.desk.docket.about("periodic", "restore-drill")
    assert await desk.tags(row.id) == ["governance:duty:done"]
    (leaf,) = await desk.house.premises.store.leaves(row.id)
    assert msgspec.json.decode(leaf.facts) == {
        "task": "restore-drill",
        "actor": "operations",
        "reference": "D-1",
        "late": False,
    }
    desk.house.clock.set(task.due)
    await done(desk.house.premises, desk.desk.docket, "restore-drill", actor="operations")
    rows = await desk.desk.docket.about("periodic", "restore-drill")
    (leaf,) = await desk.house.premises.store.leaves(rows[-1].id)
    assert b'"late":true' in leaf.facts


@pytest.mark.parametrize(
    ("task", "actor", "reference", "code"),
    [
        ("nothing", "operations", "", "governance.task-unknown"),
        ("restore-drill", "张三", "", "governance.done-unfit"),
        ("restore-drill", "", "", "governance.done-unfit"),
        ("restore-drill", "operations", "990101199003071237", "governance.done-unfit"),
        ("restore-drill", "operations", "D" * 81, "governance.done-unfit"),
    ],
)
async def test_names_and_numbers_are_not_taken_for_roles_and_references(
    desk: Desk, task, actor, reference, code
):
    said = done(desk.house.premises, desk.desk.docket, task, actor=actor, reference=reference)
    assert await code_of(said) == code
    assert await desk.desk.docket.count("periodic") == 0


async def test_a_year_without_published_days_off_is_a_duty_from_december_on(desk: Desk):
    assert await of(desk, Kind.CALENDAR) == []
    desk.house.clock.set(datetime(2026, 12, 1, tzinfo=UTC))
    (duty,) = await of(desk, Kind.CALENDAR)
    assert (duty.id, duty.day) == ("calendar/2027", date(2026, 12, 31))


async def test_an_operator_sees_its_own_duties_and_those_of_the_house(desk: Desk):
    check, _ = await desk.passed()
    await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))
    assert {d.operator for d in await board(desk.desk, operator="demo")} == {"", "demo"}
    others = await board(desk.desk, operator="others")
    assert {d.operator for d in others} == {""}


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


async def test_the_calendar_has_each_duty_once_on_its_last_day(desk: Desk):
    check, _ = await desk.passed()
    await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))
    duties = await board(desk.desk)
    data = calendar(duties, NOON)
    lines = unfolded(data)
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(duties)
    uids = [line for line in lines if line.startswith("UID:")]
    assert uids == [f"UID:{duty.id}@liangming" for duty in duties]
    days = [line for line in lines if line.startswith("DTSTART")]
    assert days == [f"DTSTART;VALUE=DATE:{duty.day:%Y%m%d}" for duty in duties]
    assert "DTSTART;VALUE=DATE:20261201" in days
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    later = calendar(duties, duties[0].due)
    assert any(line.startswith("SUMMARY:逾期：") for line in unfolded(later))
    assert any(
        line.startswith("SUMMARY:LATE: ")
        for line in unfolded(calendar(duties, duties[0].due, english=True))
    )


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_folding_and_escaping_lose_nothing(words: str):
    line = f"SUMMARY:{_text(words)}"
    folded = _folded(line)
    assert folded.endswith(b"\r\n")
    assert all(len(piece) <= 75 for piece in folded.split(b"\r\n"))
    assert unfolded(folded)[0] == line
    plain = line.removeprefix("SUMMARY:")
    for sign in (",", ";", "\\"):
        plain = plain.replace("\\" + sign, sign)
    assert plain == words


def test_tasks_have_words_terms_and_articles_that_stand():
    for task in TASKS.values():
        assert task.article in CORPUS.articles
        assert task.months > 0
        assert isinstance(task.title, Text)
        assert task.title.en
        assert not (task.standard and task.of_house)
