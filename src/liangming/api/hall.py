"""Where batches are at work: so many at once, and those that wait for a seat in a short line before it.

To refuse a batch costs nearly as much as to take it: its hundred lines came with it, and who is refused
and does not wait as told comes again with a hundred more. So a batch that finds no seat waits
for one, its body unread, for a bounded time and in a bounded line; only then it is told to come
again. The line goes by turns among clients, so one with many connections does not hold up one with
a single one; where the line is full, the last of the client with most in it makes room for a client with fewer.

A seat is for work. Who sits and keeps us waiting, with half a body or with an answer that is not read, has a while
as long as nobody else wants the seat; when somebody does, it has seconds.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from liangming.api import faults
from liangming.errors import Misuse

AGAIN: Final = 2  # seconds, of Retry-After
GRACE: Final = 2.0  # seconds in which nobody who sits is called still
PACE: Final = 32_768  # bytes a second of a body after them
LOOKS: Final = 0.5  # seconds between two looks at who sits, while others wait

Receive = Callable[[], Awaitable[Any]]
_Waiter = tuple["asyncio.Future[Seat]", int]


class Seat:
    """What one batch holds while it is under way.

    Attributes:
        size: bytes that its body may have.
    """

    __slots__ = ("_hall", "_limit", "_since", "_still", "size")

    def __init__(self, hall: Hall, size: int) -> None:
        self._hall = hall
        self.size = size
        self._since: float | None = None  # the client keeps us waiting
        self._still = 0.0  # until then it may
        self._limit: asyncio.Timeout | None = None

    def bounded(self) -> asyncio.Timeout:
        """The time in which the client does its part; ``TimeoutError`` once it is over."""
        self._limit = asyncio.timeout(None)
        return self._limit

    def reading(self, receive: Receive) -> Receive:
        """Read a body, and remember how fast it comes."""
        self._waits()

        async def received() -> Any:
            message = await receive()
            self._still += len(message.get("body", b"")) / PACE
            return message

        return received

    def works(self) -> None:
        """We are at work; the client waits for us."""
        self._since = None
        self._until(None)

    def says(self, seconds: float) -> None:
        """A part of the answer is there: its client reads it, within this time."""
        self._waits()
        self._until(asyncio.get_running_loop().time() + seconds)

    def look(self, now: float) -> None:
        """Somebody else wants this seat: who keeps us waiting too long leaves it."""
        if self._since is not None and now > self._still:
            self._since = None
            self._until(now)

    def leave(self) -> None:
        """Give it back."""
        self._since = self._limit = None
        self._hall.left(self)

    def _waits(self) -> None:
        self._since = asyncio.get_running_loop().time()
        self._still = self._since + GRACE

    def _until(self, when: float | None) -> None:
        if self._limit is not None and self._limit.when() != when:
            with suppress(RuntimeError):  # it is over
                self._limit.reschedule(when)


class Hall:
    """The batches of one server.

    Args:
        seats: how many are under way at once.
        room: how many bytes of them are held together; one alone may have more.
        line: how many wait.
        seconds: how long each of those waits at most.
    """

    def __init__(self, *, seats: int, room: int, line: int, seconds: float) -> None:
        self._seats, self._room = seats, room
        self._most, self._seconds = line, seconds
        self._inside: set[Seat] = set()
        self._bytes = 0
        self._line: OrderedDict[str, deque[_Waiter]] = OrderedDict()
        self.waiting = 0
        self._looking: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._inside)

    @property
    def held(self) -> int:
        """Bytes that those inside may hold."""
        return self._bytes

    def take(self, size: int) -> Seat | None:
        """A seat, if one is free and nobody waits for it."""
        return self._sit(size) if not self.waiting and self._fits(size) else None

    async def wait(self, client: str, size: int) -> Seat:
        """A seat, once it is this client's turn.

        Raises:
            Misuse: ``api.batches-busy``: the line is full, or did not move on in time.
        """
        if self.waiting >= self._most and not self._make_room(client):
            raise Misuse(faults.BATCHES_BUSY, retry_after=AGAIN)
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Seat] = loop.create_future()
        waiter = (turn, size)
        self._line.setdefault(client, deque()).append(waiter)
        self.waiting += 1
        self._watch(loop)
        try:
            async with asyncio.timeout(self._seconds):
                return await turn
        except TimeoutError:
            if turn.done() and not turn.cancelled():  # in the same moment
                return turn.result()
            raise Misuse(faults.BATCHES_BUSY, retry_after=AGAIN) from None
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                turn.result().leave()
            raise
        finally:
            self._gone(client, waiter)

    def left(self, seat: Seat) -> None:
        """One seat is free; whose turn it is takes it."""
        if seat in self._inside:
            self._inside.remove(seat)
            self._bytes -= seat.size
            self._serve()

    def _fits(self, size: int) -> bool:
        inside = len(self._inside)
        return inside < self._seats and (not inside or self._bytes + size <= self._room)

    def _sit(self, size: int) -> Seat:
        seat = Seat(self, size)
        self._inside.add(seat)
        self._bytes += size
        return seat

    def _serve(self) -> None:
        """Let in who is next, one of each client in turn."""
        while self._line:
            client, theirs = next(iter(self._line.items()))
            turn, size = theirs[0]
            if not self._fits(size):
                return
            self._line.move_to_end(client)
            self._gone(client, theirs[0])
            if not turn.done():
                turn.set_result(self._sit(size))

    def _make_room(self, client: str) -> bool:
        """Whether somebody of a client that has more in the line than this one was told to come again."""
        most, theirs = max(self._line.items(), key=lambda each: len(each[1]))
        if len(theirs) <= len(self._line.get(client, ())) + 1:
            return False
        turn, _ = last = theirs[-1]
        self._gone(most, last)
        if not turn.done():
            turn.set_exception(Misuse(faults.BATCHES_BUSY, retry_after=AGAIN))
        return True

    def _gone(self, client: str, waiter: _Waiter) -> None:
        theirs = self._line.get(client)
        if theirs is None or waiter not in theirs:
            return
        theirs.remove(waiter)
        self.waiting -= 1
        if not theirs:
            del self._line[client]

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._looking is None:
            self._looking = loop.call_later(LOOKS, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = None
        if not self.waiting:
            return
        now = loop.time()
        for seat in list(self._inside):
            seat.look(now)
        self._watch(loop)
