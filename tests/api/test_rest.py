"""Who is refused one time after another is read more slowly; nothing is lost, and nobody polite waits long."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator

import pytest
from tests.api.test_let_go import alone, parted
from tests.api.test_wire import Line, Served, served

from liangming.api import rest
from liangming.api.connection import Connection
from liangming.api.rest import FORGOTTEN, FREE, LONGEST

__all__ = ["parted", "served"]

SLACK = 2.0  # seconds that a busy machine may add


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take a second from one call to the next."""
    monkeypatch.setattr(rest, "FORGOTTEN", 3_600.0)


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """How long each rest was."""
    seen: list[float] = []
    seconds = rest.seconds
    monkeypatch.setattr(rest, "seconds", lambda many: seen.append(seconds(many)) or seen[-1])
    return seen


async def told(line: Line, many: int) -> list[int]:
    return [(await line.answer())[0] for _ in range(many)]


def test_the_first_few_cost_no_time_and_the_longest_rest_is_short() -> None:
    steps = [rest.seconds(many) for many in range(FREE + 40)]
    assert steps[: FREE + 1] == [0.0] * (FREE + 1)
    assert steps[FREE + 1 : FREE + 5] == [1 / 32, 1 / 16, 1 / 8, 1 / 4]
    assert set(steps[FREE + 5 :]) == {LONGEST}
    assert LONGEST < FORGOTTEN  # else each rest would be the last
    assert rest.seconds(10**9) == LONGEST


@pytest.mark.parametrize("refused", [b"[]", b"\xff\xfe", b"{"], ids=["unfit", "no text", "half"])
async def test_who_sends_what_is_refused_and_never_reads_is_hardly_answered(
    served: Served, refused: bytes
) -> None:
    async with served.line() as deaf:
        deaf.writer.transport.pause_reading()
        begin = time.monotonic()
        for _ in range(50):
            deaf.writer.write(served.call(refused) * 10)
            await asyncio.sleep(0.04)
        took = time.monotonic() - begin
        assert len(served.ways) <= FREE + 6 + took / LONGEST


async def test_calls_behind_refused_ones_are_answered_in_order_and_none_is_lost(
    served: Served, rests: list[float]
) -> None:
    calls = [served.call(b"[]")] * 5 + [served.call(b"{")] * 3 + [served.call()] * 2
    general = served.call(b"[]", path="/v1/checks:whole?x=1")
    async with served.line() as line:
        await line.send(b"".join(calls), b"GET /healthz HTTP/1.1\r\nhost: door\r\n\r\n", general)
        assert await told(line, 12) == [422] * 5 + [400] * 3 + [201] * 2 + [200, 422]
        assert rests == [1 / 32, 1 / 16, 1 / 8, 1 / 4]
        await line.send(served.call())
        assert await told(line, 1) == [201]
    assert (await served.door.world.premises.store.counts())["checks"] == 3


async def test_a_polite_call_behind_a_rude_one_waits_once_and_not_long(
    served: Served, rests: list[float]
) -> None:
    """As behind a proxy that sends calls of many down one connection."""
    async with served.line() as line:
        while rests[-1:] != [LONGEST]:
            await line.send(served.call(b"[]"))
            assert await told(line, 1) == [422]
        begin, before = time.monotonic(), len(rests)
        for _ in range(20):
            await line.send(served.call())
            assert await told(line, 1) == [201]
        assert time.monotonic() - begin < LONGEST + SLACK
        for _ in range(FREE):
            await line.send(served.call(b"[]"))
            assert await told(line, 1) == [422]
        assert len(rests) == before


async def test_others_do_not_wait_for_a_connection_that_rests(served: Served) -> None:
    async with served.line() as rude, served.line() as other:
        await rude.send(served.call(b"[]") * 40)
        await told(rude, FREE + 5)  # half a second for each one from here
        for _ in range(5):
            await other.send(served.call())
            assert await told(other, 1) == [201]
        assert len(served.ways) < 40 + 5  # which all of both would be


async def test_mistakes_between_calls_that_succeed_cost_no_time(
    served: Served, rests: list[float]
) -> None:
    async with served.line() as line:
        for _ in range(6):
            await line.send(served.call(b"[]") * FREE + served.call())
            assert await told(line, FREE + 1) == [422] * FREE + [201]
    assert rests == []


