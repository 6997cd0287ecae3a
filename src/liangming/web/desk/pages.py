"""The pages of the desk. Plain forms; the script only moves the focus and presses buttons."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.access import Scope
from liangming.check import Opening, open_check, present
from liangming.check.conclude import conclude
from liangming.check.faults import EXPIRED
from liangming.check.journey import choose, help_given
from liangming.check.open import begin
from liangming.check.states import (
    Choosing,
    Chosen,
    Consented,
    Opened,
    Passed,
    State,
    Undetermined,
)
from liangming.errors import LiangmingError, Misuse
from liangming.law.words import Method
from liangming.method.documents.kinds import registry
from liangming.scene.model import Scene, Text
from liangming.web.cited import cited, sentence
from liangming.web.desk.evidence import ASKED, COMPARED, check_in, evidence_of, kind_of
from liangming.web.desk.later import shell_address
from liangming.web.desk.sealed import entered, seal, unseal
from liangming.web.desk.signin import clerk_of, desk_scene, idle, may, scenes_of, signed_in
from liangming.web.faults import FORM_UNFIT, SCAN_UNREADABLE
from liangming.web.house import House, house_of
from liangming.web.outcomes import outcome
from liangming.web.page import page
from liangming.web.qr import drawn
from liangming.web.receipt import where
from liangming.web.sender import choices, noticed, opening_of, way_of
from liangming.web.static_files import address
from liangming.web.visit import state_of
from liangming.web.ways import HELP, NAMES, Card

ENTRY_KEY: Final = "desk-entry"


async def places(request: HttpRequest) -> HttpResponse:
    """Choose the scene of this desk."""
    if not await signed_in(request):
        return HttpResponseRedirect("/desk/signin")
    seen = await scenes_of(request)
    scenes = [s for s in house_of(request).premises.scenes.values() if seen(s)]
    context = {"scenes": scenes, "duties": await may(request, Scope.RIGHTS)}
    return _page(request, "desk/places.html", context)


async def at(request: HttpRequest, scene: str) -> HttpResponse:
    """Ready for the next person: one field, and the ways by number."""
    place = await desk_scene(request, scene)
    house = house_of(request)
    context = _ready(house, place, opening_of(place, request.GET))
    return _page(request, "desk/ready.html", {**context, "shell": shell_address(house, place)})


def _ready(house: House, place: Scene, opening: Opening) -> dict[str, Any]:
    about = begin(house.premises, opening, house.premises.clock.now()).state.about
    shown = choices(house, place, about)
    return {
        **shown,
        "cards": _spoken(shown["cards"]),
        "opening": opening,
        "why_asked": why(house, place),
    }


def _spoken(cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """The sender's cards as a clerk may enter them: no help card, and a face is never spoken."""
    return tuple(c for c in cards if c.value not in {HELP, Method.FACE.value})


def why(house: House, place: Scene) -> dict[str, Any]:
    """Why anything is asked here, in one sentence with its article (N3)."""
    about = begin(house.premises, Opening(scene=place.id), house.premises.clock.now()).state.about
    return {"purpose": place.purpose, "article": sentence(house.premises.corpus, about.citations)}


async def scan(request: HttpRequest, scene: str) -> HttpResponse:
    """Whatever was scanned at the open field."""
    place = await desk_scene(request, scene)
    house = house_of(request)
    scanned = request.POST.get("scan", "").strip()
    said = _by_number(house, opening_of(place, request.POST), scanned)
    if said is not None:
        return await _said(request, house, opening_of(place, request.POST), said)
    try:
        kind = kind_of(scanned)
    except LiangmingError as error:
        context = _ready(house, place, opening_of(place, request.POST))
        return _page(request, "desk/ready.html", {**context, "fault": error.code}, status=422)
    if kind == "check":
        return HttpResponseRedirect(f"/desk/check/{check_in(scanned)}")
    opening = opening_of(place, request.POST)
    way = Method.ORDER_CODE if kind == "handover" else _way_of_number(house, opening)
    state = await _opened(request, house, opening, way)
    if way in COMPARED:
        return _compare(request, house, state, scanned, request)
    entry = entered(house.premises.clock.now(), scanned)
    return await _presented(request, house, state, entry, agrees=None)


