"""Steps of size (适老化): chosen by a link, kept in a cookie, held in rem everywhere. No script."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

COOKIE: Final = "size"
PERCENT: Final = (100, 125, 150, 190)
"""What each step makes of the type; boxes and targets grow with it."""
_STEPS: Final = {str(step): step for step in range(len(PERCENT))}


def asked(request: HttpRequest) -> int | None:
    """The step that a link just asked for."""
    return _STEPS.get(request.GET.get("size", ""))


def chosen(request: HttpRequest) -> int:
    """The step of this visitor: asked for now, or chosen before, or none."""
    now = asked(request)
    return now if now is not None else _STEPS.get(request.COOKIES.get(COOKIE, ""), 0)


def links(step: int) -> tuple[int | None, int | None]:
    """The next smaller and the next larger step."""
    smaller = step - 1 if step > 0 else None
    return smaller, step + 1 if step + 1 < len(PERCENT) else None
