"""The short way from a socket and the general way give one client the same answers."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from termios import TIOCOUTQ

import pytest
import pytest_asyncio
import uvicorn
from tests.api.conftest import Door, made
from tests.patience import PATIENCE

from liangming.api import Settings
from liangming.api.app import Api
from liangming.api.entrance import Attended
from liangming.api.turns import Turns
from liangming.api.wire import _Wire, wire
from liangming.cli.serve import UNSENT, listen


@dataclass
class Line:
    """One connection, spoken to in bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")[:-2]
            headers = dict(line.split(": ", 1) for line in lines)
            body = await self.reader.readexactly(int(headers["content-length"]))
        return int(first.split()[1]), headers, body

    async def ended(self) -> bool:
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionError):
                return await self.reader.read() == b""
        return True


@dataclass
class Served:
    door: Door
    port: int
    ways: list[str]  # how each answered call went
    server: Attended

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Line(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def call(self, body: bytes | None = None, *more: str, path: str = "/v1/checks:whole") -> bytes:
        raw = json.dumps(self.door.whole()).encode() if body is None else body
        head = [
            f"POST {path} HTTP/1.1",
            "host: door",
            f"authorization: Bearer {self.door.key}",
            "content-type: application/json",
            f"content-length: {len(raw)}",
            *more,
        ]
        return "\r\n".join([*head, "", ""]).encode() + raw


@pytest_asyncio.fixture
async def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Served]:
    seconds = getattr(request, "param", 60.0)  # a body may take
    ways: list[str] = []
    direct, general, take = Api.direct, Api.__call__, Turns.take

    async def short(self, path, call):
        ways.append("short")
        return await direct(self, path, call)

    def joined(self, asked, loop, tasks):
        ways.append("joined")
        take(self, asked, loop, tasks)

    async def long(self, scope, receive, send):
        ways.append("general")
        await general(self, scope, receive, send)

    monkeypatch.setattr(Api, "direct", short)
    monkeypatch.setattr(Turns, "take", joined)
    monkeypatch.setattr(Api, "__call__", long)
    async with made(
        tmp_path, Settings(body_seconds=seconds, body_bytes=100_000, rate=None)
    ) as door:
        config = uvicorn.Config(
            door.api,
            http=wire(door.api),
            lifespan="off",
            access_log=False,
            log_level="critical",
            timeout_graceful_shutdown=5,
        )
        server = Attended(config)
        server.capture_signals = nullcontext  # type: ignore[method-assign]
        socket = listen("127.0.0.1", 0)
        serving = asyncio.create_task(server.serve([socket]))
        while not server.started:  # noqa: ASYNC110  (the server offers no event to wait for)
            await asyncio.sleep(0.01)
        yield Served(door, socket.getsockname()[1], ways, server)
        server.should_exit = True
        await serving


async def test_a_call_in_one_piece_goes_the_short_way_and_its_headers_are_the_usual_ones(
    served: Served,
) -> None:
    async with served.line() as line:
        await line.send(served.call())
        short = await line.answer()
        raw = served.call()
        await line.send(raw[:-40])
        await asyncio.sleep(0)  # the rest is a write of its own
        await line.send(raw[-40:])
        await line.answer()
        await line.send(served.call(path="/v1/checks:whole?x=1"))
        general = await line.answer()
    assert served.ways[0] == "joined"
    assert served.ways[-1] == "general"
    assert (short[0], general[0]) == (201, 201)
    assert short[1].keys() == general[1].keys()
    same = short[1].keys() - {"location", "date", "content-length", "request-id"}
    assert {name: short[1][name] for name in same} == {name: general[1][name] for name in same}
    assert json.loads(short[2]).keys() == json.loads(general[2]).keys()


