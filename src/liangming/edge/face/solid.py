"""Layer 4: a head is neither a plane nor a rolled sheet.

Between a frontal and a turned frame every flat thing moves by a homography; a head does not. A
photo rolled round a bottle does not either, but it moves by a function of one direction across it,
whichever; a nose and a brow over the same spot of it do not. Both residuals over the mesh, as a
share of the face's width, have to stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from liangming.edge.face.picture import Matrix, Points
from liangming.edge.face.pose import CHEEKS

RESIDUAL: Final = 0.05
ROLLED: Final = 0.02
AXES: Final = 6  # directions in which a sheet may be rolled
FRAMES: Final = 3  # so many frames have to show it: one may be noise


def stands(residuals: Sequence[tuple[float, float]]) -> bool:
    """Whether enough turned frames left what neither a plane nor a rolled sheet leaves."""
    return sum(flat >= RESIDUAL and sheet >= ROLLED for flat, sheet in residuals) >= FRAMES


def residuals(front: Points, turned: Points) -> tuple[float, float]:
    """What the best plane and the best rolled sheet leave over."""
    return residual(front, turned), rolled(front, turned)


def rolled(front: Points, turned: Points) -> float:
    """Root mean square distance left over by the best sheet rolled about any axis."""
    width = float(np.hypot(*(front[CHEEKS[1]] - front[CHEEKS[0]])))
    if width < 1:
        return 0.0
    middle = front.mean(axis=0)
    one = (front - middle).astype(np.float64) / width
    other = (turned - middle).astype(np.float64) / width
    return min(_left(one, other, axis * np.pi / AXES) for axis in range(AXES))


def _left(one: Matrix, other: Matrix, angle: float) -> float:
    """A quartic across the roll, bilinear along it: perspective included."""
    s = one[:, 0] * np.cos(angle) + one[:, 1] * np.sin(angle)
    r = one[:, 1] * np.cos(angle) - one[:, 0] * np.sin(angle)
    terms = np.stack([np.ones_like(s), s, r, s * r, s**2, s**3, s**4, s**2 * r, s**3 * r], axis=1)
    fitted, *_ = np.linalg.lstsq(terms, other, rcond=None)
    return float(np.sqrt(np.mean(np.sum((terms @ fitted - other) ** 2, axis=1))))


def residual(front: Points, turned: Points) -> float:
    """Root mean square distance left over by the best homography, over the frontal face's width."""
    width = float(np.hypot(*(front[CHEEKS[1]] - front[CHEEKS[0]])))
    if width < 1:
        return 0.0
    mapped = _apply(_homography(front, turned), front)
    if not np.isfinite(mapped).all():
        return 0.0  # degenerate points prove nothing, and nothing proven is not solid
    return float(np.sqrt(np.mean(np.sum((mapped - turned) ** 2, axis=1)))) / width


def _homography(source: Points, target: Points) -> Matrix:
    """The normalised direct linear transform over all points."""
    one, s = _normal(source)
    two, t = _normal(target)
    x, y, u, v = one[:, 0], one[:, 1], two[:, 0], two[:, 1]
    zero, ones = np.zeros_like(x), np.ones_like(x)
    rows = np.concatenate(
        [
            np.stack([-x, -y, -ones, zero, zero, zero, u * x, u * y, u], axis=1),
            np.stack([zero, zero, zero, -x, -y, -ones, v * x, v * y, v], axis=1),
        ]
    )
    _, vectors = np.linalg.eigh(rows.T @ rows)
    return np.asarray(np.linalg.inv(t) @ vectors[:, 0].reshape(3, 3) @ s)


def _normal(points: Points) -> tuple[Matrix, Matrix]:
    exact = points.astype(np.float64)
    middle = exact.mean(axis=0)
    scale = np.sqrt(2) / max(float(np.sqrt(((exact - middle) ** 2).sum(axis=1)).mean()), 1e-9)
    move = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    return (exact - middle) * scale, move


def _apply(matrix: Matrix, points: Points) -> Matrix:
    flat = np.concatenate([points.astype(np.float64), np.ones((len(points), 1))], axis=1)
    moved = flat @ matrix.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(moved[:, :2] / moved[:, 2:])
