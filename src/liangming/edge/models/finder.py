"""Finds faces with BlazeFace's form of answer, then 468 points with the face mesh's.

The arithmetic follows from the shape of the answers: 896 anchors on an 8- and a 16-pixel grid of a
128-pixel square, each with a box and six points relative to it; the mesh answers in the pixels of
an upright 192-pixel cut round the face.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from liangming.edge import codes
from liangming.edge.face.picture import MESH_POINTS, Box, Found, Pixels, Points
from liangming.edge.models.runtime import Net, Tensor
from liangming.errors import Misuse

SCORE: Final = 0.5
OVERLAP: Final = 0.3
MOST: Final = 4
ROOM: Final = 1.5  # of the box, for the mesh
GRIDS: Final = ((8, 2), (16, 6))  # stride, anchors a cell


class MeshFinder:
    """A finder of two nets.

    Args:
        detect: 128-pixel square in, (regressors, scores) out.
        mesh: 192-pixel square in, 1,404 coordinates and a score out.
    """

    def __init__(self, detect: Net, mesh: Net, models: tuple[str, ...] = ()) -> None:
        self.models = models
        self._detect, self._mesh = detect, mesh
        if len(detect.shape) != 4 or len(mesh.shape) != 4:  # noqa: PLR2004
            raise Misuse(codes.MODEL_WRONG)
        self._side, self._cut = detect.shape[1], mesh.shape[1]
        self._anchors = _anchors(self._side)

    def find(self, pixels: Pixels) -> tuple[Found, ...]:
        """Every face, largest first."""
        height, width = pixels.shape[:2]
        longest = max(height, width)
        square = np.zeros((longest, longest, 3), np.uint8)
        top, left = (longest - height) // 2, (longest - width) // 2
        square[top : top + height, left : left + width] = pixels
        small = cv2.resize(square, (self._side, self._side), interpolation=cv2.INTER_AREA)
        square.fill(0)
        tensor = _tensor(small, low=-1.0)
        small.fill(0)
        outputs = self._detect.run(tensor)
        boxes = next((o for o in outputs if o.shape[-1] == 16), None)  # noqa: PLR2004
        sure = next((o for o in outputs if o.shape[-1] == 1), None)
        if boxes is None or sure is None:
            raise Misuse(codes.MODEL_WRONG)
        regressors, scores = boxes.reshape(-1, 16), sure.reshape(-1)
        found = []
        for box, eyes in self._boxes(regressors, scores):
            placed = box * longest - np.array([left, top, left, top])
            points = self._points(pixels, placed, eyes * longest - np.array([left, top]))
            if points is not None:
                low, high = points.min(axis=0), points.max(axis=0)
                edge = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
                found.append(Found(edge, points))
        return tuple(sorted(found, key=lambda face: -face.box.width))

    def _boxes(
        self, regressors: Tensor, scores: Tensor
    ) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        if len(regressors) != len(self._anchors):
            raise Misuse(codes.MODEL_WRONG)
        sure = 1 / (1 + np.exp(-np.clip(scores.astype(np.float64), -80, 80)))
        kept: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        for place in np.argsort(-sure):
            if sure[place] < SCORE or len(kept) == MOST:
                break
            raw = regressors[place].astype(np.float64) / self._side
            middle = raw[:2] + self._anchors[place]
            box = np.concatenate([middle - raw[2:4] / 2, middle + raw[2:4] / 2])
            eyes = raw[4:8].reshape(2, 2) + self._anchors[place]
            if all(_overlap(box, other) < OVERLAP for other, _ in kept):
                kept.append((box, eyes))
        return kept

    def _points(
        self, pixels: Pixels, box: NDArray[np.float64], eyes: NDArray[np.float64]
    ) -> Points | None:
        middle = (box[:2] + box[2:]) / 2
        size = float(max(box[2] - box[0], box[3] - box[1])) * ROOM
        if size < 8:  # noqa: PLR2004
            return None
        across = eyes[1] - eyes[0]
        angle = float(np.arctan2(across[1], across[0]))
        scale = self._cut / size
        c, s = np.cos(angle) * scale, np.sin(angle) * scale
        turn = np.array([[c, s, 0.0], [-s, c, 0.0]])
        turn[:, 2] = self._cut / 2 - turn[:, :2] @ middle
        upright = cv2.warpAffine(pixels, turn, (self._cut, self._cut))
        outputs = self._mesh.run(_tensor(upright, low=0.0))
        upright.fill(0)
        flat = next((o for o in outputs if o.size == MESH_POINTS * 3), None)
        sure = next((o for o in outputs if o.size == 1), None)
        if flat is None or sure is None:
            raise Misuse(codes.MODEL_WRONG)
        if 1 / (1 + np.exp(-float(np.clip(sure.reshape(-1)[0], -80, 80)))) < SCORE:
            return None
        points = flat.reshape(MESH_POINTS, 3)[:, :2].astype(np.float64)
        back = cv2.invertAffineTransform(turn)
        return np.asarray(points @ back[:, :2].T + back[:, 2], np.float32)


def _tensor(pixels: Pixels, *, low: float) -> Tensor:
    """In place, for every copy on the way would lie in memory as a face; the net overwrites this one."""
    rgb = np.empty((1, *pixels.shape), np.float32)
    rgb[0] = pixels[:, :, ::-1]
    rgb /= 255
    if low:
        rgb *= 2
        rgb -= 1
    return rgb


def _anchors(side: int) -> NDArray[np.float64]:
    rows = []
    for stride, each in GRIDS:
        cells = side // stride
        for y in range(cells):
            for x in range(cells):
                rows += [((x + 0.5) / cells, (y + 0.5) / cells)] * each
    return np.array(rows)


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.prod(np.clip(high - low, 0, None)))
    areas = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]))
    return shared / (areas - shared) if areas > shared else 0.0
