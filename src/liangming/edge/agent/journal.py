"""What happened at this machine: signed, numbered without a gap, each bound to the one before.

``docs/spec/device-journal.md``. An entry is on disk before the door opens. No entry names a person,
a code or a score.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liangming.clock import micros
from liangming.device import events  # what may be sent is declared there
from liangming.edge.agent.memory import Memory
from liangming.ledger.device import DeviceEvent, sign_event

CONTEXT: Final = b"liangming/device-journal/1\0"
FIRST: Final = "0" * 64
JUMP: Final = 120_000_000  # µs back by which a clock is called set back

Fact = str | int | bool | tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event of a device.

    Attributes:
        seq: 1, 2, 3 …
        before: SHA-256 of the entry before, in hexadecimal; zeros for the first.
    """

    device: str
    seq: int
    at: int  # µs, by the device's clock
    tag: str
    facts: dict[str, Fact]
    before: str


class Signed(msgspec.Struct, frozen=True):
    """An entry's bytes and the device's signature over them."""

    body: bytes
    signature: bytes

    @property
    def entry(self) -> Entry:
        """What it says."""
        return msgspec.json.decode(self.body, type=Entry)


class Journal:
    """Appends under one key; finds its own end again after a crash."""

    def __init__(self, memory: Memory, device: str, key: Ed25519PrivateKey) -> None:
        self._memory, self._device, self._key = memory, device, key

    def append(self, tag: str, at: datetime, **facts: Fact) -> Entry:
        """One more entry, durable with the transaction it stands in."""
        last = self._memory.rows("SELECT seq, body FROM journal ORDER BY seq DESC LIMIT 1")
        seq, before, now = 1, FIRST, micros(at)
        if last:
            seq, before = last[0][0] + 1, hashlib.sha256(last[0][1]).hexdigest()
            earlier = msgspec.json.decode(last[0][1], type=Entry).at
            if now + JUMP < earlier and tag != events.CLOCK_BACK.tag:
                self.append(events.CLOCK_BACK.tag, at, by=earlier - now)
                return self.append(tag, at, **facts)
        entry = Entry(device=self._device, seq=seq, at=now, tag=tag, facts=facts, before=before)
        body = msgspec.json.encode(entry, order="sorted")
        self._memory.rows(
            "INSERT INTO journal VALUES (?, ?, ?, 0)", (seq, body, self._key.sign(CONTEXT + body))
        )
        return entry

    def waiting(self, limit: int = 200) -> list[Signed]:
        """What the centre has not confirmed, oldest first."""
        found = self._memory.rows(
            "SELECT body, signature FROM journal WHERE sent = 0 ORDER BY seq LIMIT ?", (limit,)
        )
        return [Signed(body, signature) for body, signature in found]

    def confirmed(self, seq: int) -> None:
        """The centre has everything up to here; repeating it is harmless."""
        self._memory.rows("UPDATE journal SET sent = 1 WHERE seq <= ?", (seq,))

    def count(self) -> int:
        """How many wait."""
        return int(self._memory.rows("SELECT count(*) FROM journal WHERE sent = 0")[0][0])


def event_of(signed: Signed, key: Ed25519PrivateKey, device: str) -> DeviceEvent:
    """An entry as the centre takes it (docs/spec/device-event.md): the same number less one.

    Signing is deterministic, so the same entry sent again is the same event.
    """
    entry = signed.entry
    return sign_event(
        key, device=device, seq=entry.seq - 1, at=entry.at, tag=entry.tag, facts=entry.facts
    )


def verify(entries: list[Signed], key: Ed25519PublicKey, *, after: Signed | None = None) -> int:
    """The number of the last entry, if all are whole: signed, of one device, without gap or repeat.

    Raises:
        ValueError: naming the first place that does not hold.
    """
    seq = after.entry.seq if after else 0
    before = hashlib.sha256(after.body).hexdigest() if after else FIRST
    for signed in entries:
        try:
            key.verify(signed.signature, CONTEXT + signed.body)
        except InvalidSignature:
            raise ValueError(f"unsigned after {seq}") from None
        entry = signed.entry
        if (entry.seq, entry.before) != (seq + 1, before):
            raise ValueError(f"broken after {seq}")
        seq, before = entry.seq, hashlib.sha256(signed.body).hexdigest()
    return seq
