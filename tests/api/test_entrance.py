"""A flood of new connections waits outside; those inside are served, and all come in in the end."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import sys
import termios
from contextlib import AsyncExitStack, nullcontext
from fcntl import ioctl

import pytest
import uvicorn
from tests.api.test_crowd import answered, known
from tests.api.test_wire import Line, Served, served
from tests.patience import PATIENCE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from liangming.api import entrance
from liangming.api.entrance import AT_ONCE, STEP, Attended, Entrance
from liangming.api.row import Row
from liangming.assembly import Settings
from liangming.cli.serve import listen
from liangming.errors import Misuse

__all__ = ["served"]

INSIDE = 4
HALF = b"POST /v1/checks:whole HTTP/1.1\r\n"
RARELY = 2**-20  # a second; whoever waits for it waits for days


class Kept:
    """A door that remembers, and a loop whose time is ours."""

    def __init__(self) -> None:
        self.now, self.told, self.due = 100.0, [], []

    def shut(self) -> None:
        self.told.append("shut")

    async def open(self) -> None:
        self.told.append("open")

    def look(self, many: int, looked_at: int) -> bool:
        return False

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


async def test_while_somebody_waits_so_many_a_second_come_in_and_more_are_looked_at() -> None:
    looks: list[tuple[int, int]] = []
    way = Entrance(400.0)

    class Row(Kept):
        waiting = 3_000

        def look(self, many: int, looked_at: int) -> bool:
            looks.append((many, looked_at))
            for _ in range(min(many, self.waiting)):
                self.waiting -= 1
                way.came(self)  # type: ignore[arg-type]
            return self.waiting > 0

    kept = Row()
    way.keep(kept)
    while not kept.told:
        way.came(kept)  # type: ignore[arg-type]
    begin = kept.now
    while kept.told[-1] == "shut":
        await kept.until(kept.due[0][0])
    assert kept.told == ["shut", "open"]
    assert kept.now - begin == pytest.approx(3_000 / 400, rel=0.02)
    assert max(many for many, _ in looks) <= 2 * 400 * STEP
    assert {looked_at for _, looked_at in looks} == {400 * STEP * entrance.LOOKED_AT}


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


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell who has gone")
async def test_who_has_gone_is_taken_away_and_who_stands_behind_them_comes_in(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "AT_ONCE", 1 / RARELY)
    few(served, RARELY)
    state = served.server.server_state
    async with served.line() as inside, AsyncExitStack() as stack:
        await known(served, 1)
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", served.port)) as gone:
                gone.sendall(b"POST /v1/checks:whole HTTP/1.1\r\nhost: 127")
                gone.shutdown(socket.SHUT_WR)
                while gone.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 5:  # noqa: ASYNC110
                    await asyncio.sleep(0)  # until the other side's kernel knows
        stay = [await stack.enter_async_context(served.line()) for _ in range(2)]
        for line in stay:
            await line.send(served.call())
        assert served.server.look(1, 10)  # half of those who have gone
        assert served.server.look(1, 64)
        status, _, body = await stay[0].answer()
        assert (status, json.loads(body)["outcome"]) == (201, "passed")
        assert len(state.connections) == 2
        assert not served.server.look(9, 64)
        assert (await stay[1].answer())[0] == 201
        await answered(served, inside)
        assert len(state.connections) == 3


async def outside(served: Served, stack: AsyncExitStack, many: int, said: bytes) -> list[Line]:
    """So many before the shut door who said this, once the kernel has it."""
    lines = []
    for _ in range(many):
        lines.append(await stack.enter_async_context(served.line()))
        await lines[-1].send(said)
        sent = lines[-1].writer.get_extra_info("socket")
        while struct.unpack("i", ioctl(sent, termios.TIOCOUTQ, b"    "))[0]:  # noqa: ASYNC110
            await asyncio.sleep(0)
    return lines


@pytest.fixture
def shut(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A door that shuts behind the first, and is opened by who looks."""
    monkeypatch.setattr(entrance, "AT_ONCE", 1 / RARELY)
    few(served, RARELY)
    return served


async def test_who_asks_something_comes_in_before_those_who_said_half_a_word(shut: Served) -> None:
    async with shut.line() as inside, AsyncExitStack() as stack:
        await known(shut, 1)
        await outside(shut, stack, 20, HALF)
        await outside(shut, stack, 5, b"")
        (polite,) = await outside(shut, stack, 1, shut.call())
        assert shut.server.look(1, 64)
        assert (await polite.answer())[0] == 201
        assert len(shut.server.server_state.connections) == 2
        await answered(shut, inside)


async def test_so_does_who_has_said_the_rest_when_it_would_be_closed(shut: Served) -> None:
    shut.server._row = Row(4)
    call = shut.call()
    cut = call.index(b"\r\n\r\n") + 2
    async with shut.line(), AsyncExitStack() as stack:
        await known(shut, 1)
        (first,) = await outside(shut, stack, 1, HALF)
        (late,) = await outside(shut, stack, 1, call[:cut])
        assert not shut.server._take(shut.server._kept, 64)
        await late.send(call[cut:])
        await outside(shut, stack, 4, HALF)
        assert shut.server.look(1, 64)
        assert (await late.answer())[0] == 201
        assert await first.ended()
        assert len(shut.server._row) == 3


async def test_those_before_the_door_are_bounded_and_the_one_that_stood_there_longest_goes(
    shut: Served,
) -> None:
    shut.server._row = Row(4)
    async with shut.line(), AsyncExitStack() as stack:
        await known(shut, 1)
        first = await outside(shut, stack, 3, HALF)
        polite = await outside(shut, stack, 1, shut.call())
        rest = await outside(shut, stack, 3, HALF)
        assert shut.server.look(1, 64)
        assert (await polite[0].answer())[0] == 201
        assert len(shut.server._row) == 3
        for line in first:
            assert await line.ended()
        while shut.server.look(1, 64):  # noqa: ASYNC110  (it is asked again and again)
            await asyncio.sleep(0)
        await known(shut, 5)
        call = shut.call()
        for line in rest:  # they were not let go, and are in
            await line.send(call[len(HALF) :])
            assert (await line.answer())[0] == 201


async def test_of_those_who_ask_no_more_are_taken_than_come_in_soon(shut: Served) -> None:
    shut.server._row = Row(8)
    async with shut.line(), AsyncExitStack() as stack:
        await known(shut, 1)
        lines = await outside(shut, stack, 12, shut.call())
        for n, line in enumerate(lines):
            more = shut.server.look(1, 64)
            assert more == (n < 11)
            assert len(shut.server._row) <= 4
            assert (await line.answer())[0] == 201  # in the order in which they came


async def test_a_server_that_ends_lets_go_who_waits_before_the_door(shut: Served) -> None:
    async with shut.line() as inside, AsyncExitStack() as stack:
        await known(shut, 1)
        waiting = await outside(shut, stack, 5, HALF)
        assert shut.server.look(1, 64)
        shut.server.should_exit = True
        for line in [inside, *waiting]:
            assert await line.ended()


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
        listening = listen("127.0.0.1", 0)
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110  (the server offers no event to wait for)
            await asyncio.sleep(0.01)
        async with asyncio.timeout(PATIENCE):
            told = await asyncio.gather(*(one(listening.getsockname()[1]) for _ in range(40)))
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
