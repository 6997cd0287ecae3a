"""What is ordinary among peers: a robust over-dispersed null that survives a guilty majority.

Honest outlets differ: each draws its own rate from its peers' distribution (beta, with a mean and
a concentration). Coercion moves a rate up, never down, by a part of the way to one. The two are
fitted together: a beta-binomial, and a contaminant whose shape is free (a weight for each band of
strength). The lower side of the histogram, where no coercion hides, then fixes the null, also
where many outlets are guilty. Plain maximum likelihood collapses there, and a flat contaminant was
measured to accuse too often.

Levels: a family (kind of scene × channel) is fitted on all its outlets; its bands of size and its
cells (provinces) then move away from it only as far as their own outlets carry them, so a thin cell
stays with its family.

Honest laws may have longer tails than a beta. Long tails are as long below as above (on the logit),
and below no coercion hides: pairs of far groups, one on each side and equally many, take as much of
the upper side as the lower side bears out, and no more (``wide``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.pressure import BANDS, pressed
from liangming.audit.statistics.tails import (
    Floats,
    Ints,
    betabinomial_upper,
    log_betabinomial,
    log_choose,
)

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

_FAMILY_SAMPLE: Final = 2_000
_CELL_SAMPLE: Final = 300
_CELL_APART: Final = 0.25
_CELL_ALIKE: Final = 0.15
"""How far a cell may stand from its family: deviation of its logit mean, of its log concentration."""
_LEAST: Final = 1e-6
DOUBT: Final = 1.0
"""Standard errors by which peers are taken to be less alike than fitted."""
FAR: Final = (1.1, 1.9, 3.0)
"""How far out the pairs of far groups stand, on the logit."""
FAR_ALIKE: Final = 0.5
"""How alike the members of a far group are, beside the ordinary ones."""
_FEWEST_FAR: Final = 3.0
"""A far pair that takes fewer outlets than this is none."""
_SURE_FAR: Final = 2.0
_ROUNDS_FAR: Final = 40
_FAR_BELOW: Final = 1e-3
_SURE_LONG: Final = 4.0
"""Long tails are believed where so many deviations more than expected lie below that chance."""


@dataclass(frozen=True, slots=True)
class Others:
    """Another honest group that an outlet may belong to.

    Attributes:
        chance: that it does.
        mean: the ordinary rate there.
        concentration: how alike its members are.
    """

    chance: float
    mean: Floats
    concentration: Floats


@dataclass(frozen=True, slots=True)
class Null:
    """What is ordinary for every outlet, in the order of the outlets asked about.

    Attributes:
        mean: the ordinary rate.
        concentration: how alike peers are (large = alike).
        guilty: the estimated share of peers under pressure, by outlet's cell.
        pressure: the same by band of strength, outlets × bands.
        wide: the part of honest peers in each far pair, outlets × pairs.
        others: what else an honest outlet may be.
    """

    mean: Floats
    concentration: Floats
    guilty: Floats
    pressure: Floats
    wide: Floats
    others: tuple[Others, ...] = ()

    def upper(self, k: Ints, n: Ints, rows: Ints, caution: float) -> Floats:
        """P(K ≥ k) for the outlets at ``rows``, were they ordinary.

        Args:
            caution: how alike peers are taken to be, as a part of what was fitted.
        """
        many = caution * self.concentration[rows]
        p = upper(k, n, self.mean[rows], many, self.wide[rows])
        p *= 1.0 - sum(other.chance for other in self.others)
        for other in self.others:
            rate, many = other.mean[rows], caution * other.concentration[rows]
            p += other.chance * betabinomial_upper(k, n, rate * many, (1.0 - rate) * many)
        return p

    def fdr(self, k: Ints, n: Ints, rows: Ints) -> Floats:
        """The chance that the outlets at ``rows`` are ordinary after all, given their counts."""
        mean, many, wide = self.mean[rows], self.concentration[rows], self.wide[rows]
        ordinary = log_betabinomial(k, n, mean * many, (1.0 - mean) * many)
        bad = pressed(k, n, mean, beside=self.pressure.shape[1] > BANDS)
        density = (1.0 - wide.sum(axis=1)) * np.exp(ordinary)
        density += np.asarray(wide * _far(k, n, mean, many, wide.sum(axis=0) > 0.0)).sum(axis=1)
        density *= 1.0 - sum(other.chance for other in self.others)
        for other in self.others:
            rate, many = other.mean[rows], other.concentration[rows]
            density += other.chance * np.exp(
                log_betabinomial(k, n, rate * many, (1.0 - rate) * many)
            )
        weights = self.pressure[rows]
        guilty = weights.sum(axis=1)
        innocent = (1.0 - guilty) * density
        whole = innocent + (bad * weights).sum(axis=1)
        return np.asarray(np.where(whole > 0, innocent / np.maximum(whole, 1e-300), 0.0))


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
    doubt: Floats  # standard error of the spread


def fit(
    k: Ints,
    n: Ints,
    *,
    family: Ints,
    cell: Ints,
    offset: Floats | None = None,
    certainty: Floats | None = None,
    band: Ints | None = None,
    wide: bool = False,
    beside: bool = False,
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
        band: 0 … B-1, another way of parting each family (by size), taken out before its cells.
        wide: whether honest peers may have longer tails than a beta.
        beside: whether what is compared with one under pressure is among the entries too.
    """
    shift = np.zeros(len(k)) if offset is None else offset
    unsure = np.zeros(len(k)) if certainty is None else 1.0 / certainty
    if len(k) == 0:
        empty = np.zeros(0)
        return Null(empty, empty, empty, np.zeros((0, BANDS)), np.zeros((0, len(FAR))))
    seen = _Seen(k, n, shift, unsure, family)
    parted = int(cell.max()) >= int(family.max()) + 1 or band is not None
    best = _families(seen, rounds=15 if parted else 30, bands=BANDS * (1 + beside))
    if band is not None:
        apart = _below(replace(seen, group=band), family, best)
        seen = replace(seen, shift=seen.shift + (apart.place[band] - best.place[family]))
    own = _below(replace(seen, group=cell), family, best)
    if parted:
        # what goes with size and province is not what members of one cell differ by
        seen = replace(seen, shift=seen.shift + (own.place[cell] - best.place[family]))
        best = _families(seen, rounds=20, start=best)
        own = _below(replace(seen, group=cell), family, best)
    shift = seen.shift
    mean = np.clip(special.expit(shift + own.place[cell]), _LEAST, 1.0 - _LEAST)
    # peers may be less alike than they look: by so much as so few of them leave open
    spread = own.spread[cell] - DOUBT * best.doubt[family]
    many = 1.0 / (np.exp(-spread) + unsure)
    far = np.zeros(len(FAR))
    if wide:
        far = _far_parts(_Seen(k, n, shift, unsure, family), mean, many, own.weights[cell])
    return Null(
        mean=mean,
        concentration=many,
        guilty=own.weights.sum(axis=1)[cell],
        pressure=own.weights[cell],
        wide=np.broadcast_to(far, (len(k), len(FAR))),
    )


