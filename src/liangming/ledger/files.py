"""The tile store as a folder of plain files, servable as they are by any web server.

A file is written without a name and then given its own, so that readers see all of it or none, and a
process that dies leaves nothing behind; where a filesystem cannot do that, it is written beside its
place and renamed into it. Durable means: the file and every folder above it were fsynced, or all of the
filesystem was.

A disk that failed once: what is read back may be in memory alone. So until the disk has taken everything,
bytes that are there already are written again. The kernel tells of a failed write only those who had the file
open, so a mark tells whoever comes after a process that died meanwhile. It need not be durable: once the machine has lost
its memory, what the disk has is all there is.
"""
# os calls take a third of the time of Path, and this is the hot path:
# ruff: noqa: PTH103, PTH104, PTH108, PTH110, PTH120

from __future__ import annotations

import errno
import itertools
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from liangming.errors import Misuse, Outage, Refusal
from liangming.ledger.codes import STORE_FAILED, STORE_FULL, TILE_CONFLICT
from liangming.ledger.filesystem import Filesystem
from liangming.ledger.ports import Absent

_serial = itertools.count()
_TEMPORARY: Final = ".new-"
_MARK: Final = ".doubt"  # beside the tiles; empty, which most full disks take, too
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NAMELESS: Final = getattr(os, "O_TMPFILE", 0)
_OPEN: Final = Path("/proc/self/fd")
_CANNOT: Final = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.EXDEV, errno.EPERM)
MANY: Final = 512  # files from which on all of the filesystem is waited for


