"""How people choose and fare, outlet by outlet: shares, times, completion, and what stands out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from liangming.governance.choices import FLOOR, Interval, Row, Shown
from liangming.governance.choices.fold import NO_WAY
from liangming.governance.choices.look import OTHERS
from liangming.law.words import Method
from liangming.scene.kinds import KINDS
from liangming.scene.model import Scene, Text
from liangming.web.house import house_of
from liangming.web.staff.console.paging import number, paged, word
from liangming.web.staff.console.standing import months, standing
from liangming.web.staff.menu import only
from liangming.web.staff.roles import ANSWERS
from liangming.web.ways import NAMES

_LEFT: Final = Text("没有选就离开", "Left before choosing")
_TOGETHER: Final = Text("其他方式合计", "Other ways together")
_LONGEST: Final = 40
_SIZES: Final = (10, 25, 50)
_FOUND: Final = 10  # a search shows so many: an address cannot hold it, so it has no next page


def _face(row: Row) -> float:
    return row.face.at if row.face is not None else -1.0


SORTS: Final[dict[str, tuple[Text, Callable[[Row], Any]]]] = {
    "out": (Text("突出的在前", "What stands out first"), lambda r: (-len(r.stands_out), r.scene)),
    "face": (Text("刷脸比例高的在前", "Most faces first"), lambda r: (-_face(r), r.scene)),
    "checks": (Text("查验多的在前", "Most checks first"), lambda r: (-(r.ended or 0), r.scene)),
    "scene": (Text("按场景编号", "By scene"), lambda r: r.scene),
}
_FILTERS: Final = ("out", "face")


@dataclass(frozen=True, slots=True)
class Way:
    """One way as shown: words, figures, and bars as numbers between 0 and 100."""

    name: Text
    shown: Shown
    share: tuple[float, float, float]
    completion: tuple[float, float, float] | None
    time: tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One scene as shown."""

    row: Row
    scene: Scene | None
    kind: Text
    ways: list[Way]


@login_required
def parity(request: HttpRequest) -> HttpResponse:
    """Every scene of the operator, a page at a time.

    A search comes as a form, so that what somebody types never stands in an address.
    """
    member: Any = only(request, ANSWERS)
    house = house_of(request)
    every = months(house, member.operator)
    month = number(request, "month", 0)
    chosen = (month,) if month in every else ()
    stand = standing(house, member.operator, chosen)
    wanted = word(request, "only", _FILTERS)
    kind = word(request, "kind", {k.value: 0 for k in KINDS})
    sort = word(request, "sort", SORTS) or "out"
    typed = request.POST.get("find", "").strip()[:_LONGEST] if request.method == "POST" else ""
    scenes = house.premises.scenes
    rows = [
        row
        for row in sorted(stand.rows, key=SORTS[sort][1])
        if (wanted != "out" or row.stands_out)
        and (wanted != "face" or row.face is not None)
        and kind in {"", row.kind}
        and (not typed or _found(typed.casefold(), row, scenes.get(row.scene)))
    ]
    kept = {"only": wanted, "kind": kind, "sort": sort, "month": str(month) if chosen else ""}
    some = paged(request, rows[:_FOUND] if typed else rows, kept, _SIZES)
    context = {
        "paged": some,
        "lines": [_line(row, scenes.get(row.scene)) for row in some.items],
        "all": len(stand.rows),
        "out": len(stand.standing_out),
        "counted": stand.counted,
        "at": stand.at,
        "floor": FLOOR,
        "month": month if chosen else 0,
        "months": [(each, f"{each // 100}-{each % 100:02}") for each in every],
        "sort": sort,
        "sorts": [(name, text) for name, (text, _) in SORTS.items()],
        "only": wanted,
        "kind": kind,
        "kinds": [(k.value, KINDS[k].title) for k in KINDS if k.value in _kinds(stand.rows)],
        "typed": bool(typed),
        "found": len(rows),
    }
    return TemplateResponse(request, "staff/console/parity.html", context)


def _kinds(rows: tuple[Row, ...]) -> set[str]:
    return {row.kind for row in rows}


def _found(typed: str, row: Row, scene: Scene | None) -> bool:
    told = [row.scene, row.outlet]
    if scene is not None:
        told += [scene.outlet.name.zh, scene.outlet.name.en]
    return any(typed in each.casefold() for each in told)


def _line(row: Row, scene: Scene | None) -> Line:
    titles = {k.value: KINDS[k].title for k in KINDS}
    return Line(
        row=row,
        scene=scene,
        kind=titles.get(row.kind, Text(row.kind, row.kind)),
        ways=[_way(each) for each in row.ways],
    )


def _way(shown: Shown) -> Way:
    return Way(
        name=_name(shown.way),
        shown=shown,
        share=_bar(shown.share),
        completion=None if shown.completion is None else _bar(shown.completion),
        time=None if shown.time is None else _times(shown.time),
    )


def _name(way: str) -> Text:
    if way == OTHERS:
        return _TOGETHER
    return _LEFT if way == NO_WAY else NAMES[Method(way)]


def _bar(share: Interval) -> tuple[float, float, float]:
    """Figure, and the ends of its interval, in percent."""
    at, low, high = (round(100 * each, 1) for each in (share.at, share.low, share.high))
    return at, low, high


def _times(time: Interval) -> tuple[str, str, str]:
    at, low, high = (f"{s:.1f}" if s < 10 else f"{s:.0f}" for s in (time.at, time.low, time.high))  # noqa: PLR2004
    return at, low, high
