"""The writer of a PostgreSQL database in another process, as its store sees it.

The same interface as :class:`liangming.storage.committer.Committer`, which works there
(:mod:`liangming.storage.committer_process`). Rare writes do not come this way: any number of processes write to
this database, so they have connections of their own.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Final

from liangming.check.ports import STORE_BUSY, STORE_DOWN, Change
from liangming.errors import LiangmingError, Outage
from liangming.storage.job import Job
from liangming.storage.sending import Sending

COMMAND: Final = (sys.executable, "-m", "liangming.storage.committer_process")

_SHARE: Final = (
    4  # of so many leaves of a batch one is cut here: the committer cuts while the database works
)
_FULL: Final = 6  # full frames on their way: one is written, some wait for the disk

Verdicts = list[LiangmingError | None]


class CommitterApart:
    """Hands changes to a committer's process.

    Args:
        url: the database, which was seen to be there.
        limit: changes that may wait.
        command: what runs the process.
    """

    def __init__(self, url: str, limit: int, command: Sequence[str] = COMMAND) -> None:
        self._limit = limit
        self._size = 0
        self._sending = Sending(command, self._settle, address=url, full=_FULL, share=_SHARE)
        self._closing = False

    async def start(self) -> None:
        """Start the process.

        Raises:
            OSError: it cannot be started.
        """
        await self._sending.start()

    async def stop(self) -> None:
        """Write what was accepted, then let go."""
        self._closing = True
        await self._sending.finish()

    async def submit(self, changes: Sequence[Change]) -> Verdicts:
        """Hand changes over and wait until they are durable.

        Raises:
            Outage: STORE_BUSY, STORE_DOWN, STORE_FULL.
        """
        if self._closing:
            raise Outage(STORE_DOWN, retry_after=1)
        if self._size and self._size + len(changes) > self._limit:
            raise Outage(STORE_BUSY, retry_after=1)
        self._size += len(changes)
        future: asyncio.Future[Verdicts] = asyncio.get_running_loop().create_future()
        self._sending.put(Job(future, changes))
        return await future

    def _settle(self, jobs: list[Job]) -> None:
        for job in jobs:
            self._size -= len(job.changes)
            if job.future is None or job.future.done():
                continue  # its caller went away; what was written stays written
            if isinstance(job.outcome, BaseException):
                job.future.set_exception(job.outcome)
            else:
                job.future.set_result(job.outcome)