async def test_a_body_in_pieces_is_one_call_whatever_the_pieces(served: Served) -> None:
    raw = served.call()
    async with served.line() as line:
        for cut in (1, 30, raw.index(b"\r\n\r\n") + 2, raw.index(b"\r\n\r\n") + 4, len(raw) - 1):
            await line.send(raw[:cut])
            await asyncio.sleep(0.05)
            await line.send(raw[cut:])
            assert (await line.answer())[0] == 201
        chunked = served.call().replace(
            b"content-length", b"transfer-encoding: chunked\r\nx-length"
        )
        head, _, body = chunked.partition(b"\r\n\r\n")
        for piece in (len(body), 7):
            parts = [body[n : n + piece] for n in range(0, len(body), piece)]
            await line.send(head + b"\r\n\r\n")
            for part in parts:
                await line.send(b"%x\r\n%b\r\n" % (len(part), part))
            await line.send(b"0\r\n\r\n")
            assert (await line.answer())[0] == 201
    assert (await served.door.world.premises.store.counts())["checks"] == 7


async def test_calls_behind_one_another_are_answered_in_order(served: Served) -> None:
    calls = [
        served.call(),
        served.call(b"{"),
        served.call(path="/v1/checks:whole?x=1"),
        served.call(b"[]"),
        b"GET /healthz HTTP/1.1\r\nhost: door\r\n\r\n",
        served.call(),
    ]
    async with served.line() as line:
        await line.send(b"".join(calls))
        assert [(await line.answer())[0] for _ in calls] == [201, 400, 201, 422, 200, 201]
    assert served.ways[0] == "joined"


async def test_a_call_in_pieces_behind_others_waits_for_them(served: Served) -> None:
    calls = [served.call(b"[]"), served.call(), served.call(b"{")]
    last = served.call(None, "accept-language: en")
    async with served.line() as line:
        await line.send(b"".join(calls) + last[:-30])
        assert [(await line.answer())[0] for _ in calls] == [422, 201, 400]
        await line.send(last[-30:])
        status, headers, _ = await line.answer()
        assert (status, headers["content-language"]) == (201, "en")
        await line.send(b"".join(calls) + b"GET /healthz HTTP/1.1\r\nhost: door\r\n\r\n" + calls[1])
        assert [(await line.answer())[0] for _ in range(5)] == [422, 201, 400, 200, 201]
    assert (await served.door.world.premises.store.counts())["checks"] == 4


async def test_errors_have_their_usual_shape_and_close_where_they_must(served: Served) -> None:
    async with served.line() as line:
        await line.send(served.call(b"\xff\xfe"))
        status, headers, body = await line.answer()
        assert (status, headers["content-type"]) == (400, "application/problem+json")
        assert json.loads(body)["code"] == "api.json-malformed"
        wrong = served.call().replace(b"Bearer lmk_", b"Bearer lmx_")
        await line.send(wrong)
        status, headers, _ = await line.answer()
        assert (status, "www-authenticate" in headers) == (401, True)
        await line.send(served.call(b" " * 100_001))
        status, headers, _ = await line.answer()
        assert (status, headers["connection"]) == (413, "close")
        assert await line.ended()


async def test_what_is_no_http_is_answered_in_the_usual_shape(served: Served) -> None:
    for bad in (
        b"\x16\x03\x01 hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        served.call() + b"\0\r\n",
    ):
        async with served.line() as line:
            await line.send(bad)
            if bad.startswith(b"POST"):  # the call before it is owed an answer of its own, or none
                assert await line.ended()
                continue
            status, headers, body = await line.answer()
            assert (status, headers["content-type"]) == (400, "application/problem+json")
            assert json.loads(body)["code"] == "api.http-malformed"
            assert await line.ended()


