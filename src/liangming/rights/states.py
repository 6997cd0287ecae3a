"""A request as a family of frozen states.

    Unproven → Open → Answered | Refused → (appeal, once) Open → Answered | Refused
    any unclosed state → TakenBack

*Unproven* waits for somebody who asks for another person; who asks for themselves starts *Open*.
Stored as tagged JSON; tags and fields are append-only. Nothing here is about the person.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from liangming.docket import Deadline
from liangming.law.words import SceneKind
from liangming.rights.words import No, Requester, Result, Right


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What was settled when the request came in; never changes."""

    id: str
    right: Right
    requester: Requester
    check: str
    operator: str
    scene: str
    outlet: str
    kind: SceneKind
    asked_at: datetime


class _State(msgspec.Struct, frozen=True, kw_only=True, tag_field="state"):
    about: About
    due: Deadline  # of this round
    owner: str  # a role or account, never a name
    events: int  # number of leaves so far
    round: int = 1  # 2 after an appeal


class Unproven(_State, frozen=True, kw_only=True, tag="unproven"):
    """Somebody asks for another person; their authority has not been seen."""


class Open(_State, frozen=True, kw_only=True, tag="open"):
    """In hand."""


class Answered(_State, frozen=True, kw_only=True, tag="answered"):
    """Answered; what was asked has been done."""

    result: Result
    citations: tuple[str, ...]
    at: datetime
    by: str
    erasure: str = ""  # id of the erasure, where there was one
    until: datetime | None = None  # end of the hold that keeps it stored
    certificate: str = ""  # the signed text of the erasure; names nobody


class Refused(_State, frozen=True, kw_only=True, tag="refused"):
    """Refused, for a reason from the closed list, told in writing."""

    reason: No
    citations: tuple[str, ...]
    at: datetime
    by: str


class TakenBack(_State, frozen=True, kw_only=True, tag="taken-back"):
    """The person does not ask any more."""

    at: datetime


Unclosed = Unproven | Open
Closed = Answered | Refused | TakenBack
State = Unclosed | Closed

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
