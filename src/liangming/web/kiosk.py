"""Shared screens (柜机、竖屏终端): one person after the other, and nothing left between them.

``/k/<scene>`` begins a visit: a cookie says that this browser is shared, and names the pages of
this visit, each as it is reached. A page that stands still for a minute asks whether anyone is
there; unanswered, it begins anew. Then no address of the last person opens on this screen again,
by *back* or by hand, and language and size are as at the start. No script takes part.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from liangming.errors import LiangmingError, Misuse
from liangming.web.faults import NOT_FOUND
from liangming.web.house import House, house_of
from liangming.web.page import page

COOKIE: Final = "kiosk"
STILL_SECONDS: Final = 60
"""After so long without a touch the screen asks."""
WARNED_SECONDS: Final = 30
"""So long there is to answer (WCAG 2.2.1 asks for 20 at least)."""
WAITING_SECONDS: Final = 180
"""Pages that wait for staff or a machine may stand so long."""
_PAGES: Final = re.compile(r"/(?:c|r|my|report/f)/([0-9A-Za-z_-]{1,80})(?:/[a-z]{1,12})?")
_BACK: Final = re.compile(r"/(?:s|c|r)/[0-9A-Za-z_.:-]{1,80}(?:/[a-z]{1,12})?")
_MOST: Final = 8
_LASTS: Final = 24 * 3600
_PARTS: Final = "~"
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's time at a shared screen.

    Attributes:
        scene: where the screen stands.
        visit: which visit; a new one begins with each person.
        pages: codes of checks and receipts that were reached in this visit.
    """

    scene: str
    visit: str
    pages: tuple[str, ...] = ()


async def begin(request: HttpRequest, scene: str) -> HttpResponse:
    """Begin anew: for the next person."""
    house = house_of(request)
    place = house.scene(scene)
    answer = HttpResponseRedirect(f"/s/{place.id}")
    for name in request.COOKIES:
        if name != COOKIE:
            answer.delete_cookie(name)
    answer.headers["Clear-Site-Data"] = '"cache"'
    _keep(request, answer, house, Visit(place.id, secrets.token_hex(8)))
    return answer


async def still(request: HttpRequest, scene: str) -> HttpResponse:
    """Is anyone there? Unanswered, the screen begins anew."""
    place = house_of(request).scene(scene)
    back = request.GET.get("to", "")
    context = {
        "scene": place,
        "back": back if _BACK.fullmatch(back) else f"/s/{place.id}",
        "seconds": WARNED_SECONDS,
    }
    answer = page(request, "kiosk/still.html", context)
    answer.headers["Refresh"] = f"{WARNED_SECONDS}; url=/k/{place.id}"
    return answer


def visit_of(request: HttpRequest) -> Visit | None:
    """The visit of this screen; None on people's own devices."""
    parts = request.COOKIES.get(COOKIE, "").split(_PARTS)
    if len(parts) < 3:  # noqa: PLR2004  (scene, visit, pages…, tag)
        return None
    body, tag = _PARTS.join(parts[:-1]), parts[-1]
    if not hmac.compare_digest(_tag(house_of(request), body).encode(), tag.encode()):
        return None
    return Visit(parts[0], parts[1], tuple(parts[2:-1]))


def guard(request: HttpRequest) -> None:
    """On a shared screen only this visit's own checks and receipts open.

    Raises:
        Misuse: ``web.not-found``.
    """
    visit = visit_of(request)
    named = _PAGES.match(request.path)
    if visit is not None and named is not None and named[1] not in visit.pages:
        raise Misuse(NOT_FOUND)


def watch(request: HttpRequest, response: HttpResponseBase) -> None:
    """Where a screen is shared: remember where the person is led, and ask when it stands still."""
    try:
        visit = visit_of(request)
    except LiangmingError:
        return
    if visit is None or request.path.startswith("/k/"):
        return
    if response.headers.get("Location"):
        named = _PAGES.match(urlsplit(response.headers["Location"]).path)
        if named is not None and named[1] not in visit.pages:
            pages = (*visit.pages[-_MOST + 1 :], named[1])
            _keep(request, response, house_of(request), Visit(visit.scene, visit.visit, pages))
        return
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    path = request.path if _BACK.fullmatch(request.path) else f"/s/{visit.scene}"
    asks = f"/k/{visit.scene}/still?to={path}"
    every = response.headers.get("Refresh", "")
    if not every.isdecimal():
        response.headers["Refresh"] = f"{STILL_SECONDS}; url={asks}"
        return
    # A page that looks again by itself has no memory: the address counts how often it did.
    looked = request.GET.get("n", "0")
    times = int(looked) + 1 if looked.isdecimal() and len(looked) < 4 else 1  # noqa: PLR2004
    again = f"{request.path}?n={times}"
    response.headers["Refresh"] = (
        f"{every}; url={asks if times * int(every) >= WAITING_SECONDS else again}"
    )


def _keep(request: HttpRequest, answer: HttpResponseBase, house: House, visit: Visit) -> None:
    body = _PARTS.join((visit.scene, visit.visit, *visit.pages))
    answer.set_cookie(
        COOKIE,
        f"{body}{_PARTS}{_tag(house, body)}",
        max_age=_LASTS,
        httponly=True,
        samesite="Lax",
        secure=not request.get_host().startswith(_LOOPBACK),
    )


def _tag(house: House, body: str) -> str:
    return hmac.new(house.key("kiosk-cookie"), body.encode(), hashlib.sha256).hexdigest()
