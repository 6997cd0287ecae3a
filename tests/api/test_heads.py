"""A head that came before is read as the parser reads it, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httptools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api.test_wire import Served, served

from liangming import access
from liangming.api.call import WANTED
from liangming.api.heads import Head

__all__ = ["served"]

URL = b"/v1/checks:whole"
BODY = b'{"scene":"demo.counter"}'


class Parsed:
    """What the parser makes of some bytes, when they are one whole call."""

    def __init__(self, data: bytes) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.url = self.body = b""
        self.calls = 0
        self.begun = 0
        try:
            httptools.HttpRequestParser(self).feed_data(data)
        except httptools.HttpParserError:
            self.begun = 2

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.calls += 1

    @property
    def whole(self) -> bool:
        return self.calls == self.begun == 1

    @property
    def told(self) -> tuple[dict[bytes, bytes], bytes]:
        return {name: value for name, value in self.headers if name in WANTED}, self.body


def sent(body: bytes = BODY, *more: bytes, length: bytes | None = None) -> bytes:
    said = b"%d" % len(body) if length is None else length
    lines = [b"POST " + URL + b" HTTP/1.1", b"Host: door", b"Content-Type: application/json"]
    lines += [b"authorization: Bearer lmk_x", *more, b"content-length: " + said]
    return b"\r\n".join([*lines, b"", b""]) + body


def learned(data: bytes) -> Head | None:
    parsed = Parsed(data)
    return Head.of(data[: len(data) - len(parsed.body)], parsed.url, parsed.headers)


def test_the_same_head_before_another_body_is_read_as_the_parser_reads_it() -> None:
    head = learned(sent())
    assert head is not None
    for body in (BODY, b"", b"{}", b"\r\n\r\n", b"x" * 5_000):
        data = sent(body)
        assert head.read(data) == Parsed(data).told


def test_what_names_a_call_may_differ() -> None:
    one = (b"Idempotency-Key: parcel-000001", b"traceparent: 00-aa-bb-01", b"accept-language: en")
    head = learned(sent(BODY, *one))
    assert head is not None
    assert head.language == "en"
    other = sent(b"[]", b'Idempotency-Key: "p-2"', b"traceparent: 00-a-b-00", one[2])
    assert head.read(other) == Parsed(other).told
    assert Parsed(other).told[0][b"idempotency-key"] == b'"p-2"'


@pytest.mark.parametrize(
    "data",
    [
        sent(BODY, b"idempotency-key: two words"),
        sent(BODY, b"idempotency-key: behind "),
        sent(BODY, b"idempotency-key: "),
        sent(BODY, b"idempotency-key: \xe4"),
        sent(BODY, b"idempotency-key: parcel-1\r\nx-more: 1"),
        sent(BODY, b"idempotency-key: parcel-1", length=b"23"),
        sent(BODY, b"idempotency-key: parcel-1", length=b"25"),
        sent(BODY, b"idempotency-key: parcel-1", length=b"+24"),
        sent(BODY, b"idempotency-key: parcel-1", length=b""),
        sent(BODY, b"idempotency-key: parcel-1", length=b"0000000024"),
        sent(BODY, b"idempotency-key: parcel-1", length=b"24\r\ncontent-length: 24"),
        sent(BODY, b"idempotency-key: parcel-1", length=b"24\r\ntransfer-encoding: chunked"),
        sent(BODY, b"idempotency-key: parcel-1") * 2,
        sent(BODY, b"idempotency-key: parcel-1") + b"\r\n",
        sent(BODY, b"idempotency-key: parcel-1")[:-1],
        sent(BODY, b"idempotency-key: parcel-1")[:40],
        sent(BODY, b"idempotency-key: parcel-1").replace(b"lmk_x", b"lmk_y"),
        sent(BODY, b"idempotency-key: parcel-1").replace(b"1.1", b"1.0"),
        sent(BODY),
        b"",
    ],
)
def test_whatever_else_differs_is_left_to_the_parser(data: bytes) -> None:
    head = learned(sent(BODY, b"idempotency-key: parcel-0"))
    assert head is not None
    assert head.read(data) is None


@pytest.mark.parametrize(
    "data",
    [
        sent(BODY, b"x-folded:  two spaces before"),
        sent(BODY, b"x-none:no space"),
        sent(BODY, b"x-request-id: 1", b"x-request-id: 2"),
        b"POST " + URL + b" HTTP/1.1\r\nhost: door\r\n\r\n",
        b"POST " + URL + b" HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        sent() + sent(),
    ],
)
def test_a_head_that_is_not_plain_is_not_learned(data: bytes) -> None:
    parsed = Parsed(data)
    assert Head.of(data[: len(data) - len(parsed.body)], parsed.url, parsed.headers) is None


_VALUES = st.binary(max_size=12) | st.sampled_from([b"1", b"a b", b"a\r\nx: 1", b"24", b"\t"])


@given(_VALUES, _VALUES, st.binary(max_size=30), st.integers(0, 40))
@settings(max_examples=300)
def test_whatever_is_read_the_parser_would_have_read_alike(
    key: bytes, length: bytes, body: bytes, cut: int
) -> None:
    head = learned(sent(BODY, b"idempotency-key: parcel-0"))
    assert head is not None
    for data in (
        sent(body, b"idempotency-key: " + key),
        sent(body, b"idempotency-key: k-1", length=length),
        sent(body, b"idempotency-key: k-1") + body[:cut],
    ):
        read = head.read(data)
        if read is not None:
            parsed = Parsed(data)
            assert parsed.whole
            assert read == parsed.told


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What was read by heads that came before."""
    read, found = Head.read, []

    def told(self, data):
        known = read(self, data)
        if known is not None:
            found.append(data)
        return known

    monkeypatch.setattr(Head, "read", told)
    return found


