"""Devices whose clocks are off, for bench/rude.py: days behind, days ahead, and one that leaps.

They send what they sign as any device does: some new events, the last ones once more, and one that
somebody moved to another time on its way. Whatever their clocks say, each line has one right answer.
"""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liangming import access
from liangming.device import enrol
from liangming.ledger.device import key_text, sign_event
from liangming.storage import open_docket

if TYPE_CHECKING:
    from liangming.check import Premises

MINUTE, DAY = 60.0, 86_400.0
OFF: Final = (
    -3 * DAY,
    -DAY,
    -7 * MINUTE,
    0.0,
    7 * MINUTE,
    DAY,
    3 * DAY,
)  # seconds; then one that leaps
MANY: Final = 24
NEW: Final[tuple[tuple[str, dict[str, bool | int | str]], ...]] = (  # of a call, not sent before
    ("device:camera:counted", {"frames": 0, "captures": 0}),
    (
        "device:health:reported",
        {"disk": "enough", "clock": "kept", "camera": "none", "reader": "none", "waiting": 0},
    ),
)


def key_of(number: int) -> Ed25519PrivateKey:
    seed = hashlib.sha256(b"a device of the bench %d" % number).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


async def enrolled(inside: Premises, operator: str, scene: str) -> dict[str, object]:
    """Enrol them, with an API key; what a bench needs to speak as they do."""
    docket = open_docket(inside.store)
    ids = []
    for number in range(MANY):
        key = key_text(key_of(number).public_key())
        name = f"bench {number}"
        device = await enrol(inside, docket, name=name, scene=scene, key=key, actor="bench")
        ids.append(device.id)
    token = await access.create(
        inside, name="bench devices", operator=operator, scopes=["device-events"]
    )
    return {"token": token, "ids": ids}


class Skewed:
    """One of them: what it sends, and whether it was told right.

    Args:
        number: which.
        device: its id.
    """

    def __init__(self, number: int, device: str) -> None:
        self.number, self.device = number, device
        self.key = key_of(number)
        self.seq = time.time_ns() // 100_000_000 & 0x7FFF_FFFF  # beyond what earlier runs used
        self.last: list[bytes] = []

    def off(self) -> float:
        """How far its clock is off at this moment, in seconds."""
        turn = self.number % (len(OFF) + 1)
        return OFF[turn] if turn < len(OFF) else DAY * (self.seq % 7 - 3)

    def call(self) -> tuple[bytes, list[tuple[int, str]]]:
        """The lines of the next call, and what each must be told: status, and outcome or code."""
        new = []
        for tag, facts in NEW:
            event = sign_event(
                self.key,
                device=self.device,
                seq=self.seq,
                at=time.time_ns() // 1_000 + int(self.off() * 1e6),
                tag=tag,
                facts=facts,
            )
            new.append(event.encode())
            self.seq += 1
        at = json.loads(new[0])["at"]
        moved = new[0].replace(b'"at":%d' % at, b'"at":%d' % (at + 1))
        lines = [*self.last, moved, *new]
        told = [(200, "repeated")] * len(self.last)
        told += [(422, "ledger.device-event-signature"), *[(201, "taken")] * len(NEW)]
        self.last = new
        return b"\n".join(lines), told


def wrongly(answer: bytes, wanted: list[tuple[int, str]]) -> int:
    """How many lines were not told what they must be told."""
    rows: list[dict[str, Any]] = [json.loads(row) for row in answer.splitlines() if row]
    told = [
        (row["status"], row.get("outcome") or row.get("problem", {}).get("code")) for row in rows
    ]
    right = sum(one == other for one, other in zip(told, wanted, strict=False))
    return max(len(told), len(wanted)) - right
