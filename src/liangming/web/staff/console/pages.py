"""The console's home: what needs attention, in one look, and where to see why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from liangming.governance import Duty, board
from liangming.scene.model import Text
from liangming.scene.problem import Unlawful
from liangming.web.cited import cited
from liangming.web.house import House, house_of
from liangming.web.staff.console.devices import troubled
from liangming.web.staff.console.standing import judged, standing
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS

SOON: Final = timedelta(days=7)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that may need attention.

    Attributes:
        count: how much of it; nothing needs doing at 0.
        pressing: it is late, or unlawful.
        title: what it is; ``calm``: what is said when there is none.
    """

    count: int
    pressing: bool
    title: Text
    calm: Text
    where: str


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What needs attention."""
    member: Any = only(request, ANSWERS)
    house = house_of(request)
    now = house.premises.clock.now()
    duties = async_to_sync(board)(house.desk, operator=member.operator)
    matters = _matters(house, member.operator, duties, now)
    corpus = house.premises.corpus
    lines = [
        {"duty": duty, "late": duty.is_late(now), "articles": cited(corpus, (duty.article,), 1)}
        for duty in duties[:_SHOWN]
    ]
    context = {
        "matters": matters,
        "open": sum(1 for matter in matters if matter.count),
        "lines": lines,
        "more": max(0, len(duties) - _SHOWN),
    }
    return TemplateResponse(request, "staff/console/home.html", context)


def _matters(house: House, operator: str, duties: list[Duty], now: datetime) -> list[Matter]:
    late = sum(1 for duty in duties if duty.is_late(now))
    soon = sum(1 for duty in duties if not duty.is_late(now) and duty.due < now + SOON)
    unlawful = sum(1 for each in judged(house, operator).values() if isinstance(each, Unlawful))
    out = len(standing(house, operator).standing_out)
    silent = troubled(house, operator)
    return [
        Matter(
            late,
            pressing=True,
            title=Text("逾期的义务", "Duties that are late"),
            calm=Text("没有逾期的义务", "No duty is late"),
            where="/desk/duties",
        ),
        Matter(
            unlawful,
            pressing=True,
            title=Text("今天不合法的场景", "Scenes not lawful today"),
            calm=Text("场景今天都合法", "All scenes are lawful today"),
            where="/staff/console/scenes/?only=unlawful",
        ),
        Matter(
            soon,
            pressing=False,
            title=Text("七日内到期的义务", "Duties due in seven days"),
            calm=Text("七日内没有到期的义务", "No duty is due in seven days"),
            where="/desk/duties",
        ),
        Matter(
            out,
            pressing=False,
            title=Text("选择情况突出的场景", "Scenes where choices stand out"),
            calm=Text("选择情况没有突出之处", "No choices stand out"),
            where="/staff/console/parity/?only=out",
        ),
        Matter(
            silent,
            pressing=False,
            title=Text("缺号、分叉或久未上报的终端", "Devices with gaps, forks or long silence"),
            calm=Text("终端记录没有缺口", "Devices' records have no gap"),
            where="/staff/console/devices/?only=trouble",
        ),
    ]
