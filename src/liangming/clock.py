"""The only place that reads the time.

A use case reads the clock once and passes the moment down, so that everything that happens in one
move has one time. Moments are aware datetimes in UTC; the law's days are days in China
(UTC+8, no daylight saving since 1991).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC. Never runs backwards within one process."""
        ...


class SystemClock:
    """The machine's clock, held from running backwards: a step back repeats the latest moment."""

    def __init__(self) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The present moment in UTC."""
        self._latest = max(self._latest, datetime.now(UTC))  # noqa: TID251  (the one place)
        return self._latest


class SetClock:
    """A clock that stands still until it is moved: for tests, demos and time travel."""

    def __init__(self, at: datetime) -> None:
        self._at = in_utc(at)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._at

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
    return at.astimezone(CHINA).isoformat(timespec="milliseconds")


def micros(at: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z, exact, as stores and leaves keep it."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_micros(value: int) -> datetime:
    """The moment of :func:`micros`."""
    return _EPOCH + timedelta(microseconds=value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