def _families(seen: _Seen, *, rounds: int, start: _Fit | None = None, bands: int = BANDS) -> _Fit:
    """The fit of every family by itself; without a start, from the better of two."""
    rows = _sample(seen.group, _FAMILY_SAMPLE)
    some = _Seen(seen.k[rows], seen.n[rows], seen.shift[rows], seen.unsure[rows], seen.group[rows])
    if start is not None:
        return _climb(some, start, None, rounds=rounds)[0]
    groups = int(seen.group.max()) + 1
    best, score = _climb(some, _start(some, groups, 0.5, bands), None, rounds=rounds)
    trial, reached = _climb(some, _start(some, groups, 0.2, bands), None, rounds=rounds)
    better = reached > score
    best.place = np.where(better, trial.place, best.place)
    best.spread = np.where(better, trial.spread, best.spread)
    best.weights = np.where(better[:, None], trial.weights, best.weights)
    best.doubt = np.where(better, trial.doubt, best.doubt)
    return best


def _below(seen: _Seen, family: Ints, best: _Fit) -> _Fit:
    """The fit of parts of families, each drawn towards its family."""
    parent = np.zeros(int(seen.group.max()) + 1, np.int64)
    parent[seen.group] = family
    above = _Fit(best.place[parent], best.spread[parent], best.weights[parent], best.doubt[parent])
    rows = _sample(seen.group, _CELL_SAMPLE)
    some = _Seen(seen.k[rows], seen.n[rows], seen.shift[rows], seen.unsure[rows], seen.group[rows])
    return _climb(some, above, above, rounds=8)[0]


def upper(k: Ints, n: Ints, mean: Floats, many: Floats, wide: Floats) -> Floats:
    """P(K ≥ k) for an ordinary outlet, far pairs included.

    Args:
        k: how many.
        n: out of how many.
        mean: the ordinary rate.
        many: how alike peers are.
        wide: the part of honest peers in each far pair, rows × pairs.
    """
    p = (1.0 - wide.sum(axis=1)) * betabinomial_upper(k, n, mean * many, (1.0 - mean) * many)
    for pair, rate, alike in _both_sides(mean, many):
        at = np.flatnonzero(wide[:, pair] > 0.0)
        a, b = rate[at] * alike[at], (1.0 - rate[at]) * alike[at]
        p[at] += 0.5 * wide[at, pair] * betabinomial_upper(k[at], n[at], a, b)
    return np.asarray(np.minimum(p, 1.0))


