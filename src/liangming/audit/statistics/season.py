"""Seasons: what all peers share of the year, and whether one place rose by a step or has its own."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.places import STRETCHES, Places
from liangming.audit.statistics.tails import Floats, Ints, middle

_FEW_OUTLETS: Final = 20
_ENOUGH: Final = 15
"""Fewest checks of an outlet in a stretch for what is usual then."""
_HEAVIEST: Final = 100
"""No outlet counts for more checks than this in what is usual in a stretch."""
_DRIFT: Final = 0.02
"""Variance of a stretch's own drift, on the logit, however many its checks."""
_SWING: Final = 0.1
"""Variance of each of the two parts (sine, cosine) of a place's own season."""
_STEP: Final = 1.0
"""Variance of a step: one third of people steered moves a share by about one on the logit."""

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def common(here: Places) -> Floats:
    """Logit of each family's usual share by stretch, beyond its mean: places × stretches.

    Each outlet is taken beside itself, and the middle one tells: where many begin to steer one day,
    a pooled share would rise for all, and honest outlets would seem to fall. Only those of a low
    share are asked where there are enough: who is steered shows less of a season.
    """
    chosen, known = here.by_stretch[:2]
    own = special.logit((chosen.sum(axis=1) + 0.5) / (known.sum(axis=1) + 1.0))
    families = int(here.family.max()) + 1
    usual = np.array([np.median(own[here.family == one]) for one in range(families)])
    low = own <= usual[here.family]
    season, size = np.zeros((families, STRETCHES)), np.zeros((families, STRETCHES))
    for stretch in range(STRETCHES):
        n = known[:, stretch]
        apart = special.logit((chosen[:, stretch] + 0.5) / (n + 1.0)) - own
        for family in range(families):
            some = np.flatnonzero((here.family == family) & (n >= _ENOUGH))
            lower = some[low[some]]
            some = lower if len(lower) >= _FEW_OUTLETS else some
            if len(some) >= _FEW_OUTLETS:
                season[family, stretch] = middle(apart[some], np.minimum(n[some], _HEAVIEST))
            size[family, stretch] = np.minimum(n[here.family == family], _HEAVIEST).sum()
    mean = (season * size).sum(axis=1, keepdims=True)
    mean /= np.maximum(size.sum(axis=1, keepdims=True), 1e-9)
    return np.asarray(np.where(season == 0.0, 0.0, season - mean)[here.family])


def mean_of(season: Floats, known: Ints, *, before: bool) -> Floats:
    """The mean season of all checks before (or after) the end of each stretch."""
    total = np.cumsum(season * known, axis=1)
    many = np.cumsum(known, axis=1)
    if not before:
        total, many = total[:, -1:] - total, many[:, -1:] - many
    return np.asarray(total / np.maximum(many, 1))


def step_or_season(chosen: Ints, known: Ints, usual: Floats, able: Mask, differ: Floats) -> Floats:
    """Log odds of the evidence for a step at any able cut against a yearly season of the place's own.

    Both are normal on the logit. Before a step a place lies where its peers do, and so does the
    middle of a season. The evidence is the whole likelihood with level, height, phase and moment
    averaged over what they may be, so neither is favoured for having more to choose from.

    Args:
        chosen: faces by place and stretch.
        known: out of how many.
        usual: what peers have in each stretch, on the logit.
        able: cuts with enough on both sides.
        differ: the variance of peers' own levels around it.
    """
    if not len(chosen):
        return np.zeros(0)
    logit = special.logit((chosen + 0.5) / (known + 1.0)) - usual
    pooled = chosen.sum(axis=1, keepdims=True) / known.sum(axis=1, keepdims=True)
    rate = (chosen + 2.0 * pooled) / (known + 2.0)
    told = known * rate * (1.0 - rate)
    weight = np.where(told > 0.0, told / (1.0 + _DRIFT * told), 0.0)
    when = np.arange(STRETCHES)[None, :]
    turn = 2.0 * np.pi * (when + 0.5) / STRETCHES
    flat = np.ones((len(logit), 1))
    wave = _evidence(logit, weight, [flat * np.sin(turn), flat * np.cos(turn)], _SWING, differ)
    steps = np.full((len(logit), STRETCHES - 1), -np.inf)
    for cut in range(STRETCHES - 1):
        on = np.flatnonzero(able[:, cut])
        shape = flat[on] * (when > cut)
        steps[on, cut] = _evidence(logit[on], weight[on], [shape], _STEP, differ[on])
    many = np.maximum(able.sum(axis=1), 1)
    return np.asarray(special.logsumexp(steps, axis=1) - np.log(many) - wave)


def _evidence(
    logit: Floats, weight: Floats, shapes: list[Floats], spread: float, differ: Floats
) -> Floats:
    """Log marginal likelihood of a level and some shapes of normal height, but for a constant."""
    design = np.stack([np.ones_like(logit), *shapes], axis=2)
    own = np.full((len(logit), len(shapes)), 1.0 / spread)
    prior = np.concatenate([1.0 / differ[:, None], own], axis=1)
    gram = np.einsum("nsi,ns,nsj->nij", design, weight, design)
    gram += prior[:, :, None] * np.eye(prior.shape[1])
    right = np.einsum("nsi,ns,ns->ni", design, weight, logit)
    found = np.linalg.solve(gram, right[:, :, None])[:, :, 0]
    told = 0.5 * (right * found).sum(axis=1) - 0.5 * np.linalg.slogdet(gram)[1]
    return np.asarray(told + 0.5 * np.log(prior).sum(axis=1))
