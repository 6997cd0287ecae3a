"""Find what a device's own counter says around a check, for the person's receipt.

A device numbers its events in its own time, so the ones around a check are found by halving; its
clock may be wrong, and then they are not found and nothing is claimed.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from liangming import ids
from liangming.check.counters import (
    COUNTED,
    ENROLLED,
    Around,
    Counters,
    DeviceCount,
    OpenLeaf,
    SignedLine,
)
from liangming.check.pattern import event_of
from liangming.check.premises import Premises
from liangming.clock import from_micros
from liangming.device.enrol import check_leaf_key, find, leaf_key
from liangming.device.take import KIND, event_id
from liangming.docket import Record, Records
from liangming.ledger import commit
from liangming.ledger.device import HIGHEST, DeviceEvent, key_text, read_event

_NOTE: Final = "dvn"
_TIME: Final = 14  # of an id: its prefix and its time
_FAR: Final = timedelta(hours=1) // timedelta(microseconds=1)
_MOST: Final = 2_000  # events looked at around one check
_STEP: Final = 500


def counters(premises: Premises, docket: Records) -> Counters:
    """What the premises ask for the counts around a check."""
    return partial(counted, premises, docket)


async def counted(
    premises: Premises, docket: Records, device: str, around: Around
) -> DeviceCount | None:
    """The signed counts of a device that say something of a check.

    Returns:
        Those of the check itself (``of``), or the last one before it and the first one after it
        that count from the same moment; None where there are none.
    """
    known = await find(docket, device)
    if known is None:
        return None
    enrolled = await _enrolment(premises, known.id, known.enrolled_at)
    if enrolled is None:
        return None
    chosen = _chosen(await _near(docket, device, around), around)
    lines = []
    for event in chosen:
        leaf = await _leaf(premises, event)
        if leaf is None:
            return None
        lines.append(SignedLine(event.encode(), leaf))
    if not lines:
        return None
    return DeviceCount(device, key_text(known.key), enrolled, tuple(lines))


def _chosen(events: list[DeviceEvent], around: Around) -> list[DeviceEvent]:
    of = [event for event in events if event.facts.get("of") == around.check]
    if of:
        return of[-1:]  # a later count of one check is over all of it
    running = [event for event in events if "of" not in event.facts]
    after = next((event for event in running if event.at >= around.until), None)
    if after is None:
        return []
    if _int(after, "since") <= around.since and not _int(after, "frames"):
        return [after]
    before = [
        event
        for event in running
        if event.at <= around.since and event.facts.get("since") == after.facts.get("since")
    ]
    return [before[-1], after] if before else []


def _int(event: DeviceEvent, name: str) -> int:
    value = event.facts.get(name)
    return value if type(value) is int else 1 << 62  # what is not said covers nothing


async def _near(docket: Records, device: str, around: Around) -> list[DeviceEvent]:
    """The counts from an hour before a check to an hour after it, by number."""
    low = await _first(docket, device, around.since - _FAR)
    found: list[DeviceEvent] = []
    after, prefix = (
        event_id(device, low - 1) if low else event_id(device, 0)[:-8],
        event_id(device, 0)[:-8],
    )
    seen = 0
    while seen < _MOST and (some := await docket.walk(KIND, after, _STEP)):
        for record in some:
            if not record.id.startswith(prefix):
                return found
            event = read_event(record.body)
            if event.at > around.until + _FAR:
                return found
            if event.tag == COUNTED:
                found.append(event)
        seen += len(some)
        after = some[-1].id
    return found


async def _first(docket: Records, device: str, at: int) -> int:
    """A number from which on events are not before a moment, where a device's clock goes forward."""
    low, high = 0, HIGHEST
    while low < high:
        middle = (low + high) // 2
        event = await _from(docket, device, middle)
        if event is None or event.at >= at:
            high = middle
        else:
            low = event.seq + 1
    return low


async def _from(docket: Records, device: str, number: int) -> DeviceEvent | None:
    """The first event with this number or a higher one."""
    prefix = event_id(device, 0)[:-8]
    after = event_id(device, number - 1) if number else prefix
    some: list[Record] = await docket.walk(KIND, after, 1)
    if not some or not some[0].id.startswith(prefix):
        return None
    return read_event(some[0].body)


async def _leaf(premises: Premises, event: DeviceEvent) -> OpenLeaf | None:
    told = event.event()
    for place, row in await premises.store.leaves_like(event.device, event.seq):
        of_check = await check_leaf_key(premises, told, event.seq)
        for key in (of_check, leaf_key(premises.keys.leaf, event.device)):
            if key is not None and commit(told, key, event.seq) == row.leaf:
                return OpenLeaf(place, row, key)
    return None


async def _enrolment(premises: Premises, device: str, at: int) -> OpenLeaf | None:
    """The leaf that names the device's key; its note has an id of the same millisecond."""
    prefix = ids.new(_NOTE, from_micros(at))[:_TIME]
    for place, row in await premises.store.leaves_like(prefix, 0):
        if row.tag == ENROLLED and event_of(row).facts.get("device") == device:
            return OpenLeaf(place, row, leaf_key(premises.keys.leaf, row.check))
    return None