def _both_sides(mean: Floats, many: Floats) -> Iterator[tuple[int, Floats, Floats]]:
    """Each far group: its pair, and its mean and concentration row by row."""
    centre = special.logit(mean)
    for pair, distance in enumerate(FAR):
        for side in (-distance, distance):
            yield pair, np.clip(special.expit(centre + side), _LEAST, 1 - _LEAST), FAR_ALIKE * many


def _far(k: Ints, n: Ints, mean: Floats, many: Floats, which: Mask) -> Floats:
    """Probability of k in each far pair: rows × pairs."""
    out = np.zeros((len(k), len(FAR)))
    for pair, rate, alike in _both_sides(mean, many):
        if which[pair]:
            out[:, pair] += 0.5 * np.exp(log_betabinomial(k, n, rate * alike, (1.0 - rate) * alike))
    return out


def _far_parts(seen: _Seen, mean: Floats, many: Floats, weights: Floats) -> Floats:
    """The part of honest outlets in each far pair (expectation, sparse); none without long tails.

    All outlets are asked, not a sample, and all families together: a part of one in ten thousand
    decides here.
    """
    k, n = seen.k, seen.n
    nothing = np.zeros(len(FAR))
    honest = 1.0 - weights.sum(axis=1)
    if not _long_below(k, n, mean, many, honest):
        return nothing
    ordinary = np.exp(log_betabinomial(k, n, mean * many, (1.0 - mean) * many))
    far = _far(k, n, mean, many, np.ones(len(FAR), bool))
    bad = (weights * pressed(k, n, mean, beside=weights.shape[1] > BANDS)).sum(axis=1)
    part, fair = np.full(len(FAR), 0.01), float(honest.sum())
    for _ in range(_ROUNDS_FAR):
        inside = honest[:, None] * part * far
        whole = honest * (1.0 - part.sum()) * ordinary + inside.sum(axis=1) + bad
        held = (inside / np.maximum(whole, 1e-300)[:, None]).sum(axis=0)
        part = np.maximum(held - _FEWEST_FAR, 0.0) / fair
    held = part * fair  # what was counted by so few is not surer than its own deviation
    return np.asarray(np.where(held > 0.0, (held + _SURE_FAR * np.sqrt(held)) / fair, 0.0))


def _long_below(k: Ints, n: Ints, mean: Floats, many: Floats, honest: Floats) -> bool:
    """Whether more outlets lie far below than a beta would have there."""
    at = np.flatnonzero(k < n * mean)
    chance = betabinomial_upper(
        n[at] - k[at], n[at], (1.0 - mean[at]) * many[at], mean[at] * many[at]
    )
    expected = _FAR_BELOW * float(honest.sum())
    return bool((chance <= _FAR_BELOW).sum() > expected + _SURE_LONG * np.sqrt(expected + 1.0))


def _sample(group: Ints, most: int) -> Ints:
    """Rows of at most ``most`` members of each group, evenly spread: no chance, same every time."""
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group)
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(group)) - np.repeat(starts, sizes)
    size = np.repeat(sizes, sizes)
    taken = (size <= most) | ((rank * most) // size != ((rank - 1) * most) // size)
    return np.asarray(order[taken])


def _start(seen: _Seen, groups: int, quantile: float, bands: int) -> _Fit:
    group = seen.group
    rate = special.logit((seen.k + 0.5) / (seen.n + 1.0)) - seen.shift
    order = np.lexsort((rate, group))
    sizes = np.bincount(group, minlength=groups)
    starts = np.cumsum(sizes) - sizes
    at = np.minimum(starts + (sizes * quantile).astype(np.int64), len(rate) - 1)
    place = np.where(sizes > 0, rate[order][at], 0.0)
    weights = np.full((groups, bands), 0.1 / bands)
    spread = np.full(groups, np.log(20.0))
    return _Fit(np.clip(place, -8.0, 8.0), spread, weights, np.zeros(groups))


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
    bad = np.zeros((len(k), weights.shape[1]))
    reached = np.zeros(groups)
    for turn in range(rounds):
        mean = np.clip(special.expit(shift + place[group]), _LEAST, 1.0 - _LEAST)
        alone = np.exp(spread)[group]
        many = 1.0 / (1.0 / alone + unsure)
        if turn % 5 == 0:
            bad = pressed(k, n, mean, beside=bad.shape[1] > BANDS)
        a, b = mean * many, (1.0 - mean) * many
        ordinary = np.exp(choose + special.betaln(k + a, n - k + b) - special.betaln(a, b))
        honest = (1.0 - weights.sum(axis=1))[group] * ordinary
        parts = weights[group] * bad
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
    return _Fit(place, spread, weights, np.sqrt(h11 / det)), reached
