"""A head in 468 points: a curved shell with a nose, eyes, lips; it turns, nods, blinks, speaks.

Units are face widths; x to the right of the picture, y down, z towards the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liangming.edge.face.picture import MESH_POINTS
from liangming.edge.face.pose import CHEEKS, CHIN, EYES, FOREHEAD, LIPS, NOSE

Solid = NDArray[np.float64]  # n × 3

MOUTH_CORNERS: Final = (61, 291)


@dataclass(frozen=True, slots=True)
class Mood:
    """How a head is held: radians, and shares of fully open or closed."""

    turn: float = 0.0  # positive: the nose moves to the right of the picture
    nod: float = 0.0
    roll: float = 0.0
    blink: float = 0.0
    mouth: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """One made-up person."""

    base: Solid
    eye: float  # half of the lids' distance
    skin: tuple[float, float, float]
    hair: tuple[float, float, float]
    identity: NDArray[np.float32]


def head_of(rng: np.random.Generator) -> Head:
    """A fresh head."""
    places = rng.uniform(-1, 1, (MESH_POINTS * 3, 2))
    places = places[(places**2).sum(axis=1) < 1][:MESH_POINTS]
    tall = rng.uniform(0.66, 0.74)
    deep, nose = rng.uniform(0.48, 0.58), rng.uniform(0.14, 0.2)
    apart, level = rng.uniform(0.18, 0.22), rng.uniform(-0.2, -0.14)
    mouth = rng.uniform(0.34, 0.4)
    eye = rng.uniform(0.028, 0.04)
    u, v = places[:, 0], places[:, 1]
    x, y = 0.5 * u, tall * v
    base = np.stack([x, y, _depth(x, y, tall, deep, nose)], axis=1)

    def put(index: int, px: float, py: float) -> None:
        z = _depth(np.array([px]), np.array([py]), tall, deep, nose)[0]
        base[index] = (px, py, z)

    put(NOSE, 0, 0.06)
    put(CHEEKS[0], -0.5, 0)
    put(CHEEKS[1], 0.5, 0)
    put(FOREHEAD, 0, -tall)
    put(CHIN, 0, tall)
    for side, (inner, outer, upper, lower) in zip((-1, 1), EYES, strict=True):
        put(inner, side * (apart + 0.09), level)
        put(outer, side * (apart - 0.09), level)
        put(upper, side * apart, level - eye)
        put(lower, side * apart, level + eye)
    for index in LIPS:
        put(index, 0, mouth)
    for side, index in zip((-1, 1), MOUTH_CORNERS, strict=True):
        put(index, side * 0.13, mouth)
    tone = rng.uniform(0.55, 1.0)
    identity = rng.normal(size=128).astype(np.float32)
    return Head(
        base=base,
        eye=eye,
        skin=(130 * tone, 165 * tone, 210 * tone),
        hair=(30 * tone, 30 * tone, 38 * tone),
        identity=identity / np.linalg.norm(identity),
    )


def _depth(
    x: NDArray[np.float64], y: NDArray[np.float64], tall: float, deep: float, nose: float
) -> NDArray[np.float64]:
    shell = deep * np.sqrt(np.clip(1 - (2 * x) ** 2 - 0.5 * (y / tall) ** 2, 0, None))
    bump = nose * np.exp(-((x / 0.09) ** 2) - ((y - 0.06) / 0.14) ** 2)
    return np.asarray(shell + bump - deep / 2)


def held(head: Head, mood: Mood) -> Solid:
    """The points of a head in a mood."""
    points = head.base.copy()
    for _, _, upper, lower in EYES:
        shut = 1 - 0.85 * mood.blink
        middle = (points[upper, 1] + points[lower, 1]) / 2
        points[upper, 1] = middle - head.eye * shut
        points[lower, 1] = middle + head.eye * shut
    points[LIPS[0], 1] -= 0.03 * mood.mouth + 0.004
    points[LIPS[1], 1] += 0.15 * mood.mouth + 0.004
    return points @ turned(mood).T


def turned(mood: Mood) -> NDArray[np.float64]:
    """The rotation of a mood."""
    c, s = np.cos(mood.turn), np.sin(mood.turn)
    about_y = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    c, s = np.cos(mood.nod), np.sin(mood.nod)
    about_x = np.array([[1, 0, 0], [0, c, s], [0, -s, c]])
    c, s = np.cos(mood.roll), np.sin(mood.roll)
    about_z = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_x @ about_y)


def flattened(points: Solid, distance: float = 4.5) -> Solid:
    """A photograph of a head: the points as a plane, with the perspective of the photo in it."""
    flat = points.copy()
    depth = distance - points[:, 2:3]
    flat[:, :2] = points[:, :2] * distance / depth
    flat[:, 2] = 0
    return flat
