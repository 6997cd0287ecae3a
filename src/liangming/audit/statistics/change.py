"""Sudden change: did the share of faces jump from one stretch to the next, and stay up?

For every place and every cut between stretches, what came after is tested against what came
before, with the season that all peers share taken out first. How much honest places drift between
stretches is fitted on cuts that were not chosen (the evenest of each place); the strongest cut then
pays for the search. Every place is then asked again with time turned back: pressure does not end
like that, so whatever rises so shows how often an honest place, or one with a season of its own,
looks like one that began to steer. (A fall beside it would be no fair measure: from the level of
peers a season can rise by more points than it can fall.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.asking import (
    BOUND_TAIL,
    CAUTION,
    Answer,
    Floor,
    dense,
    nothing,
    size_groups,
)
from liangming.audit.statistics.hours import by_hours
from liangming.audit.statistics.null import fit
from liangming.audit.statistics.places import STRETCHES, Places
from liangming.audit.statistics.season import common, mean_of, step_or_season
from liangming.audit.statistics.tails import (
    Floats,
    Ints,
    benjamini_hochberg,
    betabinomial_upper,
    jeffreys_lower,
)

JUMP: Final = Floor(support=30, rise=0.12, sure=0.05)
"""A change matters as much as a level does (``SHARE``)."""
_BEFORE: Final = 30
_FEW: Final = 10
_LEAST: Final = 1e-6
_DIFFER: Final = 0.2
"""Least variance among peers of the level that a share starts from: a step must not have to start at theirs."""
STEP: Final = 0.0
"""Least log odds of the evidence for a step against a season of the place's own."""
LIKE_A_STEP: Final = 0.05
"""What rises with time turned back, as like a step and as unlikely, is at most this part of the rises."""

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class _Series:
    """Places that can be cut: rows × stretches, or rows × cuts."""

    rows: Ints
    chosen: Ints
    known: Ints
    season: Floats
    able: Mask  # by cut
    before: Ints
    after_k: Ints
    after_n: Ints
    expected: Floats  # logit of what comes after, from what came before
    drift: Floats  # how much of a stretch's own drift a cut feels
    apart: Floats  # by row: what drift of weight 1 is worth, as the inverse of a concentration
    level: Floats  # by row: where its share lies among peers, on the logit
    differ: Floats  # the variance of that among peers


@dataclass(frozen=True, slots=True)
class _Scan:
    """The strongest cut of each row, and how unlikely it is."""

    p: Floats
    cut: Ints
    k: Ints
    n: Ints
    mean: Floats
    low: Floats
    tries: Floats


def sudden(here: Places) -> Answer:
    """Did the share of faces rise suddenly at some moment, beyond the season?"""
    known = here.by_stretch[1]
    if not known.any():
        return nothing("sudden", thin=0, silent="column")
    told = known.sum(axis=1) > 0
    both = _series(here)
    thin = int(told.sum()) - (0 if both is None else len(both[0].rows))
    if both is None:
        return nothing("sudden", thin=thin, silent="support")
    series, back = both
    rises, falls = _scan(series), _scan(back)
    worth = benjamini_hochberg(rises.p) <= LIKE_A_STEP
    most = float(rises.p[worth].max()) if worth.any() else 0.0
    like = _like_a_step(series, rises, np.flatnonzero(worth))
    clean = _like_a_step(back, falls, np.flatnonzero(falls.p <= most))
    stands = np.zeros(len(rises.p), bool)
    stands[worth] = like >= max(STEP, _least(like, clean))
    return Answer(
        "sudden", series.rows, rises.p, stands, rises.k, rises.n, rises.mean, rises.low,
        rises.cut + 1, thin, extra={"cuts": rises.tries},
    )  # fmt: skip


def _series(here: Places) -> tuple[_Series, _Series] | None:
    """What can be cut where, what to expect after each cut; and the same with time turned back."""
    chosen, known = here.by_stretch[:2]
    able = _able(known)
    rows = np.flatnonzero(able.any(axis=1))
    if not len(rows):
        return None
    season = common(here)[rows]
    chosen, known, able = chosen[rows], known[rows], able[rows]
    before, after_k, after_n, drift, expected = _parted(chosen, known, season)
    # the evenest cut of each place was not chosen for its rise: honest drift is fitted there
    even = np.argmin(np.where(able, np.abs(before - after_n), np.iinfo(np.int64).max), axis=1)
    at = np.arange(len(rows)), even
    certainty = np.maximum(before[at], 1).astype(float)
    family, cell = dense(here.family[rows]), dense(here.cell[rows])
    null = fit(
        after_k[at],
        after_n[at],
        family=family,
        cell=cell,
        offset=expected[at],
        certainty=certainty,
    )
    apart = np.maximum(1.0 / null.concentration - 1.0 / certainty, _LEAST) / drift[at]
    beside = (special.logit(null.mean) - expected[at])[:, None]
    level = _level(here, rows)
    ahead = _Series(
        rows, chosen, known, season, able, before, after_k, after_n,
        expected + beside, drift, apart, *level,
    )  # fmt: skip
    chosen, known, season = chosen[:, ::-1], known[:, ::-1], season[:, ::-1]
    before, after_k, after_n, drift, expected = _parted(chosen, known, season)
    back = _Series(
        rows, chosen, known, season, _able(known), before, after_k, after_n,
        expected + beside, drift, apart, *level,
    )  # fmt: skip
    return ahead, back


