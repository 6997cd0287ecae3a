"""A look that the house wants approved: by another account, for one case, once, within hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.rights.people import Desk, code_of
from tests.world import numbers

from liangming.assembly import Settings
from liangming.errors import Misuse
from liangming.governance import Kind, board
from liangming.rights import RightsDesk, looks
from liangming.rights.looks import Look, decide, lapse, listed, needs, read_setting, request
from liangming.rights.retain import retain
from liangming.rights.search import Asked, By, Found, search
from liangming.rights.words import Right
from liangming.vault import Purpose

WHY = "核对投诉所说的收件人"


def house(desk: Desk, *approvals: str) -> RightsDesk:
    return replace(desk.desk, approvals=frozenset(approvals or {"*:whole"}))


def asked(check: str, *, whole: bool = True, case: str = "CASE-7", actor: str = "one") -> Asked:
    return Asked(
        by=By.CHECK, text=check, purpose=Purpose.DISPUTE, case=case, actor=actor,
        operator="demo", whole=whole,
    )  # fmt: skip


async def wanted(there: RightsDesk, check: str, *, actor: str = "one", why: str = WHY) -> Look:
    return await request(
        there,
        looks.Asked(
            operator="demo", check=check, purpose=Purpose.DISPUTE, case="CASE-7", reason=why,
            whole=True, actor=actor,
        ),
    )  # fmt: skip


async def found(there: RightsDesk, what: Asked) -> Found:
    answer = await search(there, what)
    assert answer is not None
    return answer


async def agreed(there: RightsDesk, look: Look, actor: str = "two") -> Look:
    return await decide(there, look.id, agreed=True, actor=actor, operator="demo")


async def test_without_approval_nothing_is_opened_and_with_it_once(desk: Desk):
    check, _ = await desk.passed()
    there = house(desk)
    masked = await found(there, asked(check, whole=False))
    assert (masked.shut, masked.fields["name"], masked.looks) == (False, "演**", 1)
    shut = await found(there, asked(check))
    assert (shut.shut, shut.fields, shut.looks) == (True, {}, 1)  # searched for, not looked at
    look = await wanted(there, check)
    assert (await found(there, asked(check))).shut
    await agreed(there, look)
    seen = await found(there, asked(check))
    assert (seen.shut, seen.fields["name"], seen.looks) == (False, "演示甲", 2)
    assert (await found(there, asked(check))).shut  # it was for one look
    assert await desk.tags(look.id) == [f"rights:look:{t}" for t in ("asked", "decided", "used")]


async def test_an_approval_serves_its_account_case_purpose_and_record_alone(desk: Desk):
    check, _ = await desk.passed()
    there = house(desk)
    await agreed(there, await wanted(there, check))
    for other in (asked(check, actor="three"), asked(check, case="CASE-8")):
        assert (await found(there, other)).shut
    elsewhere, _ = await desk.passed(*numbers(1))
    assert (await found(there, asked(elsewhere))).shut
    assert not (await found(there, asked(check))).shut


async def test_nobody_agrees_to_their_own_look_nor_to_anothers_operator(desk: Desk):
    check, _ = await desk.passed()
    there = house(desk)
    look = await wanted(there, check)
    assert await code_of(agreed(there, look, "one")) == "rights.look-same-hands"
    other = decide(there, look.id, agreed=True, actor="two", operator="else")
    assert await code_of(other) == "rights.look-unknown"
    assert await wanted(there, check) == look  # asked twice it is one
    await decide(there, look.id, agreed=False, actor="two", operator="demo")
    assert (await found(there, asked(check))).shut
    assert await code_of(agreed(there, look)) == "rights.look-unknown"
    assert (await wanted(there, check)).id != look.id


@pytest.mark.parametrize("why", ["", "看看", "x" * 121, "电话 13800000000 的人"])
async def test_a_reason_says_why_without_numbers(desk: Desk, why: str):
    check, _ = await desk.passed()
    code = await code_of(wanted(house(desk), check, why=why))
    assert code in {"rights.look-reason-unfit", "vault.reason-personal"}
    assert await listed(desk.desk, "demo", 10) == []


@pytest.mark.parametrize("approved", [False, True])
async def test_what_nobody_decides_on_or_uses_in_time_lapses(desk: Desk, approved: bool):
    check, _ = await desk.passed()
    there = house(desk)
    look = await wanted(there, check)
    assert [d.id for d in await board(there) if d.kind is Kind.LOOK] == [look.id]
    if approved:
        look = await agreed(there, look)
        assert [d.id for d in await board(there) if d.kind is Kind.LOOK] == []
    span = looks.TO_USE if approved else looks.TO_DECIDE
    desk.house.clock.set(look.until - timedelta(seconds=1))
    assert await lapse(there) == 0
    assert look.until == (look.decided_at or look.at) + span
    desk.house.clock.set(look.until)
    assert (await found(there, asked(check))).shut
    assert await code_of(agreed(there, look)) == "rights.look-unknown"
    assert await lapse(there) == 1
    (over,) = await listed(there, "demo", 10)
    assert over.state == looks.LAPSED
    assert (await desk.tags(look.id))[-1] == "rights:look:lapsed"
    assert [d for d in await board(there) if d.kind is Kind.LOOK] == []
    desk.house.clock.move(looks.KEPT)
    await retain(there)
    assert await listed(there, "demo", 10) == []


async def test_an_erasure_closes_what_looks_said_as_it_closes_the_rest(desk: Desk):
    check, _ = await desk.passed()
    there = house(desk)
    look = await wanted(there, check)
    await desk.ask(check, Right.ERASE)
    await agreed(there, look)
    seen = await found(there, asked(check))
    assert (seen.shut, seen.fields) == (False, {})  # nothing is registered any more
    assert len(await desk.tags(look.id, closed=1)) == 2


def test_the_setting_names_purposes_and_refuses_anything_else():
    assert read_setting("none") == frozenset()
    setting = read_setting("statutory-report, dispute:whole")
    assert needs(setting, Purpose.STATUTORY_REPORT, whole=False)
    assert needs(setting, Purpose.DISPUTE, whole=True)
    assert not needs(setting, Purpose.DISPUTE, whole=False)
    assert not needs(setting, Purpose.INSPECTION, whole=True)
    assert needs(read_setting("*"), Purpose.INSPECTION, whole=False)
    assert Settings.read({}).look_approval == frozenset({"*:whole"})
    assert Settings.read({"LIANGMING_LOOK_APPROVAL": "none"}).look_approval == frozenset()
    for wrong in ("everything", "none,dispute", "dispute:half"):
        with pytest.raises(Misuse) as caught:
            Settings.read({"LIANGMING_LOOK_APPROVAL": wrong})
        assert caught.value.field == "LIANGMING_LOOK_APPROVAL"
