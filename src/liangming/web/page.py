"""Render a page with what every page has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode

from liangming.errors import Kind, LiangmingError
from liangming.web.cited import Cited, cited
from liangming.web.house import KEY, House
from liangming.web.language import speaks_english
from liangming.web.static_files import address

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


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """One page in the visitor's language."""
    english = speaks_english()
    house: House | None = request.scope.get(KEY)
    everywhere = {
        "english": english,
        "lang": "en" if english else "zh-Hans",
        "other_language": _other(request, "zh" if english else "en"),
        "css": address("liangming.css"),
        "mark": address("mark.svg"),
        "demo": house is not None and house.demo,
        "path": request.path,
    }
    return HttpResponse(render_to_string(template, {**everywhere, **context}), status=status)


def fault_page(
    request: HttpRequest, error: LiangmingError, *, status: int | None = None
) -> HttpResponse:
    """What went wrong, in plain words, with the articles and a way on."""
    house: House | None = request.scope.get(KEY)
    articles: tuple[Cited, ...] = ()
    if house is not None:
        articles = cited(house.premises.corpus, error.citations)
    match = request.resolver_match
    back = _back(match.kwargs, desk=request.path.startswith("/desk")) if match else "/"
    answer = page(
        request,
        "fault.html",
        {"code": error.code, "articles": articles, "back": back},
        status=status or STATUS[error.code.kind],
    )
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _back(kwargs: Mapping[str, Any], *, desk: bool) -> str:
    if "check" in kwargs:
        return f"/desk/check/{kwargs['check']}" if desk else f"/c/{kwargs['check']}"
    if "scene" in kwargs:
        return f"/desk/at/{kwargs['scene']}" if desk else f"/s/{kwargs['scene']}"
    return "/desk" if desk else "/"


def _other(request: HttpRequest, language: str) -> str:
    asked = {key: value for key, value in request.GET.items() if key != "lang"}
    where = request.path if request.method == "GET" else _back({}, desk=False)
    return f"{where}?{urlencode({**asked, 'lang': language})}"
