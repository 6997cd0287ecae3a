"""A report by anybody: sealed, with an owner and a clock, answered once and reviewed by other hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from tests.rights.people import Desk
from tests.world import NOON, scene, world

from liangming import ids
from liangming.check.receipt import code_of
from liangming.clock import china_date
from liangming.docket import deadline, leaf_keys
from liangming.docket.calendar import is_working_day
from liangming.errors import Misuse
from liangming.governance import Kind, board, reports
from liangming.governance.reports.desk import answer_of
from liangming.governance.reports.states import Answered, Received, Taken
from liangming.governance.reports.words import Outcome, Topic
from liangming.law.values import report_triage_working_days, request_working_days
from liangming.law.words import Channel, Method, SceneKind
from liangming.rights import RightsDesk
from liangming.storage import open_docket

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
WORDS = "十一点在柜台，说不刷脸就不收"


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    gym = scene(
        "demo.gym",
        kind=SceneKind.ENTRANCE_SPORTS,
        ways=(Method.TICKET, Method.DOCUMENT_SEEN),
        channel=Channel.GATE,
        notice="entrance",
    )
    async with world(tmp_path, scene(), gym) as house:
        made = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        yield Desk(house, made)


def sent(**more: object) -> reports.Receiving:
    told = {
        "id": ids.new("rpt", NOON), "operator": "demo", "outlet": "demo-001",
        "scene": "demo.counter", "topic": Topic.FORCED_FACE, "words": WORDS,
    }  # fmt: skip
    return reports.Receiving(**{**told, **more})


async def taken(desk: Desk, **more: object) -> str:
    state = await reports.receive(desk.desk, sent(**more))
    await reports.triage(
        desk.desk, state.about.id, topic=state.topic, owner="rights-desk", actor="officer-a"
    )
    return state.about.id


async def test_a_courier_answers_in_seven_days_and_others_in_fifteen_working_days(desk: Desk):
    counter = await reports.receive(desk.desk, sent())
    gym = await reports.receive(desk.desk, sent(id=ids.new("rpt", NOON), scene="demo.gym"))
    whole = await reports.receive(desk.desk, sent(id=ids.new("rpt", NOON), outlet="", scene=""))
    assert (counter.due.article, counter.due.day) == ("courier.29", date(2026, 12, 1))
    assert (gym.due.article, gym.due.unit) == ("app191.6", "working-days")
    assert whole.due.article == "courier.29"
    assert isinstance(counter, Received)
    assert counter.triage_by == deadline(report_triage_working_days, NOON).at


async def test_before_a_long_holiday_the_answer_s_day_stands_on_the_board_and_not_ours(desk: Desk):
    desk.house.clock.set(
        datetime(2026, 2, 13, 4, tzinfo=UTC)
    )  # the Spring Festival begins on the 15th
    state = await reports.receive(desk.desk, sent(id=ids.new("rpt", desk.house.clock.now())))
    assert isinstance(state, Received)
    assert china_date(state.triage_by - timedelta(hours=1)) == date(2026, 2, 24)
    (duty,) = [d for d in await board(desk.desk) if d.kind is Kind.REPORT]
    assert (duty.day, duty.article, duty.standard) == (date(2026, 2, 20), "courier.29", False)


async def test_the_same_form_sent_twice_is_one_report(desk: Desk):
    form = sent()
    first = await reports.receive(desk.desk, form)
    again = await reports.receive(desk.desk, form)
    assert first == again
    assert await desk.desk.docket.count("report") == 1


@pytest.mark.parametrize("words", ["", "    ", "短", "x" * 1001, "看 http://a www.b https://c 买"])
async def test_too_little_too_much_or_a_row_of_addresses_is_not_taken(desk: Desk, words: str):
    with pytest.raises(Misuse) as fault:
        await reports.receive(desk.desk, sent(words=words))
    assert fault.value.code.name == "governance.report-words"
    assert await desk.desk.docket.count("report") == 0


async def test_an_owner_comes_before_an_answer_and_the_answer_is_for_the_reporter(desk: Desk):
    report = (await reports.receive(desk.desk, sent())).about.id
    with pytest.raises(Misuse, match=r"report-closed"):
        await reports.answer(
            desk.desk, report, outcome=Outcome.UPHELD, words="已经改正", actor="officer-a"
        )
    await reports.triage(
        desk.desk, report, topic=Topic.UNEQUAL, owner="clerk-lead", actor="officer-a"
    )
    with pytest.raises(Misuse, match=r"report-answer"):
        await reports.answer(desk.desk, report, outcome=Outcome.UPHELD, words="", actor="officer-a")
    assert (await reports.read_words(desk.desk, report, "officer-a")).words == WORDS
    state = await reports.answer(
        desk.desk, report, outcome=Outcome.UPHELD, words="已经改正并培训", actor="officer-a"
    )
    assert isinstance(state, Answered)
    assert await answer_of(desk.desk, report) == "已经改正并培训"
    assert (await reports.read_words(desk.desk, report, "officer-a")).words == WORDS
    row = await desk.desk.docket.get(report)
    assert row is not None
    assert row.due_at is None
    assert row.keep_until is not None
    assert row.leaf_key[0] == leaf_keys.LASTING
    tags = [leaf.tag for leaf in await desk.house.premises.store.leaves(report)]
    assert tags == [
        "governance:report:received",
        "governance:report:triaged",
        "governance:report:words-opened",
        "governance:report:answered",
        "governance:report:words-opened",
    ]


async def test_one_review_by_other_hands_under_a_clock_of_its_own(desk: Desk):
    report = await taken(desk)
    await reports.answer(
        desk.desk, report, outcome=Outcome.NOT_UPHELD, words="没有发现这样", actor="officer-a"
    )
    desk.house.clock.move(timedelta(days=20))
    state = await reports.appeal(desk.desk, report)
    assert isinstance(state, Taken)
    assert (state.round, state.due.day) == (2, china_date(NOON) + timedelta(days=27))
    with pytest.raises(Misuse, match=r"same-hands"):
        await reports.answer(
            desk.desk, report, outcome=Outcome.NOT_UPHELD, words="还是没有发现", actor="officer-a"
        )
    # Handing it on does not make the first hands others.
    await reports.triage(
        desk.desk, report, topic=Topic.FORCED_FACE, owner="officer-a", actor="officer-b"
    )
    with pytest.raises(Misuse, match=r"same-hands"):
        await reports.answer(
            desk.desk, report, outcome=Outcome.NOT_UPHELD, words="还是没有发现", actor="officer-a"
        )
    await reports.answer(
        desk.desk, report, outcome=Outcome.PARTLY, words="部分属实，已改", actor="officer-b"
    )
    with pytest.raises(Misuse, match=r"report-reviewed"):
        await reports.appeal(desk.desk, report)


async def test_a_report_is_linked_to_a_check_of_the_same_operator_only(desk: Desk):
    check, _ = await desk.passed()
    report = await taken(desk)
    for text in (check, code_of(desk.house.premises.keys.token, check)):
        state = await reports.triage(
            desk.desk, report, topic=Topic.LEAK, owner="rights-desk", actor="officer-a", check=text
        )
        assert isinstance(state, Taken)
        assert state.check == check
    for text in ("rct_x", ids.new(ids.CHECK, NOON), "110101199003071237"):
        with pytest.raises(Misuse, match=r"report-link"):
            await reports.triage(
                desk.desk, report, topic=Topic.LEAK, owner="rights-desk", actor="o", check=text
            )


async def test_a_report_stands_on_the_board_until_it_is_answered(desk: Desk):
    report = (await reports.receive(desk.desk, sent())).about.id

    async def mine() -> list[tuple[str, bool]]:
        now = desk.house.clock.now()
        found = await board(desk.desk, operator="demo")
        return [(d.id, d.is_late(now)) for d in found if d.kind is Kind.REPORT]

    assert await mine() == [(report, False)]
    assert [d for d in await board(desk.desk, operator="else") if d.kind is Kind.REPORT] == []
    desk.house.clock.set(deadline(report_triage_working_days, NOON).at)
    assert await mine() == [(report, True)]
    await reports.triage(
        desk.desk, report, topic=Topic.OTHER, owner="rights-desk", actor="officer-a"
    )
    assert await mine() == [(report, False)]
    desk.house.clock.set(datetime(2026, 12, 1, 16, 0, tzinfo=UTC))  # midnight after in China
    assert await mine() == [(report, True)]
    await reports.answer(
        desk.desk, report, outcome=Outcome.UNCLEAR, words="写得太少，无法核实", actor="o"
    )
    assert await mine() == []


async def test_the_words_are_in_no_file_in_the_open(desk: Desk):
    await taken(desk)
    desk.house.planted.add(WORDS)
    desk.house.nothing_leaked()


async def test_a_list_gives_pages_in_order_and_of_one_operator(desk: Desk):
    made = []
    for n in range(5):
        at = NOON + timedelta(seconds=n)
        operator = "else" if n == 2 else "demo"
        state = await reports.receive(
            desk.desk, sent(id=ids.new("rpt", at), operator=operator, outlet="", scene="")
        )
        made.append(state.about.id)
    first = await reports.listed(desk.desk, "demo", "", 3)
    assert [state.about.id for state in first] == [made[0], made[1], made[3]]
    rest = await reports.listed(desk.desk, "demo", made[3], 3)
    assert [state.about.id for state in rest] == [made[4]]
    assert await reports.listed(desk.desk, "nobody", "", 3) == []


@given(st.integers(0, 16 * 366 * 24).map(lambda hours: FIRST + timedelta(hours=hours)))
def test_triage_ends_on_a_working_day_and_never_after_the_answer_is_due(at: datetime):
    triage = deadline(report_triage_working_days, at)
    assert is_working_day(triage.day)
    assert china_date(at) < triage.day
    assert triage.at <= deadline(request_working_days, at).at