def _able(known: Ints) -> Mask:
    """Cuts with enough on both sides."""
    before = np.cumsum(known, axis=1)
    able = (before >= _BEFORE) & (before[:, -1:] - before >= JUMP.support)
    # where nothing happened in a stretch, the cuts on both its sides are one
    return np.asarray(able[:, :-1] & (known[:, 1:] > 0))


def _parted(chosen: Ints, known: Ints, season: Floats) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """By cut: known before, chosen and known after, the weight of drift, and what to expect."""
    before: Ints = np.cumsum(known, axis=1)
    before_k: Ints = np.cumsum(chosen, axis=1)
    after = mean_of(season, known, before=False)[:, :-1]
    season_gone = after - mean_of(season, known, before=True)[:, :-1]
    after_n: Ints = (before[:, -1:] - before)[:, :-1]
    after_k: Ints = (before_k[:, -1:] - before_k)[:, :-1]
    before, before_k = before[:, :-1], before_k[:, :-1]
    squares: Floats = np.cumsum(known.astype(float) ** 2, axis=1)
    drift: Floats = squares[:, :-1] / np.maximum(before, 1.0) ** 2
    drift += (squares[:, -1:] - squares)[:, :-1] / np.maximum(after_n, 1.0) ** 2
    expected: Floats = special.logit((before_k + 0.5) / (before + 1.0)) + season_gone
    return before, after_k, after_n, drift, expected


def _level(here: Places, rows: Ints) -> tuple[Floats, Floats]:
    """Where the share of such a place lies among its peers, on the logit: centre and variance."""
    chosen, known = here.by_stretch[:2, rows].sum(axis=2)
    null = fit(
        np.minimum(chosen, known),
        known,
        family=dense(here.family[rows]),
        cell=dense(here.cell[rows]),
        offset=None if (told := by_hours(here)) is None else told[rows],
        band=size_groups(here, rows),
    )
    mean = null.mean
    differ = 1.0 / ((null.concentration + 1.0) * mean * (1.0 - mean))
    return special.logit(mean), np.maximum(differ, _DIFFER)


def _scan(series: _Series) -> _Scan:
    """The strongest cut by a plain score; the exact chance then pays for all of them."""
    n, k = series.after_n, series.after_k
    mean = special.expit(series.expected)
    unsure = series.apart[:, None] * series.drift / CAUTION + 1.0 / np.maximum(series.before, 1)
    many = 1.0 / unsure
    noise = np.sqrt(mean * (1.0 - mean) * (1.0 / np.maximum(n, 1) + unsure))
    score = np.where(series.able, (k / np.maximum(n, 1) - mean) / noise, -np.inf)
    cut = np.argmax(score, axis=1)
    at = np.arange(len(cut)), cut
    k, n, mean, many = k[at], n[at], mean[at], many[at]
    worth = np.flatnonzero(k / n - mean >= JUMP.rise)
    low = np.zeros(len(k))
    low[worth] = jeffreys_lower(k[worth].astype(float), n[worth].astype(float), BOUND_TAIL)
    worth = worth[low[worth] >= mean[worth] + JUMP.sure]
    p = np.ones(len(k))
    a, b = mean[worth] * many[worth], (1.0 - mean[worth]) * many[worth]
    p[worth] = betabinomial_upper(k[worth], n[worth], a, b)
    tries = _tries(series, p)
    return _Scan(np.minimum(p * tries, 1.0), cut, k, n, mean, low, tries)


def _tries(series: _Series, p: Floats) -> Floats:
    """How many tests the cuts of a place are worth (Hunter and Worsley's bound).

    All cuts count, less the chance that a cut shows what its neighbour has shown already: that is
    at least Φ(-z √((1-ρ)/(1+ρ))) for two scores with correlation ρ, both beyond z.
    """
    z = -special.ndtri(np.clip(p, 1e-300, 0.5))
    part = np.cumsum(series.known, axis=1)[:, :-1] / series.known.sum(axis=1, keepdims=True)
    odds = np.sqrt(part / np.maximum(1.0 - part, 1e-12))
    saved, last = np.zeros(len(p)), np.zeros(len(p))
    for cut in range(part.shape[1]):
        on = series.able[:, cut]
        alike = np.where(last > 0.0, last / np.maximum(odds[:, cut], 1e-12), 0.0)
        again = special.ndtr(-z * np.sqrt((1.0 - alike) / (1.0 + alike)))
        saved += np.where(on & (last > 0.0), again, 0.0)
        last = np.where(on, odds[:, cut], last)
    return np.asarray(series.able.sum(axis=1) - saved)


def _like_a_step(series: _Series, scan: _Scan, rows: Ints) -> Floats:
    """How much more like a step than like a season; minus infinity where it did not stay."""
    known, chosen, season = series.known[rows], series.chosen[rows], series.season[rows]
    part = scan.cut[rows, None] + 1
    later = np.arange(STRETCHES)[None, :] >= (part + STRETCHES * 2) // 3
    k, n = (chosen * later).sum(axis=1), (known * later).sum(axis=1)
    stays = (n < _FEW) | (k / np.maximum(n, 1) >= scan.mean[rows] + JUMP.rise / 2)
    like = step_or_season(
        chosen, known, season + series.level[rows, None], series.able[rows], series.differ[rows]
    )
    return np.where(stays, like, -np.inf)


def _least(like: Floats, clean: Floats) -> float:
    """The least likeness at which few enough rise with time turned back; infinite if there is none."""
    found = np.inf
    for level in np.sort(like[np.isfinite(like)])[::-1]:
        if (clean >= level).sum() <= LIKE_A_STEP * (like >= level).sum():
            found = float(level)
    return found
