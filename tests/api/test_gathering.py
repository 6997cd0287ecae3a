"""An answer of the general way leaves in one write, in its order, and nothing waits for what is not made yet."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.api.test_wire import Line, Served, served
from tests.patience import PATIENCE

from liangming.api.gathering import MOST, Gathering

__all__ = ["served"]


class Heard(asyncio.Transport):
    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.heard.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


async def test_what_is_said_in_one_turn_is_one_write_and_much_of_it_goes_on_at_once() -> None:
    transport = Heard()
    gathering = Gathering(transport, asyncio.get_running_loop())
    gathering.write(b"a")
    gathering.write(b"b")
    assert transport.heard == []
    await asyncio.sleep(0)
    assert transport.heard == [b"ab"]
    gathering.flush()
    gathering.write(b"c" * (MOST + 1))
    assert [len(each) for each in transport.heard] == [2, MOST + 1]
    gathering.write(b"d")
    gathering.close()
    await asyncio.sleep(0)
    assert transport.heard[2:] == [b"d"]
    gathering.write(b"e")  # nobody is there
    await asyncio.sleep(0)
    assert (transport.heard[3:], gathering.is_closing()) == ([], True)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What left by gathering."""
    found: list[bytes] = []
    flush = Gathering.flush

    def told(self: Gathering) -> None:
        if self._held:
            found.append(b"".join(self._held))
        flush(self)

    monkeypatch.setattr(Gathering, "flush", told)
    return found


async def streamed(line: Line) -> list[object]:
    async with asyncio.timeout(PATIENCE):
        await line.reader.readuntil(b"\r\n\r\n")
        body = b""
        while size := int(await line.reader.readline(), 16):
            body += (await line.reader.readexactly(size + 2))[:-2]
        await line.reader.readline()
    return [json.loads(each) for each in body.splitlines()]


async def test_a_batch_is_answered_in_one_write_for_each_chunk(
    served: Served, writes: list[bytes]
) -> None:
    line_ = json.dumps(served.door.whole()).encode()
    size = served.door.api.lobby.settings.chunk_lines
    async with served.line() as line:
        for lines, expected in ((3, 1), (0, 1), (size, 1), (size + 1, 2)):
            writes.clear()
            call = served.call(b"\n".join([line_] * lines), path="/v1/checks:batch")
            await line.send(call.replace(b"application/json", b"application/x-ndjson"))
            told = await streamed(line)
            assert [each["status"] for each in told] == [201] * lines
            assert len(writes) == expected
        await line.send(b"GET /healthz HTTP/1.1\r\nhost: door\r\n\r\n" + served.call())
        assert [(await line.answer())[0] for _ in range(2)] == [200, 201]
        await line.send(b"GET /healthz HTTP/1.1\r\nhost: door\r\nconnection: close\r\n\r\n")
        assert (await line.answer())[0] == 200
        assert await line.ended()
    assert len(writes) == 4
