"""Incidents of an operator, listed and counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from liangming.governance.incident.states import KIND, Incident, read
from liangming.governance.incident.words import Certainty
from liangming.rights import RightsDesk

_STEP: Final = 500
_YEAR: Final = timedelta(days=365)


async def listed(desk: RightsDesk, operator: str = "") -> list[Incident]:
    """Every incident and drill that is kept, newest first."""
    found: list[Incident] = []
    after = ""
    while rows := await desk.docket.walk(KIND, after, _STEP):
        found += [read(row) for row in rows if not operator or row.operator == operator]
        after = rows[-1].id
    return found[::-1]


async def within_a_year(desk: RightsDesk, operator: str) -> int:
    """How many real incidents were found within a year; suspected ones count."""
    since = desk.premises.clock.now() - _YEAR
    return sum(
        1
        for each in await listed(desk, operator)
        if not each.drill and each.certainty is not Certainty.UNFOUNDED and each.found_at >= since
    )
