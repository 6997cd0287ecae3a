"""Looks that wait for a second person, on the board. Nobody is late by one: it lapses, and nothing was seen.

Law: pipl.51
"""

from __future__ import annotations

from datetime import datetime

from liangming.governance.duty import Duty, Kind
from liangming.rights import RightsDesk, looks
from liangming.scene.model import Text

MOST = 500


async def duties(desk: RightsDesk, now: datetime) -> list[Duty]:
    """One for each that waits."""
    found = []
    for row in await desk.docket.open(looks.KIND, MOST):
        look = looks.read(row)
        if not look.waits(now):
            continue
        found.append(
            Duty(
                id=look.id,
                kind=Kind.LOOK,
                title=Text(
                    "有人请求查看一份登记：批准，或者不批准",
                    "Somebody asked to look at a record: agree, or do not",
                ),
                owner="privacy-officer",
                due=look.until,
                article="pipl.51",
                late=Text(
                    "到时自动作废，什么都没有打开", "It lapses by itself; nothing was opened"
                ),
                do="/staff/console/looks/",
                operator=look.operator,
                standard=True,
            )
        )
    return found
