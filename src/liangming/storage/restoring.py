"""Restore a backup somewhere else: for the drill, never over a database in use.

SQLite: the file is copied. PostgreSQL: ``pg_restore`` fills an empty database, which is emptied
again afterwards. The address goes through the environment: arguments are seen by all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from liangming.errors import Kind, Misuse, Outage, declare
from liangming.storage.addresses import POSTGRES, kind_of

UNREADABLE: Final = declare(
    "storage.backup-unreadable",
    Kind.MALFORMED,
    zh="这不是可用的备份：需要 SQLite 数据库文件，或 pg_dump -Fc 生成的文件。",
    en="This is not a backup we can use: a SQLite database file, or a file made by pg_dump -Fc.",
)
SCRATCH_NEEDED: Final = declare(
    "storage.scratch-needed",
    Kind.INVALID,
    zh="PostgreSQL 备份需要用 --scratch 给出一个空的、与正式库不同的 PostgreSQL 数据库。",
    en="A PostgreSQL backup needs --scratch: an empty PostgreSQL database that is not the live one.",
)
SCRATCH_FULL: Final = declare(
    "storage.scratch-not-empty",
    Kind.OUT_OF_ORDER,
    zh="给出的数据库不是空的，没有动它。请新建一个空数据库用于演练。",
    en="The given database is not empty and was not touched; make an empty one for the drill.",
)
RESTORE_FAILED: Final = declare(
    "storage.restore-failed",
    Kind.OUTAGE,
    zh="备份没有恢复成功：找不到 pg_restore、数据库连不上，或备份已损坏。",
    en="The backup was not restored: pg_restore is missing, the database cannot be reached, or the"
    " backup is damaged.",
)
_SQLITE: Final = b"SQLite format 3\x00"
_DUMP: Final = b"PGDMP"
_TIMEOUT: Final = 3600


def restore(backup: Path, folder: Path, scratch: str, live: str) -> str:
    """Restore a backup and return the address of the copy; blocks.

    Args:
        backup: the file.
        folder: an empty folder of the caller's, for SQLite.
        scratch: address of an empty PostgreSQL database, for a dump.
        live: the address in use, which is never restored over.

    Raises:
        Misuse: ``storage.backup-unreadable``, ``storage.scratch-needed``,
            ``storage.scratch-not-empty``.
        Outage: ``storage.restore-failed``.
    """
    try:
        with backup.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError:
        raise Misuse(UNREADABLE, field="BACKUP") from None
    if head == _SQLITE:
        copy = folder / "restored.sqlite3"
        try:
            shutil.copyfile(backup, copy)
            aside = backup.with_name(backup.name + "-wal")
            if aside.is_file():  # a copy of the two together is a backup, too
                shutil.copyfile(aside, copy.with_name(copy.name + "-wal"))
        except OSError:
            raise Outage(RESTORE_FAILED) from None
        return f"sqlite:///{copy}"
    if not head.startswith(_DUMP):
        raise Misuse(UNREADABLE, field="BACKUP")
    if not scratch or kind_of(scratch) != POSTGRES or scratch == live:
        raise Misuse(SCRATCH_NEEDED, field="--scratch")
    if _psql(scratch, _COUNT).strip() != "0":
        raise Misuse(SCRATCH_FULL, field="--scratch")
    _run(
        scratch,
        ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "-d", ""],
        backup,
    )
    return scratch


def clear(address: str) -> None:
    """Empty the scratch database; SQLite's goes with its folder.

    Raises:
        Outage: ``storage.restore-failed``.
    """
    if kind_of(address) == POSTGRES:
        _psql(address, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")


_COUNT: Final = (
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
)


def _psql(address: str, sql: str) -> str:
    return _run(address, ["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, "-d", ""])


def _run(address: str, command: list[str], backup: Path | None = None) -> str:
    parts = urlsplit(address)
    environment = {
        **os.environ,
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
    }
    known = {name: value for name, value in environment.items() if value}
    words = [*command[:-1], unquote(parts.path.removeprefix("/"))]
    if backup is not None:
        words.append(str(backup))
    try:
        done = subprocess.run(  # noqa: S603  (our own words; the backup is a path)
            words, capture_output=True, env=known, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise Outage(RESTORE_FAILED) from None
    if done.returncode:
        raise Outage(RESTORE_FAILED)  # what it printed may quote addresses and values
    return done.stdout.decode("utf-8", "replace")
