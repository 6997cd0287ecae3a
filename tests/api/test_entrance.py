"""A flood of new connections waits outside; those inside are served, and all come in in the end."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, nullcontext

import pytest
import uvicorn
from tests.api.test_crowd import answered, known
from tests.api.test_wire import Served, served
from tests.patience import PATIENCE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from liangming.api import entrance
from liangming.api.entrance import AT_ONCE, STEP, Attended, Entrance
from liangming.assembly import Settings
from liangming.cli.serve import listen
from liangming.errors import Misuse

__all__ = ["served"]

INSIDE = 4
RARELY = 2**-20  # a second; whoever waits for it waits for days


class Kept:
    """A door that remembers, and a loop whose time is ours."""

    def __init__(self) -> None:
        self.now, self.told, self.due = 100.0, [], []

    def shut(self) -> None:
        self.told.append("shut")

    async def open(self) -> None:
        self.told.append("open")

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, deed, *of) -> None:
        self.due.append((self.now + seconds, deed, of))

    def create_task(self, deed):
        return asyncio.get_running_loop().create_task(deed)

    async def until(self, moment: float) -> None:
        for at, deed, of in self.due[:]:
            if at <= moment:
                self.now = at
                self.due.clear()
                deed(*of)
                await asyncio.sleep(0)
        self.now = moment


@pytest.mark.parametrize("rate", [20.0, 400.0])
async def test_so_many_at_once_then_so_many_a_second(rate: float) -> None:
    kept, way = Kept(), Entrance(rate)
    way.keep(kept)
    came, begin = 0, kept.now
    while kept.now < begin + 10:
        while kept.told[-1:] != ["shut"]:
            way.came(kept)  # type: ignore[arg-type]
            came += 1
        await kept.until(kept.due[0][0])
    bound = rate * (AT_ONCE + 10 + STEP) + 2
    assert bound * 0.98 - 2 <= came <= bound
    assert kept.told.count("shut") <= 10 / STEP + 1
    await kept.until(kept.now + 60)  # nobody comes: as many at once as before, and no more
    came = 0
    while kept.told[-1:] != ["shut"]:
        way.came(kept)  # type: ignore[arg-type]
        came += 1
    assert came == pytest.approx(rate * AT_ONCE, abs=1)


async def test_a_loop_that_takes_in_a_whole_row_pays_in_time() -> None:
    kept, way = Kept(), Entrance(100.0)
    way.keep(kept)
    for _ in range(2_000):
        way.came(kept)  # type: ignore[arg-type]
    assert kept.told == ["shut"]
    await kept.until(kept.due[0][0])
    way.came(kept)  # type: ignore[arg-type]
    assert kept.told == ["shut", "open", "shut"]
    debt = 2_001 - 100 * AT_ONCE
    assert kept.due[0][0] - 100.0 == pytest.approx((debt + 1) / 100)


def test_without_a_rate_the_door_stays_open() -> None:
    kept, way = Kept(), Entrance(None)
    way.keep(kept)
    for _ in range(5_000):
        way.came(kept)  # type: ignore[arg-type]
    assert kept.told == []


def few(served: Served, rate: float) -> None:
    """So few may be inside that the next one waits."""
    way = Entrance(rate)
    way.keep(served.server)
    served.server.config.http_protocol_class.entrance = way  # type: ignore[union-attr]


async def test_who_waits_outside_is_answered_once_the_door_opens_and_who_is_inside_meanwhile(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "AT_ONCE", INSIDE / RARELY)
    few(served, RARELY)
    async with AsyncExitStack() as stack:
        inside = []
        for n in range(INSIDE):
            inside.append(await stack.enter_async_context(served.line()))
            await known(served, n + 1)
        outside = [await stack.enter_async_context(served.line()) for _ in range(20)]
        for line in outside:
            await line.send(served.call())
        for line in inside:
            await answered(served, line)
        assert len(served.server.server_state.connections) == INSIDE
        served.server.config.http_protocol_class.entrance = Entrance()  # type: ignore[union-attr]
        await served.server.open()
        for line in outside:
            status, _, body = await line.answer()
            assert (status, json.loads(body)["outcome"]) == (201, "passed")
        for line in inside:
            await answered(served, line)


async def test_a_server_that_ends_while_the_door_is_shut_ends_and_listens_no_more(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "AT_ONCE", 1 / RARELY)
    few(served, RARELY)
    async with served.line() as inside:
        await known(served, 1)
        await answered(served, inside)
        server = served.server
        server.should_exit = True
        await server.open()  # (a timer that rings now)
        assert await inside.ended()
    async with asyncio.timeout(PATIENCE):
        while True:  # until the port is free
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", served.port)
            except ConnectionRefusedError:
                break
            writer.close()


@pytest.mark.parametrize("which", ["asyncio", "uvloop"])
def test_the_door_shuts_and_opens_by_itself_on_each_loop(
    which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops = pytest.importorskip(which)
    monkeypatch.setattr(entrance, "AT_ONCE", 0.02)
    way, opened = Entrance(200.0), []

    class Counted(HttpToolsProtocol):
        def connection_made(self, transport) -> None:
            super().connection_made(transport)
            way.came(self.loop)

    class Watched(Attended):
        async def open(self) -> None:
            opened.append(len(self.server_state.connections))
            await super().open()

    async def app(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def one(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        told = await reader.readline()
        writer.close()
        return told

    async def run() -> list[bytes]:
        config = uvicorn.Config(app, http=Counted, lifespan="off", log_level="critical")
        server = Watched(config)
        server.capture_signals = nullcontext  # type: ignore[method-assign]
        way.keep(server)
        socket = listen("127.0.0.1", 0)
        serving = asyncio.create_task(server.serve([socket]))
        while not server.started:  # noqa: ASYNC110  (the server offers no event to wait for)
            await asyncio.sleep(0.01)
        async with asyncio.timeout(PATIENCE):
            told = await asyncio.gather(*(one(socket.getsockname()[1]) for _ in range(40)))
        server.should_exit = True
        await serving
        return told

    told = loops.run(run())
    assert told == [b"HTTP/1.1 204 No Content\r\n"] * 40
    assert opened


def test_the_setting_is_a_number_or_off() -> None:
    def read(value: str) -> int | None:
        return Settings.read({"LIANGMING_NEWCOMERS": value}).newcomers

    assert (read(""), read("1"), read("off")) == (400, 1, None)
    for wrong in ("0", "-1", "many", "1.5", "100001"):
        with pytest.raises(Misuse, match="LIANGMING_NEWCOMERS"):
            read(wrong)
