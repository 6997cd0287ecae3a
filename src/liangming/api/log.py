"""What this door writes down: one line a request, and one for each incident.

A request's line has its method, route *template*, status, microseconds and client id. Never the
path or query as sent, a header, a body or an address of the caller: any of them can hold
something about a person. The server's own access log prints raw paths and stays off.

An incident's lines have its number, the kinds of exception and the places in the code. Never the
exception's words: libraries like to quote what they were given.
"""

from __future__ import annotations

import logging
import traceback
from datetime import datetime
from typing import Final

from liangming import ids

ACCESS: Final = logging.getLogger("liangming.api.access")
INCIDENT: Final = logging.getLogger("liangming.api.incident")

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


def request(template: str, method: str, status: int, micros: int, client: str) -> None:
    """One line for one request."""
    if ACCESS.isEnabledFor(logging.INFO):
        verb = method if method in _METHODS else "other"
        ACCESS.info("%s %s %d %dus %s", verb, template or "-", status, micros, client or "-")


def new_incident(at: datetime) -> str:
    """A number for an incident; carries a time and randomness, nothing else."""
    return ids.new("inc", at)


def incident(number: str, failure: BaseException) -> None:
    """Where it happened, without what it happened to."""
    seen: set[int] = set()
    cause: BaseException | None = failure
    lines: list[str] = []
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = traceback.extract_tb(cause.__traceback__)
        places = " < ".join(
            f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)
        )
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__} at {places}")
        cause = cause.__cause__ or cause.__context__
    INCIDENT.error("%s %s", number, " <- ".join(lines))


def _short(filename: str) -> str:
    return "/".join(filename.replace("\\", "/").rsplit("/", 3)[-3:])
