"""Rows to words: the one pass over events, as one portable expression.

Everything a row says about ways, outcome and facts is packed into three whole numbers; rows are
counted by place and words. All later questions, also those invented later, are asked of the words.

Why it is written this way:

* a word is packed as a whole number, in pairs: an engine multiplies a coded column once for each
  entry of its dictionary, and takes two of them apart in one addition; where a file states bounds,
  nothing is tested for overflow. No word exceeds 53 bits, so that doubles hold them too;
* what all rows share is no key, and what their files prove is not computed: each key, sum and
  logarithm costs a tenth of reading the rows;
* where rows are few enough, sums are in double precision too, and two counts are one sum;
* channel and scene stand above the facts while rows are counted: a key less;
* no time zone, list, window, quantile or distinct count: engines differ there;
* ``greatest`` and ``least`` skip nulls, so a duration is tested for null before it is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import ibis
import ibis.expr.types as ir

from liangming.audit.questions.profile import (
    DAY,
    FITTING,
    LEAN_BITS,
    MINUTE,
    QUARTER,
    REQUIRED,
    Profile,
)
from liangming.audit.schema import EVENT_COLUMNS, LN_SCALE, LONGEST_MS, SHORTEST_MS

UNKNOWN_MASK: Final = 1 << 14
UNKNOWN_WAY: Final = 15

# (column, first bit, what stands where it is not known)
WAYS_WORD: Final = (
    ("ways_offered", 0, UNKNOWN_MASK),
    ("ways_down", 15, UNKNOWN_MASK),
    ("ways_failed", 30, UNKNOWN_MASK),
    ("way_first", 45, UNKNOWN_WAY),
    ("way_chosen", 49, UNKNOWN_WAY),
)
FACTS_WORD: Final = (
    ("facts", 0, 0),
    ("way_completed", 30, UNKNOWN_WAY),
    ("outcome", 34, 0),
    ("reason", 37, 0),
)
PLACE_WORD: Final = (("channel", 0, 0), ("scene_kind", 4, 0), ("province", 10, 0))
DAY_BIT: Final = 30

HERE_BIT: Final = 40
WHERE_BIT: Final = 10
COUNTED_WORD: Final = (
    *FACTS_WORD,
    *((name, HERE_BIT + bit, missing) for name, bit, missing in PLACE_WORD if bit < WHERE_BIT),
)
"""While rows are counted: the facts, and above them what of their place is below ``WHERE_BIT``."""

SAVED_BITS: Final = 30 - LEAN_BITS
LEAN_WORD: Final = tuple(
    (name, bit and bit - SAVED_BITS, missing)
    for name, bit, missing in (*COUNTED_WORD, ("province", HERE_BIT + WHERE_BIT, 0))
)
"""The same where facts are few: the province has room too, and there is a key less."""

MANY_BITS: Final = 26
FEW: Final = 1 << 25
"""Rows up to which every sum is exact in double precision, and a count takes ``MANY_BITS``."""

KEYS: Final = ("operator", "outlet", "clerk", "place", "ways", "facts", "known")
COUNTS: Final = ("n", "morning", "afternoon", "evening", "timed", "ln", "ln2")

LEFT_OUT: Final = ("required-missing", "moment-unfit", "zone-unfit")
"""Why a row is left out; the place of the reason, from -1 down, stands in ``place``."""


EVENTS: Final = "liangming_events"


def event_table(profile: Profile) -> ir.Table:
    """Some events by name: the columns that are present, and where a day is shared, when bands begin."""
    columns = {c.name: c.shape.value for c in EVENT_COLUMNS if c.name in profile.present}
    begins = dict.fromkeys(_begins(profile), "int64")
    return ibis.table({**columns, **begins}, name=EVENTS)


def event_columns(profile: Profile, quote: str) -> list[str]:
    """The same columns, as an engine that quotes names so selects them from files."""
    names = [column.name for column in EVENT_COLUMNS if column.name in profile.present]
    columns = [f"{quote}{name}{quote}" for name in names]
    begins = _begins(profile).items()
    return [*columns, *(f"CAST({moment} AS BIGINT) AS {name}" for name, moment in begins)]


def question(profile: Profile) -> Profile:
    """What of a profile the question depends on: days and numbers of rows differ, it does not."""
    few = profile.rows is not None and profile.rows <= FEW
    day = None if _shared_day(profile) is None else 0
    return replace(profile, day=day, rows=FEW if few else None)


def shared(profile: Profile) -> dict[str, int | str]:
    """Keys that are the same in every row; an outlet is never one, so that a key is left."""
    if _reasons(profile):
        return {}
    missing: dict[str, int | str] = {"clerk": "", "known": 0, "province": 0}
    missing = {name: value for name, value in missing.items() if name not in profile.present}
    constant = missing | dict(profile.constant)
    alike = ("operator", "clerk", "known")
    found: dict[str, int | str] = {name: constant[name] for name in alike if name in constant}
    if _shared_day(profile) is not None and (profile.lean or "province" in constant):
        found["where"] = 0  # in :func:`whole`
    return found


def counts(events: ir.Table, profile: Profile) -> ir.Table:
    """Count the rows of some events by place and words: what an engine must do to every row.

    Moments and sums are in double precision, bands begin at their hour and have no end, and what all
    rows share is not there: :func:`whole` says the rest, which is the same for all rows of a group.

    Args:
        events: as :func:`event_table` gives them.
        profile: what is known of them.
    """
    read = _Reading(events, profile)
    keys = {
        **{name: read.text(name) for name in KEYS[:3]},
        "where": read.where(),
        "ways": read.packed(WAYS_WORD),
        "facts": read.packed(LEAN_WORD if profile.lean else COUNTED_WORD),
        "known": read.value("known", missing=0),
    }
    keys = {name: key for name, key in keys.items() if name not in shared(profile)}
    bad = read.left_out()
    if bad is not None:
        out = {"operator": "", "outlet": "", "clerk": "", "where": -1, "ways": 0, "known": 0}
        for name, value in out.items():
            keys[name] = (bad < 0).ifelse(value, keys[name])
        reason = (bad.cast("int64") + (1 << WHERE_BIT)) * (1 << _here(profile))
        keys["facts"] = (bad < 0).ifelse(reason, keys["facts"])
    few = question(profile).rows is not None
    log = read.log()
    rows = events.select(
        **keys,
        **{f"from_{hour}": since.cast("float64") for hour, since in read.bands().items()},
        timed=(read.number("duration_ms", missing=-1) >= 0).cast("float64"),
        log=log if few else log.cast("int32"),
    )
    each = {name: rows[name] for name in rows.columns if name.startswith("from_")}
    if not profile.proven("duration_ms"):
        each["timed"] = rows.timed
    sums: dict[str, ir.Scalar] = {"ln": rows.log.sum(), "ln2": (rows.log * rows.log).sum()}
    for names in _together(list(each), 2 if few else 1):
        added = each[names[0]]
        for name in names[1:]:
            added = added + each[name] * float(1 << MANY_BITS)
        sums["_and_".join(names)] = added.sum()
    return rows.group_by(list(keys)).aggregate(n=rows.count(), **sums)


def whole(counted: Counted, profile: Profile) -> dict[str, ir.IntegerColumn]:
    """All keys and counts but the names, from what is counted; only operators that arrays have too.

    Args:
        counted: the columns of :func:`counts` but the names, as whole numbers.
        profile: as it was counted with.
    """
    same = shared(profile)
    each: dict[str, ir.IntegerColumn] = {"from_1": counted["n"]}
    each["timed"] = counted["n"]
    for name, values in counted.items():
        names = name.split("_and_")
        if len(names) > 1:
            each[names[0]] = values & ((1 << MANY_BITS) - 1)
            each[names[1]] = values >> MANY_BITS
        else:
            each[name] = values
    for hour in range(1, 1 + profile.quarter):
        each[f"from_{hour}"] = counted["n"]
    facts = each["facts"]
    place = facts >> _here(profile)
    if "where" in each:
        place = place + each["where"] * (1 << WHERE_BIT)
    day = _shared_day(profile)
    if day is not None:
        place = place + (day << DAY_BIT)
        if not profile.lean and "where" not in each:
            place = place + (int(dict(profile.constant).get("province", 0)) << WHERE_BIT)
    facts = facts & ((1 << _here(profile)) - 1)
    if profile.lean:
        facts = ((facts >> LEAN_BITS) << 30) + (facts & ((1 << LEAN_BITS) - 1))
    return {
        "place": place,
        "ways": each["ways"],
        "facts": facts,
        "known": each["known"]
        if "known" in each
        else counted["n"] - counted["n"] + int(same.get("known", 0)),
        "n": each["n"],
        "morning": each["from_1"] - each["from_2"],
        "afternoon": each["from_2"] - each["from_3"],
        "evening": each["from_3"],
        **{name: each[name] for name in ("timed", "ln", "ln2")},
    }


def words(events: ir.Table, profile: Profile) -> ir.Table:
    """The same counts with all of their columns, as whole numbers."""
    counted = counts(events, profile)
    names = {
        name: ibis.literal(shared(profile)[name]) if name in shared(profile) else counted[name]
        for name in KEYS[:3]
    }
    numbers = {n: counted[n].cast("int64") for n in counted.columns if n not in names}
    return counted.select(**names, **whole(numbers, profile))


Counted = Mapping[str, ir.IntegerColumn]
"""Columns of whole numbers by name: of an expression, or arrays."""


def _shared_day(profile: Profile) -> int | None:
    """The day of all rows, if they have the same; none where a row may be left out, for it has no day."""
    return None if _reasons(profile) else profile.day


def _begins(profile: Profile) -> dict[str, int]:
    """When each band begins that may begin within the rows, if all have the same day."""
    zone = dict(profile.constant).get("zone")
    day = _shared_day(profile)
    if day is None or not isinstance(zone, int):
        return {}
    midnight = day * DAY - zone * MINUTE
    hours = range(1 + profile.quarter, 4)
    return {f"begin_{hour}": midnight + hour * QUARTER for hour in hours}


def _here(profile: Profile) -> int:
    return HERE_BIT - SAVED_BITS if profile.lean else HERE_BIT


def _together(names: Sequence[str], many: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(names), many):
        yield names[first : first + many]


def _sum(some: Sequence[ir.IntegerValue]) -> ir.IntegerValue:
    return some[0] if len(some) == 1 else some[0] + some[1]


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def floor(value: float) -> float:  # type: ignore[empty-body]
    """The engine's own, without the cast to 64 bits that Ibis adds to its."""


