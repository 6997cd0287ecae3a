"""False discoveries among few candidates, most of which may be real.

Benjamini and Hochberg's way takes every test for an ordinary one. Among all outlets that is nearly
so. Among places put forward because they stand out already it is far from it: there the part of
ordinary ones is told by how many large chances there are (Storey).
"""

from __future__ import annotations

from typing import Final

from liangming.audit.statistics.tails import Floats, benjamini_hochberg

_LARGE: Final = 0.5


def ordinary_part(p: Floats) -> float:
    """At most which part of some tests is ordinary; never none, however small the chances are.

    >>> import numpy as np
    >>> round(ordinary_part(np.array([0.001] * 18 + [0.6, 0.9])), 2)
    0.3
    """
    if not len(p):
        return 1.0
    large = 1.0 + float((p > _LARGE).sum())
    return min(large / ((1.0 - _LARGE) * len(p)), 1.0)


def adjusted(p: Floats) -> Floats:
    """Adjusted chances (q): as Benjamini and Hochberg's, times the part that is ordinary."""
    return benjamini_hochberg(p) * ordinary_part(p)
