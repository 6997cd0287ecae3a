"""How far two protected templates tell that they are of one person (Gomez-Barrero et al.: D↔sys).

From the likenesses of pairs of one person (mated) and of two people (not mated), both between
templates of different keys: at each likeness, how much more probable a mated pair is, weighted by how
often mated pairs come to stand there. 0 is unlinkable, 1 is linked for certain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def linkability(mated: Sequence[float], others: Sequence[float], *, bins: int = 32) -> float:
    """The global measure, with equal odds beforehand.

    Args:
        mated: likenesses of pairs of one person.
        others: of pairs of two people.
        bins: of the histograms; many bins and few pairs measure noise.
    """
    low, high = min(*mated, *others), max(*mated, *others)
    if high <= low:
        return 0.0
    edges = np.linspace(low, high, bins + 1)
    one = np.histogram(mated, edges)[0] / len(mated)
    two = np.histogram(others, edges)[0] / len(others)
    both = one + two
    # 2·LR/(1+LR) − 1 is (p − q)/(p + q); where the pair speaks for two people it tells nothing
    local = np.divide(one - two, both, out=np.zeros(bins), where=both > 0)
    return float((np.clip(local, 0, None) * one).sum())
