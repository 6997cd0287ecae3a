"""Layer 5: one head from first to last frame, without a cut."""

from __future__ import annotations

from typing import Final

from liangming.edge.face.picture import Box

JUMP: Final = 0.55  # of the face's width, between frames
GROWTH: Final = 1.45
PAUSE: Final = 0.7  # seconds without a face


class Track:
    """Follows one box."""

    def __init__(self) -> None:
        self._last: tuple[Box, float] | None = None
        self.cut = False

    def follow(self, box: Box, at: float) -> None:
        """The next frame with a face in it."""
        if self._last is not None:
            before, when = self._last
            size = max(box.width / before.width, before.width / box.width)
            moved = max(
                abs(box.middle[0] - before.middle[0]), abs(box.middle[1] - before.middle[1])
            )
            if at - when > PAUSE or size > GROWTH or moved > JUMP * before.width:
                self.cut = True
        self._last = box, at
