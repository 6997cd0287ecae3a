"""A load generator in a process of its own: keep-alive connections, prepared requests.

    python bench/generator.py PORT PLAN

The plan is a JSON file (:class:`Plan`); one line of JSON with what was measured goes to standard
output. Each connection has one request under way (no pipelining). Closed loop: the next goes out
when the answer is whole. Open loop: requests are due at even steps whatever the server does, and
latency counts from the moment one was due, so a stall is not hidden.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Final

import msgspec
import uvloop

HOST: Final = "127.0.0.1"


class Plan(msgspec.Struct, kw_only=True):
    """What to send.

    Attributes:
        path: where to.
        token: bearer key; none when empty.
        media: content type.
        bodies: a file of request bodies, one a line; ``lines`` of them make one request.
        lines: lines in one request.
        connections: kept open.
        seconds: how long to send after ``warm`` seconds that are not counted.
        rate: requests a second in an open loop; 0: closed loop.
        skip: bodies to pass over, so that several runs send different ones.
        keyed: send an Idempotency-Key with each request.
    """

    path: str
    token: str = ""
    media: str = "application/json"
    bodies: str
    lines: int = 1
    connections: int = 32
    seconds: float = 2.0
    warm: float = 0.3
    rate: float = 0.0
    skip: int = 0
    keyed: str = ""


class Tally:
    """What came back."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.statuses: dict[int, int] = {}
        self.good_lines = 0
        self.bad_lines = 0
        self.counting = False
        self.stopped = False


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, source: Source, tally: Tally) -> None:
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
        self.transport.write(next(self.source))  # type: ignore[union-attr]

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
        self.done(int(data[9:12]), data if length < 0 else b"")

    def done(self, status: int, streamed: bytes) -> None:
        tally, now = self.tally, time.perf_counter()
        self.busy = False
        if tally.counting:
            tally.latencies.append(now - self.since)
            tally.statuses[status] = tally.statuses.get(status, 0) + 1
            if streamed:
                good = streamed.count(b'"status":201')
                tally.good_lines += good
                tally.bad_lines += streamed.count(b'"status":') - good
        self.source.free(self, now)


class Source:
    """Makes requests, and says who sends the next one."""

    def __init__(self, plan: Plan, bodies: list[bytes]) -> None:
        self.plan = plan
        self.bodies = bodies
        self.at = plan.skip
        self.count = 0
        self.waiting: list[float] = []  # due, and no connection was free
        self.idle: list[Connection] = []
        self.tally = Tally()
        bearer = f"authorization: Bearer {plan.token}\r\n" if plan.token else ""
        self.head = (
            f"POST {plan.path} HTTP/1.1\r\nhost: {HOST}\r\n{bearer}content-type: {plan.media}\r\n"
        ).encode()

    def __next__(self) -> bytes:
        lines = self.plan.lines
        begin = self.at % max(1, len(self.bodies) - lines + 1)
        self.at += lines
        self.count += 1
        body = self.bodies[begin] if lines == 1 else b"\n".join(self.bodies[begin : begin + lines])
        key = b""
        if self.plan.keyed:
            key = f"idempotency-key: {self.plan.keyed}-{self.count:012}\r\n".encode()
        return b"%b%bcontent-length: %d\r\n\r\n%b" % (self.head, key, len(body), body)

    def free(self, connection: Connection, now: float) -> None:
        if self.tally.stopped:
            connection.transport.close()  # type: ignore[union-attr]
        elif not self.plan.rate:
            connection.send(now)
        elif self.waiting:
            connection.send(self.waiting.pop(0))
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


async def run(port: int, plan: Plan, bodies: list[bytes]) -> dict[str, object]:
    source = Source(plan, bodies)
    tally = source.tally
    loop = asyncio.get_running_loop()
    connections = []
    for _ in range(plan.connections):
        _, protocol = await loop.create_connection(lambda: Connection(source, tally), HOST, port)
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
    tally.counting, took = False, time.perf_counter() - start
    tally.stopped = True
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
        "rate": len(lat) / took,
        "lines": tally.good_lines / took,
        "bad_lines": tally.bad_lines,
        "statuses": {str(k): v for k, v in tally.statuses.items()},
        "p50": at(0.50),
        "p99": at(0.99),
        "longest": lat[-1] * 1e3 if lat else 0.0,
        "late": len(source.waiting),
        "cpu_us": time.process_time() / max(1, source.count) * 1e6,
    }


def main() -> None:
    plan = msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=Plan)
    bodies = Path(plan.bodies).read_bytes().splitlines()
    print(json.dumps(uvloop.run(run(int(sys.argv[1]), plan, bodies))))


if __name__ == "__main__":
    main()
