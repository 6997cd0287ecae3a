"""Rows counted by some small numbers at once: sorted by 16 bits at a time, then added up between borders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangming.audit.engines.numbering import Column, Ints, Numbering, of

_DIGIT: Final = 16
_BAND_BITS: Final = 21
"""How many bits the count of one band takes while three are added at once."""
MOST: Final = 1 << 20
"""Rows that may be counted at once."""
TIMES: Final = 1 << 14
"""Logarithms of durations are smaller than this."""
_BANDS: Final = np.array([0, 1, 1 << _BAND_BITS, 1 << 2 * _BAND_BITS], np.int64)
_WIDEST: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums by some keys.

    Attributes:
        keys: the numbers that are told apart.
        sums: ``n``, ``morning``, ``afternoon``, ``evening``, ``timed``, ``ln``, ``ln2``.
    """

    keys: tuple[Ints, ...]
    sums: tuple[Ints, ...]

    def __len__(self) -> int:
        return len(self.sums[0])


def counted(keys: Sequence[Column], said: NDArray[np.uint16]) -> Counts:
    """Count some rows, at most :data:`MOST` and at least one; each combination of keys once.

    Args:
        keys: numbers of each row, none negative.
        said: band × ``TIMES`` + logarithm of the duration, 0 for one that is not known.
    """
    order, starts = sorted_by(keys, len(said))
    said = said.take(order)
    log = (said & np.uint16(TIMES - 1)).astype(np.int64)
    n = np.diff(starts, append=len(said))
    bands = np.add.reduceat(_BANDS.take(said >> np.uint16(14)), starts)
    timed = n if log.all() else np.add.reduceat((log > 0).astype(np.int64), starts)
    ln = np.add.reduceat(log, starts)
    log *= log
    mask = (1 << _BAND_BITS) - 1
    morning, afternoon, evening = (bands >> _BAND_BITS * band & mask for band in range(3))
    sums = (n, morning, afternoon, evening, timed, ln, np.add.reduceat(log, starts))
    first = order.take(starts)
    return Counts(tuple(np.asarray(of(key, first)) + 0 * first for key in keys), sums)


def sorted_by(keys: Sequence[Column], rows: int) -> tuple[Ints, Ints]:
    """An order of some rows that brings equal ones together, and where each run of them begins.

    Args:
        keys: numbers of each row, none negative.
        rows: how many.
    """
    spans = [_span(key) for key in keys]
    below = math.prod(size for _, size in spans)
    if below > _WIDEST:
        numbers = Numbering(2)
        return sorted_by([numbers.number(keys[:2], rows), *keys[2:]], rows)
    code = _code(keys, spans, rows)
    order = _order(code, below)
    return order, np.flatnonzero(np.diff(code.take(order), prepend=-1))


def together(parts: Sequence[Counts]) -> Counts:
    """Several counts as one, each combination of keys once."""
    keys = [np.concatenate(column) for column in zip(*(p.keys for p in parts), strict=True)]
    sums = [np.concatenate(column) for column in zip(*(p.sums for p in parts), strict=True)]
    order = np.lexsort(keys)
    keys = [key[order] for key in keys]
    first = np.any([np.diff(key, prepend=-1) != 0 for key in keys], axis=0)
    starts = np.flatnonzero(first)
    return Counts(
        tuple(key[starts] for key in keys),
        tuple(np.add.reduceat(column[order], starts) for column in sums),
    )


Span = tuple[int, int]
"""The least of some numbers, and how far they reach."""


def _span(key: Column) -> Span:
    if isinstance(key, int):
        return key, 1
    least = int(key.min())
    return least, int(key.max()) - least + 1


def _code(keys: Sequence[Column], spans: Sequence[Span], rows: int) -> Ints:
    """The keys in one number."""
    code: Ints = np.zeros(rows, np.int64)
    for key, (least, size) in zip(keys, spans, strict=True):
        if size == 1:
            continue
        code *= size
        code += key
        code -= least
    return code


def _order(code: Ints, below: int) -> Ints:
    """An order that brings equal codes together, ascending; the quicker the smaller they are."""
    order = np.argsort(code.astype(np.uint16), kind="stable")
    shift = _DIGIT
    while (below - 1) >> shift:
        digit = (code >> shift).astype(np.uint16).take(order)
        order = order.take(np.argsort(digit, kind="stable"))
        shift += _DIGIT
    return order
