"""The writer of a SQLite file in another process, as its store sees it.

One process holds one lock of Python's: beside a busy event loop a writing thread must win it back at
each step of SQLite. So what serves many hands changes to a process of its own
(:mod:`liangming.storage.apart_process`), which commits them in groups; its answers come back when
they are durable. The rarer deeds run here, in a thread with a connection of their own, while the
other process holds still: the file still has one writer at a time, and everything its old order.

Crash story:

| what ends | what is there after |
|---|---|
| the writer's process | what it was not yet known to have done is refused with STORE_DOWN: it may be there or not, and callers repeat under their keys. Another is started |
| the writer's process, while a deed runs here | the deed goes on to its end, and only then another writer starts |
| this process | the kernel ends the writer with it; what it was committing is there whole or not at all |
| both, or the machine | the same |
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage import frames, runs
from liangming.storage.writer import Job, Writer

COMMAND: Final = (sys.executable, "-m", "liangming.storage.apart_process")
AHEAD: Final = 3  # frames on their way: one with the disk, one that is written, one behind it
FRAME: Final = 256  # changes after which a frame is full
AT_ONCE: Final = 16  # changes of one job that need not wait for the end of this turn of the loop
FIRST_WAIT: Final = 0.1  # seconds before a writer that ended is started again
LONGEST_WAIT: Final = 5.0
MANY: Final = 50  # changes of one job: a batch, not what came in one turn of the loop
_END: Final = 30  # seconds that a writer has to copy its log into the file

_log = logging.getLogger("liangming.writer")


class Apart:
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
        self._path = path
        self._settle = settle
        self._held = tuple(held)
        self._command = tuple(command)
        self._loop = asyncio.get_running_loop()
        self._line: _Line | None = None
        self._out: deque[Job] = deque()  # not sent yet
        self._sent: deque[list[Job]] = deque()  # in the order of their answers
        self._deeds: list[Job] = []  # waiting for the writer to hold still
        self._doing = 0
        self._hand = Writer(path, self._loop, self._did, late=True)
        self._idle = asyncio.Event()
        self._idle.set()
        self._still = asyncio.Event()  # no deed runs here
        self._still.set()
        self._closing = False
        self._failures = 0
        self._reviving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the writer; changes may be put before it has the file open."""
        await self._begin()

    def put(self, job: Job) -> None:
        """Take a job; the store bounds how many wait."""
        if self._line is None:
            self._fail([job])
            return
        self._idle.clear()
        if job.deed is not None:
            self._deeds.append(job)
            if len(self._deeds) == 1 and not self._doing:
                self._flush()
                self._line.send(frames.frame(frames.HOLD))
            return
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
        await self._hand.finish()

    async def _begin(self) -> None:
        line = _Line(self._answered, self._lost)
        await line.open([*self._command, str(self._path)], self._held)
        self._line = line

    def _forward(self) -> None:
        """Send what came, unless the writer has enough to do; it gathers here meanwhile."""
        while self._out and len(self._sent) < AHEAD:
            jobs, size = [], 0
            while self._out and size < FRAME:
                jobs.append(self._out.popleft())
                size += len(jobs[-1].changes)
            self._send(jobs)

    def _flush(self) -> None:
        """Send all that came, however much is on its way."""
        jobs = list(self._out)
        self._out.clear()
        if jobs:
            self._send(jobs)

    def _send(self, jobs: list[Job]) -> None:
        if self._line is None:
            self._fail(jobs)
            return
        changes = [job.changes for job in jobs]
        if self._sent:  # the writer has enough to do: of many leaves at once both cut some
            changes = [runs.share(some) if len(some) >= MANY else some for some in changes]
        self._sent.append(jobs)
        self._line.send(frames.changes(changes))

    def _answered(self, kind: bytes, body: bytes) -> None:
        self._failures = 0
        if kind == frames.DONE:
            jobs = self._sent.popleft()
            for job, outcome in zip(jobs, frames.done_of(body), strict=True):
                job.outcome = outcome
            self._forward()
            self._over(jobs)
        else:  # HELD
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
        """The writer ended: nobody knows what became of what it had."""
        self._line = None
        waiting = [job for jobs in (*self._sent, self._out) for job in jobs]
        if not self._doing:
            waiting += self._take_deeds()
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
        await self._still.wait()  # a deed outlived its writer: the file has one at a time
        try:
            await self._begin()
        except OSError:
            self._failures += 1
            self._reviving = self._loop.create_task(self._revive())

    def _take_deeds(self) -> list[Job]:
        deeds, self._deeds = self._deeds, []
        return deeds

    def _fail(self, jobs: list[Job]) -> None:
        for job in jobs:
            job.outcome = Outage(STORE_DOWN, retry_after=1)
        self._over(jobs)

    def _over(self, jobs: list[Job]) -> None:
        self._settle(jobs)
        if not (self._sent or self._out or self._deeds or self._doing):
            self._idle.set()


class _Line(asyncio.Protocol):
    """The two pipes to one writer's process, and the process."""

    def __init__(self, answered: Callable[[bytes, bytes], None], lost: Callable[[], None]) -> None:
        self._answered = answered
        self._lost = lost
        self._frames = frames.Frames()
        self._ending = False
        self._ended = asyncio.get_running_loop().create_future()
        self._down: asyncio.WriteTransport | None = None
        self._pipe = -1
        self._process: subprocess.Popen[bytes] | None = None

    async def open(self, command: Sequence[str], held: Sequence[int]) -> None:
        """Start the process.

        Raises:
            OSError: it cannot be started.
        """
        loop = asyncio.get_running_loop()
        (theirs, ours), (our_end, their_end) = os.pipe(), os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603  (a few ms; our own words)
                [*command, str(theirs), str(their_end), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the service, which then ends the writer
                pass_fds=(theirs, their_end, *held),
            )
        except OSError:
            os.close(ours)
            os.close(our_end)
            raise
        finally:
            os.close(theirs)
            os.close(their_end)
        self._pipe = ours
        self._down, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(ours, "wb", 0))
        await loop.connect_read_pipe(lambda: self, os.fdopen(our_end, "rb", 0))

    def send(self, data: bytes) -> None:
        """Send; what the pipe does not take waits here. The store bounds how much that is.

        A pipe that just broke takes nothing: its end is told in a moment, and fails what was sent.
        """
        down = self._down
        if down is None or down.is_closing():
            return
        if not down.get_write_buffer_size():
            # Now, and not at the end of this turn of the loop: the writer may begin.
            with suppress(BlockingIOError, BrokenPipeError):
                data = data[os.write(self._pipe, data) :]
        if data:
            down.write(data)

    def data_received(self, data: bytes) -> None:
        """Answers."""
        for kind, body in self._frames.feed(data):
            self._answered(kind, body)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process ended, or its pipe broke."""
        del exc
        if self._down is not None and not self._down.is_closing():
            self._down.abort()
        loop = asyncio.get_running_loop()
        loop.run_in_executor(None, self._reap).add_done_callback(self._over)
        if not self._ending:
            self._lost()

    async def end(self) -> None:
        """Let it write what it has, and end."""
        self._ending = True
        if self._down is not None:
            self._down.close()  # what waits goes down first
        await self._ended

    def _reap(self) -> None:
        if self._process is not None:
            try:
                self._process.wait(_END)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _over(self, _: object) -> None:
        if not self._ended.done():
            self._ended.set_result(None)
