"""Render a page with what every page has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode

from liangming.errors import Kind, LiangmingError
from liangming.ids import CHECK, RECEIPT, is_id
from liangming.web.cited import Cited, cited
from liangming.web.faults import TRAINING_FIRST
from liangming.web.house import KEY, House
from liangming.web.language import speaks_english
from liangming.web.size import chosen, links
from liangming.web.static_files import address, written_in

STATUS: Final = {
    Kind.MALFORMED: 400,
    Kind.INVALID: 422,
    Kind.OUT_OF_ORDER: 409,
    Kind.ABSENT: 404,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.LIMITED: 429,
    Kind.REFUSED: 422,
    Kind.OUTAGE: 503,
}

_ALL_DAY: Final = ("/staff", "/desk")
"""Pages of people who look all day: their browser keeps the style, so it is a file."""
_KEPT: Final = frozenset(
    {
        "for", "thing", "as", "auto", "guardian", "only", "kind", "sort", "month", "page", "per", "version",
        "role", "operator", "after", "before", "from", "failed", "code", "new", "unknown", "items", "to",
    }
)  # fmt: skip
"""Of an address only these, with words of ours, are written into a page again."""
_OURS: Final = re.compile(
    r"[a-z][a-z.-]*(?:@?[0-9]{1,4}(?:[.-][0-9]{1,4}){0,2})?|[0-9]{0,6}"
    r"|[a-z]{3}_[0-9A-Za-z]{26}|/[scr]/[0-9A-Za-z_.:-]{1,80}(?:/[a-z]{1,12})?"
)
"""Words, versions, small numbers, ids and ways back: no number of a document or a phone is one."""
_LONGEST: Final = 100
_DEEDS: Final = ("scan", "say", "show", "end", "choose", "withdraw", "f")
"""Last parts of addresses that only take a form; their answer cannot be looked at again."""


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """One page in the visitor's language."""
    own = {}
    if is_id(RECEIPT, str(context.get("code", ""))):
        own["mine"] = f"/my/{context['code']}"
    return HttpResponse(
        render_to_string(template, {**everywhere(request), **own, **context}), status=status
    )


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What every page has."""
    english = speaks_english()
    house: House | None = request.scope.get(KEY)
    step = chosen(request)
    smaller, larger = links(step)
    return {
        "english": english,
        "lang": "en" if english else "zh-Hans",
        "other_language": _again(request, lang="zh" if english else "en"),
        "step": step,
        "smaller": "" if smaller is None else _again(request, size=str(smaller)),
        "larger": "" if larger is None else _again(request, size=str(larger)),
        "css": address("liangming.css"),
        "style": "" if request.path.startswith(_ALL_DAY) else written_in(),
        "mark": address("mark.svg"),
        "demo": house is not None and house.demo,
        "simulated": house is not None and house.simulated,
        "path": request.path,
        "mine": "/my",
    }


def fault_page(
    request: HttpRequest, error: LiangmingError, *, status: int | None = None
) -> HttpResponse:
    """What went wrong, in plain words, with the articles and a way on."""
    house: House | None = request.scope.get(KEY)
    articles: tuple[Cited, ...] = ()
    if house is not None:
        articles = cited(house.premises.corpus, error.citations)
    match = request.resolver_match
    desk = request.path.startswith("/desk")
    back = _back(_known(match.kwargs, house), desk=desk) if match else "/"
    if request.path.startswith("/staff"):
        back = "/staff/"
    answer = page(
        request,
        "fault.html",
        {
            "code": error.code,
            "articles": articles,
            "back": "/desk/training" if error.code is TRAINING_FIRST else back,
            "training": error.code is TRAINING_FIRST,
            "other_language": f"?lang={'zh' if speaks_english() else 'en'}",
            "smaller": "",
            "larger": "",
        },
        status=status or STATUS[error.code.kind],
    )
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _known(kwargs: Mapping[str, Any], house: House | None) -> dict[str, str]:
    """What of an address is ours: the rest may be anything and is not shown again."""
    known: dict[str, str] = {}
    if is_id(CHECK, str(kwargs.get("check", ""))):
        known["check"] = kwargs["check"]
    if is_id(RECEIPT, str(kwargs.get("code", ""))):
        known["code"] = kwargs["code"]
    if house is not None and kwargs.get("scene") in house.premises.scenes:
        known["scene"] = kwargs["scene"]
    return known


def _back(kwargs: Mapping[str, Any], *, desk: bool) -> str:
    if "check" in kwargs:
        return f"/desk/check/{kwargs['check']}" if desk else f"/c/{kwargs['check']}"
    if "scene" in kwargs:
        return f"/desk/at/{kwargs['scene']}" if desk else f"/s/{kwargs['scene']}"
    if "code" in kwargs:
        return f"/my/{kwargs['code']}"
    return "/desk" if desk else "/"


def _again(request: HttpRequest, **changed: str) -> str:
    """The very same page with another language or size."""
    asked = {
        key: value
        for key, value in request.GET.items()
        if key in _KEPT and len(value) <= _LONGEST and _OURS.fullmatch(value) is not None
    }
    where = request.path
    match = request.resolver_match
    if request.method == "POST" and match and request.path.rpartition("/")[2] in _DEEDS:
        known = _known(match.kwargs, request.scope.get(KEY))
        where = _back(known, desk=request.path.startswith("/desk"))
    return f"{where}?{urlencode({**asked, **changed})}"
