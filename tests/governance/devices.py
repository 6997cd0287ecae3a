"""A device that keeps templates and says of how many persons."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.rights.people import Desk

from liangming.clock import micros
from liangming.device import enrol, take
from liangming.device.events import FACES_COUNTED
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
        event = sign_event(
            self.key,
            device=self.id,
            seq=self.seq,
            at=micros(self.desk.house.clock.now()),
            tag=FACES_COUNTED.tag,
            facts={"persons": persons},
        )
        self.seq += 1
        return event.encode()

    async def says(self, *persons: object) -> None:
        lines = [self.line(each) for each in persons]
        done = await take(self.desk.house.premises, self.desk.desk.docket, "demo", lines)
        assert all(getattr(each, "outcome", None) == "taken" for each in done), done
