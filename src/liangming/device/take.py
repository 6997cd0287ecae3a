"""Take what devices signed: verify it, keep it as it came, give it a leaf.

For each line, in this order: 1 its form → 2 its device, enrolled and enabled → 3 its signature, unless the
very same was believed and kept before → 4 what is there under its number: nothing (taken), the same
(repeated), another (forked).

Everything new lands in one transaction with its leaves. A crash leaves all or nothing of it, and the
device sends again: what landed is then a repeat. A second content of a number is kept beside the
first and has a leaf that says so; nothing is chosen between them.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from liangming.check.ports import MOVED_ON, LeafRow
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.device import codes, events
from liangming.device.enrol import FORK, Enrolled, find, leaf, told_leaf
from liangming.device.faces import counted, tells
from liangming.device.health import newer, place_of
from liangming.docket import Record, Records
from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.ledger import Event
from liangming.ledger.device import DeviceEvent, read_event, verify_event
from liangming.ledger.leaf import FactValue

KIND: Final = "device-event"
FORK_KIND: Final = "device-fork"

_ROUNDS: Final = 4


class Outcome(enum.StrEnum):
    """What became of an event."""

    TAKEN = "taken"  # 收下
    REPEATED = "repeated"  # 已收过
    FORKED = "forked"  # 同号不同内容


class Taken(msgspec.Struct, frozen=True):
    """An event that verified."""

    device: str
    seq: int
    outcome: Outcome


async def take(
    premises: Premises, docket: Records, operator: str, lines: Sequence[bytes]
) -> list[Taken | LiangmingError]:
    """Take lines of events, of one device or many, in any order.

    Args:
        premises: the house.
        docket: where events are kept.
        operator: whose devices may come this way; those of others do not exist for it.
        lines: a signed event each.

    Returns:
        For each line what became of it, or why it alone was refused.

    Raises:
        Outage: of the store; nothing landed.
    """
    read, devices = await _read(docket, operator, lines)  # 1, 2
    places = [event_id(each.device, each.seq) for each in read if isinstance(each, DeviceEvent)]
    kept = await docket.several(places)
    believed = [_believed(each, devices, kept) for each in read]  # 3
    for again in range(_ROUNDS):
        if again:
            kept = await docket.several(places)
        told, records, leaves = await _sorted(premises, docket, operator, believed, kept)  # 4
        try:
            if records:
                await docket.commit(records, leaves)
        except Misuse as late:
            if late.code is not MOVED_ON:
                raise
            continue  # the same events came by another way meanwhile: look again
        return told
    raise Misuse(MOVED_ON)


async def _read(
    docket: Records, operator: str, lines: Sequence[bytes]
) -> tuple[list[DeviceEvent | LiangmingError], dict[str, Enrolled]]:
    """Events of this operator's enabled devices, not believed yet; and those devices."""
    read: list[DeviceEvent | LiangmingError] = []
    known: dict[str, Enrolled | None] = {}
    for line in lines:
        try:
            event = read_event(line)
            if event.device not in known:
                known[event.device] = await find(docket, event.device)
            device = known[event.device]
            if device is None or device.operator != operator:
                raise Misuse(codes.UNKNOWN)
            if not device.enabled:
                raise Refusal(codes.DISABLED)
            read.append(event)
        except LiangmingError as failure:
            read.append(failure)
    return read, {name: device for name, device in known.items() if device is not None}


def _believed(
    event: DeviceEvent | LiangmingError,
    devices: Mapping[str, Enrolled],
    kept: Mapping[str, Record],
) -> DeviceEvent | LiangmingError:
    """The event, if its device signed it; what was kept before to the byte was believed then."""
    if isinstance(event, LiangmingError):
        return event
    before = kept.get(event_id(event.device, event.seq))
    if before is not None and before.body == event.encode():
        return event
    try:
        verify_event(event, devices[event.device].key)
    except LiangmingError as failure:
        return failure
    return event


async def _sorted(
    premises: Premises,
    docket: Records,
    operator: str,
    read: Sequence[DeviceEvent | LiangmingError],
    kept: Mapping[str, Record],
) -> tuple[list[Taken | LiangmingError], list[Record], list[LeafRow]]:
    """What is new, as it will be kept."""
    at = micros(premises.clock.now())
    told: list[Taken | LiangmingError] = []
    new: dict[str, Record] = {}
    leaves: list[LeafRow] = []
    counts: list[DeviceEvent] = []
    healths: dict[str, DeviceEvent] = {}
    for event in read:
        if isinstance(event, LiangmingError):
            told.append(event)
            continue
        place = event_id(event.device, event.seq)
        first = new.get(place) or kept.get(place)
        outcome = Outcome.TAKEN
        if first is None:
            new[place] = _record(KIND, place, operator, event, at)
            leaves.append(await told_leaf(premises, event.event(), event.seq))
            counts.append(event)
            if event.tag == events.HEALTH.tag:
                last = healths.get(event.device)
                healths[event.device] = event if last is None or event.seq > last.seq else last
        elif read_event(first.body).digest == event.digest:
            outcome = Outcome.REPEATED
        else:
            outcome = Outcome.FORKED
            beside = _fork_id(event)
            if beside not in new and await docket.get(beside) is None:
                new[beside] = _record(FORK_KIND, beside, operator, event, at)
                facts: dict[str, FactValue] = {
                    "device": event.device,
                    "number": event.seq,
                    "digest": event.digest.hex(),
                }
                leaves.append(leaf(premises, Event(events.FORKED.tag, at, beside, facts), 0))
        told.append(Taken(event.device, event.seq, outcome))
    for device, latest in healths.items():
        before = await docket.get(place_of(device))
        moved = newer(before, operator, latest, at)
        if moved is not None:
            new[moved.id] = moved
    newest = {
        event.device: event for event in sorted(counts, key=lambda each: each.seq) if tells(event)
    }
    told_counts = [await counted(docket, operator, event, at) for event in newest.values()]
    return told, [*new.values(), *(row for row in told_counts if row is not None)], leaves


def event_id(device: str, seq: int) -> str:
    """Where an event is kept; a device's events stand in their order."""
    return f"dve{device[3:]}_{seq:08x}"


def _fork_id(event: DeviceEvent) -> str:
    return f"{FORK}_" + hashlib.sha256(event.device.encode() + event.digest).hexdigest()[:32]


def _record(kind: str, place: str, operator: str, event: DeviceEvent, at: int) -> Record:
    return Record(
        id=place,
        kind=kind,
        operator=operator,
        about=event.device,
        state=Outcome.TAKEN.value if kind == KIND else Outcome.FORKED.value,
        version=1,
        opened_at=at,
        changed_at=at,
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=event.encode(),
    )
