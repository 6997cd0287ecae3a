"""How honest outlets differ from one another: the laws that their own rates are drawn from.

The detector fits a beta-binomial. Only one of these laws is a beta; the others (and the kinds of
pressure marked *held out* in ``plant``) were not looked at while the detector was tuned, and are
reported apart.
"""

from __future__ import annotations

import enum
from typing import Final

import numpy as np
from scipy import special, stats

from liangming.audit.statistics.tails import Floats, Ints, betabinomial_upper


class Shape(enum.StrEnum):
    """The law of honest face shares among comparable outlets."""

    BETA = "beta"
    LOGIT_NORMAL = "logit-normal"  # held out
    HEAVY = "heavy-tailed"  # held out: Student's t with four degrees of freedom, on the logit
    BIMODAL = "bimodal"  # held out: two kinds of neighbourhood, one kind of place


HELD_OUT_SHAPES: Final = (Shape.LOGIT_NORMAL, Shape.HEAVY, Shape.BIMODAL)
CONCENTRATION: Final = 22.0
"""Of the beta law; the others have a spread of their own, near to it."""


def quantile(shape: Shape, u: Floats, mean: Floats) -> Floats:
    """The rate below which a part ``u`` of honest outlets lies, around each ``mean``.

    Args:
        shape: the law.
        u: probabilities inside (0, 1).
        mean: the centre, element by element.
    """
    centre = special.logit(mean)
    match shape:
        case Shape.BETA:
            many = CONCENTRATION
            rate = special.betaincinv(mean * many, (1.0 - mean) * many, u)
        case Shape.LOGIT_NORMAL:
            rate = special.expit(centre + 0.48 * special.ndtri(u))
        case Shape.HEAVY:
            rate = special.expit(centre + 0.36 * stats.t.ppf(u, 4.0))
        case Shape.BIMODAL:
            rate = special.expit(centre + _two_humps(u))
    return np.asarray(np.clip(rate, 1e-6, 1.0 - 1e-6))


def _two_humps(u: Floats) -> Floats:
    """Quantiles of 0.75·N(-0.2, 0.3²) + 0.25·N(0.6, 0.3²), by a table."""
    grid = np.linspace(-3.5, 3.5, 4_001)
    below = 0.75 * special.ndtr((grid + 0.2) / 0.3) + 0.25 * special.ndtr((grid - 0.6) / 0.3)
    return np.interp(u, below, grid)


NODES: Final = special.expit(np.linspace(-26.0, 26.0, 160))
_STEPS: Final = np.gradient(NODES)
WEIGHTS: Final = _STEPS / _STEPS.sum()


def upper_tail(shape: Shape, k: Ints, n: Ints, mean: Floats) -> Floats:
    """P(K ≥ k) for an honest outlet under the true law: what only an oracle knows (other laws than the beta to about 1e-8)."""
    if shape is Shape.BETA:
        return betabinomial_upper(k, n, mean * CONCENTRATION, (1.0 - mean) * CONCENTRATION)
    total = np.zeros(len(k))
    first, second = np.maximum(k, 1).astype(float), (n - k + 1).astype(float)
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        rate = quantile(shape, np.full(len(k), node), mean)
        total += weight * special.betainc(first, second, rate)
    return np.where(k <= 0, 1.0, np.clip(total, 0.0, 1.0))


def upper_tail_normal(k: Ints, n: Ints, centre: Floats, spread: Floats) -> Floats:
    """P(K ≥ k) where the logit of the rate is normal around ``centre``, element by element."""
    total = np.zeros(len(k))
    first, second = np.maximum(k, 1).astype(float), (n - k + 1).astype(float)
    nodes, weights = np.polynomial.hermite_e.hermegauss(31)
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        total += weight * special.betainc(first, second, special.expit(centre + spread * node))
    return np.where(k <= 0, 1.0, np.clip(total, 0.0, 1.0))
