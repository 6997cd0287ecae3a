"""The few files that pages load, read once; an address holds the file's hash and never changes."""

from __future__ import annotations

import base64
import gzip
import hashlib
from functools import cache
from importlib import resources
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from liangming.errors import Misuse
from liangming.web.faults import NOT_FOUND

TYPES: Final = {
    "liangming.css": "text/css; charset=utf-8",
    "staff.css": "text/css; charset=utf-8",
    "duty.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "offline.js": "text/javascript; charset=utf-8",
    "queue.js": "text/javascript; charset=utf-8",
    "staff.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}


@cache
def _read(name: str) -> tuple[bytes, bytes, str]:
    raw = (resources.files("liangming.web") / "static" / name).read_bytes()
    return raw, gzip.compress(raw, 9, mtime=0), hashlib.sha256(raw).hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is, e.g. ``/static/0123456789ab/liangming.css``."""
    return f"/static/{_read(name)[2]}/{name}"


@cache
def written_in() -> SafeString:
    """The style of every page, to stand in a page itself: on a slow line a file costs a round trip."""
    return mark_safe(_read("liangming.css")[0].decode())  # noqa: S308  (a file of ours)


@cache
def allowed() -> str:
    """What a policy says so that exactly this style may stand in a page."""
    digest = hashlib.sha256(_read("liangming.css")[0]).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


async def serve(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """One file, to be kept for ever.

    Raises:
        Misuse: ``web.not-found``.
    """
    if name not in TYPES or digest != _read(name)[2]:
        raise Misuse(NOT_FOUND)
    raw, packed, _ = _read(name)
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if takes else raw, content_type=TYPES[name])
    if takes:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
