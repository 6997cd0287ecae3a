"""What this door writes down: one line a request, and one for each incident.

A request's line has its method, route *template*, status, microseconds and client id. Never the
path or query as sent, a header, a body or an address of the caller: any of them can hold
something about a person. The server's own access log prints raw paths and stays off.

An incident's lines have its number, the kinds of exception and the places in the code. Never the
exception's words: libraries like to quote what they were given.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

from liangming import ids
from liangming.clock import Clock

EVERY: Final = 0.1  # seconds

ACCESS: Final = logging.getLogger("liangming.api.access")
INCIDENT: Final = logging.getLogger("liangming.api.incident")

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


class Gathered:
    """Lines of requests, written together some times a second.

    A record of Python's logging for each request costs as much as a tenth of a check, and a write
    besides. So where a server runs, lines wait here for at most :data:`EVERY` seconds and go out in
    one write, in the same form. A process that is killed loses those that waited; what was
    acknowledged is in the database, not here.

    Args:
        write: takes some whole lines.
        clock: tells the moment of writing, which stands at each line.
    """

    def __init__(self, write: Callable[[str], object], clock: Clock) -> None:
        self._write = write
        self._clock = clock
        self._waiting: list[str] = []

    def add(self, line: str) -> None:
        """One line, without its time."""
        self._waiting.append(line)

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            at = self._clock.now().astimezone().strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
            head = f"{at} INFO {ACCESS.name} "
            self._write("".join([f"{head}{line}\n" for line in waiting]))

    async def run(self) -> None:
        """Write now and then, until cancelled."""
        try:
            while True:
                await asyncio.sleep(EVERY)
                self.flush()
        finally:
            _through.clear()
            self.flush()


_through: list[Gathered] = []


def gather(lines: Gathered) -> Coroutine[Any, Any, None]:
    """From now on lines of requests go through this, for as long as what is returned runs."""
    _through[:] = [lines]
    return lines.run()


def request(template: str, method: str, status: int, micros: int, client: str) -> None:
    """One line for one request."""
    if not ACCESS.isEnabledFor(logging.INFO):
        return
    verb = method if method in _METHODS else "other"
    if _through:
        _through[0].add(f"{verb} {template or '-'} {status} {micros}us {client or '-'}")
    else:
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