async def test_mistakes_long_after_one_another_cost_no_time(
    served: Served, rests: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "FORGOTTEN", 0.0)
    async with served.line() as line:
        for _ in range(3 * FREE):
            await line.send(served.call(b"[]"))
            assert await told(line, 1) == [422]
    assert rests == []


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("POST /v1/checks:whole?x=1", 401),
        ("GET /v1/checks/chk_nobody", 401),
        ("GET /v1/nowhere", 404),
        ("GET /v1/checks:whole", 405),
    ],
)
async def test_so_does_who_is_refused_on_the_general_way(
    served: Served, rests: list[float], line: str, status: int
) -> None:
    call = f"{line} HTTP/1.1\r\nhost: door\r\ncontent-length: 0\r\n\r\n".encode()
    async with served.line() as rude:
        for many in range(1, FREE + 3):
            await rude.send(call)
            assert (await rude.answer())[0] == status
            assert len(rests) == max(0, many - FREE)


async def test_who_has_to_wait_is_told_and_nobody_else(served: Served) -> None:
    general = served.call(b"[]", path="/v1/checks:whole?x=1")
    async with served.line() as line:
        for many in range(1, FREE + 4):
            await line.send(general if many == FREE + 2 else served.call(b"[]"))
            status, headers, _ = await line.answer()
            assert (status, headers.get("retry-after")) == (422, "1" if many > FREE else None)
        await line.send(served.call())
        assert "retry-after" not in (await line.answer())[1]
        await line.send(served.call(b"[]"))
        assert "retry-after" not in (await line.answer())[1]


async def test_what_a_right_call_may_be_told_counts_for_nothing_and_ends_nothing(
    served: Served, rests: list[float]
) -> None:
    """Ids that are gone, a number mistyped, a notice that changed: work, not misbehaviour."""
    mistyped = served.door.whole()
    mistyped["evidence"] = {**mistyped["evidence"], "number": "990101199003071238"}
    get = "GET {} HTTP/1.1\r\nhost: door\r\nauthorization: Bearer {}\r\n\r\n"
    calls = [
        (served.call(json.dumps(mistyped).encode()), 422, "document.check-digit"),
        (
            served.call(json.dumps(served.door.whole(notice="0" * 64)).encode()),
            409,
            "check.notice-changed",
        ),
        (get.format("/v1/checks/chk_gone", served.door.key).encode(), 404, "check.unknown"),
        (
            served.call(json.dumps(served.door.whole(scene="gone")).encode()),
            404,
            "check.scene-unknown",
        ),
    ]
    async with served.line() as line:
        for _ in range(FREE):
            for call, status, code in calls:
                await line.send(call)
                got, headers, body = await line.answer()
                assert (got, json.loads(body)["code"]) == (status, code)
                assert "retry-after" not in headers
        assert rests == []
        for many in range(FREE + 1):
            await line.send(served.call(b"[]"))
            await line.answer()
            await line.send(calls[many % 4][0])
            await line.answer()
        assert rests == [1 / 32]  # behind the refusal that was too many, not behind the others


async def test_what_is_our_own_fault_counts_for_nothing(
    served: Served, rests: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self, call):
        raise ValueError

    monkeypatch.setattr("liangming.api.turns.Turns._read", broken)
    async with served.line() as line:
        for _ in range(2 * FREE):
            await line.send(served.call())
            status, _, body = await line.answer()
            assert (status, json.loads(body)["code"]) == (500, "api.internal")
    assert rests == []


async def test_one_that_rests_stands_still_for_who_needs_room(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Connection] = []
    seconds = rest.seconds
    monkeypatch.setattr(
        rest, "seconds", lambda many: held.extend(served.server.server_state.connections) or seconds(many)
    )  # fmt: skip
    async with served.line() as rude:
        await rude.send(served.call(b"[]") * 20)
        await told(rude, FREE + 5)
        while held[0]._rests is None:  # noqa: ASYNC110  (no event)
            await asyncio.sleep(0)
        still = held[0].still()
        assert still is not None
        assert still[0] == 1
        assert still[1] <= asyncio.get_running_loop().time() - sum(map(seconds, range(FREE + 5)))


async def test_a_server_that_ends_meanwhile_answers_what_it_has_and_ends(served: Served) -> None:
    async with served.line() as rude:
        await rude.send(served.call(b"[]") * (FREE + 5) + served.call())
        assert await told(rude, FREE + 3) == [422] * (FREE + 3)
        served.server.should_exit = True
        assert await told(rude, 3) == [422, 422, 201]
        assert await rude.ended()


async def test_who_leaves_while_it_rests_leaves_nothing_behind(served: Served, parted) -> None:
    async with served.line() as rude:
        await rude.send(served.call(b"[]") * 40)
        await told(rude, FREE + 4)
    await alone(served)
    assert parted
    assert [type(left()).__name__ for left in parted if left() is not None] == []
