"""The ASGI application of ``/v1``.

One request, in order: route → key → scope → pace → body → one use case → answer → log line and
counter. Everything that goes wrong on the way becomes the same shape (``problem``). Nothing is
answered before the use case says that it is durable. CORS stays off: browsers are not clients of
this door, pages have their own.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import TYPE_CHECKING, Final, Protocol

from starlette.routing import Match, Route

from liangming.api import devices, docs, faults, log, problem
from liangming.api.body import GoneError
from liangming.api.call import Call
from liangming.api.letterhead import headers_of
from liangming.api.lobby import Lobby, furnish
from liangming.api.metrics import NO_ROUTE
from liangming.api.operation import Operation
from liangming.api.reply import Reply
from liangming.api.settings import Settings
from liangming.api.table import OPERATIONS
from liangming.errors import LiangmingError, Misuse, Outage

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from liangming.check.premises import Premises
    from liangming.rights import RightsDesk

GONE: Final = 499  # nobody was there to answer; only the log says so


LINE: Final = "liangming.line"  # in a scope: gives the connection, while it is there


class Line(Protocol):
    """The connection of a call, as far as its answer matters to it."""

    def answers(self, reply: Reply) -> None:
        """The call is about to be answered so."""
        ...

    def cut(self) -> None:
        """End it under an answer that nobody reads."""
        ...


class UnreadError(GoneError):
    """The client does not read its answer, and had its time."""


class BrokenOffError(Exception):
    """An answer that had begun could not be finished; holds the incident's number only."""


