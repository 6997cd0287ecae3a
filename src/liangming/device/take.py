"""Take what devices signed: verify it, keep it as it came, give it a leaf.

For each line, in this order: 1 its form → 2 its device, enrolled and enabled → 3 its signature → 4 what is
there under its number: nothing (taken), the same (repeated), another (forked). Of a line that is kept already to the byte it was asked
before whether it can be a leaf, and who signed it.

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

from liangming import ids
from liangming.check.ports import MOVED_ON, LeafRow
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.device import codes, events
from liangming.device.enrol import DEVICE, FORK, Enrolled, leaf, read_record, told_leaf
from liangming.device.enrol import KIND as DEVICES
from liangming.device.faces import counted, counted_at, tells
from liangming.device.health import newer, place_of
from liangming.docket import Record, Records
from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.ledger import Event
from liangming.ledger.device import DeviceEvent, must_fit, read_spelled, verify_event
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
    read = [_form(line) for line in lines]  # 1
    places = _places(read)
    kept = await docket.several(places)
    devices = _devices(read, kept)
    fit = [_fit(each, kept) for each in read]  # 1
    admitted = [_admitted(each, devices, operator) for each in fit]  # 2
    believed = [_believed(each, devices, kept) for each in admitted]  # 3
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


def _form(line: bytes) -> DeviceEvent | LiangmingError:
    try:
        return read_spelled(line)
    except LiangmingError as failure:
        return failure


def _fit(
    event: DeviceEvent | LiangmingError, kept: Mapping[str, Record]
) -> DeviceEvent | LiangmingError:
    """The event, if it can be a leaf; what is there to the byte is one."""
    if isinstance(event, LiangmingError) or _is_there(event, kept):
        return event
    try:
        must_fit(event)
    except LiangmingError as failure:
        return failure
    return event


def _is_there(event: DeviceEvent, kept: Mapping[str, Record]) -> bool:
    before = kept.get(event_id(event.device, event.seq))
    return before is not None and before.body == event.encode()


def _places(read: Sequence[DeviceEvent | LiangmingError]) -> list[str]:
    """Where all stands that may have to be known of these: one look-up instead of one for each."""
    places: dict[str, None] = {}
    for event in read:
        if isinstance(event, LiangmingError) or not ids.is_id(DEVICE, event.device):
            continue
        places[event.device] = None
        places[event_id(event.device, event.seq)] = None
        if event.tag == events.HEALTH.tag:
            places[place_of(event.device)] = None
        if tells(event):
            places[counted_at(event.device)] = None
    return list(places)


def _devices(
    read: Sequence[DeviceEvent | LiangmingError], kept: Mapping[str, Record]
) -> dict[str, Enrolled]:
    """The devices that these name, as far as there are such."""
    named = {event.device for event in read if isinstance(event, DeviceEvent)}
    rows = ((name, kept.get(name)) for name in named)
    return {name: read_record(row) for name, row in rows if row is not None and row.kind == DEVICES}


def _admitted(
    event: DeviceEvent | LiangmingError, devices: Mapping[str, Enrolled], operator: str
) -> DeviceEvent | LiangmingError:
    """The event, if its device is this operator's and enabled; not believed yet."""
    if isinstance(event, LiangmingError):
        return event
    device = devices.get(event.device)
    if device is None or device.operator != operator:
        return Misuse(codes.UNKNOWN)
    return event if device.enabled else Refusal(codes.DISABLED)


def _believed(
    event: DeviceEvent | LiangmingError,
    devices: Mapping[str, Enrolled],
    kept: Mapping[str, Record],
) -> DeviceEvent | LiangmingError:
    """The event, if its device signed it; what was kept before to the byte was believed then."""
    if isinstance(event, LiangmingError) or _is_there(event, kept):
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
        elif first.body == event.encode() or read_spelled(first.body).digest == event.digest:
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
        moved = newer(kept.get(place_of(device)), operator, latest, at)
        if moved is not None:
            new[moved.id] = moved
    newest = {
        event.device: event for event in sorted(counts, key=lambda each: each.seq) if tells(event)
    }
    told_counts = [
        counted(kept.get(counted_at(device)), operator, event, at)
        for device, event in newest.items()
    ]
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
