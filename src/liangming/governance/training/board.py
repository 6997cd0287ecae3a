"""Training on the board: passes that end within thirty days, or have ended.

The board knows accounts by their commitments only: it counts, and the page of people says who. A
pass that was renewed is not counted; one whose account is gone goes from the board a year later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liangming.clock import from_micros
from liangming.governance.duty import Duty, Kind
from liangming.governance.training.courses import COURSES
from liangming.governance.training.passes import KIND, WARN
from liangming.rights import RightsDesk
from liangming.scene.model import Text

MOST: Final = 50_000
_FORGET: Final = timedelta(days=365)


async def duties(desk: RightsDesk, now: datetime) -> list[Duty]:
    """One for each operator and course, dated by the pass that ends first."""
    ending: dict[tuple[str, str], list[datetime]] = {}
    for row in await desk.docket.due(KIND, now + WARN, MOST):
        until = from_micros(row.due_at or 0)
        if until > now - _FORGET and row.state in COURSES:
            ending.setdefault((row.operator, row.state), []).append(until)
    return [
        Duty(
            id=f"training/{operator}/{course}",
            kind=Kind.TRAINING,
            title=Text(
                f"培训到期：{COURSES[course].title.zh}（{len(days)} 人）",
                f"Training ends: {COURSES[course].title.en} ({len(days)} accounts)",
            ),
            owner="privacy-officer",
            due=min(days),
            article="pipl.51",
            late=Text("到期的人不能再进入岗位", "Whoever lapsed cannot take the role"),
            gate=Text("没有有效的培训，柜台和办理不打开", "Without valid training desk and requests stay shut"),
            do="/desk/training",
            operator=operator,
            standard=True,
        )
        for (operator, course), days in sorted(ending.items())
    ]  # fmt: skip