class _Reading:
    """Columns as they are to be read: nulls and unfit values replaced where they may be met."""

    def __init__(self, events: ir.Table, profile: Profile) -> None:
        self._events = events
        self._profile = profile

    def value(self, name: str, *, missing: int) -> ir.IntegerValue:
        """A whole number, ``missing`` where it is not known or does not fit."""
        same = self._same(name, missing)
        if same is not None:
            return ibis.literal(same, type="int64")
        column = self._events[name]
        if name in self._profile.unproven:
            least, greatest = FITTING[name]
            fits = column.notnull() & (column >= least) & (column <= greatest)
            return fits.ifelse(column.cast("int64"), missing)
        return column.fill_null(missing) if name in self._profile.nullable else column

    def number(self, name: str, *, missing: int = 0) -> ir.FloatingValue:
        """The same in double precision."""
        return self.value(name, missing=missing).cast("float64")

    def packed(self, parts: tuple[tuple[str, int, int], ...]) -> ir.IntegerValue:
        """Several columns in one whole number below 2**53, added up in pairs."""
        each: list[ir.IntegerValue] = []
        fixed = 0
        for name, bit, missing in parts:
            same = self._same(name, missing)
            if same is not None:
                fixed += same << bit
                continue
            part = self.value(name, missing=missing).cast("int64")
            each.append(part * ibis.literal(1 << bit, type="int64") if bit else part)
        if (
            fixed or not each
        ):  # of a whole literal Ibis would drop the cast, and engines take 32 bits
            each.append(ibis.literal(float(fixed)).cast("int64"))
        while len(each) > 1:
            each = [_sum(each[at : at + 2]) for at in range(0, len(each), 2)]
        return each[0]

    def _same(self, name: str, missing: int) -> int | None:
        """What a whole-number column says in every row, if it is the same."""
        if name not in self._profile.present:
            return missing
        found = dict(self._profile.constant).get(name)
        return None if found is None else int(found)

    def where(self) -> ir.NumericValue:
        """Province if it stands nowhere else, and above it the day if not all rows have the same."""
        province = self.number("province")
        if _shared_day(self._profile) is not None:
            return province
        day = self._day() * float(1 << (DAY_BIT - WHERE_BIT))
        return day if self._profile.lean else province + day

    def bands(self) -> dict[int, ir.BooleanValue]:
        """Whether a row is not before a band begins, for each that may begin within the rows."""
        if _shared_day(self._profile) is not None:
            begins = {hour: f"begin_{hour}" for hour in range(1 + self._profile.quarter, 4)}
            return {hour: self._events["at"] >= self._events[n] for hour, n in begins.items()}
        since = self._local() - self._day() * float(DAY)
        return {hour: since >= float(hour * QUARTER) for hour in (1, 2, 3)}

    def log(self) -> ir.FloatingValue:
        """The logarithm of the duration, 0 where it is not known."""
        milliseconds = within = self.number("duration_ms", missing=-1)
        if not self._profile.bounded:
            within = ibis.greatest(float(SHORTEST_MS), ibis.least(float(LONGEST_MS), milliseconds))
        log = floor(within.ln() * float(LN_SCALE) + 0.5)
        return log if self._profile.bounded else (milliseconds >= 0).ifelse(log, 0.0)

    def _local(self) -> ir.FloatingValue:
        return self.number("at") + self.number("zone") * float(MINUTE)

    def _day(self) -> ir.FloatingValue:
        return floor(self._local() / float(DAY))

    def text(self, name: str) -> ir.StringValue:
        """A text, empty where it is not known."""
        if name not in self._profile.present:
            return ibis.literal("")
        column = self._events[name]
        return column.fill_null("") if name in self._profile.nullable else column

    def left_out(self) -> ir.IntegerValue | None:
        """The reason why a row is left out, 0 for none; None where no row can be."""
        events = self._events
        cases: list[tuple[ir.BooleanValue, int]] = []
        for name, reason in _reasons(self._profile):
            if name not in self._profile.present:
                return ibis.literal(-1)
            if reason is None:
                cases.append((events[name].isnull(), -1))
            elif name in FITTING:
                least, greatest = FITTING[name]
                cases.append(((events[name] < least) | (events[name] > greatest), reason))
            else:
                cases.append((events[name] == "", reason))
        return ibis.cases(*cases, else_=0) if cases else None


def _reasons(profile: Profile) -> list[tuple[str, int | None]]:
    """Which columns may let a row be left out, in the order in which they are asked; None for a null."""
    missing = sorted(set(REQUIRED) - profile.present)
    if missing:
        return [(missing[0], -1)]
    found: list[tuple[str, int | None]] = []
    for name in REQUIRED:
        if name in profile.nullable:
            found.append((name, None))
        if name in ("operator", "outlet") and name in profile.unproven:
            found.append((name, -1))
    return found + [
        (name, why) for name, why in (("at", -2), ("zone", -3)) if name in profile.unproven
    ]
