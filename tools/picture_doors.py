"""The running houses that pictures are taken of: the demo, the pages of staff, a machine's own screen."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from liangming.assembly import Settings, evidence, premises
from liangming.check.integrate import Integrator
from liangming.check.premises import Record
from liangming.clock import SystemClock
from liangming.method import Sources
from liangming.providers import (
    SimulatedAgreementSource,
    SimulatedCredentialSource,
    SimulatedEntitlementSource,
)
from liangming.web import build_web

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests know how to start staff accounts and machines


def _listening(app: Any) -> tuple[uvicorn.Server, socket.socket]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_level="error", ws="none")
    return uvicorn.Server(config), listener


@contextmanager
def demo() -> Iterator[str]:
    """The demo on a free port, with its log, in a folder that goes away: its address."""
    port: list[int] = []
    ready, stop = threading.Event(), threading.Event()

    async def run() -> None:
        async with AsyncExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            settings = Settings(
                data=folder,
                database=f"sqlite:///{folder / 'pictures.sqlite3'}",
                keys=folder / "keys.json",
                scenes=(ROOT / "examples" / "scenes",),
                production=False,
            )
            sources = Sources(
                credential=SimulatedCredentialSource(),
                entitlement=SimulatedEntitlementSource(),
                agreement=SimulatedAgreementSource(),
            )
            opened = await stack.enter_async_context(
                premises(settings, sources=sources, allow_test_region=True)
            )
            record = stack.enter_context(evidence(settings, opened))
            house = replace(opened, record=Record(record.tiles, record.trust))
            carrier = Integrator(house.store, record.log, SystemClock(), tiles=record.tiles)
            server, listener = _listening(build_web(house, demo=True))
            port.append(listener.getsockname()[1])
            serving = asyncio.create_task(server._serve(sockets=[listener]))  # noqa: SLF001  (no signals in a thread)
            ready.set()
            while not stop.is_set():
                while await carrier.round():
                    pass
                await asyncio.sleep(0.1)
            server.should_exit = True
            await serving

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        if not ready.wait(60):
            raise SystemExit("the demo did not start")
        yield f"http://127.0.0.1:{port[0]}"
    finally:
        stop.set()
        thread.join()


@contextmanager
def staff() -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Staff accounts: the address, and links of invitation by role."""
    from tests.staff.conftest import OPERATOR, pool, started

    roles = ("administrator", "officer", "clerk", "inspector", "manager")
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as server:
        made = pool(server.environment, [f"{role}:{OPERATOR}" for role in roles])
        links: dict[str, list[str]] = {}
        for role, _, _, link in made:
            links.setdefault(role, []).append(link)
        yield server.base, links


@contextmanager
def console() -> Iterator[dict[str, Any]]:
    """Staff pages over a house with figures: its address, a session of each role, mandates."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.staff.console.house", folder, "30"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            assert process.stdout is not None  # noqa: S101  (a pipe was asked for)
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def machine() -> Iterator[str]:
    """A locker's own screen, with simulated parts and a centre: its address."""
    from tests.edge.conftest import STAFF, running

    from liangming.edge.agent.server import Door
    from liangming.edge.agent.simulated import SimulatedParts

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "centre").mkdir()
        (place / "machine").mkdir()
        with running(place / "centre") as centre, socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
            free.close()
            locker = centre.machine(place / "machine", SimulatedParts(), port=port)
            locker.deposit(STAFF, "P-1")
            config = uvicorn.Config(
                Door(locker).app(), port=port, lifespan="off", log_level="error", ws="none"
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
            thread.start()
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                server.should_exit = True
                thread.join()
                locker.close()
