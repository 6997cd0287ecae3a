"""Look-ups of persons, asked together: in one turn of the loop (SQLite), or while one is on its way.

On a network database each look-up is a connection taken, a round trip and a plan run, which beside a
hundred callers costs more than what it finds; so what comes meanwhile goes with the next. A look-up
in a file lets go of Python's lock, and beside a busy writer to win it back costs more than to look; so callers
of one turn share one. A caller alone waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from liangming.check.ports import PersonRow

Found = dict[bytes, PersonRow]
Asked = tuple[Sequence[bytes], asyncio.Future[Found]]

_AT_ONCE: Final = 2_000  # keys in one look-up
_MANY: Final = 8  # keys that are a look-up of their own


class Looking:
    """Asks for many callers at once.

    Args:
        look: finds the registered persons among some indexes, in the database.
    """

    def __init__(self, look: Callable[[list[bytes]], Awaitable[Found]]) -> None:
        self._look = look
        self._asked: list[Asked] = []
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
                _tell(some, failure)
            else:
                _tell(some, found)


class Turn:
    """Asks once for the callers of one turn of the event loop.

    Args:
        look: finds the registered persons among some indexes, at once.
    """

    def __init__(self, look: Callable[[Sequence[bytes]], Found]) -> None:
        self._find = look
        self._asked: list[Asked] = []

    async def persons(self, keys: Sequence[bytes]) -> Found:
        """The registered persons among these indexes.

        Raises:
            Outage: STORE_DOWN; everybody who asked together is told.
        """
        if not keys:
            return {}
        if len(keys) >= _MANY:  # a pass by itself: what it makes of them is on its way the sooner
            return self._find(keys)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Found] = loop.create_future()
        self._asked.append((keys, future))
        if len(self._asked) == 1:
            loop.call_soon(self._look)
        found = await future
        return {key: found[key] for key in keys if key in found}

    def _look(self) -> None:
        asked, self._asked = self._asked, []
        try:
            found = self._find(list({key for keys, _ in asked for key in keys}))
        except Exception as failure:  # noqa: BLE001  (whatever it is, everyone who asked is told)
            _tell(asked, failure)
        else:
            _tell(asked, found)


def _tell(asked: Sequence[Asked], outcome: Found | Exception) -> None:
    for _, future in asked:
        if future.done():  # its caller may have gone
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
