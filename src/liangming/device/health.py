"""How each device last said it is: the newest of its signed health events, kept beside its row."""

from __future__ import annotations

from typing import Final

import msgspec

from liangming.docket import Record, Records
from liangming.ledger.device import DeviceEvent, read_event, read_spelled

KIND: Final = "device-health"
_STATE: Final = "reported"


class Health(msgspec.Struct, frozen=True):
    """What a device said of itself, and when by its own clock (µs)."""

    at: int
    facts: dict[str, bool | int | str]


async def health(docket: Records, device: str) -> Health | None:
    """The newest; None where a device never said any."""
    record = await docket.get(place_of(device))
    if record is None:
        return None
    event = read_event(record.body)
    return Health(event.at, {k: v for k, v in event.facts.items() if not isinstance(v, tuple)})


def place_of(device: str) -> str:
    """Where it is kept."""
    return f"dvh{device[3:]}"


def newer(before: Record | None, operator: str, event: DeviceEvent, at: int) -> Record | None:
    """The record to write for a health event; None if a newer one is there."""
    if before is not None and read_spelled(before.body).seq >= event.seq:
        return None
    return Record(
        id=place_of(event.device),
        kind=KIND,
        operator=operator,
        about=event.device,
        state=_STATE,
        version=1 if before is None else before.version + 1,
        opened_at=at if before is None else before.opened_at,
        changed_at=at,
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=event.encode(),
    )
