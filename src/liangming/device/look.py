"""What has come from each device, and what is wrong with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from liangming.device.enrol import Enrolled, enrolled
from liangming.device.take import FORK_KIND, KIND, event_id
from liangming.docket import Record, Records
from liangming.ledger.device import LEEWAY, Came, Found, judge, read_event

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
    rows = []
    for device in await enrolled(docket):
        if operator and device.operator != operator:
            continue
        came = [_came(record) async for record in _events(docket, device.id)]
        forks = [_came(record) for record in await docket.about(FORK_KIND, device.id)]
        last = came[-1] if came else None
        everything = sorted([*came, *forks], key=lambda each: (each.seq, each.received))
        rows.append(
            Row(
                device=device,
                count=len(came),
                next=last.seq + 1 if last else 0,
                last_at=last.at if last else None,
                last_received=max((each.received for each in everything), default=None),
                faults=tuple(judge(everything, leeway=leeway)),
            )
        )
    return rows


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
