"""A second process beside the writer of a SQLite file: it reads, and leaves a record now and then.

The file has one writer, whose lock this store never takes. Each deed has a connection of its own for
the length of one transaction: SQLite's own lock puts it between two groups of the writer, places in
the log are given inside the transaction, and versions decide races as everywhere. So nothing is
lost or doubled; only speed is, which is why checks do not come this way.

What it never does: migrate, take a check, register or erase a person. Who changes keys of persons
(``keys forget``) wants the file to itself and does not see this store; records of the docket that
concern nobody (mandates, findings, devices) are indifferent to that, and nothing else may come here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import apsw

from liangming.check.ports import STORE_DOWN
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import deeds
from liangming.storage.codes import ANOTHER_WRITER
from liangming.storage.file import REFUSED, Doubt
from liangming.storage.job import Job
from liangming.storage.opened import connect, wrapped
from liangming.storage.sqlite import SqliteStore
from liangming.storage.writer import Pen


class BesideStore(SqliteStore):
    """Reads as :class:`SqliteStore`; writes one deed of the docket at a time."""

    async def open(self) -> None:
        """See that the file is there; its schema is checked by the first statement.

        Raises:
            Outage: STORE_DOWN.
        """
        if not self._path.is_file():
            raise Outage(STORE_DOWN)

    async def do(
        self,
        deed: deeds.Deed,
        after: Callable[[apsw.Connection], None] | None = None,
    ) -> Any:
        """One deed in a transaction of its own, durable when this returns.

        Args:
            deed: of the docket.
            after: left out: only a writer alone can cut the write-ahead log to nothing.

        Raises:
            Misuse: the deed's own; ``storage.not-migrated``.
            Outage: STORE_DOWN, STORE_FULL; the writer kept the file for longer than five seconds.
        """
        del after
        return await asyncio.to_thread(self._write, deed)

    async def ashore(self) -> None:
        """The writer in the other process may be ahead of the disk."""
        self._shore.reach()

    async def _walk(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Walks, too, run where they are asked for: nobody else waits in this process."""
        return self._near.rows(sql, values)

    async def _queue(self, job: Callable[[asyncio.Future[Any]], Job], size: int) -> Any:
        """Checks, persons and keys have one writer, and it is another process."""
        del job, size
        raise Misuse(ANOTHER_WRITER)

    def _write(self, deed: deeds.Deed) -> Any:
        try:
            connection = connect(self._path, writes=True, copies=False)
        except apsw.Error as failure:
            raise wrapped(failure) from None
        try:
            pen = Pen(self._path, connection)
            pen.believe()
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            if Doubt(self._path, REFUSED).stands():  # what is written now might begin the log anew
                raise Outage(STORE_DOWN, retry_after=5)
            # A crash from here on: SQLite drops what has no commit mark.
            outcome = deed(cursor)
            cursor.execute("COMMIT")
            pen.believe()  # the writer may have been told meanwhile, and we not
            # A crash here: durable, not answered; done again it is recorded once.
        except (apsw.Error, LiangmingError, ValueError, TypeError) as failure:
            raise wrapped(failure, connection) from None
        finally:
            connection.close(True)  # rolls back what is open
        return outcome
