"""Rows to words: the one pass over events, as one portable expression.

Everything a row says about ways, outcome and facts is packed into three whole numbers; rows are
counted by place and words. All later questions, also those invented later, are asked of the words.

Why it is written this way:

* packing multiplies and adds in double precision, where whole numbers below 2**53 are exact:
  engines check every 64-bit addition for overflow, which costs five times as much;
* what all rows share is no key, and what their files prove is not computed: each key, sum and
  logarithm costs a tenth of reading the rows;
* no time zone, list, window, quantile or distinct count: engines differ there;
* ``greatest`` and ``least`` skip nulls, so a duration is tested for null before it is bounded.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from liangming.audit.questions.profile import DAY, FITTING, MINUTE, REQUIRED, Profile
from liangming.audit.schema import EVENT_COLUMNS, LN_SCALE, LONGEST_MS, SHORTEST_MS

QUARTER: Final = DAY // 4
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

KEYS: Final = ("operator", "outlet", "clerk", "place", "ways", "facts", "known")
COUNTS: Final = ("n", "morning", "afternoon", "evening", "timed", "ln", "ln2")

LEFT_OUT: Final = ("required-missing", "moment-unfit", "zone-unfit")
"""Why a row is left out; the place of the reason, from -1 down, stands in ``place``."""


EVENTS: Final = "liangming_events"


def event_table(profile: Profile) -> ir.Table:
    """Some events by name, with the columns that are present, and ``day`` if all have the same."""
    columns = {c.name: c.shape.value for c in EVENT_COLUMNS if c.name in profile.present}
    day = {} if profile.day is None else {"day": "int32"}
    return ibis.table({**columns, **day}, name=EVENTS)


def event_columns(profile: Profile, quote: str) -> list[str]:
    """The same columns, as an engine that quotes names so selects them from files."""
    names = [column.name for column in EVENT_COLUMNS if column.name in profile.present]
    columns = [f"{quote}{name}{quote}" for name in names]
    return columns if profile.day is None else [*columns, f"{profile.day} AS day"]


def shared(profile: Profile) -> dict[str, int | str]:
    """Keys that are the same in every row; an outlet is never one, so that a key is left."""
    if _reasons(profile):
        return {}
    constant: dict[str, int | str] = {"clerk": "", "known": 0}  # where the column is missing
    constant = {n: value for n, value in constant.items() if n not in profile.present}
    constant |= dict(profile.constant)
    return {name: constant[name] for name in ("operator", "clerk", "known") if name in constant}


def counts(events: ir.Table, profile: Profile) -> ir.Table:
    """Count the rows of some events by place and words: what an engine must do to every row.

    Whole numbers are in double precision, bands begin at their hour and have no end, and what all
    rows share is not there: :func:`words` says the rest, which is the same for all rows of a group.

    Args:
        events: as :func:`event_table` gives them.
        profile: what is known of them.
    """
    read = _Reading(events, profile)
    bad = read.left_out()
    local = read.number("at") + read.number("zone") * float(MINUTE)
    day = floor(local / float(DAY)) if profile.day is None else events["day"]
    day = day.cast("float64")
    keys = {
        **{name: read.text(name) for name in KEYS[:3]},
        "place": read.packed(PLACE_WORD) + day * float(1 << DAY_BIT),
        "ways": read.packed(WAYS_WORD),
        "facts": read.packed(FACTS_WORD),
        "known": read.value("known", missing=0),
    }
    keys = {name: key for name, key in keys.items() if name not in shared(profile)}
    if bad is not None:
        nothing = {"operator": "", "outlet": "", "clerk": "", "ways": 0.0, "facts": 0.0, "known": 0}
        for name, value in {**nothing, "place": bad.cast("float64")}.items():
            keys[name] = (bad < 0).ifelse(value, keys[name])
    milliseconds = read.number("duration_ms", missing=-1)
    rows = events.select(
        **keys,
        since=local - day * float(DAY),
        timed=(milliseconds >= 0).cast("float64"),
        log=_log(milliseconds, bounded=profile.bounded),
    )
    all_timed = profile.proven("duration_ms")
    return rows.group_by(list(keys)).aggregate(
        n=rows.count(),
        ln=rows.log.sum(),
        ln2=(rows.log * rows.log).sum(),
        **({} if all_timed else {"timed": rows.timed.sum()}),
        **{f"from_{hour}": _many(rows.since >= float(hour * QUARTER)) for hour in (1, 2, 3)},
    )


def words(events: ir.Table, profile: Profile) -> ir.Table:
    """The same counts with all of their columns, as whole numbers."""
    counted = counts(events, profile)
    found = {
        **{name: ibis.literal(value) for name, value in shared(profile).items()},
        "timed": counted.n,
        **{name: counted[name] for name in counted.columns},
        "morning": counted.from_1 - counted.from_2,
        "afternoon": counted.from_2 - counted.from_3,
        "evening": counted.from_3,
    }
    whole = {name: found[name].cast("int64") for name in (*KEYS[3:], *COUNTS)}
    return counted.select(**{name: found[name] for name in KEYS[:3]}, **whole)


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def floor(value: float) -> float:  # type: ignore[empty-body]
    """The engine's own, without the cast to 64 bits that Ibis adds to its."""


def _log(milliseconds: ir.FloatingValue, *, bounded: bool) -> ir.IntegerValue:
    """The logarithm of a duration, 0 where it is not known."""
    within = milliseconds
    if not bounded:
        within = ibis.greatest(float(SHORTEST_MS), ibis.least(float(LONGEST_MS), milliseconds))
    log = floor(within.ln() * float(LN_SCALE) + 0.5).cast("int32")
    return log if bounded else (milliseconds >= 0).ifelse(log, 0)


def _many(condition: ir.BooleanValue) -> ir.FloatingScalar:
    """In how many rows it is so."""
    return condition.cast("float64").sum()


class _Reading:
    """Columns as they are to be read: nulls and unfit values replaced where they may be met."""

    def __init__(self, events: ir.Table, profile: Profile) -> None:
        self._events = events
        self._profile = profile

    def value(self, name: str, *, missing: int) -> ir.IntegerValue:
        """A whole number, ``missing`` where it is not known or does not fit."""
        if name not in self._profile.present:
            return ibis.literal(missing, type="int64")
        constant = dict(self._profile.constant).get(name)
        if constant is not None:
            return ibis.literal(constant, type="int64")
        column = self._events[name]
        if name in self._profile.unproven:
            least, greatest = FITTING[name]
            fits = column.notnull() & (column >= least) & (column <= greatest)
            return fits.ifelse(column.cast("int64"), missing)
        return column.fill_null(missing) if name in self._profile.nullable else column

    def number(self, name: str, *, missing: int = 0) -> ir.FloatingValue:
        """The same in double precision."""
        return self.value(name, missing=missing).cast("float64")

    def packed(self, parts: tuple[tuple[str, int, int], ...]) -> ir.FloatingValue:
        """Several columns in one whole number below 2**53."""
        total: ir.FloatingValue | None = None
        for name, bit, missing in parts:
            part = self.number(name, missing=missing)
            part = part * float(1 << bit) if bit else part
            total = part if total is None else total + part
        assert total is not None  # noqa: S101  (no word is empty)
        return total

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
