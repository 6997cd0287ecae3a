"""What a table seems to be that has not one row for each check, nor one column for each of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liangming.audit.guess import names
from liangming.audit.guess.moments import written
from liangming.audit.guess.steps import steps
from liangming.audit.ingest.mapping import NO, YES

if TYPE_CHECKING:
    from liangming.audit.guess.columns import Guessed

_OPEN: Final = (("open", r"(可用|启用|开启|支持|开通|提供)$|(available|enabled|offered|open)$"),)
_DAY: Final = re.compile(r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{8})(?:[ T]00:00:00)?")
_TIME: Final = re.compile(r"\d{1,2}[:时点]\d{1,2}([:分]\d{1,2}秒?)?")
_MIDNIGHT: Final = re.compile(r"[ T]00:00:00$")
_NAMED_DAY: Final = re.compile(r"日期|^日$|date|(^|_)day$", re.IGNORECASE)
_NAMED_TIME: Final = re.compile(r"时刻|时间|time", re.IGNORECASE)
_MARKS: Final = ("√", "✓", "✔", "×", "")
_ENOUGH: Final = 0.9


def is_day(values: list[str]) -> bool:
    """Whether values are days without a time, or at midnight all."""
    return _mostly(_DAY, values)


def is_open(name: str, values: list[str]) -> bool:
    """Whether a column says of one way that it is open, or not."""
    fit = {value.lower() for value in values} <= {*YES, *NO, *_MARKS}
    return fit and bool(names.matching(name, _OPEN))


def apart(found: Guessed) -> None:
    """A day and a time in two columns, a column for each way, a row for each step: noted where they seem to be so."""
    _moment(found)
    if "ways_offered" not in found.columns:
        _ways(found)
    steps(found)


def _moment(found: Guessed) -> None:
    columns = found.sample.columns
    days = [
        *found.days,
        *(name for name in found.other if _NAMED_DAY.search(name) and is_day(columns[name])),
    ]
    times = [
        name for name in found.other if _NAMED_TIME.search(name) and _mostly(_TIME, columns[name])
    ]
    for day in days:
        for time in times:
            both = zip(columns[day], columns[time], strict=True)
            form = written([f"{_MIDNIGHT.sub('', a)} {b}" for a, b in both if a and b])
            if form.form:
                found.joined["at"] = (day, time)
                found.moment = form
                for name in (day, time):
                    found.other.pop(name, None)
                return
    if days and "at" not in found.columns:
        form = written(columns[days[0]])
        if form.form:
            found.other.pop(days[0], None)
            found.columns["at"], found.moment = days[0], form
            found.why["at"] = ("只有日期，没有时刻", "a day, and no time")


def _ways(found: Guessed) -> None:
    for theirs in list(found.other):
        values = found.sample.columns[theirs]
        if not is_open(theirs, values):
            continue
        way = names.matching(theirs, names.WORDS["way"])
        if way and way not in found.ways:
            found.ways[way] = theirs
        else:
            found.unclear_ways.append(theirs)
        del found.other[theirs]
        found.marks |= set(values) & set(_MARKS)


def _mostly(form: re.Pattern[str], values: list[str]) -> bool:
    said = [value for value in values if value]
    return bool(said) and sum(bool(form.fullmatch(one)) for one in said) >= _ENOUGH * len(said)
