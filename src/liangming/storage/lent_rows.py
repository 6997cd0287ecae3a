"""Rows of a PostgreSQL database by connections that are lent, for its store and for the storage modules beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage import connections
from liangming.storage.connections import OWN_FAULT, WORLD, wrapped

_MOST: Final = 8
_WAIT: Final = 10  # seconds for a connection


class LentRows:
    """Lends connections, each for a statement or a transaction.

    Every method raises Outage (STORE_DOWN, STORE_FULL) where the database cannot be asked.

    Args:
        url: ``postgresql://…``. It is never shown: it may hold a password.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: asyncpg.Pool | None = None
        self._kept: connections.Kept | None = None

    async def lend(self) -> None:
        """Begin; the first connections are made at once.

        Raises:
            asyncpg.PostgresError, OSError: and the others of ``connections.WORLD``.
        """
        self._pool = await connections.pool(self._url, _MOST)
        self._kept = connections.Kept(self._url)

    async def take_back(self) -> None:
        """Disconnect when what is lent has come back."""
        pool, self._pool = self._pool, None
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
        if pool is not None:
            try:
                await pool.close()
            except WORLD:
                pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A connection inside a transaction, for another storage module."""
        async with self._connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection for one statement of another storage module, which is its own transaction."""
        async with self._connection() as connection:
            yield connection

    @asynccontextmanager
    async def keys(self) -> AsyncIterator[Any]:
        """The same for a statement that finds everything by keys: the kept connection, if nobody has it.

        A loan of the pool costs as much as a look-up does, and of its eight backends each is cold when few ask.
        """
        kept = self._kept
        async with (
            kept.lent() if kept is not None and kept.free else self._connection() as connection
        ):
            yield connection

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        """Rows for another storage module."""
        return await self._rows(sql, *values)

    async def ashore(self, sql: str, *values: Any, of: Callable[[list[Any]], Any] = list) -> Any:
        """What is told of rows, which the disk has, and the standbys that the server names.

        A committer may be ahead of them by some milliseconds (:mod:`liangming.storage.committer`). Whoever acts on
        what the database could take back by a fall asks so.
        """
        async with self._connection() as connection:
            told = of(await connection.fetch(sql, *values))
            if told:
                # A fall of the server before this: the rows are gone or not, and so is the connection.
                await connections.ashore(connection)
            return told

    async def _rows(self, sql: str, *values: Any) -> list[Any]:
        async with self._connection() as connection:
            return list(await connection.fetch(sql, *values))

    async def _row(self, sql: str, *values: Any) -> Any:
        async with self._connection() as connection:
            return await connection.fetchrow(sql, *values)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        if self._pool is None:
            raise Outage(STORE_DOWN, retry_after=1)
        try:
            async with self._pool.acquire(timeout=_WAIT) as connection:
                yield connection
        except (*OWN_FAULT, *WORLD) as failure:
            raise wrapped(failure) from None
