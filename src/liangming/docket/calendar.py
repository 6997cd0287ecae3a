"""Working days in China: five a week, less the published days off, plus the days worked instead.

A day of a year without a published notice counts by the week alone; :func:`unpublished` names such
years, so that whoever shows a date can say that it may move.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

from liangming.docket.holidays import NOTICES

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


@cache
def _days(year: int) -> tuple[frozenset[date], frozenset[date]]:
    notice = NOTICES.get(year)
    if notice is None:
        return frozenset(), frozenset()
    off = {
        first + timedelta(days=n)
        for first, last in notice.off
        for n in range((last - first).days + 1)
    }
    return frozenset(off), frozenset(notice.work)


def is_working_day(day: date) -> bool:
    """Whether offices work on this day."""
    off, work = _days(day.year)
    return day in work or (day.weekday() < _SATURDAY and day not in off)


def working_day_after(day: date, count: int) -> date:
    """The last of ``count`` working days, the first of which is after ``day``.

    The day itself is never counted. ``count`` is at least one.

    Raises:
        ValueError: a count below one, which would be no time at all.
    """
    if count < 1:
        raise ValueError("at least one working day")
    while count:
        day += _DAY
        count -= is_working_day(day)
    return day


def unpublished(first: date, last: date) -> tuple[int, ...]:
    """The years between two days for which no notice is known."""
    return tuple(year for year in range(first.year, last.year + 1) if year not in NOTICES)
