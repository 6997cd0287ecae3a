"""A few ratios of the mesh: how far turned, eyes and mouth open, head nodded.

Each is a ratio of distances within one face, so neither its size nor its place matters.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np

from liangming.edge.face.picture import Points

# Places in the common 468-point face mesh.
NOSE: Final = 1
CHEEKS: Final = (234, 454)
EYES: Final = ((33, 133, 159, 145), (362, 263, 386, 374))  # corners, upper lid, lower lid
LIPS: Final = (13, 14)
FOREHEAD, CHIN = 10, 152


class Pose(msgspec.Struct, frozen=True):
    """The ratios of one frame."""

    turn: float  # nose between the cheeks: 0 frontal, + to the person's left, ±1 at a cheek
    eyes: float  # lid distance over eye width, the mean of both
    mouth: float  # lip distance over face height
    nod: float  # nose between forehead and chin: −1 … 1


def pose_of(points: Points) -> Pose:
    """The ratios of one mesh."""
    one, other = points[CHEEKS[0]], points[CHEEKS[1]]
    across = other - one
    width = float(np.hypot(*across)) or 1.0
    along = across / width
    middle = (one + other) / 2
    turn = float((points[NOSE] - middle) @ along) / (width / 2)
    top, bottom = points[FOREHEAD], points[CHIN]
    down = bottom - top
    height = float(np.hypot(*down)) or 1.0
    nod = float((points[NOSE] - (top + bottom) / 2) @ (down / height)) / (height / 2)
    eyes = [
        float(np.hypot(*(points[upper] - points[lower])))
        / (float(np.hypot(*(points[inner] - points[outer]))) or 1.0)
        for inner, outer, upper, lower in EYES
    ]
    mouth = float(np.hypot(*(points[LIPS[0]] - points[LIPS[1]]))) / height
    return Pose(turn, sum(eyes) / 2, mouth, nod)
