"""Which language a page speaks: asked for, chosen before, or what the browser prefers."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils import translation

COOKIE: Final = "lang"
_KNOWN: Final = {"zh": "zh-hans", "zh-hans": "zh-hans", "en": "en"}


def choose(request: HttpRequest) -> str:
    """``zh-hans`` or ``en``; Chinese where nothing is known."""
    for asked in (request.GET.get("lang"), request.COOKIES.get(COOKIE)):
        if asked in _KNOWN:
            return _KNOWN[asked]
    best, weight = "zh-hans", 0.0
    for part in request.headers.get("Accept-Language", "").lower().split(",")[:8]:
        tag, _, quality = part.strip().partition(";q=")
        language = _KNOWN.get(tag.partition("-")[0])
        try:
            wished = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language is not None and wished > weight:
            best, weight = language, wished
    return best


def speaks_english() -> bool:
    """Whether this page is in English."""
    return str(translation.get_language()) == "en"


def tag() -> str:
    """The language of this page as notices record it."""
    return "en" if speaks_english() else "zh"
