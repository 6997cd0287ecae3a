"""How fast new connections come in: so many at once, then so many a second; the rest wait outside.

A connection costs this process as much as a check before it said anything, and a loop that always
finds one more at the door serves those inside in ever smaller turns. So whoever is inside goes first: once the
tokens are spent the socket is not listened on for some hundredths of a second at a time, and newcomers
stand in the kernel's row (``listen``), where they cost nothing here; who comes while that row is full is let in when
its own kernel knocks again. To take one out of it and look costs a tenth of letting it in. So while the door is shut four times as many
are looked at as may come in: who has gone again is closed, and who has said what it wants comes in before those who said
nothing yet (:mod:`liangming.api.row`). A flood of either kind so holds up nobody who asks something for long.

An event loop that takes in a whole row at a time brings the bucket below nothing, and pays in time.
"""

from __future__ import annotations

import asyncio
import logging
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Any, Final, Protocol

import uvicorn

from liangming.api.crowd import OUTSIDE
from liangming.api.row import Row

AT_ONCE: Final = 2.0  # seconds' worth of newcomers that may come at once
STEP: Final = 0.05  # seconds' worth that are let in together afterwards
LOOKED_AT: Final = 4.0  # times as many as may come in
HALF: Final = 8  # one of so many looked at may come in without having asked anything
SAID_EVERY: Final = 60.0  # seconds

_log = logging.getLogger("liangming.api.entrance")


class Door(Protocol):
    """Where connections come in."""

    def shut(self) -> None:
        """Take in nobody until :meth:`open`; those inside stay."""
        ...

    async def open(self) -> None:
        """Take in who waits."""
        ...

    def look(self, many: int, looked_at: int) -> bool:
        """While it is shut, let in so many of those who wait, who asks something first, and take away who has gone.

        Args:
            many: come in at most.
            looked_at: so many at most, those who have gone included.

        Returns:
            Whether more may wait.
        """
        ...


class Entrance:
    """A bucket for all newcomers of one server.

    Args:
        rate: newcomers a second; None: as many as come.
    """

    def __init__(self, rate: float | None = None) -> None:
        self._rate = rate
        self._level = self._full = (rate or 0.0) * AT_ONCE
        self._since = 0.0
        self._said = float("-inf")
        self._door: Door | None = None
        self._shut = False
        self._opening: set[asyncio.Task[None]] = set()

    def keep(self, door: Door) -> None:
        """Shut and open this door."""
        self._door = door

    def came(self, loop: asyncio.AbstractEventLoop) -> None:
        """Somebody came in."""
        if self._rate is None:
            return
        now = loop.time()
        self._refill(now)
        self._level -= 1
        if self._level >= 1 or self._shut or self._door is None:
            return
        if now - self._said >= SAID_EVERY:
            self._said = now
            _log.warning("more than %.0f new connections a second: some wait outside", self._rate)
        self._shut = True
        self._door.shut()
        self._later(loop)

    def _refill(self, now: float) -> None:
        self._level = min(self._full, self._level + (now - self._since) * (self._rate or 0.0))
        self._since = now

    def _later(self, loop: asyncio.AbstractEventLoop) -> None:
        wait = (1 - self._level) / (self._rate or 1.0)
        loop.call_later(max(STEP, wait), self._open, loop)

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let in some more; once nobody waits, all who come."""
        door, rate = self._door, self._rate or 0.0
        if door is None:
            return
        self._refill(loop.time())
        many = max(1, int(min(self._level, 2 * STEP * rate)))
        if door.look(many, max(many, int(STEP * rate * LOOKED_AT))):
            self._later(loop)
            return
        self._shut = False
        task = loop.create_task(door.open())
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)


class Attended(uvicorn.Server):
    """A server of uvicorn's whose door can be shut; by itself it knows only to listen and to end.

    Not to listen is to close what listens: the socket stays, for a duplicate keeps it.

    Attributes:
        outside: how many are held before the door, at most.
    """

    outside = OUTSIDE
    _kept: socket | None = None
    _row: Row
    _entering: set[asyncio.Task[None]]

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen on one socket."""
        self._kept = sockets[0].dup() if sockets else None
        self._entering = set()
        self._row = Row(self.outside)
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Listen no more at all, then end in order."""
        if self._kept is not None:
            self._kept.close()
        self._row.close()
        await super().shutdown(sockets)

    def shut(self) -> None:
        """Listen no more for now."""
        for each in self.servers:
            each.close()

    async def open(self) -> None:
        """Listen again, if we are not about to end."""
        if self._ends() or self._kept is None:
            return
        again = await asyncio.get_running_loop().create_server(
            self._made, sock=self._kept.dup(), backlog=self.config.backlog
        )
        self.servers[:] = [again]
        if self._ends():
            self.shut()

    def look(self, many: int, looked_at: int) -> bool:
        """As :class:`Door` says, if we are not about to end."""
        if self._ends() or self._kept is None:
            return False
        row = self._row
        more = self._take(self._kept, looked_at)
        loop = asyncio.get_running_loop()
        for n in range(many):
            one = row.next(half=n < max(1, looked_at // HALF))
            if one is None:
                break
            task = loop.create_task(self._enter(loop, one))
            self._entering.add(task)
            task.add_done_callback(self._entering.discard)
        return more or bool(row)

    def _take(self, kernels: socket, many: int) -> bool:
        """Take so many out of the kernel's row; whether more may stand there."""
        for _ in range(many):
            if not self._row.takes:
                break
            try:
                one, _ = kernels.accept()
            except ConnectionError:  # gone altogether
                continue
            except OSError:  # nobody is there, or no descriptor is left
                return False
            self._row.take(one)
        return True

    async def _enter(self, loop: asyncio.AbstractEventLoop, one: socket) -> None:
        try:
            one.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            await loop.connect_accepted_socket(self._made, one)
        except OSError:  # gone between two looks
            one.close()

    def _ends(self) -> bool:
        return self.should_exit

    def _made(self) -> asyncio.Protocol:
        kind: Any = self.config.http_protocol_class
        made: asyncio.Protocol = kind(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made
