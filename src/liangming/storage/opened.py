"""A connection to a store's SQLite file: its settings, what it says when it fails, and how it is let go."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import apsw

from liangming.check.ports import STORE_DOWN, STORE_FULL
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import file
from liangming.storage.afresh import copy, end_at_once
from liangming.storage.codes import NOT_MIGRATED, UNFIT
from liangming.storage.copying import STEP
from liangming.storage.schema import RAN, newest

RETRY: Final = 5  # seconds
_PATIENCE: Final = 5_000  # ms that another process's transaction is waited for
OWN_FAULT: Final = (
    apsw.ConstraintError,
    apsw.MismatchError,
    apsw.TooBigError,
    apsw.RangeError,
    UnicodeEncodeError,
    OverflowError,
    TypeError,
    ValueError,
)


def connect(path: Path, *, writes: bool, copies: bool = True) -> apsw.Connection:
    """A connection with our settings; the file must exist and be migrated.

    Args:
        path: the file.
        writes: else it only reads.
        copies: the log into the file, when that is long, and when it is the last to close; this is for the
            file's writer alone (:mod:`liangming.storage.afresh`).

    Raises:
        Misuse: ``storage.not-migrated``.
        Outage: STORE_FULL, STORE_DOWN.
        apsw.Error: there is no such file.
    """
    connection = apsw.Connection(
        str(path), flags=apsw.SQLITE_OPEN_READWRITE, statementcachesize=256
    )
    try:
        connection.set_busy_timeout(_PATIENCE)
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, int(not copies))
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # COMMIT waits for the disk
            "wal_autocheckpoint = 0",  # it would tell nobody of a disk that refuses what was copied
            "journal_size_limit = 268435456",
            "cache_size = -8192",  # SQLite walks all of it at each commit of a file below 1 GiB
            "temp_store = MEMORY",
            "secure_delete = ON",  # what is erased is overwritten with zeros
            "trusted_schema = OFF",
            "query_only = " + ("OFF" if writes else "ON"),
        ):
            connection.execute("PRAGMA " + pragma).fetchall()
        if writes and copies:
            connection.set_wal_hook(_grown)
        _check_schema(connection)
    except (apsw.Error, LiangmingError) as failure:
        refused = wrapped(failure, connection)
        connection.close(True)
        raise refused from None
    return connection


def _grown(connection: apsw.Connection, _name: str, pages: int) -> int:
    """A commit is written, and the log has so many pages: copied into the file where those are many."""
    if pages >= STEP:
        path = Path(connection.filename)
        with contextlib.suppress(apsw.Error):  # the commit stands; a later one tries again
            copy(connection, apsw.SQLITE_CHECKPOINT_PASSIVE, lambda: end_at_once(path))
    return apsw.SQLITE_OK


def let_go(connection: apsw.Connection, path: Path) -> None:
    """Close it for the file's writer; the last to do so copies the log into the file, unless the disk refused something.

    The log is then all that a crash would leave, and the next start has to see to it.
    """
    if file.Doubt(path).stands() or file.Doubt(path, file.REFUSED).stands():
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.close(True)


def _check_schema(connection: apsw.Connection) -> None:
    try:
        rows = connection.execute(RAN)
        ran = {row[0] for row in rows.fetchall()}
    except apsw.SQLError:
        raise Misuse(NOT_MIGRATED) from None
    if ran != newest():
        raise Misuse(NOT_MIGRATED)


def wrapped(failure: BaseException, connection: apsw.Connection | None = None) -> LiangmingError:
    """SQLite's failure in our words. Its own text may hold a path, and is dropped."""
    if isinstance(failure, LiangmingError):
        return failure
    if isinstance(failure, OWN_FAULT):
        return Misuse(UNFIT)
    if isinstance(failure, apsw.FullError):
        return Outage(STORE_FULL, retry_after=RETRY)
    if isinstance(failure, apsw.IOError) and connection is not None:
        number = connection.system_errno
        return Outage(STORE_FULL if number in file.FULL else STORE_DOWN, retry_after=RETRY)
    return Outage(STORE_DOWN, retry_after=RETRY)
