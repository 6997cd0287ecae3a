"""The templates of this device: one row for each person who asked, found by their number alone.

    number ─ scrypt with the device's secret ─┬─ slot: where the row is
                                              ├─ key of the projection
                                              └─ key of the seal

Sixteen digits and a costly derivation: whoever steals the disk, device secret included, has 10¹⁶
numbers to try. Every row has a day on which it goes; deleting overwrites it and empties the log.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from liangming import ids
from liangming.clock import micros
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory
from liangming.edge.face.match import same as alike
from liangming.edge.face.ports import Vector
from liangming.edge.face.threshold import Threshold
from liangming.edge.template.protect import begins_at, likeness, protect
from liangming.errors import Kind, Misuse, declare
from liangming.method import AttemptLimiter

NUMBER_UNKNOWN: Final = declare(
    "edge.number-unknown",
    Kind.REFUSED,
    zh="这台设备上没有这个号码，或它已经到期、已经删除。",
    en="This device has nothing under this number, or its day is over, or it was deleted.",
)
TEMPLATE: Final = "tpl"
DIGITS: Final = 16
_LABEL: Final = b"liangming/device-template/1\0"
_COST: Final = 1 << 14
_NONCE: Final = 12


class _Body(msgspec.Struct, frozen=True):
    bits: bytes
    length: float
    models: tuple[str, ...]
    holder: bytes = b""  # keyed digest of the card that lay there; empty: kept without one


@dataclass(frozen=True, slots=True)
class Keys:
    """What follows from a number; gone with the visit."""

    slot: bytes = field(repr=False)
    projection: bytes = field(repr=False)
    seal: bytes = field(repr=False)


@dataclass(slots=True)
class Held:
    """One person's template, opened by their number: compared once, then wiped. A Reference."""

    template: str
    keys: Keys
    body: _Body | None = field(repr=False)

    def same(self, vector: Vector, threshold: Threshold) -> bool:
        """Whether the face before the lens is the one that was kept."""
        if self.body is None or vector.size == 0 or not np.isfinite(vector).all():
            return False
        length = float(np.linalg.norm(vector))
        at = begins_at(threshold, length, self.body.length)
        return length > 0 and likeness(protect(vector, self.keys.projection), self.body.bits) >= at

    def belongs_to(self, card: str) -> bool:
        """Whether it was kept with this card: somebody else's card and one's own face are nobody."""
        kept = self.body.holder if self.body is not None else b""
        return bool(kept) and hmac.compare_digest(kept, _holder(self.keys, card))

    def wipe(self) -> None:
        """Let it go."""
        self.body = None


@dataclass(slots=True)
class Keeper:
    """Takes the face of a look into a template, in memory; :meth:`Templates.keep` writes it. A Reference.

    Attributes:
        card: number of the card that lies on the reader, where the machine has one.
        photo: of that card: only its holder is kept.
    """

    keys: Keys
    models: tuple[str, ...] = ()
    card: str = field(default="", repr=False)
    photo: Vector | None = field(default=None, repr=False)
    body: _Body | None = field(default=None, repr=False)

    def same(self, vector: Vector, threshold: Threshold) -> bool:
        """The card's holder is kept; without a card whoever passes the layers is."""
        length = float(np.linalg.norm(vector)) if vector.size else 0.0
        if not (np.isfinite(length) and length > 0):
            return False
        if self.photo is not None and not alike(vector, self.photo, threshold):
            return False
        holder = _holder(self.keys, self.card) if self.card else b""
        self.body = _Body(protect(vector, self.keys.projection), length, self.models, holder)
        return True

    def wipe(self) -> None:
        """Let it go."""
        self.body = None


def _holder(keys: Keys, card: str) -> bytes:
    return hmac.digest(keys.projection, _LABEL + b"holder" + card.encode(), "sha256")


