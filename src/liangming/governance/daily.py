"""The daily audit's turn: each day is audited once, whichever of several services takes it.

1 :func:`take` writes the day's record, or moves one whose holder went silent or failed; a version
  decides, so that of services that ask at once one has it, on SQLite and on PostgreSQL;
2 :func:`hold` says every few minutes that it is still being done;
3 :func:`done` keeps the result in the record, where the boards of all services read it;
  :func:`failed` gives the turn back, to be taken again after a while, a few times a day.

A crash between any two of them: the record stays *running*, and once nobody has held it for
:data:`SILENT` the next service, or the next start of the same one, takes it.

Law: pipl.54 (regular audit; that it is daily is our own)
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check.ports import MOVED_ON
from liangming.clock import from_micros, micros
from liangming.docket import Record, Records
from liangming.errors import Misuse

KIND: Final = "audit-day"
ABOUT: Final = "daily"
RUNNING: Final = "running"
FAILED: Final = "failed"
DONE: Final = "done"
HOLD_SECONDS: Final = 300
SILENT: Final = timedelta(seconds=3 * HOLD_SECONDS)
AGAIN: Final = timedelta(hours=1)
MOST_TRIES: Final = 3
KEPT: Final = timedelta(days=400)
_PREFIX: Final = "ady"
_LOOKED_AT: Final = 8


class Body(msgspec.Struct, frozen=True):
    """What a day's record holds.

    Attributes:
        tries: how often it was begun.
        result: as ``liangming audit watch`` leaves it (``docs/spec/watch.md``); empty until done.
    """

    tries: int
    result: msgspec.Raw = msgspec.Raw(b"null")


async def take(records: Records, on: date, now: datetime) -> Record | None:
    """The turn of a day, None where another has it, or had it.

    Raises:
        Outage: the store cannot be read or written.
    """
    held = await records.get(_id(on))
    if held is None:
        mine = Record(
            id=_id(on),
            kind=KIND,
            operator="",
            about=ABOUT,
            state=RUNNING,
            version=1,
            opened_at=micros(now),
            changed_at=micros(now),
            due_at=None,
            keep_until=micros(now + KEPT),
            leaf_key=b"",
            body=msgspec.json.encode(Body(1)),
        )
    else:
        tries = msgspec.json.decode(held.body, type=Body).tries
        quiet = now - from_micros(held.changed_at)
        waited = {RUNNING: SILENT, FAILED: AGAIN}.get(held.state)
        if waited is None or quiet < waited or tries >= MOST_TRIES:
            return None
        mine = _moved(held, now, state=RUNNING, body=Body(tries + 1))
    return mine if await _lands(records, mine) else None


async def hold(records: Records, mine: Record, now: datetime) -> Record | None:
    """The turn, held on; None where another took it meanwhile."""
    held = _moved(mine, now)
    return held if await _lands(records, held) else None


async def done(records: Records, mine: Record, now: datetime, result: bytes) -> bool:
    """Keep what came out of the day; whether the turn was still ours."""
    tries = msgspec.json.decode(mine.body, type=Body).tries
    body = Body(tries, msgspec.Raw(result))
    return await _lands(records, _moved(mine, now, state=DONE, body=body))


async def failed(records: Records, mine: Record, now: datetime) -> bool:
    """Give the turn back; whether it was still ours."""
    return await _lands(records, _moved(mine, now, state=FAILED))


async def newest(records: Records) -> bytes:
    """The newest result that any service made; empty where there is none."""
    for record in await records.latest(KIND, ABOUT, "", _LOOKED_AT):
        if record.state == DONE:
            return bytes(msgspec.json.decode(record.body, type=Body).result)
    return b""


def _moved(
    record: Record, now: datetime, *, state: str | None = None, body: Body | None = None
) -> Record:
    return msgspec.structs.replace(
        record,
        version=record.version + 1,
        changed_at=micros(now),
        state=record.state if state is None else state,
        body=record.body if body is None else msgspec.json.encode(body),
    )


async def _lands(records: Records, record: Record) -> bool:
    try:
        await records.commit([record])
    except Misuse as failure:
        if failure.code is not MOVED_ON:
            raise
        return False
    return True


def _id(on: date) -> str:
    """The same in every service, and in the order of days."""
    return ids.of_number(_PREFIX, on.toordinal())