class FileTiles:
    """A folder that holds one log. Implements :class:`liangming.ledger.ports.TileStore`."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._base = os.fspath(self.root)
        self._mark = f"{self._base}/{_MARK}"
        self._made: set[str] = set()  # folders known to exist
        self._named: set[str] = set()  # folders whose own names are durable
        self._whole = Filesystem(self._base)
        self._nameless = bool(_NAMELESS) and _OPEN.is_dir()
        # The disk failed, us or who was here before; what is read back may be in memory alone.
        self._doubted = os.path.exists(self._mark)

    def get(self, path: str) -> bytes:
        """The bytes at a path."""
        try:
            return _read(self._place(path))
        except (FileNotFoundError, NotADirectoryError):
            raise Absent(path) from None
        except OSError as failure:
            raise _said(failure) from failure

    def put(self, path: str, data: bytes) -> None:
        """Write bytes that never change; see the port."""
        with _outage():
            self._put(path, data)

    def put_all(self, writes: Sequence[tuple[str, bytes]]) -> None:
        """As :meth:`put` for each, in order."""
        with _outage():
            for path, data in writes:
                self._put(path, data)

    def keep(self, path: str, data: bytes) -> None:
        """Write bytes that never change, durably."""
        with _outage(), self._doubt():
            self._put(path, data, durable=True)  # the bytes
            self._sync_folders({os.path.dirname(self._place(path))})  # and their name

    def replace(self, path: str, data: bytes) -> None:
        """Write bytes over whatever is there."""
        with _outage():
            self._write(self._place(path), data, durable=False)

    def sync(self, paths: Collection[str]) -> None:
        """Make these paths durable."""
        folders: set[str] = set()
        with _outage(), self._doubt():
            if len(paths) >= MANY and self._whole.sync():
                self._believe()
                return
            for path in paths:
                place = self._place(path)
                with suppress(FileNotFoundError):
                    _fsync(place)
                    folders.add(os.path.dirname(place))
            if folders:  # a log that has written nothing yet may have no folder
                self._sync_folders(folders)
            self._believe()

    def drop(self, path: str) -> None:
        """Remove a file or a folder; nothing there is fine."""
        place = self._place(path)
        with _outage(), suppress(FileNotFoundError):
            try:
                os.unlink(place)
            except (IsADirectoryError, PermissionError):
                shutil.rmtree(place)
                self._made.discard(place)
                self._named.discard(place)

    def names(self, folder: str) -> list[str]:
        """Paths of the files directly in a folder."""
        try:
            with os.scandir(self._place(folder)) as found:
                return sorted(
                    f"{folder}/{item.name}"
                    for item in found
                    if item.is_file() and _TEMPORARY not in item.name
                )
        except FileNotFoundError:
            return []
        except OSError as failure:
            raise _said(failure) from failure

    def _place(self, path: str) -> str:
        if path.startswith("/") or ".." in path:
            raise Misuse(STORE_FAILED)
        return f"{self._base}/{path}"

    def _put(self, path: str, data: bytes, *, durable: bool = False) -> None:
        place = self._place(path)
        if self._nameless and self._name(place, data, durable=durable):
            return
        try:
            there = _read(place)
        except FileNotFoundError:
            self._write(place, data, durable=durable)
            return
        if there != data:
            raise Refusal(TILE_CONFLICT)
        if self._doubted:
            self._write(place, data, durable=durable)
        elif durable:
            _fsync(place)

    def _name(self, place: str, data: bytes, *, durable: bool) -> bool:
        """Write a new file and give it its name; False where there is one, or this cannot be done."""
        folder = os.path.dirname(place)
        self._make(folder)
        try:
            descriptor = _opened(folder, _NAMELESS | os.O_WRONLY, folder)
        except OSError as failure:
            if failure.errno not in _CANNOT:
                raise
            self._nameless = False
            return False
        try:
            _fill(descriptor, data, durable=durable)
            # Given a descriptor of a folder, Python follows the link to the file that is open.
            os.link(f"{_OPEN}/{descriptor}", place, src_dir_fd=descriptor, follow_symlinks=True)
        except FileExistsError:
            return False
        except OSError as failure:
            if failure.errno not in _CANNOT:
                raise
            self._nameless = False
            return False
        finally:
            os.close(descriptor)
        return True

    def _write(self, place: str, data: bytes, *, durable: bool) -> None:
        """Write a file over whatever is there."""
        folder = os.path.dirname(place)
        self._make(folder)
        temporary = f"{place}{_TEMPORARY}{os.getpid()}-{next(_serial)}"
        descriptor = _opened(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, folder)
        try:
            try:
                _fill(descriptor, data, durable=durable)
            finally:
                os.close(descriptor)
            os.rename(temporary, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            self._whole.look()
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)

    @contextmanager
    def _doubt(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            self._doubted = True
            with suppress(OSError):  # read-only by now: nothing is written either
                os.close(os.open(self._mark, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644))
            raise

    def _believe(self) -> None:
        """The disk has taken everything."""
        if self._doubted:
            with suppress(FileNotFoundError):
                os.unlink(self._mark)
            self._doubted = False

    def _sync_folders(self, folders: set[str]) -> None:
        """Fsync folders, and all above them up to the root as long as their names are new."""
        chain = set(folders)
        new: set[str] = set()
        for folder in folders:
            current = folder
            while len(current) > len(self._base) and current not in self._named:
                new.add(current)
                current = os.path.dirname(current)
                chain.add(current)
        for folder in sorted(chain, reverse=True):
            _fsync(folder)
        self._named |= new


@contextmanager
def _outage() -> Iterator[None]:
    """Wrap what the operating system says, once."""
    try:
        yield
    except OSError as failure:
        raise _said(failure) from failure


def _said(failure: OSError) -> Outage:
    return Outage(STORE_FULL if failure.errno in _FULL else STORE_FAILED, retry_after=5)


def _read(place: str) -> bytes:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        parts = []
        while part := os.read(descriptor, 1 << 20):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def _opened(place: str, flags: int, folder: str) -> int:
    try:
        return os.open(place, flags, 0o644)
    except FileNotFoundError:  # somebody removed the folder since
        os.makedirs(folder, exist_ok=True)
        return os.open(place, flags, 0o644)


def _fill(descriptor: int, data: bytes, *, durable: bool) -> None:
    written = os.write(descriptor, data)
    while written < len(data):
        written += os.write(descriptor, memoryview(data)[written:])
    if durable:
        os.fsync(descriptor)


def _fsync(place: str) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
