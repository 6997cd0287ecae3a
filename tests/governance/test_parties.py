"""Nobody processes for the operator without contract, assessment and two accounts; and only so long."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from tests.governance.officers import FIRST, SECOND, approved
from tests.rights.people import Desk, code_of

from liangming.check import Opening, open_check, present
from liangming.check.journey import choose, show_notice
from liangming.clock import from_micros
from liangming.governance import Kind, board
from liangming.governance.assessment import withdraw
from liangming.governance.parties import Role, Stage, Terms, agree, end, listed, propose
from liangming.governance.parties.steps import held
from liangming.law.words import Method
from liangming.method import CredentialShown

TERMS = Terms(
    code="verify-co",
    name="某核验服务公司",
    contact="privacy@verify.example",
    role=Role.PROCESSOR,
    purpose="核对网络身份凭证",
    way="加密接口，只返回是或否",
    fields=("document",),
    measures="加密传输，不留存",
    contract="HT-2026-7",
    assessment="PIA-PAPER-9",
    since=date(2026, 11, 24),
    until=date(2027, 2, 28),
)


async def withheld(desk: Desk) -> dict[Method, str]:
    state = await open_check(desk.house.premises, Opening(scene="demo.counter"))
    return {each.method: each.why for each in state.about.withheld}


async def test_a_provider_of_somebody_else_is_open_only_while_its_contract_stands(desk: Desk):
    way = Method.NETWORK_CREDENTIAL
    assert way not in await withheld(desk)
    desk.house.premises.sources.entrusted["credential"] = "verify-co"
    desk.house.premises.ways.clear()
    assert (await withheld(desk))[way] == "provider-without-contract"
    party = await propose(desk.desk, "demo", TERMS, FIRST)
    assert way in await withheld(desk)
    assert await code_of(agree(desk.desk, party.id, FIRST)) == "governance.second-person"
    await agree(desk.desk, party.id, SECOND)
    assert way not in await withheld(desk)
    for moment, there in (
        (datetime(2027, 2, 28, 15, 59, tzinfo=UTC), True),
        (datetime(2027, 2, 28, 16, 0, tzinfo=UTC), False),
    ):
        desk.house.clock.set(moment)
        assert (way not in await withheld(desk)) is there


async def test_an_ended_contract_is_as_a_source_that_is_down_even_in_a_check_under_way(desk: Desk):
    premises = desk.house.premises
    premises.sources.entrusted["credential"] = "verify-co"
    party = await propose(desk.desk, "demo", TERMS, FIRST)
    await agree(desk.desk, party.id, SECOND)
    check = (await open_check(premises, Opening(scene="demo.counter"))).about.id
    await show_notice(premises, check)
    await choose(premises, check, Method.NETWORK_CREDENTIAL)
    ended = await end(desk.desk, party.id, "deleted", FIRST)
    assert ended.stage is Stage.ENDED
    state = await present(premises, check, CredentialShown(presentation="x" * 40))
    assert type(state).__name__ == "Undetermined"
    row, _ = await held(desk.desk, party.id)
    assert from_micros(row.keep_until or 0).date() == date(2029, 11, 24)
    tags = await desk.tags(party.id)
    assert tags == [f"governance:party:{t}" for t in ("proposed", "agreed", "ended")]


async def test_an_assessment_of_ours_must_be_approved_first(desk: Desk):
    study = await approved(desk.desk)
    ours = msgspec.structs.replace(TERMS, assessment=study.about.id)
    await propose(desk.desk, "demo", ours, FIRST)
    await withdraw(desk.desk, study.about.id, SECOND)
    late = propose(desk.desk, "demo", ours, FIRST)
    assert await code_of(late) == "governance.party-assess-first"


@pytest.mark.parametrize(
    "change",
    [
        {"code": "Verify"},
        {"name": ""},
        {"contract": "合同"},
        {"until": date(2026, 11, 23)},
        {"fields": ("face-image",)},
        {"fields": ()},
    ],
)
async def test_an_entry_with_a_gap_is_refused(desk: Desk, change: dict[str, object]):
    terms = msgspec.structs.replace(TERMS, **change)
    assert await code_of(propose(desk.desk, "demo", terms, FIRST)) == "governance.party-unfit"


async def test_the_board_shows_a_contract_before_it_ends_and_no_longer_once_data_are_gone(
    desk: Desk,
):
    party = await propose(desk.desk, "demo", TERMS, FIRST)
    await agree(desk.desk, party.id, SECOND)
    (duty,) = [d for d in await board(desk.desk) if d.kind is Kind.PARTY]
    assert duty.day == date(2027, 2, 28)
    assert [each.terms.code for each in await listed(desk.desk, "demo")] == ["verify-co"]
    assert await listed(desk.desk, "another") == []
    await end(desk.desk, party.id, "returned", FIRST)
    assert [d for d in await board(desk.desk) if d.kind is Kind.PARTY] == []
    assert await code_of(end(desk.desk, party.id, "returned", FIRST)) == "governance.party-not-now"
