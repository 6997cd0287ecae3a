"""A centre in a process of its own, a locker enrolled with it, and a screen of 1080×1920."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.e2e.server import House, Server

from liangming.clock import SystemClock
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent.cells import SimulatedDoor
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.simulated import SimulatedParts
from liangming.ledger.device import key_text
from liangming.method import pickup
from liangming.providers.enrolled import EnrolledDevices

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
    devices: EnrolledDevices

    def machine(self, folder: Path, parts: SimulatedParts | None, port: int = 8700, **more: Any):
        """The enrolled locker, with these parts."""
        about = msgspec.structs.replace(self.enrolment, **more)
        return Machine(
            folder,
            about,
            clock=SystemClock(),
            door=SimulatedDoor(),
            guard=Guard(port),
            parts=parts,
        )


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    house = House(tmp_path_factory.mktemp("centre"))
    scopes = ("checks:write", "checks:read", "scenes:read", "devices", "device-events")
    key = house.key(*scopes, operator="yangli-station")
    about = enrolling.fresh("dev-1", SCENE, "locker")
    devices = EnrolledDevices(house.data / "devices.json")
    told = enrolling.read_line(about.line)
    assert told is not None
    devices.admit(told.device, told.scene, told.public)
    words = ("locker", "--scene", SCENE, "--key", key_text(about.key.public_key()))
    done = house.run("ledger", "device-add", *words)
    assert done.returncode == 0, done.stderr.decode()
    about = msgspec.structs.replace(about, journal=done.stdout.decode().split()[-1])
    with house.start() as server:
        staff = pickup.digest(bytes.fromhex(about.secret), "staff", STAFF).hex()
        about = msgspec.structs.replace(about, centre=server.url, api_key=key, staff=staff)
        yield Centre(house, server, about, devices)
        server.stop()
