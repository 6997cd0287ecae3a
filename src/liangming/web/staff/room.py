"""The way to staff pages: Django's usual middlewares, for these pages only.

Sender pages never pass here, so they get no session and wait for no table. Each staff view runs in
a thread: session → member → messages → allauth → sessions list → lock → the view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.middleware import AccountMiddleware
from allauth.mfa.models import Authenticator
from allauth.usersessions.middleware import UserSessionsMiddleware
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path

from liangming.errors import Misuse
from liangming.web.faults import NOT_FOUND
from liangming.web.house import house_of
from liangming.web.staff.faults import NOT_FOR_YOU, READ_ONLY
from liangming.web.staff.lock import locked, seen
from liangming.web.staff.roles import INSPECTS

View = Callable[..., Any]
KEYS: Final = "/staff/keys/"
_WHILE_LOCKED: Final = ("/staff/reauthenticate/", f"{KEYS}reauthenticate/", f"{KEYS}webauthn/reauthenticate/", "/staff/logout/")  # fmt: skip
_WHILE_BARE: Final = (KEYS, "/staff/password/", "/staff/logout/", "/staff/reauthenticate/", "/staff/enrol/")  # fmt: skip

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OF_ONE_S_OWN: Final = (KEYS, "/staff/login/", "/staff/logout/", "/staff/lock/", "/staff/reauthenticate/", "/staff/sessions/", "/staff/password/", "/staff/enrol/")  # fmt: skip
"""Forms about one's own sign-in, which an inspector may send as well."""


def through(view: View) -> View:
    """A view behind the middlewares of staff, as an async one."""

    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account: Any = None

        def at_last(request: HttpRequest) -> HttpResponseBase:
            turned = _turned_away(request)
            if turned is not None:
                return turned
            _read_only(request)
            try:
                response = view(request, *args, **kwargs)
                # Rendered here, while session and messages are at hand.
                rendered = response.render() if hasattr(response, "render") else response
            except Exception as error:
                answer = account.process_exception(request, error)
                if answer is None:
                    raise
                return answer
            return rendered

        account = AccountMiddleware(UserSessionsMiddleware(at_last))
        chain: Any = SessionMiddleware(AuthenticationMiddleware(MessageMiddleware(account)))
        try:
            answer: HttpResponseBase = chain(request)
        except PermissionDenied:
            raise Misuse(NOT_FOR_YOU) from None
        except Http404:
            raise Misuse(NOT_FOUND) from None
        return answer

    async def passed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return await sync_to_async(run)(request, *args, **kwargs)

    return passed


def _turned_away(request: HttpRequest) -> HttpResponse | None:
    """Locked sessions are unlocked first; whoever has no key makes one first."""
    user = request.user
    if not user.is_authenticated:
        return None
    now = house_of(request).premises.clock.now()
    if locked(request.session, now, settings.LIANGMING_STAFF.idle):
        if request.path.startswith(_WHILE_LOCKED):
            return None
        methods = get_adapter().get_reauthentication_methods(user)
        where = methods[0]["url"] if methods else "/staff/logout/"
        return HttpResponseRedirect(f"{where}?next={request.path}")
    seen(request.session, now)
    if request.path.startswith(_WHILE_BARE) or _has_key(request):
        return None
    return HttpResponseRedirect(KEYS)


def _read_only(request: HttpRequest) -> None:
    """An inspector writes nothing, whichever page it is.

    Raises:
        Misuse: ``staff.read-only``.
    """
    if request.method in _SAFE or request.path.startswith(_OF_ONE_S_OWN):
        return
    if getattr(request.user, "role", "") in INSPECTS:
        raise Misuse(READ_ONLY)


def _has_key(request: HttpRequest) -> bool:
    """A second factor of their own, or single sign-on, whose provider asks for what it asks."""
    records = request.session.get("account_authentication_methods", [])
    if any(record.get("method") == "socialaccount" for record in records):
        return True
    kinds = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
    user = request.user
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists())


def behind(
    patterns: list[URLPattern | URLResolver], open_names: frozenset[str]
) -> list[URLPattern]:
    """Allauth's own addresses behind our middlewares; those that we do not offer lead nowhere."""
    made: list[URLPattern] = []
    for prefix, pattern in _flat(patterns, ""):
        view = pattern.callback if pattern.name in open_names else _nowhere
        made.append(path(prefix, through(view), name=pattern.name))
    return made


def _flat(patterns: list[Any], prefix: str) -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _flat(pattern.url_patterns, route)
        elif "^" not in route:
            found.append((route, pattern))
    return found


def _nowhere(_request: HttpRequest, **_: Any) -> HttpResponse:
    raise Misuse(NOT_FOUND)
