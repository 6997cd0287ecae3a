"""Layer 0: the camera that was enrolled, on its own bus, and not a film in its place."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np

from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.picture import Pixels

VIRTUAL: Final = ("v4l2loopback", "vivid", "vimc", "obs", "virtual", "dummy", "akvcam")
BLACK: Final = 8  # mean brightness of a covered lens
EVEN: Final = 3.0  # deviation of a picture that shows nothing
STILL: Final = 4  # equal frames in a row: a sensor's noise never repeats itself


def bound(expected: CameraIdentity, found: CameraIdentity) -> bool:
    """Whether this is the enrolled camera and no software that plays one."""
    told = f"{found.driver} {found.product} {found.vendor} {found.bus}".lower()
    return expected == found and bool(found.serial) and not any(v in told for v in VIRTUAL)


def covered(pixels: Pixels) -> bool:
    """Black, or the same everywhere: a hand, a sticker, a broken sensor."""
    small = pixels[::8, ::8]
    return float(small.mean()) < BLACK or float(small.std()) < EVEN


def fingerprint(pixels: Pixels) -> bytes:
    """Eight bytes that two frames share only if they are equal bit for bit."""
    return hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=8).digest()


class Sequence:
    """Finds frames that repeat: standing still, or playing round."""

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}
        self._last = b""
        self._run = 1
        self._again = 0

    def frozen(self, mark: bytes) -> bool:
        """Take the next frame's fingerprint; True once the sequence repeats itself."""
        self._run = self._run + 1 if mark == self._last else 1
        self._again += mark in self._seen and mark != self._last
        self._last = mark
        self._seen[mark] = self._seen.get(mark, 0) + 1
        return self._run >= STILL or self._again >= STILL
