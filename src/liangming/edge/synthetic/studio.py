"""A camera, a screen and a finder round one actor: the whole look without hardware or weights.

Confesses: ``simulated`` is True, the finder is told where the points are (plus the noise of a
mesh model), and the embedder is told who it is. What is really looked at is everything else:
pixels by the gates, the rectangle, the repeated frames, the flash; points by the motion layers.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.picture import Box, Found, Pixels
from liangming.edge.face.ports import Vector
from liangming.edge.synthetic.actors import Shows, live, seen
from liangming.edge.synthetic.draw import Light, Thing, background, draw
from liangming.edge.synthetic.head import Head, Mood, held
from liangming.edge.synthetic.species import Species

PERIOD: Final = 1 / 15
EXPOSED: Final = (0.015, 0.06)  # seconds a frame is exposed, by the light of the room
DRAWING: Final = (0.005, 0.03)  # from asking for a colour to seeing it on the glass
JITTER: Final = 0.008  # by which the page's word about it is early or late
DELAY: Final = 0.04  # from the end of an exposure to the frame's moment, the same for every frame
LAG: Final = 0.032  # of this machine's own light, as eight people (seeds 5000 to 5007) showed it
NOISE: Final = 0.35  # pixels of a mesh point
IDENTITY: Final = CameraIdentity(
    vendor="Simulated", product="Lens", serial="S-1", driver="uvcvideo", bus="usb-1"
)
VIRTUAL: Final = CameraIdentity(
    vendor="Simulated", product="Player", serial="S-1", driver="v4l2loopback", bus="platform"
)


class SimulatedStudio:
    """Implements Camera, Screen, Finder and Embedder for one actor.

    Args:
        shows: what stands before the lens.
        head: whose face that is, for the embedder.
        feed: ``lens``, or what stands in the camera's place.
        can_flash: whether this screen can light a face.
    """

    simulated = True
    models: tuple[str, ...] = ("simulated@0",)

    def __init__(
        self,
        shows: Shows,
        head: Head,
        rng: np.random.Generator,
        *,
        feed: str = "lens",
        can_flash: bool = True,
        furniture: bool = False,
        dim: float = 1.0,
    ) -> None:
        self._shows, self._head, self._rng = shows, head, rng
        self._feed, self._can_flash, self._dim = feed, can_flash, dim
        self._room = background(rng, furniture=furniture)
        self._at = 0.0
        self._asked = ""
        own = np.random.default_rng(head.identity[:2].view(np.uint32))  # of the light alone
        self._light, self._exposed = own, float(own.uniform(*EXPOSED))
        self._lights: list[tuple[float, tuple[int, int, int] | None]] = [(0.0, None)]  # since when
        self._thing: Thing | None = None
        self._kept: list[tuple[Pixels, Thing]] = []
        self._count = 0
        self._who: dict[bytes, Head] = {}
        self.card: Head | None = None  # whose photo is looked at before the camera opens
        self.is_open = self.lit = False
        self.opened_unlit = False

    # camera
    def identity(self) -> CameraIdentity:
        """Who the bus says it is."""
        return VIRTUAL if self._feed == "virtual" else IDENTITY

    def open(self) -> None:
        """Open."""
        self.opened_unlit = self.opened_unlit or not self.lit
        self.is_open = True

    def close(self) -> None:
        """Shut."""
        self.is_open = False

    def read(self) -> tuple[Pixels, float] | None:
        """The next frame."""
        self._at += PERIOD
        self._count += 1
        again = self._repeated()
        if again is not None:
            pixels, self._thing = again
            return pixels.copy(), self._at
        self._thing = self._shows(self._at, self._asked)
        lit = None if self._feed == "virtual" else self._fallen(self._thing.late)
        pixels = draw(self._room, self._thing, self._rng, flash=lit, dim=self._dim)
        if self._feed in {"still", "loop", "stutter"}:
            self._kept.append((pixels.copy(), self._thing))
        return pixels, self._at

    def _fallen(self, late: float) -> Light | None:
        """The light that fell in while this frame was exposed, as it was so many seconds before."""
        end = self._at - DELAY - late
        start, fallen = end - self._exposed, np.zeros(3, np.float32)
        until = end
        for since, colour in reversed(self._lights):
            if colour is not None:
                share = max(0.0, until - max(since, start)) / self._exposed
                fallen += np.array(colour, np.float32) * np.float32(share)
            until = min(until, max(since, start))
            if since <= start:
                break
        return fallen if fallen.any() else None

    def _repeated(self) -> tuple[Pixels, Thing] | None:
        if self._feed == "still" and self._kept:
            return self._kept[0]
        if self._feed == "loop" and len(self._kept) >= 30:  # noqa: PLR2004
            return self._kept[self._count % 30]
        if self._feed == "stutter" and self._kept and self._count % 20 > 14:  # noqa: PLR2004
            return self._kept[-1]
        return None

    # screen
    def sign(self, *, lit: bool) -> None:
        """The sign."""
        self.lit = lit

    def ask(self, action: str) -> None:
        """What is asked."""
        self._asked = action

    def flash(self, colour: tuple[int, int, int] | None) -> float | None:
        """Light, a little after it is asked for; what the page says of it is a little wrong."""
        if not self._can_flash:
            return None
        drawn = self._at + float(self._light.uniform(*DRAWING))
        self._lights.append((drawn, colour))
        return drawn + float(self._light.uniform(-JITTER, JITTER))

    # finder
    def find(self, pixels: Pixels) -> tuple[Found, ...]:  # noqa: ARG002  (told, not seen)
        """Where the face is."""
        thing = self._thing
        if thing is None and self.card is not None:
            thing = Thing(head=self.card, points=seen(held(self.card, Mood())))
        if thing is None or thing.points is None:
            return ()
        points = thing.points + self._rng.normal(0, NOISE, thing.points.shape)
        exact = points.astype(np.float32)
        self._who[exact[:4].tobytes()] = thing.head
        low, high = exact.min(axis=0), exact.max(axis=0)
        return (Found(Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])), exact),)

    # embedder
    def embed(self, pixels: Pixels, found: Found) -> Vector:  # noqa: ARG002  (told, not seen)
        """Who it is, with the noise of a good model."""
        return embedding(self._who.get(found.points[:4].tobytes(), self._head), self._rng)


def embedding(head: Head, rng: np.random.Generator) -> Vector:
    """A noisy unit vector of one made-up person."""
    noisy = head.identity + rng.normal(0, 0.035, head.identity.shape)
    return np.asarray(noisy / np.linalg.norm(noisy), np.float32)


def studio_of(
    species: Species | None, head: Head, rng: np.random.Generator, **how: object
) -> SimulatedStudio:
    """A studio with an attack of a species, or with a person."""
    shows = (species.make if species is not None else live)(head, rng)
    feed = species.feed if species is not None else "lens"
    return SimulatedStudio(shows, head, rng, feed=feed, **how)  # type: ignore[arg-type]
