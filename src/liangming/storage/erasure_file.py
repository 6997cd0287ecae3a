"""The erasure file on disk: lines that are only ever added, each on disk before it is answered.

``liangming-erasures/1`` stands in the first line. A crash in the middle of a line leaves it without
its newline; the next append starts a new line, and readers leave torn lines out: whoever was torn
off was not told that anything is erased, and their request is still open. A line that the disk refuses is
taken away again: the memory counts it as written, and the next line would stand behind a hole.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from liangming.errors import Misuse, Outage
from liangming.rights.faults import LEDGER_DAMAGED, LEDGER_OUTAGE
from liangming.storage.file import sync_folder

HEAD: Final = b"liangming-erasures/1"
_NEWLINE: Final = b"\n"
_TORN: Final = b"!"  # ends a line that a crash cut off; no whole line ends so


class ErasureFile:
    """Implements :class:`liangming.rights.ports.ErasureFile` on one local file, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, line: bytes) -> None:
        """Add one line.

        1 the lock · 2 a head, or an end to a torn line · 3 the line · 4 fsync of file and folder
        """
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
            handle = os.open(self._path, flags, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)  # 1
                size = os.fstat(handle).st_size
                if 0 < size <= len(HEAD):  # a crash tore the very first write
                    os.ftruncate(handle, 0)
                    size = 0
                data = line + _NEWLINE
                if not size:
                    data = HEAD + _NEWLINE + data  # 2
                elif os.pread(handle, 1, size - 1) != _NEWLINE:
                    data = _TORN + _NEWLINE + data
                try:
                    _write(handle, data)  # 3
                    os.fsync(handle)  # 4
                except OSError:
                    with suppress(OSError):  # where it stays, the next append ends it
                        os.ftruncate(handle, size)
                    raise
            finally:
                os.close(handle)
            sync_folder(self._path)  # each time: who made the file may have died before
        except OSError:
            raise Outage(LEDGER_OUTAGE, retry_after=5) from None

    def lines(self) -> Iterator[bytes]:
        """Every whole line in order.

        Raises:
            Misuse: ``rights.erasure-file-damaged``: the file is something else.
        """
        try:
            with self._path.open("rb") as file:
                head = file.readline()
                if not HEAD.startswith(head) and head != HEAD + _NEWLINE:
                    raise Misuse(LEDGER_DAMAGED)
                for line in file:
                    if line.endswith(_NEWLINE) and not line.endswith(_TORN + _NEWLINE):
                        yield line.removesuffix(_NEWLINE)
        except FileNotFoundError:
            return
        except OSError:
            raise Outage(LEDGER_OUTAGE, retry_after=5) from None


def _write(handle: int, data: bytes) -> None:
    if os.write(handle, data) != len(data):
        raise OSError  # the disk is full