def _way_of_number(house: House, opening: Opening) -> Method:
    """What a bare number is at this scene: the first way in the published order that takes one."""
    about = begin(house.premises, opening, house.premises.clock.now()).state.about
    offered = {offer.method for offer in about.offers}
    for method in _NUMBERED:
        if method in offered:
            return method
    raise Misuse(SCAN_UNREADABLE)


_NUMBERED: Final = (
    Method.DOCUMENT_SEEN,
    Method.DOCUMENT_READ,
    Method.PICKUP_CODE,
    Method.TICKET,
)


async def say(request: HttpRequest, scene: str) -> HttpResponse:
    """The sender said which way; the clerk enters it."""
    place = await desk_scene(request, scene)
    house = house_of(request)
    method = way_of(request.POST.get("way", ""))
    if method is None:
        raise Misuse(FORM_UNFIT)
    return await _said(request, house, opening_of(place, request.POST), method)


def _by_number(house: House, opening: Opening, text: str) -> Method | None:
    """The way that a digit alone names, as they are numbered on the page; no scanner sends one."""
    if len(text) != 1 or not text.isascii() or not text.isdigit() or text == "0":
        return None
    about = begin(house.premises, opening, house.premises.clock.now()).state.about
    cards = _spoken(choices(house, house.scene(opening.scene), about)["cards"])
    number = int(text)
    return way_of(cards[number - 1].value) if number <= len(cards) else None


async def _said(
    request: HttpRequest, house: House, opening: Opening, method: Method
) -> HttpResponse:
    state = await _opened(request, house, opening, method)
    return HttpResponseRedirect(f"/desk/check/{state.about.id}")


async def _opened(request: HttpRequest, house: House, opening: Opening, method: Method) -> State:
    """A check for someone without a phone: opened, told, and their spoken choice recorded."""
    clerk = await clerk_of(request, house.scene(opening.scene))
    state = await open_check(house.premises, opening, clerk=clerk)
    await noticed(house, state.about.id)
    return await choose(house.premises, state.about.id, method, by="spoken")


async def check_page(request: HttpRequest, check: str) -> HttpResponse:
    """One check at the desk: its way, its field, or its outcome."""
    house = house_of(request)
    state = await _own(request, house, check)
    return _stand(request, house, state)


async def say_again(request: HttpRequest, check: str) -> HttpResponse:
    """A sender who asked for help, or changed their mind, says which way."""
    house = house_of(request)
    state = await _own(request, house, check)
    method = way_of(request.POST.get("way", ""))
    if method is None:
        raise Misuse(FORM_UNFIT)
    if isinstance(state, (Opened, Choosing)):
        await noticed(house, check)
        await help_given(house.premises, check)
    await choose(house.premises, check, method, by="spoken")
    return HttpResponseRedirect(f"/desk/check/{check}")


async def show(request: HttpRequest, check: str) -> HttpResponse:
    """Evidence: entered now, or entered before and compared now."""
    house = house_of(request)
    state = await _own(request, house, check)
    form = request.POST
    if "held" not in form:
        return await _entry(request, house, state)
    entry = unseal(house.key(ENTRY_KEY), check, form["held"], house.premises.clock.now())
    agrees = {"yes": True, "no": False}.get(form.get("agrees", ""))
    if agrees is None:
        raise Misuse(FORM_UNFIT)
    return await _presented(request, house, state, entry, agrees=agrees)


async def _entry(request: HttpRequest, house: House, state: State) -> HttpResponse:
    scanned = request.POST.get("scan", "").strip()
    if not scanned:
        return _stand(request, house, state)
    if isinstance(state, Chosen) and state.method in COMPARED:
        return _compare(request, house, state, scanned, request)
    entry = entered(house.premises.clock.now(), scanned)
    return await _presented(request, house, state, entry, agrees=None)


async def _presented(
    request: HttpRequest, house: House, state: State, entry: Any, *, agrees: bool | None
) -> HttpResponse:
    if not isinstance(state, Chosen):
        return HttpResponseRedirect(f"/desk/check/{state.about.id}")
    evidence = evidence_of(state.method, entry, agrees=agrees)
    try:
        await present(house.premises, state.about.id, evidence)
    except LiangmingError as error:
        return _stand(request, house, state, error)
    return HttpResponseRedirect(f"/desk/check/{state.about.id}")


