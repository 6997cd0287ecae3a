"""What goes back: one plain value, sent in one place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from liangming.api.language import Language

JSON: Final = b"application/json"
NDJSON: Final = b"application/x-ndjson"
PROBLEM: Final = b"application/problem+json"
HTML: Final = b"text/html; charset=utf-8"
TEXT: Final = b"text/plain; version=0.0.4; charset=utf-8"

Header = tuple[bytes, bytes]

encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Reply:
    """A status, a body or a stream of parts, and what headers it needs besides the usual ones."""

    status: int
    body: bytes = b""
    media: bytes = JSON
    language: Language | None = None
    headers: tuple[Header, ...] = ()
    parts: AsyncGenerator[bytes, None] | None = None
    release: Callable[[], None] | None = None
    bounded: Callable[[], asyncio.Timeout] | None = None  # the time of who reads the stream
    request: str = ""  # the id of the call, for the header
    spent: bool = False  # a refusal that counts towards a rest (:mod:`liangming.api.rest`)
    simulated: bool = False  # made with stand-ins; the answer says so

    @property
    def closes(self) -> bool:
        """Whether the connection ends with this answer."""
        return (b"connection", b"close") in self.headers

    async def close(self) -> None:
        """Give back what a stream held, whether or not anybody read it."""
        if self.parts is not None:
            await self.parts.aclose()
        if self.release is not None:
            self.release()


def ok(answer: Any, language: Language | None = None, status: int = 200) -> Reply:
    """An answer as JSON."""
    return Reply(status, encode(answer), JSON, language)