async def test_a_head_that_never_ends_is_let_go_and_one_in_pieces_is_not(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned: list[str] = []
    turn_away = _Wire._turn_away
    monkeypatch.setattr(
        _Wire, "_turn_away", lambda self, why: turned.append(why.code.name) or turn_away(self, why)
    )
    async with served.line() as line:
        for _ in range(2):  # what came of the head before does not count
            raw = served.call(None, "x-much: " + "m" * 60_000)
            await line.send(raw[:20], raw[20:40_000], raw[40_000:])
            assert (await line.answer())[0] == 201
        raw = served.call(b" " * 90_000).replace(b"Bearer lmk_", b"Bearer lmx_")
        await line.send(raw[:1_000])  # answered before its body is there, which is no head
        assert (await line.answer())[0] == 401
        await line.send(raw[1_000:80_000])
        async with served.line() as other:  # once this is answered, that was read
            await other.send(served.call())
            assert (await other.answer())[0] == 201
        await line.send(raw[80_000:], served.call())
        assert (await line.answer())[0] == 201
    async with served.line() as line, asyncio.timeout(PATIENCE):
        with suppress(ConnectionError):  # it may be cut off while it sends
            await line.send(b"POST /v1/checks:whole HTTP/1.1\r\nx: ", *[b"a" * 100_000] * 9)
            await line.reader.read()
    assert turned == ["api.head-too-large"]


@pytest.mark.parametrize("served", [0.5], indirect=True)
async def test_a_half_body_that_stalls_is_let_go_and_holds_up_nobody(served: Served) -> None:
    async with served.line() as stalled, served.line() as other:
        await stalled.send(served.call()[:-10])
        for _ in range(3):
            await other.send(served.call())
            assert (await other.answer())[0] == 201
        status, headers, body = await stalled.answer()
        assert (status, headers["connection"]) == (408, "close")
        assert json.loads(body)["code"] == "api.body-too-slow"
        assert await stalled.ended()


async def test_an_old_client_and_one_that_asks_first_take_the_general_way_and_one_that_leaves_the_short(
    served: Served,
) -> None:
    async with served.line() as line:
        await line.send(served.call(None, "expect: 100-continue"))
        assert await line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert (await line.answer())[0] == 201
        await line.send(served.call(None, "connection: close"))
        status, headers, _ = await line.answer()
        assert (status, headers["connection"]) == (201, "close")
        assert await line.ended()
    async with served.line() as line:
        await line.send(served.call().replace(b"HTTP/1.1", b"HTTP/1.0"))
        assert (await line.answer())[0] == 201
        assert await line.ended()
    assert served.ways == ["general", "joined", "general"]


async def test_a_client_that_is_gone_before_the_answer_leaves_a_whole_check(
    served: Served,
) -> None:
    async with served.line() as line:
        await line.send(served.call(None, "idempotency-key: gone-before"))
    async with served.line() as line:
        for _ in range(200):
            await line.send(served.call(None, "idempotency-key: gone-before"))
            status, _, _ = await line.answer()
            if status == 201:
                break
            assert status == 409
    assert (await served.door.world.premises.store.counts())["checks"] == 1


async def test_what_is_under_way_when_the_server_stops_is_answered_and_told_to_go(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = served.door.world.premises.store
    commit, begun, go = store.commit_many, asyncio.Event(), asyncio.Event()

    async def slow(changes):
        begun.set()
        await go.wait()
        return await commit(changes)

    async with served.line() as line:
        await line.send(served.call())  # now the client is known
        await line.answer()
        monkeypatch.setattr(store, "commit_many", slow)
        await line.send(served.call())
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        served.server.should_exit = True
        while served.server.servers[0].is_serving():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        go.set()
        status, headers, _ = await line.answer()
        assert (status, headers["connection"]) == (201, "close")
        assert await line.ended()


async def test_a_client_that_sends_and_never_reads_is_held_back(served: Served) -> None:
    """Its answers fill what is between, then its calls wait; memory does not grow with them."""
    async with served.line() as line:
        line.writer.transport.pause_reading()
        calls, some = served.call() * 50, 0
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                while True:
                    line.writer.write(calls)
                    await line.writer.drain()
                    some += 50
        before = -1
        while len(served.ways) != before:  # until it stands still
            before = len(served.ways)
            await asyncio.sleep(1)
        assert before < some + 50
        (held,) = served.server.server_state.connections
        (waits,) = struct.unpack(
            "i", ioctl(held.transport.get_extra_info("socket"), TIOCOUTQ, b"    ")
        )
        assert waits + held.transport.get_write_buffer_size() < 2 * UNSENT + 10_000
        async with served.line() as other:
            await other.send(served.call())
            assert (await other.answer())[0] == 201
        line.writer.transport.abort()
