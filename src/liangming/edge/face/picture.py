"""Frames, points and the room they cannot leave alive."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from liangming.edge import codes
from liangming.edge.face.order import Watching
from liangming.errors import Misuse

Pixels = NDArray[np.uint8]  # height × width × 3, blue-green-red
Grey = NDArray[np.uint8]  # height × width
Points = NDArray[np.float32]  # n × 2, in pixels
Matrix = NDArray[np.float64]

MESH_POINTS: Final = 468


@dataclass(frozen=True, slots=True)
class Box:
    """A face's place in a frame, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Found:
    """One face in a frame: where, and its 468 points in the order of the common face mesh."""

    box: Box
    points: Points


@dataclass(slots=True, repr=False)
class Frame:
    """One picture. Its repr says nothing about what it shows."""

    pixels: Pixels
    at: float  # seconds on the device's steady clock
    number: int

    def __repr__(self) -> str:
        return f"<Frame {self.number}>"


class FrameRoom:
    """The only place where frames are; leaving it, by whatever path, overwrites all of them.

    ``kept`` counts frames that were admitted and are not destroyed yet: 0 after the room closed.
    Not covered: copies inside the camera driver and the models' own buffers, which the next frame
    overwrites and the end of the process returns.
    """

    def __init__(self, watching: Watching) -> None:
        if not isinstance(watching, Watching):
            raise Misuse(codes.CAMERA_SHUT)
        self._frames: list[Frame] = []
        self._open = False
        self.taken = 0

    def __enter__(self) -> Self:
        self._open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open = False
        while self._frames:
            self.destroy(self._frames[-1])

    def admit(self, pixels: Pixels, at: float) -> Frame:
        """Take a frame in; from here on the room answers for it.

        Raises:
            Misuse: the room is closed (``edge.camera-shut``); the frame is overwritten first.
        """
        if not self._open:
            _overwrite(pixels)
            raise Misuse(codes.CAMERA_SHUT)
        self.taken += 1
        frame = Frame(pixels, at, self.taken)
        self._frames.append(frame)
        return frame

    def destroy(self, frame: Frame) -> None:
        """Overwrite a frame and let it go."""
        _overwrite(frame.pixels)
        frame.pixels = np.zeros((0, 0, 3), np.uint8)
        self._frames = [held for held in self._frames if held is not frame]

    @property
    def kept(self) -> int:
        """Frames not destroyed yet."""
        return len(self._frames)


def _overwrite(pixels: Pixels) -> None:
    """Zero the bytes; a camera that hands out read-only memory is made to give it up."""
    if not pixels.flags.writeable:
        pixels.setflags(write=True)
    pixels.fill(0)
