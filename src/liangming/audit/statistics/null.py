"""What is ordinary among peers: a robust over-dispersed null that survives a guilty majority.

Honest outlets differ: each draws its own rate from its peers' distribution (beta, with a mean and
a concentration). Coercion moves a rate up, never down, by a part of the way to one. The two are
fitted together: a beta-binomial, and a contaminant whose shape is free (a weight for each band of
strength). The lower side of the histogram, where no coercion hides, then fixes the null, also
where many outlets are guilty. Plain maximum likelihood collapses there, and a flat contaminant was
measured to accuse too often.

Two levels: a family (kind of scene × channel) is fitted on all its outlets; its cells (provinces)
then move away from it only as far as their own outlets carry them, so a thin cell stays with its
family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.tails import Floats, Ints, log_betabinomial, log_choose

_BANDS: Final = np.array([0.08, 0.16, 0.28, 0.42, 0.58, 0.76, 1.0])
"""Strength of pressure: the part of the way from the ordinary rate to one."""

_FAMILY_SAMPLE: Final = 2_000
_CELL_SAMPLE: Final = 300
_CELL_APART: Final = 0.25
_CELL_ALIKE: Final = 0.15
"""How far a cell may stand from its family: deviation of its logit mean, of its log concentration."""
_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Null:
    """What is ordinary for every outlet, in the order of the outlets asked about.

    Attributes:
        mean: the ordinary rate.
        concentration: how alike peers are (large = alike).
        guilty: the estimated share of peers under pressure, by outlet's cell.
    """

    mean: Floats
    concentration: Floats
    guilty: Floats
    _weights: Floats

    def fdr(self, k: Ints, n: Ints, rows: Ints) -> Floats:
        """The chance that the outlets at ``rows`` are ordinary after all, given their counts."""
        mean, many = self.mean[rows], self.concentration[rows]
        ordinary = log_betabinomial(k, n, mean * many, (1.0 - mean) * many)
        pressed = _pressed(k, n, mean)
        density = np.exp(ordinary)
        weights = self._weights[rows]
        rest = (pressed * weights).sum(axis=1)
        guilty = weights.sum(axis=1)
        whole = (1.0 - guilty) * density + rest
        safe = np.maximum(whole, 1e-300)
        return np.asarray(np.where(whole > 0, (1.0 - guilty) * density / safe, 0.0))


@dataclass(frozen=True, slots=True)
class _Seen:
    k: Ints
    n: Ints
    shift: Floats
    unsure: Floats
    group: Ints


@dataclass(slots=True)
class _Fit:
    place: Floats  # logit of the mean, beyond the offset
    spread: Floats  # log of the concentration
    weights: Floats  # groups × bands


def fit(
    k: Ints,
    n: Ints,
    *,
    family: Ints,
    cell: Ints,
    offset: Floats | None = None,
    certainty: Floats | None = None,
) -> Null:
    """Fit the null of every family and cell.

    Args:
        k: how many of n, an outlet each.
        n: out of how many; only outlets with enough support should be given.
        family: 0 … F-1, what is comparable at all.
        cell: 0 … C-1, finer; each cell lies in one family.
        offset: a logit that each outlet brings along (its own rate elsewhere), for contrasts
            within an outlet.
        certainty: how well that own rate is known, as a concentration; infinite by default.
    """
    shift = np.zeros(len(k)) if offset is None else offset
    unsure = np.zeros(len(k)) if certainty is None else 1.0 / certainty
    if len(k) == 0:
        empty = np.zeros(0)
        return Null(empty, empty, empty, np.zeros((0, len(_BANDS) - 1)))
    families = int(family.max()) + 1
    cells = int(cell.max()) + 1
    rows = _sample(family, _FAMILY_SAMPLE)
    seen = _Seen(k[rows], n[rows], shift[rows], unsure[rows], family[rows])
    best, score = _climb(seen, _start(seen, families, 0.5), None, rounds=30)
    trial, reached = _climb(seen, _start(seen, families, 0.2), None, rounds=30)
    better = reached > score
    best.place = np.where(better, trial.place, best.place)
    best.spread = np.where(better, trial.spread, best.spread)
    best.weights = np.where(better[:, None], trial.weights, best.weights)
    parent = np.zeros(cells, np.int64)
    parent[cell] = family
    above = _Fit(best.place[parent], best.spread[parent], best.weights[parent])
    rows = _sample(cell, _CELL_SAMPLE)
    seen = _Seen(k[rows], n[rows], shift[rows], unsure[rows], cell[rows])
    own, _ = _climb(seen, above, above, rounds=8)
    mean = special.expit(shift + own.place[cell])
    return Null(
        mean=np.clip(mean, _LEAST, 1.0 - _LEAST),
        concentration=1.0 / (np.exp(-own.spread)[cell] + unsure),
        guilty=own.weights.sum(axis=1)[cell],
        _weights=own.weights[cell],
    )


def _sample(group: Ints, most: int) -> Ints:
    """Rows of at most ``most`` members of each group, evenly spread: no chance, same every time."""
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group)
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(group)) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    taken = (size <= most) | ((rank * most) // size != ((rank - 1) * most) // size)
    return np.asarray(order[taken])


def _start(seen: _Seen, groups: int, quantile: float) -> _Fit:
    group = seen.group
    rate = special.logit((seen.k + 0.5) / (seen.n + 1.0)) - seen.shift
    order = np.lexsort((rate, group))
    sizes = np.bincount(group, minlength=groups)
    starts = np.cumsum(sizes) - sizes
    at = np.minimum(starts + (sizes * quantile).astype(np.int64), len(rate) - 1)
    place = np.where(sizes > 0, rate[order][at], 0.0)
    weights = np.full((groups, len(_BANDS) - 1), 0.1 / (len(_BANDS) - 1))
    return _Fit(np.clip(place, -8.0, 8.0), np.full(groups, np.log(20.0)), weights)


def _pressed(k: Ints, n: Ints, mean: Floats) -> Floats:
    """Probability of k under pressure spread evenly over each band of strength: rows × bands."""
    edges = mean[:, None] + (1.0 - mean[:, None]) * _BANDS
    first, second = (k + 1.0)[:, None], (n - k + 1.0)[:, None]
    up_to = special.betainc(first, second, np.clip(edges, 0.0, 1.0))
    wide = np.maximum(np.diff(edges, axis=1), 1e-12) * (n + 1.0)[:, None]
    return np.asarray(np.diff(up_to, axis=1) / wide)


def _climb(seen: _Seen, start: _Fit, parent: _Fit | None, *, rounds: int) -> tuple[_Fit, Floats]:
    """Climb the likelihood of all groups at once: scoring steps, weights by expectation."""
    k, n, shift, unsure, group = seen.k, seen.n, seen.shift, seen.unsure, seen.group
    place, spread = start.place.copy(), start.spread.copy()
    weights = start.weights.copy()
    groups = len(place)

    def add(values: Floats) -> Floats:
        return np.bincount(group, weights=values, minlength=groups).astype(np.float64)

    choose = log_choose(k, n)
    size = np.maximum(add(np.ones(len(k))), 1.0)
    pressed = np.zeros((len(k), weights.shape[1]))
    reached = np.zeros(groups)
    for turn in range(rounds):
        mean = np.clip(special.expit(shift + place[group]), _LEAST, 1.0 - _LEAST)
        alone = np.exp(spread)[group]
        many = 1.0 / (1.0 / alone + unsure)
        if turn % 5 == 0:
            pressed = _pressed(k, n, mean)
        a, b = mean * many, (1.0 - mean) * many
        ordinary = np.exp(choose + special.betaln(k + a, n - k + b) - special.betaln(a, b))
        honest = (1.0 - weights.sum(axis=1))[group] * ordinary
        parts = weights[group] * pressed
        whole = np.maximum(honest + parts.sum(axis=1), 1e-300)
        resp = honest / whole
        reached = add(np.log(whole))
        # weights: expectation; one guilty outlet is always thought possible, in every band
        held = np.stack([add(part) for part in (parts / whole[:, None]).T], axis=1)
        if parent is None:
            weights = (held + 1.0 / held.shape[1]) / (size + 4.0)[:, None]
        else:
            weights = (held + 20.0 * parent.weights) / (size + 20.0)[:, None]
        # place and spread: one scoring step on the mixture's own likelihood
        up = special.digamma(k + a) - special.digamma(a)
        down = special.digamma(n - k + b) - special.digamma(b)
        both = special.digamma(n + many) - special.digamma(many)
        by_place = resp * many * mean * (1.0 - mean) * (up - down)
        by_spread = resp * (a * up + b * down - many * both) * (many / alone)
        g1, g2 = add(by_place), add(by_spread)
        h11, h22, h12 = add(by_place**2), add(by_spread**2), add(by_place * by_spread)
        if parent is None:
            g2 = g2 - (spread - np.log(30.0)) / 2.0**2
            h11, h22 = h11 + 1e-3, h22 + 1.0 / 2.0**2
        else:
            g1 = g1 - (place - parent.place) / _CELL_APART**2
            g2 = g2 - (spread - parent.spread) / _CELL_ALIKE**2
            h11, h22 = h11 + 1.0 / _CELL_APART**2, h22 + 1.0 / _CELL_ALIKE**2
        det = np.maximum(h11 * h22 - h12**2, 1e-9)
        place = place + np.clip((h22 * g1 - h12 * g2) / det, -0.4, 0.4)
        spread = spread + np.clip((h11 * g2 - h12 * g1) / det, -0.5, 0.5)
        spread = np.clip(spread, np.log(0.8), np.log(5_000.0))
    return _Fit(place, spread, weights), reached
