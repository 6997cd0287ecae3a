"""The shortest way from a socket to the API and back, for calls that arrive in one piece.

A call of ``/v1`` is a few hundred bytes: head and body come in one read of the socket. For these
the server's general way (a scope, a cycle, an event, two messages each way) costs more than the
answer. This protocol is uvicorn's own with two shortcuts. A POST under ``/v1/`` whose body is whole
by the end of the read goes to :meth:`~liangming.api.app.Api.direct`, and its answer goes out in one
write; a whole check goes with all that came in the same turn of the loop
(:mod:`liangming.api.turns`). The bytes are parsed by the same parser, but for a head that it parsed on this
connection before (:mod:`liangming.api.heads`), and everything unusual takes the
general way: a body that comes in pieces, an expectation, an upgrade, a query, an old version, a
connection to be closed, a client that does not read, an answer that is a stream. A call behind another
waits until that one is answered, and until its client has read. What a connection does apart from its calls stands in
:mod:`liangming.api.connection`.

The door is chosen by path, before any framework's middleware.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from liangming.api.app import LINE, Api
from liangming.api.call import Call
from liangming.api.connection import Connection, gone
from liangming.api.crowd import Crowd
from liangming.api.entrance import Entrance
from liangming.api.gathering import Gathering
from liangming.api.heads import Head
from liangming.api.letterhead import Letterhead
from liangming.api.reply import Reply
from liangming.api.short_cycle import ShortCycle
from liangming.api.turns import WHOLE_PATH, Turns

_UNDER: Final = b"/v1/"
_HEADS: Final = 4  # heads that a connection may teach; one whose heads never come again is parsed


def wire(api: Api, most: int = 10_000, entrance: Entrance | None = None) -> type[asyncio.Protocol]:
    """The protocol class of a server in front of this API, with so many connections at most."""

    class Wire(_Wire):
        door = api
        turns = Turns(api)
        letterhead = Letterhead()
        crowd = Crowd(most)

    Wire.entrance = entrance or Entrance()
    return Wire


class _Wire(Connection):
    turns: Turns
    _candidate: ShortCycle | None = None
    _held = False  # the next call waits until the client reads
    _between = True  # the parser has the whole of what it began
    _head: Head | None = None
    _gathering: Gathering | None = None
    _heads = 0

    def data_received(self, data: bytes) -> None:
        before: Any = self.cycle
        between = self._between
        if (
            between
            and self._head is not None
            and (before is None or before.response_complete)
            and not self.flow.write_paused
            and (known := self._head.read(data)) is not None
        ):
            self._idle_since = None
            cycle = ShortCycle(self, WHOLE_PATH, joined=True)
            self.cycle = cycle  # type: ignore[assignment]
            self._came(cycle, Call.again(self._head, known[0], gone, known[1]))
            return
        super().data_received(data)
        if (
            self._candidate is not None and not self.transport.is_closing()
        ):  # the rest of its body is still to come
            self._give_up(self._candidate)
        elif between and self._between and self.cycle is not before:
            self._learn(data, self.cycle)
        elif not between and not self._between and self._idle_since is not None:
            ours: Any = self.cycle
            if ours is None or not ours.more_body:  # else the rest of a body that nobody waits for
                self._half(len(data))

    def _learn(self, data: bytes, cycle: Any) -> None:
        """Remember the head of a whole check, where it was all that came."""
        if self._heads >= _HEADS or not isinstance(cycle, ShortCycle):
            return
        if cycle.joined and cycle.keep_alive:
            self._heads += 1
            head = data[: len(data) - len(cycle.body)]
            self._head = Head.of(head, self.url, self.headers) or self._head

    def on_message_begin(self) -> None:
        # The scope is made where one is needed: on the general way.
        self._between = False
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        self._idle_since = None
        cycle = self._short()
        if cycle is None:
            self._general()
            return
        self._candidate = cycle
        self.cycle = cycle  # type: ignore[assignment]

    def on_body(self, body: bytes) -> None:
        cycle = self._candidate
        if cycle is None:
            super().on_body(body)
        else:
            cycle.body = cycle.body + body if cycle.body else body

    def on_message_complete(self) -> None:
        self._between = True
        cycle = self._candidate
        if cycle is None:
            super().on_message_complete()
            return
        self._candidate = None
        self._came(cycle, Call("POST", self.headers, gone, body=cycle.body))

    def _came(self, cycle: ShortCycle, call: Call) -> None:
        """A call is whole: it begins, or waits for the one before it."""
        cycle.more_body = False
        cycle.begin(call)
        before, cycle.before = cycle.before, None
        if (before is None or before.response_complete) and self._rests is None:
            self._begin(cycle)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, self.app))  # type: ignore[arg-type]

    def _begin(self, cycle: ShortCycle) -> None:
        if cycle.joined:
            self.turns.take(cycle, self.loop, self.tasks)
        else:
            self.start(cycle)

    def start(self, cycle: ShortCycle) -> None:
        """Answer a call in a task of its own."""
        task = self.loop.create_task(self._answer(cycle))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def send(self, cycle: ShortCycle, reply: Reply) -> None:
        """Send the answer to a call, if somebody is still there."""
        closes = reply.closes or not cycle.keep_alive
        if self._refused or reply.status >= 400:  # noqa: PLR2004
            self.answers(reply)
        if not cycle.disconnected and not self.transport.is_closing():
            servers = self.server_state.default_headers
            self.transport.write(self.letterhead.write(reply, servers, close=closes))
        cycle.response_complete = True
        if closes:
            self.transport.close()
        self.on_response_complete()

    def _short(self) -> ShortCycle | None:
        """The call, if it may take the short way once its body is whole."""
        url = self.url
        if (
            url.startswith(_UNDER)
            and not self.flow.write_paused
            and not self.expect_100_continue
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.parser.should_upgrade()
        ):
            path = url.decode("latin-1")
            door = self.door.short(path)
            if door is not None:
                cycle = ShortCycle(self, path, joined=door is self.turns.door)
                cycle.keep_alive = self.parser.should_keep_alive()
                return cycle
        return None

    def _general(self) -> None:
        """The general way of a head that is whole."""
        self._since = self.loop.time()
        self._whence()
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = url, headers, expects
        self.scope["headers"] = headers
        self.scope[LINE] = self.myself()  # type: ignore[typeddict-unknown-key]
        before: Any = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:  # no upgrade
            if self._gathering is None:
                self._gathering = Gathering(self.transport, self.loop)
            self.cycle.transport = self._gathering  # type: ignore[assignment]

    def _give_up(self, cycle: ShortCycle) -> None:
        """Go on the general way with what came so far."""
        self._candidate = None
        self.cycle = cycle.before
        self._general()
        if cycle.body:
            super().on_body(cycle.body)

    async def _answer(self, cycle: ShortCycle) -> None:
        try:
            self.send(cycle, await self.door.direct(cycle.path, cycle.call))
        except BaseException:
            self.transport.close()
            raise

    def on_response_complete(self) -> None:
        if self._gathering is not None:
            self._gathering.flush()  # before anything of the next one
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            self._part()
            return
        if self._rested():
            self._go_on()

    def _go_on(self) -> None:
        if self.pipeline:
            self._next()
        else:
            self._read_on()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._held:
            self._held = False
            self._next()

    def _next(self) -> None:
        """Answer the call that waits behind the one that was answered."""
        cycle: Any = self.pipeline[-1][0]
        if not isinstance(cycle, ShortCycle):
            self.flow.resume_reading()
            self._start_asgi_task(*self.pipeline.pop())
        elif self.flow.write_paused:
            self._held = True
        else:
            self.pipeline.pop()
            if (
                not self.pipeline
            ):  # else all that it takes is in hand: no more is read than is answered
                self.flow.resume_reading()
            self._begin(cycle)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._candidate = None
        if self.pipeline:  # the last of them has not begun, and nobody is there to be answered
            self.pipeline.clear()
            self.cycle = None  # type: ignore[assignment]
        self._part()

    def _part(self) -> None:
        """Let go of the last call: it and its connection hold each other.

        Only the collector would end that, which comes rarely (:mod:`liangming.storage.collector`); until
        then all that the two hold stays, body included.
        """
        if self.cycle is not None and self.cycle.response_complete:
            self.cycle = None  # type: ignore[assignment]
