"""The pages of one check on the sender's phone, after the first choice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.check.faults import EXPIRED, UNKNOWN
from liangming.check.journey import choose, consent, decline, show_face_notice
from liangming.check.read import read
from liangming.check.states import (
    Abandoned,
    Choosing,
    Chosen,
    Consented,
    Expired,
    Opened,
    Passed,
    Refused,
    State,
    Subject,
    Undetermined,
)
from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.ids import CHECK, is_id
from liangming.law import values
from liangming.law.words import Method
from liangming.method.documents import DocumentType
from liangming.method.documents.kinds import registry
from liangming.notice import FACE
from liangming.rights import withdraw as withdrawing
from liangming.scene.model import Scene, Text
from liangming.web.faults import BY_ITS_CODE, FORM_UNFIT
from liangming.web.house import House, house_of
from liangming.web.language import tag
from liangming.web.page import page
from liangming.web.qr import drawn
from liangming.web.sender import choices, noticed, way_of
from liangming.web.ways import LINES, NAMES

REFRESH_SECONDS: Final = 5
STILL_THERE: Final = timedelta(minutes=10)  # after a check's time is over


async def state_of(house: House, check: str) -> State:
    """A check by its address.

    Raises:
        Misuse: ``check.unknown``.
    """
    if not is_id(CHECK, check):
        raise Misuse(UNKNOWN)
    return await read(house.premises, check)


async def visit(request: HttpRequest, check: str) -> HttpResponse:
    """Where a check stands: what to do next, or the way to the receipt."""
    house = house_of(request)
    state = await state_of(house, check)
    if isinstance(state, (Passed, Refused, Expired, Abandoned)):
        return _to_receipt(house, state)
    if house.premises.clock.now() >= state.about.expires_at:
        raise Misuse(EXPIRED)
    return _standing(request, house, state)


def _to_receipt(house: House, state: State) -> HttpResponse:
    """From the page of a check to its receipt, while the person is still there.

    Others know a check's address (the clerk, programs, an inspector's packet); the receipt is the
    person's. Later only its own code leads there.

    Raises:
        Misuse: ``web.receipt-by-its-code``.
    """
    if house.premises.clock.now() >= state.about.expires_at + STILL_THERE:
        raise Misuse(BY_ITS_CODE)
    return HttpResponseRedirect(house.receipt(state.about.id))


def _standing(
    request: HttpRequest,
    house: House,
    state: Opened | Choosing | Chosen | Consented | Undetermined,
) -> HttpResponse:
    """The page of an unfinished check."""
    scene, check = house.scene(state.about.scene), state.about.id
    match state:
        case Opened() | Undetermined():
            return page(request, "sender/ways.html", choices(house, scene, state.about, state))
        case Choosing():
            if state.about.subject is Subject.HELPED and not state.journey.declined:
                return HttpResponseRedirect(f"/c/{check}/help")
            return page(request, "sender/ways.html", choices(house, scene, state.about, state))
        case Chosen(method=Method.FACE):
            return HttpResponseRedirect(f"/c/{check}/consent")
        case Chosen(method=method):
            context = {
                "name": NAMES[method],
                "line": LINES[method],
                "documents": _documents(scene) if method in _WITH_DOCUMENT else (),
            }
            return _waiting(request, "sender/chosen.html", scene, state, context)
        case Consented():
            return _waiting(request, "sender/device.html", scene, state, {})


_WITH_DOCUMENT: Final = {Method.DOCUMENT_SEEN, Method.DOCUMENT_READ, Method.REGISTERED_SENDER}


def _documents(scene: Scene) -> tuple[Text, ...]:
    known = {kind.value for kind in DocumentType}
    formats = [registry[DocumentType(a.type)] for a in scene.accepted if a.type in known]
    return tuple(Text(f.zh, f.en) for f in formats)


def _waiting(
    request: HttpRequest, template: str, scene: Scene, state: State, context: dict[str, Any]
) -> HttpResponse:
    """A page that looks again by itself until there is an outcome, unless told not to."""
    auto = request.GET.get("auto") != "no"
    about = {
        "scene": scene,
        "about": state.about,
        "check": state.about.id,
        "qr": drawn(state.about.id),
        "auto": auto,
    }
    answer = page(request, template, {**about, **context})
    if auto:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


async def ways(request: HttpRequest, check: str) -> HttpResponse:
    """A change of mind: every way again, but what was declined."""
    house = house_of(request)
    state = await state_of(house, check)
    if isinstance(state, (Passed, Refused, Expired, Abandoned)):
        return HttpResponseRedirect(f"/c/{check}")
    scene = house.scene(state.about.scene)
    return page(request, "sender/ways.html", choices(house, scene, state.about, state))


async def pick(request: HttpRequest, check: str) -> HttpResponse:
    """Choose a way, or another one."""
    house = house_of(request)
    await state_of(house, check)
    method = way_of(request.POST.get("way", ""))
    await noticed(house, check)
    if method is None:
        return HttpResponseRedirect(f"/c/{check}/help")
    await choose(house.premises, check, method)
    return HttpResponseRedirect(f"/c/{check}")


async def helped(request: HttpRequest, check: str) -> HttpResponse:
    """Staff help: the code that lets a clerk go on with this check."""
    house = house_of(request)
    state = await state_of(house, check)
    if not isinstance(state, (Opened, Choosing, Undetermined)):
        return HttpResponseRedirect(f"/c/{check}")
    scene = house.scene(state.about.scene)
    return _waiting(request, "sender/help.html", scene, state, {})


async def agree(request: HttpRequest, check: str) -> HttpResponse:
    """The face's own notice and its separate consent; *no* stands first and costs nothing."""
    house = house_of(request)
    premises = house.premises
    state = await state_of(house, check)
    if not (isinstance(state, Chosen) and state.method is Method.FACE):
        return HttpResponseRedirect(f"/c/{check}")
    scene = house.scene(state.about.scene)
    device_id = next(iter(premises.devices_at(scene.id)), "")
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer == "no":
            await decline(premises, check, Method.FACE)
            return HttpResponseRedirect(f"/c/{check}")
        of_age = values.child_age.at(china_date(premises.clock.now()))
        ages = {"yes": (of_age, False), "guardian": (of_age - 1, True)}
        if answer not in ages:
            raise Misuse(FORM_UNFIT)
        age, by_guardian = ages[answer]
        await consent(premises, check, device=device_id, age=age, by_guardian=by_guardian)
        return HttpResponseRedirect(f"/c/{check}")
    notice = premises.notice_of(scene, state.about.opened_at, FACE, at=premises.clock.now()).notice
    shown = state.journey.face_notice
    if shown is None or shown.digest != notice.digest or shown.language != tag():
        await show_face_notice(premises, check, device=device_id, language=tag())
    context = {
        "scene": scene,
        "check": check,
        "notice": notice,
        "guardian": "guardian" in request.GET or state.about.subject is Subject.WITH_GUARDIAN,
    }
    return page(request, "sender/consent.html", context)


async def take_back(request: HttpRequest, check: str) -> HttpResponse:
    """Withdraw the consent: one tap, back to the other ways."""
    house = house_of(request)
    await state_of(house, check)
    await withdrawing.take_back(house.desk, check)
    return HttpResponseRedirect(f"/c/{check}")
