"""Reports by anybody (举报): one page without account or proof, and a code to come back with.

1 our own slip, not too fast · 2 the hidden field that only programs fill · 3 a place that exists
4 not too many from one place or for one outlet · 5 the report is durable, the code is shown
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.check.receipt.code import check_of, code_of, typed
from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.governance import reports
from liangming.governance.reports.desk import FOLLOW, LONGEST, REPORT_ID, answer_of, clock_of
from liangming.governance.reports.faults import UNKNOWN
from liangming.governance.reports.states import Answered, Received, State
from liangming.governance.reports.words import OUTCOMES, TOPICS, Topic
from liangming.scene.model import Scene, Text
from liangming.web import slip
from liangming.web.cited import cited
from liangming.web.faults import FORM_UNFIT
from liangming.web.house import House, house_of
from liangming.web.page import page

MOST_OUTLETS: Final = 200
STANDING: Final = {
    "received": Text("已收到，等待分派", "Received; it is waiting for an owner"),
    "taken": Text("正在办理", "In hand"),
    "answered": Text("已答复", "Answered"),
}
_REVIEW: Final = Text("复核中，换人办理", "Under review by somebody else")
_ARTICLES: Final = ("netdata.20", "pipl.65")


async def report(request: HttpRequest, scene: str = "") -> HttpResponse:
    """The form; at a scene's own address the place is known."""
    house = house_of(request)
    place = house.scene(scene) if scene else None
    if request.method == "POST":
        return await _received(request, house, place)
    return page(request, "report/form.html", _form(house, place))


async def find(request: HttpRequest) -> HttpResponse:
    """Come back with the code."""
    code = typed(request.POST.get("code", "")[:80], FOLLOW)
    _report_of(house_of(request), code)
    return HttpResponseRedirect(f"/report/f/{code}")


async def follow(request: HttpRequest, code: str) -> HttpResponse:
    """How it stands, what was answered, and one review."""
    house = house_of(request)
    number = _report_of(house, code)
    if request.method == "POST":
        if request.POST.get("do") != "appeal":
            raise Misuse(FORM_UNFIT)
        await reports.appeal(house.desk, number)
        return HttpResponseRedirect(f"/report/f/{code}")
    state = (await reports.held(house.desk, number)).state
    closed = isinstance(state, Answered)
    context = {
        **_about(house, state),
        "follow": code,
        "fresh": isinstance(state, Received) and "new" in request.GET,
        "standing": _REVIEW if not closed and state.round > 1 else STANDING[_tag(state)],
        "topic": TOPICS[state.topic],
        "asked_at": state.about.at,
        "unclosed": not closed,
        "due": state.due,
        "words": OUTCOMES[state.outcome] if isinstance(state, Answered) else None,
        "reply": await answer_of(house.desk, number) if closed else "",
        "reviewable": closed and state.round == 1,
        "articles": cited(house.premises.corpus, (state.due.article, *_ARTICLES), 3),
    }
    return page(request, "report/follow.html", context)


async def _received(request: HttpRequest, house: House, place: Scene | None) -> HttpResponse:
    form, at = request.POST, house.premises.clock.now()
    number = slip.spend(house, REPORT_ID, form.get("slip", ""), at)  # 1
    if form.get("website"):  # 2
        raise Misuse(FORM_UNFIT)
    operator, outlet = _where(house, place, form)  # 3
    topic = _topic(form)
    for limiter, key in (
        (house.reports, f"outlet/{operator}/{outlet}"),
        (house.reporters, slip.stranger(request)),
    ):  # 4
        if key is not None:
            limiter.admit(key, at)
            limiter.failed(key, at)
    receiving = reports.Receiving(
        id=number,
        operator=operator,
        outlet=outlet,
        scene=place.id if place is not None else "",
        topic=topic,
        words=form.get("words", ""),
    )
    await reports.receive(house.desk, receiving)  # 5
    code = code_of(house.premises.keys.token, number, FOLLOW)
    return HttpResponseRedirect(f"/report/f/{code}?new=yes")


def _form(house: House, place: Scene | None) -> dict[str, Any]:
    corpus, now = house.premises.corpus, house.premises.clock.now()
    clocks = {"courier_complaint_days", "request_working_days"}
    since = {name: corpus.values[name].since(china_date(now)) for name in clocks}
    return {
        "scene": place,
        "places": _places(house) if place is None else [],
        "topics": [(topic.value, words) for topic, words in TOPICS.items()],
        "slip": slip.issue(house, now),
        "longest": LONGEST,
        "courier_days": since["courier_complaint_days"].value,
        "working_days": since["request_working_days"].value,
        "articles": cited(corpus, _ARTICLES, 2),
    }


def _places(house: House) -> list[tuple[str, Text]]:
    """Operators as a whole, then their outlets; too many outlets are not listed."""
    operators: dict[str, Text] = {}
    outlets: dict[str, Text] = {}
    for scene in house.premises.scenes.values():
        name = scene.operator.name
        operators[f"{scene.operator.id}/"] = Text(
            f"{name.zh}（不指定网点）", f"{name.en} (no particular outlet)"
        )
        outlets[f"{scene.operator.id}/{scene.outlet.id}"] = Text(
            f"{name.zh} · {scene.outlet.name.zh}", f"{name.en} · {scene.outlet.name.en}"
        )
    listed = outlets if len(outlets) <= MOST_OUTLETS else {}
    return [*sorted(listed.items(), key=lambda item: item[0]), *operators.items()]


def _where(house: House, place: Scene | None, form: QueryDict) -> tuple[str, str]:
    if place is not None:
        return place.operator.id, place.outlet.id
    chosen = form.get("place", "")
    if chosen not in dict(_places(house)):
        raise Misuse(FORM_UNFIT)
    operator, _, outlet = chosen.partition("/")
    return operator, outlet


def _topic(form: QueryDict) -> Topic:
    try:
        return Topic(form.get("topic", ""))
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


def _report_of(house: House, code: str) -> str:
    try:
        return check_of(house.premises.keys.token, code, FOLLOW)
    except Misuse:
        raise Misuse(UNKNOWN) from None


def _about(house: House, state: State) -> dict[str, Any]:
    """Where it was, by the names that are public there."""
    about = state.about
    here = [s for s in house.premises.scenes.values() if s.operator.id == about.operator]
    outlet = next((s.outlet.name for s in here if s.outlet.id == about.outlet), None)
    return {
        "operator": here[0].operator if here else None,
        "outlet": outlet,
        "clock": clock_of(about),
    }


def _tag(state: State) -> str:
    return str(type(state).__struct_config__.tag)
