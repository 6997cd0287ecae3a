"""Sign in to the desk with a client's key that has the scope ``desk``.

The cookie is signed, HttpOnly, SameSite=Strict, and ends with the shift. It names the client, not
a person, and is checked against the store each time, so that a revoked key ends the desk at once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from liangming.access import Clients, Scope
from liangming.check.clerk import clerk_code
from liangming.check.ports import Client
from liangming.clock import micros
from liangming.errors import LiangmingError, Misuse
from liangming.governance.training import lacks
from liangming.scene.model import Scene
from liangming.web.faults import KEY_WRONG, LOCKED, NOT_ALLOWED, NOT_YOURS, SIGN_IN, TRAINING_FIRST
from liangming.web.house import House, house_of
from liangming.web.page import page
from liangming.web.static_files import address

if TYPE_CHECKING:
    from liangming.web.staff.sitting import Sitting

COOKIE: Final = "desk"
CLERK_KEY: Final = "desk-clerk"
SHIFT_SECONDS: Final = 10 * 3600
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


_DOOR: Final = {"queue": address("queue.js"), "leaving": "yes"}
"""At the door nothing can be noted down, and what waits is still shown."""


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """What the cookie says."""

    client: str
    until: int  # µs


async def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and the key that opens."""
    house = house_of(request)
    if house.demo:
        return HttpResponseRedirect("/desk")
    if request.method != "POST":
        return page(request, "desk/signin.html", {**_DOOR, "staffed": house.staffed})
    at = house.premises.clock.now()
    house.signins.admit("desk", at)
    client = await _recognised(house, request.POST.get("key", "").strip())
    if client is None:
        house.signins.failed("desk", at)
        return page(
            request,
            "desk/signin.html",
            {**_DOOR, "staffed": house.staffed, "fault": KEY_WRONG},
            status=401,
        )
    answer = HttpResponseRedirect("/desk")
    ticket = Ticket(client.id, micros(at) + SHIFT_SECONDS * 1_000_000)
    answer.set_cookie(
        COOKIE,
        _signed(house, ticket),
        max_age=SHIFT_SECONDS,
        path="/desk",
        httponly=True,
        samesite="Strict",
        secure=not request.get_host().startswith(_LOOPBACK),
    )
    return answer


async def sign_out(_request: HttpRequest) -> HttpResponse:
    """Leave the desk."""
    answer = HttpResponseRedirect("/desk/signin")
    answer.delete_cookie(COOKIE, path="/desk", samesite="Strict")
    return answer


async def clerk(request: HttpRequest) -> str | None:
    """The operator whose desk this is; None where the demo opens every desk.

    Raises:
        Misuse: ``web.sign-in-first``.
    """
    operator, _ = await _at_the_desk(request)
    return operator


async def scenes_of(request: HttpRequest) -> Callable[[Scene], bool]:
    """Which scenes whoever signed in may work at; a key may be limited to some.

    Raises:
        Misuse: ``web.sign-in-first``.
    """
    operator, client = await _at_the_desk(request)
    return lambda scene: (
        (operator is None or scene.operator.id == operator)
        and (client is None or client.reaches(scene.id, scene.outlet.id))
    )


async def _at_the_desk(request: HttpRequest) -> tuple[str | None, Client | None]:
    house = house_of(request)
    if house.demo:
        return None, None
    seat = await _seat(request)
    if seat is not None and seat.at_the_desk:
        await _must_be_trained(house, seat)
        return seat.operator, None
    ticket = _read(house, request.COOKIES.get(COOKIE, ""), house.premises.clock.now())
    client = await _client(house, ticket)
    return client.operator, client


async def may(request: HttpRequest, scope: Scope) -> bool:
    """Whether whoever signed in has a scope besides; the demo may everything.

    Raises:
        Misuse: ``web.sign-in-first``.
    """
    house = house_of(request)
    if house.demo:
        return True
    seat = await _seat(request)
    if seat is not None:
        return scope is Scope.RIGHTS and seat.answers
    ticket = _read(house, request.COOKIES.get(COOKIE, ""), house.premises.clock.now())
    return scope in (await _client(house, ticket)).scopes


async def officer(request: HttpRequest) -> tuple[str, str]:
    """Whose requests and duties may be handled here, and under which account it is recorded.

    Returns:
        The operator, empty in the demo where every one is open; and the account.

    Raises:
        Misuse: ``web.sign-in-first``, ``web.desk-not-allowed``.
    """
    house = house_of(request)
    if house.demo:
        return "", "demo"
    seat = await _seat(request)
    if seat is not None and seat.answers:
        return seat.operator, seat.username
    ticket = _read(house, request.COOKIES.get(COOKIE, ""), house.premises.clock.now())
    client = await _client(house, ticket)
    if Scope.RIGHTS not in client.scopes:
        raise Misuse(NOT_ALLOWED)
    return client.operator, client.id


