"""What has come from each device, and what is wrong with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from liangming.device.enrol import Enrolled, each_enrolled
from liangming.device.take import FORK_KIND, KIND, event_id
from liangming.docket import Record, Records
from liangming.ledger.device import LEEWAY, Came, Found, Judge, read_event

_STEP: Final = 1_000


class Row(msgspec.Struct, frozen=True):
    """A device and its row of events.

    Attributes:
        device: as enrolled.
        count: how many numbers came.
        next: the number expected next.
        last_at: the device's own time of the highest number, µs; None before the first.
        last_received: when anything last came, µs.
        faults: gaps, forks and clocks, by number.
    """

    device: Enrolled
    count: int
    next: int
    last_at: int | None
    last_received: int | None
    faults: tuple[Found, ...]


async def look(docket: Records, *, operator: str = "", leeway: int = LEEWAY) -> list[Row]:
    """All devices of an operator, or of all, with what is wrong."""
    return [row async for row in each_device(docket, operator=operator, leeway=leeway)]


async def each_device(
    docket: Records, *, operator: str = "", leeway: int = LEEWAY
) -> AsyncIterator[Row]:
    """As :func:`look`, one device after another; a device's events are never held together.

    Args:
        docket: where events are kept.
        operator: whose devices; everybody's when empty.
        leeway: microseconds that a device's clock may be ahead.
    """
    async for device in each_enrolled(docket):
        if not operator or device.operator == operator:
            yield await _row(docket, device, leeway)


async def _row(docket: Records, device: Enrolled, leeway: int) -> Row:
    """One pass over the events; second contents of a number, which are rare, are put in between."""
    forks = [_came(record) for record in await docket.about(FORK_KIND, device.id)]
    forks.sort(key=_order, reverse=True)
    judge, faults = Judge(leeway=leeway), list[Found]()
    count, last, received = 0, None, max((each.received for each in forks), default=None)
    async for record in _events(docket, device.id):
        event = _came(record)
        while forks and _order(forks[-1]) < _order(event):
            faults += judge.add(forks.pop())
        faults += judge.add(event)
        count, last = count + 1, event
        received = event.received if received is None else max(received, event.received)
    for fork in reversed(forks):
        faults += judge.add(fork)
    return Row(
        device=device,
        count=count,
        next=last.seq + 1 if last else 0,
        last_at=last.at if last else None,
        last_received=received,
        faults=tuple(faults),
    )


def _order(came: Came) -> tuple[int, int]:
    return came.seq, came.received


async def _events(docket: Records, device: str) -> AsyncIterator[Record]:
    """A device's events by number."""
    after, prefix = event_id(device, 0)[:-8], event_id(device, 0)[:-8]
    while some := await docket.walk(KIND, after, _STEP):
        for record in some:
            if not record.id.startswith(prefix):
                return
            yield record
        after = some[-1].id


def _came(record: Record) -> Came:
    event = read_event(record.body)
    return Came(event.seq, event.at, record.opened_at, event.digest)
