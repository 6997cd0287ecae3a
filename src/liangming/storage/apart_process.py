"""The writer of a SQLite file in a process of its own: ``python -m liangming.storage.apart_process``.

It reads frames of changes from one pipe, commits whatever waits as one, and answers on another once
the disk has it; meanwhile it commits the next, unless there is little to do (:mod:`liangming.storage.ahead`). Started by :mod:`liangming.storage.apart`; no command for people.

Crash story: what was read and not committed is nothing; what was committed and not answered is
there, and its caller repeats under its key. It ends when its parent does, however that ends: the
kernel kills it then where it can, and the end of the pipe ends it everywhere. Ctrl-C and SIGTERM are
its parent's, who drains it and then lets go.
"""

from __future__ import annotations

import fcntl
import os
import select
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage import frames
from liangming.storage.afresh import end_at_once
from liangming.storage.ahead import Disk, Log, Told
from liangming.storage.child import attend
from liangming.storage.collector import calm
from liangming.storage.copying import Copier
from liangming.storage.job import Job
from liangming.storage.writer import GROUP, Pen

PIPE: Final = 1 << 20  # bytes that wait in the pipe while a group is on its way to the disk
SWITCH: Final = 0.001  # seconds that the thread who tells may have to wait for the one who writes
FEW: Final = (
    16  # changes of a group that is not worth another thread: the writer waits for the disk
)
_READ: Final = 1 << 20


class Inbox:
    """What comes down the pipe."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._frames = frames.Frames()
        self._waiting: deque[tuple[bytes, bytes]] = deque()
        self._open = True

    def take(self) -> tuple[bytes, bytes] | None:
        """The next frame; waits for it. None at the end."""
        while not self._waiting and self._open:
            self._read()
        return self._waiting.popleft() if self._waiting else None

    def more(self) -> tuple[bytes, bytes] | None:
        """The next frame of changes, if it is there; never waits."""
        if not self._waiting and self._open and select.select([self._pipe], [], [], 0)[0]:
            self._read()
        changes = self._waiting and self._waiting[0][0] == frames.CHANGES
        return self._waiting.popleft() if changes else None

    def wait_for_go(self) -> None:
        """Wait for GO, or the end; what comes before it stays in order."""
        before: list[tuple[bytes, bytes]] = []
        while (frame := self.take()) is not None and frame[0] != frames.GO:
            before.append(frame)
        self._waiting.extendleft(reversed(before))

    def _read(self) -> None:
        data = os.read(self._pipe, _READ)
        self._open = bool(data)
        self._waiting.extend(self._frames.feed(data))


def work(pen: Pen, inbox: Inbox, answer: Callable[[bytes], None]) -> None:
    """Commit what comes until the pipe ends."""
    disk = Disk(pen.path, answer)
    try:
        while (frame := inbox.take()) is not None:
            kind, body = frame
            if kind == frames.CHANGES:
                _group(pen, inbox, body, disk)
            elif kind == frames.HOLD:
                disk.still()
                answer(frames.frame(frames.HELD))
                inbox.wait_for_go()
    finally:
        disk.end()


def _group(pen: Pen, inbox: Inbox, body: bytes, disk: Disk) -> None:
    asked = [frames.changes_of(body)]
    size = sum(map(len, asked[0]))
    while size < GROUP and (frame := inbox.more()) is not None:
        asked.append(frames.changes_of(frame[1]))
        size += sum(map(len, asked[-1]))
    jobs = [[Job(None, [change for change in job if change]) for job in jobs] for jobs in asked]
    group = [job for some in jobs for job in some]
    if disk.failed:
        disk.still()
        if pen.mend():
            disk.mended()
    if disk.failed:
        for job in group:
            job.outcome = Outage(STORE_DOWN, retry_after=5)
    else:
        disk.look()
        # A crash above: nothing exists. What a crash in the commit leaves stands there.
        pen.write(group)
    # What a crash from here on leaves stands at Disk.
    durable = b"".join(
        frames.done(
            [frames.told(job.outcome, wanted) for job, wanted in zip(some, every, strict=True)]
        )
        for some, every in zip(jobs, asked, strict=True)
    )
    sizes = [len(some) for some in jobs]
    told = Told(durable, lambda no: b"".join(frames.done([no] * size) for size in sizes))
    disk.put(told, here=size < FEW)


def _answer_to(pipe: int) -> Callable[[bytes], None]:
    def answer(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(pipe, view) :]

    return answer


def main(path: Path, down: int, up: int, parent: int) -> None:
    """Serve one parent."""
    attend(parent)
    sys.setswitchinterval(SWITCH)
    with suppress(OSError, AttributeError):  # as far as the system lets pipes grow
        fcntl.fcntl(down, fcntl.F_SETPIPE_SZ, PIPE)
    answer = _answer_to(up)
    with suppress(BrokenPipeError):
        lost = partial(end_at_once, path, parent)
        copier = Copier(path, Log(path), lost)
        pen = Pen(path, copier=copier, waits=False, lone=True, lost=lost)
        calm()
        work(pen, Inbox(down), answer)
        pen.lay_down()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:5]))
