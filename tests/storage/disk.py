"""A disk that is slow, full, read-only or broken, under SQLite's own calls.

A VFS of APSW stands before the system's own, in this process, for files opened while it is there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import apsw
from tests.patience import PATIENCE

NAME = "liangming-test-disk"


@dataclass
class Disk:
    """What the disk does from now on.

    Attributes:
        gate: an fsync waits until it is set.
        entered: set by an fsync that waits.
        write_fails: what a write to a file raises, instead of writing.
        sync_fails: what an fsync raises *after* the bytes are on the disk.
        copy_fails: what an fsync of the database file, not of its log, raises so.
        syncs: how many there were.
    """

    gate: threading.Event = field(default_factory=threading.Event)
    entered: threading.Event = field(default_factory=threading.Event)
    write_fails: type[apsw.Error] | None = None
    sync_fails: type[apsw.Error] | None = None
    copy_fails: type[apsw.Error] | None = None
    syncs: int = 0


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: object, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        self._disk = disk
        self._is_log = not flags[0] & apsw.SQLITE_OPEN_MAIN_DB

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  (SQLite's name)
        if self._disk.write_fails is not None:
            raise self._disk.write_fails
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.syncs += 1
        if not self._disk.gate.is_set():
            self._disk.entered.set()
            self._disk.gate.wait(PATIENCE)
        super().xSync(flags)
        if self._disk.sync_fails is not None:
            raise self._disk.sync_fails
        if self._disk.copy_fails is not None and not self._is_log:
            raise self._disk.copy_fails


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__(NAME, "unix", makedefault=True)
        self._disk = disk

    def xOpen(self, name: object, flags: list[int]) -> _File:  # noqa: N802
        return _File(self._disk, name, flags)


@contextmanager
def disk() -> Iterator[Disk]:
    """Every file of SQLite that is opened meanwhile lies on this disk."""
    made = Disk()
    made.gate.set()
    vfs = _Vfs(made)
    try:
        yield made
    finally:
        vfs.unregister()
