"""The migrations in a process of their own: ``python -m liangming.storage.migrate_process``.

It reads a store's address from standard input and brings that database to the newest schema.
Started by :mod:`liangming.storage.schema`; no command for people.
"""

from __future__ import annotations

import django
from django.conf import settings
from django.db import connections

from liangming.storage import addresses, migrating
from liangming.storage.upgrading import upgrade


def apply(url: str) -> None:
    """Migrate in this process; only for a process that does nothing else.

    Raises:
        Misuse: ``storage.url-unknown``.
    """
    settings.configure(
        INSTALLED_APPS=["liangming.storage.apps.StorageConfig"],
        DATABASES=addresses.databases(url),
        USE_TZ=True,
    )
    django.setup()
    migrating.reach()
    try:
        upgrade("storage")
    finally:
        connections.close_all()


if __name__ == "__main__":
    migrating.child(apply)
