"""Thresholds, self-check, contracts, filings, looks and withdrawals, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.governance.devices import Locker
from tests.governance.officers import FIRST, SECOND, approved, ended, scoped, went
from tests.governance.test_parties import TERMS
from tests.rights.people import Desk
from tests.world import face_scene, scene, world

from liangming.docket import deadline
from liangming.governance import Kind, board, faces, parties, periodic, selfcheck, thresholds
from liangming.governance.selfcheck.items import Answer, items_for
from liangming.law.values import officer_filing_working_days, officer_persons
from liangming.rights import Asking, RightsDesk, ask, looks
from liangming.rights.commands import acknowledge, acknowledgement
from liangming.rights.retain import retain
from liangming.rights.search import Asked, By, search
from liangming.rights.stopping import stopped
from liangming.rights.words import Right
from liangming.storage import open_docket
from liangming.vault import Purpose


async def test_every_other_duty_goes_its_way(url: str, tmp_path: Path):
    async with world(tmp_path, scene(), face_scene(), url=url) as house:
        desk = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        told = Desk(house, desk)
        check, _ = await told.passed()
        await the_threshold(desk)
        await the_self_check(desk)
        await the_contract(told)
        await the_filing(told)
        await the_look(told, check)
        await the_withdrawal(told)
        await approved(desk)
        incident = await scoped(desk)
        assert (await ended(desk, incident.id)).handled_at is not None
        found = await board(desk)
        assert {d.kind for d in found} & {Kind.THRESHOLD, Kind.FILING, Kind.INCIDENT} == set()
        house.clock.move(timedelta(days=8 * 366))
        await retain(desk)
        for kind in ("party", "incident", "look", "right", "withdrawal", "command"):
            assert await desk.docket.count(kind) == 0, kind


async def the_threshold(desk: RightsDesk) -> None:
    store = desk.premises.store

    class Many:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        async def counts(self) -> dict[str, int]:
            return {"persons": officer_persons.values[-1].value}

    many = replace(desk, premises=replace(desk.premises, store=Many()))
    assert (await thresholds.note(many), await thresholds.note(many)) == (["officer"], [])
    assert await thresholds.note(desk) == []
    (duty,) = [d for d in await board(desk) if d.kind is Kind.THRESHOLD]
    assert duty.due == deadline(officer_filing_working_days, desk.premises.clock.now()).at
    sent = went(desk, "CAC-1", proof="a" * 64)
    await thresholds.answer(desk, "officer", by=FIRST, sent=sent)
    _, standing = await thresholds.look(desk)
    (crossing,) = [each.crossing for each in standing if each.crossing is not None]
    assert crossing.sent == sent


async def the_self_check(desk: RightsDesk) -> None:
    duties = await board(desk, operator="demo")
    seen = selfcheck.look(desk.premises, "demo", duties, desk.premises.clock.now())
    answers = {
        item.id: ((seen[item.id].answer if item.id in seen else None) or Answer.COMPLIANT, "")
        for item in items_for(small=True)
    }
    sheet = await selfcheck.put_forward(desk, "demo", duties, answers, small=True, by=FIRST)
    await selfcheck.sign(desk, sheet.id, operator="demo", by=SECOND)
    assert sheet.body["persons"] == (await desk.premises.store.counts())["persons"] == 1
    due = await periodic.due_of(desk.premises, desk.docket, periodic.TASKS["compliance-audit"])
    assert due.year == desk.premises.clock.now().year + 2
    assert [d.id for d in await board(desk) if d.kind is Kind.SELF_CHECK] == ["self-check/demo"]


async def the_contract(told: Desk) -> None:
    desk = told.desk
    party = await parties.propose(desk, "demo", TERMS, FIRST)
    await parties.agree(desk, party.id, SECOND)
    assert [each.id for each in await parties.listed(desk, "demo")] == [party.id]
    await parties.end(desk, party.id, "deleted", FIRST)
    assert len(await told.tags(party.id)) == 3


async def the_filing(told: Desk) -> None:
    locker = await Locker(told).enrolled()
    await locker.sends(locker.health(99_999))
    assert await faces.watch(told.desk) == []
    await locker.says(100_000)
    assert await faces.watch(told.desk) == ["demo"]
    filed = await faces.file(told.desk, "demo", went(told.desk, "BA-1"), FIRST)
    assert len(await told.tags(filed.id)) == 2


async def the_look(told: Desk, check: str) -> None:
    desk = replace(told.desk, approvals=frozenset({"*:whole"}))
    asked = Asked(
        by=By.CHECK, text=check, purpose=Purpose.DISPUTE, case="CASE-1", actor="one",
        operator="demo", whole=True,
    )  # fmt: skip
    wanted = looks.Asked(
        operator="demo", check=check, purpose=Purpose.DISPUTE, case="CASE-1",
        reason="核对投诉", whole=True, actor="one",
    )  # fmt: skip
    look = await looks.request(desk, wanted)
    seen = []
    for _ in range(3):
        found = await search(desk, asked)
        assert found is not None
        seen.append(found.shut)
        if found.shut and len(seen) == 1:
            await looks.decide(desk, look.id, agreed=True, actor="two", operator="demo")
    assert seen == [True, False, True]
    assert len(await told.tags(look.id)) == 3


async def the_withdrawal(told: Desk) -> None:
    check = await told.by_face()
    await ask(told.desk, Asking(check=check, right=Right.WITHDRAW))
    consent = (await told.house.verify(check)).journey.consent
    assert consent is not None
    found = await stopped(told.desk, consent.id)
    assert found is not None
    told.house.clock.move(timedelta(milliseconds=1500))
    (command,) = found.commands
    said = acknowledgement(command.id, "dev-1")
    await acknowledge(told.desk, command.id, told.house.device_key.sign(said).hex())
    done = await stopped(told.desk, consent.id)
    assert done is not None
    assert (done.milliseconds, done.waiting) == (1500, 0)
