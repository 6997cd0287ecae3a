"""What a filesystem does for many files at once, where it can be relied on.

To wait for the disk file by file costs a flush each: a busy log writes sixty thousand files between two
sweeps, and a disk flushes some hundred times a second. ``syncfs`` is one flush for all of them. It
tells of what failed since Linux 5.8, and to whoever had a descriptor of that filesystem open since before,
so one is kept. It tells of other people's files, too: then our files are written again, and nothing is lost.
"""

from __future__ import annotations

import ctypes
import os
import re
import weakref
from functools import cache
from pathlib import Path
from typing import Final

MOUNTS: Final = Path("/proc/self/mountinfo")
_TELLS: Final = (5, 8)  # the first Linux whose syncfs tells of failures
_KINDS: Final = frozenset({"ext4", "xfs", "btrfs", "f2fs"})  # others may tell nothing


class Filesystem:
    """The filesystem of a folder. Errors are the operating system's own.

    Args:
        root: the folder; it need not be there yet.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._held: int | None = None

    def look(self) -> None:
        """Keep a descriptor from before anything is written: failures are told to who has one."""
        if self._held is None:
            os.makedirs(self._root, exist_ok=True)  # noqa: PTH103
            self._held = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            weakref.finalize(self, os.close, self._held)

    def sync(self) -> bool:
        """Wait until the disk has all that was written; False where nobody can say.

        Raises:
            OSError: it does not have all.
        """
        syncfs = _syncfs()
        if syncfs is None or self._held is None or not _tells(self._root):
            return False
        if syncfs(self._held) != 0:
            failure = ctypes.get_errno()
            raise OSError(failure, os.strerror(failure))
        return True


@cache
def _syncfs() -> ctypes._NamedFuncPointer | None:
    try:
        return ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError):
        return None


def _tells(root: str) -> bool:
    """Whether this kernel tells of failures on the filesystem of a folder."""
    version = re.match(r"(\d+)\.(\d+)", os.uname().release)
    if version is None or tuple(map(int, version.groups())) < _TELLS:
        return False
    real = os.path.realpath(root) + "/"
    kind, longest = "", 0
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].replace("\\040", " ").rstrip("/") + "/"
        if real.startswith(point) and len(point) >= longest:  # the last one mounted there
            kind, longest = after.split(" ")[0], len(point)
    return kind in _KINDS
