"""What the disk has of SQLite's log, as a kernel keeps it, and what is there when the power goes.

What is written lies in memory until somebody waits for it. Where the disk refuses it, who waits is told, and the
memory counts it as written: nobody tries it again, and whoever comes later hears nothing. Of the database file
the disk has every write at once; that, too, may be so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import pytest

from liangming.storage import ahead, file

BLOCK = 4_096
_pwrite, _to_disk = os.pwrite, file.to_disk


@dataclass
class Power:
    """A file and its log, in memory and on the disk.

    Attributes:
        refuses: the next wait for the log, and takes nothing of what it was for.
        copied: called whenever something was written to the file.
    """

    path: Path
    refuses: bool = False
    copied: Callable[[], object] = lambda: None
    _disk: bytearray = field(default_factory=bytearray)
    _waiting: set[int] = field(default_factory=set)

    @property
    def log(self) -> Path:
        return file.log_of(self.path)

    def wrote(self, place: int, size: int) -> None:
        self._waiting |= set(range(place // BLOCK, (place + size - 1) // BLOCK + 1))

    def wait(self) -> bool:
        """Whether the disk takes what waits."""
        waiting, self._waiting = self._waiting, set()
        if self.refuses:
            self.refuses = False
            return False
        memory = self.log.read_bytes() if self.log.exists() else b""
        self._disk = self._disk[: len(memory)].ljust(len(memory), b"\0")
        for block in waiting:
            place = block * BLOCK
            self._disk[place : place + BLOCK] = memory[place : place + BLOCK]
        return True

    def after(self, folder: Path) -> tuple[str, dict[str, int], list[tuple[str]]]:
        """When the power goes now: whether the file is sound, its checks with their leaves, and its pick-up codes."""
        image = folder / "image.sqlite3"
        image.write_bytes(self.path.read_bytes())
        file.log_of(image).write_bytes(self._disk)
        image.with_name(image.name + "-shm").unlink(missing_ok=True)
        with closing(apsw.Connection(str(image), vfs="unix")) as left:
            ((sound,),) = left.execute("PRAGMA integrity_check")
            checks = left.execute(
                "SELECT id, (SELECT count(*) FROM leaves WHERE check_id = id) FROM checks"
            ).fetchall()
            codes = left.execute("SELECT parcel FROM pickup_codes").fetchall()
        return str(sound), dict(checks), codes


class _File(apsw.VFSFile):
    def __init__(self, power: Power, name: object, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        self._power = power
        self._is_log = bool(flags[0] & apsw.SQLITE_OPEN_WAL)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  (SQLite's name)
        super().xWrite(data, offset)
        if self._is_log:
            self._power.wrote(offset, len(data))
        else:
            self._power.copied()

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        if self._is_log and not self._power.wait():
            raise apsw.IOError


class _Vfs(apsw.VFS):
    def __init__(self, power: Power) -> None:
        super().__init__("liangming-test-power", "unix", makedefault=True)
        self._power = power

    def xOpen(self, name: object, flags: list[int]) -> _File:  # noqa: N802
        return _File(self._power, name, flags)


@contextmanager
def power(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Power]:
    """Every file of SQLite that is opened meanwhile, and its log, lie so."""
    made = Power(path)

    def is_log(held: int) -> bool:
        return made.log.exists() and os.path.samestat(os.fstat(held), made.log.stat())

    def pwrite(held: int, data: bytes, place: int) -> int:
        written = _pwrite(held, data, place)
        if is_log(held):
            made.wrote(place, written)
        return written

    def to_disk(held: int) -> None:
        _to_disk(held)
        if is_log(held) and not made.wait():
            raise OSError(5, os.strerror(5))

    vfs = _Vfs(made)
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", pwrite)
        patch.setattr(ahead, "to_disk", to_disk)
        patch.setattr(file, "to_disk", to_disk)
        try:
            yield made
        finally:
            vfs.unregister()
