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
import selectors
import socket
import sys
import time
from collections import deque
from pathlib import Path
from typing import Final

import msgspec

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

    def note(self, answer: bytes, took: float) -> None:
        status = int(answer[9:12])
        if status >= 300 and not self.wrong:
            told = answer.partition(b"\r\n\r\n")[2]
            self.wrong = told.decode("utf-8", "replace").strip()[:200]
        if not self.counting:
            return
        if status < 300:
            self.latencies.append(took)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if answer.endswith(b"\r\n0\r\n\r\n"):  # a streamed answer: a batch
            good = answer.count(b'"status":201')
            self.good_lines += good
            self.bad_lines += answer.count(b'"status":') - good


class Connection:
    """One connection, one request at a time."""

    __slots__ = ("busy", "rest", "since", "socket", "token", "unsent")

    def __init__(self, port: int, token: str) -> None:
        self.token = f"authorization: Bearer {token}\r\n".encode() if token else b""
        self.socket = socket.create_connection((HOST, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.rest = self.unsent = b""
        self.since = 0.0
        self.busy = False

    def write(self, data: bytes) -> bool:
        """Send what the kernel takes; whether that was all."""
        try:
            sent = self.socket.send(data)
        except BlockingIOError:
            sent = 0
        self.unsent = data[sent:]
        return not self.unsent

    def read(self) -> bytes:
        """One answer, once it is whole; until then nothing.

        Raises:
            ConnectionError: the server closed.
        """
        try:
            data = self.socket.recv(262_144)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError("the server closed a connection")
        if self.rest:
            data = self.rest + data
        if not _whole(data):
            self.rest = data
            return b""
        self.rest = b""
        return data


def _whole(data: bytes) -> bool:
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return False
    length = data.find(b"content-length: ", 0, head)
    if length < 0:
        return data.endswith(b"\r\n0\r\n\r\n")
    return len(data) >= head + 4 + int(data[length + 16 : data.index(b"\r", length)])


class Source:
    """Makes requests."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.count = 0
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


class Load:
    """All connections of one run, served by one loop over the kernel's list of those that are ready.

    No event loop of a library stands between: the generator shares two cores with what it measures.
    """

    def __init__(self, port: int, plan: Plan) -> None:
        self.plan = plan
        self.source = Source(plan)
        self.tally = Tally()
        self.waiting: deque[float] = deque()  # due, and no connection was free
        tokens = plan.tokens or ("",)
        self.all = [Connection(port, tokens[n % len(tokens)]) for n in range(plan.connections)]
        self.idle = list(self.all)
        self.ready = selectors.DefaultSelector()
        for each in self.all:
            self.ready.register(each.socket, selectors.EVENT_READ, each)

    def send(self, connection: Connection, since: float) -> None:
        connection.since, connection.busy = since, True
        if not connection.write(self.source.request(connection.token)):
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            self.ready.modify(connection.socket, both, connection)

    def turn(self, timeout: float) -> None:
        """Take what came, and send what is next."""
        for key, events in self.ready.select(timeout):
            connection: Connection = key.data
            if events & selectors.EVENT_WRITE and connection.write(connection.unsent):
                self.ready.modify(connection.socket, selectors.EVENT_READ, connection)
            if events & selectors.EVENT_READ and (answer := connection.read()):
                now = time.perf_counter()
                connection.busy = False
                self.tally.note(answer, now - connection.since)
                self.free(connection, now)

    def free(self, connection: Connection, now: float) -> None:
        if self.tally.stopped:
            return
        if not self.plan.rate:
            self.send(connection, now)
        elif self.waiting:
            self.send(connection, self.waiting.popleft())
        else:
            self.idle.append(connection)

    def until(self, end: float, due: float) -> float:
        """Go on to a moment; in an open loop the next request is due at ``due``, which moves on."""
        step = 1 / self.plan.rate if self.plan.rate else 0.0
        while (now := time.perf_counter()) < end:
            while step and due <= now:
                if self.idle:
                    self.send(self.idle.pop(), due)
                else:
                    self.waiting.append(due)
                due += step
            self.turn(max(0.0, min(end, due if step else end) - now))
        return due

    def close(self) -> None:
        """Let what is under way be answered, ten seconds at most."""
        patience = time.perf_counter() + 10
        while any(each.busy for each in self.all) and time.perf_counter() < patience:
            self.turn(0.1)
        for each in self.all:
            each.socket.close()
        self.ready.close()


def run(port: int, plan: Plan) -> dict[str, object]:
    load = Load(port, plan)
    tally = load.tally
    begin = time.perf_counter()
    if not plan.rate:
        load.idle = []
        for connection in load.all:
            load.send(connection, begin)
    due = load.until(begin + plan.warm, begin)
    tally.counting, start = True, time.perf_counter()
    load.until(start + plan.seconds, due)
    tally.counting, end = False, time.perf_counter()
    took, answered = end - start, len(tally.latencies)
    tally.stopped = True
    if plan.rate:  # what is still due has waited at least as long as this
        still = [*load.waiting, *(each.since for each in load.all if each.busy)]
        tally.latencies += [end - since for since in still if since < end]
    load.close()
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
        "late": len(load.waiting),
        "cpu_us": time.process_time() / max(1, load.source.count) * 1e6,
        "sent": load.source.count,
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
        told = await asyncio.to_thread(run, port, plan)
        print(
            f"{name:20} p50 {told['p50']:7.2f}  p99 {told['p99']:7.1f}  longest {told['longest']:7.1f}"
        )
    server.close()


def main() -> None:
    if sys.argv[1:] == ["--prove"]:
        asyncio.run(_prove())
        return
    plan = msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=Plan)
    print(json.dumps(run(int(sys.argv[1]), plan)))


if __name__ == "__main__":
    main()
