"""Clients that misbehave, for bench/load.py: what do the others notice of them?

    python bench/rude.py PORT TOKEN SECONDS

All at once, on loopback and bounded: 200 that send half a body and stall (again, when they are let
go); 50 that send calls and read nothing; one after another a body of 100 MB that is announced and
begun, invalid UTF-8 and broken JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time

STALLED, DEAF = 200, 50


class Rude:
    def __init__(self, port: int, token: str, until: float) -> None:
        self.port = port
        self.token = token
        self.until = until

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
        while time.monotonic() < self.until:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    await deed(reader, writer)
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.02)

    async def stall(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.head(500) + b'{"scene":')
        await reader.read()

    async def deaf(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()
        for _ in range(20):
            writer.write((self.head(2) + b"[]") * 5)
            await asyncio.sleep(0.25)

    async def broken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for body in (b"\xff\xfe\xfd", b'{"scene":"shili-counter"', b"[[[[", b'{"a":1}'):
            writer.write(self.head(len(body)) + body)
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.02)

    async def huge(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.head(100 << 20) + b" " * 100_000)
        await reader.read()

    async def run(self) -> None:
        deeds = [self.stall] * STALLED + [self.deaf] * DEAF + [self.broken] * 4 + [self.huge] * 4
        await asyncio.gather(*(self.each(deed) for deed in deeds), return_exceptions=True)


async def main() -> None:
    port, token, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds + 1):
            await Rude(port, token, time.monotonic() + seconds).run()


if __name__ == "__main__":
    asyncio.run(main())
