"""From a number of the law to the last day on which something may be done.

How days are counted here: the day on which something arrives is not counted, the last day is
counted whole and ends at midnight in China. A term of plain days is *not* prolonged when its last
day is a holiday: that is never later than any other reading. Working days follow the calendar.
A month or year without the same day ends on its last day.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from liangming.clock import CHINA, china_date, in_utc
from liangming.docket.calendar import unpublished, working_day_after
from liangming.rules import Dated

_MONTHS_A_YEAR: Final = 12


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """Until when, and by what.

    Attributes:
        at: the first moment that is too late, in UTC.
        count: the number that was in force on the day of the start.
        unit: ``days``, ``working-days``, ``hours``, ``months`` or ``years``.
        value: id of the dated value.
        article: where the number stands.
        unpublished: years in it whose days off are not known yet; the day may move.
    """

    at: datetime
    count: int
    unit: str
    value: str
    article: str
    unpublished: tuple[int, ...] = ()

    @property
    def day(self) -> date:
        """The last day on which it may still be done, in China."""
        return china_date(self.at - timedelta(microseconds=1))

    def late(self, now: datetime) -> bool:
        """Whether it is too late."""
        return now >= self.at


def deadline(value: Dated, start: datetime) -> Deadline:
    """The end of a term that starts at a moment.

    Args:
        value: a dated value with a unit of time.
        start: when the term is set off; the value in force on that day in China holds.

    Raises:
        Misuse: no value was in force on that day.
        ValueError: the value counts no time.
    """
    day = china_date(start)
    since = value.since(day)
    count, unit = since.value, value.unit
    uncertain: tuple[int, ...] = ()
    if unit == "hours":
        at = in_utc(start) + timedelta(hours=count)
    else:
        last = last_day(day, count, unit)
        if unit == "working-days":
            uncertain = unpublished(day, last)
        at = end_of(last)
    return Deadline(
        at=at,
        count=count,
        unit=unit,
        value=value.id,
        article=since.article,
        unpublished=uncertain,
    )


def last_day(day: date, count: int, unit: str) -> date:
    """The last day of a term whose first day follows ``day``.

    Raises:
        ValueError: a unit that counts no days.
    """
    match unit:
        case "days":
            return day + timedelta(days=count)
        case "working-days":
            return working_day_after(day, count)
        case "months":
            return _months_after(day, count)
        case "years":
            return _months_after(day, count * _MONTHS_A_YEAR)
        case _:
            raise ValueError(f"no unit of time: {unit}")


def end_of(day: date) -> datetime:
    """Midnight after a day in China, in UTC."""
    return in_utc(datetime.combine(day + timedelta(days=1), time(), CHINA))


def _months_after(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, _MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
