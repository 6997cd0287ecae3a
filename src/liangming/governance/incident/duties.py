"""An incident on the board: what is to be done at once, the hours where they run, the summary.

Law: pipl.57, courier.35, incident.4, incident.8
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liangming.governance.duty import Duty, Kind
from liangming.governance.incident import levels
from liangming.governance.incident.counting import listed
from liangming.governance.incident.needs import bodies, unfinished
from liangming.governance.incident.states import Incident
from liangming.governance.incident.words import BODIES, NATURES, Body, Certainty
from liangming.rights import RightsDesk
from liangming.scene.model import Text

_APART: Final = frozenset({Body.POSTAL.value, Body.PROVINCIAL.value})
_LATE: Final = Text(
    "迟报、漏报、瞒报的从重；个人可能受到本可避免的危害",
    "Late or hidden reports weigh heavier; people may come to harm that could be avoided",
)


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """Everything that every open incident asks for."""
    found: list[Duty] = []
    for incident in await listed(desk):
        if incident.certainty is not Certainty.UNFOUNDED:
            found += _of(desk, incident)
    return found


def _of(desk: RightsDesk, incident: Incident) -> list[Duty]:
    if incident.handled_at is not None:
        by = levels.summary_by(incident)
        if by is None or incident.summary is not None:
            return []
        said = Text("事件总结报告", "Summary of an incident")
        return [_duty(incident, "summary", said, by.at, "incident.8")]
    return [*_at_once(desk, incident), *_in_hours(incident)]


def _at_once(desk: RightsDesk, incident: Incident) -> list[Duty]:
    """What no article gives a number for: one line for all that is left, and one for the post."""
    gaps = [gap for gap in unfinished(desk, incident) if gap not in _APART]
    nature = NATURES[incident.nature]
    said = Text(
        f"个人信息{nature.zh}：还差 {len(gaps)} 项",
        f"A {nature.en} of personal data: {len(gaps)} to go",
    )
    if not unfinished(desk, incident):
        said = Text("事件可以结束处置", "Handling of an incident can be ended")
    found = []
    if gaps or not unfinished(desk, incident):
        found.append(_duty(incident, "now", said, incident.found_at, "pipl.57", at_once=True))
    if Body.POSTAL in bodies(desk, incident) and Body.POSTAL not in incident.reports:
        said = Text(f"报告{BODIES[Body.POSTAL].zh}", f"Report to {BODIES[Body.POSTAL].en}")
        found.append(_duty(incident, "postal", said, incident.found_at, "courier.35", at_once=True))
    return found


def _in_hours(incident: Incident) -> list[Duty]:
    """The report that has hours, where they run."""
    by = levels.report_by(incident)
    if by is None or Body.PROVINCIAL in incident.reports:
        return []
    said = Text(f"报告{BODIES[Body.PROVINCIAL].zh}", f"Report to {BODIES[Body.PROVINCIAL].en}")
    return [_duty(incident, "provincial", said, by.at, "incident.4")]


def _duty(
    incident: Incident,
    what: str,
    title: Text,
    due: datetime,
    article: str,
    *,
    at_once: bool = False,
) -> Duty:
    mark = Text("【演练】", "[Drill] ") if incident.drill else Text("", "")
    return Duty(
        id=f"{incident.id}/{what}",
        kind=Kind.INCIDENT,
        title=Text(mark.zh + title.zh, mark.en + title.en),
        owner="privacy-officer",
        due=due,
        article=article,
        late=_LATE,
        do=f"/desk/incidents/{incident.id}",
        operator=incident.operator,
        at_once=at_once,
    )
