"""A connection that is over leaves nothing behind: no walk of Python's collector is needed for it.

The collector comes rarely in a service (:mod:`liangming.storage.collector`), so what only it finds is memory that
grows with each connection, and people reconnect all day.
"""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest
from tests.api.test_wire import Served, served

from liangming.api import wire
from liangming.api.wire import _Wire

__all__ = ["served"]


@pytest.fixture
def parted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[weakref.ref[object]]]:
    """Every connection and every call that the wire made, without holding them; no collector."""
    seen: list[weakref.ref[object]] = []
    made = _Wire.connection_made

    class Seen(wire.ShortCycle):  # without slots of its own, so that it can be looked at
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)
            seen.append(weakref.ref(self))

    def connected(self: _Wire, transport: asyncio.Transport) -> None:
        seen.append(weakref.ref(self))
        made(self, transport)

    monkeypatch.setattr(wire, "ShortCycle", Seen)
    monkeypatch.setattr(_Wire, "connection_made", connected)
    gc.collect()
    gc.disable()
    try:
        yield seen
    finally:
        gc.enable()


async def alone(served: Served) -> None:
    """Until the server has seen that everybody went."""
    state = served.server.server_state
    while state.connections or state.tasks:  # noqa: ASYNC110  (the server offers no event)
        await asyncio.sleep(0)
    for _ in range(5):  # what the loop still holds for this turn
        await asyncio.sleep(0)


async def answered(served: Served) -> None:
    async with served.line() as line:
        for _ in range(3):
            await line.send(served.call())
            assert (await line.answer())[0] == 201


async def general(served: Served) -> None:
    async with served.line() as line:
        await line.send(served.call(path="/v1/checks:whole?x=1"))
        await line.answer()


async def refused(served: Served) -> None:
    async with served.line() as line:
        await line.send(served.call(b"[]"))
        assert (await line.answer())[0] == 422


async def gone_before_the_answer(served: Served) -> None:
    async with served.line() as line:
        await line.send(served.call())


async def gone_with_calls_behind(served: Served) -> None:
    async with served.line() as line:
        await line.send(served.call() * 5)


async def gone_in_half_a_body(served: Served) -> None:
    async with served.line() as line:
        await line.send(served.call()[:-20])


async def gone_at_once(served: Served) -> None:
    async with served.line():
        pass


async def closed_by_the_server(served: Served) -> None:
    async with served.line() as line:
        await line.send(served.call(b"x", "connection: close"))
        await line.answer()
        assert await line.ended()


@pytest.mark.parametrize(
    "visit",
    [
        answered,
        general,
        refused,
        gone_before_the_answer,
        gone_with_calls_behind,
        gone_in_half_a_body,
        gone_at_once,
        closed_by_the_server,
    ],
)
async def test_a_connection_that_is_over_goes_without_the_collector(
    served: Served, parted: list[weakref.ref[object]], visit
) -> None:
    await visit(served)
    await alone(served)
    assert parted
    assert [type(left()).__name__ for left in parted if left() is not None] == []
