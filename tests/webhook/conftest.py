"""A world with a log of events, subscriptions, and a receiver on loopback that says what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest_asyncio
from tests.api.conftest import Door, made

from liangming.check.ports import Store
from liangming.docket import Records
from liangming.storage import open_docket
from liangming.storage.outbox import outbox_of
from liangming.webhook import Courier, Hook, Name, Networks, Outbox, subscribe
from liangming.webhook.hooks import Held
from liangming.webhook.post import HttpPost


@dataclass
class Receiver:
    """Keeps what came; answers with the next of ``answers``, 204 when there is none."""

    port: int = 0
    answers: list[bytes] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    here: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def say(self, *statuses: int, head: str = "") -> None:
        self.answers += [
            f"HTTP/1.1 {s} X\r\n{head}content-length: 0\r\n\r\n".encode() for s in statuses
        ]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = [line.split(": ", 1) for line in head.splitlines()[1:] if line]
            headers = {name.lower(): value for name, value in lines}
            body = await reader.readexactly(int(headers["content-length"]))
            self.came.append((headers, body))
            self.here.set()
            if self.hold is not None:
                await self.hold.wait()
            writer.write(self.answers.pop(0) if self.answers else b"HTTP/1.1 204 OK\r\n\r\n")
            with suppress(ConnectionError):
                await writer.drain()
        finally:
            writer.close()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    here = Receiver()
    server = await asyncio.start_server(here.serve, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    yield here
    server.close()
    if here.hold is not None:
        here.hold.set()
    await server.wait_closed()


@dataclass
class House:
    """A door with subscriptions behind it."""

    door: Door
    networks: Networks

    @property
    def store(self) -> Store:
        return self.door.world.premises.store

    @property
    def docket(self) -> Records:
        return open_docket(self.store)

    @property
    def outbox(self) -> Outbox:
        return outbox_of(self.store)

    async def hook(
        self, url: str, *events: Name, by: str = "wang-01", **more: object
    ) -> tuple[Held, str]:
        hook = Hook(url=url, events=events or (Name.CONCLUDED,), by=by, **more)
        return await subscribe(
            self.door.world.premises,
            self.docket,
            self.outbox,
            hook,
            networks=self.networks,
            operator="demo",
        )

    def courier(self, **more: object) -> Courier:
        post = HttpPost(self.networks, **more)
        return Courier(self.door.world.premises, self.docket, self.outbox, post)

    async def posted(self, courier: Courier | None = None) -> None:
        """Look at the log and post what is due, to the end."""
        carrying = courier or self.courier()
        await carrying.look()
        await carrying.idle()

    async def passed(self) -> str:
        answer = await self.door.http.post("/v1/checks:whole", json=self.door.whole())
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with made(tmp_path) as door:
        yield House(door, Networks(loopback=True))
