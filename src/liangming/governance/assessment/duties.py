"""Assessments on the board: a term that runs out, a face that is shut until it is assessed.

Law: pipl.55, pipl.56, face.9
"""

from __future__ import annotations

from datetime import datetime

from liangming.clock import china_date, from_micros
from liangming.docket.clocks import end_of
from liangming.governance.assessment.states import KIND
from liangming.governance.duty import Duty, Kind
from liangming.rights import RightsDesk
from liangming.scene.model import Scene, Text

_GATE = Text("没有有效评估，不提供刷脸", "Without a valid assessment no face is offered")


async def duties(desk: RightsDesk, now: datetime) -> list[Duty]:
    """One for each scene whose assessment runs out or is not there."""
    found = []
    for scene in desk.premises.scenes.values():
        if scene.face is None:
            continue
        assessment = desk.premises.gates.assessment(scene)
        if assessment is None or not assessment.in_force(china_date(now)):
            found.append(await _shut(desk, scene, now))
        elif assessment.valid_until is not None:
            found.append(
                Duty(
                    id=f"assessment/{scene.id}",
                    kind=Kind.ASSESSMENT,
                    title=Text(
                        f"{scene.outlet.name.zh}：刷脸影响评估到期前重做",
                        f"{scene.outlet.name.en}: assess the face anew before it runs out",
                    ),
                    owner="privacy-officer",
                    due=end_of(assessment.valid_until),
                    article="pipl.56",
                    late=Text("到期后这个场景不再提供刷脸", "Afterwards this scene offers no face"),
                    gate=_GATE,
                    do="/desk/assessments",
                    operator=scene.operator.id,
                )
            )
    return found


async def _shut(desk: RightsDesk, scene: Scene, now: datetime) -> Duty:
    rows = await desk.docket.about(KIND, scene.id)
    since = min(from_micros(rows[-1].changed_at), now) if rows else now
    return Duty(
        id=f"assessment/{scene.id}",
        kind=Kind.ASSESSMENT,
        title=Text(
            f"{scene.outlet.name.zh}：刷脸已停，评估并批准后才能恢复",
            f"{scene.outlet.name.en}: the face is shut until it is assessed and approved",
        ),
        owner="privacy-officer",
        due=since,
        article="pipl.55",
        late=Text("没有评估而刷脸是违法情形", "A face without an assessment is a listed violation"),
        gate=_GATE,
        do="/desk/assessments",
        operator=scene.operator.id,
        at_once=True,
    )
