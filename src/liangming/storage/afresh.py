"""A file that refused what was copied into it gets all of the log again.

SQLite counts how much of its log it copied, and never copies that twice while anybody has the file open. Where the
disk then refuses what was copied, the memory may forget those pages, and the log, which alone still has them, would
begin anew over them. Nobody who has the file open can mend that. So whoever finds it out leaves a mark, ends the
service at once, and closes nothing: to close the file would end the log. The next start has the file alone, where
nothing is counted yet, and copies the log from its first page.

Crash story: until the file has all of it and the disk was waited for, the log and the mark stay; begun again, it is
the same work once more.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import apsw

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage.file import REFUSED, Doubt, refuse_second_library

_PATIENCE: Final = 5_000  # ms that those who had the file open have to end
_STDERR: Final = 2
_WORDS: Final = (
    "数据库文件所在的磁盘拒绝了已抄入的内容；服务立即停止，重新启动时从日志重抄，已答复的都在日志里。"
    "The disk refused what was copied into the database file. The service ends at once and copies it again from the"
    " log when it is started; all that was acknowledged is in the log.\n"
)


def end_at_once(path: Path, *others: int) -> None:
    """End this process and others so that none of them closes the file.

    Args:
        path: the database file.
        others: numbers of processes that have it open for the same service.
    """
    Doubt(path, REFUSED).make()
    with suppress(OSError):  # nobody has to hear it
        os.write(_STDERR, _WORDS.encode())
    for process in (*others, os.getpid()):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def copy(connection: apsw.Connection, mode: int, lost: Callable[[], None]) -> None:
    """Copy the log into the file, for its writer.

    Args:
        connection: has read the file before.
        mode: SQLite's.
        lost: what to do where the disk refuses what was copied. What an earlier copy left unfinished, because somebody read,
            SQLite counts as copied, and has not waited for.

    Raises:
        apsw.Error: it is not, or not all of it, copied.
    """
    try:
        connection.wal_checkpoint(mode=mode)
    except apsw.IOError as failure:
        if getattr(failure, "extendedresult", 0) == apsw.SQLITE_IOERR_FSYNC:
            lost()
        raise


def copy_afresh(path: Path) -> None:
    """Copy all of the log, if a mark says that the file refused some of it; for who just became its writer.

    Raises:
        Misuse: ``storage.open-in-another-library``.
        Outage: STORE_DOWN; somebody else still has the file open, or the disk refuses it again.
    """
    mark = Doubt(path, REFUSED)
    if not mark.stands():
        return
    refuse_second_library(path)
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.set_busy_timeout(_PATIENCE)
            # Nobody else may have it open, and what is counted lies in this process: it begins at none.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
            connection.execute("PRAGMA synchronous = FULL").fetchall()
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        finally:
            connection.close(True)
    except apsw.Error:
        raise Outage(STORE_DOWN, retry_after=5) from None
    mark.take_away()
