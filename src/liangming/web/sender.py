"""The sender's pages.

A visit by GET stores nothing: the page shows the notice and the ways that would be offered. The
first choice opens the check, proves that the notice in force stood above the ways, and records the
choice, in this order. A form sent twice finds the check it opened before.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from liangming.check import Opening, open_check
from liangming.check.faults import NOTICE_CHANGED
from liangming.check.journey import choose, show_notice
from liangming.check.open import begin
from liangming.check.ports import KEY_REUSED, Remembered
from liangming.check.read import read
from liangming.check.receipt import typed
from liangming.check.states import About, Opened, Sender, State, Subject, Thing
from liangming.clock import micros
from liangming.errors import LiangmingError, Misuse
from liangming.ids import RECEIPT, is_id
from liangming.law.words import Method
from liangming.scene.model import Scene
from liangming.web.cited import cited
from liangming.web.faults import FORM_UNFIT, NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.language import tag
from liangming.web.page import page
from liangming.web.ways import HELP, cards

_ONCE: Final = re.compile(r"[0-9a-f]{32}")
_LONGEST_CODE: Final = 80
_CLIENT: Final = "web"
_ROUTE: Final = "open"


async def front(request: HttpRequest) -> HttpResponse:
    """The front door: what this is, and the way to one's receipt."""
    house = house_of(request)
    if request.method == "POST":
        code = typed(request.POST.get("code", "")[:_LONGEST_CODE])
        if not is_id(RECEIPT, code):
            raise Misuse(NOT_FOUND)
        return HttpResponseRedirect(f"/r/{code}")
    scenes = list(house.premises.scenes.values()) if house.demo else []
    return page(request, "front.html", {"scenes": scenes})


async def start(request: HttpRequest, scene: str) -> HttpResponse:
    """Why, what, and every way; choosing one opens the check."""
    house = house_of(request)
    place = house.scene(scene)
    opening = opening_of(place, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return await _first_choice(request, house, place, opening)
    about = begin(house.premises, opening, house.premises.clock.now()).state.about
    return page(request, "sender/start.html", choices(house, place, about))


def opening_of(scene: Scene, form: QueryDict) -> Opening:
    """For whom, what and as whom; ordinary links choose it.

    Raises:
        Misuse: ``web.form-unfit``.
    """
    try:
        thing = form.get("thing")
        return Opening(
            scene=scene.id,
            subject=Subject(form.get("for", "self")),
            thing=Thing(thing) if thing else None,
            sender=Sender(form.get("as", "person")),
        )
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


def choices(house: House, scene: Scene, about: About, state: State | None = None) -> dict[str, Any]:
    """What the page of choices shows: before a check exists, and during one."""
    declined = state.journey.declined if state is not None else ()
    offered = [o.method for o in about.offers if o.method not in declined]
    opened = about.opened_at if state is not None else None
    notice = house.premises.notice(scene, at=opened).notice
    usual = about.thing is not Thing.LETTER
    return {
        "scene": scene,
        "about": about,
        "check": state.about.id if state is not None else "",
        "cards": cards(scene, offered, staff_help=scene.staff_help),
        "notice": notice,
        "once": secrets.token_hex(16),
        "declined_face": Method.FACE in declined,
        "why": getattr(state, "why", ""),
        "articles": cited(house.premises.corpus, about.citations, 3),
        "paths": _paths(scene, about) if state is None else (),
        "letter": not usual,
    }


def _paths(scene: Scene, about: About) -> tuple[str, ...]:
    """The other ordinary paths from here, as links."""
    if not scene.kind.sends:
        return ("helped",) if about.subject is Subject.SELF else ("self",)
    here = {about.subject.value, about.thing.value, about.sender.value}
    paths = [p for p in ("for-another", "with-guardian", "helped") if p not in here]
    if "letter" not in here:
        paths.append("letter")
    if "organisation" not in here and Method.ORGANISATION in scene.methods:
        paths.append("organisation")
    plain = (about.subject, about.sender) == (Subject.SELF, Sender.PERSON)
    return tuple(paths) if plain and about.thing is not Thing.LETTER else ("self", *paths)


async def _first_choice(
    request: HttpRequest, house: House, scene: Scene, opening: Opening
) -> HttpResponse:
    once, way = request.POST.get("once", ""), request.POST.get("way", "")
    if _ONCE.fullmatch(once) is None:
        raise Misuse(FORM_UNFIT)
    method = way_of(way)
    if request.POST.get("notice") != house.premises.notice(scene).digest:
        raise Misuse(NOTICE_CHANGED, citations=("pipl.17",))
    check_id = await _open_once(house, opening, once)
    await noticed(house, check_id)
    if method is None:
        return HttpResponseRedirect(f"/c/{check_id}/help")
    await choose(house.premises, check_id, method)
    return HttpResponseRedirect(f"/c/{check_id}")


def way_of(value: str) -> Method | None:
    """The way behind a button; None for staff help.

    Raises:
        Misuse: ``web.form-unfit``.
    """
    if value == HELP:
        return None
    try:
        return Method(value)
    except ValueError:
        raise Misuse(FORM_UNFIT) from None


async def noticed(house: House, check_id: str) -> State:
    """Prove the notice that stood above the ways; harmless to repeat."""
    state = await read(house.premises, check_id)
    if isinstance(state, Opened):
        return await show_notice(house.premises, check_id, language=tag())
    return state


async def _open_once(house: House, opening: Opening, once: str) -> str:
    """Open a check, or find the one that this very form opened before."""
    premises = house.premises
    known = await premises.store.remembered(_CLIENT, _ROUTE, once)
    if known is not None:
        return _check_of(known)
    at = premises.clock.now()
    house.openings.admit(opening.scene, at)
    house.openings.failed(opening.scene, at)

    def remember(state: State) -> Remembered:
        return Remembered(
            client=_CLIENT,
            route=_ROUTE,
            key=once,
            # Each sending has its own digest: of two at the same moment one lands.
            digest=hashlib.sha256(state.about.id.encode()).digest(),
            status=303,
            answer=msgspec.json.encode(state.about.id),
            at=micros(at),
        )

    try:
        return (await open_check(premises, opening, remember=remember)).about.id
    except LiangmingError as error:
        known = await premises.store.remembered(_CLIENT, _ROUTE, once)
        if error.code is not KEY_REUSED or known is None:
            raise
        return _check_of(known)


def _check_of(known: Remembered) -> str:
    return msgspec.json.decode(known.answer, type=str)
