"""What reading needs from the outside."""

from __future__ import annotations

from typing import Protocol

from liangming.edge.face.picture import Pixels
from liangming.edge.reading.decode import Chances
from liangming.edge.reading.lines import Place


class Reader(Protocol):
    """Finds lines of print and says what may stand in them; holds no picture between calls.

    Raises:
        Misuse: ``edge.model-wrong`` where its models answer in another form.
    """

    @property
    def signs(self) -> tuple[str, ...]:
        """What it can tell apart, in the order of its chances."""
        ...

    def find(self, pixels: Pixels, longest: int = 736) -> tuple[Place, ...]:
        """Lines of print, from top to bottom."""
        ...

    def read(self, pixels: Pixels, place: Place, *, upside_down: bool = False) -> Chances:
        """Chances of each sign at each step along one line, blank first."""
        ...
