"""A screen that stands still: it asks whether anybody is there, and unanswered begins anew.

A machine's screen is everybody's. What a person left on it (a notice half read, a code shown once, money
half put in, a try not yet taken) is not for the next one. No script takes part: the page says when it
goes (``Refresh``), and going there ends the visit, its consent and its order.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

STILL: Final = "/still"
LEFT: Final = "/left"
STILL_SECONDS: Final = 60
"""After so long without a touch the screen asks."""
READ_SECONDS: Final = 120
"""A notice may be read so long."""
WARNED_SECONDS: Final = 30
"""So long there is to answer (WCAG 2.2.1 asks for 20 at least)."""
SHOWN_SECONDS: Final = 300
"""A number that is shown once stands so long, and says so."""
PAYING_SECONDS: Final = 180
"""So long a page looks for money by itself."""
READING: Final = ("/face", "/remember", "/face/claim")
GOES_ON: Final = (
    *("/collect", "/collect-for", "/staff", "/deposit", "/card", "/order-code"),
    *("/face", "/kept", "/mine", "/remember", "/state"),
)
"""Pages that can be come back to: each begins with nothing filled in."""


def shown_once() -> str:
    """For a page with a number that is never shown again."""
    return f"{SHOWN_SECONDS}; url={LEFT}"


def warned() -> str:
    """For the page that asks."""
    return f"{WARNED_SECONDS}; url={LEFT}"


def waiting(request: Request, every: int, again: str) -> str:
    """For a page that looks by itself: so many times, then it asks, too.

    Args:
        every: seconds between two looks.
        again: its address without the count.
    """
    looked = request.query_params.get("n", "0")
    times = int(looked) + 1 if looked.isdecimal() and len(looked) < 4 else 1  # noqa: PLR2004
    if times * every >= PAYING_SECONDS:
        return f"0; url={STILL}?to=/"
    return f"{every}; url={again}&n={times}"


def back_to(request: Request) -> str:
    """Where *go on* leads: a page of the list, or the start."""
    wanted = request.query_params.get("to", "")
    return wanted if wanted in GOES_ON else "/"


def watch(request: Request, answer: Response, *, slow: bool = False) -> Response:
    """Say when this page goes, unless it says so itself; the start of a locker stays.

    Args:
        slow: somebody chose larger letters and may take twice as long; the start asks then, too, because
            the letters are theirs and not the next person's.
    """
    path, kind = request.url.path, answer.headers.get("Content-Type", "")
    if "Refresh" in answer.headers or not kind.startswith("text/html"):
        return answer
    if path == "/" and not slow:
        return answer
    if path == "/face/look":  # without its script it would never end
        answer.headers["Refresh"] = f"{STILL_SECONDS}; url=/face/end"
        return answer
    seconds = (READ_SECONDS if path in READING else STILL_SECONDS) * (2 if slow else 1)
    to = path if request.method == "GET" and path in GOES_ON else "/"
    answer.headers["Refresh"] = f"{seconds}; url={STILL}?to={to}"
    return answer
