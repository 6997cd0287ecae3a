"""The running houses that pictures are taken of: the demo, the pages of staff, machines, a station."""

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

import msgspec
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
def staff() -> Iterator[dict[str, Any]]:
    """Staff accounts: the address, and by role links of invitation and a sign-in name."""
    from tests.staff.conftest import OPERATOR, pool, started

    roles = ("administrator", "clerk", "inspector", "manager", "integrator")
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as server:
        made = pool(server.environment, [f"{role}:{OPERATOR}" for role in roles])
        yield {
            "base": server.base,
            "links": {role: [link] for role, _, _, link in made},
            "names": {role: name for role, _, name, _ in made},
        }


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
    from tests.edge.conftest import STAFF

    with tempfile.TemporaryDirectory() as folder, _screen(Path(folder)) as (base, locker):
        locker.deposit(STAFF, "P-1")
        yield base


@contextmanager
def vending() -> Iterator[str]:
    """A vending machine's own screen, which may remember a face: its address."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _screen(Path(folder), "yangpin-campus", "vending", remember_days=30) as (base, _),
    ):
        yield base


@contextmanager
def kiosk() -> Iterator[str]:
    """A kiosk's own screen beside a counter: its address."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _screen(Path(folder), "shili-counter", "kiosk") as (base, box),
    ):
        box.sending.learn()
        yield base


@contextmanager
def _screen(place: Path, scene: str = "", kind: str = "", **more: Any) -> Iterator[tuple[str, Any]]:
    from tests.edge.conftest import running

    from liangming.edge.agent.server import Door
    from liangming.edge.agent.simulated import SimulatedParts

    for name in ("centre", "machine", "joined"):
        (place / name).mkdir()
    with running(place / "centre") as centre, _free() as (listener, port):
        about = (
            centre.enrolled(place / "joined", scene, kind, **more) if scene else centre.enrolment
        )
        box = centre.machine(place / "machine", SimulatedParts(), port=port, about=about)
        with _serving(Door(box).app(), listener):
            yield f"http://127.0.0.1:{port}", box
        box.close()


@contextmanager
def station() -> Iterator[dict[str, Any]]:
    """A station's own pages, its centre, and a picture of a card that is always read the same way."""
    from tests.e2e.server import House
    from tests.edge.printed import Told, front
    from tests.edge.test_image import encoded, noise
    from tests.edge.test_reading import holder

    from liangming.edge.agent import enrolment
    from liangming.edge.agent.guard import Guard
    from liangming.edge.agent.journal import Journal
    from liangming.edge.agent.memory import Memory
    from liangming.edge.station.apart import Here
    from liangming.edge.station.desk import Counter, Desk
    from liangming.edge.station.server import StationDoor

    with tempfile.TemporaryDirectory() as folder, _free() as (listener, port):
        place, one = Path(folder), holder()
        card = place / "card.jpg"
        card.write_bytes(bytes(encoded(noise())))
        (place / "counter").mkdir()
        house = House(place / "counter")
        about = enrolment.fresh("station-1", "shili-counter", "locker")
        key = house.key("checks:write", "checks:read", "desk")
        with house.start() as server:
            about = msgspec.structs.replace(about, centre=server.url, api_key=key)
            memory = Memory(place / "device.sqlite3")
            desk = Desk(
                counter=Counter(about),
                memory=memory,
                journal=Journal(memory, about.device, about.key),
                clock=SystemClock(),
                pictures=Here(Told(front(one), {one.name: {1: ("试", 0.5)}})),
                allow_test_region=True,
            )
            with _serving(StationDoor(desk, Guard(port)).app(), listener):
                yield {"base": f"http://127.0.0.1:{port}", "card": str(card)}
            desk.close()
            server.stop()


@contextmanager
def _free() -> Iterator[tuple[socket.socket, int]]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield listener, listener.getsockname()[1]


@contextmanager
def _serving(app: Any, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, lifespan="off", log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