def _compare(
    request: HttpRequest, house: House, state: State, scanned: str, form: HttpRequest
) -> HttpResponse:
    """Entered; now document and waybill are compared. The entry is sealed and not shown."""
    now = house.premises.clock.now()
    entry = entered(
        now, scanned, form.POST.get("document", ""), form.POST.get("expires", "").strip()
    )
    context = {
        "held": seal(house.key(ENTRY_KEY), state.about.id, entry),
        **_check_context(house, state),
    }
    return _page(request, "desk/compare.html", context)


async def end(request: HttpRequest, check: str) -> HttpResponse:
    """The person goes, or shows nothing after being told why."""
    house = house_of(request)
    await _own(request, house, check)
    how = request.POST.get("how", "")
    if how not in {"walked-away", "refused-to-show"}:
        raise Misuse(FORM_UNFIT)
    await noticed(house, check)
    await conclude(house.premises, check, cast("Literal['walked-away', 'refused-to-show']", how))
    return HttpResponseRedirect(f"/desk/check/{check}")


async def _own(request: HttpRequest, house: House, check: str) -> State:
    state = await state_of(house, check)
    await desk_scene(request, state.about.scene)
    return state


def _check_context(house: House, state: State) -> dict[str, Any]:
    scene = house.scene(state.about.scene)
    method = getattr(state, "method", None)
    return {
        "scene": scene,
        "check": state.about.id,
        "about": state.about,
        "name": NAMES[method] if method is not None else None,
        "field": ASKED.get(method) if method is not None else None,
        "with_document": method in COMPARED - {Method.ORDER_CODE},
        "documents": types(scene),
        "why_asked": why(house, scene),
        "spoken": bool(state.journey.chosen),
        "subject": state.about.subject.value,
    }


def types(scene: Scene) -> list[tuple[str, Text]]:
    """The documents that a scene accepts, by value and name."""
    known = {kind.value: f for kind, f in registry.items()}
    return [
        (a.type, Text(known[a.type].zh, known[a.type].en))
        for a in scene.accepted
        if a.type in known
    ]


def _stand(
    request: HttpRequest, house: House, state: State, error: LiangmingError | None = None
) -> HttpResponse:
    """Where a check stands, for the clerk."""
    context = _check_context(house, state)
    fault = error
    unfinished = isinstance(state, (Opened, Choosing, Chosen, Consented, Undetermined))
    if unfinished and house.premises.clock.now() >= state.about.expires_at:
        fault = Misuse(EXPIRED)
        unfinished = False
    if fault is not None:
        context["fault"] = fault.code
        context["fault_articles"] = cited(house.premises.corpus, fault.citations, 2)
    status = 200 if fault is None else 422
    match state:
        case Chosen(method=method) if unfinished and not method.is_face:
            return _page(request, "desk/entry.html", context, status=status)
        case Chosen() | Consented() if unfinished:
            return _page(request, "desk/device.html", context, status=status)
        case Opened() | Choosing() | Undetermined() if unfinished:
            scene = house.scene(state.about.scene)
            shown = choices(house, scene, state.about, state)
            context["cards"] = _spoken(shown["cards"])
            if isinstance(state, Undetermined):
                context["result"] = outcome(state)
                context["articles"] = cited(house.premises.corpus, state.citations, 2)
            return _page(request, "desk/choose.html", context, status=status)
        case _:
            own: tuple[str, ...] = getattr(state, "citations", ())
            context["result"] = outcome(state)
            context["articles"] = cited(house.premises.corpus, own, 2)
            context["receipt"] = house.receipt(state.about.id)
            context["qr"] = drawn(where(house, state.about.id))
            context["passed"] = isinstance(state, Passed)
            return _page(request, "desk/outcome.html", context, status=status)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    around = {"script": address("desk.js"), "queue": address("queue.js")}
    answer = page(request, template, {**around, **context}, status=status)
    seconds = idle(request)
    if seconds is not None:  # what stands on the screen goes too when the session is locked
        answer.headers["Refresh"] = f"{seconds + 1}; url=/desk"
    return answer
