"""The lock row in a small SQLite file of its own, beside no other data.

Keep it on another disk than the tiles where there is one: it is 200 bytes that decide which of
two histories is the log.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from liangming.errors import Outage
from liangming.ledger.codes import STORE_FAILED, STORE_FULL
from liangming.ledger.ports import Held

_TABLE = """
CREATE TABLE IF NOT EXISTS head (
    origin TEXT PRIMARY KEY,
    checkpoint BLOB NOT NULL,
    at_micros INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""


class SqliteHeads:
    """Implements :class:`liangming.ledger.ports.HeadStore`; safe for threads and processes."""

    def __init__(self, path: Path | str) -> None:
        self._guard = threading.Lock()
        try:
            self._database = sqlite3.connect(
                path, isolation_level=None, timeout=10, check_same_thread=False
            )
            # WAL with FULL: one fsync a swap, and a swap that returned survives a power cut.
            self._database.execute("PRAGMA journal_mode = WAL").fetchone()
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.execute(_TABLE)
        except sqlite3.Error as failure:
            raise _said(failure) from failure

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._database.close()

    def load(self, origin: str) -> Held | None:
        """The row of a log."""
        try:
            with self._guard:
                row = self._database.execute(
                    "SELECT checkpoint, at_micros FROM head WHERE origin = ?", (origin,)
                ).fetchone()
        except sqlite3.Error as failure:
            raise _said(failure) from failure
        return None if row is None else Held(bytes(row[0]), int(row[1]))

    def swap(self, origin: str, old: Held | None, new: Held) -> bool:
        """Put ``new`` where ``old`` is. One statement, so it is atomic by itself."""
        try:
            with self._guard:
                if old is None:
                    done = self._database.execute(
                        "INSERT INTO head VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        (origin, new.checkpoint, new.at_micros),
                    )
                else:
                    done = self._database.execute(
                        "UPDATE head SET checkpoint = ?, at_micros = ?"
                        " WHERE origin = ? AND checkpoint = ? AND at_micros = ?",
                        (new.checkpoint, new.at_micros, origin, old.checkpoint, old.at_micros),
                    )
        except sqlite3.Error as failure:
            raise _said(failure) from failure
        return done.rowcount == 1


def _said(failure: sqlite3.Error) -> Outage:
    full = getattr(failure, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
    return Outage(STORE_FULL if full else STORE_FAILED, retry_after=5)
