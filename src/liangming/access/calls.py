"""What each client called: its own log, without anything about a person.

A line has the time, the route *template*, the method, the status, the stable code of a failure, how
long it took, and a request id. Never a path as sent, a query, a header, a body or an address.

Nothing of it is written while a call is answered. Calls gather in memory: those that are alike
(client, route, method, status, code) become one line with a count and the slowest of them; of failures
the first ones of a span are kept each for itself. Every few seconds the lines go into the docket in
one commit. A killed process loses the calls of the last span, and no answer; an outage of the store
loses the spans that it lasted, counted in the server's log. A client's lines end after a week.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check.ports import Client
from liangming.clock import CHINA, Clock, micros
from liangming.docket import Record, Records
from liangming.errors import LiangmingError

CALLED: Final = "call"
FAILED: Final = "call-failed"
EVERY: Final = 5.0  # seconds
KEPT: Final = timedelta(days=7)
EACH: Final = 20  # failures of a kind and span that are kept each for itself
_GROUPS: Final = 5_000  # kinds of lines in a span; more are only counted
_CALL_ID: Final = "cal"
_SCANNED: Final = 2_000
_STEP: Final = 500
_log = logging.getLogger("liangming.access.calls")

_Key = tuple[str, str, str, str, int, str]


class _Group:
    """Calls of one span that were alike."""

    __slots__ = ("count", "longest", "micros", "number")

    def __init__(self, micros: int, number: str) -> None:
        self.count = 1
        self.micros = micros
        self.longest = micros
        self.number = number


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: a call, or several that were alike."""

    at: int  # µs: the end of the span
    method: str
    route: str
    status: int
    code: str  # of a failure; empty for a success
    count: int
    micros: int  # of all of them together
    longest: int  # µs
    request: str  # id of the longest


class Numbers:
    """Request ids: one random word a process, and a count. Cheap, and they say nothing."""

    __slots__ = ("_head", "_last")

    def __init__(self) -> None:
        self._head = secrets.token_hex(5)
        self._last = 0

    def next(self) -> str:
        """The next one."""
        self._last += 1
        return f"{self._head}-{self._last:x}"


class Diary:
    """The calls of one process, gathered and written now and then.

    Args:
        docket: where lines are kept.
        clock: tells when they were written.
    """

    def __init__(self, docket: Records, clock: Clock) -> None:
        self._docket = docket
        self._clock = clock
        self._groups: dict[_Key, _Group] = {}
        self._single: list[tuple[_Key, int, str]] = []
        self._counted: dict[_Key, int] = {}
        self._missed = 0
        self._day = 0
        self._seen: set[str] = set()

    def note(  # noqa: PLR0917  (once a call: positional is cheaper)
        self,
        client: Client,
        route: str,
        method: str,
        status: int,
        code: str,
        took: int,
        number: str,
    ) -> None:
        """One call was answered."""
        key = (client.id, client.operator, route, method, status, code)
        if code:
            before = self._counted.get(key, 0)
            if before < EACH and len(self._single) < _GROUPS:
                self._counted[key] = before + 1
                self._single.append((key, took, number))
                return
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= _GROUPS:
                self._missed += 1
                return
            self._groups[key] = _Group(took, number)
            return
        group.count += 1
        group.micros += took
        if took > group.longest:
            group.longest, group.number = took, number

    async def flush(self) -> None:
        """Write what gathered."""
        groups, self._groups = self._groups, {}
        single, self._single = self._single, []
        self._counted = {}
        missed, self._missed = self._missed, 0
        lines = [(key, _Group(took, number)) for key, took, number in single]
        lines += groups.items()
        if not lines and not missed:
            return
        at = self._clock.now()
        try:
            rows = [_row(at, *line) for line in lines]
            for begin in range(0, len(rows), _STEP):
                # A crash between two steps loses the later ones, as a crash before loses all.
                await self._docket.commit(rows[begin : begin + _STEP])
            await self._used({key[0] for key, _ in lines}, _day(at))
        except LiangmingError as failure:
            missed += len(lines)
            _log.warning("lines of calls not kept: %d (%s)", missed, failure.code.name)
            return
        if missed:
            _log.warning("lines of calls not kept: %d", missed)

    async def _used(self, clients: set[str], day: int) -> None:
        if day != self._day:
            self._day, self._seen = day, set()
        new = clients - self._seen
        if new:
            await self._docket.used(sorted(new), day)
            self._seen |= new

    async def run(self) -> None:
        """Write now and then, until cancelled; then once more."""
        try:
            while True:
                await asyncio.sleep(EVERY)
                await self.flush()
        finally:
            await self.flush()


async def calls_of(
    docket: Records,
    client: str,
    *,
    failed: bool = False,
    code: str = "",
    before: str = "",
    limit: int = 50,
) -> tuple[list[Line], str]:
    """A page of a client's lines, the newest first, and where the next page begins.

    Args:
        docket: where lines are kept.
        client: whose.
        failed: only failures; with ``code`` only of that code.
        code: a stable code.
        before: as told by the page before; empty: the newest.
        limit: of the page.

    Returns:
        The lines, and the mark of the next page, empty at the end. A page of one code may be short
        and go on: at most some thousands of lines are looked through at a time.
    """
    fits: Callable[[Line], bool] = (lambda line: line.code == code) if code else (lambda _: True)
    found: list[Line] = []
    looked = 0
    while looked < _SCANNED:
        rows = await docket.latest(FAILED if failed or code else CALLED, client, before, limit + 1)
        for row in rows[:limit]:
            before = row.id
            looked += 1
            line = msgspec.json.decode(row.body, type=Line)
            if fits(line):
                found.append(line)
                if len(found) == limit:
                    return found, before if row is not rows[-1] else ""
        if len(rows) <= limit:
            return found, ""
    return found, before


def _day(at: datetime) -> int:
    begins = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return micros(begins)


def _row(at: datetime, key: _Key, group: _Group) -> Record:
    client, operator, route, method, status, code = key
    line = Line(
        at=micros(at),
        method=method,
        route=route,
        status=status,
        code=code,
        count=group.count,
        micros=group.micros,
        longest=group.longest,
        request=group.number,
    )
    return Record(
        id=ids.new(_CALL_ID, at),
        kind=FAILED if code else CALLED,
        operator=operator,
        about=client,
        state="kept",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=micros(at + KEPT),
        leaf_key=b"",
        body=msgspec.json.encode(line),
    )
