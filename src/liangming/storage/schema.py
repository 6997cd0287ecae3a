"""The schema of a database: which is the newest, and how a database is brought to it.

Why a process: Django uses Python's ``sqlite3``, the store uses APSW; two SQLite builds that hold
one file in one process break each other's locks. When the process has ended, no connection of
Django's can be left. It also leaves the caller's Django settings, or their absence, alone. A
SQLite file in which every migration has run is seen to be so by APSW, and no process is started.

Order: become the file's only writer (SQLite) → migrate and close → make the names durable → let
go. A crash at any point is mended by running it again: each migration is one transaction.
"""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
from pathlib import Path

import apsw

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage import addresses, file
from liangming.storage.codes import MIGRATION_FAILED

_MIGRATIONS = Path(__file__).parent / "migrations"
_TIMEOUT = 3600  # seconds: a large table may take its time
_log = logging.getLogger("liangming.storage")
_CHILD = ("-m", "liangming.storage.migrate_process")
RAN = "SELECT name FROM django_migrations WHERE app = 'storage'"


def newest() -> frozenset[str]:
    """The names of all migrations; a store opens only when each has run."""
    return frozenset(path.stem for path in _MIGRATIONS.glob("[0-9]*.py"))


def migrate(url: str) -> None:
    """Run the migrations; nothing happens when all have run.

    Blocks, typically for a second; call it before the store opens and before the event loop runs.

    Raises:
        Misuse: ``storage.url-unknown``; ``storage.another-writer`` when a SQLite file is in use.
        Outage: ``storage.migration-failed``, ``storage.unavailable``, ``storage.full``.
    """
    if addresses.kind_of(url) != addresses.SQLITE:
        _run(url)
        return
    path = addresses.sqlite_path(url)
    lock = file.WriterLock(path)
    lock.take()
    try:
        file.make(path)
        if not _all_ran(path):
            _run(url)
        file.sync_folder(path)
    finally:
        lock.release()


def _all_ran(path: Path) -> bool:
    """Whether a file has the newest schema; one that cannot be read has not."""
    file.refuse_second_library(path)
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    except apsw.Error:
        return False
    try:
        return {name for (name,) in connection.execute(RAN)} == newest()
    except apsw.Error:
        return False
    finally:
        connection.close(True)


def _run(url: str) -> None:
    # The address goes through stdin: it may hold a password, and arguments are seen by all.
    try:
        child = subprocess.Popen(  # noqa: S603  (our own words)
            [sys.executable, *_CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what it prints there may quote the address
        )
    except OSError:
        raise Outage(STORE_DOWN) from None
    with child:
        late = threading.Timer(_TIMEOUT, child.kill)
        late.start()
        try:
            if child.stdin is not None and child.stdout is not None:
                with contextlib.suppress(BrokenPipeError):  # it ended at once; its code says so
                    child.stdin.write(url.encode())
                    child.stdin.close()
                for line in child.stdout:
                    _tell(line)
            code = child.wait()
        except BaseException:  # Ctrl-C: nothing of the migration stays
            child.kill()
            raise
        finally:
            late.cancel()
    if code < 0:
        raise Outage(STORE_DOWN)
    if code:
        raise Outage(MIGRATION_FAILED)


def _tell(line: bytes) -> None:
    """How far a long migration is: it prints two numbers a line."""
    done, _, total = line.strip().partition(b" ")
    if done.isdigit() and total.isdigit():
        _log.warning(
            "正在升级数据库（中断后可重来） Bringing the database to its new form (may be begun again): %s / %s",
            f"{int(done):,}",
            f"{int(total):,}",
        )
