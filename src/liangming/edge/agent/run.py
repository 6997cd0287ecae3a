"""Run one machine: pages on loopback, and a quiet round with the centre every few seconds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn

from liangming.clock import SystemClock
from liangming.edge.agent.cells import SimulatedDoor
from liangming.edge.agent.enrolment import enrolled
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.server import Door
from liangming.edge.agent.simulated import SimulatedParts
from liangming.errors import Kind, LiangmingError, Misuse, declare

PORT_TAKEN: Final = declare(
    "edge.port-taken",
    Kind.OUT_OF_ORDER,
    zh="这个端口正被别的程序使用，请换一个。",
    en="Another program uses this port; please choose another one.",
)
LOOPBACK: Final = "127.0.0.1"
ROUND: Final = 10.0
_log = logging.getLogger("liangming.edge")


def serve(folder: Path, port: int, *, say: Callable[[str], None]) -> None:
    """Serve until stopped.

    The simulated parts look by themselves: real models do not follow the movements of drawn heads.

    Raises:
        Misuse: not enrolled, port taken.
    """
    about = enrolled(folder)
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((LOOPBACK, port))
        except OSError:
            raise Misuse(PORT_TAKEN, field="--port") from None
        real = bound.getsockname()[1]
        machine = Machine(
            folder,
            about,
            clock=SystemClock(),
            door=SimulatedDoor(),
            guard=Guard(real),
            parts=SimulatedParts(),
        )
        _log.warning("simulated lock, camera and reader: nothing here proves anything")
        say(f"http://{LOOPBACK}:{real}/")
        try:
            asyncio.run(_serve(machine, bound))
        finally:
            machine.close()


async def _serve(machine: Machine, bound: socket.socket) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            Door(machine).app(), log_level="warning", access_log=False, server_header=False
        )
    )
    rounds = asyncio.create_task(_rounds(machine))
    try:
        await server.serve(sockets=[bound])
    finally:
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds


async def _rounds(machine: Machine) -> None:
    """Do the centre's commands, send what happened; a centre that is down is asked again later."""
    while True:
        if machine.centre.known:
            with contextlib.suppress(LiangmingError):
                await asyncio.to_thread(machine.obey)
            with contextlib.suppress(LiangmingError):
                await asyncio.to_thread(machine.report)
        await asyncio.sleep(ROUND)
