"""Changes on their way to a writer in another process, and what became of them.

One process holds one lock of Python's, and a busy event loop has nothing of it to spare: cutting leaves,
making rows and encoding them for a database is nearly half of a check. So what serves many hands changes
to a process of its own, which commits them in groups; its answers come back when they are durable.

Crash story:

| what ends | what is there after |
|---|---|
| the writer's process | what it was not yet known to have done is refused with STORE_DOWN: it may be there or not, and callers repeat under their keys. Another is started |
| this process | the kernel ends the writer with it; what it was committing is there whole or not at all |
| both, or the machine | the same |
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage import frames, runs
from liangming.storage.job import Job
from liangming.storage.line import Line

AHEAD: Final = 3  # frames on their way: one with the disk, one that is written, one behind it
FRAME: Final = 256  # changes after which a frame is full
AT_ONCE: Final = 16  # changes of one job that need not wait for the end of this turn of the loop
FIRST_WAIT: Final = 0.1  # seconds before a writer that ended is started again
LONGEST_WAIT: Final = 5.0

_log = logging.getLogger("liangming.writer")


class Sending:
    """Hands changes to a writer's process.

    Args:
        command: what runs it.
        settle: called in the loop with jobs whose outcomes are known.
        held: descriptors that the writer keeps open with us.
        arguments: of the command, before those that name the pipes.
        address: told to it first, where it may not stand among its arguments.
        full: frames on their way, where those that come after the first ones are full.
        share: of so many leaves of a batch one is cut here, while the writer has enough to do.
    """

    def __init__(
        self,
        command: Sequence[str],
        settle: Callable[[list[Job]], None],
        held: Sequence[int] = (),
        arguments: Sequence[str] = (),
        address: str = "",
        *,
        full: int = AHEAD,
        share: int = 2,
    ) -> None:
        self._command = tuple(command)
        self._settle = settle
        self._held = tuple(held)
        self._arguments = tuple(arguments)
        self._address = address
        self._most = full
        self._share = share
        self._loop = asyncio.get_running_loop()
        self._line: Line | None = None
        self._out: deque[Job] = deque()  # not sent yet
        self._sent: deque[deque[Job]] = deque()  # frames; in the order of their answers
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._failures = 0
        self._reviving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the writer; changes may be put before it has its database open."""
        await self._begin()

    def put(self, job: Job) -> None:
        """Take a job; the store bounds how many wait."""
        if self._line is None:
            self._fail([job])
            return
        self._idle.clear()
        self._out.append(job)
        if len(job.changes) >= AT_ONCE:
            self._forward()
        elif len(self._out) == 1:
            self._loop.call_soon(self._forward)

    async def finish(self) -> None:
        """Write what was taken before, then end the writer and wait for its end."""
        self._closing = True
        await self._idle.wait()
        if self._reviving is not None:
            self._reviving.cancel()
            with suppress(asyncio.CancelledError):
                await self._reviving
        line, self._line = self._line, None
        if line is not None:
            await line.end()

    async def _begin(self) -> None:
        line = Line(self._answered, self._lost)
        await line.open([*self._command, *self._arguments], self._held)
        if self._address:
            line.send(frames.frame(frames.ADDRESS, self._address.encode()))
        self._line = line

    def _forward(self) -> None:
        """Send what came, unless the writer has enough to do; it gathers here meanwhile."""
        while self._out and self._more():
            jobs, size = [], 0
            while self._out and size < FRAME:
                jobs.append(self._out.popleft())
                size += len(jobs[-1].changes)
            self._send(jobs)

    def _more(self) -> bool:
        if len(self._sent) < AHEAD:
            return True
        return len(self._sent) < self._most and sum(len(job.changes) for job in self._out) >= FRAME

    def _send(self, jobs: list[Job]) -> None:
        if self._line is None:
            self._fail(jobs)
            return
        changes = [job.changes for job in jobs]
        if self._sent:  # the writer has enough to do: of many leaves at once both cut some
            each = self._share
            changes = [
                runs.share(some, each) if len(some) >= runs.MANY else some for some in changes
            ]
        self._sent.append(deque(jobs))
        self._line.send(frames.changes(changes))

    def _answered(self, kind: bytes, body: bytes) -> None:
        self._failures = 0
        if kind != frames.DONE:
            self._heard(kind)
            return
        jobs = []
        for outcome in frames.done_of(body):  # of some of a frame, or of parts of two
            jobs.append(self._sent[0].popleft())
            jobs[-1].outcome = outcome
            if not self._sent[0]:
                self._sent.popleft()
        self._forward()
        self._over(jobs)

    def _heard(self, kind: bytes) -> None:
        """What else the writer says."""
        raise ValueError(f"a writer says {kind!r}")

    def _lost(self) -> None:
        """The writer ended: nobody knows what became of what it had."""
        self._line = None
        waiting = [job for jobs in (*self._sent, self._out) for job in jobs]
        self._sent.clear()
        self._out.clear()
        self._fail(waiting)
        if not self._closing:
            self._failures += 1
            self._reviving = self._loop.create_task(self._revive())

    async def _revive(self) -> None:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(self._failures - 1, 10))
        _log.warning("the writer ended; another starts in %.1f s", wait)
        await asyncio.sleep(wait)
        await self._may_begin()
        try:
            await self._begin()
        except OSError:
            self._failures += 1
            self._reviving = self._loop.create_task(self._revive())

    async def _may_begin(self) -> None:
        """Wait until another writer may be there."""

    def _fail(self, jobs: list[Job]) -> None:
        for job in jobs:
            job.outcome = Outage(STORE_DOWN, retry_after=1)
        self._over(jobs)

    def _over(self, jobs: list[Job]) -> None:
        self._settle(jobs)
        if not self._busy():
            self._idle.set()

    def _busy(self) -> bool:
        return bool(self._sent or self._out)
