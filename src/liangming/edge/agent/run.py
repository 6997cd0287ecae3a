"""Run one machine: pages on loopback, and a quiet round with the centre every few seconds."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
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
from liangming.edge.agent.loopback import LOOPBACK, PORT_TAKEN, ROUND
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.parts import parts_of
from liangming.edge.agent.server import Door
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.agent.till import SimulatedTill
from liangming.edge.agent.visit import Parts
from liangming.edge.models.engine import Engine
from liangming.errors import LiangmingError, Misuse

HOURLY: Final = 360  # rounds between two questions about the scene's ways
_log = logging.getLogger("liangming.edge")


def serve(
    folder: Path,
    port: int,
    *,
    say: Callable[[str], None],
    passphrase: str = "",
    engine: Engine | None = None,
    attack: str = "",
    lag: float | None = None,
) -> None:
    """Serve until stopped.

    The simulated parts look by themselves: real models do not follow the movements of drawn heads.

    Args:
        folder: where everything of this machine lies.
        port: on loopback.
        say: told the address.
        passphrase: of the key's file, if it has one.
        attack: a species that stands before the simulated lens.
        engine: models for the bound camera; without them the camera is simulated.
        lag: seconds in which the bound camera sees this screen's own light.

    Raises:
        Misuse: not enrolled, port taken, wrong passphrase.
    """
    about = enrolled(folder, passphrase)
    parts: Parts = SimulatedParts(attack=attack)
    if engine is not None and about.camera is not None:
        parts = parts_of(engine, Path(about.camera_path), about.camera, lag)
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((LOOPBACK, port))
            bound.listen()  # whoever reads the address below may come at once
        except OSError:
            raise Misuse(PORT_TAKEN, field="--port") from None
        real = bound.getsockname()[1]
        machine = Machine(
            folder,
            about,
            clock=SystemClock(),
            door=SimulatedDoor(),
            guard=Guard(real),
            parts=parts,
            till=SimulatedTill(),
        )
        _log.warning("simulated lock, till, camera and reader: nothing here proves anything")
        with contextlib.suppress(LiangmingError):  # a centre that is down hears of it later
            machine.attest(passphrase)
        say(f"http://{LOOPBACK}:{real}/")
        try:
            asyncio.run(_serve(machine, bound, passphrase))
        finally:
            machine.close()


async def _serve(machine: Machine, bound: socket.socket, passphrase: str) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            Door(machine).app(), log_level="warning", access_log=False, server_header=False
        )
    )
    rounds = asyncio.create_task(_rounds(machine, passphrase))
    try:
        await server.serve(sockets=[bound])
    finally:
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds


async def _rounds(machine: Machine, passphrase: str) -> None:
    """Do the centre's commands, send what happened; a centre that is down is asked again later."""
    learns = 0
    for number in itertools.count():
        for deed in (machine.sweep, machine.sales.sweep, machine.say_health, machine.counter.say):
            with contextlib.suppress(LiangmingError):
                await asyncio.to_thread(deed)
        if machine.centre.known:
            with contextlib.suppress(LiangmingError):
                await asyncio.to_thread(machine.attest, passphrase)
            if number >= learns:
                with contextlib.suppress(LiangmingError):
                    await asyncio.to_thread(machine.sending.learn)
                    learns = number + HOURLY
            with contextlib.suppress(LiangmingError):
                await asyncio.to_thread(machine.obey)
            with contextlib.suppress(LiangmingError):
                await asyncio.to_thread(machine.report)
        await asyncio.sleep(ROUND)
