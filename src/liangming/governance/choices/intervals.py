"""Intervals beside figures, by formulas that hold for small numbers too."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

import msgspec

LEVEL: Final = 0.95
_NORMAL: Final = NormalDist()


class Interval(msgspec.Struct, frozen=True):
    """A figure and the range in which the truth most likely is."""

    at: float
    low: float
    high: float


def z_of(compared: int = 1) -> float:
    """Normal quantile for :data:`LEVEL`, held over all comparisons together (Bonferroni).

    Args:
        compared: how many comparisons are made at once.
    """
    return _NORMAL.inv_cdf(1.0 - (1.0 - LEVEL) / (2.0 * max(1, compared)))


def wilson(k: int, n: int, z: float = z_of()) -> Interval:
    """A share and its Wilson score interval.

    >>> share = wilson(10, 20)
    >>> f"{share.at:.2f} {share.low:.3f} {share.high:.3f}"
    '0.50 0.299 0.701'
    """
    if n <= 0:
        return Interval(0.0, 0.0, 1.0)
    p, square = k / n, z * z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(p * (1 - p) / n + square / (4 * n * n))
    low = 0.0 if k == 0 else max(0.0, middle - half)
    high = 1.0 if k == n else min(1.0, middle + half)
    return Interval(p, low, high)


def difference(k: int, n: int, j: int, m: int, z: float) -> Interval:
    """The difference of two shares, k/n − j/m, by Newcombe's interval from two of Wilson's."""
    one, two = wilson(k, n, z), wilson(j, m, z)
    gap = one.at - two.at
    return Interval(
        gap,
        gap - math.hypot(one.at - one.low, two.high - two.at),
        gap + math.hypot(one.high - one.at, two.at - two.low),
    )


def geometric(n: int, total: float, squares: float, z: float = z_of()) -> Interval | None:
    """A typical time: the geometric mean, which a few long waits do not move far.

    Args:
        n: how many times.
        total: sum of their logarithms.
        squares: sum of the squares of these.

    Returns:
        None for fewer than two times: nothing is known of how they vary.
    """
    if n < 2:  # noqa: PLR2004  (a spread needs two)
        return None
    mean, error = _spread(n, total, squares)
    return Interval(math.exp(mean), math.exp(mean - z * error), math.exp(mean + z * error))


def ratio(
    one: tuple[int, float, float], two: tuple[int, float, float], z: float
) -> Interval | None:
    """The ratio of two typical times, each given as to :func:`geometric`."""
    if min(one[0], two[0]) < 2:  # noqa: PLR2004
        return None
    (mean_one, error_one), (mean_two, error_two) = _spread(*one), _spread(*two)
    gap, error = mean_one - mean_two, math.hypot(error_one, error_two)
    return Interval(math.exp(gap), math.exp(gap - z * error), math.exp(gap + z * error))


def _spread(n: int, total: float, squares: float) -> tuple[float, float]:
    """Mean of the logarithms and its standard error."""
    mean = total / n
    variance = max(0.0, (squares - n * mean * mean) / (n - 1))
    return mean, math.sqrt(variance / n)
