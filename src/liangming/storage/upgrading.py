"""Django's migrations, each in one transaction with the note that it ran.

By itself Django writes that note after the transaction, where a migration has statements that it defers to
its end. A process that was killed between the two left a form that is new and counts as old, on which
no later upgrade succeeded. Where that is what is found, whole to the last column and index, the note is
made up for; where anything is missing, nothing is touched. Imported only where a process does nothing but migrate.
"""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import OperationalError, ProgrammingError, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

Shape = dict[str, tuple[frozenset[str], frozenset[str]]]  # a table's columns, and its indexes


class Whole(MigrationExecutor):  # type: ignore[misc]  # Django comes without types
    """Runs a migration and notes it, both or neither."""

    def apply_migration(self, state: Any, migration: Migration, **how: Any) -> Any:
        """One migration."""
        if not migration.atomic:
            return super().apply_migration(state, migration, **how)
        before = state.clone()
        self.connection.disable_constraint_checking()  # SQLite cannot inside a transaction
        try:
            with transaction.atomic(using=self.connection.alias):
                return super().apply_migration(state, migration, **how)
        except (OperationalError, ProgrammingError):
            if not self._was_run(before, migration):
                raise
        self.record_migration(migration)
        return migration.mutate_state(before, preserve=False)

    def _was_run(self, before: Any, migration: Migration) -> bool:
        """Whether the database has the form behind a migration already, and it differs from the one before."""
        after = migration.mutate_state(before)
        wanted = _shape(after, migration.app_label)
        return wanted != _shape(before, migration.app_label) and wanted == self._found(wanted)

    def _found(self, wanted: Shape) -> Shape:
        """Of these tables, the columns that are there, and those of the named indexes that are."""
        see = self.connection.introspection
        found: Shape = {}
        with self.connection.cursor() as cursor:
            for table in set(see.table_names(cursor)) & set(wanted):
                columns = frozenset(each.name for each in see.get_table_description(cursor, table))
                named = frozenset(see.get_constraints(cursor, table)) & wanted[table][1]
                found[table] = columns, named
        return found


def _shape(state: Any, app: str) -> Shape:
    models = [model._meta for model in state.apps.get_models()]  # noqa: SLF001  (Django's way to ask)
    return {
        each.db_table: (
            frozenset(field.column for field in each.local_concrete_fields),
            frozenset(index.name for index in each.indexes),
        )
        for each in models
        if each.app_label == app and each.managed
    }


def upgrade(*apps: str) -> None:
    """Run what has not run, of these apps or of all."""
    migrate.MigrationExecutor = Whole  # Django asks nobody which to take
    call_command("migrate", *apps, verbosity=0, interactive=False)
