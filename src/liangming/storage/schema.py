"""The schema of a database: which is the newest, and how a database is brought to it.

Why a process: Django uses Python's ``sqlite3``, the store uses APSW; two SQLite builds that hold
one file in one process break each other's locks. When the process has ended, no connection of
Django's can be left. It also leaves the caller's Django settings, or their absence, alone. A
SQLite file in which every migration has run is seen to be so by APSW, and no process is started.

Order: become the file's only writer (SQLite) → migrate and close → make the names durable → let
go. A crash at any point is mended by running it again: each migration is one transaction, with the
note that it ran (:mod:`liangming.storage.upgrading`).
"""

from __future__ import annotations

from pathlib import Path

import apsw

from liangming.check.ports import STORE_DOWN
from liangming.storage import addresses, file, migrating
from liangming.storage.afresh import copy_afresh
from liangming.storage.codes import MIGRATION_FAILED

_MIGRATIONS = Path(__file__).parent / "migrations"
RAN = "SELECT name FROM django_migrations WHERE app = 'storage'"


def newest() -> frozenset[str]:
    """The names of all migrations; a store opens only when each has run."""
    return frozenset(path.stem for path in _MIGRATIONS.glob("[0-9]*.py"))


def migrate(url: str, *, briefly: bool = False) -> None:
    """Run the migrations; nothing happens when all have run.

    Blocks, typically for a second; call it before the store opens and before the event loop runs.

    Args:
        url: the address.
        briefly: who comes meanwhile waits for us (:class:`liangming.storage.file.WriterLock`).

    Raises:
        Misuse: ``storage.url-unknown``; ``storage.another-writer`` when a SQLite file is in use.
        Outage: ``storage.migration-failed``, ``storage.unreachable``, ``storage.unavailable``, ``storage.full``.
    """
    if addresses.kind_of(url) != addresses.SQLITE:
        _run(url)
        return
    path = addresses.sqlite_path(url)
    lock = file.WriterLock(path, briefly=briefly)
    lock.take()
    try:
        file.make(path)
        copy_afresh(path)
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
    migrating.run("liangming.storage.migrate_process", url, MIGRATION_FAILED, lost=STORE_DOWN)
