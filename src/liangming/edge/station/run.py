"""Run a station's pages on loopback. Nothing simulated is in it: a picture comes from the clerk."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvicorn

from liangming.clock import SystemClock
from liangming.edge.agent.counter import Counted
from liangming.edge.agent.counter import Counter as Frames
from liangming.edge.agent.enrolment import Enrolment, enrolled
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.loopback import LOOPBACK, PORT_TAKEN, ROUND
from liangming.edge.agent.memory import Memory
from liangming.edge.station.apart import Apart
from liangming.edge.station.desk import Counter, Desk
from liangming.edge.station.scan import Scanner
from liangming.edge.station.server import StationDoor
from liangming.errors import LiangmingError, Misuse

if TYPE_CHECKING:
    from liangming.edge.station.take import Lens

_TRIM, _MMAP = -1, -3  # of mallopt
_LARGE: Final = 1 << 20


def serve_station(
    folder: Path,
    port: int,
    *,
    say: Callable[[str], None],
    allow_test_region: bool = False,
    passphrase: str = "",
    scanner: str = "",
) -> None:
    """Serve until stopped; without reading models the clerk types, without a bound camera one uploads.

    Args:
        scanner: its name, as ``scanimage -L`` tells it.

    Raises:
        Misuse: not enrolled, port taken, a model file altered, no such scanner can be.
    """
    _give_back_early()
    about = enrolled(folder, passphrase)
    glass = Scanner(scanner) if scanner else None
    pictures = Apart(folder / "models")
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((LOOPBACK, port))
            bound.listen()  # whoever reads the address below may come at once
        except OSError:
            raise Misuse(PORT_TAKEN, field="--port") from None
        real = bound.getsockname()[1]
        memory = Memory(folder / "device.sqlite3")
        journal = Journal(memory, about.device, about.key)
        frames = Frames(memory, journal, SystemClock())
        desk = Desk(
            counter=Counter(about),
            memory=memory,
            journal=journal,
            clock=SystemClock(),
            pictures=pictures,
            lens=_lens(about, frames),
            scanner=glass,
            allow_test_region=allow_test_region,
        )
        say(f"http://{LOOPBACK}:{real}/")
        config = uvicorn.Config(
            StationDoor(desk, Guard(real)).app(),
            log_level="warning",
            access_log=False,
            server_header=False,
        )
        try:
            asyncio.run(_serve(uvicorn.Server(config), bound, desk, about, frames))
        finally:
            desk.close()


def _give_back_early() -> None:
    """A picture's bytes go back to the system when they are let go; glibc only, harmless elsewhere."""
    with contextlib.suppress(AttributeError, OSError):
        own = ctypes.CDLL(None)
        own.mallopt(_TRIM, _LARGE)
        own.mallopt(_MMAP, _LARGE)


async def _serve(
    server: uvicorn.Server, bound: socket.socket, desk: Desk, about: Enrolment, frames: Frames
) -> None:
    rounds = asyncio.create_task(_rounds(desk, about, frames))
    try:
        await server.serve(sockets=[bound])
    finally:
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds


def _lens(about: Enrolment, frames: Frames) -> Lens | None:
    """The bound camera, every frame of it counted; None where none is bound."""
    if about.camera is None:
        return None
    from liangming.edge.camera.v4l2 import PAGE, V4l2Camera, capture
    from liangming.edge.station.take import BoundLens

    camera = V4l2Camera(Path(about.camera_path), capture=lambda path: capture(path, PAGE))
    return BoundLens(Counted(camera, frames), about.camera)


async def _rounds(desk: Desk, about: Enrolment, frames: Frames) -> None:
    """Send what was written down; a centre that is down is asked again later."""
    while True:
        if about.camera is not None:
            with contextlib.suppress(LiangmingError):
                await asyncio.to_thread(frames.say)
        with contextlib.suppress(LiangmingError):
            await asyncio.to_thread(desk.report, about)
        await asyncio.sleep(ROUND)
