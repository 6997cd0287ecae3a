"""Bytes of one length that stand one behind another, as single ones: a leaf at a time costs six times as much."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

_AT_ONCE: Final = 256

Many = Callable[[bytes, int], tuple[bytes, ...]]
Each = Callable[[bytes], Iterator[tuple[Any, ...]]]


def pieces(data: bytes, size: int) -> list[bytes]:
    """Every piece of this many bytes, in order.

    Raises:
        struct.error: the last one is not whole.
    """
    many, each = _cutters(size)
    step = _AT_ONCE * size
    end = len(data) // step * step
    found: list[bytes] = []
    for at in range(0, end, step):
        found += many(data, at)
    found += [piece for (piece,) in each(data[end:])]
    return found


@lru_cache(maxsize=8)
def _cutters(size: int) -> tuple[Many, Each]:
    one = f"{size}s"
    return struct.Struct(one * _AT_ONCE).unpack_from, struct.Struct(one).iter_unpack
