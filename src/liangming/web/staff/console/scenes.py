"""Scenes and their lawfulness today: which rule, article and grade; and how each has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from liangming.clock import china_date, from_micros
from liangming.errors import Misuse
from liangming.governance.scene_history import Change, Form, changes, forms_of
from liangming.scene.kinds import KINDS
from liangming.scene.model import Scene, Text
from liangming.scene.problem import Basis, Judgement, Unlawful
from liangming.web.faults import NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.outcomes import GROUNDS
from liangming.web.staff.console.paging import paged, word
from liangming.web.staff.console.standing import judged
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS
from liangming.web.ways import NAMES as WAYS

BASES: Final = {
    Basis.LAW: Text("法律", "law"),
    Basis.STANDARD: Text("推荐性标准，不是法律", "a standard, not law"),
    Basis.HOUSE: Text("亮明自己的规则", "a rule of Liangming itself"),
}
GRADES: Final = {
    "A": Text("A：读过条文全文", "A: the full text was read"),
    "B": Text("B：据可靠页面的引用", "B: as quoted by a reliable page"),
    "C": Text("C：尚未核实，不执行", "C: not verified, not enforced"),
}
_FILTERS: Final = ("unlawful", "face")
_HISTORY: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One scene in the list."""

    scene: Scene
    kind: Text
    lawful: bool
    problems: int


@dataclass(frozen=True, slots=True)
class Version:
    """One form of a scene in its history."""

    form: Form
    since: Any
    changes: list[Change]


@login_required
def scenes(request: HttpRequest) -> HttpResponse:
    """Every scene of the operator."""
    member: Any = only(request, ANSWERS)
    every = judged(house_of(request), member.operator)
    lines = [_line(each) for each in every.values()]
    wanted = word(request, "only", _FILTERS)
    kind = word(request, "kind", {k.value: 0 for k in KINDS})
    shown = [
        line
        for line in sorted(lines, key=lambda line: (line.lawful, line.scene.id))
        if (wanted != "unlawful" or not line.lawful)
        and (wanted != "face" or line.scene.face is not None)
        and kind in {"", line.scene.kind.value}
    ]
    present = {line.scene.kind for line in lines}
    context = {
        "paged": paged(request, shown, {"only": wanted, "kind": kind}),
        "only": wanted,
        "kind": kind,
        "kinds": [(k.value, KINDS[k].title) for k in KINDS if k in present],
        "unlawful": sum(1 for line in lines if not line.lawful),
        "all": len(lines),
    }
    return TemplateResponse(request, "staff/console/scenes.html", context)


@login_required
def scene(request: HttpRequest, scene: str) -> HttpResponse:
    """One scene: today's judgement with articles and grades, its ways, and its history."""
    member: Any = only(request, ANSWERS)
    house = house_of(request)
    found = judged(house, member.operator).get(scene)
    if found is None:
        raise Misuse(NOT_FOUND)
    place = found.scene
    context = {
        "scene": place,
        "kind": KINDS[place.kind].title,
        **_judgement(found),
        "ways": [(WAYS[way.method], way.method.is_face) for way in place.ways],
        **face_now(house, place),
        "history": _history(house, place),
        "most": _HISTORY,
    }
    return TemplateResponse(request, "staff/console/scene.html", context)


def face_now(house: House, scene: Scene) -> dict[str, Any]:
    """The assessment that counts now, whatever the scene's file names, and whether it opens the face."""
    gates = house.premises.gates
    today = china_date(house.premises.clock.now())
    return {"assessment": gates.assessment(scene), "face_open": gates.assessed(scene, today)}


def _line(judgement: Judgement) -> Line:
    place = judgement.scene
    unlawful = isinstance(judgement, Unlawful)
    count = len(judgement.problems) if isinstance(judgement, Unlawful) else 0
    return Line(place, KINDS[place.kind].title, not unlawful, count)


def _judgement(judgement: Judgement) -> dict[str, Any]:
    if isinstance(judgement, Unlawful):
        problems = [
            {
                "problem": each,
                "basis": BASES[each.basis],
                "citations": [(c, GRADES[c.grade.value]) for c in each.citations],
            }
            for each in judgement.problems
        ]
        return {"lawful": False, "problems": problems}
    return {
        "lawful": True,
        "grounds": [GROUNDS.get(ground, Text(ground, ground)) for ground in judgement.grounds],
        "citations": [(c, GRADES[c.grade.value]) for c in judgement.citations],
    }


def _history(house: House, place: Scene) -> list[Version]:
    forms = async_to_sync(forms_of)(house.desk, place.id)[:_HISTORY]
    older = [*forms[1:], None]
    return [
        Version(form, from_micros(form.since), [] if before is None else changes(before, form))
        for form, before in zip(forms, older, strict=True)
    ]
