"""Seats for batches and the line before them: fair, bounded, and nobody sits there idle while others wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.api.test_wire import Served, served
from tests.patience import PATIENCE

from liangming.api import hall as halls
from liangming.api.hall import Hall
from liangming.errors import Misuse

__all__ = ["served"]


def hall(**more: float) -> Hall:
    plan = {"seats": 2, "room": 1_000, "line": 8, "seconds": PATIENCE}
    return Hall(**plan | more)  # type: ignore[arg-type]


async def asked(one: Hall, *names: str, size: int = 1) -> list[asyncio.Task[object]]:
    """These wait in this order; each says its name when it sits."""
    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(one.wait(name, size)))
        await asyncio.sleep(0)
    return tasks  # type: ignore[return-value]


async def test_clients_sit_down_in_turn_however_many_calls_one_of_them_has() -> None:
    said: list[str] = []
    one = hall()
    seats = [one.take(1), one.take(1)]
    tasks = {}
    for number, name in enumerate(("a", "a", "a", "b", "a", "c")):
        task = asyncio.create_task(one.wait(name, 1))
        task.add_done_callback(lambda _, name=name: said.append(name))
        tasks[number] = task
        await asyncio.sleep(0)
    assert one.take(1) is None
    for _ in range(6):
        seat = seats.pop(0)
        assert seat is not None
        seat.leave()
        many = len(said)
        while len(said) == many:  # noqa: ASYNC110  (the loop's own next turns)
            await asyncio.sleep(0)
        seats += [task.result() for n, task in list(tasks.items()) if task.done() and tasks.pop(n)]
    assert said == ["a", "b", "c", "a", "a", "a"]
    assert one.waiting == 0


async def test_a_full_line_makes_room_for_a_client_with_fewer_in_it() -> None:
    one = hall(seats=1, line=3)
    assert one.take(1) is not None
    many = await asked(one, "many", "many", "many")
    with pytest.raises(Misuse, match="batches"):
        await one.wait("many", 1)
    few = await asked(one, "few")
    with pytest.raises(Misuse):
        await many[2]
    assert not any(task.done() for task in (*many[:2], *few))
    assert one.waiting == 3
    with pytest.raises(Misuse):  # who has one already is no newcomer beside one with two
        await one.wait("few", 1)
    for task in (*many[:2], *few):
        task.cancel()
    await asyncio.gather(*many, *few, return_exceptions=True)
    assert one.waiting == 0


async def test_who_waits_in_vain_is_told_to_come_again() -> None:
    one = hall(seats=1, seconds=0.0)
    seat = one.take(1)
    with pytest.raises(Misuse) as told:
        await one.wait("a", 1)
    assert (told.value.code.name, told.value.retry_after) == ("api.batches-busy", 2)
    assert seat is not None
    seat.leave()
    assert (len(one), one.waiting, one.held) == (0, 0, 0)


async def test_who_goes_away_while_it_waits_takes_no_seat_with_it() -> None:
    one = hall(seats=1)
    seat = one.take(1)
    first, second = await asked(one, "a", "b")
    assert seat is not None
    seat.leave()  # a's turn, and a is gone before it knows
    first.cancel()
    (await second).leave()  # type: ignore[attr-defined]
    await asyncio.gather(first, return_exceptions=True)
    assert (len(one), one.waiting, one.held) == (0, 0, 0)


async def test_bytes_are_bounded_and_one_alone_may_have_more() -> None:
    one = hall(seats=3)
    large = one.take(5_000)
    assert large is not None
    assert one.take(1) is None
    waiting = await asked(one, "a", "b", "c", size=400)
    large.leave()
    first, second = [await task for task in waiting[:2]]
    await asyncio.sleep(0)
    assert not waiting[2].done()
    assert one.held == 800
    first.leave()  # type: ignore[attr-defined]
    (await waiting[2]).leave()  # type: ignore[attr-defined]
    second.leave()  # type: ignore[attr-defined]
    assert one.held == 0


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time to spare for who sits there idle."""
    monkeypatch.setattr(halls, "GRACE", 0.0)
    monkeypatch.setattr(halls, "LOOKS", 0.01)


@pytest_asyncio.fixture
async def narrow(served: Served) -> AsyncIterator[Served]:
    """A door with one seat."""
    served.door.api.lobby.hall = Hall(seats=1, room=1 << 30, line=8, seconds=PATIENCE)
    yield served


def batch(served: Served, lines: int) -> bytes:
    line = json.dumps(served.door.whole(), ensure_ascii=False).encode() + b"\n"
    call = served.call(line * lines, path="/v1/checks:batch")
    return call.replace(b"application/json", b"application/x-ndjson")


@pytest.mark.usefixtures("strict")
async def test_half_a_batch_leaves_its_seat_to_whoever_wants_it(narrow: Served) -> None:
    async with narrow.line() as stalls, narrow.line() as wants:
        await stalls.send(batch(narrow, 3)[:-100])
        while not len(narrow.door.api.lobby.hall):  # noqa: ASYNC110
            await asyncio.sleep(0)
        await wants.send(batch(narrow, 3))
        status, _, body = await stalls.answer()
        assert (status, json.loads(body)["code"]) == (408, "api.body-too-slow")
        async with asyncio.timeout(PATIENCE):
            answer = await wants.reader.readuntil(b"\r\n0\r\n\r\n")
        assert answer.count(b'"status":201') == 3


@pytest.mark.usefixtures("strict")
async def test_who_does_not_read_the_answer_of_a_batch_is_let_go(narrow: Served) -> None:
    async with narrow.line() as deaf, narrow.line() as wants:
        deaf.writer.transport.pause_reading()  # type: ignore[attr-defined]
        bad = b"{}\n" * 100_000
        call = narrow.call(bad, path="/v1/checks:batch")
        await deaf.send(call.replace(b"application/json", b"application/x-ndjson"))
        while not len(narrow.door.api.lobby.hall):  # noqa: ASYNC110
            await asyncio.sleep(0)
        await wants.send(batch(narrow, 3))
        async with asyncio.timeout(PATIENCE):
            answer = await wants.reader.readuntil(b"\r\n0\r\n\r\n")
        assert answer.count(b'"status":201') == 3
        assert len(narrow.server.server_state.connections) == 1
    assert narrow.door.api.lobby.hall.held == 0
