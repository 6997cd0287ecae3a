"""How the people of each place go elsewhere: known from few pairs, so a law of its own for each.

No outlet steers what its people do elsewhere, so there is no guilty side here. The law of such
habits among places takes any form (a second kind of neighbourhood, a few business parks): weights
on a grid of the logit, by smoothed expectation. What the pairs of one place leave open of its own
habit is then kept in parts, from the lower to the highest, each with its chance, centre and spread:
few pairs leave a high habit thinkable, and that must not get lost in a mean.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.tails import Floats, Ints

_GRID: Final = np.linspace(-3.0, 3.6, 34)
_SAMPLE: Final = 3_000
_ROUNDS: Final = 40
_BORROWED: Final = 200.0
"""As so many places the law of all families counts in each."""
_ANY: Final = 0.02
"""At least this part of places has people of any habit."""
_HEAVIEST: Final = 100
"""No place counts for more pairs than this in what is usual."""
_FEW: Final = 10.0
_NODES: Final = 41
_REACH: Final = 4.5
_CHUNK: Final = 20_000
CUTS: Final = np.array([0.0, 0.7, 0.95, 0.995, 1.0])
"""Where what is thinkable is parted: the higher it is, the finer."""


@dataclass(frozen=True, slots=True)
class People:
    """How the people of some places go elsewhere, beyond the peers' people, on the logit.

    Attributes:
        centre: expected in each part of what is thinkable: parts × places.
        spread: its variance.
        middle: expected over all parts.
        unsure: variance of the whole.
    """

    centre: Floats
    spread: Floats
    middle: Floats
    unsure: Floats


def people(there: Ints, pairs: Ints, family: Ints, cell: Ints, band: Ints) -> People:
    """What the pairs tell of each place's people.

    Args:
        there: last seen elsewhere by face.
        pairs: seen elsewhere at all, at least one.
        family: 0 … F-1.
        cell: finer, by province.
        band: finer, by size.
    """
    centre = peers_people(there, pairs, family, cell, band)
    law = _laws(there, pairs, family, centre)
    first, second = there + 0.5, pairs - there + 0.5
    reach = _REACH * np.sqrt(1.0 / first + 1.0 / second)
    best = np.clip(special.logit(first / (first + second)) - centre, _GRID[0], _GRID[-1])
    low, high = np.maximum(best - reach, _GRID[0]), np.minimum(best + reach, _GRID[-1])
    parts = np.empty((2, len(CUTS) - 1, len(pairs)))
    for start in range(0, len(pairs), _CHUNK):
        at = np.arange(start, min(start + _CHUNK, len(pairs)))
        beyond = np.linspace(low[at], high[at], _NODES, axis=1)
        told = _told(there[at, None], pairs[at, None], centre[at, None] + beyond)
        for one in range(len(law)):
            some = np.flatnonzero(family[at] == one)
            told[some] += np.log(np.interp(beyond[some], _GRID, law[one]))
        parts[:, :, at] = _parts(beyond, special.softmax(told, axis=1))
    chance = np.diff(CUTS)[:, None]
    middle = (chance * parts[0]).sum(axis=0)
    unsure = (chance * (parts[1] + parts[0] ** 2)).sum(axis=0) - middle**2
    return People(parts[0], parts[1], middle, unsure)


def peers_people(there: Ints, pairs: Ints, family: Ints, cell: Ints, band: Ints) -> Floats:
    """How the people of each place's peers go elsewhere, on the logit."""
    centre = np.zeros(len(pairs))
    for group, few in ((family, 0.0), (band, _FEW), (cell, _FEW)):
        centre += _beyond(there, pairs, group, centre, few)
    return centre


def _beyond(there: Ints, pairs: Ints, group: Ints, centre: Floats, few: float) -> Floats:
    """How far each group lies beyond what is expected of it, on the logit; few places tell little."""
    weight = np.minimum(pairs, _HEAVIEST) / pairs
    seen = np.bincount(group, weights=weight * there) + 0.5
    expected = np.bincount(group, weights=weight * pairs * special.expit(centre)) + 0.5
    whole = np.bincount(group, weights=weight * pairs) + 1.0
    size = np.bincount(group).astype(float)
    apart = special.logit(seen / whole) - special.logit(expected / whole)
    return np.asarray((apart * size / (size + few))[group])


def _told(there: Ints, pairs: Ints, logit: Floats) -> Floats:
    """Log likelihood of a habit, without what does not depend on it."""
    return np.asarray(
        there * special.log_expit(logit) + (pairs - there) * special.log_expit(-logit)
    )


def _laws(there: Ints, pairs: Ints, family: Ints, centre: Floats) -> Floats:
    """The law of habits in each family: families × grid."""
    every = np.full(len(_GRID), 1.0 / len(_GRID))
    every = _law(np.arange(len(pairs)), there, pairs, centre, every)
    families = int(family.max()) + 1
    found = [
        _law(np.flatnonzero(family == one), there, pairs, centre, every) for one in range(families)
    ]
    return np.stack(found)


def _law(at: Ints, there: Ints, pairs: Ints, centre: Floats, start: Floats) -> Floats:
    at = at[:: max(len(at) // _SAMPLE, 1)]
    told = _told(there[at, None], pairs[at, None], centre[at, None] + _GRID)
    chance = np.exp(told - told.max(axis=1, keepdims=True))
    weight = start
    for _ in range(_ROUNDS):
        held = chance * weight
        held = (held / held.sum(axis=1, keepdims=True)).sum(axis=0)
        weight = (held + _BORROWED * start) / (len(at) + _BORROWED)
        rough = np.pad(weight, 1, mode="edge")
        weight = 0.25 * rough[:-2] + 0.5 * rough[1:-1] + 0.25 * rough[2:]
        weight = (1.0 - _ANY) * weight / weight.sum() + _ANY / len(weight)
    return np.asarray(weight)


def _parts(where: Floats, weight: Floats) -> Floats:
    """Centre and variance of each row's law between the cuts: 2 × parts × rows."""
    up_to = np.cumsum(weight, axis=1)
    below = up_to - weight
    out = np.empty((2, len(CUTS) - 1, len(where)))
    for part, (low, high) in enumerate(itertools.pairwise(CUTS)):
        held = np.clip(np.minimum(up_to, high) - np.maximum(below, low), 0.0, None) + 1e-12 * weight
        held /= held.sum(axis=1, keepdims=True)
        out[0, part] = (held * where).sum(axis=1)
        out[1, part] = np.maximum((held * where**2).sum(axis=1) - out[0, part] ** 2, 0.0)
    return out