async def test_a_connection_is_answered_alike_before_and_after_its_head_is_known(
    served: Served, fed: list[bytes]
) -> None:
    calls = [
        served.call(),
        served.call(),  # from here on by the head
        served.call(b"{"),
        served.call(None, "idempotency-key: heads-one"),
        served.call(None, "idempotency-key: heads-two"),
        served.call(None, "idempotency-key: heads-two"),
        served.call(None, "idempotency-key: heads-way-too-long" + "x" * 200),
        served.call(None, "idempotency-key: two words"),
        served.call(None, "accept-language: en"),
        served.call(b"[]", "accept-language: en"),
    ]

    async def told(line) -> tuple[object, ...]:
        status, headers, body = await line.answer()
        own = {"date", "request-id", "location"}
        kept = {name: value for name, value in headers.items() if name not in own}
        return status, kept, json.loads(body).get("code")

    one_by_one, together = [], []
    for call in (served.call(), *calls):  # from the second on the person is known
        async with served.line() as line:
            await line.send(call)
            one_by_one.append(await told(line))
    assert fed == []
    async with served.line() as line:
        for call in calls:
            await line.send(call.replace(b"heads-", b"again-"))
            together.append(await told(line))
    assert together == one_by_one[1:]
    assert len(fed) == 6
    assert served.ways.count("general") == 0


async def test_a_key_that_was_revoked_opens_no_longer_on_a_connection_that_knows_its_head(
    served: Served, fed: list[bytes]
) -> None:
    door = served.door
    async with served.line() as line:
        for _ in range(3):
            await line.send(served.call())
            assert (await line.answer())[0] == 201
        await access.revoke(door.world.premises, door.client, operator="demo", actor="test")
        door.tick.at += 60  # what was read of it is believed no longer
        for _ in range(2):
            await line.send(served.call())
            status, _, body = await line.answer()
            assert (status, json.loads(body)["code"]) == (401, "api.key-invalid")
    assert len(fed) == 4


async def test_calls_that_are_not_plain_go_to_the_parser_after_a_head_is_known(
    served: Served, fed: list[bytes]
) -> None:
    plain = served.call()
    chunked = plain.replace(b"content-length", b"transfer-encoding: chunked\r\nx-length")
    head, _, body = chunked.partition(b"\r\n\r\n")
    async with served.line() as line:
        await line.send(plain)
        assert (await line.answer())[0] == 201
        await line.send(head + b"\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
        assert (await line.answer())[0] == 201
        await line.send(plain + plain + plain)
        assert [(await line.answer())[0] for _ in range(3)] == [201] * 3
        await line.send(plain + plain[:50])
        assert (await line.answer())[0] == 201
        await line.send(plain[50:])
        assert (await line.answer())[0] == 201
        assert fed == []
        await line.send(plain)
        assert (await line.answer())[0] == 201
        await line.send(served.call(None, "expect: 100-continue"))
        assert await line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert (await line.answer())[0] == 201
        await line.send(plain)
        assert (await line.answer())[0] == 201
        await line.send(plain.replace(b"host: door", b"connection: close"))
        assert (await line.answer())[1]["connection"] == "close"
        assert await line.ended()
    assert fed == [plain, plain]
    assert (await served.door.world.premises.store.counts())["checks"] == 11


async def test_a_connection_whose_heads_never_come_again_is_left_to_the_parser(
    served: Served, fed: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    learn, learned = Head.of, []
    monkeypatch.setattr(Head, "of", lambda *told: learned.append(told) or learn(*told))
    async with served.line() as line:
        for n in range(7):
            await line.send(served.call(b"[]", f"x-own: {n}"))
            assert (await line.answer())[0] == 422
    assert (fed, len(learned)) == ([], 4)
