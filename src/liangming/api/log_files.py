"""The log's public files under ``/log/``: what a verifier needs, read-only, and nothing else.

Paths and headers follow c2sp.org/tlog-tiles. A path that is not written exactly as the standard
writes it does not exist; so nothing outside the log, and none of its own stages, can be named.
These files hold no personal data (docs/spec/leaf.md), so they carry no key and any site may read.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from liangming.errors import LiangmingError
from liangming.ledger import Absent, TileStore

Send = Callable[[Any], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

PREFIX: Final = "/log/"
CHECKPOINT: Final = "checkpoint"
_NUMBER: Final = r"/(?!x000/)(?:x[0-9]{3}/){0,5}[0-9]{3}"  # in groups of three, none to spare
_HEAD: Final = re.compile(r"heads" + _NUMBER)  # one that was published before
_TILE: Final = re.compile(
    r"tile/(?:entries|[0-9]|[1-5][0-9]|6[0-3])"  # level 0 to 63, or entries
    + _NUMBER
    + r"(?P<partial>\.p/(?:[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"  # width 1 to 255
)

TEXT: Final = (b"content-type", b"text/plain; charset=utf-8")
BYTES: Final = (b"content-type", b"application/octet-stream")
FRESH: Final = (b"cache-control", b"no-cache")
# A partial tile's bytes never change either, but it goes away once the full one is there.
A_DAY: Final = (b"cache-control", b"public, max-age=86400")
FOR_EVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")
_ALWAYS: Final[Headers] = (
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
)


def headers_of(path: str) -> Headers | None:
    """Media type and caching of a path below ``/log/``; None when there is no such path."""
    if path == CHECKPOINT:
        return (TEXT, FRESH)
    if _HEAD.fullmatch(path):
        return (TEXT, FOR_EVER)
    found = _TILE.fullmatch(path)
    if found is None:
        return None
    return (BYTES, A_DAY if found["partial"] else FOR_EVER)


class LogFiles:
    """An ASGI application over the files of one log."""

    def __init__(self, tiles: TileStore) -> None:
        self._tiles = tiles

    async def __call__(
        self, scope: MutableMapping[str, Any], _receive: Callable[[], Awaitable[Any]], send: Send
    ) -> None:
        """Answer GET and HEAD; 404 for what is not there, 503 when the disk does not answer."""
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, ((b"allow", b"GET, HEAD"), FRESH))
            return
        path: str = scope["path"].removeprefix(PREFIX)
        headers = headers_of(path)
        if headers is None:
            await _answer(send, 404, (FRESH,))
            return
        try:
            body = await asyncio.to_thread(self._tiles.get, path)
        except Absent:
            await _answer(send, 404, (FRESH,))
        except LiangmingError:
            await _answer(send, 503, (FRESH, (b"retry-after", b"5")))
        else:
            await _answer(send, 200, headers, body, head=scope["method"] == "HEAD")


async def _answer(
    send: Send, status: int, headers: Headers, body: bytes = b"", *, head: bool = False
) -> None:
    size = (b"content-length", str(len(body)).encode())
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [*headers, *_ALWAYS, size]})
    await send({"type": "http.response.body", "body": b"" if head else body})
