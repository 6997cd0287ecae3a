"""Notices on the board: what nobody approved yet, and what waits for a second person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from liangming.clock import china_date, from_micros
from liangming.docket.clocks import end_of
from liangming.governance.duty import Duty, Kind
from liangming.governance.notices.approve import listed, used
from liangming.governance.notices.states import Approved, Draft, begins
from liangming.rights import RightsDesk
from liangming.scene.model import Text

FIRST_DAYS: Final = 30  # to approve what the release brought; ours
_OWNER: Final = "privacy-officer"


async def duties(desk: RightsDesk, _now: datetime) -> list[Duty]:
    """One for each family that was never approved, and one for each draft."""
    known = await listed(desk)
    approved = {
        (state.operator, state.wording.family) for state in known if isinstance(state, Approved)
    }
    born = china_date(from_micros(desk.premises.keys.wrapping[0].made))
    made = [
        Duty(
            id=f"notice/{operator}/{family}",
            kind=Kind.NOTICE,
            title=Text(
                f"告知 {family} 还没有两个人批准", f"Notice {family}: not approved by two yet"
            ),
            owner=_OWNER,
            due=end_of(born + timedelta(days=FIRST_DAYS)),
            article="pipl.17",
            late=Text(
                "升级本系统会换掉没有批准过的告知", "An upgrade replaces what nobody approved"
            ),
            do=f"/desk/notices/{family}?operator={operator}",
            operator=operator,
            standard=True,
        )
        for operator, family in used(desk.premises)
        if (operator, family) not in approved
    ]
    made += [
        Duty(
            id=state.id,
            kind=Kind.NOTICE,
            title=Text(
                f"告知 {state.wording.family} 的新版本等待第二个人批准",
                f"Notice {state.wording.family}: a new version waits for a second person",
            ),
            owner=_OWNER,
            due=begins(state.since),
            article="pipl.17",
            late=Text(
                "没有在生效日之前批准，这个版本不生效",
                "Not approved before its day: it does not take effect",
            ),
            do=f"/desk/notices/{state.wording.family}?operator={state.operator}",
            operator=state.operator,
            standard=True,
        )
        for state in known
        if isinstance(state, Draft)
    ]
    return made
