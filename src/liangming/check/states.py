"""One check as a family of frozen states; each has only what exists then.

    Opened → Choosing → Chosen → (Consented) → Passed | Refused
                 ↑ change of mind, decline ↓       ↘ Undetermined (another way stays open)
    any unfinished state → Expired | Abandoned

Stored as tagged JSON. Tags and fields are append-only: new fields come last with a default.
States hold ids, words of the law and times, never anything about the person.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import get_args

import msgspec

from liangming.consent import Consent
from liangming.law.words import Channel, Method, RefusalReason, SceneKind
from liangming.notice import Shown


class Subject(enum.StrEnum):
    """For whom the check is done, and how."""

    SELF = "self"  # 本人
    FOR_ANOTHER = "for-another"  # 代他人交寄
    WITH_GUARDIAN = "with-guardian"  # 监护人陪同
    HELPED = "helped"  # 需要协助（长者、无手机）


class Thing(enum.StrEnum):
    """What is handed over."""

    PARCEL = "parcel"  # 快件
    LETTER = "letter"  # 信件
    NOTHING = "nothing"  # 不涉及寄递


class Sender(enum.StrEnum):
    """Who hands it over."""

    PERSON = "person"
    ORGANISATION = "organisation"
    AGREEMENT = "agreement"


class Offer(msgspec.Struct, frozen=True):
    """One way that is open to this person, in the published order."""

    method: Method
    grounds: tuple[str, ...]
    citations: tuple[str, ...]


class Withheld(msgspec.Struct, frozen=True):
    """A way of the scene that is not open now, and why (a stable reason)."""

    method: Method
    why: str


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What was settled when the check was opened; never changes."""

    id: str
    scene: str
    operator: str
    outlet: str
    kind: SceneKind
    channel: Channel
    subject: Subject
    thing: Thing
    sender: Sender
    unseen: bool  # left without anyone meeting the sender
    opened_at: datetime
    expires_at: datetime
    grounds: tuple[str, ...]
    demands: dict[str, str]
    citations: tuple[str, ...]
    offers: tuple[Offer, ...]
    withheld: tuple[Withheld, ...]
    notice: str  # digest of the notice in force
    devices: tuple[str, ...] | None = None  # enrolled here, with a camera; None: not recorded then
    clerk: str = ""  # code of whoever opened it at a desk, anew each quarter; empty: nobody did


class Try(msgspec.Struct, frozen=True):
    """One presentation that did not settle the check."""

    method: Method
    why: str


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """What happened on the way, kept whole: offers, declines, changes of mind, help."""

    notice: Shown | None = None
    face_notice: Shown | None = None
    consent: Consent | None = None
    declined: tuple[Method, ...] = ()
    chosen: tuple[Method, ...] = ()  # every choice in order; a change of mind adds one
    tries: tuple[Try, ...] = ()
    helped: bool = False
    face_tries: int = 0
    events: int = 0  # number of leaves so far


class _State(msgspec.Struct, frozen=True, kw_only=True, tag_field="state"):
    about: About
    journey: Journey


class Opened(_State, frozen=True, kw_only=True, tag="opened"):
    """Open; the notice has not been shown, so nothing may be asked yet."""


class Choosing(_State, frozen=True, kw_only=True, tag="choosing"):
    """The notice was shown; every way is equally at hand."""


class Chosen(_State, frozen=True, kw_only=True, tag="chosen"):
    """A way was chosen; its evidence may be shown. The face still needs consent."""

    method: Method


class Consented(_State, frozen=True, kw_only=True, tag="consented"):
    """Separate consent to the face was given; the device may begin, under this nonce."""

    device: str
    nonce: str
    age: int | None = None
    by_guardian: bool = False


class Undetermined(_State, frozen=True, kw_only=True, tag="undetermined"):
    """Neither passed nor refused; another way stays open until the check expires."""

    why: str
    citations: tuple[str, ...]
    at: datetime


class Passed(_State, frozen=True, kw_only=True, tag="passed"):
    """Identity or entitlement was shown, checked and, where the law asks it, registered."""

    method: Method
    register: str  # collected, kept, nothing
    grounds: tuple[str, ...]
    citations: tuple[str, ...]
    at: datetime
    keep_until: datetime | None = None
    fields: tuple[str, ...] = ()  # what stands in the register, by field of the scene


class Refused(_State, frozen=True, kw_only=True, tag="refused"):
    """The operator must not accept, for a reason from the closed list."""

    reason: RefusalReason
    citations: tuple[str, ...]
    at: datetime


class Expired(_State, frozen=True, kw_only=True, tag="expired"):
    """Time ran out; nothing was collected."""

    at: datetime


class Abandoned(_State, frozen=True, kw_only=True, tag="abandoned"):
    """The person went away; nothing was collected."""

    at: datetime


Unfinished = Opened | Choosing | Chosen | Consented | Undetermined
Finished = Passed | Refused | Expired | Abandoned
State = Unfinished | Finished
FINISHED = get_args(Finished)
"""The classes of :data:`Finished`, for ``isinstance``."""

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
    """The state's stored tag, e.g. ``"choosing"``."""
    return str(type(state).__struct_config__.tag)
