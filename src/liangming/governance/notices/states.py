"""A version of a notice on its way: drafted, approved or declined. Stored as tagged JSON."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec

from liangming.docket.clocks import end_of
from liangming.notice import Change, Edition, Wording


class _State(msgspec.Struct, frozen=True, kw_only=True, tag_field="state"):
    """What does not change.

    Attributes:
        released: the text is the release's own file, not the operator's.
        since: the day, in China, from which it is to hold.
        by: account that drafted it.
        key: fingerprint of the key it was drafted with, at the command line.
    """

    id: str
    operator: str
    wording: Wording
    released: bool
    change: Change
    since: date
    by: str
    at: datetime
    key: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the sentences, in hexadecimal."""
        return digest_of(self.wording)


class Draft(_State, frozen=True, kw_only=True, tag="draft"):
    """Waits for a second person."""


class Approved(_State, frozen=True, kw_only=True, tag="approved"):
    """Approved by somebody else; it never changes again."""

    approved_by: str
    approved_at: datetime
    approved_key: str = ""

    @property
    def edition(self) -> Edition:
        """As the shelf holds it."""
        return Edition(
            operator=self.operator,
            wording=self.wording,
            change=self.change,
            since=begins(self.since),
            approved_at=self.approved_at,
        )


class Declined(_State, frozen=True, kw_only=True, tag="declined"):
    """Not approved, or taken back by who drafted it."""

    declined_by: str
    declined_at: datetime


State = Draft | Approved | Declined

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(State).decode


def encode(state: State) -> bytes:
    """The stored form."""
    return _encode(state)


def decode(body: bytes) -> State:
    """The state of a stored form; an unknown tag is refused by the decoder."""
    state: State = _decode(body)
    return state


def tag(state: State) -> str:
    """The state's stored tag."""
    return str(type(state).__struct_config__.tag)


def begins(day: date) -> datetime:
    """Midnight in China at the beginning of a day."""
    return end_of(date.fromordinal(day.toordinal() - 1))


def digest_of(wording: Wording) -> str:
    """SHA-256 of the sentences, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(wording, order="deterministic")).hexdigest()
