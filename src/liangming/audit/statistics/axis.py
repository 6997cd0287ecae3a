"""Which days the axis of time spans: those of the bulk, not one row with a wrong year.

A moment in another year is a slip of a clock or of a hand. Its rows count like all others; only the
axis, and the stretches in which a change is looked for, do not reach for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FAR: Final = 90
"""Days without a row that part some days from the others."""
FEW: Final = 0.01
"""What part of all rows the days apart may have at most; more of them are a time of their own. One row is always few."""


def bulk(rows: Mapping[int, int]) -> list[int]:
    """The days of the bulk, in order.

    Args:
        rows: how many, by day.

    >>> bulk({-9: 1, 20_000: 500, 20_001: 400, 33_000: 2})
    [20000, 20001]
    >>> bulk({20_000: 500, 20_200: 400})
    [20000, 20200]
    """
    groups: list[list[int]] = []
    for day in sorted(rows):
        if groups and day - groups[-1][-1] <= FAR:
            groups[-1].append(day)
        else:
            groups.append([day])
    least = max(FEW * sum(rows.values()), 1)
    weights = [sum(rows[day] for day in group) for group in groups]
    most = max(weights, default=0)
    return [
        day
        for group, weight in zip(groups, weights, strict=True)
        if weight > least or weight == most
        for day in group
    ]
