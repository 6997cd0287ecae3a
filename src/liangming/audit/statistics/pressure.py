"""What pressure does to counts, whatever its strength: a weight for each band of it.

Pressure moves a rate up, by a part of the way to one. Beside it stand those who are compared with it:
where one clerk of two steers, the other stands as far below, and neither is ordinary.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.tails import Floats, Ints

_EDGES: Final = np.array([0.08, 0.16, 0.28, 0.42, 0.58, 0.76, 1.0])
"""Strength of pressure: the part of the way from the ordinary rate to one."""
BANDS: Final = len(_EDGES) - 1


def pressed(k: Ints, n: Ints, mean: Floats, *, beside: bool = False) -> Floats:
    """Probability of k under pressure spread evenly over each band of strength: rows × bands.

    Args:
        k: how many.
        n: out of how many.
        mean: the ordinary rate.
        beside: whether to add, as so many bands again, those who stand beside one under pressure.
    """
    up = mean[:, None] + (1.0 - mean[:, None]) * _EDGES
    above = _between(k, n, up)
    if not beside:
        return above
    # what is usual for them is a rate under pressure, their own is the one without
    free = (mean[:, None] - _EDGES[:-1]) / (1.0 - _EDGES[:-1])
    edges = np.concatenate([free, np.zeros((len(free), 1))], axis=1)
    return np.concatenate([above, _between(k, n, np.maximum(edges, 0.0))], axis=1)


def _between(k: Ints, n: Ints, edges: Floats) -> Floats:
    """Probability of k where the rate lies evenly between neighbouring edges."""
    first, second = (k + 1.0)[:, None], (n - k + 1.0)[:, None]
    up_to = special.betainc(first, second, np.clip(edges, 0.0, 1.0))
    wide = np.maximum(np.abs(np.diff(edges, axis=1)), 1e-12) * (n + 1.0)[:, None]
    return np.asarray(np.abs(np.diff(up_to, axis=1)) / wide)
