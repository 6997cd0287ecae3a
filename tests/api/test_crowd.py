"""As many connections as there are descriptors for: who keeps us waiting makes room for who comes."""

from __future__ import annotations

import asyncio
import json
import resource
from contextlib import AsyncExitStack

import pytest
from tests.api.test_misbehaving import head
from tests.api.test_wire import Line, Served, served

from liangming.api import crowd
from liangming.api.crowd import LARGEST, LOOKED_AT, OUTSIDE, RESERVE, Crowd, most, outside

__all__ = ["served"]

MOST = 12


@pytest.fixture
def few(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Twelve connections, and nobody has time."""
    monkeypatch.setattr(crowd, "GRACE", 0.0)
    served.server.config.http_protocol_class.crowd = Crowd(MOST)  # type: ignore[union-attr]
    return served


async def known(served: Served, many: int) -> None:
    """Until the server knows of so many connections."""
    while len(served.server.server_state.connections) < many:  # noqa: ASYNC110  (no event)
        await asyncio.sleep(0)


async def answered(served: Served, line: Line) -> None:
    await line.send(served.call())
    assert (await line.answer())[0] == 201


async def test_who_stalls_makes_room_and_who_was_answered_or_comes_is_served(few: Served) -> None:
    async with AsyncExitStack() as stack:
        polite = [await stack.enter_async_context(few.line()) for _ in range(2)]
        for line in polite:
            await answered(few, line)
        stalled = [await stack.enter_async_context(few.line()) for _ in range(MOST - 2)]
        for n, line in enumerate(stalled):
            await line.send(head(few, 500) + b'{"scene":')
            await known(few, 3 + n)
        while few.ways.count("general") < MOST - 2:  # noqa: ASYNC110  (all of them are in a call)
            await asyncio.sleep(0)
        for _ in range(3):
            async with few.line() as newcomer:
                await answered(few, newcomer)
                assert len(few.server.server_state.connections) <= MOST
            for line in polite:
                await answered(few, line)
        ended = sum(line.reader.at_eof() or line.reader.exception() is not None for line in stalled)
        assert ended >= 1


async def test_where_all_wait_for_us_the_newcomer_is_told_to_come_again(
    few: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, go = few.door.world.premises.store, asyncio.Event()
    commit = store.commit_many

    async def late(changes):
        await go.wait()
        return await commit(changes)

    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(few.line()) for _ in range(MOST)]
        await answered(few, lines[0])  # the client is known
        monkeypatch.setattr(store, "commit_many", late)
        for n, line in enumerate(lines):
            await line.send(few.call())
            await known(few, n + 1)
        while few.ways.count("joined") < MOST:  # noqa: ASYNC110  (each waits for the store)
            await asyncio.sleep(0)
        async with few.line() as newcomer:
            status, headers, body = await newcomer.answer()
            assert (status, json.loads(body)["code"]) == (429, "storage.busy")
            assert (headers["retry-after"], headers["connection"]) == ("1", "close")
            assert await newcomer.ended()
        go.set()
        assert [(await line.answer())[0] for line in lines] == [201] * MOST


async def test_half_a_head_is_silence_and_ends(served: Served) -> None:
    served.server.config.timeout_keep_alive = 0.3  # type: ignore[assignment]
    async with served.line() as mute, served.line() as half:
        await half.send(b"POST /v1/checks:whole HTTP/1.1\r\nhost: do")
        assert await half.ended()
        assert await mute.ended()


class Someone:
    def __init__(self, still: tuple[int, float] | None) -> None:
        self.is_still, self.gone = still, False

    def still(self) -> tuple[int, float] | None:
        return self.is_still

    def let_go(self) -> None:
        self.gone = True


def test_who_does_not_read_goes_before_who_stalls_and_that_before_the_silent() -> None:
    busy, fresh = Someone(None), Someone((0, 99.5))
    silent, longer = Someone((2, 50.0)), Someone((2, 10.0))
    stalls, deaf = Someone((1, 80.0)), Someone((0, 90.0))
    everybody = [busy, fresh, silent, longer, stalls, deaf]
    order: list[Someone] = []
    row = Crowd(len(everybody))
    assert all(row.joined(each, 100.0) for each in everybody)
    while row.joined(Someone(None), 100.0):
        order.append(next(each for each in everybody if each.gone and each not in order))
    assert order == [deaf, stalls, longer, silent]
    assert [busy.gone, fresh.gone] == [False, False]


def test_those_that_wait_for_us_are_passed_over_however_many_stand_before_the_silent() -> None:
    busy = [Someone(None) for _ in range(LOOKED_AT + 5)]
    silent = [Someone((2, float(n))) for n in range(3)]
    row = Crowd(len(busy) + len(silent))
    for each in [*busy, *silent]:
        row.joined(each, 100.0)
    assert row.joined(Someone(None), 100.0) is False  # too many were looked at
    assert row.joined(Someone(None), 100.0) is True
    assert [each.gone for each in silent] == [True, False, False]
    row.left(silent[1])
    row.left(silent[1])
    assert row.joined(Someone(None), 100.0) is True
    assert [each.gone for each in silent] == [True, False, True]


@pytest.mark.parametrize(
    ("soft", "hard", "asked", "number"),
    [
        (1_024, 20_000, 20_000, 20_000 - RESERVE - OUTSIDE),
        (1_024, 1_024, None, 1_024 - RESERVE - 64),
        (300, 300, None, 150),
        (1_024, resource.RLIM_INFINITY, LARGEST, LARGEST - RESERVE - OUTSIDE),
        (1_000_000, 1_000_000, None, LARGEST - RESERVE - OUTSIDE),
    ],
)
def test_connections_end_before_descriptors_do(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, asked: int | None, number: int
) -> None:
    said: list[object] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: said.append(limits))
    assert most() == number
    assert most() + outside() <= min(hard if hard > 0 else LARGEST, LARGEST)
    assert said[:1] == ([] if asked is None else [(asked, hard)])
