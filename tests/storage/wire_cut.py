"""A line to PostgreSQL that breaks at the moment that matters: just before a commit, or just after.

A relay on loopback that reads the protocol. *Not written*: the commit never reaches the server, which
then rolls back. *But written*: the server commits, and its word never reaches the client. *Not ashore*: it has
committed and said so, and the wait for the disk never reaches it. That wait can also be held up.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

WRITES = re.compile(rb"\b(INSERT INTO|UPDATE|DELETE FROM)\b")
SHORE = b"pg_logical_emit_message"
SSL_REQUEST = 80_877_103


@dataclass
class Cut:
    """The line.

    Attributes:
        url: where clients connect.
        how: what happens at the next commit; empty: nothing. It happens once.
        done: how many times it happened.
        tide: who waits for the disk goes on; cleared, they are held up here.
        waiting: as many are.
    """

    url: str = ""
    how: str = ""
    done: int = 0
    tide: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def take(self, *, ashore: bool) -> str:
        if ashore != (self.how == "not ashore"):
            return ""
        how, self.how = self.how, ""
        self.done += bool(how)
        return how


class _Line:
    """One client, one connection to the server."""

    def __init__(
        self,
        cut: Cut,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._cut = cut
        self._from_client, self._to_client = client
        self._from_server, self._to_server = server
        self._texts: dict[bytes, bytes] = {}  # of prepared statements
        self._writing = False  # a statement that writes was sent and not yet made durable
        self._in_transaction = False
        self._deaf = False  # the server's next word is not passed on

    def break_off(self) -> None:
        for writer in (self._to_client, self._to_server):
            writer.transport.abort()

    async def upward(self) -> None:
        """From the client to the server."""
        while True:  # before the first message proper: lengths without a type
            length = await self._from_client.readexactly(4)
            body = await self._from_client.readexactly(int.from_bytes(length, "big") - 4)
            self._to_server.write(length + body)
            if int.from_bytes(body[:4], "big") != SSL_REQUEST:
                break
            self._to_client.write(await self._from_server.readexactly(1))
        answering = asyncio.create_task(self._downward())
        try:
            while True:
                kind, body = await _message(self._from_client)
                ashore = kind == b"Q" and SHORE in body
                if ashore and not self._cut.tide.is_set():
                    self._cut.waiting.release()
                    await self._cut.tide.wait()
                if (ashore or self._commits(kind, body)) and (how := self._cut.take(ashore=ashore)):
                    if how != "but written":
                        return
                    self._deaf = True
                self._to_server.write(kind + (len(body) + 4).to_bytes(4, "big") + body)
                await self._to_server.drain()
        finally:
            if self._deaf:
                await answering  # the server has committed, and says so to nobody
            answering.cancel()

    def _commits(self, kind: bytes, body: bytes) -> bool:
        """Whether this message makes a write durable."""
        if kind == b"P":
            name, text, _ = body.split(b"\0", 2)
            self._texts[name] = text
        elif kind == b"B":
            statement = body.split(b"\0", 2)[1]
            self._writing |= WRITES.search(self._texts.get(statement, b"")) is not None
        elif kind == b"Q":
            return body.upper().startswith(b"COMMIT")
        elif kind == b"S" and self._writing:
            self._writing = False
            return not self._in_transaction
        return False

    async def _downward(self) -> None:
        """From the server to the client; what one ends, ends for the other."""
        with suppress(asyncio.IncompleteReadError, OSError):
            await self._passed_on()
        self.break_off()

    async def _passed_on(self) -> None:
        while True:
            kind, body = await _message(self._from_server)
            if kind == b"Z":
                self._in_transaction = body != b"I"
            if self._deaf:
                if kind == b"Z":
                    return
                continue
            self._to_client.write(kind + (len(body) + 4).to_bytes(4, "big") + body)
            await self._to_client.drain()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readexactly(5)
    return head[:1], await reader.readexactly(int.from_bytes(head[1:], "big") - 4)


@asynccontextmanager
async def cutting(url: str) -> AsyncIterator[Cut]:
    """A line to the database of this address."""
    parts = urlsplit(url)
    cut = Cut()
    cut.tide.set()
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        server = await asyncio.open_connection(parts.hostname, parts.port)
        line = _Line(cut, (reader, writer), server)
        with suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            await line.upward()
        line.break_off()
        running.discard(task)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    cut.url = urlunsplit(parts._replace(netloc=f"postgres@127.0.0.1:{port}"))
    try:
        yield cut
    finally:
        listening.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
