"""The retention job: nothing outlives its day.

1 holds whose day has come end · 2 registrations whose day has come go, unless a hold stands
3 restrictions and notices of whoever is gone go, for they name the index · 4 looks that nobody decided on or used
lapse · 5 closed records of the docket go when they have been kept long enough
Safe to repeat and to run in several processes. It waits while the clock has just leapt: a wrong year would
end every term at once, and nothing of this can be undone.

Law: pipl.19, pipl.47
"""

from __future__ import annotations

from typing import Final

from liangming.rights.desk import RightsDesk
from liangming.rights.holds import INCIDENT_NOTICE, RESTRICTION, end_due
from liangming.rights.looks import lapse
from liangming.rights.replay import retire

_STEP: Final = 500


async def retain(desk: RightsDesk) -> int:
    """Run once, to the end; returns how many registrations went."""
    if not desk.premises.clock.settled():
        return 0
    at = desk.premises.clock.now()
    while await end_due(desk, at, _STEP):  # 1
        pass
    gone = await retire(desk)  # 2
    await _forget(desk, RESTRICTION)  # 3
    if gone:
        await _forget(desk, INCIDENT_NOTICE)
    await lapse(desk)  # 4
    while over := await desk.docket.over(at, _STEP):  # 5
        await desk.docket.commit([], drop=over)
    return gone


async def _forget(desk: RightsDesk, kind: str) -> None:
    after = ""
    while rows := await desk.docket.walk(kind, after, _STEP):
        here = await desk.premises.store.persons([bytes.fromhex(row.about) for row in rows])
        gone = [row.id for row in rows if bytes.fromhex(row.about) not in here]
        if gone:
            await desk.docket.commit([], drop=gone)
        after = rows[-1].id
