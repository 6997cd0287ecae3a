"""Put the notice where people find it: on the pages that their receipt opens.

The register holds no telephone number, so nobody can be called from here. What exists: the person's
own pages, the public announcement, and a list of receipt codes for whatever channel the operator has.
A record for each person holds the incident and the fields, linked by the person's index; it goes when
the person is erased, and with its term.

Law: pipl.57, netdata.11
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

import msgspec

from liangming import ids
from liangming.check.ports import MOVED_ON
from liangming.check.receipt import code_of
from liangming.clock import china_date, micros
from liangming.docket import Record
from liangming.errors import Misuse
from liangming.governance.incident.scope import touched
from liangming.governance.incident.states import KIND, Incident, read
from liangming.law.values import identity_retention_ceiling_days
from liangming.rights import RightsDesk
from liangming.rights.holds import INCIDENT_NOTICE

PLACE_ID: Final = "inp"
_STEP: Final = 500
_DAY: Final = 86_400_000_000


class Placed(msgspec.Struct, frozen=True):
    """A notice on a person's pages: of which incident, about which of their fields."""

    incident: str
    fields: tuple[str, ...]
    at: datetime


class Notice(msgspec.Struct, frozen=True):
    """What a person finds."""

    incident: Incident
    fields: tuple[str, ...]
    at: datetime


async def persons(desk: RightsDesk, incident: Incident) -> dict[bytes, tuple[str, set[str]]]:
    """Each person who is registered still: their newest check and fields, in memory only."""
    found: dict[bytes, tuple[str, set[str]]] = {}
    if incident.scope is None:
        return found
    async for each in touched(desk, incident.operator, incident.scope.asked):
        if each.person is not None:
            check, fields = found.get(each.person, ("", set[str]()))
            found[each.person] = (max(check, each.check), fields | set(each.fields))
    return found


async def place(desk: RightsDesk, incident: Incident, at: datetime) -> int:
    """Put it on each person's pages; a drill only counts. Gives how many persons.

    Doing it again places nothing twice: a record's id follows from incident and person.
    """
    found = await persons(desk, incident)
    if incident.drill:
        return 0
    rows = [
        _record(incident, person, tuple(sorted(fields)), at)
        for person, (_, fields) in found.items()
    ]
    for start in range(0, len(rows), _STEP):
        some = rows[start : start + _STEP]
        await _stored(desk, some)
        here = await desk.premises.store.persons([bytes.fromhex(row.about) for row in some])
        gone = [row.id for row in some if bytes.fromhex(row.about) not in here]
        if gone:  # erased meanwhile
            await desk.docket.commit([], drop=gone)
    return len(rows)


async def codes(desk: RightsDesk, incident: Incident) -> AsyncIterator[tuple[str, tuple[str, ...]]]:
    """The list of persons to tell: each one's receipt code and fields; no name, no number."""
    token = desk.premises.keys.token
    for check, fields in (await persons(desk, incident)).values():
        yield code_of(token, check), tuple(sorted(fields))


async def notices(desk: RightsDesk, person: bytes | None) -> list[Notice]:
    """What a person finds on their pages."""
    if person is None:
        return []
    found = []
    for row in await desk.docket.about(INCIDENT_NOTICE, person.hex()):
        placed = msgspec.json.decode(row.body, type=Placed)
        of = await desk.docket.get(placed.incident)
        if of is not None and of.kind == KIND:
            found.append(Notice(read(of), placed.fields, placed.at))
    return found


async def _stored(desk: RightsDesk, rows: list[Record]) -> None:
    try:
        await desk.docket.commit(rows)
    except Misuse as twice:
        if twice.code is not MOVED_ON:
            raise
        for row in rows:  # an earlier run stored some of them
            if await desk.docket.get(row.id) is None:
                await desk.docket.commit([row])


def _record(incident: Incident, person: bytes, fields: tuple[str, ...], at: datetime) -> Record:
    days = identity_retention_ceiling_days.at(china_date(at))
    name = hashlib.sha256(incident.id.encode() + person).digest()[:16]
    return Record(
        id=ids.of_number(PLACE_ID, int.from_bytes(name, "big")),
        kind=INCIDENT_NOTICE,
        operator=incident.operator,
        about=person.hex(),
        state="placed",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=micros(at) + days * _DAY,
        leaf_key=b"",
        body=msgspec.json.encode(Placed(incident.id, fields, at)),
    )
