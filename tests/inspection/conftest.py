"""A house under inspection: checks of two outlets and two months, a mandate, two approvers."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest_asyncio
from tests.world import World, card, face_scene, numbers, scene, world

from liangming.check import Opening, open_check, present
from liangming.check.integrate import Integrator
from liangming.check.journey import choose, decline, show_notice
from liangming.check.log_key import log_key
from liangming.check.premises import Premises, Record
from liangming.inspection import (
    Approver,
    FourEyes,
    Inspected,
    Mandate,
    Plan,
    Role,
    approved,
    commitment,
    make_packet,
    new_approver,
    plan_packet,
    register,
)
from liangming.inspection.mandate import Listed
from liangming.law.words import Method
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust
from liangming.scene.model import Outlet, Text
from liangming.storage import open_docket

ORIGIN = "log.example/demo"
SECRET = hashlib.sha256(b"an inspector's secret").digest()
SECOND = Outlet(id="demo-002", name=Text("第二网点", "Second outlet"), province="110000")


@dataclass
class Visit:
    """Everything around one inspection."""

    world: World
    house: Inspected
    trust: Trust
    carrier: Integrator
    people: tuple[Approver, ...]
    numbers: list[str] = field(default_factory=lambda: numbers(60))

    @property
    def premises(self) -> Premises:
        return self.house.premises

    def mandate(self, **changes: object) -> Mandate:
        """A mandate over the first outlet in November."""
        plain = Mandate(
            authority="110000-post",
            case="2026-0117",
            operator="demo",
            outlets=("demo-001",),
            since_day=date(2026, 11, 1),
            until_day=date(2026, 11, 30),
            purpose="实名收寄执行情况",
            basis=("courier.23", "face.10"),
            sample=4,
            secret=commitment(SECRET),
            approvers=tuple(
                Listed(each.person, each.role, each.key.verifying.encode()) for each in self.people
            ),
        )
        return msgspec.structs.replace(plain, **changes)

    async def carry(self) -> None:
        """Everything committed enters the log."""
        while await self.carrier.round():
            pass

    async def passed(self, scene_id: str = "demo.counter") -> str:
        """A check that registered somebody new."""
        state = await open_check(self.premises, Opening(scene=scene_id))
        await show_notice(self.premises, state.about.id)
        await choose(self.premises, state.about.id, Method.DOCUMENT_SEEN)
        await present(self.premises, state.about.id, card(self.numbers.pop()))
        return state.about.id

    async def declined(self) -> str:
        """A face said no to; the check goes on."""
        state = await open_check(self.premises, Opening(scene="demo.face"))
        await show_notice(self.premises, state.about.id)
        await decline(self.premises, state.about.id, Method.FACE)
        return state.about.id

    async def planned(self, mandate: Mandate, *, more: bool = True) -> Plan:
        """Register a mandate, let the log go on, plan."""
        await register(self.house, mandate)
        if more:
            await self.passed()
        await self.carry()
        return await plan_packet(self.house, mandate, SECRET)

    def eyes(self, mandate: Mandate, plan: Plan) -> FourEyes:
        """Two people approve."""
        return approved(mandate, plan, tuple(p.approve(plan.digest) for p in self.people[:2]))

    async def packet(self, mandate: Mandate, to: Path) -> Plan:
        """All of it."""
        plan = await self.planned(mandate)
        await make_packet(self.house, mandate, self.eyes(mandate, plan), to)
        return plan


@pytest_asyncio.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    scenes = (scene(), face_scene(), scene("demo.second", outlet=SECOND))
    async with world(tmp_path, *scenes) as made:
        key = log_key(made.premises.keys.signing, ORIGIN)
        trust = Trust(ORIGIN, (key.verifying,))
        tiles, heads = FileTiles(tmp_path / "log"), SqliteHeads(tmp_path / "head.sqlite3")
        log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key])
        premises = replace(made.premises, record=Record(tiles, trust))
        one = Visit(
            made,
            Inspected(premises, open_docket(premises.store)),
            trust,
            Integrator(premises.store, log, made.clock, tiles=tiles),
            (
                new_approver("inspector-017", Role.AUTHORITY),
                new_approver("inspector-021", Role.AUTHORITY),
                new_approver("officer-001", Role.OPERATOR),
            ),
        )
        made.clock.move(-timedelta(days=40))  # October: out of scope
        await one.passed()
        made.clock.move(timedelta(days=40))
        for _ in range(6):
            await one.passed()
            await one.passed("demo.second")
        await one.declined()
        try:
            yield one
        finally:
            heads.close()
