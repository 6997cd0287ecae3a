"""Clients that misbehave, for bench/load.py: what do the others notice of them?

    python bench/rude.py PORT TOKEN SECONDS [PAUSE]

All at once, on loopback and bounded: 200 that send half a body and stall (again, when they are let
go); 50 that send calls and read nothing, 500 that read one byte a second; 4 that announce and begin a body of 100 MB, 4
that send invalid UTF-8 and broken JSON, 8 that send two calls under one key at the same moment,
each again and again. Says one line three seconds after all have begun.

A client comes again PAUSE seconds after it was let go (1): what is measured is misbehaviour, not a flood, which
the pace of its key bounds (2,000 calls a second).
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections import Counter

STALLED, DEAF, SLOW, HUGE, BROKEN, TWINS = 200, 50, 500, 4, 4, 8
SETTLE = 3.0


class Rude:
    def __init__(self, port: int, token: str, until: float, pause: float = 1.0) -> None:
        self.port = port
        self.token = token
        self.until = until
        self.pause = pause
        self.begun = 0
        self.times: Counter[str] = Counter()

    def head(self, length: int, *more: str) -> bytes:
        lines = [
            "POST /v1/checks:whole HTTP/1.1",
            "host: 127.0.0.1",
            f"authorization: Bearer {self.token}",
            "content-type: application/json",
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

    async def run(self) -> None:
        many = {
            self.stall: STALLED, self.deaf: DEAF, self.slow: SLOW, self.broken: BROKEN,
            self.huge: HUGE, self.twins: TWINS,
        }  # fmt: skip
        deeds = [deed for deed, count in many.items() for _ in range(count)]
        tasks = [asyncio.create_task(self.each(deed)) for deed in deeds]
        while self.begun < len(deeds) and time.monotonic() < self.until:  # noqa: ASYNC110  (a number grows)
            await asyncio.sleep(0.05)
        await asyncio.sleep(SETTLE)  # the first of all of them at once is a flood
        print(f"{self.begun} of {len(deeds)} rude clients are there", flush=True)
        await asyncio.gather(*tasks, return_exceptions=True)


async def main() -> None:
    port, token, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    pause = float(sys.argv[4]) if len(sys.argv) > 4 else 1.0
    rude = Rude(port, token, time.monotonic() + seconds, pause)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    begin = time.perf_counter()
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(seconds + 1):
            await rude.run()
    took = time.perf_counter() - begin
    done = ", ".join(f"{name} {n / took:.0f}/s" for name, n in rude.times.items())
    print(f"{done}; {time.process_time() / took:.0%} of a core", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
