"""Take what devices signed: verify it, keep it as it came, give it a leaf.

For each line, in this order: 1 its form → 2 its device, enrolled and enabled → 3 its signature → 4 what is
there under its number: nothing (taken), the same (repeated), another (forked). Of a line that is kept already to the byte it was asked
before whether it can be a leaf, and who signed it.

Everything new lands in one transaction with its leaves. A crash leaves all or nothing of it, and the
device sends again: what landed is then a repeat. A second content of a number is kept beside the
first and has a leaf that says so; nothing is chosen between them.

Lines of several calls, of several operators, are taken as one (:mod:`liangming.device.intake`): of each call
there are its lines and whose devices may come its way.
"""

from __future__ import annotations

import asyncio
import enum
import hashlib
from collections.abc import Mapping, Sequence
from itertools import islice
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
from liangming.ledger.device import (
    EVENT_SIGNATURE,
    DeviceEvent,
    must_fit,
    read_spelled,
    verify_event,
)
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


class Handed(msgspec.Struct, frozen=True):
    """What one call hands in.

    Attributes:
        operator: whose devices may come this way; those of others do not exist for it.
        lines: a signed event each, of one device or many, in any order.
    """

    operator: str
    lines: Sequence[bytes]


Told = list[Taken | LiangmingError]
"""For each line what became of it, or why it alone was refused."""


async def take(premises: Premises, docket: Records, operator: str, lines: Sequence[bytes]) -> Told:
    """Take the lines of one call.

    Raises:
        Outage: of the store; nothing landed.
    """
    (told,) = await take_all(premises, docket, [Handed(operator, lines)])
    return told


async def take_all(premises: Premises, docket: Records, calls: Sequence[Handed]) -> list[Told]:
    """Take the lines of some calls as if one had handed them in, one after another.

    Args:
        premises: the house.
        docket: where events are kept.
        calls: what was handed in.

    Returns:
        What each call is told.

    Raises:
        Outage: of the store; nothing of any of them landed.
    """
    read = [[_form(line) for line in call.lines] for call in calls]  # 1
    places = _places([event for each in read for event in each])
    kept = await docket.several(places)
    devices = _devices([event for each in read for event in each], kept)
    believed: list[_Asked] = []
    for call, events_ in zip(calls, read, strict=True):
        fit = [_fit(each, kept) for each in events_]  # 1
        admitted = [_admitted(each, devices, call.operator) for each in fit]  # 2
        believed += [
            _Asked(call.operator, each)
            for each in _believed(admitted, devices, kept)  # 3
        ]
        if call is not calls[-1]:
            await asyncio.sleep(
                0
            )  # signatures take long: whoever asks something else comes between
    for again in range(_ROUNDS):
        if again:
            kept = await docket.several(places)
        told, records, leaves = await _sorted(premises, docket, believed, kept)  # 4
        try:
            if records:
                await docket.commit(records, leaves)
        except Misuse as late:
            if late.code is not MOVED_ON:
                raise
            continue  # the same events came by another way meanwhile: look again
        each = iter(told)
        return [list(islice(each, len(call.lines))) for call in calls]
    raise Misuse(MOVED_ON)


class _Asked(msgspec.Struct, frozen=True):
    """A line as far as it is believed, and by whose call it came."""

    operator: str
    event: DeviceEvent | LiangmingError


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
    read: Sequence[DeviceEvent | LiangmingError],
    devices: Mapping[str, Enrolled],
    kept: Mapping[str, Record],
) -> list[DeviceEvent | LiangmingError]:
    """The events that their devices signed; what was kept before to the byte was believed then.

    A signature fits one content: two would need two messages of one SHA-512, or a key that fits
    everything. So a line that was altered on its way is refused unverified where the signature it carries was found to be
    another line's, of this call or kept under its number. The last line is looked at first, for what was altered
    is mostly sent again as it was.
    """
    found = list(read)
    proven: dict[tuple[str, bytes], bytes] = {}
    for n in reversed(range(len(found))):
        event = found[n]
        if isinstance(event, LiangmingError):
            continue
        before = kept.get(event_id(event.device, event.seq))
        if before is not None:
            if before.body == event.encode():
                continue
            first = read_spelled(before.body)
            proven[first.device, first.sig] = first.encode()
        signed = event.device, event.sig
        try:
            if (whose := proven.get(signed)) is None:
                verify_event(event, devices[event.device].key)
                proven[signed] = event.encode()
            elif whose != event.encode():
                raise Refusal(EVENT_SIGNATURE)
        except LiangmingError as failure:
            found[n] = failure
    return found


async def _sorted(
    premises: Premises, docket: Records, asked: Sequence[_Asked], kept: Mapping[str, Record]
) -> tuple[Told, list[Record], list[LeafRow]]:
    """What is new, as it will be kept."""
    at = micros(premises.clock.now())
    told: Told = []
    new: dict[str, Record] = {}
    leaves: list[LeafRow] = []
    counts: list[DeviceEvent] = []
    healths: dict[str, DeviceEvent] = {}
    owners: dict[str, str] = {}
    for line in asked:
        event, operator = line.event, line.operator
        if isinstance(event, LiangmingError):
            told.append(event)
            continue
        owners[event.device] = operator
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
        moved = newer(kept.get(place_of(device)), owners[device], latest, at)
        if moved is not None:
            new[moved.id] = moved
    newest = {
        event.device: event for event in sorted(counts, key=lambda each: each.seq) if tells(event)
    }
    told_counts = [
        counted(kept.get(counted_at(device)), owners[device], event, at)
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