class Templates:
    """What this device keeps of faces.

    Args:
        secret: the device's own half of every key.
        device: a row moved to another device does not open there.
    """

    def __init__(self, memory: Memory, journal: Journal, *, secret: bytes, device: str) -> None:
        self._memory, self._journal = memory, journal
        self._secret, self._device = secret, device
        self._limiter = AttemptLimiter()

    def fresh(self) -> tuple[str, Keys]:
        """A number for a new person, and the keys that follow from it."""
        number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        return number, self._keys(number)

    def keep(self, keeper: Keeper, at: datetime, life: timedelta) -> str:
        """Write a template down with its day, and say so in the journal; returns its name.

        Raises:
            Outage: ``edge.disk-full``; nothing was kept.
        """
        if keeper.body is None:
            raise Misuse(NUMBER_UNKNOWN)
        template, until = ids.new(TEMPLATE, at), micros(at + life)
        nonce = secrets.token_bytes(_NONCE)
        plain = msgspec.msgpack.encode(keeper.body)
        sealed = nonce + AESGCM(keeper.keys.seal).encrypt(nonce, plain, self._bound(template))
        with self._memory.together():
            self._memory.rows(
                "INSERT INTO templates VALUES (?, ?, ?, ?)",
                (keeper.keys.slot, template, until, sealed),
            )
            self._journal.append(
                "device:template:kept", at, template=template, until=until, held=self.count()
            )
        return template

    def claim(self, number: str, at: datetime) -> Held:
        """The one template that a number claims.

        Raises:
            Misuse: ``edge.number-unknown``, malformed, unknown and over alike; too many tries.
        """
        self._limiter.admit("number", at)
        digits = "".join(c for c in number if not c.isspace() and c != "-")
        if len(digits) == DIGITS and digits.isascii() and digits.isdecimal():
            keys = self._keys(digits)
            for template, until, sealed in self._memory.rows(
                "SELECT template, until, sealed FROM templates WHERE slot = ?", (keys.slot,)
            ):
                body = self._opened(keys, template, sealed)
                if body is not None and until > micros(at):
                    return Held(template, keys, body)
        self._limiter.failed("number", at)
        raise Misuse(NUMBER_UNKNOWN, field="number")

    def delete(self, template: str, at: datetime, *, why: str) -> int:
        """Delete one, overwritten on disk; returns how many that were (deleting twice is no harm)."""
        return self._gone("template = ?", (template,), at, why)

    def delete_all(self, at: datetime, *, why: str) -> int:
        """Delete every one; returns how many."""
        return self._gone("1", (), at, why)

    def sweep(self, at: datetime) -> int:
        """Delete those whose day has come; returns how many."""
        return self._gone("until <= ?", (micros(at),), at, "over")

    def count(self) -> int:
        """How many people are kept here: a number without a name."""
        return int(self._memory.rows("SELECT count(*) FROM templates")[0][0])

    def _gone(self, which: str, values: tuple[object, ...], at: datetime, why: str) -> int:
        found = self._memory.rows(
            f"SELECT template FROM templates WHERE {which}",  # noqa: S608  (constants above)
            values,
        )
        with self._memory.together():
            for (template,) in found:
                self._memory.rows("DELETE FROM templates WHERE template = ?", (template,))
                self._journal.append(
                    "device:template:gone", at, template=template, why=why, held=self.count()
                )
        if found:
            self._memory.emptied()  # inside a transaction it waits for whoever began that one
        return len(found)

    def _keys(self, number: str) -> Keys:
        salt = HKDF(SHA256(), 32, salt=None, info=_LABEL + b"salt").derive(self._secret)
        root = Scrypt(salt, 32, n=_COST, r=8, p=1).derive(number.encode())
        parts = HKDF(SHA256(), 80, salt=None, info=_LABEL + b"keys").derive(root)
        return Keys(parts[:16], parts[16:48], parts[48:])

    def _opened(self, keys: Keys, template: str, sealed: bytes) -> _Body | None:
        try:
            plain = AESGCM(keys.seal).decrypt(
                sealed[:_NONCE], sealed[_NONCE:], self._bound(template)
            )
            return msgspec.msgpack.decode(plain, type=_Body)
        except (InvalidTag, ValueError, msgspec.DecodeError):
            return None  # a row that was touched is nobody's

    def _bound(self, template: str) -> bytes:
        return _LABEL + self._device.encode() + b"\0" + template.encode()
