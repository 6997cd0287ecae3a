"""The device's one file: SQLite, every commit on disk before it is answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import apsw

from liangming.edge import codes
from liangming.errors import Outage

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, body BLOB NOT NULL, signature BLOB NOT NULL, sent INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS cells (
    cell INTEGER PRIMARY KEY, parcel TEXT NOT NULL, digest BLOB NOT NULL UNIQUE,
    until INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS used (digest BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS templates (
    slot BLOB PRIMARY KEY, template TEXT NOT NULL UNIQUE, until INTEGER NOT NULL, sealed BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class Memory:
    """One connection, one thread at a time, by a lock of its own.

    Durability: WAL with synchronous FULL; a transaction is on disk when it returns.
    Crash: what was not answered may or may not be there; the journal's numbers have no gap.

    Raises:
        Outage: ``edge.disk-full`` for every failure of the file; nothing was answered then.
    """

    def __init__(self, path: Path) -> None:
        self._turn = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = apsw.Connection(str(path))
            self._file.set_busy_timeout(2000)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._file.execute(f"PRAGMA {pragma}").fetchall()
            for statement in filter(None, (part.strip() for part in _SCHEMA.split(";"))):
                self._file.execute(statement).fetchall()
            path.chmod(0o600)
        except (apsw.Error, OSError):
            raise Outage(codes.DISK_FULL) from None

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside lands together or not at all."""
        try:
            with self._turn, self._file:
                yield
        except apsw.Error:
            raise Outage(codes.DISK_FULL) from None

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement."""
        try:
            with self._turn:
                return self._file.execute(sql, values).fetchall()
        except apsw.Error:
            raise Outage(codes.DISK_FULL) from None

    def fact(self, name: str) -> str:
        """A remembered value, empty if there is none."""
        found = self.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return str(found[0][0]) if found else ""

    def remember(self, name: str, value: str) -> None:
        """Remember a value."""
        self.rows("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def emptied(self) -> None:
        """Write the log back and cut it off, so that what was deleted is in no file any more."""
        with self._turn:
            if self._file.in_transaction:
                return
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let the file go."""
        self._file.close(True)
