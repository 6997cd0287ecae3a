"""Exact tails, interval bounds and the false-discovery rate, over whole arrays.

The normal approximation is useless here: with 350,000 outlets a decision falls at p ≈ 1e-7. Sums
of the beta-binomial are therefore added up term by term by their exact ratios; only where the
group is so large that the sum has thousands of terms is the equal integral used instead.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LONG: Final = 4_000  # above this many trials the integral is used
_RELATIVE: Final = 1e-13
_NODES: Final = np.polynomial.legendre.leggauss(40)


def betabinomial_upper(k: Ints, n: Ints, a: Floats, b: Floats) -> Floats:
    """P(K ≥ k) where K is beta-binomial(n, a, b), element by element.

    Args:
        k: how many were seen, 0 ≤ k ≤ n.
        n: out of how many.
        a: first shape, > 0.
        b: second shape, > 0.

    Returns:
        Tail probabilities in [0, 1]; relative error about 1e-10 in the sums and 1e-6 in the
        integral, far below anything a decision could feel.
    """
    k, n, a, b = np.broadcast_arrays(k, n, np.asarray(a, float), np.asarray(b, float))
    out = np.ones(k.shape)
    long = (n > _LONG) & (k > 0)
    if long.any():
        out[long] = _by_integral(k[long], n[long], a[long], b[long])
    upper = (k > 0) & ~long & (k * (a + b) >= n * a)
    if upper.any():
        out[upper] = _sum_up(k[upper], n[upper], a[upper], b[upper])
    lower = (k > 0) & ~long & ~upper
    if lower.any():  # the other side is shorter, and nothing is lost where the answer is near one
        rest = _sum_up(n[lower] - k[lower] + 1, n[lower], b[lower], a[lower])
        out[lower] = 1.0 - rest
    return np.clip(out, 0.0, 1.0)


def log_betabinomial(k: Ints, n: Ints, a: Floats, b: Floats) -> Floats:
    """Log probability of exactly k, element by element."""
    both = special.betaln(k + a, n - k + b) - special.betaln(a, b)
    return np.asarray(log_choose(k, n) + both)


def log_choose(k: Ints, n: Ints) -> Floats:
    """Log of how many ways k of n can be picked."""
    return np.asarray(
        special.gammaln(n + 1.0) - special.gammaln(k + 1.0) - special.gammaln(n - k + 1.0)
    )


def _sum_up(k: Ints, n: Ints, a: Floats, b: Floats) -> Floats:
    """Σ pmf(j) for j = k … n by the ratio of neighbours; finished rows leave the loop."""
    out = np.empty(len(k))
    place = np.arange(len(k))
    term = np.exp(log_betabinomial(k, n, a, b))
    total = term.copy()
    j = k.astype(float)
    left = n.astype(float)
    a, b = a.astype(float), b.astype(float)
    while len(place):
        ratio = (left - j) / (j + 1.0) * (j + a) / np.maximum(left - j - 1.0 + b, 1e-300)
        term = term * ratio
        total = total + term
        j = j + 1.0
        falling = (ratio < 1.0) & (term * ratio <= _RELATIVE * total * (1.0 - ratio))
        done = (j >= left) | falling | (term == 0.0)
        if done.any():
            out[place[done]] = total[done]
            keep = ~done
            place, term, total, j = place[keep], term[keep], total[keep], j[keep]
            left, a, b = left[keep], a[keep], b[keep]
    return out


def _by_integral(k: Ints, n: Ints, a: Floats, b: Floats) -> Floats:
    """E[P(beta(a, b) > P)] for P ~ beta(k, n-k+1): the same number by integration by parts.

    Every summand is positive, so a tiny tail keeps its digits. P is narrow because n is large.
    """
    first, second = k.astype(float), (n - k + 1).astype(float)
    mean = first / (first + second)
    spread = np.sqrt(mean * (1.0 - mean) / (first + second + 1.0))
    low = np.maximum(mean - 10.0 * spread, 0.0)
    high = np.minimum(mean + 10.0 * spread, 1.0)
    half = (high - low) / 2.0
    total = np.zeros(len(k))
    norm = np.zeros(len(k))
    for node, weight in zip(*_NODES, strict=True):
        p = np.clip(low + half * (1.0 + node), 1e-300, 1.0 - 1e-16)
        log = special.xlogy(first - 1.0, p) + special.xlog1py(second - 1.0, -p)
        peak = special.xlogy(first - 1.0, mean) + special.xlog1py(second - 1.0, -mean)
        density = weight * np.exp(log - peak)
        norm += density
        total += density * special.betaincc(a, b, p)
    return np.asarray(total / norm)


def jeffreys_lower(k: Floats, n: Floats, tail: float) -> Floats:
    """The lower bound of the Jeffreys interval for a share; 0 when nothing was seen."""
    bound = special.betaincinv(k + 0.5, n - k + 0.5, tail)
    return np.asarray(np.where(k > 0, bound, 0.0))


def jeffreys_upper(k: Floats, n: Floats, tail: float) -> Floats:
    """The upper bound of the Jeffreys interval for a share; 1 when all were seen."""
    bound = special.betainccinv(k + 0.5, n - k + 0.5, tail)
    return np.asarray(np.where(k < n, bound, 1.0))


def benjamini_hochberg(p: Floats, tests: int | None = None) -> Floats:
    """Adjusted p-values (q): reject at level α exactly where q ≤ α.

    Args:
        p: p-values, any order.
        tests: how many tests were made in all, when tests that could not matter were left out.
    """
    count = len(p)
    if count == 0:
        return p
    order = np.argsort(p, kind="stable")
    scaled = p[order] * (tests or count) / np.arange(1, count + 1)
    q = np.empty(count)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q


def middle(values: Floats, weight: Floats) -> float:
    """The weighted median: a guilty minority does not move it far."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2.0)])
