"""Bring the tables of staff to the newest schema, in a process of its own (see ``storage.schema``)."""

from __future__ import annotations

from liangming.errors import Outage
from liangming.storage import migrating
from liangming.web.staff.faults import MIGRATION_FAILED, STAFF_MISSING


def installed() -> bool:
    """Whether the extra ``staff`` is there."""
    import importlib.util

    return importlib.util.find_spec("allauth") is not None


def migrate(url: str) -> None:
    """Run the migrations; nothing happens when all have run.

    Raises:
        Misuse: ``storage.url-unknown``.
        Outage: ``staff.not-installed``, ``staff.migration-failed``, ``storage.unreachable``.
    """
    if not installed():
        raise Outage(STAFF_MISSING)
    migrating.run("liangming.web.staff.migrate", url, MIGRATION_FAILED)


def configure(url: str) -> None:
    """Django for a process that does nothing but staff accounts: the migrations, the command line."""
    import django
    from django.conf import settings

    from liangming.web import settings as pages
    from liangming.web.staff.settings import StaffSettings, django_settings

    if settings.configured:
        return
    base = {name: getattr(pages, name) for name in dir(pages) if name.isupper()}
    added = django_settings(StaffSettings(database=url), token=b"", hosts=("localhost",))
    settings.configure(**{**base, **added})
    django.setup(set_prefix=False)


def apply(url: str) -> None:
    """Migrate in this process."""
    from django.db import connections

    configure(url)
    migrating.reach()
    from liangming.storage.upgrading import upgrade

    try:
        upgrade()
    finally:
        connections.close_all()


if __name__ == "__main__":
    migrating.child(apply)
