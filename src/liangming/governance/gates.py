"""Read from the docket what stands open, and put it where every check looks (``check.gates``).

Runs at every start before anything is served, after each step in this process, and every few seconds
for steps that other processes took: :func:`stamp` gives two numbers a kind, and only if one changed is everything read.

Law: face.9, pipl.21, pipl.55
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Final

from liangming.check.gates import Ruling
from liangming.docket import Record, Records
from liangming.docket.clocks import last_day
from liangming.governance.assessment import states as assessments
from liangming.governance.assessment.states import Stage
from liangming.governance.parties import states as parties
from liangming.rights import RightsDesk

SECONDS: Final = 2
"""How often a process looks for steps of others."""
_STEP: Final = 200
_KINDS: Final = (assessments.KIND, parties.KIND)


async def refresh(desk: RightsDesk) -> bool:
    """Read everything anew; gives whether anything changed."""
    rulings: dict[str, Ruling] = {}
    async for row in _every(desk.docket, assessments.KIND):  # by id, that is by time
        study = assessments.read(row)
        if study.stage is Stage.APPROVED:
            rulings[study.about.scene] = _standing(desk, study)
        elif study.stage in {Stage.REOPENED, Stage.WITHDRAWN}:
            earlier = rulings.get(study.about.scene)
            if earlier is None or not earlier.standing:
                rulings[study.about.scene] = Ruling(id=study.about.id, standing=False)
    contracts: dict[str, tuple[date, date]] = {}
    async for row in _every(desk.docket, parties.KIND):
        party = parties.read(row)
        if party.stage is parties.Stage.IN_FORCE:
            contracts[party.terms.code] = (party.terms.since, party.terms.until)
    return desk.premises.gates.put(rulings, contracts)


async def settle(desk: RightsDesk) -> list[str]:
    """For every start: shut what its scene's file no longer fits; gives those scenes."""
    from liangming.governance.assessment.steps import changed_scenes

    shut = await changed_scenes(desk)
    await refresh(desk)
    return shut


async def stamp(desk: RightsDesk) -> tuple[tuple[int, int], ...]:
    """Two numbers for each kind: how many, and when one last changed."""
    return tuple([await desk.docket.stamp(kind) for kind in _KINDS])


def _standing(desk: RightsDesk, study: assessments.Study) -> Ruling:
    about, months = study.about, study.sheet.months
    day = study.approved_on or date.max
    scene = desk.premises.scenes.get(about.scene)
    return Ruling(
        id=about.id,
        standing=scene is not None and assessments.content_of(scene) == about.content,
        approved_on=day,
        approved_by="+".join(signature.by for signature in study.signatures),
        valid_until=last_day(day, months, "months") if months is not None else None,
    )


async def _every(docket: Records, kind: str) -> AsyncIterator[Record]:
    after = ""
    while rows := await docket.walk(kind, after, _STEP):
        for row in rows:
            yield row
        after = rows[-1].id
