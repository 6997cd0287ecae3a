"""Run a station's pages on loopback. Nothing simulated is in it: a picture comes from the clerk."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from liangming.clock import SystemClock
from liangming.edge.agent.enrolment import Enrolment, enrolled
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory
from liangming.edge.agent.run import LOOPBACK, PORT_TAKEN, ROUND
from liangming.edge.station.apart import Apart
from liangming.edge.station.desk import Counter, Desk
from liangming.edge.station.server import StationDoor
from liangming.errors import LiangmingError, Misuse


def serve_station(
    folder: Path,
    port: int,
    *,
    say: Callable[[str], None],
    allow_test_region: bool = False,
    passphrase: str = "",
) -> None:
    """Serve until stopped; without reading models the clerk types.

    Raises:
        Misuse: not enrolled, port taken, a model file altered.
    """
    about = enrolled(folder, passphrase)
    pictures = Apart(folder / "models")
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((LOOPBACK, port))
        except OSError:
            raise Misuse(PORT_TAKEN, field="--port") from None
        real = bound.getsockname()[1]
        memory = Memory(folder / "device.sqlite3")
        desk = Desk(
            counter=Counter(about),
            memory=memory,
            journal=Journal(memory, about.device, about.key),
            clock=SystemClock(),
            pictures=pictures,
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
            asyncio.run(_serve(uvicorn.Server(config), bound, desk, about))
        finally:
            desk.close()


async def _serve(
    server: uvicorn.Server, bound: socket.socket, desk: Desk, about: Enrolment
) -> None:
    rounds = asyncio.create_task(_rounds(desk, about))
    try:
        await server.serve(sockets=[bound])
    finally:
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds


async def _rounds(desk: Desk, about: Enrolment) -> None:
    """Send what was written down; a centre that is down is asked again later."""
    while True:
        with contextlib.suppress(LiangmingError):
            await asyncio.to_thread(desk.report, about)
        await asyncio.sleep(ROUND)
