"""What is known of some files before they are read: which columns, which may be null or unfit.

A Parquet file keeps the least and greatest value and the number of nulls of each column. Where they
prove that every value fits, the pass need not test each row; where they prove nothing, it does.
The counts are the same either way, and a test holds them to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangming.audit.schema import (
    CHANNELS,
    EVENT_COLUMNS,
    FACTS,
    NONE_CHOSEN,
    OUTCOMES,
    REASONS,
    SCENE_KINDS,
    WAYS,
)

MINUTE: Final = 60_000_000
DAY: Final = 1440 * MINUTE
QUARTER: Final = DAY // 4
FIRST_MOMENT: Final = 946_684_800_000_000  # 2000-01-01
LAST_MOMENT: Final = 4_102_444_800_000_000  # 2100-01-01
_MASK: Final = (1 << len(WAYS)) - 1
_FACTS: Final = (1 << len(FACTS)) - 1

FITTING: Final = {
    "at": (FIRST_MOMENT, LAST_MOMENT - 1),
    "zone": (-720, 840),
    "province": (0, 999_999),
    "scene_kind": (0, len(SCENE_KINDS) - 1),
    "channel": (0, len(CHANNELS) - 1),
    "ways_offered": (0, _MASK),
    "ways_down": (0, _MASK),
    "ways_failed": (0, _MASK),
    "way_first": (0, NONE_CHOSEN),
    "way_chosen": (0, NONE_CHOSEN),
    "way_completed": (0, NONE_CHOSEN),
    "outcome": (0, len(OUTCOMES) - 1),
    "reason": (0, len(REASONS) - 1),
    "duration_ms": (0, (1 << 31) - 1),
    "facts": (0, _FACTS),
    "known": (0, _FACTS),
}
"""The least and greatest value that each whole-number column may have."""

LEAN_BITS: Final = 13
"""How few facts leave room for a whole place beside them, in 53 bits."""

REQUIRED: Final = tuple(column.name for column in EVENT_COLUMNS if column.required)
ALL: Final = frozenset(column.name for column in EVENT_COLUMNS)


@dataclass(frozen=True, slots=True)
class Profile:
    """What may be met in some files.

    Attributes:
        present: columns that are there; a missing one is *not known* in every row.
        nullable: columns in which a null may be met.
        unproven: columns in which a value outside :data:`FITTING`, or an empty text, may be met.
        constant: columns with one value in every row, which need not be read.
        day: the day of every row by the place's own calendar, if all have the same.
        bounded: whether every duration is known and within what a logarithm is taken of.
        quarter: of that day, the first in which a row is; 0 where no day is shared.
        lean: whether in every row the facts are given, and none from the ``LEAN_BITS``-th on is so.
        rows: how many at most; None if nothing says it.
    """

    present: frozenset[str] = ALL
    nullable: frozenset[str] = ALL
    unproven: frozenset[str] = ALL
    constant: frozenset[tuple[str, int | str]] = frozenset()
    day: int | None = None
    bounded: bool = False
    quarter: int = 0
    lean: bool = False
    rows: int | None = None

    def proven(self, name: str) -> bool:
        """Whether the column is there and every row has a value of it that fits."""
        return name in self.present - self.nullable - self.unproven

    def __or__(self, other: Profile) -> Profile:
        """What may be met in either; only for files with the same columns."""
        one_day = self.day == other.day
        unsaid = self.rows is None or other.rows is None
        return Profile(
            self.present,
            self.nullable | other.nullable,
            self.unproven | other.unproven,
            self.constant & other.constant,
            self.day if one_day else None,
            self.bounded and other.bounded,
            min(self.quarter, other.quarter) if one_day else 0,
            self.lean and other.lean,
            None if unsaid else (self.rows or 0) + (other.rows or 0),
        )
