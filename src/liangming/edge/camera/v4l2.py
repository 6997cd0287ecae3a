"""One V4L2 camera through OpenCV: opened late, asked who it is before and after, shut for good."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

# OpenCV waits ten seconds for a camera that has stopped, unless told so before its first capture.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1")

import cv2

from liangming.edge import codes
from liangming.edge.camera.identity import identity_of
from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.picture import Pixels
from liangming.errors import Misuse, Outage

WIDTH, HEIGHT = 640, 480  # for a face
PAGE: Final = (1920, 1080)  # for a document; a camera that cannot gives what it has
LARGEST: Final = 4096  # of a side: a driver that says more is not a camera
_CHANNELS: Final = 3


def capture(path: Path, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Any:
    """OpenCV's own V4L2 reader; nothing of it is kept after ``release``."""
    wish = [cv2.CAP_PROP_FRAME_WIDTH, size[0], cv2.CAP_PROP_FRAME_HEIGHT, size[1]]
    return cv2.VideoCapture(str(path), cv2.CAP_V4L2, [*wish, cv2.CAP_PROP_BUFFERSIZE, 1])


class V4l2Camera:
    """Implements Camera.

    Args:
        path: ``/dev/v4l/by-id/…`` keeps its name when other cameras come and go.
        expected: the identity it was bound by.
        capture: opens the device for frames.
        identify: asks the system who it is.
    """

    simulated = False

    def __init__(
        self,
        path: Path,
        *,
        capture: Callable[[Path], Any] = capture,
        identify: Callable[[Path], CameraIdentity] = identity_of,
    ) -> None:
        self._path, self._capture, self._identify = path, capture, identify
        self._open: Any = None
        self._who: CameraIdentity | None = None

    def identity(self) -> CameraIdentity:
        """Who it is, asked anew.

        Raises:
            Outage: ``edge.camera-lost``: gone, or no camera that could be bound.
        """
        try:
            self._who = self._identify(self._path)
        except Misuse:
            raise Outage(codes.CAMERA_LOST) from None
        return self._who

    def open(self) -> None:
        """Open it, and ask once more: another may have been plugged in since.

        Raises:
            Outage: ``edge.camera-lost``.
        """
        before = self._who
        try:
            self._open = self._capture(self._path)
            fine = bool(self._open.isOpened())
        except cv2.error:
            fine = False
        if not fine or before is None or self.identity() != before:
            self.close()
            raise Outage(codes.CAMERA_LOST)

    def read(self) -> tuple[Pixels, float] | None:
        """A frame, or None after a second without one.

        Raises:
            Outage: ``edge.camera-lost``: not open.
        """
        if self._open is None:
            raise Outage(codes.CAMERA_LOST)
        try:
            came, pixels = self._open.read()
        except cv2.error:
            return None
        if not came or pixels is None or not _fits(pixels):
            return None
        return pixels, time.monotonic()

    def close(self) -> None:
        """Shut it."""
        opened, self._open = self._open, None
        if opened is not None:
            opened.release()


def _fits(pixels: Pixels) -> bool:
    """Three channels of bytes, of a size that a camera has."""
    return (
        pixels.ndim == _CHANNELS
        and pixels.shape[2] == _CHANNELS
        and pixels.dtype.name == "uint8"
        and min(pixels.shape[:2]) > 0
        and max(pixels.shape[:2]) <= LARGEST
    )
