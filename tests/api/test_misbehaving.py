"""Clients that misbehave, over a real socket: each is told or let go, and nobody else notices.

Bounded here: 100 half bodies, 50 slow readers, bodies that say they are 100 MB. ``bench/rude.py`` does it with more,
and measures what the others notice.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import pytest
from tests.api.test_wire import Line, Served, served
from tests.world import numbers

__all__ = ["served"]

HUGE = 100 << 20
JSON = "application/json"


def head(served: Served, length: int | None, *more: str, path: str = "/v1/checks:whole") -> bytes:
    size = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
    lines = [
        f"POST {path} HTTP/1.1",
        "host: door",
        f"authorization: Bearer {served.door.key}",
        f"content-type: {JSON}",
        size,
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def whole(served: Served, number: str) -> bytes:
    body = served.door.whole()
    evidence = {**body["evidence"], "number": number}  # type: ignore[dict-item]
    return json.dumps({**body, "evidence": evidence}, ensure_ascii=False).encode()


def code(body: bytes) -> str:
    return str(json.loads(body)["code"])


async def test_a_body_of_100_mb_is_refused_at_its_head_or_where_it_grows_too_long(
    served: Served,
) -> None:
    async with served.line() as line:
        await line.send(head(served, HUGE), b" " * 1_000)  # and no more: nobody waits for it
        status, headers, body = await line.answer()
        assert (status, code(body)) == (413, "api.body-too-large")
        assert headers["connection"] == "close"
        assert await line.ended()
    async with served.line() as line:  # unannounced: in chunks that do not end
        await line.send(head(served, None))
        for _ in range(98):  # 352 bytes too many
            line.writer.write(b"400\r\n" + b" " * 1_024 + b"\r\n")
        status, _, body = await line.answer()
        assert (status, code(body)) == (413, "api.body-too-large")


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\xfd",
        b'{"scene":"\xc3\x28"}',
        b'{"scene":"\xed\xa0\x80"}',  # half a surrogate
        b"\x00" * 64,
        b"",
    ],
)
async def test_bytes_that_are_no_text_are_refused_and_do_not_come_back(
    served: Served, raw: bytes
) -> None:
    async with served.line() as line:
        await line.send(served.call(raw))
        status, headers, body = await line.answer()
        assert (status, headers["content-type"]) == (400, "application/problem+json")
        assert code(body) == "api.json-malformed"
        await line.send(served.call())  # the line itself is well
        assert (await line.answer())[0] == 201


async def test_a_line_that_is_no_text_fails_alone_among_hundreds_and_order_is_kept(
    served: Served,
) -> None:
    lines = [whole(served, number) for number in numbers(300)]
    lines[123] = lines[123].replace("演示甲".encode(), b"\xff\xfe")
    raw = b"\n".join(lines)
    answer = await served.door.http.post(
        "/v1/checks:batch", content=raw, headers={"content-type": "application/x-ndjson"}
    )
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["line"] for each in told] == list(range(1, 301))
    assert [each["line"] for each in told if each["status"] != 201] == [124]
    assert (await served.door.world.premises.store.counts())["checks"] == 299


async def test_twenty_that_race_with_one_key_make_one_check_and_learn_of_it(
    served: Served,
) -> None:
    async def insist(line: Line, body: bytes) -> tuple[int, bytes]:
        while True:
            await line.send(served.call(body, "idempotency-key: racing-0001"))
            status, headers, answer = await line.answer()
            if status != 409 or "retry-after" not in headers:
                return status, answer

    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(served.line()) for _ in range(20)]
        mine, other = (whole(served, number) for number in numbers(2))
        told = await asyncio.gather(
            *(insist(line, mine if n % 2 else other) for n, line in enumerate(lines))
        )
    won = [answer for status, answer in told if status == 201]
    assert len(won) == 10  # all that sent what was first, and none of the others
    assert len(set(won)) == 1
    assert {code(answer) for status, answer in told if status != 201} == {
        "api.idempotency-key-reused"
    }
    assert (await served.door.world.premises.store.counts())["checks"] == 1


async def test_beside_all_of_them_at_once_every_polite_call_is_answered(served: Served) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(100):
            line = await stack.enter_async_context(served.line())
            await line.send(head(served, 500), b'{"scene":')
        for _ in range(50):
            line = await stack.enter_async_context(served.line())
            line.writer.transport.pause_reading()
            await line.send(served.call(b"[]") * 20)
        for _ in range(4):
            line = await stack.enter_async_context(served.line())
            await line.send(head(served, HUGE), b" " * 1_000)
        polite = await stack.enter_async_context(served.line())
        checks = set()
        for number in numbers(30):
            await polite.send(served.call(whole(served, number)))
            status, _, body = await polite.answer()
            assert status == 201, body
            checks.add(json.loads(body)["id"])
    assert len(checks) == 30
    assert (await served.door.world.premises.store.counts())["checks"] == 30
