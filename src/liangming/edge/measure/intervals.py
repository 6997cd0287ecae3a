"""Clopper–Pearson: the exact 95 % interval of a share."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import msgspec

ALPHA: Final = 0.05
_STEPS: Final = 60


class Share(msgspec.Struct, frozen=True):
    """``count`` of ``total`` with the exact interval."""

    count: int
    total: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The share itself; 0 of 0 is no share at all."""
        return self.count / self.total if self.total else math.nan

    def __str__(self) -> str:
        if not self.total:
            return "–"
        return f"{self.count}/{self.total} = {self.rate:.2%} [{self.low:.2%}, {self.high:.2%}]"


def share(count: int, total: int) -> Share:
    """A share with its interval.

    >>> str(share(0, 184))
    '0/184 = 0.00% [0.00%, 1.98%]'
    """
    if total == 0:
        return Share(0, 0, 0.0, 1.0)
    low = 0.0 if count == 0 else _solve(lambda p: 1 - _at_most(count - 1, total, p) - ALPHA / 2)
    high = 1.0 if count == total else _solve(lambda p: ALPHA / 2 - _at_most(count, total, p))
    return Share(count, total, low, high)


def _at_most(count: int, total: int, p: float) -> float:
    """The chance of ``count`` or fewer of ``total``."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return 1.0 if count >= total else 0.0
    logs = [
        math.lgamma(total + 1)
        - math.lgamma(k + 1)
        - math.lgamma(total - k + 1)
        + k * math.log(p)
        + (total - k) * math.log1p(-p)
        for k in range(count + 1)
    ]
    top = max(logs)
    return min(1.0, math.exp(top) * sum(math.exp(one - top) for one in logs))


def _solve(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