class Door:
    """What stands behind one path: an operation for each method."""

    def __init__(self, template: str, operations: Iterable[Operation]) -> None:
        self.template = template
        self.by_method = {operation.method: operation for operation in operations}
        if "GET" in self.by_method:
            self.by_method["HEAD"] = self.by_method["GET"]
        self.allow = tuple(sorted(self.by_method))
        post = self.by_method.get("POST")
        self.short = post is not None and (post.media == "application/json" or post.whole)

    async def __call__(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        """Present so that the router takes it for an application; ``Api`` answers instead."""
        raise AssertionError("a door is looked up, never called")


class Api:
    """The application.

    Args:
        lobby: what every call finds.
        operations: the route table.
    """

    def __init__(self, lobby: Lobby, operations: Iterable[Operation]) -> None:
        self.lobby = lobby
        by_path: dict[str, list[Operation]] = {}
        for operation in operations:
            by_path.setdefault(operation.path, []).append(operation)
        doors = [Door(path, found) for path, found in by_path.items()]
        # Paths without parameters, the hottest among them, are one dictionary look-up.
        self._exact = {door.template: door for door in doors if "{" not in door.template}
        self._routes = [Route(door.template, door) for door in doors if "{" in door.template]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        began = time.perf_counter_ns()
        call = Call.of(scope, receive)
        status = GONE
        number = self.lobby.numbers.next()
        try:
            reply = await self._answer(scope, call)
            status = reply.status
            reply.request, reply.simulated = number, self.lobby.simulated
            if (line := scope.get(LINE, _nobody)()) is not None:
                line.answers(reply)
            await _send(send, reply, head=call.method == "HEAD")
        except UnreadError:
            status = GONE
            if (line := scope.get(LINE, _nobody)()) is not None:
                line.cut()
        except GoneError:
            status = GONE
        except Exception as failure:  # noqa: BLE001
            # The answer has begun: break it off, with nothing of the failure's words in the
            # server's own log.
            incident = self._note(failure)
            status, call.code = 500, faults.INTERNAL.name
            raise BrokenOffError(incident) from None
        finally:
            micros = (time.perf_counter_ns() - began) // 1000
            template = call.template or NO_ROUTE
            self._noted(call, template, status, micros, number)

    def short(self, path: str) -> Door | None:
        """The door of calls that may go to :meth:`direct`: no answer of it is a stream."""
        door = self._exact.get(path)
        return door if door is not None and door.short else None

    async def direct(self, path: str, call: Call) -> Reply:
        """Answer a call whose body is in hand, for a server that writes the answer itself.

        Never raises. A call that has its client was recognised and paced before.
        """
        began = time.perf_counter_ns()
        reply = await self._answer({"type": "http", "method": call.method, "path": path}, call)
        self.note(call, reply, began)
        return reply

    def note(self, call: Call, reply: Reply, began: int) -> None:
        """Number an answer, count it, and write its lines.

        Args:
            call: that was answered.
            reply: the answer.
            began: when, in nanoseconds of ``time.perf_counter_ns``.
        """
        micros = (time.perf_counter_ns() - began) // 1000
        reply.request, reply.simulated = self.lobby.numbers.next(), self.lobby.simulated
        self._noted(call, call.template, reply.status, micros, reply.request)

    def _noted(self, call: Call, template: str, status: int, micros: int, number: str) -> None:
        """Count the call, and write its lines: the server's and the client's own."""
        lobby, client, method = self.lobby, call.client, call.method
        lobby.metrics.answered(template, method, status, micros)
        if client is None:
            log.request(template, method, status, micros, "")
            return
        log.request(template, method, status, micros, client.id)
        lobby.diary.note(client, template, method, status, call.code, micros, number)

    async def _answer(self, scope: Scope, call: Call) -> Reply:
        lobby = self.lobby
        allow: tuple[str, ...] = ()
        try:
            door = self._door(scope, call)
            call.template = door.template
            operation = door.by_method.get(call.method)
            if operation is None:
                allow = door.allow
                raise Misuse(faults.NO_METHOD)  # noqa: TRY301  (one place makes problems)
            if call.client is not None:
                pass  # known and paced already
            elif operation.scope is not None:
                client = await lobby.clients.recognise(call.headers.get(b"authorization"))
                call.client = client
                if operation.scope.value not in client.scopes:
                    raise Misuse(faults.SCOPE_MISSING)  # noqa: TRY301
                await devices.must_be_enabled(lobby, client)
                lobby.buckets.take(client.id)
            elif operation.keyed:
                client = await lobby.clients.recognise(call.headers.get(b"authorization"))
                call.client = client
                lobby.buckets.take(client.id)
            return await operation.answer(lobby, call)
        except GoneError:
            raise
        except Exception as failure:  # noqa: BLE001  (the last resort: told as one shape, too)
            return self.failed(failure, call, allow=allow)

    def failed(self, failure: Exception, call: Call, *, allow: tuple[str, ...] = ()) -> Reply:
        """A failure as the answer to a call, with an incident's number where nobody foresaw it."""
        if isinstance(failure, LiangmingError):
            call.code = failure.code.name
            return problem.reply(failure, call.language, self.lobby.citer, allow=allow)
        return self.incident(failure, call)

    def incident(self, failure: Exception, call: Call) -> Reply:
        """An answer that names an incident, which the log tells about."""
        call.code = faults.INTERNAL.name
        return problem.reply(
            Outage(faults.INTERNAL),
            call.language,
            self.lobby.citer,
            incident=self._note(failure),
        )

    def _note(self, failure: Exception) -> str:
        number = log.new_incident(self.lobby.premises.clock.now())
        log.incident(number, failure)
        return number

    def _door(self, scope: Scope, call: Call) -> Door:
        door = self._exact.get(scope["path"])
        if door is not None:
            return door
        for route in self._routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                call.params = child["path_params"]
                found: Door = child["endpoint"]
                return found
        raise Misuse(faults.NO_ROUTE)


def build_api(
    premises: Premises,
    settings: Settings | None = None,
    *,
    desk: RightsDesk | None = None,
    tick: Callable[[], float] = time.monotonic,
) -> Api:
    """The application of ``/v1``, ``/docs``, ``/healthz``, ``/readyz`` and ``/metrics``.

    Args:
        premises: the house, already open.
        settings: limits of this door.
        desk: where people's requests come in; without one, a desk whose erasure file is gone with
            the process, for tests.
        tick: seconds that only grow, for paces and caches.
    """
    lobby = furnish(premises, settings or Settings(), tick, desk)
    return Api(lobby, (*OPERATIONS, *docs.OPERATIONS))


async def _send(send: Send, reply: Reply, *, head: bool) -> None:
    headers = headers_of(reply)
    start = {"type": "http.response.start", "status": reply.status, "headers": headers}
    if reply.parts is None:
        await send(start)
        await send({"type": "http.response.body", "body": b"" if head else reply.body})
        return
    if reply.bounded is None:
        await _stream(send, reply, reply.parts, start)
        return
    limit = reply.bounded()
    try:
        async with limit:
            await _stream(send, reply, reply.parts, start)
    except TimeoutError:
        if not limit.expired():
            raise
        raise UnreadError from None


async def _stream(
    send: Send, reply: Reply, parts: AsyncGenerator[bytes, None], start: Message
) -> None:
    """Send an answer part by part, and give back what it held."""
    begun = False
    try:
        async for part in parts:
            if not begun:  # a head alone tells nobody anything, and would be a write of its own
                begun = True
                await send(start)
            await send({"type": "http.response.body", "body": part, "more_body": True})
        if not begun:
            begun = True
            await send(start)
        await send({"type": "http.response.body", "body": b""})
    except Exception:
        if not begun:  # broken off behind its head, wherever it broke
            await send(start)
        raise
    finally:
        await reply.close()


def _nobody() -> Line | None:
    """No connection that we know of."""
    return None


async def _lifespan(receive: Receive, send: Send) -> None:
    """Nothing to start or stop here: whoever opened the premises closes them."""
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
