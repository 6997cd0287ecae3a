"""A process that is meant to be killed: brings a database to its newest form, and dies at a step of it.

``python -m tests.storage.migration_killed URL WHERE``: one child after another, forked where everything is loaded, dies
by SIGKILL on the same database. ``writes``: before its first statement that writes, its second, …, and before its
commit. ``commits``: just after its first commit. A line of JSON tells what each left: the migrations that count as run, and
a digest of forms and rows. The last line is of the child that came to the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from typing import Any

import django
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from liangming.storage import addresses
from liangming.storage.upgrading import upgrade

FORMS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
    "postgresql": "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
    " WHERE table_schema = 'public' ORDER BY table_name, column_name",
}
INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
)
HELD = ("persons", "checks", "leaves", "log_head", "records", "clients")


READS = ("SELECT", "PRAGMA", "SAVEPOINT", "RELEASE")


class Steps:
    """Counts what the database is asked for, and dies at one of them."""

    def __init__(self, last: int) -> None:
        self.last, self.done = last, 0
        self.execute, self.commit = (
            CursorWrapper._execute_with_wrappers,
            BaseDatabaseWrapper._commit,
        )

    def here(self) -> None:
        """Another step."""
        self.done += 1
        if self.done == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_writes(self) -> None:
        """Steps are statements that write, and commits that end some."""

        def execute(cursor: Any, sql: Any, *more: Any, **others: Any) -> Any:
            if not str(sql).lstrip().upper().startswith(READS):
                self.here()
            return self.execute(cursor, sql, *more, **others)

        def commit(connection: Any) -> Any:
            self.here()
            return self.commit(connection)

        CursorWrapper._execute_with_wrappers = execute
        BaseDatabaseWrapper._commit = commit

    def after_commits(self) -> None:
        """Steps are commits that have just happened."""

        def commit(connection: Any) -> Any:
            done = self.commit(connection)
            self.here()
            return done

        BaseDatabaseWrapper._commit = commit


def left(vendor: str) -> dict[str, Any]:
    """What is in the database now, as whoever opens it next finds it."""
    with connections["default"].cursor() as cursor:

        def rows(sql: str) -> list[Any]:
            cursor.execute(sql)
            return [tuple(_plain(value) for value in row) for row in cursor.fetchall()]

        forms = rows(FORMS[vendor])
        tables = sorted({row[0] for row in forms})
        ran = []
        if "django_migrations" in tables:
            ran = [row[0] for row in rows("SELECT name FROM django_migrations ORDER BY name")]
        held = {name: rows(f"SELECT * FROM {name} ORDER BY 1") for name in HELD if name in tables}  # noqa: S608
        more = rows(INDEXES) if vendor == "postgresql" else []
    connections.close_all()
    whole = json.dumps([forms, more, held], sort_keys=True).encode()
    return {"ran": ran, "digest": hashlib.sha256(whole).hexdigest()}


def _plain(value: object) -> object:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value


def migrate(where: str, step: int) -> int:
    """In a child: how it ended."""
    child = os.fork()
    if child == 0:
        if where == "writes":
            Steps(step).before_writes()
        else:
            Steps(1).after_commits()
        code = 1
        try:
            upgrade("storage")
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main(url: str, where: str) -> None:
    """Until one comes to the end."""
    databases = addresses.databases(url)
    settings.configure(
        INSTALLED_APPS=["liangming.storage.apps.StorageConfig"], DATABASES=databases, USE_TZ=True
    )
    django.setup()
    vendor = connections["default"].vendor
    step, ended = 1, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        ended = migrate(where, step)
        sys.stdout.write(json.dumps({"step": step, "ended": ended} | left(vendor)) + "\n")
        sys.stdout.flush()  # before the next child is forked
        step += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
