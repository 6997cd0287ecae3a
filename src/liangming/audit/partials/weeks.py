"""Days added together seven by seven: read instead of them where nothing tells their days apart.

Seven day parts as they came, not the days of a calendar's week: so a folder never has more than six
days that are read by themselves, and late rows, which are parts of their own, join the next seven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from liangming.audit.partials.chain import Line, Part

DAYS: Final = 7


def whole(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """Day parts seven by seven; fewer wait for those that come."""
    for first in range(0, len(parts) - DAYS + 1, DAYS):
        yield parts[first : first + DAYS]


def instead(wanted: Sequence[Part], lines: Sequence[Line]) -> list[Part]:
    """What is read for some parts: seven at once where all of the seven are wanted.

    Args:
        wanted: parts of days, of months as well.
        lines: of kind ``week``.
    """
    left = {part.path: part for part in wanted}
    found: list[Part] = []
    for line in lines:
        if all(path in left for path in line.covers):
            found += line.cells
            for path in line.covers:
                del left[path]
    return [*found, *left.values()]
