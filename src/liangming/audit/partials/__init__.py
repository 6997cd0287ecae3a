"""Daily partial files: what an audit keeps, so that no row is read twice.

A *unit* is some files that were counted together. It leaves, for each day, one file of cells and
one file of words, and the digests of its events' numbers; then one line in ``chain.jsonl`` makes it count. The order is the promise:

1 part files are written under temporary names, made durable, and named;
2 the line with their digests, and the digest of the line before, is appended and made durable:
  from here on the unit counts;
3 whatever stands in the folder and in no line is the rest of an interrupted run, and is removed
  by the next one.

Nothing is ever changed: late rows are another unit, and the sums add up. ``week`` lines add seven
day parts together, ``month`` lines the cells of a month, so that a year is read from few files.
"""

from __future__ import annotations

from liangming.audit.partials.chain import Line, Part, Source
from liangming.audit.partials.folder import Partials

__all__ = ["Line", "Part", "Partials", "Source"]
