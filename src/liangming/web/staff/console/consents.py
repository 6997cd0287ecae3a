"""Consents by purpose and notice: given, withdrawn, ended with their check. No names, no list of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from liangming.scene.model import Text
from liangming.web.house import house_of
from liangming.web.staff.console.models import Consents
from liangming.web.staff.console.notices import live
from liangming.web.staff.console.paging import paged
from liangming.web.staff.console.standing import standing
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS

PURPOSES: Final = {
    "face-match": Text("在本机上 1:1 比对人脸与证件", "1:1 comparison of face and document, here")
}


@dataclass(frozen=True, slots=True)
class Line:
    """Consents to one purpose under one notice.

    Attributes:
        version: of the notice; empty when its text is no longer live.
        scenes: at how many scenes.
        standing: given and not withdrawn.
        old: given under a notice that is live no more.
    """

    purpose: Text
    notice: str
    version: str
    scenes: int
    given: int
    withdrawn: int
    over: int
    old: bool

    @property
    def standing(self) -> int:
        """Given in a check that has not ended, and not withdrawn."""
        return self.given - self.withdrawn - self.over


@login_required
def consents(request: HttpRequest) -> HttpResponse:
    """Counts by purpose and notice."""
    member: Any = only(request, ANSWERS)
    house = house_of(request)
    stand = standing(house, member.operator)  # carries the counting on
    known = {each.digest: each.notice.version for each in live(house, member.operator)}
    rows = (
        Consents.objects.filter(operator=member.operator)
        .values_list("purpose", "notice")
        .annotate(Sum("given"), Sum("withdrawn"), Sum("over"))
        .order_by("purpose", "notice")
    )
    scenes = dict[tuple[str, str], int]()
    for purpose, notice in Consents.objects.filter(operator=member.operator).values_list(
        "purpose", "notice"
    ):
        scenes[purpose, notice] = scenes.get((purpose, notice), 0) + 1
    lines = [
        Line(
            purpose=PURPOSES.get(purpose, Text(purpose, purpose)),
            notice=notice,
            version=known.get(notice, ""),
            scenes=scenes.get((purpose, notice), 0),
            given=given,
            withdrawn=withdrawn,
            over=over,
            old=notice not in known,
        )
        for purpose, notice, given, withdrawn, over in rows
    ]
    lines.sort(key=lambda line: (line.old, -line.given))
    context = {
        "paged": paged(request, lines, {}),
        "given": sum(line.given for line in lines),
        "withdrawn": sum(line.withdrawn for line in lines),
        "counted": stand.counted,
        "at": stand.at,
    }
    return TemplateResponse(request, "staff/console/consents.html", context)
