"""Lines of several calls of devices, taken together.

What one call costs is mostly the way to the database and back, twice, and one transaction. No device stands before
anybody who waits for these answers, and many report at the same time of the minute. So passes begin a tenth of a second
apart, and what came meanwhile shares a look-up and a commit; a call after a quiet tenth begins at once, and so does a pass that is full.

Each call is told of its own lines only, after all of the pass is durable. An outage of the store is everybody's;
whatever else goes wrong with a pass, each call of it is taken by itself, so that its failure is its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from liangming.check.premises import Premises
from liangming.device.take import Handed, Told, take_all
from liangming.docket import Records
from liangming.errors import Outage

APART: Final = 0.1  # seconds from the beginning of a pass to that of the next
FULL: Final = 100  # lines that are a pass by themselves: these wait for nobody
MOST: Final = 256  # lines of one pass, unless one call brings more


class Intake:
    """Takes what calls hand in, in passes.

    Args:
        premises: the house.
        docket: where events are kept.
    """

    def __init__(self, premises: Premises, docket: Records) -> None:
        self._premises = premises
        self._docket = docket
        self._waiting: list[tuple[Handed, asyncio.Future[Told]]] = []
        self._lines = 0  # of those that wait
        self._next = 0.0  # when a pass that is not full may begin
        self._going: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def take(self, operator: str, lines: Sequence[bytes]) -> Told:
        """Take lines of events.

        Args:
            operator: whose devices may come this way.
            lines: a signed event each.

        Returns:
            For each line what became of it, or why it alone was refused.

        Raises:
            Outage: of the store; nothing landed.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Told] = loop.create_future()
        self._waiting.append((Handed(operator, lines), future))
        self._lines += len(lines)
        self._begin(loop)
        return await future

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin a pass, now or when it is time; the one that is under way sees to the next."""
        if self._going is not None or not self._waiting:
            return
        if self._lines >= FULL or loop.time() >= self._next:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._next = loop.time() + APART
            self._going = loop.create_task(self._go())
        elif self._timer is None:
            self._timer = loop.call_at(self._next, self._rings, loop)

    def _rings(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        self._begin(loop)

    async def _go(self) -> None:
        many = lines = 0
        for call, _ in self._waiting:
            if many and lines + len(call.lines) > MOST:
                break
            many += 1
            lines += len(call.lines)
        some, self._waiting = self._waiting[:many], self._waiting[many:]
        self._lines -= lines
        try:
            await self._pass(some)
        finally:
            self._going = None
            self._begin(asyncio.get_running_loop())

    async def _pass(self, some: list[tuple[Handed, asyncio.Future[Told]]]) -> None:
        try:
            told = await take_all(self._premises, self._docket, [call for call, _ in some])
        except Exception as failure:  # noqa: BLE001  (whatever it is, somebody waits to be told)
            if isinstance(failure, Outage) or len(some) == 1:
                for _, future in some:
                    if not future.done():  # its caller may have gone
                        future.set_exception(failure)
                return
            for each in some:
                await self._pass([each])
            return
        for (_, future), mine in zip(some, told, strict=True):
            if not future.done():
                future.set_result(mine)
