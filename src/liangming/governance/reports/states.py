"""A report as frozen states; each has only what exists then. Stored as tagged JSON."""

from __future__ import annotations

from datetime import datetime

import msgspec

from liangming.docket import Deadline
from liangming.governance.reports.words import Outcome, Topic


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What does not change.

    Attributes:
        outlet: empty when the reporter named none.
        scene: empty unless the report came from a scene's own address.
        courier: its complaints have the courier's seven days.
    """

    id: str
    operator: str
    outlet: str
    scene: str
    courier: bool
    at: datetime


class _State(msgspec.Struct, frozen=True, kw_only=True, tag_field="state"):
    about: About
    topic: Topic
    due: Deadline
    events: int  # leaves so far
    round: int = 1  # 2 after an appeal


class Received(_State, frozen=True, kw_only=True, tag="received"):
    """Nobody has looked yet."""

    triage_by: datetime


class Taken(_State, frozen=True, kw_only=True, tag="taken"):
    """In hand.

    Attributes:
        owner: a role or account.
        check: the check it is about, when that is known.
        not_by: who answered the first time; a review is by somebody else.
    """

    owner: str
    check: str = ""
    not_by: str = ""


class Answered(_State, frozen=True, kw_only=True, tag="answered"):
    """Closed, with an outcome from the closed list."""

    owner: str
    check: str
    outcome: Outcome
    at: datetime
    by: str


State = Received | Taken | Answered

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
