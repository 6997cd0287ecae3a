"""The disk beside the writer: while it takes one group, the next is written.

A commit with ``synchronous=FULL`` waits for the disk, some milliseconds in which a writer does
nothing. Here it commits without waiting, and a thread waits instead: for all that was committed
when it began. Only then is anybody told. So what is told is on the disk, as before; processor and
disk work at the same time.

The writer is at most one group ahead: what comes meanwhile waits in the pipe, and makes the next
group larger, for a large group costs less a check.

Of a small group the writer waits for the disk itself, if nothing is with it: there is little to do meanwhile,
and to wake another thread, which then wakes the front, costs more than that.

Crash story: SQLite's log is read up to the first frame that is not whole, so the disk has all of
the groups before one that was told, whatever the order in which it took the pages. Groups that
were committed and not told are there or not; their callers repeat under their keys. Readers may see
a group some milliseconds before the disk has it; who acts on it where the store could not take
that back waits for the disk first (:class:`Shore`): the log of evidence, and whoever gives the answer
again that was kept under an idempotency key.

A disk that fails: what was not yet told is refused. Nobody knows then which pages of the log it
has, and of what is written behind a page that it lacks nothing would survive a crash. So nothing more is written
until all of the log was written once more and copied into the file, with the disk
waited for each time: the memory still holds what the disk refused. The kernel tells of it once, to each
descriptor that was open then, and to none that is opened after somebody was told; so everybody who
waits for the disk keeps one open (:class:`Log`), and leaves a mark for those who come later, as another
writer or the log's process (:class:`~liangming.storage.file.Doubt`).
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import apsw

from liangming.check.ports import STORE_DOWN
from liangming.errors import LiangmingError, Outage
from liangming.storage.file import Doubt, log_of, outage_of, sync_folder, to_disk
from liangming.storage.opened import connect, wrapped
from liangming.storage.writer import Pen

AHEAD: Final = 2  # groups that are committed and not told: one with the disk, one that waits for it


class Told(NamedTuple):
    """What a group's callers are told."""

    durable: bytes
    refused: Callable[[Outage], bytes]  # where the disk does not take it


class Disk:
    """Waits for the disk, and tells.

    Args:
        path: the file.
        answer: takes what is told; in the order of the groups.
    """

    def __init__(self, path: Path, answer: Callable[[bytes], None]) -> None:
        self._log = Log(path)
        self._answer = answer
        self._turn = threading.Condition()
        self._waiting: list[Told] = []
        self._with_disk = 0
        self._ending = False
        self._gone = False  # nobody is there to be told
        self._doubt = Doubt(path)
        self._failed = self._doubt.stands()  # of a writer before this one
        self._thread = threading.Thread(target=self._work, name="liangming-disk", daemon=True)
        self._thread.start()

    @property
    def failed(self) -> bool:
        """Whether the disk refused something since :meth:`mended`."""
        return self._failed

    def mended(self) -> None:
        """All of the log is in the file, durably."""
        self._failed = False
        self._doubt.take_away()

    def look(self) -> None:
        """Have the log open before something is written to it: a failure is told to who has."""
        with contextlib.suppress(OSError):  # who waits for the disk will be told
            self._log.look()

    def put(self, told: Told, *, here: bool = False) -> None:
        """Tell this once it is durable; waits where too much does already.

        Args:
            told: what.
            here: wait for the disk in the caller's thread, if the other one has nothing with it: of
                a few changes, to wake a thread costs more than to write the next at the same time.

        Raises:
            BrokenPipeError: nobody is there to be told.
        """
        with self._turn:
            here = here and not (self._waiting or self._with_disk or self._gone)
        if here:  # nobody else puts, so the other thread stays idle
            self._answer(self._durable([told]))
            return
        with self._turn:
            self._waiting.append(told)
            self._turn.notify_all()
            self._turn.wait_for(lambda: len(self._waiting) + self._with_disk < AHEAD or self._gone)
            if self._gone:
                raise BrokenPipeError

    def still(self) -> None:
        """Wait until everything was told."""
        with self._turn:
            self._turn.wait_for(lambda: self._gone or not (self._waiting or self._with_disk))

    def end(self) -> None:
        """Tell what waits, and stop."""
        with self._turn:
            self._ending = True
            self._turn.notify_all()
        self._thread.join()
        self._log.close()

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._waiting or self._ending)
                some, self._waiting = self._waiting, []
                self._with_disk = len(some)
                self._turn.notify_all()
            if not some:
                return
            told = self._durable(some)
            try:
                self._answer(told)
            except OSError:
                self._gone = True
            with self._turn:
                self._with_disk = 0
                self._turn.notify_all()
            if self._gone:
                return

    def _durable(self, some: list[Told]) -> bytes:
        # A crash here: written; the disk may have it or not. Nobody was told.
        if not self._failed:  # what is written after a failure is refused until it is mended
            try:
                self._log.wait()
            except OSError:
                self._failed = True
                self._doubt.make()
        if self._failed:
            refused = Outage(STORE_DOWN, retry_after=5)  # whatever it was: nobody knows what landed
            return b"".join(told.refused(refused) for told in some)
        # A crash here: durable, and not told; callers repeat under their idempotency keys.
        return b"".join(told.durable for told in some)


