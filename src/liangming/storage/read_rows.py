"""Rows of a SQLite file by its two reading connections, for its store and for the storage modules beside it.

Point reads run on the event loop itself: in WAL mode a reader never waits for the writer, and a
look-up by key costs less than a hop to a thread. Walks over many rows run in one reading thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage.ahead import Shore
from liangming.storage.reading import Reader


class ReadRows:
    """Reads a file beside whoever writes it.

    Args:
        path: the migrated file.
        ahead: its writer may be ahead of the disk.
    """

    def __init__(self, path: Path, *, ahead: bool) -> None:
        self._path = path
        self._near = Reader(path)
        self._far = Reader(path)
        self._ahead = ahead
        self._shore = Shore(path)
        self._walks: ThreadPoolExecutor | None = None

    def begin_walks(self) -> None:
        """Walk in a thread from now on."""
        self._walks = ThreadPoolExecutor(1, thread_name_prefix="liangming-reader")

    def refuse_walks(self) -> ThreadPoolExecutor | None:
        """Begin no more walk; what is under way in the thread that is given back goes on."""
        walks, self._walks = self._walks, None
        return walks

    async def end_walks(self, walks: ThreadPoolExecutor) -> None:
        """Close what walked, and with it the file's log if nobody else has it open: its writer wrote all."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(walks, lambda: self._far.close(ends=True))
        walks.shutdown()

    def let_go(self, *, ends: bool) -> None:
        """Close what reads by keys; also of who only read, and never opened.

        Args:
            ends: as :meth:`liangming.storage.reading.Reader.close`.
        """
        self._near.close(ends=ends)
        self._shore.close()

    async def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows for another storage module, in the reading thread; as point reads while unopened."""
        if self._walks is None:
            return self._near.rows(sql, values)
        return await self._walk(sql, values)

    async def ashore(self) -> None:
        """Wait for the disk, where what can be seen may be ahead of it."""
        if self._ahead and self._walks is not None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._walks, self._shore.reach)

    async def _walk(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        if self._walks is None:
            raise Outage(STORE_DOWN, retry_after=1)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._walks, self._far.rows, sql, values)
