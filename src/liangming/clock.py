"""The only place that reads the time.

A use case reads the clock once and passes the moment down, so that everything that happens in one
move has one time. Moments are aware datetimes in UTC; the law's days are days in China
(UTC+8, no daylight saving since 1991).

A machine's clock may leap. Back: ours goes on at half its pace until the machine's has caught up, so
that no moment comes twice and terms still end. Forward: it follows, for nobody can tell a leap from a
correction; but what cannot be undone (the end of a registration's term) waits a day of running time
(:meth:`Clock.settled`), in which somebody may look.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final, Protocol

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
LEAP: Final = timedelta(hours=1)  # what no correction of a clock that was kept amounts to
WAIT: Final = timedelta(days=1)

_log = logging.getLogger("liangming.clock")


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC. Never runs backwards within one process."""
        ...

    def settled(self) -> bool:
        """Whether what cannot be undone may be done by this clock: it has not leapt lately."""
        ...


def _wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (the one place)


def _running() -> float:
    """Seconds since the machine started, sleep included where the system counts it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SystemClock:
    """The machine's clock, held from running backwards.

    Args:
        wall: the machine's clock; another one in tests.
        running: seconds that only grow, whatever is done to that clock.
    """

    def __init__(
        self, wall: Callable[[], datetime] = _wall, running: Callable[[], float] = _running
    ) -> None:
        self._wall = wall
        self._running = running
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._held: tuple[datetime, float] | None = (
            None  # where it was when the machine's went back
        )
        self._seen: tuple[datetime, float] = (wall(), running())
        self._leapt: float | None = None

    def now(self) -> datetime:
        """The present moment in UTC."""
        told = self._wall()
        if self._held is None and told >= self._latest:
            self._latest = told
            return told
        running = self._running()
        held = self._held or (self._latest, running)
        slow = held[0] + timedelta(seconds=(running - held[1]) / 2)
        self._held = None if told >= slow else held
        self._latest = max(self._latest, told, slow)
        return self._latest

    def settled(self) -> bool:
        """False for a day after a leap forward, and while it waits for the machine's clock."""
        told, running = self._wall(), self._running()
        leap = (told - self._seen[0]) - timedelta(seconds=running - self._seen[1])
        self._seen = (told, running)
        if abs(leap) >= LEAP:
            _log.warning(
                "the machine's clock leapt by %d s; what cannot be undone waits",
                leap.total_seconds(),
            )
        if leap >= LEAP:
            self._leapt = running
        if self._leapt is not None and running - self._leapt >= WAIT.total_seconds():
            self._leapt = None
        return self._leapt is None and self._latest - told < LEAP


class SetClock:
    """A clock that stands still until it is moved: for tests, demos and time travel."""

    def __init__(self, at: datetime) -> None:
        self._at = in_utc(at)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._at

    def settled(self) -> bool:
        """Always: whoever moves it means it."""
        return True

    def move(self, by: timedelta) -> None:
        """Move the hands; a negative step is allowed, to test what a wrong clock does."""
        self._at += by

    def set(self, at: datetime) -> None:
        """Put the hands to a moment."""
        self._at = in_utc(at)


def in_utc(at: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the datetime is naive; a moment without an offset is not a moment.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs an offset")
    return at.astimezone(UTC)


def china_date(at: datetime) -> date:
    """The calendar day in China at a moment: the day on which a law is in force."""
    return at.astimezone(CHINA).date()


def rfc3339(at: datetime) -> str:
    """RFC 3339 with milliseconds and China's offset, as every door writes it."""
    delta = at - _EPOCH
    second = _china_second(delta.days * 86_400 + delta.seconds)
    return f"{second}.{delta.microseconds // 1000:03}+08:00"


@lru_cache(maxsize=4_096)  # a thousand answers a second say the same three seconds
def _china_second(seconds: int) -> str:
    there = (_EPOCH + timedelta(seconds=seconds)).astimezone(CHINA)
    return there.replace(tzinfo=None).isoformat()


def micros(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z, exact, as stores and leaves keep it."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_micros(value: int) -> datetime:
    """The moment of :func:`micros`."""
    return _EPOCH + timedelta(microseconds=value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
