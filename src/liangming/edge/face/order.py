"""The order of a look as frozen states and pure moves; each state has only what exists then.

Order that these functions guard (``errors`` in brackets):
    1 the notice was shown on this device before consent is asked     [edge.notice-first]   I2
    2 the camera opens only after separate consent, under its nonce   [edge.consent-first]  I2
    3 a declined face is not asked again                              [edge.declined-before] I3
    4 at most three tries, then the other ways                        [edge.no-more-tries]
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from liangming.edge import codes
from liangming.errors import Misuse

TRIES: Final = 3


class Result(enum.StrEnum):
    """What a device may say of a face (人脸比对结果): never more than this."""

    MATCH = "match"
    NO_MATCH = "no-match"
    ABSTAIN = "abstain"


class Why(enum.StrEnum):
    """Why a try ended as it did; stays on the device, told to the person in plain words."""

    SAME = "same"
    DIFFERENT = "different"
    ATTACK = "attack-suspected"
    STOPPED = "stopped"
    NOBODY = "nobody-in-view"
    SEVERAL = "several-faces"
    COVERED = "camera-covered"
    FROZEN = "camera-frozen"
    VIRTUAL = "camera-not-bound"
    LOST = "camera-lost"
    UNCLEAR = "picture-unclear"
    TOO_SLOW = "time-out"
    MODEL = "model-failed"
    NO_REFERENCE = "no-reference"
    LEVEL = "level-too-low"
    TRIED = "tried-enough"
    KEPT = "kept"
    NOT_KEPT = "not-kept"


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """The person chose the face among the other ways; nothing was shown about it yet."""

    check: str
    device: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The face's own notice stands on this device's screen."""

    check: str
    device: str
    notice: str  # digest


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """Separate consent was given on this device; the camera is shut.

    Attributes:
        nonce: the centre's, from which the challenge is drawn.
        tries: how often the camera was open so far.
        taken: frames taken in those tries.
        kept: frames of those tries that were not destroyed: 0, or something is broken and said.
    """

    check: str
    device: str
    notice: str
    consent: str
    nonce: str
    tries: int = 0
    taken: int = 0
    kept: int = 0


class Watching(msgspec.Struct, frozen=True, kw_only=True):
    """The camera is open, and the screen says so, with a stop button beside it."""

    agreed: Agreed

    @property
    def attempt(self) -> int:
        """1, 2 or 3."""
        return self.agreed.tries + 1


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What one try came to, after its frames were destroyed.

    Attributes:
        lag: seconds after which the screen's light was seen; shown on the machine's own page of its state,
            so that whoever sets it up can tell it its own, and never signed or sent.
    """

    result: Result
    why: Why
    layers: tuple[str, ...] = ()
    pad_level: int = 0
    taken: int = 0
    kept: int = 0
    models: tuple[str, ...] = ()
    lag: float | None = None


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """Over: an outcome to sign. Every other way stays open unless it is a match."""

    agreed: Agreed
    looked: Looked


class Declined(msgspec.Struct, frozen=True, kw_only=True):
    """The person said no, stopped, or withdrew: back to the same list, not asked again."""

    check: str
    device: str
    taken: int = 0
    kept: int = 0


Look = Waiting | Told | Agreed | Watching | Ended | Declined


def tell(look: Look, notice: str) -> Told:
    """The notice about the face was shown here. Law: pipl.17, pipl.30."""
    _not_declined(look)
    if not isinstance(look, Waiting | Told) or not notice:
        raise Misuse(codes.TELL_FIRST, citations=("pipl.17",))
    return Told(check=look.check, device=look.device, notice=notice)


def agree(look: Look, *, consent: str, nonce: str) -> Agreed:
    """Separate consent, under the nonce that the centre gave for it. Law: pipl.29."""
    _not_declined(look)
    if not isinstance(look, Told):
        raise Misuse(codes.TELL_FIRST, citations=("pipl.17",))
    if not (consent and nonce):
        raise Misuse(codes.CONSENT_FIRST, citations=("pipl.29",))
    return Agreed(
        check=look.check, device=look.device, notice=look.notice, consent=consent, nonce=nonce
    )


def open_camera(look: Look) -> Watching:
    """Only from consent, and at most three times. Law: pipl.29, face.6."""
    _not_declined(look)
    if not isinstance(look, Agreed):
        raise Misuse(codes.CONSENT_FIRST, citations=("pipl.29",))
    if look.tries >= TRIES:
        raise Misuse(codes.NO_MORE_TRIES)
    return Watching(agreed=look)


def close_camera(look: Watching, looked: Looked) -> Agreed | Ended | Declined:
    """The camera is shut again: stopped, another try, or over."""
    agreed = look.agreed
    after = msgspec.structs.replace(
        agreed,
        tries=agreed.tries + 1,
        taken=agreed.taken + looked.taken,
        kept=agreed.kept + looked.kept,
    )
    if looked.why is Why.STOPPED:
        return _declined(after)
    if looked.result is Result.MATCH or after.tries >= TRIES or looked.why in _HOPELESS:
        return Ended(agreed=after, looked=looked)
    return after


def decline(look: Look) -> Declined:
    """No: at any point, in one act, the same as never having chosen it. Law: pipl.15, pipl.16."""
    match look:
        case Declined():
            return look
        case Waiting() | Told():
            return Declined(check=look.check, device=look.device)
        case Agreed():
            return _declined(look)
        case Watching(agreed=agreed) | Ended(agreed=agreed):
            return _declined(agreed)


def counts_of(look: Look) -> tuple[int, int]:
    """Frames taken and kept in all tries so far."""
    match look:
        case Waiting() | Told():
            return 0, 0
        case Agreed() | Declined():
            return look.taken, look.kept
        case Watching(agreed=agreed) | Ended(agreed=agreed):
            return agreed.taken, agreed.kept


def _declined(agreed: Agreed) -> Declined:
    return Declined(check=agreed.check, device=agreed.device, taken=agreed.taken, kept=agreed.kept)


_HOPELESS: Final = frozenset(
    {
        Why.VIRTUAL,
        Why.LOST,
        Why.MODEL,
        Why.NO_REFERENCE,
        Why.LEVEL,
        Why.TRIED,
        Why.KEPT,
        Why.NOT_KEPT,
    }
)


def _not_declined(look: Look) -> None:
    if isinstance(look, Declined):
        raise Misuse(codes.DECLINED_BEFORE, citations=("netdata.22",))