class Log:
    """The write-ahead log of a file, kept open by one who waits for the disk.

    Nobody holds locks on the log that closing a descriptor of it would drop.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = log_of(path)
        self._held: int | None = None
        self._named = False  # whether the disk has its name: who made it may never wait for it
        self._guard = threading.Lock()

    def look(self) -> None:
        """Open the log that is there now, unless it is open: it is another after its last user went."""
        with self._guard:
            try:
                there = self._path.stat()
            except FileNotFoundError:  # all of it is in the file then, and durable
                self._close()
                return
            if self._held is not None:
                held = os.fstat(self._held)
                if (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino):
                    return
                self._close()
            self._held = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            self._named = False

    def wait(self) -> None:
        """Wait until the disk has what was written to it; one at a time.

        Raises:
            OSError: the disk does not take it, or did not since the last time.
        """
        with contextlib.suppress(FileNotFoundError):  # it went just now
            self.look()
        if self._held is not None:
            to_disk(self._held)
            if not self._named:
                sync_folder(self._path)
                self._named = True

    def close(self) -> None:
        """Let it go."""
        with self._guard:
            self._close()

    def _close(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            os.close(held)


class Shore:
    """For who reads beside a writer that is ahead of the disk: waits until what was seen is there.

    After a disk that failed, what is seen may be in memory alone, whatever the disk says next. So
    all of the log is copied into the file then, before anything is believed again.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = Log(path)
        self._doubt = Doubt(path)
        self._asked = False  # whether somebody was told of a failure before
        self._failed = False
        self._turn = threading.Lock()

    def reach(self) -> None:
        """Wait until the disk has every commit that can be seen.

        Raises:
            Outage: STORE_DOWN, STORE_FULL.
        """
        with self._turn:
            if not self._asked:
                self.look()  # first: of what fails from now on this one is told itself
                self._asked, self._failed = True, self._doubt.stands()
            if self._failed:
                self._mend()
            try:
                self._log.wait()
            except OSError as failure:
                self._failed = True
                self._doubt.make()
                raise outage_of(failure.errno) from None

    def look(self) -> None:
        """Have the log open before something is seen in it: a failure is told to who has."""
        with contextlib.suppress(OSError):  # who waits for the disk will be told
            self._log.look()

    def close(self) -> None:
        """Let the log go."""
        self._log.close()

    def _mend(self) -> None:
        try:
            pen = Pen(self._path, connect(self._path, writes=True, copies=False))
        except (apsw.Error, LiangmingError) as failure:
            raise wrapped(failure) from None
        try:
            if not pen.mend():
                raise Outage(STORE_DOWN, retry_after=5)
        finally:
            pen.lay_down()
        self._failed = False
