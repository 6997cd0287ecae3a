"""Of how many persons devices store a template: what they last said, a number each.

A device states it as a signed event of its own (``device:faces:counted``), or as the number of
templates in its report of how it is (``device:health:reported``): when it changes, and once a day. The newest number of a device stands in one record; who the persons are never leaves the device.
One person in two devices counts twice: the sum is never too small.

Law: face.15
"""

from __future__ import annotations

from typing import Final

import msgspec

from liangming.device import events
from liangming.docket import Record, Records
from liangming.ledger.device import DeviceEvent

KIND: Final = "face-count"
_FACTS: Final = {events.FACES_COUNTED.tag: "persons", "device:health:reported": "templates"}
"""Which fact of which event states it."""
MOST: Final = 10_000_000  # more than any device can hold; a larger number is no number


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What a device last said.

    Attributes:
        at: µs, by the device's clock.
        seq: number of the event that says it.
    """

    device: str
    persons: int
    at: int
    seq: int


def tells(event: DeviceEvent) -> bool:
    """Whether an event states a number that a device can hold."""
    return _number(event) is not None


def _number(event: DeviceEvent) -> int | None:
    said = event.facts.get(_FACTS.get(event.tag, ""))
    if not isinstance(said, int) or isinstance(said, bool):
        return None
    return said if 0 <= said <= MOST else None


def counted_at(device: str) -> str:
    """Where the newest count of a device stands."""
    return f"fcn{device[3:]}"


def counted(row: Record | None, operator: str, event: DeviceEvent, at: int) -> Record | None:
    """The record of a count that has just come; None for other events, or for an older one.

    Args:
        row: what stands there now.
        operator: whose device it is.
        event: that may state a count.
        at: now, in µs.
    """
    persons = _number(event)
    if persons is None:
        return None
    said = Counted(device=event.device, persons=persons, at=event.at, seq=event.seq)
    if row is None:
        return Record(
            id=counted_at(event.device),
            kind=KIND,
            operator=operator,
            about=operator,
            state="counted",
            version=1,
            opened_at=at,
            changed_at=at,
            due_at=None,
            keep_until=None,
            leaf_key=b"",
            body=msgspec.json.encode(said),
        )
    if read(row).seq >= event.seq:
        return None
    return msgspec.structs.replace(
        row, version=row.version + 1, changed_at=at, body=msgspec.json.encode(said)
    )


async def stored(docket: Records, operator: str) -> list[Counted]:
    """The newest count of each device of an operator."""
    return [read(row) for row in await docket.about(KIND, operator)]


def read(row: Record) -> Counted:
    """The count of a record."""
    return msgspec.json.decode(row.body, type=Counted)
