"""The one middleware: who comes in, in which language, and what every answer carries.

1 a known host · 2 forms come from our own pages · 3 the language · 4 failures become pages
5 headers: nothing foreign loads, nothing is framed, nothing about a check is kept by a cache
6 compressed, where the browser takes it
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.decorators import async_only_middleware

from liangming.errors import LiangmingError, Misuse
from liangming.web import faults, kiosk, size
from liangming.web.language import COOKIE, choose
from liangming.web.page import fault_page
from liangming.web.static_files import allowed

CSP: Final = (
    f"default-src 'none'; style-src 'self' {allowed()}; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
WITH_CALLS: Final = "; script-src 'self'; connect-src 'self'"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SMALL: Final = 256
_YEAR: Final = 31_536_000
_log = logging.getLogger("liangming.web")

Next = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@async_only_middleware
class Porter:
    """Stands at the door of every page."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let one request through."""
        with translation.override(choose(request)):  # 3
            try:
                request.get_host()  # 1
                _own_form(request)  # 2
                kiosk.guard(request)
                response = await self._next(request)
            except DisallowedHost:
                response = fault_page(request, Misuse(faults.NOT_FOUND))
                response.status_code = 400
                return _dressed(request, response, loopback=True)
            except LiangmingError as error:
                response = fault_page(request, error)
            loopback = request.get_host().rpartition(":")[0].strip() in LOOPBACK
            loopback = loopback or request.get_host() in LOOPBACK
            return _dressed(request, response, loopback=loopback)

    async def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """4: a failure as a page. Nothing of the request is logged but its route."""
        if isinstance(error, LiangmingError):
            return fault_page(request, error)
        if isinstance(error, SuspiciousOperation):
            return fault_page(request, Misuse(faults.FORM_UNFIT))
        route = request.resolver_match.route if request.resolver_match else "?"
        _log.error("page %s failed: %s", route, type(error).__name__)
        return fault_page(request, Misuse(faults.BROKEN), status=500)


def _own_form(request: HttpRequest) -> None:
    """A form is carried out only if our own page sent it; no cookie is needed to know.

    Browsers state where a request began in ``Sec-Fetch-Site``, older ones in ``Origin``. A caller
    that states neither is no browser and carries nobody's cookies unasked.

    Raises:
        Misuse: ``web.foreign-form``.
    """
    if request.method in {"GET", "HEAD"}:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site in {"same-origin", "none"}:
        return
    origin = request.headers.get("Origin")
    if site is None and (origin is None or urlsplit(origin).netloc == request.get_host()):
        return
    raise Misuse(faults.FOREIGN_FORM)


def _dressed(
    request: HttpRequest, response: HttpResponseBase, *, loopback: bool
) -> HttpResponseBase:
    headers = response.headers
    headers["Content-Security-Policy"] = CSP + _scripts(request.path)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Language", translation.get_language() or "zh-hans")
    if not loopback:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    kiosk.watch(request, response)
    if request.method == "GET":
        wished = {COOKIE: translation.get_language() if request.GET.get("lang") else None}
        step = size.asked(request)
        wished[size.COOKIE] = None if step is None else str(step)
        for name, value in wished.items():
            if value is not None:
                response.set_cookie(
                    name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=not loopback
                )
    return _compressed(request, response)


def _scripts(path: str) -> str:
    """Senders get no script; the desk has keys and a queue, staff have passkeys."""
    return WITH_CALLS if path.startswith(("/staff", "/desk")) else ""


def _compressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    headers = response.headers
    headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    if not isinstance(response, HttpResponse):
        return response
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    if takes and len(response.content) > _SMALL and "Content-Encoding" not in headers:
        response.content = gzip.compress(response.content, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(response.content))
    return response
