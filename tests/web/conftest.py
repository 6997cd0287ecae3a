"""The pages on a real server, a real store, the real corpus and the example scenes."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.chromium import launched
from tests.patience import PATIENCE

from liangming import access as keys
from liangming.assembly import Settings, evidence, premises
from liangming.check import Device, Premises
from liangming.check.devices import KnownDevices
from liangming.check.integrate import Integrator
from liangming.check.premises import Record
from liangming.check.receipt import code_of
from liangming.clock import SetClock
from liangming.method import Sources
from liangming.providers import (
    SimulatedAgreementSource,
    SimulatedCredentialSource,
    SimulatedEntitlementSource,
)
from liangming.web import build_web

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "scenes"
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """Two doors to one house: the demo, and the pages as operators run them."""

    demo: str
    plain: str
    key: str  # of a client with the scope desk
    weak_key: str  # of one without
    house: Premises
    carrier: Integrator
    clock: SetClock
    loop: asyncio.AbstractEventLoop
    faced: Premises  # the demo's, with devices whose key the tests hold
    device_key: Ed25519PrivateKey

    def receipt(self, check: str) -> str:
        """The address of a check's receipt."""
        return f"/r/{code_of(self.house.keys.token, check)}"

    def carry(self) -> None:
        """Everything committed enters the log."""
        while self.run(self.carrier.round()):
            pass

    def run(self, coroutine: Any) -> Any:
        """Run a use case on the server's own loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("web")
    box: dict[str, Any] = {}
    ready = threading.Event()
    clock = SetClock(NOON)

    async def serve() -> None:
        settings = Settings(
            data=folder,
            database=f"sqlite:///{folder / 'web.sqlite3'}",
            keys=folder / "keys.json",
            scenes=(EXAMPLES,),
            production=False,
        )
        sources = Sources(
            credential=SimulatedCredentialSource(),
            entitlement=SimulatedEntitlementSource(),
            agreement=SimulatedAgreementSource(),
        )
        async with AsyncExitStack() as stack:
            opened = await stack.enter_async_context(
                premises(settings, sources=sources, clock=clock, allow_test_region=True)
            )
            record = stack.enter_context(evidence(settings, opened))
            house = replace(opened, record=Record(record.tiles, record.trust))
            made = [
                await keys.create(house, operator="shili-express", name="desk", scopes=[scope])
                for scope in ("desk", "checks:read")
            ]
            device_key = Ed25519PrivateKey.generate()
            known = {
                f"dev-{scene.id}": Device(f"dev-{scene.id}", scene.id, device_key.public_key())
                for scene in house.scenes.values()
                if scene.face is not None
            }
            faced = replace(house, devices=KnownDevices(known, house.devices))
            servers, ports, sockets = [], [], []
            for demo in (True, False):
                config = uvicorn.Config(
                    build_web(faced if demo else house, demo=demo),
                    lifespan="off",
                    log_level="error",
                    ws="none",
                )
                listener = socket.socket()
                listener.bind(("127.0.0.1", 0))
                ports.append(listener.getsockname()[1])
                sockets.append(listener)
                servers.append(uvicorn.Server(config))
            box["site"] = Site(
                demo=f"http://127.0.0.1:{ports[0]}",
                plain=f"http://127.0.0.1:{ports[1]}",
                key=made[0],
                weak_key=made[1],
                house=house,
                carrier=Integrator(house.store, record.log, clock, tiles=record.tiles),
                clock=clock,
                loop=asyncio.get_running_loop(),
                faced=faced,
                device_key=device_key,
            )
            box["servers"] = servers
            tasks = [
                asyncio.create_task(server._serve(sockets=[listener]))
                for server, listener in zip(servers, sockets, strict=True)
            ]
            while not all(server.started for server in servers):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            ready.set()
            await asyncio.gather(*tasks)

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:  # noqa: BLE001  (told to the waiting test)
            box["error"] = error
            ready.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the server did not start"
    if "error" in box:
        raise box["error"]
    yield box["site"]
    for server in box["servers"]:
        server.should_exit = True
    thread.join(PATIENCE)


@pytest.fixture
def http(site: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.demo, headers={"Accept-Language": "zh-CN"}) as client:
        yield client


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One Chromium for this folder."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def visitor(browser: Any, site: Site) -> Iterator[Any]:
    """A fresh phone in Chinese, without script: what a sender has."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        base_url=site.demo,
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def clerk(browser: Any, site: Site) -> Iterator[Any]:
    """A desk with a keyboard."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="zh-CN", base_url=site.demo
    )
    yield context.new_page()
    context.close()
