"""Where bytes rest: one SQLite file for a station, PostgreSQL for a company; one schema for both.

In this order:

1. :func:`migrate` brings the database to the newest schema, in a process of its own, and ends;
2. :func:`open_store` gives the store of an address; ``await store.open()`` connects and recovers;
3. changes that come together share one transaction, and each is answered once it is durable;
4. :func:`open_docket` gives the records of the cold rooms, in the same database;
5. ``await store.close()`` writes what was accepted, then lets go.

What this room never does: make tables outside the migrations, hold or read plaintext about a
person, answer before the disk, put a path, a host or a value into an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liangming.storage.addresses import POSTGRES, databases, kind_of, sqlite_path

if TYPE_CHECKING:  # the process of the migrations needs none of them
    from liangming.check.ports import Store
    from liangming.clock import Clock
    from liangming.docket.ports import Records
    from liangming.webhook.ports import Outbox

__all__ = [
    "databases",
    "migrate",
    "open_beside",
    "open_docket",
    "open_outbox",
    "open_store",
]


def migrate(url: str, *, briefly: bool = False) -> None:
    """Bring the database of an address to the newest schema; see :func:`.schema.migrate`.

    Args:
        url: the address.
        briefly: who comes meanwhile waits for us.

    Raises:
        Misuse, Outage: as it.
    """
    from liangming.storage import schema

    schema.migrate(url, briefly=briefly)


def open_store(
    url: str, *, clock: Clock | None = None, apart: bool = False, briefly: bool = False
) -> Store:
    """The store of an address, not yet open: ``sqlite:///path`` or ``postgresql://…``.

    Args:
        url: the address.
        clock: forgets idempotency keys.
        apart: its writer in a process of its own, for who serves many at once.
        briefly: for a moment only, so another writer of a SQLite file waits for its end.

    Raises:
        Misuse: ``storage.url-unknown``.
    """
    if kind_of(url) == POSTGRES:
        from liangming.storage import committer_apart
        from liangming.storage.postgres import PostgresStore

        command = committer_apart.COMMAND if apart else ()
        store: Store = PostgresStore(url, clock=clock, apart=command)
        return store
    from liangming.storage.apart import COMMAND
    from liangming.storage.sqlite import SqliteStore

    process = COMMAND if apart else ()
    return SqliteStore(sqlite_path(url), clock=clock, apart=process, briefly=briefly)


def open_beside(url: str, *, clock: Clock | None = None) -> Store:
    """A store beside another process's, to read and to leave records of the docket; not yet open.

    Raises:
        Misuse: ``storage.url-unknown``.
    """
    if kind_of(url) == POSTGRES:
        return open_store(url, clock=clock)  # any number of processes write there
    from liangming.storage.beside import BesideStore

    return BesideStore(sqlite_path(url), clock=clock)


def open_docket(store: Store) -> Records:
    """The docket that lies in an open store's database."""
    from liangming.storage.docket import records_of

    return records_of(store)


def open_outbox(store: Store) -> Outbox:
    """The log of events in an open store's database, as webhooks read it."""
    from liangming.storage.outbox import outbox_of

    return outbox_of(store)
