"""Lines as read, and where each stands among the others."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from liangming.edge.reading.decode import Chances, Sign
from liangming.edge.reading.lines import Place


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One line of print.

    Attributes:
        chances: of blank and ``LETTERS`` at each step; of no other sign is more kept than was read.
        signs: as read freely.
    """

    place: Place
    chances: Chances
    signs: tuple[Sign, ...]

    @property
    def text(self) -> str:
        """As read, without blanks, in usual widths."""
        return plain(sign.text for sign in self.signs)

    @property
    def chance(self) -> float:
        """The mean of its signs; 0 for an empty line."""
        return float(np.mean([sign.chance for sign in self.signs])) if self.signs else 0.0


def plain(signs: Sequence[str] | object) -> str:
    """Usual widths, no blanks."""
    text = unicodedata.normalize("NFKC", "".join(signs))  # type: ignore[arg-type]
    return "".join(text.split())


def solid(row: Row) -> tuple[Sign, ...]:
    """A row's signs without blanks."""
    return tuple(sign for sign in row.signs if sign.text.strip())


def beside(row: Row, rows: Sequence[Row]) -> list[Row]:
    """Rows at the same height, from left to right."""
    y, high = row.place.middle[1], row.place.size[1]
    same = [each for each in rows if abs(each.place.middle[1] - y) < high * 0.6]
    return sorted(same, key=lambda each: each.place.middle[0])
