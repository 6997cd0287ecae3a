"""The machine's screen while the camera is open: what the page shows, and when it really showed it."""

from __future__ import annotations

import threading
import time
from typing import Final

import msgspec

WAIT: Final = 2.0  # seconds for the page to show a colour before the flash counts as impossible


class Shown(msgspec.Struct, frozen=True):
    """What the page shall show now."""

    number: int
    lit: bool
    ask: str
    colour: tuple[int, int, int] | None  # red, green, blue


class PageScreen:
    """Implements Screen; the page polls :meth:`now` and says back what it has drawn."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._shown = Shown(0, False, "", None)
        self._drawn, self._drawn_at = 0, 0.0

    def now(self, drawn: int) -> Shown:
        """What to show; ``drawn`` is the number of what the page shows already."""
        with self._change:
            if drawn > self._drawn:
                self._drawn, self._drawn_at = drawn, time.monotonic()
            self._change.notify_all()
            return self._shown

    def sign(self, *, lit: bool) -> None:
        """The sign that the camera is open."""
        self._show(lit=lit, ask="", colour=None)

    def ask(self, action: str) -> None:
        """The action asked."""
        if action != self._shown.ask:
            self._show(ask=action)

    def flash(self, colour: tuple[int, int, int] | None) -> float | None:
        """Fill the screen; the moment at which the page said that it did."""
        number = self._show(colour=None if colour is None else (colour[2], colour[1], colour[0]))
        if colour is None:
            return time.monotonic()
        with self._change:
            if not self._change.wait_for(lambda: self._drawn >= number, WAIT):
                return None
            return self._drawn_at

    def _show(self, **change: object) -> int:
        with self._change:
            number = self._shown.number + 1
            self._shown = msgspec.structs.replace(self._shown, number=number, **change)
            return number
