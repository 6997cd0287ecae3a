"""Time: are people who decline made to wait, and do declines look made up?

Times are compared on the log scale within the outlet: how many times longer a check took after a
decline than without. What is usual for that ratio is fitted among peers, robustly: declining
itself costs a moment everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import special, stats

from liangming.audit.schema import LN_SCALE
from liangming.audit.statistics.asking import (
    LOCAL,
    Answer,
    Floor,
    against_peers,
    nothing,
)
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import Floats, Ints

SUPPORT: Final = 12
RISE: Final = float(np.log(1.35))
SURE: Final = float(np.log(1.12))
DECLINES: Final = Floor(support=60, rise=0.12, sure=0.06)
_EVEN: Final = 0.3
_BOUND: Final = 1.959963984540054


def waits(here: Places) -> Answer:
    """Does a check take longer after a decline, more than at comparable places?"""
    m1, v1, n1 = moments(here, "declined")
    m0, v0, n0 = moments(here, "kept")
    enough = (n1 >= SUPPORT) & (n0 >= SUPPORT)
    thin = int(((n1 > 0) & ~enough).sum())
    if not enough.any():
        return nothing("waits", thin=thin, silent="support" if thin else "column")
    at = np.flatnonzero(enough)
    ratio = m1[at] - m0[at]
    error = v1[at] / n1[at] + v0[at] / n0[at]
    freedom = error**2 / (
        (v1[at] / n1[at]) ** 2 / (n1[at] - 1) + (v0[at] / n0[at]) ** 2 / (n0[at] - 1)
    )
    usual, between, guilty = _usual_ratio(ratio, error, here.family[at])
    z = (ratio - usual) / np.sqrt(error + between)
    low = ratio - _BOUND * np.sqrt(error)
    matters = (ratio - usual >= RISE) & (low - usual >= SURE)
    p = np.where(matters, stats.t.sf(z, np.maximum(freedom, 3.0)), 1.0)
    ordinary = (1.0 - guilty) * stats.norm.pdf(z) / np.sqrt(error + between)
    pressed = guilty * (ratio > usual) / 2.0  # evenly up to e² ≈ 7.4 times as long
    local = ordinary / np.maximum(ordinary + pressed, 1e-300)
    return Answer(
        "waits",
        at,
        p,
        matters & (local <= LOCAL),
        n1[at].astype(np.int64),
        n1[at].astype(np.int64),
        np.exp(usual),
        np.exp(low),
        np.full(len(at), -1),
        thin,
        extra={"ratio": np.exp(ratio), "error": error},
    )


def moments(here: Places, whom: str) -> tuple[Floats, Floats, Floats]:
    """Mean and variance of the log time, and how many were timed."""
    n = here.get(f"{whom}_timed").astype(float)
    total = here.get(f"{whom}_ln") / LN_SCALE
    squares = here.get(f"{whom}_ln2") / LN_SCALE**2
    mean = total / np.maximum(n, 1.0)
    variance = (squares - n * mean**2) / np.maximum(n - 1.0, 1.0)
    return mean, np.maximum(variance, 0.01), n


def _usual_ratio(ratio: Floats, error: Floats, family: Ints) -> tuple[Floats, Floats, Floats]:
    """Centre and spread of honest log ratios by family, beside a one-sided contaminant (EM)."""
    group = np.unique(family, return_inverse=True)[1]
    groups = int(group.max()) + 1

    def add(values: Floats) -> Floats:
        return np.bincount(group, weights=values, minlength=groups).astype(np.float64)

    order = np.lexsort((ratio, group))
    sizes = np.bincount(group)
    at = np.cumsum(sizes) - sizes + (sizes * 0.35).astype(np.int64)
    centre = ratio[order][at]
    between = np.full(groups, 0.02)
    guilty = np.full(groups, 0.15)
    for _ in range(60):
        spread = error + between[group]
        gap = ratio - centre[group]
        honest = (
            (1.0 - guilty[group])
            * np.exp(-(gap**2) / (2.0 * spread))
            / np.sqrt(2.0 * np.pi * spread)
        )
        bad = guilty[group] * special.ndtr(gap / np.sqrt(error)) / 2.0
        resp = honest / np.maximum(honest + bad, 1e-300)
        weight = resp / spread
        total = np.maximum(add(weight), 1e-12)
        centre = centre + add(weight * gap) / total
        excess = add(weight**2 * (gap**2 - error)) / np.maximum(add(weight**2), 1e-12)
        between = np.clip(np.maximum(excess, 0.5 * between), 0.003, 1.0)
        guilty = np.clip(add(1.0 - resp) / (np.maximum(sizes, 1) + 2.0), 0.005, 0.9)
    return centre[group], between[group], guilty[group]


def padded(here: Places) -> Answer:
    """Are there far more declines than among peers, and do they all take the same time?

    An operator who adds invented declines makes refusals after a decline look rare. Invented
    records are even: their times hardly vary.
    """
    declined, known = here.get("declined"), here.get("decline_known")
    answer = against_peers("padded", here, declined, known, DECLINES)
    if not len(answer):
        return answer
    _, v1, n1 = moments(here, "declined")
    _, v0, n0 = moments(here, "kept")
    rows = answer.rows
    timed = (n1[rows] >= SUPPORT) & (n0[rows] >= SUPPORT)
    even = timed & (v1[rows] <= _EVEN * v0[rows])
    return replace(
        answer,
        stands=answer.stands & even,
        p=np.where(even, answer.p, 1.0),
        extra={"evenness": v1[rows] / np.maximum(v0[rows], 1e-9)},
    )
