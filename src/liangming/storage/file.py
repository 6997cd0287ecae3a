"""The SQLite file on disk: made private, durable by name, and held by one writer."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from pathlib import Path
from typing import Final

from liangming.check.ports import STORE_DOWN, STORE_FULL
from liangming.errors import Misuse, Outage
from liangming.storage.codes import ANOTHER_WRITER, OPEN_ELSEWHERE

_PATIENCE: Final = 5.0  # seconds that a process whose parent is gone has to end
_STEP: Final = 0.02
BRIEFLY: Final = 29  # where a mark stands that the file is had for a moment only
LOG: Final = 31  # where a mark about the log stands
REFUSED: Final = 30  # where a mark about what was copied into the file stands
_AT_ONCE: Final = 1 << 20  # bytes
_ROOM: Final = 1 << 20
"""Bytes that a group of a thousand checks may take."""

to_disk = getattr(os, "fdatasync", os.fsync)
"""Wait until what was written through any descriptor of a file is on the disk; as SQLite does it."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def make(path: Path) -> None:
    """Make the file if absent, readable by its owner only, and make its name durable.

    SQLite gives its ``-wal`` and ``-shm`` files the same mode.

    Raises:
        Outage: ``storage.unavailable``, ``storage.full``.
    """
    try:
        # A crash after the file and before the folder's fsync may lose the empty file: nothing.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        sync_folder(path)
    except OSError as failure:
        raise outage_of(failure.errno) from None


def log_of(path: Path) -> Path:
    """SQLite's write-ahead log of a file."""
    return path.with_name(path.name + "-wal")


def write_again(path: Path) -> None:
    """Write a file's bytes, as the memory has them, over themselves, and wait until the disk has them.

    After a failure the memory counts what the disk refused as written, and would never try again.

    Raises:
        OSError: the disk does not take it.
    """
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        place = 0
        while data := os.pread(file, _AT_ONCE, place):
            place += os.pwrite(file, data, place)
        to_disk(file)
    finally:
        os.close(file)
    sync_folder(path)


def sync_folder(path: Path) -> None:
    """Make the names in a file's folder durable: without it a new file may vanish in a crash."""
    folder = os.open(path.absolute().parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def room(path: Path) -> None:
    """See that a group of checks has room where the file is, not only the few bytes of a proof.

    Raises:
        Outage: ``storage.full``.
    """
    try:
        disk = os.statvfs(path.absolute().parent)
    except OSError:
        return  # nothing is known: the write that comes next proves it
    free = disk.f_bfree if os.geteuid() == 0 else disk.f_bavail
    if free * disk.f_frsize < _ROOM:
        raise outage_of(errno.ENOSPC)


def outage_of(number: int | None) -> Outage:
    """The outage of an ``errno``."""
    return Outage(STORE_FULL if number in FULL else STORE_DOWN, retry_after=5)


class WriterLock:
    """One writer for one file: an advisory ``flock`` on ``<file>.writer``.

    On a file of its own, because closing any descriptor of the database itself would drop
    SQLite's own POSIX locks. The kernel lets go when the process ends, however it ends; the
    file stays, with the number of the process that had it last. Where that one is gone and the lock
    is not yet free, a process that it started is just ending (:mod:`liangming.storage.apart`): it
    is waited for. So is one that said it has the file for a moment only.

    Args:
        path: the database file.
        briefly: for a moment only: who comes meanwhile waits instead of being refused.
    """

    def __init__(self, path: Path, *, briefly: bool = False) -> None:
        self._briefly = briefly
        self._path = path.with_name(path.name + ".writer")
        self._held: int | None = None

    def take(self) -> None:
        """Become the writer.

        Raises:
            Misuse: ``storage.another-writer``.
            Outage: ``storage.unavailable``.
        """
        if self._held is not None:
            return
        try:
            held = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as failure:
            raise outage_of(failure.errno) from None
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if self._stays(held) or time.monotonic() > end:
                    os.close(held)
                    raise Misuse(ANOTHER_WRITER) from None
                time.sleep(_STEP)
        with contextlib.suppress(OSError):  # a full disk takes only the waiting from us
            os.pwrite(held, b"%-20d" % os.getpid(), 0)  # and what stands behind it stays
            os.pwrite(held, b"~" if self._briefly else b" ", BRIEFLY)
        self._held = held

    def _stays(self, held: int) -> bool:
        """Whether somebody has the file for longer than it pays to wait."""
        said = os.pread(held, BRIEFLY + 1, 0)
        return said[BRIEFLY:] != b"~" and _lives(said[:20].rstrip())

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a process holds that is to keep the lock together with this one."""
        return () if self._held is None else (self._held,)

    def release(self) -> None:
        """Let go; twice is no harm."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


class Doubt:
    """A mark that outlives who made it: the disk refused a part of the log, and not all of it is in the file yet.

    The kernel tells of a failed write only those who had the file open. So who comes after must be told by
    those. It is one byte behind the number in :class:`WriterLock`'s file, changed in place, which a full
    disk takes, too. It need not be durable: once the machine has lost its memory, what the disk has is all there is.

    Args:
        path: the database file.
        place: of which doubt: of the log, or of the file (:mod:`liangming.storage.afresh`).
    """

    def __init__(self, path: Path, place: int = LOG) -> None:
        self._path = path.with_name(path.name + ".writer")
        self._place = place

    def stands(self) -> bool:
        """Whether it was made and not taken away."""
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            return os.pread(file, 1, self._place) == b"?"
        finally:
            os.close(file)  # of a file that this process has open otherwise, with a lock that stays

    def make(self) -> None:
        """Whoever comes believes nothing before the log is in the file."""
        self._put(b"?")

    def take_away(self) -> None:
        """All of the log is in the file."""
        self._put(b" ")

    def _put(self, mark: bytes) -> None:
        with contextlib.suppress(OSError):  # read-only by now: nothing is written either
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(file, mark, self._place)
            finally:
                os.close(file)


def _lives(number: bytes) -> bool:
    """Whether a process of this number is there and has not ended, as far as one can see."""
    if not number.isdigit():
        return True
    try:
        stat = Path(f"/proc/{int(number)}/stat").read_bytes()
    except OSError:
        return not Path("/proc/self/stat").exists()  # no such system: nothing is known
    return stat.rpartition(b") ")[2][:1] not in {b"Z", b"X"}


def refuse_second_library(path: Path) -> None:
    """Nothing else in this process may have the file open when APSW opens it.

    Two SQLite builds in one process (Python's ``sqlite3`` under Django, and APSW's own) do not
    know of each other's POSIX locks: when one closes the file, the other's locks are gone, and
    the file can be corrupted (sqlite.org/howtocorrupt.html, 2.2).

    Raises:
        Misuse: ``storage.open-in-another-library``.
    """
    try:
        wanted = path.stat()
        descriptors = os.listdir("/dev/fd")  # noqa: PTH208  (names only, nothing to resolve)
    except OSError:
        return  # absent file, or a system without /dev/fd: nothing to see
    for name in descriptors:
        with contextlib.suppress(OSError, ValueError):
            found = os.fstat(int(name))
            if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
                raise Misuse(OPEN_ELSEWHERE)