async def acting(request: HttpRequest) -> tuple[str, str]:
    """As :func:`officer`, for deeds: an account without valid training looks, and does nothing.

    Raises:
        Misuse: ``web.training-first``, or what :func:`officer` says.
    """
    house = house_of(request)
    seat = None if house.demo else await _seat(request)
    if seat is not None and seat.answers:
        await _must_be_trained(house, seat)
    return await officer(request)


async def clerk_of(request: HttpRequest, scene: Scene) -> str:
    """The code of the clerk who signed in by name, for an audit; empty where a key opened the desk."""
    house = house_of(request)
    seat = None if house.demo else await _seat(request)
    if seat is None or not seat.at_the_desk:
        return ""
    key, at = house.key(CLERK_KEY), house.premises.clock.now()
    return clerk_code(key, seat.operator, seat.username, scene.outlet.id, at)


async def _must_be_trained(house: House, seat: Sitting) -> None:
    """No training, no role; the answer leads to the course.

    Raises:
        Misuse: ``web.training-first``.

    Law: pipl.51
    """
    shut = await lacks(
        house.premises,
        house.desk.docket,
        operator=seat.operator,
        username=seat.username,
        role=seat.role,
    )
    if shut:
        raise Misuse(TRAINING_FIRST, citations=("pipl.51",))


async def desk_scene(request: HttpRequest, scene_id: str) -> Scene:
    """A scene of the clerk's own operator.

    Raises:
        Misuse: ``web.sign-in-first``, ``web.not-found``, ``web.desk-elsewhere``.
    """
    seen = await scenes_of(request)
    scene = house_of(request).scene(scene_id)
    if not seen(scene):
        raise Misuse(NOT_YOURS)
    return scene


async def signed_in(request: HttpRequest) -> bool:
    """Whether the desk is open.

    Raises:
        Misuse: ``web.training-first``: signed in, and to be led to the course.
    """
    try:
        await clerk(request)
    except LiangmingError as error:
        if error.code is TRAINING_FIRST:
            raise
        return False
    return True


async def answering(request: HttpRequest) -> bool:
    """Whether somebody signed in, be it an officer, whose account opens no desk.

    What they may is asked by :func:`officer`.
    """
    try:
        seat = await _seat(request)
    except LiangmingError:
        return False
    return (seat is not None and seat.answers) or await signed_in(request)


async def seated(request: HttpRequest) -> Sitting | None:
    """The member who signed in by name, whatever the role and its training.

    Raises:
        Misuse: ``web.desk-locked``.
    """
    return await _seat(request)


async def _seat(request: HttpRequest) -> Sitting | None:
    """The member of the staff who signed in by name, where there are accounts.

    Raises:
        Misuse: ``web.desk-locked``.
    """
    if not house_of(request).staffed:
        return None
    from liangming.web.staff.sitting import sitting

    seat = await sitting(request)
    if seat is not None and seat.locked:
        raise Misuse(LOCKED)
    return seat


def idle(request: HttpRequest) -> int | None:
    """After how many seconds a member's desk locks; None where a desk is opened by a key."""
    if not house_of(request).staffed or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return int(settings.LIANGMING_STAFF.idle)


async def _recognised(house: House, key: str) -> Client | None:
    """The client of a key that opens the desk."""
    clients = Clients(
        house.premises.store, house.premises.keys.token, seconds=0, clock=house.premises.clock
    )
    try:
        client = await clients.of_key(key.encode())
    except Misuse:
        return None
    return client if Scope.DESK in client.scopes else None


async def _client(house: House, ticket: Ticket) -> Client:
    client = await house.premises.store.client(ticket.client)
    at = micros(house.premises.clock.now())
    if client is None or not client.opens(at) or Scope.DESK not in client.scopes:
        raise Misuse(SIGN_IN)
    return client


def _signed(house: House, ticket: Ticket) -> str:
    body = base64.urlsafe_b64encode(msgspec.json.encode(ticket)).decode()
    return f"{body}.{_tag(house, body)}"


def _read(house: House, cookie: str, at: datetime) -> Ticket:
    body, _, given = cookie.partition(".")
    if not hmac.compare_digest(_tag(house, body).encode(), given.encode()):
        raise Misuse(SIGN_IN)
    ticket = msgspec.json.decode(base64.urlsafe_b64decode(body), type=Ticket)
    if ticket.until <= micros(at):
        raise Misuse(SIGN_IN)
    return ticket


def _tag(house: House, body: str) -> str:
    return hmac.new(house.key("desk-cookie"), body.encode(), hashlib.sha256).hexdigest()
