"""Two column types that Django does not have, so that both databases store the same thing well."""

from __future__ import annotations

from typing import Any

from django.db import models


class Word(models.CharField):  # type: ignore[misc]  # Django ships no types
    """A short text that is compared byte by byte.

    On PostgreSQL it carries ``COLLATE "C"``: comparing is a ``memcmp``, the order is that of
    SQLite, and Django's second index for ``LIKE`` is neither needed nor made.
    """

    def db_type(self, connection: Any) -> str:
        """The column type."""
        if connection.vendor == "postgresql":
            return f'character varying({self.max_length}) COLLATE "C"'
        return str(super().db_type(connection))


class Place(models.BigIntegerField):  # type: ignore[misc]  # Django ships no types
    """A 64-bit primary key given by us; on SQLite the rowid itself, so the log costs one tree."""

    def db_type(self, connection: Any) -> str:
        """The column type."""
        return "integer" if connection.vendor == "sqlite" else "bigint"
