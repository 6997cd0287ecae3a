"""What an incident still needs before its handling may end.

Law: pipl.57, courier.35, incident.4
"""

from __future__ import annotations

from liangming.governance.incident.levels import Level, level
from liangming.governance.incident.states import Incident
from liangming.governance.incident.words import Body, Step
from liangming.rights import RightsDesk


def bodies(desk: RightsDesk, incident: Incident) -> tuple[Body, ...]:
    """Whom this incident has to be reported to; the police where the officer sees a crime."""
    needed = [Body.AUTHORITY]
    scenes = desk.premises.scenes.values()
    mine = [scene for scene in scenes if scene.operator.id == incident.operator]
    if any(scene.kind.sends or scene.kind.collects for scene in mine):
        needed.append(Body.POSTAL)
    if level(incident) is not Level.NONE:
        needed.append(Body.PROVINCIAL)
    return tuple(needed)


def unfinished(desk: RightsDesk, incident: Incident) -> list[str]:
    """What is still to be done before handling may end."""
    gaps = [each.value for each in Step if each not in incident.steps]
    if incident.people is None:
        gaps.append("people")
    return gaps + [each.value for each in bodies(desk, incident) if each not in incident.reports]
