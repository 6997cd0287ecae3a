"""Django's migrations, each in one transaction with the note that it ran.

By itself Django writes that note after the transaction, where a migration has statements that it defers to
its end. A process that is killed between the two leaves a form that is new and counts as old, on which
no later upgrade succeeds. Imported only where a process does nothing but migrate.
"""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor


class Whole(MigrationExecutor):  # type: ignore[misc]  # Django comes without types
    """Runs a migration and notes it, both or neither."""

    def apply_migration(self, state: Any, migration: Migration, **how: Any) -> Any:
        """One migration."""
        if not migration.atomic:
            return super().apply_migration(state, migration, **how)
        self.connection.disable_constraint_checking()  # SQLite cannot inside a transaction
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(state, migration, **how)


def upgrade(*apps: str) -> None:
    """Run what has not run, of these apps or of all."""
    migrate.MigrationExecutor = Whole  # Django asks nobody which to take
    call_command("migrate", *apps, verbosity=0, interactive=False)
