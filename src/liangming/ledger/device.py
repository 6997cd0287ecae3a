"""Events that a device or an offline station signs itself (docs/spec/device-event.md).

A device numbers its events 0, 1, 2 … without a gap and signs each with its Ed25519 key. What
comes to the centre late, twice, or not at all can then be told apart from what was never there.

:func:`judge` looks at a device's numbered events and says what is wrong with them: gaps (numbers
that never came), forks (one number, two contents) and clocks that ran back or ahead. A repeat, the
same event once more, is not a fault: a device that heard no answer sends again.

What it never does: believe a time because it is signed; mend an order; decide what a fault means.
"""

from __future__ import annotations

import base64
import enum
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liangming.errors import Kind, Misuse, Refusal, declare
from liangming.ledger.codes import KEY_MALFORMED
from liangming.ledger.head import strict_base64
from liangming.ledger.leaf import Event, FactValue, canonical_fields

EVENT_MALFORMED: Final = declare(
    "ledger.device-event-malformed",
    Kind.MALFORMED,
    zh="终端事件读不出来，或不是规定的写法。",
    en="The device event cannot be read, or is not in its one spelling.",
)
EVENT_VERSION: Final = declare(
    "ledger.device-event-version",
    Kind.REFUSED,
    zh="终端事件的版本不认识，请升级中心或终端。",
    en="The device event has an unknown version; please upgrade the centre or the device.",
)
EVENT_SIGNATURE: Final = declare(
    "ledger.device-event-signature",
    Kind.REFUSED,
    zh="终端事件的签名不对：内容被改过，或不是这台终端签的。",
    en="The device event's signature does not verify: it was changed, or another device signed it.",
)

VERSION: Final = 1
LONGEST: Final = 4096  # bytes of a line
HIGHEST: Final = (1 << 31) - 1  # of a number
LEEWAY: Final = 120_000_000  # µs that a device's clock may be ahead of the centre's

_LABEL: Final = b"liangming/device-event/1\x00"
_encode = msgspec.json.Encoder(order="sorted").encode


class DeviceEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One signed event; a line of JSON with sorted names and no white space.

    Attributes:
        at: when, by the device's clock, in microseconds since 1970.
        device: the device's id.
        facts: what the kind declares, as in leaves.
        seq: its number at this device.
        sig: 64 bytes of Ed25519, in base 64.
        tag: a declared ``room:subject:action``.
        v: the version.
    """

    at: int
    device: str
    facts: dict[str, FactValue]
    seq: int
    sig: bytes
    tag: str
    v: int = VERSION

    @property
    def digest(self) -> bytes:
        """What tells two contents of one number apart; a signature has but one for each."""
        return hashlib.sha256(_message(self)).digest()

    def event(self) -> Event:
        """As the log commits to it: the device stands in the place of a check."""
        return Event(self.tag, self.at, self.device, self.facts)

    def encode(self) -> bytes:
        """The line, without its end."""
        return _encode(self)


_decode = msgspec.json.Decoder(DeviceEvent).decode


class _Version(msgspec.Struct, frozen=True):
    v: int


_version = msgspec.json.Decoder(_Version).decode


def sign_event(
    key: Ed25519PrivateKey,
    *,
    device: str,
    seq: int,
    at: int,
    tag: str,
    facts: Mapping[str, FactValue],
) -> DeviceEvent:
    """A device's next event.

    Raises:
        Misuse: an undeclared kind or fact, an unfit value, a number out of bounds.
    """
    unsigned = DeviceEvent(at=at, device=device, facts=dict(facts), seq=seq, sig=b"", tag=tag)
    if not (0 <= seq <= HIGHEST and at >= 0 and device):
        raise Misuse(EVENT_MALFORMED)
    must_fit(unsigned)
    return msgspec.structs.replace(unsigned, sig=key.sign(_message(unsigned)))


def read_event(line: bytes) -> DeviceEvent:
    """Read a line; whether its signature is good is not asked here.

    Raises:
        Misuse: ``ledger.device-event-malformed``; the codes of events that cannot be leaves.
        Refusal: ``ledger.device-event-version``.
    """
    event = read_spelled(line)
    must_fit(event)
    return event


def read_spelled(line: bytes) -> DeviceEvent:
    """Read a line; neither its signature nor whether its facts fit is asked here.

    That is enough for a line that is there to the byte, for it was asked of that one.

    Raises:
        Misuse: ``ledger.device-event-malformed``.
        Refusal: ``ledger.device-event-version``.
    """
    if len(line) > LONGEST:
        raise Misuse(EVENT_MALFORMED)
    try:
        event = _decode(line)
        if event.v != VERSION:
            raise Refusal(EVENT_VERSION)
    except (msgspec.DecodeError, UnicodeDecodeError):
        if _version_of(line) != VERSION:
            raise Refusal(EVENT_VERSION) from None
        raise Misuse(EVENT_MALFORMED) from None
    if event.encode() != line or len(event.sig) != 64:  # noqa: PLR2004  (one spelling)
        raise Misuse(EVENT_MALFORMED)
    if not (0 <= event.seq <= HIGHEST and event.at >= 0 and event.device):
        raise Misuse(EVENT_MALFORMED)
    return event


def _version_of(line: bytes) -> int:
    try:
        return _version(line).v
    except (msgspec.DecodeError, UnicodeDecodeError):
        return VERSION


def verify_event(event: DeviceEvent, key: Ed25519PublicKey) -> None:
    """Believe that a device signed an event.

    Raises:
        Refusal: ``ledger.device-event-signature``.
    """
    try:
        key.verify(event.sig, _message(event))
    except InvalidSignature:
        raise Refusal(EVENT_SIGNATURE) from None


def must_fit(event: DeviceEvent) -> None:
    """That an event which was read can be a leaf.

    Raises:
        Misuse: an undeclared kind or fact, an unfit value.
    """
    canonical_fields(event.event(), event.seq)


def _message(event: DeviceEvent) -> bytes:
    return _LABEL + _encode(
        {
            "at": event.at,
            "device": event.device,
            "facts": event.facts,
            "seq": event.seq,
            "tag": event.tag,
        }
    )


class Fault(enum.StrEnum):
    """What can be wrong with a device's row of events."""

    GAP = "gap"  # 缺号
    FORK = "fork"  # 同号不同内容
    BACK = "clock-back"  # 时钟倒退
    AHEAD = "clock-ahead"  # 时钟超前


