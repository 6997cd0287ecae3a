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
    Answer,
    Floor,
    against_peers,
    nothing,
)
from liangming.audit.statistics.mirror import borne_out
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import Floats, Ints

SUPPORT: Final = 12
RISE: Final = float(np.log(1.35))
SURE: Final = float(np.log(1.12))
DECLINES: Final = Floor(support=60, rise=0.12, sure=0.06)
_EVEN: Final = 0.3
_BOUND: Final = 1.959963984540054
_LONGER: Final = np.array([RISE, 1.0, 2.0])
"""Bands of pressure, as log ratios beyond the usual. Two wide ones: what is shorter than matters is
left to honest places, which may be of two kinds."""
_SAMPLE: Final = 6_000
"""So many places of a family tell what is usual, evenly spread over its ratios."""
_DOUBT: Final = 1.0
"""Standard errors by which places are taken to differ more than fitted."""


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
    usual, between = _usual_ratio(ratio, error, here.family[at])
    z = (ratio - usual) / np.sqrt(error + between)
    half = _BOUND * np.sqrt(error)
    freedom = np.maximum(freedom, 3.0)
    p = _chance(ratio - usual, half, z, freedom)
    # as much shorter as others are longer: nobody hurries those who decline, so these are honest
    clean = _chance(usual - ratio, half, -z, freedom)
    return Answer(
        "waits",
        at,
        borne_out(p, clean),
        p < 1.0,
        n1[at].astype(np.int64),
        n1[at].astype(np.int64),
        np.exp(usual),
        np.exp(ratio - half),
        np.full(len(at), -1),
        thin,
        extra={"ratio": np.exp(ratio), "error": error},
    )


def _chance(rise: Floats, half: Floats, z: Floats, freedom: Floats) -> Floats:
    """The chance of a ratio so far from the usual; 1 where it is too near to matter."""
    matters = (rise >= RISE) & (rise - half >= SURE)
    return np.where(matters, stats.t.sf(z, freedom), 1.0)


def moments(here: Places, whom: str) -> tuple[Floats, Floats, Floats]:
    """Mean and variance of the log time, and how many were timed."""
    n = here.get(f"{whom}_timed").astype(float)
    total = here.get(f"{whom}_ln") / LN_SCALE
    squares = here.get(f"{whom}_ln2") / LN_SCALE**2
    mean = total / np.maximum(n, 1.0)
    variance = (squares - n * mean**2) / np.maximum(n - 1.0, 1.0)
    return mean, np.maximum(variance, 0.01), n


def _usual_ratio(ratio: Floats, error: Floats, family: Ints) -> tuple[Floats, Floats]:
    """Centre and spread of honest log ratios by family, beside a one-sided contaminant (EM)."""
    every = np.unique(family, return_inverse=True)[1]
    some = _spread_out(ratio, every)
    ratio, error, group = ratio[some], error[some], every[some]
    groups = int(group.max()) + 1

    def add(values: Floats) -> Floats:
        return np.bincount(group, weights=values, minlength=groups).astype(np.float64)

    sizes = np.bincount(group)
    at = np.cumsum(sizes) - sizes + (sizes * 0.35).astype(np.int64)
    centre = ratio[at]
    between = np.full(groups, 0.02)
    bands = len(_LONGER) - 1
    guilty = np.full((groups, bands), 0.15 / bands)
    own = np.zeros(len(ratio))
    for _ in range(60):
        spread = error + between[group]
        gap = ratio - centre[group]
        honest = (
            (1.0 - guilty.sum(axis=1))[group]
            * np.exp(-(gap**2) / (2.0 * spread))
            / np.sqrt(2.0 * np.pi * spread)
        )
        beyond = special.ndtr((gap[:, None] - _LONGER) / np.sqrt(spread)[:, None])
        bad = guilty[group] * -np.diff(beyond, axis=1) / np.diff(_LONGER)
        whole = np.maximum(honest + bad.sum(axis=1), 1e-300)
        own = honest / whole
        weight = own / spread
        total = np.maximum(add(weight), 1e-12)
        centre = centre + add(weight * gap) / total
        excess = add(weight**2 * (gap**2 - error)) / np.maximum(add(weight**2), 1e-12)
        between = np.clip(np.maximum(excess, 0.5 * between), 0.003, 1.0)
        held = np.stack([add(part / whole) for part in bad.T], axis=1)
        guilty = (held + 1.0 / bands) / (np.maximum(sizes, 1) + 4.0)[:, None]
    # so few of them leave the spread open by this much, on the log scale
    known = add(own * (between[group] / (error + between[group])) ** 2)
    doubt = np.minimum(np.sqrt(2.0 / np.maximum(known, 1e-12)), 1.0)
    return centre[every], (between * np.exp(_DOUBT * doubt))[every]


def _spread_out(ratio: Floats, group: Ints) -> Ints:
    """At most ``_SAMPLE`` places of each family in the order of their ratios, evenly spread."""
    order = np.lexsort((ratio, group))
    sizes = np.bincount(group)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    size = np.repeat(np.maximum(sizes, _SAMPLE), sizes)
    taken = (rank * _SAMPLE) // size != ((rank - 1) * _SAMPLE) // size
    return np.asarray(order[taken | (size == _SAMPLE)])


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
