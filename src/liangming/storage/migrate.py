"""Bring a database to the newest schema, in a process of its own.

Why a process: Django uses Python's ``sqlite3``, the store uses APSW; two SQLite builds that hold
one file in one process break each other's locks. When the process has ended, no connection of
Django's can be left. It also leaves the caller's Django settings, or their absence, alone.

Order: become the file's only writer (SQLite) → migrate and close → make the names durable → let
go. A crash at any point is mended by running it again: each migration is one transaction.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from liangming.check.ports import STORE_DOWN
from liangming.errors import Misuse, Outage
from liangming.storage import addresses, file
from liangming.storage.codes import MIGRATION_FAILED

_MIGRATIONS = Path(__file__).parent / "migrations"
_TIMEOUT = 3600  # seconds: a large table may take its time


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
    lock = None
    if addresses.kind_of(url) == addresses.SQLITE:
        path = addresses.sqlite_path(url)
        lock = file.WriterLock(path)
        lock.take()
    try:
        if lock is not None:
            file.make(path)
        _run(url)
        if lock is not None:
            file.sync_folder(path)
    finally:
        if lock is not None:
            lock.release()


def _run(url: str) -> None:
    # The address goes through stdin: it may hold a password, and arguments are seen by all.
    try:
        done = subprocess.run(
            [sys.executable, "-m", "liangming.storage.migrate"],
            input=url.encode(),
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise Outage(STORE_DOWN) from None
    if done.returncode != 0:
        raise Outage(MIGRATION_FAILED)  # what it printed may quote the address


def apply(url: str) -> None:
    """Migrate in this process; only for a process that does nothing else.

    Raises:
        Misuse: ``storage.url-unknown``.
    """
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=["liangming.storage.apps.StorageConfig"],
            DATABASES=addresses.databases(url),
            USE_TZ=True,
        )
    django.setup()
    try:
        call_command("migrate", "storage", verbosity=0, interactive=False)
    finally:
        connections.close_all()


if __name__ == "__main__":
    try:
        apply(sys.stdin.read())
    except Misuse:
        sys.exit(2)
