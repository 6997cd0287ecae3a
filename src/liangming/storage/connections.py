"""Connections to PostgreSQL with our settings, and its failures in our words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from liangming.check.ports import STORE_DOWN, STORE_FULL
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import arrays
from liangming.storage.codes import NOT_MIGRATED, UNFIT
from liangming.storage.schema import RAN, newest

TIMEOUT: Final = 30.0  # seconds for one statement
_CONNECT: Final = 5.0
_RETRY: Final = 5

_SETTINGS: Final = {
    "application_name": "liangming",
    "timezone": "UTC",
    "jit": "off",
    # 'on' waits for the local disk, and for the standbys that the server names. 'off' only in the transaction of
    # a group behind which :func:`ashore` follows before anybody is told.
    "synchronous_commit": "on",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
}
# The writer's statements join a few keys to an index. Plans made while a table is small must not
# turn into walks when it is large, and planning anew each time costs more than running.
_WRITER: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

OWN_FAULT: Final = (
    asyncpg.DataError,  # the server's 22xxx: too long, a NUL in a text
    asyncpg.exceptions.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    UnicodeEncodeError,
    OverflowError,
    TypeError,
    ValueError,  # a change that could never be written; see records.Writing
)
RACED: Final = (
    asyncpg.UniqueViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
WORLD: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # asyncpg's word for a connection that was cut under a statement
    RuntimeError,  # the event loop's, for the same
    OSError,
    TimeoutError,
    EOFError,
)


# A commit that waits for the disk and the standbys, and with it for all commits before it; it writes nothing
# that anybody reads. A server that only follows another shows nothing that is not durable there.
_ASHORE: Final = (
    "SELECT CASE WHEN NOT pg_is_in_recovery()"
    " THEN pg_logical_emit_message(true, 'liangming', ''::text) END"
)


class _Pooled(asyncpg.Connection):  # type: ignore[misc]  # asyncpg comes without types
    """A connection of the pool: given back, it costs no round trip.

    Nothing here sets a session's state, listens, or takes an advisory lock, so there is nothing to
    undo; a transaction left open is rolled back all the same.
    """

    def get_reset_query(self) -> str:
        """Nothing."""
        return ""


async def ashore(connection: Any) -> None:
    """Wait until what this connection saw or committed is on the disk, and on the standbys that the server names.

    A server that fell in between has ended the connection, whatever it lost: so this fails then, and the
    next connection sees what is left. Another connection's commit would prove nothing of this one.

    Raises:
        asyncpg.PostgresError, OSError: and the others of WORLD.
    """
    await connection.execute(_ASHORE)


async def connect(url: str) -> asyncpg.Connection:
    """A connection that joins a few keys to an index at a time: the writer's, and for looking up."""
    connection = await asyncpg.connect(
        url,
        timeout=_CONNECT,
        command_timeout=TIMEOUT,
        server_settings=_SETTINGS | _WRITER,
    )
    arrays.prepare(connection)
    return connection


class Kept:
    """A connection for one caller at a time; it is made for the first.

    A pool asks more of each loan, which is half of what looking up some people costs here.

    Args:
        url: the database.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._lent = self._closed = False

    @property
    def free(self) -> bool:
        """Whether nobody has it."""
        return not self._lent and not self._closed

    async def fetch(self, sql: str, *values: Any) -> list[Any]:
        """Rows; where anything failed, the next caller has a new connection.

        Raises:
            LiangmingError: PostgreSQL's failure in our words.
        """
        async with self.lent() as connection:
            rows: list[Any] = await connection.fetch(sql, *values)
        return rows

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[asyncpg.Connection]:
        """The connection; where anything failed but what failed in our words, the next caller has a new one.

        Raises:
            LiangmingError: PostgreSQL's failure in our words.
        """
        connection, self._connection, self._lent = self._connection, None, True
        try:
            if connection is None or connection.is_closed():
                connection = await connect(self._url)
            yield connection
        except LiangmingError:
            self._back(connection)
            raise
        except BaseException as failure:
            self._lent = False
            _drop(connection)
            if isinstance(failure, (*OWN_FAULT, *WORLD)):
                raise wrapped(failure) from None
            raise
        else:
            self._back(connection)

    def _back(self, connection: asyncpg.Connection | None) -> None:
        self._lent = False
        if self._closed:
            _drop(connection)
        else:
            self._connection = connection

    def close(self) -> None:
        """Let go; who is still asking is answered."""
        self._closed = True
        connection, self._connection = self._connection, None
        _drop(connection)


def _drop(connection: asyncpg.Connection | None) -> None:
    if connection is not None:
        connection.terminate()


async def pool(url: str, size: int) -> asyncpg.Pool:
    """Connections for reads and rare writes."""
    return await asyncpg.create_pool(
        url,
        min_size=0,  # the pool would log a traceback for each it cannot restore
        max_size=size,
        connection_class=_Pooled,
        timeout=_CONNECT,
        command_timeout=TIMEOUT,
        server_settings=_SETTINGS,
    )


async def see(url: str) -> None:
    """Connect once: what cannot be written to is told here and now.

    Raises:
        Misuse: ``storage.not-migrated``: the schema is not this program's.
        asyncpg.PostgresError, OSError: and the others of WORLD.
    """
    connection = await connect(url)
    try:
        await _check_schema(connection)
    finally:
        await connection.close(timeout=_CONNECT)


async def _check_schema(connection: Any) -> None:
    try:
        rows = await connection.fetch(RAN)
    except asyncpg.UndefinedTableError:
        raise Misuse(NOT_MIGRATED) from None
    if {row[0] for row in rows} != newest():
        raise Misuse(NOT_MIGRATED)


def wrapped(failure: BaseException) -> LiangmingError:
    """PostgreSQL's failure in our words. Its own text may hold values, and is dropped."""
    if isinstance(failure, LiangmingError):
        return failure
    if isinstance(failure, OWN_FAULT):
        return Misuse(UNFIT)
    if isinstance(failure, asyncpg.DiskFullError):
        return Outage(STORE_FULL, retry_after=_RETRY)
    return Outage(STORE_DOWN, retry_after=_RETRY)
