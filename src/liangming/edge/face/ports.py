"""What the look needs from the outside: a camera, a screen, models, a reference.

Stand-ins are named ``Simulated…`` or live in ``edge.synthetic`` and confess.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.picture import Box, Found, Pixels

Vector = NDArray[np.float32]


class Camera(Protocol):
    """One camera. ``read`` returns None when it has nothing within a second; never blocks longer.

    Foreign errors are wrapped: only ``edge.camera-lost`` leaves.
    """

    simulated: bool

    def identity(self) -> CameraIdentity:
        """Who it is, before it opens."""
        ...

    def open(self) -> None:
        """Open it; the sign must be lit before."""
        ...

    def read(self) -> tuple[Pixels, float] | None:
        """A frame and its moment on the steady clock; the caller owns and overwrites the pixels."""
        ...

    def close(self) -> None:
        """Shut it; harmless when shut."""
        ...


class Screen(Protocol):
    """The screen beside the camera."""

    def sign(self, *, lit: bool) -> None:
        """The visible sign that the camera is open."""
        ...

    def ask(self, action: str) -> None:
        """Ask for one action in words and a drawing."""
        ...

    def flash(self, colour: tuple[int, int, int] | None) -> float | None:
        """Fill the screen with a colour.

        Returns:
            When it was drawn, on the camera's clock; None where this screen cannot (layer not run).
        """
        ...


class Finder(Protocol):
    """Finds faces and their mesh."""

    models: tuple[str, ...]  # name@sha256 of the files behind it

    def find(self, pixels: Pixels) -> tuple[Found, ...]:
        """Every face in the frame, largest first."""
        ...


class Embedder(Protocol):
    """Turns one aligned face into numbers that only :mod:`match` reads."""

    models: tuple[str, ...]

    def embed(self, pixels: Pixels, found: Found) -> Vector:
        """A unit vector."""
        ...


class Passive(Protocol):
    """A trained detector of presentation attacks on single frames."""

    models: tuple[str, ...]

    def live(self, pixels: Pixels, box: Box) -> float:
        """0 attack … 1 live; never leaves the device."""
        ...
