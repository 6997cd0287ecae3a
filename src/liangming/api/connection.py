"""A connection apart from its calls: how it keeps us waiting, when it rests, and when it ends.

A connection's silence ends it, and each call begins it anew: one timer for many calls, which looks when it rings how
long it was still, costs less than one for each. Half a head is silence, too, and is bounded in its bytes.

Who is refused again and again, without a pause and with nothing that succeeds between, is read more slowly
(:mod:`liangming.api.rest`). What came meanwhile waits, in the kernel and in the row of its connection, and is answered
in its order. So somebody who sends what is refused and never reads the answers, or tries one key after
another, costs a few answers a second and a connection, and whoever shares that connection with
them behind a proxy waits once, for half a second at most.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final
from weakref import ref

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl

from liangming.api import rest
from liangming.api.app import Api
from liangming.api.call import Call
from liangming.api.crowd import Crowd
from liangming.api.entrance import Entrance
from liangming.api.faults import HEAD_TOO_LARGE, HTTP_MALFORMED
from liangming.api.letterhead import Letterhead
from liangming.api.reply import Reply
from liangming.check.ports import STORE_BUSY
from liangming.errors import LiangmingError, Misuse, Outage

_MOST_HEAD: Final = 1 << 16
"""Bytes of a head that goes on after the first read of it, which is 256 KiB at most."""


class Connection(HttpToolsProtocol):
    """What the server's own protocol knows of a connection, with bounds."""

    door: Api
    letterhead: Letterhead
    crowd: Crowd
    entrance: Entrance
    _me: ref[Connection] | None = None
    _idle_since: float | None = None  # no head came since; until the first, since it is there
    _since = 0.0  # half a call came, the client stopped reading, or its refusals became too many
    _head_since: float | None = None  # when the silence began in which half a head came
    _head_bytes = 0
    _refused = 0  # calls in a row, none long after the one before
    _refused_at = 0.0
    _rest_due = False  # behind the answer that is about to go out
    _rests: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody came in. From where is looked up where somebody asks for it: on the general way."""
        self.connections.add(self)
        self.transport = transport
        self.flow = FlowControl(transport)
        now = self._idle_since = self.loop.time()
        self.entrance.came(self.loop)
        if self.crowd.joined(self, now):
            self._wait(self.timeout_keep_alive)
        else:
            self._turn_away(Outage(STORE_BUSY, retry_after=1))

    def _whence(self) -> None:
        """Both ends of the connection, as a scope tells them."""
        if self.scheme is None:
            self.server = get_local_addr(self.transport)
            self.client = get_remote_addr(self.transport)
            self.scheme = "https" if is_ssl(self.transport) else "http"

    def connection_lost(self, exc: Exception | None) -> None:
        """They went."""
        super().connection_lost(exc)
        self.crowd.left(self)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        if self._rests is not None:
            self._rests.cancel()
            self._rests = None

    def _turn_away(self, failure: LiangmingError) -> None:
        """Answer what is no call, and end the connection."""
        api = self.door
        reply = api.failed(failure, Call("POST", [], gone))
        reply.request = api.lobby.numbers.next()
        servers = self.server_state.default_headers
        self.transport.write(self.letterhead.write(reply, servers, close=True))
        self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (the parser's words say no more)
        """What came is no HTTP."""
        if self.cycle is None or self.cycle.response_complete:
            self._turn_away(Misuse(HTTP_MALFORMED))
        else:  # the call before it is owed the next answer
            self.transport.close()

    def _half(self, more: int) -> None:
        """A head goes on and on: the parser keeps what it has of it, so it is bounded here."""
        if self._head_since != self._idle_since:
            self._head_since, self._head_bytes = self._idle_since, 0
        self._head_bytes += more
        if self._head_bytes > _MOST_HEAD and not self.transport.is_closing():
            self._turn_away(Misuse(HEAD_TOO_LARGE))

    def still(self) -> tuple[int, float] | None:
        """How it keeps us waiting, and since when (:mod:`liangming.api.crowd`)."""
        if self.flow.write_paused:
            return 0, self._since
        if self._rests is not None:
            return 1, self._since
        if self.cycle is not None and not self.cycle.response_complete:
            return (1, self._since) if self.cycle.more_body else None
        return 2, self._idle_since or 0.0

    def let_go(self) -> None:
        """End the connection."""
        self.transport.abort()

    def myself(self) -> ref[Connection]:
        """For the scope of a call, which outlives its connection and must not keep it."""
        if self._me is None:
            self._me = ref(self)
        return self._me

    def cut(self) -> None:
        """End the connection under an answer that nobody reads."""
        if self.cycle is not None:
            self.cycle.disconnected = True
        self.transport.abort()

    def answers(self, reply: Reply) -> None:
        """A call is about to be answered so; who has to wait for the next answer is told."""
        if reply.status < 400:  # noqa: PLR2004
            self._refused = 0
        elif reply.spent:
            now = self.loop.time()
            if now - self._refused_at > rest.FORGOTTEN:
                self._refused = 0
            self._refused += 1
            self._refused_at = now
            if self._refused <= rest.FREE:
                return
            self._rest_due = True
            if self._refused == rest.FREE + 1:
                self._since = now
            if not any(name == b"retry-after" for name, _ in reply.headers):
                reply.headers = (*reply.headers, rest.TOLD)

    def _rested(self) -> bool:
        """Whether it may go on; else it does so by itself, after its rest."""
        if not self._rest_due:
            return True
        self._rest_due = False
        self.flow.pause_reading()
        self._rests = self.loop.call_later(rest.seconds(self._refused), self._awake)
        return False

    def _awake(self) -> None:
        self._rests = None
        if not self.transport.is_closing():
            self._go_on()

    def _go_on(self) -> None:
        """Answer what waits, or read on."""
        raise NotImplementedError

    def _read_on(self) -> None:
        """Nothing waits: silence begins."""
        self.flow.resume_reading()
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._wait(self.timeout_keep_alive)

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._since = self.loop.time()

    def timeout_keep_alive_handler(self) -> None:
        """The time of a silence may be over."""
        self.timeout_keep_alive_task = None
        if self._idle_since is None:
            return  # the next answer begins it
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._wait(left)
        else:
            super().timeout_keep_alive_handler()

    def _unset_keepalive_if_required(self) -> None:
        """A head that is whole does it."""

    def _wait(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )


async def gone() -> dict[str, Any]:
    """What comes after a body that was in hand."""
    return {"type": "http.disconnect"}
