"""The clean side: what honest places do where no pressure can hide.

Pressure lengthens waits and raises shares. Honest places stray as far below the usual as above it
(on the log or logit scale), so sights below show how long the tails of the honest law really are,
whatever law was fitted. A chance is never taken to be smaller than the part of all tests that show
as unlikely a sight on the clean side.
"""

from __future__ import annotations

import numpy as np

from liangming.audit.statistics.tails import Floats


def borne_out(p: Floats, clean: Floats) -> Floats:
    """Chances, none smaller than the clean side bears out.

    Args:
        p: chances of what was asked, by theory; 1 where the effect is too small to matter.
        clean: chances of the mirrored sights, by the same theory and with the same floors.

    Returns:
        The larger of each chance and of the part of clean sights at least as unlikely, less one
        deviation of their number: a single clean sight proves no tail.
    """
    ordered = np.sort(clean)
    beside = np.searchsorted(ordered, p, side="right").astype(float)
    sure = np.maximum(beside - np.sqrt(beside), 0.0) / max(len(clean), 1)
    return np.asarray(np.minimum(np.maximum(p, np.where(p < 1.0, sure, 1.0)), 1.0))
