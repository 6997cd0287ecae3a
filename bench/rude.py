"""Clients that misbehave, for bench/load.py: what do the others notice of them?

    python bench/rude.py PORT TOKEN SECONDS [--pause 1] [--devices FILE] [--whole BODY --first N] [--only KIND]

All at once, on loopback and bounded: 200 that send half a body and stall (again, when they are let
go); 50 that send calls and read nothing, 500 that read one byte a second; 4 that announce and begin a body of 100 MB, 4
that send invalid UTF-8 and broken JSON, 8 that send two calls under one key at the same moment,
each again and again; and 24 devices whose clocks are days behind or ahead, or leap (bench/devices.py), where
the house has them. Says one line three seconds after all have begun.

Only when asked for, because they are real work as well: ``badline``, two that send batches of 2,500 checks with one
bad line in the middle, and ``goodlines``, the same without it; ``racing``, four that send one check eight
times at once, on connections of their own, under one key. Each answer of these is looked at.

A client comes again a pause of a second after it was let go: what is measured is misbehaviour, not a flood, which
the pace of its key bounds (2,000 calls a second).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.devices import Skewed, wrongly
from bench.generator import number

STALLED, DEAF, SLOW, HUGE, BROKEN, TWINS = 200, 50, 500, 4, 4, 8
BATCHES, LINES, RACERS, AT_ONCE = 2, 2_500, 4, 8
SETTLE = 3.0


class Rude:
    def __init__(
        self,
        port: int,
        token: str,
        until: float,
        pause: float = 1.0,
        devices: str = "",
        whole: str = "",
        first: int = 0,
    ) -> None:
        self.port = port
        self.whole, self.next = whole.encode(), first
        self.token = token
        self.until = until
        self.pause = pause
        held = json.loads(Path(devices).read_bytes()) if devices else {"token": "", "ids": []}
        self.speaks = held["token"]
        self.devices = [Skewed(n, device) for n, device in enumerate(held["ids"])]
        self.events = self.wrong = 0
        self.begun = 0
        self.times: Counter[str] = Counter()
        self.told: Counter[str] = Counter()

    def head(
        self, length: int, *more: str, way: str = "whole", media: str = "application/json"
    ) -> bytes:
        lines = [
            f"POST /v1/checks:{way} HTTP/1.1",
            "host: 127.0.0.1",
            f"authorization: Bearer {self.token}",
            f"content-type: {media}",
            f"content-length: {length}",
            *more,
        ]
        return "\r\n".join([*lines, "", ""]).encode()

    async def each(self, deed) -> None:
        """Do it again and again on new connections."""
        begun = False
        while time.monotonic() < self.until:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                if not begun:
                    begun = True
                    self.begun += 1
                self.times[deed.__name__] += 1
                try:
                    await deed(reader, writer)
                finally:
                    writer.transport.abort()
            await asyncio.sleep(self.pause)

    async def stall(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.head(500) + b'{"scene":')
        await reader.read()

    async def deaf(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()
        for _ in range(20):
            writer.write((self.head(2) + b"[]") * 5)
            await asyncio.sleep(0.25)

    async def slow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()
        lines = ["GET /v1/openapi.json HTTP/1.1", "host: 127.0.0.1"]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        for _ in range(30):
            await asyncio.sleep(1)
            writer.transport.resume_reading()
            await reader.read(1)
            writer.transport.pause_reading()

    async def twins(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The same broken promise twice at once: a key with two bodies."""
        key = f"idempotency-key: twin-{self.times['twins']:08}"
        for body in (b'{"a":1}', b'{"a":2}'):
            writer.write(self.head(len(body), key) + body)
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")

    async def broken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for body in (b"\xff\xfe\xfd", b'{"scene":"shili-counter"', b"[[[[", b'{"a":1}'):
            writer.write(self.head(len(body)) + body)
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.02)

    async def huge(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.head(100 << 20) + b" " * 100_000)
        await reader.read()

    def check(self) -> bytes:
        """A whole check of somebody who was not there before."""
        self.next += 1
        return self.whole.replace(b"{number}", number(self.next))

    async def batch(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, wrong: bool
    ) -> None:
        lines = [self.check() for _ in range(LINES)]
        if wrong:
            lines[LINES // 2] = b'{"scene":\xff'
        body = b"\n".join(lines)
        media = "application/x-ndjson"
        writer.write(self.head(len(body), "connection: close", way="batch", media=media) + body)
        answer = await reader.read(-1)
        self.told["lines that landed"] += answer.count(b'"status":201')
        self.told["lines refused"] += answer.count(b'"status":400')

    async def badline(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.batch(reader, writer, wrong=True)

    async def goodlines(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.batch(reader, writer, wrong=False)

    async def racing(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One check under one key on several connections at the same moment, once more and again."""
        all_of_them = [(reader, writer)]
        try:
            while len(all_of_them) < AT_ONCE:
                all_of_them.append(await asyncio.open_connection("127.0.0.1", self.port))
            for _ in range(10):
                body = self.check()
                call = self.head(len(body), f"idempotency-key: race-{self.next:012}") + body
                for _, out in all_of_them:
                    out.write(call)
                for back, _ in all_of_them:
                    head = await back.readuntil(b"\r\n\r\n")
                    size = head.lower().split(b"content-length: ")[1].split(b"\r")[0]
                    await back.readexactly(int(size))
                    self.told[f"racers {head[9:12].decode()}"] += 1
                await asyncio.sleep(self.pause)
        finally:
            for _, out in all_of_them[1:]:
                out.transport.abort()

    async def skewed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        device = self.devices.pop()  # whoever speaks as it now
        lines, wanted = device.call()
        lines_head = [
            "POST /v1/device-events HTTP/1.1",
            "host: 127.0.0.1",
            f"authorization: Bearer {self.speaks}",
            "content-type: application/x-ndjson",
            f"content-length: {len(lines)}",
            "connection: close",
        ]
        try:
            writer.write("\r\n".join([*lines_head, "", ""]).encode() + lines)
            head = await reader.readuntil(b"\r\n\r\n")
            answer = b""
            if b"content-length: " in head:
                answer = await reader.readexactly(
                    int(head.split(b"content-length: ")[1].split(b"\r")[0])
                )
            else:
                while size := int(await reader.readuntil(b"\r\n"), 16):
                    answer += await reader.readexactly(size)
                    await reader.readexactly(2)
            self.events += len(wanted)
            self.wrong += wrongly(answer, wanted)
        except (asyncio.IncompleteReadError, OSError, ValueError):
            device.last = []  # nobody knows what became of them
            raise
        finally:
            self.devices.insert(0, device)

    async def run(self, only: str = "") -> None:
        many = {
            self.stall: STALLED, self.deaf: DEAF, self.slow: SLOW, self.broken: BROKEN,
            self.huge: HUGE, self.twins: TWINS, self.skewed: len(self.devices),
        }  # fmt: skip
        if only:
            many |= {self.badline: BATCHES, self.goodlines: BATCHES, self.racing: RACERS}
            many = {deed: count for deed, count in many.items() if deed.__name__ == only}
        deeds = [deed for deed, count in many.items() for _ in range(count)]
        tasks = [asyncio.create_task(self.each(deed)) for deed in deeds]
        while self.begun < len(deeds) and time.monotonic() < self.until:  # noqa: ASYNC110  (a number grows)
            await asyncio.sleep(0.05)
        await asyncio.sleep(SETTLE)  # the first of all of them at once is a flood
        print(f"{self.begun} of {len(deeds)} rude clients are there", flush=True)
        await asyncio.gather(*tasks, return_exceptions=True)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("port", type=int)
    parser.add_argument("token")
    parser.add_argument("seconds", type=float)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--devices", default="", help="devices.json of a house")
    parser.add_argument(
        "--only", default="", help="stall, deaf, slow, broken, huge, twins, skewed …"
    )
    parser.add_argument("--whole", default="", help="a whole check, with {number}")
    parser.add_argument("--first", type=int, default=0, help="where its numbers begin")
    said = parser.parse_args()
    until = time.monotonic() + said.seconds
    rude = Rude(said.port, said.token, until, said.pause, said.devices, said.whole, said.first)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    begin = time.perf_counter()
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(said.seconds + 1):
            await rude.run(said.only)
    took = time.perf_counter() - begin
    done = ", ".join(f"{name} {n / took:.0f}/s" for name, n in rude.times.items())
    done += "".join(f"; {name} {n}" for name, n in rude.told.items())
    events = f"; {rude.events} lines of devices, {rude.wrong} told wrongly" if rude.events else ""
    print(f"{done}; {time.process_time() / took:.0%} of a core{events}", flush=True)


if __name__ == "__main__":
    uvloop.run(main())  # it shares the cores with what it measures
