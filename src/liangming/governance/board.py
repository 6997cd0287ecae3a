"""The duties board (义务看板): what is due, whose, by which article, and what happens if it is late.

Everything is read afresh from what the system knows: open requests, commands that no device has
acknowledged, holds that end, assessments that run out, registrations beyond their day, duties that
come again. Nothing is entered by hand but that a periodic duty was done; nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Final

import msgspec

from liangming.clock import china_date, from_micros
from liangming.docket.clocks import end_of
from liangming.docket.holidays import NOTICES
from liangming.governance import faces, looks, processing, thresholds, watching
from liangming.governance.assessment import duties as assessments
from liangming.governance.duty import (
    ANSWERED_LATE,
    ERASED_LATE,
    STILL_PROCESSED,
    Duty,
    Kind,
)
from liangming.governance.incident import duties as incidents
from liangming.governance.notices import board as notices
from liangming.governance.parties import duties as parties
from liangming.governance.periodic import TASKS, due_of
from liangming.governance.reports import desk as reports
from liangming.governance.selfcheck import steps as selfcheck
from liangming.governance.training import board as training
from liangming.rights import RightsDesk, commands, states
from liangming.rights import desk as requests
from liangming.rights.holds import HOLD, Hold
from liangming.rights.replay import standing
from liangming.rights.words import NAMES
from liangming.rules import Rank
from liangming.scene.model import NOTHING, Text

MOST: Final = 500  # of one kind; beyond it the earliest are shown
CAMERA_SHUT: Final = Text("凭这份同意不再开启摄像头", "No camera opens under this consent")
_NOTICE_MONTH: Final = 12  # a year's notice is out by then

Source = Callable[[RightsDesk, datetime], Awaitable[list[Duty]]]
"""Duties of one kind that stand at a moment: each kind is a module with a function ``duties``."""


async def board(desk: RightsDesk, *, operator: str = "") -> list[Duty]:
    """Every duty that stands, the earliest due first.

    Args:
        operator: only this operator's, and those of the installation; all when empty.
    """
    now = desk.premises.clock.now()
    duties = [duty for source in SOURCES for duty in await source(desk, now)]
    mine = [duty for duty in duties if not operator or duty.operator in {"", operator}]
    order = list(Kind)
    return sorted(mine, key=lambda duty: (duty.due, order.index(duty.kind), duty.id))


async def _overdue(desk: RightsDesk, now: datetime) -> list[Duty]:
    count = await standing(desk)
    if not count:
        return []
    return [
        Duty(
            id="overdue",
            kind=Kind.OVERDUE,
            title=Text(
                f"{count} 份登记过了期限还在", f"{count} registrations are beyond their day"
            ),
            owner="operations",
            due=now,
            article="pipl.47",
            late=ERASED_LATE,
            do="liangming serve",
        )
    ]


async def _requests(desk: RightsDesk, _now: datetime) -> list[Duty]:
    duties = []
    for row in await desk.docket.open(requests.KIND, MOST):
        state = states.decode(row.body)
        name = NAMES[state.about.right]
        review = "（复核）" if state.round > 1 else ""
        duties.append(
            Duty(
                id=row.id,
                kind=Kind.REQUEST,
                title=Text(f"{name.zh}{review}", name.en + (" (review)" if review else "")),
                owner=state.owner,
                due=state.due.at,
                article=state.due.article,
                late=ANSWERED_LATE,
                do=f"/desk/requests/{row.id}",
                operator=row.operator,
                standard=_standard(desk, state.due.article),
                may_move=bool(state.due.unpublished),
            )
        )
    return duties


async def _commands(desk: RightsDesk, _now: datetime) -> list[Duty]:
    return [
        Duty(
            id=row.id,
            kind=Kind.COMMAND,
            title=Text(
                f"终端 {row.about} 尚未确认指令",
                f"Device {row.about} has not acknowledged a command",
            ),
            owner="operations",
            due=from_micros(row.due_at or row.opened_at),
            article="pipl.15",
            late=STILL_PROCESSED,
            gate=CAMERA_SHUT if commands.read(row).deed == commands.STOP else NOTHING,
            do="liangming rights commands",
            operator=row.operator,
            standard=True,
        )
        for row in await desk.docket.open(commands.KIND, MOST)
    ]


async def _holds(desk: RightsDesk, _now: datetime) -> list[Duty]:
    duties = []
    for row in await desk.docket.open(HOLD, MOST):
        held = msgspec.json.decode(row.body, type=Hold)
        duties.append(
            Duty(
                id=row.id,
                kind=Kind.HOLD,
                title=Text("保全到期前复核是否还需要", "Is this hold still needed?"),
                owner="legal",
                due=held.until,
                article=held.article,
                late=Text(
                    "到期自动结束，登记照常删除", "It ends by itself; the registration is erased"
                ),
                do=f"liangming rights lift {row.id}",
                operator=row.operator,
            )
        )
    return duties


async def _periodic(desk: RightsDesk, _now: datetime) -> list[Duty]:
    return [
        Duty(
            id=f"periodic/{task.id}",
            kind=Kind.PERIODIC,
            title=task.title,
            owner=task.owner,
            due=await due_of(desk.premises, desk.docket, task),
            article=task.article,
            late=task.late,
            do=task.do,
            standard=task.standard or task.of_house,
        )
        for task in TASKS.values()
    ]


async def _calendar(_desk: RightsDesk, now: datetime) -> list[Duty]:
    """A year without a known notice, from the December before it."""
    today = china_date(now)
    wanted = today.year + (today.month >= _NOTICE_MONTH)
    if wanted in NOTICES:
        return []
    return [
        Duty(
            id=f"calendar/{wanted}",
            kind=Kind.CALENDAR,
            title=Text(
                f"升级：{wanted} 年放假安排尚未收录",
                f"Upgrade: days off of {wanted} are not known yet",
            ),
            owner="operations",
            due=end_of(date(wanted - 1, 12, 31)),
            article="app191.6",
            late=Text("工作日的期限只按星期计算", "Working days count by the week alone"),
            do="upgrade liangming",
            standard=True,
        )
    ]


def _standard(desk: RightsDesk, article: str) -> bool:
    found = desk.premises.corpus.articles.get(article)
    if found is None:
        return False
    return desk.premises.corpus.instruments[found.instrument].rank is Rank.STANDARD


SOURCES: Final[tuple[Source, ...]] = (
    _overdue,
    _requests,
    _commands,
    _holds,
    incidents.duties,
    assessments.duties,
    parties.duties,
    faces.duties,
    _periodic,
    _calendar,
    notices.duties,
    reports.duties,
    training.duties,
    processing.duties,
    thresholds.duties,
    selfcheck.duties,
    watching.duties,
    looks.duties,
)
"""Everything that the board reads, each time anew."""
