"""A word, read: what it says of one kind of row, as conditions that every engine understands.

Every condition is plain true or false. What is not known is asked apart (``…_known``), so that no
engine's handling of nulls in *and*, *or* and *not* matters. Only operators are used that columns of
an expression and NumPy's arrays share: the same lines are asked inside an engine and in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import ibis.expr.types as ir

from liangming.audit.questions.words import (
    DAY_BIT,
    FACTS_WORD,
    PLACE_WORD,
    UNKNOWN_MASK,
    UNKNOWN_WAY,
    WAYS_WORD,
)
from liangming.audit.schema import FACE, FACE_BIT, FACTS, OUTCOMES, REASONS, WAYS

BITS_OF: Final = {
    "ways_offered": 15,
    "ways_down": 15,
    "ways_failed": 15,
    "way_first": 4,
    "way_chosen": 4,
    "facts": 30,
    "way_completed": 4,
    "outcome": 3,
    "reason": 3,
    "channel": 4,
    "scene_kind": 6,
    "province": 20,
}
"""How many bits each part of a word takes."""

_FACT: Final = {fact.name: number for number, fact in enumerate(FACTS)}
ALL_WAYS: Final = (1 << len(WAYS)) - 1


class Row(Protocol):
    """Columns by name: of an expression, or arrays."""

    def __getitem__(self, name: str, /) -> ir.IntegerColumn:
        """One column."""
        ...


Layout = tuple[str, Sequence[tuple[str, int, int]]]
WORDS: Final[tuple[Layout, ...]] = (("ways", WAYS_WORD), ("facts", FACTS_WORD))
PLACES: Final[Layout] = ("place", PLACE_WORD)


def parts(row: Row, *layouts: Layout) -> dict[str, ir.IntegerValue]:
    """The parts of some words, each by its name after ``_``."""
    found: dict[str, ir.IntegerValue] = {}
    for column, layout in layouts:
        for name, bit, _ in layout:
            shifted = row[column] >> bit if bit else row[column]
            found[f"_{name}"] = shifted & ((1 << BITS_OF[name]) - 1)
    return found


def unpacked(words: ir.Table) -> ir.Table:
    """The parts of the words as columns beside them; ``place`` must not be negative."""
    day = (words.place >> DAY_BIT).cast("int32")
    return words.mutate(day=day, **parts(words, PLACES, *WORDS))


class Word:
    """Conditions over one unpacked word.

    Args:
        row: ``known``, and the :func:`parts` of :data:`WORDS`.
    """

    def __init__(self, row: Row) -> None:
        self._row = row
        offered = row["_ways_offered"]
        self.ways_known = offered < UNKNOWN_MASK
        self.face_offered = self.ways_known & ((offered & FACE_BIT) > 0)
        self.others = offered & (ALL_WAYS - FACE_BIT)
        self.down = row["_ways_down"] & offered & ALL_WAYS  # none where either is not known
        self.failed = row["_ways_failed"] & offered & ALL_WAYS
        self.others_down = self.down & (ALL_WAYS - FACE_BIT)
        self.others_failed = self.failed & (ALL_WAYS - FACE_BIT)
        self.others_open = self.others - self.others_down
        self.first_known = row["_way_first"] < UNKNOWN_WAY
        self.chosen_known = row["_way_chosen"] < UNKNOWN_WAY
        self.face_failed = (self.failed & FACE_BIT) > 0
        self.face_used = (row["_way_completed"] == FACE) | self.face_failed
        decline_known = self.face_offered & self.known("declined_face")
        self.declined = decline_known & self.yes("declined_face")
        self.kept = decline_known & self.no("declined_face")
        self.decline_known = decline_known

    def known(self, fact: str) -> ir.BooleanValue:
        """Whether the fact was given."""
        return (self._row["known"] & (1 << _FACT[fact])) > 0

    def yes(self, fact: str) -> ir.BooleanValue:
        """Whether the fact was given, and is so."""
        return (self._row["_facts"] & self._row["known"] & (1 << _FACT[fact])) > 0

    def no(self, fact: str) -> ir.BooleanValue:
        """Whether the fact was given, and is not so."""
        bit = 1 << _FACT[fact]
        return ((self._row["known"] & bit) - (self._row["_facts"] & self._row["known"] & bit)) > 0

    def outcome(self, *words: str) -> ir.BooleanValue:
        """Whether the check ended so."""
        places = [OUTCOMES.index(word) for word in words]
        condition = self._row["_outcome"] == places[0]
        for place in places[1:]:
            condition |= self._row["_outcome"] == place
        return condition

    def reason(self, word: str) -> ir.BooleanValue:
        """Whether this was the reason to refuse."""
        return self._row["_reason"] == REASONS.index(word)

    def first(self, way: int) -> ir.BooleanValue:
        """Whether the way stood first."""
        return self._row["_way_first"] == way

    def chosen(self, way: int) -> ir.BooleanValue:
        """Whether the way was chosen first."""
        return self._row["_way_chosen"] == way

    def completed(self, way: int) -> ir.BooleanValue:
        """Whether the way completed."""
        return self._row["_way_completed"] == way

    def offered(self, way: int) -> ir.BooleanValue:
        """Whether the way was offered."""
        return self.ways_known & ((self._row["_ways_offered"] & (1 << way)) > 0)
