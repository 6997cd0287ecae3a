"""What officers do, in short words for tests."""

from __future__ import annotations

from datetime import timedelta

from liangming.governance.assessment import Study, begin, sign, write
from liangming.governance.assessment.questions import DIMENSIONS, FACTORS, QUESTIONS, Choice
from liangming.governance.assessment.states import Answer, Rated, Sheet
from liangming.governance.incident import steps
from liangming.governance.incident.needs import bodies
from liangming.governance.incident.reporting import report
from liangming.governance.incident.states import Asked, Basis, Incident
from liangming.governance.incident.steps import Description
from liangming.governance.incident.words import (
    Advice,
    Cause,
    Certainty,
    Harm,
    Nature,
    Remedy,
    Step,
)
from liangming.governance.sending import Channel, Sent
from liangming.rights import RightsDesk

FIRST, SECOND = "officer-one", "officer-two"
FULL = Sheet(
    answers={name: Answer(Choice.YES, "已核对现场和记录") for name in QUESTIONS},
    impacts={name: Rated(2, "可以换一种方式") for name in DIMENSIONS},
    factors={name: Rated(1, "措施有效") for name in FACTORS},
    conclusion="可以继续，按年复查。",
)
SAID = Description(
    certainty=Certainty.CONFIRMED,
    causes=(Cause.ACCOUNT,),
    harms=(Harm.FRAUD,),
    remedies=(Remedy.STOPPED,),
    advice=(Advice.CALLS, Advice.ERASE),
)


def went(desk: RightsDesk, reference: str, **more: object) -> Sent:
    """Something sent now through the authority's own system."""
    said = {"at": desk.premises.clock.now(), "channel": Channel.SYSTEM, **more}
    return Sent(reference=reference, **said)  # type: ignore[arg-type]


async def approved(desk: RightsDesk, scene: str = "demo.face", sheet: Sheet = FULL) -> Study:
    """An assessment that two approved."""
    about = (await begin(desk, scene, FIRST)).about
    await write(desk, about.id, sheet, FIRST)
    await sign(desk, about.id, FIRST)
    return await sign(desk, about.id, SECOND)


async def scoped(
    desk: RightsDesk, *, operator: str = "demo", drill: bool = False, **asked: object
) -> Incident:
    """An incident that is described and counted."""
    found = await steps.find(desk, operator, Nature.LEAK, FIRST, drill=drill)
    await steps.describe(desk, found.id, SAID, FIRST)
    now = desk.premises.clock.now()
    span = {"since": now - timedelta(days=30), "until": now + timedelta(seconds=1)}
    wanted = {"basis": Basis.READINGS, **span, **asked}
    return await steps.scope(desk, found.id, Asked(**wanted), FIRST)  # type: ignore[arg-type]


async def ended(desk: RightsDesk, incident: str) -> Incident:
    """Everything that is left of an incident, done."""
    for each in Step:
        if each is not Step.SCOPE:
            await steps.step(desk, incident, each, FIRST)
    told = await steps.tell(desk, incident, FIRST)
    for body in bodies(desk, told):
        await report(desk, incident, body, went(desk, "R-2026-1"), FIRST)
    return await steps.handled(desk, incident, SECOND)
