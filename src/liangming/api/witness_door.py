"""A witness's door: ``POST /add-checkpoint`` (c2sp.org/tlog-witness), and nothing else to write.

``GET /`` says in plain text who the witness is and what it has seen, so that a person can look.
The door translates; :class:`liangming.ledger.WitnessDesk` judges. Nothing here knows a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any, Final

from liangming.errors import LiangmingError
from liangming.ledger.witness import PLAIN, Answer, WitnessDesk

Send = Callable[[Any], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]

LARGEST: Final = 64 * 1024  # 63 hashes and a note with a dozen signatures of either kind
PATH: Final = "/add-checkpoint"
SECONDS: Final = 10.0  # for a body to arrive


class WitnessDoor:
    """An ASGI application over one witness.

    Args:
        desk: who judges.
        about: the text of the front page.
        now: the present moment.
    """

    def __init__(
        self, desk: WitnessDesk, about: Callable[[], str], now: Callable[[], datetime]
    ) -> None:
        self._desk = desk
        self._about = about
        self._now = now

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path, method = scope["path"], scope["method"]
        if path == PATH:
            await _answer(send, await self._add(receive) if method == "POST" else _ONLY_POST)
        elif path == "/" and method in ("GET", "HEAD"):
            text = await asyncio.to_thread(self._about)
            await _answer(send, Answer(200, text.encode()), head=method == "HEAD")
        else:
            await _answer(send, Answer(404))

    async def _add(self, receive: Receive) -> Answer:
        try:
            async with asyncio.timeout(SECONDS):
                body = await _body(receive)
        except TimeoutError:
            return Answer(408)
        if body is None:
            return Answer(413)
        try:
            return await asyncio.to_thread(self._desk.add_checkpoint, body, self._now())
        except LiangmingError:  # its memory cannot be read or written just now: sign nothing
            return Answer(503)


_ONLY_POST: Final = Answer(405)


async def _body(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > LARGEST:
            return None
        if not message.get("more_body"):
            return bytes(body)


async def _answer(send: Send, answer: Answer, *, head: bool = False) -> None:
    headers = [
        (b"content-type", (answer.media_type or PLAIN).encode()),
        (b"content-length", str(len(answer.body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if answer.status == 405:  # noqa: PLR2004
        headers.append((b"allow", b"POST"))
    if answer.status == 503:  # noqa: PLR2004
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.body})
