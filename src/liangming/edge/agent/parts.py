"""A machine whose camera and models are real, while its lock and card reader are still simulated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from liangming.edge.agent.screen import PageScreen
from liangming.edge.agent.simulated import NAME, NUMBER, SEED
from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.look import Tools
from liangming.edge.face.ports import Camera
from liangming.edge.models.engine import Engine
from liangming.edge.reader.simulated import SimulatedReader
from liangming.errors import LiangmingError


class CameraParts:
    """Implements Parts.

    ``simulated`` stays true: a made-up card lies in the reader, so a face never matches it; a
    template that its person asked for is compared with the real thing.

    Args:
        camera: makes the port anew for each look.
        expected: what the camera was bound by.
        lag: of this machine's own light, in seconds; None: it was never measured.
    """

    simulated = True

    def __init__(
        self,
        engine: Engine,
        camera: Callable[[], Camera],
        expected: CameraIdentity,
        lag: float | None = None,
    ) -> None:
        self._lag = lag
        self._engine, self._camera, self._expected = engine, camera, expected
        self.backend, self.models = engine.backend, engine.models
        self.camera = f"{expected.driver} {expected.vendor}:{expected.product}"

    def there(self) -> tuple[bool, bool]:
        """Whether the bound camera is plugged in; the simulated reader always is."""
        try:
            return self._camera().identity() == self._expected, True
        except LiangmingError:
            return False, True

    def tools(self, screen: PageScreen, least: int) -> Tools:
        """The bound camera, the page's screen, the models of the shelf."""
        engine = self._engine
        return Tools(
            camera=self._camera(),
            expected=self._expected,
            screen=screen,
            finder=engine.finder,
            embedder=engine.embedder,
            threshold=engine.threshold,
            passive=engine.passive,
            least=least,
            lag=self._lag,
        )

    def reader(self) -> SimulatedReader:
        """A card of nobody."""
        return SimulatedReader(NUMBER, NAME, SEED)


def parts_of(
    engine: Engine, path: Path, expected: CameraIdentity, lag: float | None = None
) -> CameraParts:
    """Through V4L2."""
    from liangming.edge.camera.v4l2 import V4l2Camera

    return CameraParts(engine, lambda: V4l2Camera(path), expected, lag)
