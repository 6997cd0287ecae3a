"""A reader with a made-up card in it; its photo is drawn, not decoded."""

from __future__ import annotations

import logging
from typing import Final, Protocol

import numpy as np

from liangming.edge.face.picture import Pixels
from liangming.edge.reader.frames import PHOTO, UNREADABLE, CardRead, answer_of, card_of
from liangming.edge.synthetic.actors import seen
from liangming.edge.synthetic.draw import Thing, background, draw
from liangming.edge.synthetic.head import Head, Mood, head_of, held
from liangming.errors import Outage

MAGIC: Final = b"SIMULATED HEAD "
_log = logging.getLogger("liangming.edge")


class Reader(Protocol):
    """A certified card reader. The vendor's driver is *not written and untested here*."""

    simulated: bool

    def read(self) -> CardRead:
        """The card that lies on it.

        Raises:
            Outage: ``edge.card-unreadable``.
        """
        ...

    def picture(self, photo: bytes) -> Pixels:
        """The photo, decoded by the vendor's own code."""
        ...


class SimulatedReader:
    """One card of nobody: region 99, which is not allocated."""

    simulated = True

    def __init__(self, number: str, name: str, seed: int, *, until: str = "长期") -> None:
        photo = (MAGIC + str(seed).encode()).ljust(PHOTO, b" ")
        self.frame: bytes = answer_of(CardRead(name, number, until, photo))

    def read(self) -> CardRead:
        """Through the real frames."""
        _log.warning("SimulatedReader: a made-up card, no real document was read")
        return card_of(self.frame)

    def picture(self, photo: bytes) -> Pixels:
        """Draw the head that the photo names."""
        if not photo.startswith(MAGIC):
            raise Outage(UNREADABLE)
        rng = np.random.default_rng(int(photo[len(MAGIC) :].strip()))
        head = head_of(rng)
        points = seen(held(head, Mood()))
        return draw(background(rng, furniture=False), Thing(head=head, points=points), rng)


def head_named(seed: int) -> Head:
    """The person whose card that is."""
    return head_of(np.random.default_rng(seed))
