"""Devices: enrolled, heard of last, numbers that are missing, second contents, and those revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from liangming.clock import from_micros, micros
from liangming.device import enrolled
from liangming.scene.model import Scene
from liangming.web.house import House, house_of
from liangming.web.staff.console.models import Heard
from liangming.web.staff.console.paging import paged, word
from liangming.web.staff.console.standing import standing
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS

SILENT: Final = timedelta(days=7)
_FILTERS: Final = ("trouble", "revoked")


@dataclass(frozen=True, slots=True)
class Line:
    """One device.

    Attributes:
        came: how many of its numbers came; ``missing`` below the highest did not.
        seen: the device's own time of its latest event.
        silent: enabled, and nothing came for :data:`SILENT`.
    """

    id: str
    name: str
    scene: Scene | None
    enabled: bool
    enrolled_at: datetime | None = None
    came: int = 0
    missing: int = 0
    forks: int = 0
    seen: datetime | None = None
    silent: bool = False

    @property
    def trouble(self) -> bool:
        """Whether somebody should look."""
        return self.enabled and bool(self.missing or self.forks or self.silent)


@login_required
def devices(request: HttpRequest) -> HttpResponse:
    """Every device of the operator's scenes."""
    member: Any = only(request, ANSWERS)
    house = house_of(request)
    stand = standing(house, member.operator)  # carries the counting on
    every = lines_of(house, member.operator)
    wanted = word(request, "only", _FILTERS)
    shown = [
        line
        for line in every
        if (wanted != "trouble" or line.trouble) and (wanted != "revoked" or not line.enabled)
    ]
    context = {
        "paged": paged(request, shown, {"only": wanted}),
        "only": wanted,
        "all": len(every),
        "trouble": sum(1 for line in every if line.trouble),
        "days": SILENT.days,
        "at": stand.at,
    }
    return TemplateResponse(request, "staff/console/devices.html", context)


def troubled(house: House, operator: str) -> int:
    """How many devices somebody should look at."""
    return sum(1 for line in lines_of(house, operator) if line.trouble)


def lines_of(house: House, operator: str) -> list[Line]:
    """Every device, those in trouble first."""
    now = house.premises.clock.now()
    scenes = house.premises.scenes
    heard = {str(each.device): each for each in Heard.objects.all()}
    lines = []
    for device in async_to_sync(enrolled)(house.desk.docket):
        if device.operator != operator:
            continue
        told = heard.get(device.id)
        last = device.enrolled_at if told is None else told.last_at
        lines.append(
            Line(
                id=device.id,
                name=device.name,
                scene=scenes.get(device.scene),
                enabled=device.enabled,
                enrolled_at=from_micros(device.enrolled_at),
                came=0 if told is None else told.came,
                missing=0 if told is None else told.last + 1 - told.came,
                forks=0 if told is None else told.forks,
                seen=None if told is None else from_micros(told.last_at),
                silent=micros(now) - last > SILENT // timedelta(microseconds=1),
            )
        )
    return sorted(lines, key=lambda line: (not line.trouble, not line.enabled, line.id))
