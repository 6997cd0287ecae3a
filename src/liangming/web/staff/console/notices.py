"""What people are told: every notice that is live, its version, digest, languages, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from liangming.errors import Misuse
from liangming.notice import FACE, Notice
from liangming.scene.model import Scene
from liangming.web.faults import NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.staff.console.paging import paged, word
from liangming.web.staff.console.standing import scenes_of
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS


@dataclass(slots=True)
class Live:
    """One notice and the scenes that show it."""

    notice: Notice
    digest: str
    scenes: list[Scene] = field(default_factory=list)


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice that is live, by wording and version."""
    member: Any = only(request, ANSWERS)
    every = live(house_of(request), member.operator)
    versions = sorted({each.notice.version for each in every})
    wanted = word(request, "version", versions)
    shown = [each for each in every if wanted in {"", each.notice.version}]
    context = {
        "paged": paged(request, shown, {"version": wanted}),
        "versions": [
            (version, sum(1 for each in every if each.notice.version == version))
            for version in versions
        ],
        "version": wanted,
    }
    return TemplateResponse(request, "staff/console/notices.html", context)


@login_required
def notice(request: HttpRequest, digest: str) -> HttpResponse:
    """One notice, word for word in both languages, and the scenes that show it."""
    member: Any = only(request, ANSWERS)
    every = live(house_of(request), member.operator)
    found = next((each for each in every if each.digest == digest), None)
    if found is None:
        raise Misuse(NOT_FOUND)
    context = {"live": found, "paged": paged(request, found.scenes, {})}
    return TemplateResponse(request, "staff/console/notice.html", context)


def live(house: House, operator: str) -> list[Live]:
    """The notices of an operator's live scenes; they are composed once in a process."""
    known: list[Live] | None = house.shelf.get(("notices", operator))
    if known is not None:
        return known
    found: dict[str, Live] = {}
    for scene in scenes_of(house, operator):
        for family in ("", FACE) if scene.face is not None else ("",):
            told = house.premises.notice(scene, family)
            found.setdefault(told.digest, Live(told.notice, told.digest)).scenes.append(scene)
    made = sorted(found.values(), key=lambda each: (each.notice.version, each.digest))
    house.shelf["notices", operator] = made
    return made
