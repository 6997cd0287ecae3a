"""A centre in a process of its own, a locker enrolled with it, and a screen of 1080×1920."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.e2e.server import House, Server

from liangming.clock import SystemClock
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent.cells import SimulatedDoor
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.joining import begun, joined
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.agent.till import SimulatedTill
from liangming.method import pickup

# One thread for the arithmetic: many small matrices, a busy machine.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

SCENE = "yangli-locker-send"
STAFF = "13572468"


@dataclass
class Centre:
    """A running centre and the device that it admitted."""

    house: House
    server: Server
    enrolment: enrolling.Enrolment
    managers: dict[str, str]  # API keys that may manage devices, by operator

    def invite(self, name: str = "locker", scene: str = SCENE, kind: str = "locker") -> str:
        """A one-time code, issued beside the running server."""
        words = ("--scene", scene, "--kind", kind, "--centre", self.server.url)
        done = self.house.run("device", "invite", name, *words)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def enrolled(self, folder: Path, scene: str = SCENE, kind: str = "locker", **more: Any):
        """A device that came in with a code of its own."""
        return enrolled(folder, self.invite(scene=scene, kind=kind), **more)

    def ask(
        self, method: str, path: str, body: object = None, operator: str = "yangli-station"
    ) -> httpx.Response:
        """The centre's door for whoever manages devices."""
        headers = {"Authorization": f"Bearer {self.managers[operator]}"}
        url = f"{self.server.url}{path}"
        return httpx.request(method, url, headers=headers, json=body, trust_env=False)

    def machine(self, folder: Path, parts: SimulatedParts | None, port: int = 8700, **more: Any):
        """The enrolled locker, with these parts."""
        about = msgspec.structs.replace(more.pop("about", self.enrolment), **more)
        return Machine(
            folder,
            about,
            clock=SystemClock(),
            door=SimulatedDoor(),
            guard=Guard(port),
            parts=parts,
            till=SimulatedTill(),
        )


def enrolled(folder: Path, code: str, **more: Any) -> enrolling.Enrolment:
    """A device that came in with a code."""
    about = msgspec.structs.replace(enrolling.fresh("new", "new", "locker"), **more)
    about = begun(folder, about, code)
    staff = pickup.digest(bytes.fromhex(about.secret), "staff", STAFF).hex()
    about = msgspec.structs.replace(about, staff=staff)
    return joined(folder, about, code, models=SimulatedParts.models, camera=SimulatedParts.camera)


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with running(tmp_path_factory.mktemp("centre")) as it:
        yield it


@contextmanager
def running(folder: Path) -> Iterator[Centre]:
    """A centre in a folder, with one locker admitted."""
    for name in ("house", "device"):
        (folder / name).mkdir()
    house = House(folder / "house")
    operators = ("yangli-station", "yangpin-vending")
    managers = {who: house.key("devices:manage", "codes:write", operator=who) for who in operators}
    with house.start() as server:
        made = Centre(house, server, enrolling.fresh("new", "new", "locker"), managers)
        made.enrolment = made.enrolled(folder / "device")
        yield made
        server.stop()
