"""The shortest way from a socket to the API and back, for calls that arrive in one piece.

A call of ``/v1`` is a few hundred bytes: head and body come in one read of the socket. For these
the server's general way (a scope, a cycle, an event, two messages each way) costs more than the
answer. This protocol is uvicorn's own with one shortcut: a POST under ``/v1/`` whose body is whole
by the end of the read goes to :meth:`~liangming.api.app.Api.direct`, and its answer goes out in one
write. The bytes are parsed by the same parser, and everything unusual takes the general way: a body
that comes in pieces, an expectation, an upgrade, a query, an old version, a connection to be
closed, a client that does not read, a call behind another, an answer that is a stream.

The door is chosen by path, before any framework's middleware.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from liangming.api.app import Api, headers_of
from liangming.api.call import Call
from liangming.api.reply import Reply

_UNDER: Final = b"/v1/"
_STATUS: Final = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus
}


class _Turn:
    """What the general way knows as a cycle, as far as it looks at one while ours is under way."""

    __slots__ = (
        "body",
        "disconnected",
        "keep_alive",
        "message_event",
        "more_body",
        "response_complete",
    )

    def __init__(self) -> None:
        self.body = bytearray()
        self.more_body = True
        self.keep_alive = True
        self.disconnected = False
        self.response_complete = False
        self.message_event = _NOBODY


class _Nobody:
    """An event for which nobody waits."""

    def set(self) -> None:
        """Nothing to wake."""


_NOBODY: Final = _Nobody()


def wire(api: Api) -> type[asyncio.Protocol]:
    """The protocol class of a server in front of this API."""

    class Wire(_Wire):
        door = api

    return Wire


class _Wire(HttpToolsProtocol):
    door: Api
    _candidate: _Turn | None = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if (
            self._candidate is not None and not self.transport.is_closing()
        ):  # the rest of its body is still to come
            self._give_up(self._candidate)

    def on_headers_complete(self) -> None:
        if not self._fits():
            super().on_headers_complete()
            return
        self._candidate = turn = _Turn()
        self.cycle = turn  # type: ignore[assignment]

    def on_message_complete(self) -> None:
        turn = self._candidate
        if turn is None:
            super().on_message_complete()
            return
        self._candidate = None
        turn.more_body = False
        scope = {"type": "http", "method": "POST", "path": self.url.decode("ascii")}
        call = Call({**scope, "headers": self.headers}, _gone)
        call.body = bytes(turn.body)
        task = self.loop.create_task(self._answer(turn, scope, call))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def _fits(self) -> bool:
        """Whether this call may take the short way, if its body is whole."""
        url = self.url
        return (
            url.startswith(_UNDER)
            and (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self.expect_100_continue
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and not self.parser.should_upgrade()
            and self.door.is_short(url.decode("latin-1"))
        )

    def _give_up(self, turn: _Turn) -> None:
        """Go on the general way with what came so far."""
        self._candidate = None
        self.cycle = None  # type: ignore[assignment]
        super().on_headers_complete()
        if turn.body:
            super().on_body(bytes(turn.body))

    async def _answer(self, turn: _Turn, scope: dict[str, Any], call: Call) -> None:
        try:
            reply = await self.door.direct(scope, call)
            closes = reply.closes or not turn.keep_alive
            if not turn.disconnected:
                self.transport.write(self._written(reply, close=closes))
        except BaseException:
            self.transport.close()
            raise
        turn.response_complete = True
        if closes:
            self.transport.close()
        self.on_response_complete()

    def _written(self, reply: Reply, *, close: bool) -> bytes:
        lines = [_STATUS[reply.status]]
        for name, value in (*self.server_state.default_headers, *headers_of(reply)):
            lines += (name, b": ", value, b"\r\n")
        if close and not reply.closes:
            lines.append(b"connection: close\r\n")
        lines += (b"\r\n", reply.body)
        return b"".join(lines)


async def _gone() -> dict[str, Any]:
    return {"type": "http.disconnect"}
