"""A machine without hardware: drawn heads before a drawn camera, a made-up card in the reader."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from liangming.edge.agent.screen import PageScreen
from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.look import Tools
from liangming.edge.face.picture import Pixels
from liangming.edge.face.threshold import Threshold
from liangming.edge.models.engine import Engine
from liangming.edge.reader.simulated import SimulatedReader, head_named
from liangming.edge.synthetic.species import BY_NAME
from liangming.edge.synthetic.studio import IDENTITY, LAG, PERIOD, SimulatedStudio, studio_of

NUMBER: Final = "990101199003071237"  # region 99 is not allocated: nobody's number
NAME: Final = "演示甲"
SEED: Final = 7


class SimulatedParts:
    """Implements Parts.

    Its finder and embedder are told what they should see, unless an engine is given: then the real
    models look at the drawn frames.

    Args:
        attack: a species that stands before the lens instead of the card's holder.
        other: somebody else's card.
        pace: wait between frames as a camera does, or a part of that; 0: do not wait, and draw no page.
    """

    simulated = True
    backend = "simulated"
    models: tuple[str, ...] = SimulatedStudio.models
    camera = "simulated"

    def __init__(
        self,
        *,
        engine: Engine | None = None,
        attack: str = "",
        other: bool = False,
        pace: float = 1.0,
    ) -> None:
        self._engine, self._attack, self._other, self._pace = engine, attack, other, pace
        self.person = SEED  # who stands before the lens
        if engine is not None:
            self.backend = engine.backend
            self.models = engine.models

    def there(self) -> tuple[bool, bool]:
        """Always."""
        return True, True

    def tools(self, screen: PageScreen, least: int) -> Tools:
        """A fresh studio."""
        rng = np.random.default_rng(3)
        head = head_named(self.person)
        species = BY_NAME[self._attack] if self._attack else None
        studio = studio_of(species, head, rng)
        studio.card = head_named(SEED + self._other)
        camera = Paced(studio, PERIOD * self._pace) if self._pace else studio
        engine = self._engine
        return Tools(
            camera=camera,
            expected=IDENTITY,
            screen=Mirrored(studio, screen) if self._pace else studio,
            finder=engine.finder if engine else studio,
            embedder=engine.embedder if engine else studio,
            threshold=engine.threshold if engine else Threshold(metric="cosine", at=0.6),
            passive=engine.passive if engine else None,
            least=least,
            lag=LAG,
        )

    def reader(self) -> SimulatedReader:
        """The card of the person before the lens, or somebody else's."""
        return SimulatedReader(NUMBER, NAME, SEED + self._other)


class Paced:
    """A studio's camera that takes its time."""

    simulated = True

    def __init__(self, studio: SimulatedStudio, period: float) -> None:
        self._studio, self._period = studio, period

    def identity(self) -> CameraIdentity:
        """The studio's."""
        return self._studio.identity()

    def open(self) -> None:
        """Open."""
        self._studio.open()

    def close(self) -> None:
        """Shut."""
        self._studio.close()

    def read(self) -> tuple[Pixels, float] | None:
        """The next frame, when it is due."""
        time.sleep(self._period)
        return self._studio.read()


class Mirrored:
    """The page's screen and the studio's light together."""

    def __init__(self, studio: SimulatedStudio, screen: PageScreen) -> None:
        self._studio, self._screen = studio, screen

    def sign(self, *, lit: bool) -> None:
        """Both."""
        self._studio.sign(lit=lit)
        self._screen.sign(lit=lit)

    def ask(self, action: str) -> None:
        """Both."""
        self._studio.ask(action)
        self._screen.ask(action)

    def flash(self, colour: tuple[int, int, int] | None) -> float | None:
        """Both; the studio's moment, and only if the page really showed it."""
        drawn = self._studio.flash(colour)
        return drawn if self._screen.flash(colour) is not None else None
