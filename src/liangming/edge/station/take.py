"""A document before the station's own camera: one picture, taken when the clerk asks, nothing before or after.

1 the bound camera and no other · 2 a few frames until the light has settled · 3 the sharpest is pressed in
memory · 4 every frame is overwritten and the camera shut, whatever came of it
"""

from __future__ import annotations

from typing import Final, Protocol

import cv2
import numpy as np

from liangming.edge import codes
from liangming.edge.face import binding
from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.picture import Pixels
from liangming.edge.face.ports import Camera
from liangming.edge.reading import codes as reading
from liangming.errors import Misuse, Outage

SETTLING: Final = 6  # frames that a webcam's exposure takes
FRAMES: Final = 6
MISSES: Final = 5
QUALITY: Final = 95


class Lens(Protocol):
    """A camera that a station may open when its clerk asks."""

    def take(self) -> bytearray:
        """One picture as JPEG; the caller overwrites it.

        Raises:
            Outage: ``edge.camera-lost``: another camera than the bound one, busy, unplugged, standing still.
            Misuse: ``edge.picture-dark``: the lens is covered.
        """
        ...


class BoundLens:
    """Implements Lens.

    Args:
        camera: shut between two pictures.
        expected: what it was bound by.
    """

    def __init__(self, camera: Camera, expected: CameraIdentity) -> None:
        self._camera, self._expected = camera, expected

    def take(self) -> bytearray:
        """One picture."""
        if not binding.bound(self._expected, self._camera.identity()):  # 1
            raise Outage(codes.CAMERA_LOST)
        best: Pixels | None = None
        try:
            self._camera.open()
            best = self._sharpest()  # 2
            if best is None:
                raise Misuse(reading.DARK)
            return _pressed(best)  # 3
        finally:
            self._camera.close()  # 4
            if best is not None:
                best.fill(0)

    def _sharpest(self) -> Pixels | None:
        best: Pixels | None = None
        most = -1.0
        misses, seen = 0, 0
        sequence = binding.Sequence()
        while seen < SETTLING + FRAMES:
            read = self._camera.read()
            if read is None:
                misses += 1
                if misses < MISSES:
                    continue
                self._lost(best)
            else:
                seen += 1
                pixels = read[0]
                dark, sharp = binding.covered(pixels), -1.0
                if not dark and sequence.frozen(binding.fingerprint(pixels)):
                    pixels.fill(0)
                    self._lost(best)
                if seen > SETTLING and not dark:
                    sharp = float(cv2.Laplacian(pixels, cv2.CV_16S).std())
                if sharp > most:
                    pixels, best, most = best if best is not None else pixels[:0], pixels, sharp
                pixels.fill(0)
        return best

    def _lost(self, best: Pixels | None) -> None:
        if best is not None:
            best.fill(0)
        raise Outage(codes.CAMERA_LOST)


def _pressed(pixels: Pixels) -> bytearray:
    try:
        made, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    except cv2.error:
        made, data = False, np.zeros(0, np.uint8)
    if not made:
        raise Outage(codes.CAMERA_LOST)
    picture = bytearray(data)
    data.fill(0)
    return picture
