"""The writer of a SQLite file in another process, as its store sees it.

Changes go to :mod:`liangming.storage.apart_process` (:mod:`liangming.storage.sending`). The rarer deeds
run here, in a thread with a connection of their own, while the other process holds still: the file
still has one writer at a time, and everything its old order.

Crash story: as of what is sent, and where the writer's process ends while a deed runs here, the deed
goes on to its end, and only then another writer starts.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from liangming.storage import frames
from liangming.storage.job import Job
from liangming.storage.sending import Sending
from liangming.storage.writer import Writer

COMMAND: Final = (sys.executable, "-m", "liangming.storage.apart_process")


class Apart(Sending):
    """A writer in a process of its own.

    Args:
        path: the migrated file, whose lock this process holds.
        settle: called in the loop with jobs whose outcomes are known.
        held: descriptors that the writer keeps open with us: the file's lock.
        command: what runs it.
    """

    def __init__(
        self,
        path: Path,
        settle: Callable[[list[Job]], None],
        held: Sequence[int] = (),
        command: Sequence[str] = COMMAND,
    ) -> None:
        super().__init__(command, settle, held, [str(path)])
        self._deeds: list[Job] = []  # waiting for the writer to hold still
        self._doing = 0
        self._hand = Writer(path, self._loop, self._did, late=True)
        self._still = asyncio.Event()  # no deed runs here
        self._still.set()

    def put(self, job: Job) -> None:
        """Take a job; the store bounds how many wait."""
        if job.deed is None or self._line is None:
            super().put(job)
            return
        self._idle.clear()
        self._deeds.append(job)
        if len(self._deeds) == 1 and not self._doing:
            self._flush()
            self._line.send(frames.frame(frames.HOLD))

    async def finish(self) -> None:
        """Write what was taken before, then end the writer and wait for its end."""
        await super().finish()
        await self._hand.finish()

    def _flush(self) -> None:
        """Send all that came, however much is on its way."""
        jobs = list(self._out)
        self._out.clear()
        if jobs:
            self._send(jobs)

    def _heard(self, kind: bytes) -> None:
        """The writer holds still."""
        if kind != frames.HELD:
            super()._heard(kind)
        deeds, self._deeds = self._deeds, []
        self._doing = len(deeds)
        self._still.clear()
        for job in deeds:
            self._hand.put(job)

    def _did(self, jobs: list[Job]) -> None:
        """Deeds are done: let the writer go on, or hold it for those that came meanwhile."""
        self._doing -= len(jobs)
        self._over(jobs)
        if self._doing:
            return
        self._still.set()
        if self._line is None:
            self._fail(self._take_deeds())
            return
        self._line.send(frames.frame(frames.GO))
        if self._deeds:
            self._flush()
            self._line.send(frames.frame(frames.HOLD))

    def _lost(self) -> None:
        deeds = [] if self._doing else self._take_deeds()
        super()._lost()
        if deeds:
            self._fail(deeds)

    async def _may_begin(self) -> None:
        await self._still.wait()  # a deed outlived its writer: the file has one at a time

    def _take_deeds(self) -> list[Job]:
        deeds, self._deeds = self._deeds, []
        return deeds

    def _busy(self) -> bool:
        return super()._busy() or bool(self._deeds or self._doing)
