"""One with one, and nothing else: the only comparison that exists here (I6).

A threshold is stated by what it lets through: the false match rate measured on pairs of different
people, with its 95 % interval. The similarity is compared and dropped in this function.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from liangming.edge.face.ports import Vector
from liangming.edge.face.threshold import Threshold


def same(one: Vector, other: Vector, threshold: Threshold) -> bool:
    """Whether two faces are the same person's, by this threshold.

    Vectors of another length, empty, or not finite are never the same.
    """
    if one.shape != other.shape or one.size == 0:
        return False
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    if threshold.metric == "distance":
        return float(np.linalg.norm(one - other)) <= threshold.at
    lengths = float(np.linalg.norm(one)) * float(np.linalg.norm(other))
    return lengths > 0 and float(one @ other) / lengths >= threshold.at


class Reference(Protocol):
    """What one face is compared with, where it is not a plain vector of this very visit."""

    def same(self, vector: Vector, threshold: Threshold) -> bool:
        """Whether the face before the lens is this one's."""
        ...

    def wipe(self) -> None:
        """Let it go."""
        ...


def wiped(vector: Vector) -> None:
    """Overwrite a vector."""
    vector.fill(0)
