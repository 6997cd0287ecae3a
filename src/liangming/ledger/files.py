"""The tile store as a folder of plain files, servable as they are by any web server.

A file is written beside its place and renamed into it, so that readers see all of it or none.
Durable means: the file and every folder above it were fsynced.
"""
# os calls take a third of the time of Path, and this is the hot path:
# ruff: noqa: PTH103, PTH104, PTH108, PTH120

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
from liangming.ledger.ports import Absent

_serial = itertools.count()
_TEMPORARY: Final = ".new-"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class FileTiles:
    """A folder that holds one log. Implements :class:`liangming.ledger.ports.TileStore`."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)
        self._base = os.fspath(self.root)
        self._made: set[str] = set()  # folders known to exist
        self._named: set[str] = set()  # folders whose own names are durable

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
        with _outage():
            self._put(path, data, durable=True)  # the bytes
            self._sync_folders({os.path.dirname(self._place(path))})  # and their name

    def replace(self, path: str, data: bytes) -> None:
        """Write bytes over whatever is there."""
        with _outage():
            self._write(self._place(path), data, durable=False)

    def sync(self, paths: Collection[str]) -> None:
        """Make these paths durable."""
        folders: set[str] = set()
        with _outage():
            for path in paths:
                place = self._place(path)
                with suppress(FileNotFoundError):
                    _fsync(place)
                    folders.add(os.path.dirname(place))
            if folders:  # a log that has written nothing yet may have no folder
                self._sync_folders(folders)

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
        try:
            there = _read(place)
        except FileNotFoundError:
            self._write(place, data, durable=durable)
            return
        if there != data:
            raise Refusal(TILE_CONFLICT)
        if durable:
            _fsync(place)

    def _write(self, place: str, data: bytes, *, durable: bool) -> None:
        folder = os.path.dirname(place)
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        temporary = f"{place}{_TEMPORARY}{os.getpid()}-{next(_serial)}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileNotFoundError:  # somebody removed the folder since
            os.makedirs(folder, exist_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.rename(temporary, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

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


def _fsync(place: str) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
