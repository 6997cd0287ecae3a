"""SQLite's write-ahead log is copied into the file beside the writer, not by it.

Left to itself SQLite does it at the end of the commit that made the log long: 64 MiB of pages and two
waits for the disk, 100 to 200 ms in which nobody is written and everybody waits. A thread with a
connection of its own does the same while the writer goes on. The log begins anew only once all of
it is copied, and a busy writer always adds some; so the writer copies the last little part itself.

The steps, each begun by a commit:

1  the log is long: the thread copies what is there
2  what came meanwhile is still much: the thread copies that
3  what came meanwhile is little: the writer copies it, and the next commit begins the log anew

Crash story: copying is SQLite's own checkpoint. Wherever it ends, the log still has everything.
A copy that fails (a full disk) is begun again with a later commit; the log is then what is durable.
"""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Final

import apsw

LONG: Final = 16_384  # pages in the log, 64 MiB: time to copy
LITTLE: Final = 512  # pages that the writer copies itself
LONGEST: Final = 8 * LONG  # nobody kept up: the writer copies all of it and waits
_PATIENCE: Final = 100  # ms that the thread waits for a file that is locked


class Copier:
    """Copies the log of one file; made and used by its writer.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wake = threading.Event()
        self._busy = False
        self._ending = False
        self._copied = 0  # pages of this log that the thread copied
        self._thread = threading.Thread(target=self._work, name="liangming-copier", daemon=True)
        self._thread.start()

    def attend(self, connection: apsw.Connection) -> None:
        """Look after what this connection writes, in place of SQLite's own copying."""
        self._copied = 0
        connection.set_wal_hook(self._grown)

    def end(self) -> None:
        """Stop, and let the file go; a copy that has begun is finished first."""
        self._ending = True
        self._wake.set()
        self._thread.join()

    def _grown(self, connection: apsw.Connection, _name: str, pages: int) -> int:
        """A commit is durable, and the log has so many pages."""
        if self._busy:
            return apsw.SQLITE_OK
        if pages < LONG:
            self._copied = 0  # of a log that is over
        elif pages - self._copied <= LITTLE or pages >= LONGEST:
            self._copied = 0
            with contextlib.suppress(apsw.Error):  # the commit stands; a later one tries again
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        else:
            self._busy = True
            self._wake.set()
        return apsw.SQLITE_OK

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._ending:
                return
            with contextlib.suppress(apsw.Error):
                self._copied = self._copy()
            self._busy = False

    def _copy(self) -> int:
        connection = apsw.Connection(str(self._path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.set_busy_timeout(_PATIENCE)
            connection.execute("PRAGMA synchronous = FULL").fetchall()
            _, copied = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        finally:
            connection.close(True)
        return copied
