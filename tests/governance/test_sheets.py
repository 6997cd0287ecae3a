"""Register, self-check and thresholds: filled in by what runs, signed by two, honest about the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from tests.governance.officers import went
from tests.governance.test_parties import TERMS
from tests.rights.people import Desk, code_of
from tests.world import NOON, face_scene, scene, world

from liangming.clock import china_date
from liangming.docket import deadline
from liangming.docket.calendar import is_working_day
from liangming.governance import (
    Kind,
    board,
    notices,
    parties,
    processing,
    selfcheck,
    signed,
    thresholds,
)
from liangming.governance.periodic import TASKS, done, due_of
from liangming.governance.press import pdf
from liangming.governance.processing import ADDITIONS
from liangming.governance.selfcheck.items import ITEMS, Answer, items_for
from liangming.governance.selfcheck.steps import paper as check_paper
from liangming.law import CORPUS
from liangming.law.values import officer_filing_working_days
from liangming.notice import Change
from liangming.rights import RightsDesk
from liangming.rules import Grade
from liangming.scene.model import Text
from liangming.storage import open_docket

ADDED = dict.fromkeys(ADDITIONS, "没有")


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with world(tmp_path, scene(), face_scene()) as house:
        made = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        yield Desk(house, made)


async def ids_of(desk: Desk, *kinds: Kind) -> set[str]:
    return {duty.id for duty in await board(desk.desk, operator="demo") if duty.kind in kinds}


def answered(answer: Answer = Answer.COMPLIANT, **changed: Answer) -> dict[str, tuple[str, str]]:
    return {item.id: (changed.get(item.id.replace("-", "_"), answer).value, "") for item in ITEMS}


async def test_the_register_says_what_the_scenes_are_and_two_sign_it(desk: Desk):
    sheet = await processing.draft(desk.desk, "demo", ADDED, by="officer-a")
    entries = {entry["scene"]: entry for entry in sheet.body["known"]["entries"]}
    face = entries["demo.face"]
    assert face["grounds"] == ["statutory-duty", "separate-consent"]
    assert (face["sensitive"], face["devices"]) == (True, 1)
    assert face["notices"] == ["parcel-send@1", "face@1"]
    assert {"field": "face", "days": 0, "article": "face.8"} in face["kept"]
    told = {"kind": processing.KIND, "operator": "demo"}
    same = signed.sign(desk.desk, sheet.id, by="officer-a", **told)
    assert await code_of(same) == "governance.sheet-same-hands"
    other = signed.sign(desk.desk, sheet.id, kind=processing.KIND, operator="else", by="officer-b")
    assert await code_of(other) == "governance.sheet-unknown"
    await signed.sign(desk.desk, sheet.id, by="officer-b", **told)
    again = signed.sign(desk.desk, sheet.id, by="officer-c", **told)
    assert await code_of(again) == "governance.sheet-unknown"
    assert await desk.tags(sheet.id) == ["governance:sheet:put-forward", "governance:sheet:signed"]


async def test_the_officer_adds_every_item_or_nothing_is_put_forward(desk: Desk):
    for bad in ({**ADDED, "abroad": "  "}, {**ADDED, "abroad": "x" * 601}, {}):
        call = processing.draft(desk.desk, "demo", bad, by="officer-a")
        assert await code_of(call) == "governance.addition-unfit"
    first = await processing.draft(desk.desk, "demo", ADDED, by="officer-a")
    second = await processing.draft(desk.desk, "demo", ADDED, by="officer-a")
    found = await signed.sheets(desk.desk, processing.KIND, "demo")
    assert [sheet.id for sheet in found] == [second.id]
    assert first.digest == second.digest


async def test_the_board_wants_a_first_register_one_each_year_and_one_when_scenes_moved_on(
    desk: Desk,
):
    async def mine() -> tuple[date, str]:
        found = await board(desk.desk, operator="demo")
        (duty,) = [d for d in found if d.kind is Kind.REGISTER]
        return duty.day, duty.title.zh

    assert await mine() == (date(2026, 12, 24), "处理情况记录：签第一份")
    sheet = await processing.draft(desk.desk, "demo", ADDED, by="officer-a")
    await signed.sign(desk.desk, sheet.id, kind=processing.KIND, operator="demo", by="officer-b")
    assert await mine() == (date(2027, 11, 24), "处理情况记录：每年看一次")
    scenes = desk.house.premises.scenes
    scenes["demo.counter"] = replace(scenes["demo.counter"], purpose=Text("另一目的", "Another"))
    assert (await mine())[1] == "处理情况记录：场景或合同变了，重新签"
    desk.house.clock.move(timedelta(minutes=1))
    again = await processing.draft(desk.desk, "demo", ADDED, by="officer-a")
    await signed.sign(desk.desk, again.id, kind=processing.KIND, operator="demo", by="officer-b")
    assert (await mine())[1] == "处理情况记录：每年看一次"
    party = await parties.propose(desk.desk, "demo", TERMS, "officer-a")
    assert (await mine())[1] == "处理情况记录：每年看一次"  # nobody agreed to it yet
    await parties.agree(desk.desk, party.id, "officer-b")
    assert (await mine())[1] == "处理情况记录：场景或合同变了，重新签"


async def test_the_register_lists_the_contracts_that_stand_and_only_these(desk: Desk):
    async def listed() -> list[str]:
        return [each["contract"] for each in (await processing.known(desk.desk, "demo"))["parties"]]

    assert await listed() == []
    party = await parties.propose(desk.desk, "demo", TERMS, "officer-a")
    await parties.agree(desk.desk, party.id, "officer-b")
    assert await listed() == ["HT-2026-7"]
    sheet = await processing.draft(desk.desk, "demo", ADDED, by="officer-a")
    cells = str(processing.paper(sheet, "zh").parts)
    assert all(word in cells for word in ("某核验服务公司", "HT-2026-7", "PIA-PAPER-9", "受托处理"))
    assert (await processing.known(desk.desk, "another"))["parties"] == []
    desk.house.clock.set(datetime(2027, 2, 28, 16, tzinfo=UTC))
    assert await listed() == []  # the contract's last day is over, ended or not


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_an_item_rests_on_an_article_and_says_everything_twice(item: selfcheck.Item):
    assert CORPUS.articles[item.article].grade in {Grade.A, Grade.B}
    assert all((item.title.zh, item.title.en, item.ask.zh, item.ask.en))


def test_small_processors_answer_nineteen_items():
    assert len(items_for(small=True)) == 19
    assert len(items_for(small=False)) == 26
    assert CORPUS.articles["small.audit-table"].grade is Grade.B


async def test_nobody_calls_compliant_what_the_system_sees_otherwise(desk: Desk):
    duties = await board(desk.desk, operator="demo")
    seen = selfcheck.look(desk.desk.premises, "demo", duties, desk.house.clock.now())
    assert seen["rules"].answer is Answer.NOT_COMPLIANT  # nothing was approved by two yet
    assert seen["deletion"].answer is Answer.COMPLIANT
    put = {"small": True, "by": "officer-a"}
    call = selfcheck.put_forward(desk.desk, "demo", duties, answered(), **put)
    assert await code_of(call) == "governance.item-seen-otherwise"
    call = selfcheck.put_forward(
        desk.desk, "demo", duties, answered(rules=Answer.NOT_APPLICABLE), **put
    )
    assert await code_of(call) == "governance.item-unanswered"
    call = selfcheck.put_forward(desk.desk, "demo", duties, {}, **put)
    assert await code_of(call) == "governance.item-unanswered"
    sheet = await selfcheck.put_forward(
        desk.desk, "demo", duties, answered(rules=Answer.NOT_COMPLIANT), **put
    )
    (rules,) = [line for line in sheet.body["lines"] if line["item"] == "rules"]
    assert (rules["answer"], rules["live"]) == ("not-compliant", "not-compliant")


async def test_late_duties_make_items_not_compliant(desk: Desk):
    desk.house.clock.set(datetime(2027, 1, 5, tzinfo=UTC))
    duties = await board(desk.desk, operator="demo")
    seen = selfcheck.look(desk.desk.premises, "demo", duties, desk.house.clock.now())
    for name in ("management", "technical"):
        assert seen[name].answer is Answer.NOT_COMPLIANT, name
    for task in ("restore-drill", "close-backups"):
        await done(desk.desk.premises, desk.desk.docket, task, actor="operations")
    duties = await board(desk.desk, operator="demo")
    seen = selfcheck.look(desk.desk.premises, "demo", duties, desk.house.clock.now())
    assert seen["technical"].answer is Answer.COMPLIANT


async def test_a_contract_that_ended_speaks_against_entrusting_and_a_quiet_board_does_not_tick_it(
    desk: Desk,
):
    party = await parties.propose(desk.desk, "demo", TERMS, "officer-a")
    await parties.agree(desk.desk, party.id, "officer-b")
    found = []
    for moment in (datetime(2027, 2, 28, 15, tzinfo=UTC), datetime(2027, 2, 28, 16, tzinfo=UTC)):
        desk.house.clock.set(moment)
        duties = await board(desk.desk, operator="demo")
        seen = selfcheck.look(desk.desk.premises, "demo", duties, moment)
        found.append(seen["entrusting"].answer)
    assert found == [None, Answer.NOT_COMPLIANT]


async def test_two_sign_the_self_check_and_the_next_is_due_from_then_on(desk: Desk):
    for family in ("face", "parcel-send"):
        state = await notices.draft_release(
            desk.desk, operator="demo", family=family, change=Change.FIRST,
            since=china_date(NOON) + timedelta(days=1), by="officer-a",
        )  # fmt: skip
        await notices.approve(desk.desk, state.id, by="officer-b")
    duties = await board(desk.desk, operator="demo")
    bad = answered(entrusting=Answer.NOT_COMPLIANT)
    sheet = await selfcheck.put_forward(desk.desk, "demo", duties, bad, small=False, by="officer-a")
    assert await ids_of(desk, Kind.SELF_CHECK) == {"self-check/demo"}
    same = selfcheck.sign(desk.desk, sheet.id, operator="demo", by="officer-a")
    assert await code_of(same) == "governance.sheet-same-hands"
    await selfcheck.sign(desk.desk, sheet.id, operator="demo", by="officer-b")
    task = TASKS["compliance-audit"]
    due = await due_of(desk.desk.premises, desk.desk.docket, task)
    assert china_date(due - timedelta(hours=1)) == date(2028, 11, 24)
    assert await ids_of(desk, Kind.SELF_CHECK) == {"self-check/demo"}  # one item to put right
    desk.house.clock.move(timedelta(minutes=1))
    duties = await board(desk.desk, operator="demo")
    good = await selfcheck.put_forward(
        desk.desk, "demo", duties, answered(), small=False, by="officer-b"
    )
    await selfcheck.sign(desk.desk, good.id, operator="demo", by="officer-a")
    assert await ids_of(desk, Kind.SELF_CHECK) == set()


async def test_register_and_self_check_are_papers_in_both_languages(desk: Desk):
    pytest.importorskip("typst")
    sheet = await processing.draft(desk.desk, "demo", ADDED, by="officer-a")
    duties = await board(desk.desk, operator="demo")
    check = await selfcheck.put_forward(
        desk.desk, "demo", duties, answered(rules=Answer.NOT_COMPLIANT), small=True, by="officer-a"
    )
    for paper in (
        processing.paper(sheet, "zh"),
        processing.paper(sheet, "en"),
        check_paper(check, "zh"),
        check_paper(check, "en"),
    ):
        assert pdf(paper).startswith(b"%PDF-1.7")
        assert pdf(paper) == pdf(paper)


async def counted(desk: Desk, persons: int) -> RightsDesk:
    """The same desk, where so many are registered."""

    class Many:
        def __getattr__(self, name: str) -> object:
            return getattr(desk.house.premises.store, name)

        async def counts(self) -> dict[str, int]:
            return {"persons": persons}

    return replace(desk.desk, premises=replace(desk.desk.premises, store=Many()))


async def test_a_threshold_is_reached_once_and_its_clock_runs_until_it_is_answered(desk: Desk):
    below = await counted(desk, 999_999)
    assert await thresholds.note(below) == []
    at = await counted(desk, 1_000_000)
    assert await thresholds.note(at) == ["officer"]
    assert await thresholds.note(at) == []
    persons, standing = await thresholds.look(at)
    reached = {each.threshold: each.reached for each in standing}
    assert (persons, reached) == (1_000_000, {"small": True, "officer": True, "audit": False})
    (duty,) = [d for d in await board(desk.desk) if d.kind is Kind.THRESHOLD]
    assert (duty.due, duty.article) == (
        deadline(officer_filing_working_days, NOON).at,
        "auditing.12",
    )
    for bad in ("中文", ""):
        call = thresholds.answer(at, "officer", by="officer-a", sent=went(at, bad))
        assert await code_of(call) == "governance.sent-unfit"
    sent = went(at, "CAC-2026-1", proof="a" * 64)
    done_ = await thresholds.answer(at, "officer", by="officer-a", sent=sent)
    assert done_.sent == sent
    assert done_.reference == "CAC-2026-1"
    assert [d for d in await board(desk.desk) if d.kind is Kind.THRESHOLD] == []
    call = thresholds.answer(at, "audit", by="officer-a", sent=went(at, "X-1"))
    assert await code_of(call) == "governance.threshold-not-reached"


async def test_a_house_with_many_people_does_not_answer_the_small_list(desk: Desk):
    many = await counted(desk, 100_000)
    call = selfcheck.put_forward(many, "demo", [], answered(), small=True, by="officer-a")
    assert await code_of(call) == "governance.self-check-not-small"


@given(
    st.integers(0, 5 * 366).map(lambda n: datetime(2025, 8, 1, 4, tzinfo=UTC) + timedelta(days=n))
)
def test_an_officer_is_reported_on_a_working_day_at_the_latest(at: datetime):
    due = deadline(officer_filing_working_days, at)
    assert is_working_day(due.day)
    between = (
        china_date(at) + timedelta(days=n + 1) for n in range((due.day - china_date(at)).days)
    )
    assert sum(map(is_working_day, between)) == 30
