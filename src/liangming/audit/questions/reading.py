"""A word, read: what it says of one kind of row, as conditions that every engine understands.

Every condition is plain true or false. What is not known is asked apart (``…_known``), so that no
engine's handling of nulls in *and*, *or* and *not* matters.
"""

from __future__ import annotations

from typing import Final

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


def unpacked(words: ir.Table) -> ir.Table:
    """The parts of the words as columns beside them; ``place`` must not be negative."""
    parts: dict[str, ir.Value] = {"day": (words.place >> DAY_BIT).cast("int32")}
    for column, layout in (("place", PLACE_WORD), ("ways", WAYS_WORD), ("facts", FACTS_WORD)):
        for name, bit, _ in layout:
            shifted = words[column] >> bit if bit else words[column]
            parts[f"_{name}"] = shifted & ((1 << BITS_OF[name]) - 1)
    return words.mutate(**parts)


class Word:
    """Conditions over one unpacked word.

    Args:
        row: a table made by :func:`unpacked`.
    """

    def __init__(self, row: ir.Table) -> None:
        self._row = row
        offered = row["_ways_offered"]
        self.ways_known = offered < UNKNOWN_MASK
        self.face_offered = self.ways_known & ((offered & FACE_BIT) > 0)
        self.others = offered & (ALL_WAYS - FACE_BIT)
        self.down = (row["_ways_down"] < UNKNOWN_MASK).ifelse(row["_ways_down"] & offered, 0)
        self.failed = (row["_ways_failed"] < UNKNOWN_MASK).ifelse(row["_ways_failed"] & offered, 0)
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
        return (self._row.known & (1 << _FACT[fact])) > 0

    def yes(self, fact: str) -> ir.BooleanValue:
        """Whether the fact was given, and is so."""
        return (self._row["_facts"] & self._row.known & (1 << _FACT[fact])) > 0

    def no(self, fact: str) -> ir.BooleanValue:
        """Whether the fact was given, and is not so."""
        bit = 1 << _FACT[fact]
        return ((self._row.known & bit) - (self._row["_facts"] & self._row.known & bit)) > 0

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
