"""Turns an aligned face into numbers: dlib's net from wheels, or an ONNX net of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from liangming.edge import codes
from liangming.edge.face.picture import Box, Found, Pixels
from liangming.edge.face.ports import Vector
from liangming.edge.face.pose import EYES, NOSE
from liangming.edge.models.runtime import Net
from liangming.errors import Misuse

MOUTH: Final = (61, 291)
PLACES: Final = np.array(  # eyes, nose, corners of the mouth in a unit square
    [[0.316, 0.462], [0.683, 0.462], [0.5, 0.641], [0.349, 0.825], [0.653, 0.825]]
)
CROPS: Final = (2.7, 4.0)
LIVE_PLACE: Final = 1  # class that means a live face


class OnnxEmbedder:
    """Aligns by five points, runs one net, gives a unit vector."""

    def __init__(
        self, net: Net, models: tuple[str, ...] = (), *, scale: str = "0-255", rgb: bool = False
    ) -> None:
        self.models = models
        self._net, self._scale, self._rgb = net, scale, rgb
        if len(net.shape) != 4:  # noqa: PLR2004
            raise Misuse(codes.MODEL_WRONG)

    def embed(self, pixels: Pixels, found: Found) -> Vector:
        """A unit vector."""
        side = self._net.shape[-1]
        points = found.points
        five = np.array(
            [
                points[[EYES[0][0], EYES[0][1]]].mean(axis=0),
                points[[EYES[1][0], EYES[1][1]]].mean(axis=0),
                points[NOSE],
                points[MOUTH[0]],
                points[MOUTH[1]],
            ],
            np.float32,
        )
        turn, _ = cv2.estimateAffinePartial2D(five, (PLACES * side).astype(np.float32))
        if turn is None:
            raise Misuse(codes.MODEL_WRONG)
        aligned = cv2.warpAffine(pixels, turn, (side, side))
        vector = self._net.run(planes(aligned, self._scale, rgb=self._rgb))[0].reshape(-1)
        aligned.fill(0)
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise Misuse(codes.MODEL_WRONG)
        return np.asarray(vector / length, np.float32)


class DlibEmbedder:
    """dlib's residual net behind its five-point predictor; compared by distance."""

    def __init__(self, points: Path, net: Path, models: tuple[str, ...] = ()) -> None:
        import dlib

        self.models = models
        self._dlib: Any = dlib
        try:
            self._points: Any = dlib.shape_predictor(str(points))
            self._net: Any = dlib.face_recognition_model_v1(str(net))
        except RuntimeError:
            raise Misuse(codes.MODEL_WRONG) from None

    def embed(self, pixels: Pixels, found: Found) -> Vector:
        """128 numbers."""
        rgb = np.ascontiguousarray(pixels[:, :, ::-1])
        box = found.box
        place = self._dlib.rectangle(int(box.left), int(box.top), int(box.right), int(box.bottom))
        try:
            shape = self._points(rgb, place)
            return np.array(self._net.compute_face_descriptor(rgb, shape), np.float32)
        except RuntimeError:
            raise Misuse(codes.MODEL_WRONG) from None
        finally:
            rgb.fill(0)


class OnnxPassive:
    """The mean of one or two nets, each over its own crop round the face (clamped to the frame)."""

    def __init__(self, nets: tuple[Net, ...], models: tuple[str, ...] = ()) -> None:
        self.models = models
        self._nets = nets

    def live(self, pixels: Pixels, box: Box) -> float:
        """0 … 1."""
        scores = []
        for net, crop in zip(self._nets, CROPS, strict=False):
            side = net.shape[-1]
            cutting = around(pixels, box, crop)
            if not cutting.size:
                raise Misuse(codes.MODEL_WRONG)
            small = cv2.resize(cutting, (side, side))
            logits = net.run(planes(small, "0-255", rgb=False))[0].reshape(-1).astype(np.float64)
            small.fill(0)
            if logits.size <= LIVE_PLACE or not np.isfinite(logits).all():
                raise Misuse(codes.MODEL_WRONG)
            odds = np.exp(logits - logits.max())
            scores.append(float(odds[LIVE_PLACE] / odds.sum()))
        return sum(scores) / len(scores)


def around(pixels: Pixels, box: Box, crop: float) -> Pixels:
    """A view of the frame around a box, as large as asked and as the frame allows."""
    height, width = pixels.shape[:2]
    crop = min(crop, (height - 1) / max(box.height, 1), (width - 1) / max(box.width, 1))
    half_x, half_y = box.width * crop / 2, box.height * crop / 2
    x = min(max(box.middle[0], half_x), width - 1 - half_x)
    y = min(max(box.middle[1], half_y), height - 1 - half_y)
    return pixels[int(y - half_y) : int(y + half_y) + 1, int(x - half_x) : int(x + half_x) + 1]


def planes(pixels: Pixels, scale: str, *, rgb: bool) -> np.ndarray[Any, np.dtype[np.float32]]:
    """1 × 3 × height × width, in the values that a net expects; in place, and the net overwrites it."""
    ordered = pixels[:, :, ::-1] if rgb else pixels
    values = np.empty((1, pixels.shape[2], *pixels.shape[:2]), np.float32)
    values[0] = ordered.transpose(2, 0, 1)
    if scale == "0-1":
        values /= 255
    elif scale == "-1-1":
        values /= 127.5
        values -= 1
    return values
