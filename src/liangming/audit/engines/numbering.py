"""Different rows, numbered as they come: a dictionary of some whole numbers at once.

A table with open addressing, each step taken over all rows that still look for their place. A row
is always compared with the row whose number it gets, so two different rows never share one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Column = Ints | int
"""One whole number for each row, or the same one for all."""

_FIRST: Final = 12
_TASTE: Final = 1 << 12
_ROOMY: Final = 20
_MIXERS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_WIDE: Final = (1 << 64) - 1
_NO_ROW: Final = -1


class Numbering:
    """The different rows that were met so far, numbered from 1.

    Args:
        width: how many columns a row has, 3 at most; in the first there is no negative number.
    """

    def __init__(self, width: int) -> None:
        self.size = 1  # row 0 is none: its first column is what no row has
        self._known: list[Ints] = [np.full(1, _NO_ROW, np.int64) for _ in range(width)]
        self._only: list[int | None] = [None] * width
        self._bits = _FIRST
        self._slots = np.zeros(1 << _FIRST, np.int64)

    def column(self, place: int) -> Ints:
        """What one column holds, by number."""
        return self._known[place][: self.size]

    def number(self, columns: Sequence[Column], rows: int) -> Ints:
        """The number of each of some rows; a row that is new gets the next one."""
        found = None
        if self.size == 1 and rows > _TASTE:  # most of what comes is then known
            self.number([of(column, np.arange(_TASTE)) for column in columns], _TASTE)
        while found is None:
            room = 4 if self._bits < _ROOMY else 1  # few rows meet another one in their slot
            while self.size << room > len(self._slots):
                self._grow()
            found = self._found(columns, rows)
            if found is None:
                self._grow()
        return found

    def _found(self, columns: Sequence[Column], rows: int) -> Ints | None:
        """The numbers, or nothing if there is not room for all that is new."""
        at = self._at(columns, rows)
        number = self._slots.take(at)
        looking = np.flatnonzero(self._another(number, columns))
        at, some = at[looking], [of(column, looking) for column in columns]
        while len(looking):
            new = np.flatnonzero(self._slots[at] == 0)
            if len(new) and not self._settle(at[new], [of(column, new) for column in some]):
                return None
            here = self._slots[at]
            number[looking] = here
            left = np.flatnonzero(self._another(here, some))
            looking, some = looking[left], [of(column, left) for column in some]
            at = (at[left] + 1) & (len(self._slots) - 1)
        return number

    def _another(self, number: Ints, columns: Sequence[Column]) -> NDArray[np.bool_]:
        """Whether there is no row of that number, or it is another one."""
        another: NDArray[np.bool_] = self._known[0].take(number) != columns[0]
        for place, column in enumerate(columns[1:], 1):
            if not isinstance(column, int) or column != self._only[place]:
                another |= self._known[place].take(number) != column
        return another

    def _settle(self, at: Ints, columns: Sequence[Column]) -> bool:
        """Give free slots to new rows, each slot to one of those that want it."""
        wanting = np.arange(len(at))
        self._slots[at] = wanting
        settled = np.flatnonzero(self._slots[at] == wanting)
        self._slots[at] = 0
        size = self.size + len(settled)
        if size * 2 > len(self._slots):
            return False
        self._slots[at[settled]] = np.arange(self.size, size)
        for place, column in enumerate(columns):
            if size > len(self._known[place]):
                more = np.zeros(2 * size, np.int64)
                more[: self.size] = self.column(place)
                self._known[place] = more
            self._known[place][self.size : size] = of(column, settled)
            if self.size == 1 and isinstance(column, int):
                self._only[place] = column
            elif not isinstance(column, int) or column != self._only[place]:
                self._only[place] = None
        self.size = size
        return True

    def _grow(self) -> None:
        self._bits += 2
        self._slots = np.zeros(1 << self._bits, np.int64)
        left = np.arange(1, self.size)
        at = self._at([known[1 : self.size] for known in self._known], len(left))
        while len(left):
            free = self._slots[at] == 0
            self._slots[at[free]] = left[free]
            moved = self._slots[at] != left
            left, at = left[moved], (at[moved] + 1) & (len(self._slots) - 1)

    def _at(self, columns: Sequence[Column], rows: int) -> Ints:
        """The slot where each row is looked for first."""
        mixed = np.zeros(rows, np.uint64)
        for mixer, column in zip(_MIXERS, columns, strict=False):
            if isinstance(column, int):
                mixed += np.uint64(column * mixer & _WIDE)
            else:
                mixed += column.view(np.uint64) * np.uint64(mixer)
        mixed >>= np.uint64(64 - self._bits)
        return mixed.view(np.int64)


def of(column: Column, rows: Ints) -> Column:
    """A column at some rows."""
    return column if isinstance(column, int) else column.take(rows)
