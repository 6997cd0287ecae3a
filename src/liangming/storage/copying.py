"""SQLite's write-ahead log is copied into the file beside the writer, not by it.

Left to itself SQLite does it at the end of the commit that made the log long: 64 MiB of pages and two
waits for the disk, 100 to 200 ms in which nobody is written and everybody waits. A thread with a
connection of its own does the same while the writer goes on, a step whenever 64 MiB are
there. The log begins anew only once all of it is copied, and a busy writer always adds some; so the
writer copies the last little part itself, and the log is long, so that it rarely has to.

SQLite waits for the disk only where a copy reaches the end of the log. Beside a busy writer none of
the thread's does: all that they wrote would be left to the last one, the writer's own. So the
thread waits for the disk itself, through a descriptor of its own; what the writer has to wait for
is then what it copied itself.

Meanwhile it reads the file as of its beginning. Nobody, in whichever process, can then begin the log anew or
cut it before the disk has what was copied; and nothing is copied that came later. What came before, the disk
has in the log: the thread waits for that first, so that the file is never ahead of what a crash leaves of the log.

The steps, each begun by a commit:

1  a step's pages are there: the thread copies them
2  the log is long: the thread copies what came meanwhile, again and again
3  what came meanwhile is little, or no more than a few such commits: the writer copies it, and the next
   commit begins the log anew

Crash story: copying is SQLite's own checkpoint. Wherever it ends, the log still has everything.
A copy that fails (a full disk) is begun again with a later commit; the log is then what is durable. Where
the disk refuses what was copied already, SQLite would never copy that again: the service ends
(:mod:`liangming.storage.afresh`).
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import apsw

from liangming.storage.afresh import copy
from liangming.storage.file import to_disk

if TYPE_CHECKING:  # it stands above the writer
    from liangming.storage.ahead import Log

STEP: Final = 16_384  # pages, 64 MiB: time for the thread to copy; many are written twice meanwhile
LONG: Final = 65_536  # pages in the log, 256 MiB: time to begin it anew
LITTLE: Final = 256  # pages that the writer copies itself
COMMITS: Final = 3  # or as many commits as may come while the thread copies one of them
LONGEST: Final = 2 * LONG  # nobody kept up: the writer copies all of it and waits
_PATIENCE: Final = 100  # ms that the thread waits for a file that is locked


class Copier:
    """Copies the log of one file; made and used by its writer.

    Args:
        path: the file.
        log: of that file, for this thread alone.
        lost: what to do where the disk refuses what was copied.
    """

    def __init__(self, path: Path, log: Log, lost: Callable[[], None]) -> None:
        self._path = path
        self._log = log
        self._lost = lost
        self._refused = False  # the log, and it was not mended since
        self._wake = threading.Event()
        self._busy = False
        self._ending = False
        self._copied = 0  # pages of this log that the thread copied
        self._length = 0  # pages of the log at the last commit
        self._file: int | None = None
        self._thread = threading.Thread(target=self._work, name="liangming-copier", daemon=True)
        self._thread.start()

    def attend(self, connection: apsw.Connection) -> None:
        """Look after what this connection writes, in place of SQLite's own copying."""
        self._copied = 0
        with contextlib.suppress(OSError):  # the thread tries again
            self._look()
        connection.set_wal_hook(self._grown)

    def mended(self) -> None:
        """The disk has all of the log."""
        self._refused = False

    def end(self) -> None:
        """Stop; a copy that has begun is finished first."""
        self._ending = True
        self._wake.set()
        self._thread.join()

    def let_go(self) -> None:
        """Let the file go: after the end, and when this process has it open nowhere else.

        To close any descriptor of a file drops all locks that its process has on it, SQLite's too.
        """
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _grown(self, connection: apsw.Connection, _name: str, pages: int) -> int:
        """A commit is written, and the log has so many pages."""
        commit, self._length = pages - self._length, pages  # below 0 where a log began anew
        if self._busy:
            return apsw.SQLITE_OK
        if pages < self._copied:
            self._copied = 0  # of a log that is over
        left = pages - self._copied
        if pages >= LONGEST or (pages >= LONG and left <= max(LITTLE, COMMITS * commit)):
            self._copied = 0
            with contextlib.suppress(apsw.Error):  # the commit stands; a later one tries again
                # but not where the disk refused it: it may be of what an earlier copy did not wait for
                copy(connection, apsw.SQLITE_CHECKPOINT_PASSIVE, self._lost)
        elif left >= STEP or pages >= LONG:
            self._busy = True
            self._wake.set()
        return apsw.SQLITE_OK

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._ending:
                return
            with contextlib.suppress(apsw.Error, OSError):
                if not self._refused:
                    self._copied = self._copy()
            self._busy = False

    def _look(self) -> int:
        """Have file and log open before anything is written: a failure is told to who has."""
        if self._file is None:
            self._file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        self._log.look()
        return self._file

    def _copy(self) -> int:
        """Copy what is there, and wait for the disk; how many pages of the log are copied."""
        file = self._look()
        with self._reading():
            try:
                self._log.wait()
            except OSError:
                self._refused = (
                    True  # who waits for the log beside us is told the same, and mends it
                )
                raise
            # A crash from here on: the log, whole up to where we read it, is copied again.
            try:
                return self._counted()
            finally:  # SQLite's own wait, at the end of the log, may have been the one that failed
                try:
                    to_disk(file)
                except OSError:
                    self._lost()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Hold the log as it is now: nothing behind its end is copied, and it begins nowhere anew."""
        with self._opened() as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
            yield

    def _counted(self) -> int:
        with self._opened() as connection:
            connection.execute("PRAGMA synchronous = FULL").fetchall()
            _, copied = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            return copied

    @contextlib.contextmanager
    def _opened(self) -> Iterator[apsw.Connection]:
        connection = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            connection.set_busy_timeout(_PATIENCE)
            yield connection
        finally:
            connection.close(True)
