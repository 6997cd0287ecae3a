"""The same by operator: how many outlets stand out at each, and which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from liangming.audit.report.content import Content, Visit

MOST: Final = 5_000
"""Outlets that a page lists at most; all are in the table file."""
FEWEST: Final = 20
SHOWN: Final = 40
"""Operators in the table of a report."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One operator.

    Attributes:
        name: which.
        outlets: how many were compared.
        flagged: those that stand out, the most pressing first.
        mostly: the question in which most of them do; "" for none.
    """

    name: str
    outlets: int
    flagged: tuple[Visit, ...]
    mostly: str


def standing(content: Content) -> list[Standing]:
    """Every operator, those with most outlets that stand out first."""
    here = content.here
    flagged: dict[str, list[Visit]] = {}
    asked: dict[str, Counter[str]] = {}
    for visit in content.ranked:
        name = here.operator[visit.place]
        flagged.setdefault(name, []).append(visit)
        asked.setdefault(name, Counter()).update(visit.why)
    found = [
        Standing(
            name,
            many,
            tuple(flagged.get(name, ())),
            asked[name].most_common(1)[0][0] if name in asked else "",
        )
        for name, many in content.of_operator.items()
    ]
    return sorted(found, key=lambda one: (-len(one.flagged), -one.outlets, one.name))


def listed(found: list[Standing]) -> int:
    """How many outlets of each operator a page lists."""
    with_some = sum(bool(one.flagged) for one in found)
    return max(MOST // max(with_some, 1), FEWEST)
