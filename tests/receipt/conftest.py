"""A house with its log, and checks that ended in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest_asyncio
from tests.world import World, card, world

from liangming.check import Opening, Premises, open_check, present
from liangming.check.conclude import conclude
from liangming.check.confirmed import face_message
from liangming.check.integrate import Integrator
from liangming.check.journey import (
    choose,
    consent,
    decline,
    show_face_notice,
    show_notice,
    withdraw,
)
from liangming.check.log_key import log_key
from liangming.check.premises import Record
from liangming.law.words import Method
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust
from liangming.method import FaceReport, FaceShown

ORIGIN = "log.example/demo"


@dataclass
class House:
    """The world with a log; ``premises`` knows it."""

    world: World
    premises: Premises
    trust: Trust
    carrier: Integrator

    async def carry(self) -> None:
        """Everything committed enters the log."""
        while await self.carrier.round():
            pass

    async def passed(self, number: str = "990101199003071237") -> str:
        """A check that registered somebody."""
        state = await open_check(self.premises, Opening(scene="demo.counter"))
        await show_notice(self.premises, state.about.id)
        await choose(self.premises, state.about.id, Method.DOCUMENT_SEEN)
        await present(self.premises, state.about.id, card(number))
        return state.about.id

    async def face_then_withdrawn(self) -> str:
        """Consent to a face, then taken back."""
        state = await open_check(self.premises, Opening(scene="demo.face"))
        check = state.about.id
        await show_notice(self.premises, check)
        await choose(self.premises, check, Method.FACE)
        await show_face_notice(self.premises, check, device="dev-1")
        await consent(self.premises, check, device="dev-1", age=30)
        await withdraw(self.premises, check)
        return check

    async def face_shown(self, result: str, *, taken: int, kept: int) -> str:
        """A face looked at by the device, which signs what it did."""
        state = await open_check(self.premises, Opening(scene="demo.face"))
        check = state.about.id
        await show_notice(self.premises, check)
        await choose(self.premises, check, Method.FACE)
        await show_face_notice(self.premises, check, device="dev-1")
        consented = await consent(self.premises, check, device="dev-1", age=30)
        report = FaceReport(
            purpose="face-match",
            pad_level=2,
            layers=("sequence",),
            models=(),
            backend="test",
            agent="test",
            key_kept_in="software",
            at=0,
            tries=1,
            frames_taken=taken,
            frames_kept=kept,
        )
        message = face_message(check, consented.nonce, "dev-1", result, report)
        shown = FaceShown(
            device="dev-1",
            outcome=result,
            nonce=consented.nonce,
            signature=self.world.device_key.sign(message).hex(),
            document=card() if result == "match" else None,
            report=report,
        )
        await present(self.premises, check, shown)
        return check

    async def face_declined(self) -> str:
        """A face said no to, before any choice."""
        state = await open_check(self.premises, Opening(scene="demo.face"))
        await show_notice(self.premises, state.about.id)
        await decline(self.premises, state.about.id, Method.FACE)
        return state.about.id

    async def walked_away(self, check: str) -> None:
        """The person goes."""
        await conclude(self.premises, check, "walked-away")


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with world(tmp_path) as made:
        key = log_key(made.premises.keys.signing, ORIGIN)
        trust = Trust(ORIGIN, (key.verifying,))
        tiles, heads = FileTiles(tmp_path / "log"), SqliteHeads(tmp_path / "head.sqlite3")
        log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key])
        carrier = Integrator(made.premises.store, log, made.clock, tiles=tiles)
        premises = replace(made.premises, record=Record(tiles, trust))
        try:
            yield House(made, premises, trust, carrier)
        finally:
            heads.close()
