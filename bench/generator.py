"""A load generator in a process of its own: keep-alive connections, prepared requests.

    python bench/generator.py PORT PLAN

The plan is a JSON file (:class:`Plan`); one line of JSON with what was measured goes to standard
output. Each connection has one request under way (no pipelining). Closed loop: the next goes out
when the answer is whole. Open loop: requests are due at even steps whatever the server does, and
latency counts from the moment one was due, also for those that are still due at the end: a stall is
not hidden by what was not sent during it (no coordinated omission). `--prove` shows it on a server
that stalls. Rate and latency are those of successes; other answers are counted beside them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import deque
from pathlib import Path
from typing import Final

import msgspec
import uvloop

HOST: Final = "127.0.0.1"


class Plan(msgspec.Struct, kw_only=True):
    """What to send.

    Attributes:
        path: where to.
        tokens: bearer keys, one a connection in turn, as several companies would come.
        media: content type.
        body: one request body, or one line of it; ``{number}`` becomes a document number.
        lines: lines in one request.
        connections: kept open.
        seconds: how long to send after ``warm`` seconds that are not counted.
        rate: requests a second in an open loop; 0: closed loop.
        first: where the numbers begin, so that several runs send different people.
        people: how many people there are before they come again; 0: nobody comes twice.
        keyed: send an Idempotency-Key with each request.
    """

    path: str
    tokens: tuple[str, ...] = ()
    media: str = "application/json"
    body: str
    lines: int = 1
    connections: int = 32
    seconds: float = 2.0
    warm: float = 0.3
    rate: float = 0.0
    first: int = 0
    people: int = 0
    keyed: str = ""


_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(n: int) -> bytes:
    """The n-th well-formed resident number of the unallocated region 99: nobody's."""
    n, order = divmod(n, 1000)
    n, day = divmod(n, 28)
    n, month = divmod(n, 12)
    n, year = divmod(n, 90)
    body = f"99{n % 10_000:04}{1930 + year}{month + 1:02}{day + 1:02}{order:03}"
    total = sum(int(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return (body + "10X98765432"[total % 11]).encode()


class Tally:
    """What came back."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.statuses: dict[int, int] = {}
        self.good_lines = 0
        self.bad_lines = 0
        self.counting = False
        self.stopped = False
        self.wrong = ""  # the first answer that was no success


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, source: Source, tally: Tally, token: str) -> None:
        self.token = f"authorization: Bearer {token}\r\n".encode() if token else b""
        self.source = source
        self.tally = tally
        self.transport: asyncio.Transport | None = None
        self.rest = b""
        self.since = 0.0
        self.busy = False
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(None)

    def send(self, since: float) -> None:
        self.since = since
        self.busy = True
        self.rest = b""
        self.transport.write(self.source.request(self.token))  # type: ignore[union-attr]

    def data_received(self, data: bytes) -> None:
        if self.rest:
            data = self.rest + data
        head = data.find(b"\r\n\r\n")
        if head < 0:
            self.rest = data
            return
        length = data.find(b"content-length: ", 0, head)
        if length >= 0:
            size = int(data[length + 16 : data.index(b"\r", length)])
            if len(data) < head + 4 + size:
                self.rest = data
                return
        elif not data.endswith(b"\r\n0\r\n\r\n"):
            self.rest = data
            return
        if data[9] != ord("2") and not self.tally.wrong:
            self.tally.wrong = data[head:].decode("utf-8", "replace").strip()[:200]
        self.done(int(data[9:12]), data if length < 0 else b"")

    def done(self, status: int, streamed: bytes) -> None:
        tally, now = self.tally, time.perf_counter()
        self.busy = False
        if tally.counting:
            if status < 300:
                tally.latencies.append(now - self.since)
            tally.statuses[status] = tally.statuses.get(status, 0) + 1
            if streamed:
                good = streamed.count(b'"status":201')
                tally.good_lines += good
                tally.bad_lines += streamed.count(b'"status":') - good
        self.source.free(self, now)


class Source:
    """Makes requests, and says who sends the next one."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.count = 0
        self.waiting: deque[float] = deque()  # due, and no connection was free
        self.idle: list[Connection] = []
        self.tally = Tally()
        self.before, _, self.behind = plan.body.encode().partition(b"{number}")
        self.head = (
            f"POST {plan.path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: {plan.media}\r\n"
        ).encode()

    def line(self) -> bytes:
        self.count += 1
        turn = self.count % self.plan.people if self.plan.people else self.count
        return self.before + number(self.plan.first + turn) + self.behind

    def request(self, token: bytes) -> bytes:
        body = b"\n".join([self.line() for _ in range(self.plan.lines)])
        key = b""
        if self.plan.keyed:
            key = f"idempotency-key: {self.plan.keyed}-{self.count:012}\r\n".encode()
        return b"%b%b%bcontent-length: %d\r\n\r\n%b" % (self.head, token, key, len(body), body)

    def free(self, connection: Connection, now: float) -> None:
        if self.tally.stopped:
            connection.transport.close()  # type: ignore[union-attr]
        elif not self.plan.rate:
            connection.send(now)
        elif self.waiting:
            connection.send(self.waiting.popleft())
        else:
            self.idle.append(connection)

    def due(self, at: float) -> None:
        if self.idle:
            self.idle.pop().send(at)
        else:
            self.waiting.append(at)


async def pace(source: Source, until: float) -> None:
    """The open loop: what is due goes out, each with the moment at which it was due."""
    step, at = 1 / source.plan.rate, time.perf_counter()
    while at < until:
        now = time.perf_counter()
        while at <= now:
            source.due(at)
            at += step
        await asyncio.sleep(0.001)


async def run(port: int, plan: Plan) -> dict[str, object]:
    source = Source(plan)
    tally = source.tally
    loop = asyncio.get_running_loop()
    connections = []
    for n in range(plan.connections):
        token = plan.tokens[n % len(plan.tokens)] if plan.tokens else ""
        _, protocol = await loop.create_connection(
            lambda token=token: Connection(source, tally, token), HOST, port
        )
        connections.append(protocol)
    begin = time.perf_counter()
    until = begin + plan.warm + plan.seconds
    if plan.rate:
        source.idle = list(connections)
        pacing = asyncio.create_task(pace(source, until))
    else:
        for connection in connections:
            connection.send(begin)
    await asyncio.sleep(plan.warm)
    tally.counting, start = True, time.perf_counter()
    await asyncio.sleep(plan.seconds)
    tally.counting, end = False, time.perf_counter()
    took, answered = end - start, len(tally.latencies)
    tally.stopped = True
    if plan.rate:  # what is still due has waited at least as long as this
        due = [*source.waiting, *(each.since for each in connections if each.busy)]
        tally.latencies += [end - since for since in due if since < end]
    if plan.rate:
        await pacing
    still = [c for c in connections if c.busy]
    for connection in connections:
        if not connection.busy:
            connection.transport.close()
    if still:
        await asyncio.wait([c.lost for c in still], timeout=10)
    lat = sorted(tally.latencies)
    at = lambda q: lat[min(len(lat) - 1, int(len(lat) * q))] * 1e3 if lat else 0.0  # noqa: E731
    return {
        "rate": answered / took,
        "lines": tally.good_lines / took,
        "bad_lines": tally.bad_lines,
        "statuses": {str(k): v for k, v in tally.statuses.items()},
        "p50": at(0.50),
        "p99": at(0.99),
        "p999": at(0.999),
        "longest": lat[-1] * 1e3 if lat else 0.0,
        "late": len(source.waiting),
        "cpu_us": time.process_time() / max(1, source.count) * 1e6,
        "sent": source.count,
        "wrong": tally.wrong,
    }


async def _stalling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers at once, but nobody for half a second out of every two."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.split(b"content-length: ")[1].split(b"\r")[0])
        await reader.readexactly(size)
        into = time.perf_counter() % 2
        if into < 0.5:
            await asyncio.sleep(0.5 - into)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


async def _prove() -> None:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await _stalling(reader, writer)
        writer.close()

    server = await asyncio.start_server(served, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    print("a server that answers nobody for a quarter of the time; ms")
    for name, rate in (("closed loop", 0.0), ("open loop, 400/s", 400.0)):
        plan = Plan(path="/", body="{}", connections=4, seconds=6, rate=rate)
        told = await run(port, plan)
        print(
            f"{name:20} p50 {told['p50']:7.2f}  p99 {told['p99']:7.1f}  longest {told['longest']:7.1f}"
        )
    server.close()


def main() -> None:
    if sys.argv[1:] == ["--prove"]:
        uvloop.run(_prove())
        return
    plan = msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=Plan)
    print(json.dumps(uvloop.run(run(int(sys.argv[1]), plan))))


if __name__ == "__main__":
    main()
