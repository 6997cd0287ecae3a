"""Look-ups of persons, asked together: what comes while one is on its way goes with the next.

On a network database each look-up is a connection taken, a round trip and a plan run, which beside a
hundred callers costs more than what it finds. A caller alone waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from liangming.check.ports import PersonRow

Found = dict[bytes, PersonRow]

_AT_ONCE: Final = 2_000  # keys in one look-up


class Looking:
    """Asks for many callers at once.

    Args:
        look: finds the registered persons among some indexes, in the database.
    """

    def __init__(self, look: Callable[[list[bytes]], Awaitable[Found]]) -> None:
        self._look = look
        self._asked: list[tuple[Sequence[bytes], asyncio.Future[Found]]] = []
        self._going: asyncio.Task[None] | None = None

    async def persons(self, keys: Sequence[bytes]) -> Found:
        """The registered persons among these indexes.

        Raises:
            Outage: STORE_DOWN; everybody who asked together is told.
        """
        if not keys:
            return {}
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Found] = loop.create_future()
        self._asked.append((keys, future))
        if self._going is None or self._going.done():
            self._going = loop.create_task(self._go())
        found = await future
        return {key: found[key] for key in keys if key in found}

    async def _go(self) -> None:
        while self._asked:
            some, size = [self._asked.pop(0)], 0
            while self._asked and size < _AT_ONCE:
                size += len(some[-1][0])
                some.append(self._asked.pop(0))
            wanted = list({key for keys, _ in some for key in keys})
            try:
                found = await self._look(wanted)
            except Exception as failure:  # noqa: BLE001  (whatever it is, everyone who asked is told)
                for _, future in some:
                    if not future.done():
                        future.set_exception(failure)
                continue
            for _, future in some:
                if not future.done():  # its caller may have gone
                    future.set_result(found)