@dataclass(frozen=True, slots=True)
class Found:
    """One fault: of which numbers, and for clocks by how many microseconds."""

    fault: Fault
    first: int
    last: int
    micros: int = 0


@dataclass(frozen=True, slots=True)
class Came:
    """An event as it came to the centre."""

    seq: int
    at: int
    received: int
    digest: bytes


class Judge:
    """Says of each event of one device what is wrong with it, and keeps no more than the last one.

    Args:
        leeway: microseconds that a device's clock may be ahead of the centre's.
    """

    def __init__(self, *, leeway: int = LEEWAY) -> None:
        self._leeway = leeway
        self._before: Came | None = None

    def add(self, came: Came) -> list[Found]:
        """What is wrong at the next event; they come by number.

        A step back within the row is told at the later number.
        """
        before = self._before
        if before is not None and came.seq == before.seq:
            forked = came.digest != before.digest
            return [Found(Fault.FORK, came.seq, came.seq)] if forked else []
        found: list[Found] = []
        expected = 0 if before is None else before.seq + 1
        if came.seq > expected:
            found.append(Found(Fault.GAP, expected, came.seq - 1))
        if before is not None and came.at < before.at:
            found.append(Found(Fault.BACK, came.seq, came.seq, before.at - came.at))
        if came.at > came.received + self._leeway:
            found.append(Found(Fault.AHEAD, came.seq, came.seq, came.at - came.received))
        self._before = came
        return found


def judge(came: Iterable[Came], *, leeway: int = LEEWAY) -> list[Found]:
    """What is wrong with the events of one device.

    Args:
        came: all of them, by number.
        leeway: microseconds that a device's clock may be ahead of the centre's.

    Returns:
        Faults by their first number.
    """
    one = Judge(leeway=leeway)
    return [found for each in came for found in one.add(each)]


def key_text(key: Ed25519PublicKey) -> str:
    """A device's public key as text: base 64 of its 32 bytes."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def read_key_text(text: str) -> Ed25519PublicKey:
    """The inverse of :func:`key_text`.

    Raises:
        Misuse: ``ledger.key-malformed``.
    """
    raw = strict_base64(text)
    if raw is None or len(raw) != 32:  # noqa: PLR2004
        raise Misuse(KEY_MALFORMED)
    return Ed25519PublicKey.from_public_bytes(raw)
