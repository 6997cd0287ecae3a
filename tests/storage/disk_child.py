"""A writer's process on a disk that does what the test's process writes into a file.

    python -c CODE ROOT FOLDER PATH DOWN UP PARENT

``FOLDER/how`` holds one word: *full*, *read-only* and *broken* fail each write of SQLite, *once* fails the next
wait for the disk and no other, *hangs* holds each wait, and leaves the mark ``FOLDER/entered``, until the word goes;
*forgets* refuses what was copied into the file, which it does after a hundred pages of the log.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import apsw
from tests.storage.disk import _Vfs

from liangming.storage import ahead, apart_process, copying

ROOT = Path(__file__).parents[2]
CODE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from tests.storage import disk_child as it;"
    " it.main(sys.argv.pop(1))"
)
KINDS = {"full": apsw.FullError, "read-only": apsw.ReadOnlyError, "broken": apsw.IOError}


def command(folder: Path) -> tuple[str, ...]:
    """What starts it, for a store's ``apart``."""
    return (sys.executable, "-c", CODE, str(ROOT), str(folder))


@dataclass
class Ruled:
    """A disk that asks a file what it does."""

    folder: Path
    sync_fails: None = None
    syncs: int = 0

    def __post_init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()

    @property
    def how(self) -> str:
        try:
            return (self.folder / "how").read_text()
        except FileNotFoundError:
            return ""

    @property
    def write_fails(self) -> type[apsw.Error] | None:
        return KINDS.get(self.how)

    @property
    def copy_fails(self) -> type[apsw.Error] | None:
        return apsw.IOError if self.how == "forgets" else None

    def wait(self, held: int) -> None:
        how = self.how
        if how == "hangs":
            (self.folder / "entered").touch()
            while self.how == "hangs":
                time.sleep(0.01)
        os.fsync(held)
        if how == "once":
            (self.folder / "how").unlink()
            raise OSError(os.strerror(5))

    def wait_for_file(self, held: int) -> None:
        os.fsync(held)
        if self.how == "forgets":
            raise OSError(os.strerror(5))


def main(folder: str) -> None:
    made = Ruled(Path(folder))
    kept = _Vfs(made)  # type: ignore[arg-type]  (asked for what a Disk is asked for)
    ahead.to_disk = made.wait  # type: ignore[assignment]
    copying.to_disk = made.wait_for_file  # type: ignore[assignment]
    if made.how == "forgets":
        copying.STEP = 100  # type: ignore[misc]
    apart_process.main(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:5]))
    kept.unregister()
