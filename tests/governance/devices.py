"""A device that keeps templates and says of how many persons."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.rights.people import Desk

from liangming.clock import micros
from liangming.device import enrol, take
from liangming.device.events import FACES_COUNTED, HEALTH
from liangming.ledger.device import sign_event


class Locker:
    """A device that counts."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.key, self.seq, self.id = desk, Ed25519PrivateKey.generate(), 0, ""

    async def enrolled(self) -> Locker:
        public = base64.b64encode(self.key.public_key().public_bytes_raw()).decode()
        house = self.desk.house.premises
        self.id = (
            await enrol(
                house, self.desk.desk.docket, name="柜", scene="demo.face", key=public, actor="ops"
            )
        ).id
        return self

    def line(self, persons: object) -> bytes:
        return self.signed(FACES_COUNTED.tag, {"persons": persons})

    def health(self, templates: int) -> bytes:
        """How the machine is, as the agent says it each hour."""
        well = dict.fromkeys(("disk", "clock", "camera", "reader", "face"), True)
        return self.signed(HEALTH.tag, {**well, "waiting": 0, "templates": templates})

    def signed(self, tag: str, facts: dict) -> bytes:
        event = sign_event(
            self.key,
            device=self.id,
            seq=self.seq,
            at=micros(self.desk.house.clock.now()),
            tag=tag,
            facts=facts,
        )
        self.seq += 1
        return event.encode()

    async def says(self, *persons: object) -> None:
        await self.sends(*(self.line(each) for each in persons))

    async def sends(self, *lines: bytes) -> None:
        done = await take(self.desk.house.premises, self.desk.desk.docket, "demo", list(lines))
        assert all(getattr(each, "outcome", None) == "taken" for each in done), done
