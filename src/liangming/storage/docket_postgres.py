"""The docket on PostgreSQL: a counted update decides a race between processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from liangming.check.ports import MOVED_ON, Client, LeafRow
from liangming.docket.ports import Record
from liangming.errors import Misuse
from liangming.storage import records
from liangming.storage.docket import Reads
from liangming.storage.docket_statements import (
    CLIENT_MARKS,
    DROP,
    FIELDS,
    MOVING,
    RESEAL,
    REWRAP,
    SEVERAL,
    STATEMENTS,
    THEIRS,
    USED,
    client_insert,
    client_moves,
    client_update,
    columns_of,
    insert_text,
    moves,
    update_text,
)
from liangming.storage.postgres import PostgresStore
from liangming.storage.postgres_statements import append
from liangming.storage.records_postgres import plain, write

_POSTGRES: Final = {sql: sql.format("$1", "$2", "$3", "$4", "$5") for sql in STATEMENTS}
_SEVERAL: Final = SEVERAL.format("= ANY($1::text[])")
_THEIRS: Final = THEIRS.format("$2", "$3").format("= ANY($1::text[])")
_CLIENT: Final = client_insert([f"${n + 1}" for n in range(CLIENT_MARKS[0])])
_CLIENT_MOVES: Final = client_update([f"${n + 1}" for n in range(CLIENT_MARKS[1])])
_INSERT: Final = insert_text([f"${n + 1}" for n in range(len(FIELDS))])
_UPDATE: Final = update_text([f"${n + 1}" for n in range(len(MOVING) + 2)])


class PostgresRecords(Reads):
    """Implements :class:`liangming.docket.Records` beside a PostgreSQL store."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def commit(
        self,
        rows: Sequence[Record],
        leaves: Sequence[LeafRow] = (),
        *,
        drop: Sequence[str] = (),
        clients: Sequence[Client] = (),
    ) -> None:
        """One transaction; leaves last, for they lock the log's head. Mostly one statement."""
        if not clients and not drop and plain(rows):
            async with self._store.keys() as connection:
                await write(connection, rows, [records.leaf_columns(leaf) for leaf in leaves])
            return
        async with self._store.transaction() as connection:
            for row in rows:
                new = row.version == 1
                values = columns_of(row) if new else moves(row)
                if await connection.fetchrow(_INSERT if new else _UPDATE, *values) is None:
                    raise Misuse(MOVED_ON)
            for client in clients:
                new = client.version == 1
                values = records.client_columns(client) if new else client_moves(client)
                if await connection.fetchrow(_CLIENT if new else _CLIENT_MOVES, *values) is None:
                    raise Misuse(MOVED_ON)
            for record_id in drop:
                await connection.fetchrow(_POSTGRES[DROP], record_id)
            await append(connection, [records.leaf_columns(leaf) for leaf in leaves])

    async def used(self, clients: Sequence[str], day: int) -> None:
        """Note the day on which API clients were used last; rows in one order in every process."""
        async with self._store.transaction() as connection:
            await connection.executemany(_POSTGRES[USED], [(day, each) for each in sorted(clients)])

    async def reseal(self, person: bytes, old: bytes, new: bytes) -> None:
        """Replace a person's sealed record, if the old one still stands."""
        async with self._store.transaction() as connection:
            if await connection.fetchrow(_POSTGRES[RESEAL], new, person, old) is None:
                raise Misuse(MOVED_ON)

    async def rewrap(self, moved: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Replace keys of words where the old ones still stand."""
        changes = [(new, record_id.decode(), old) for record_id, old, new in moved]
        async with self._store.transaction() as connection:
            await connection.executemany(_POSTGRES[REWRAP], changes)

    async def _rows(self, sql: str, *values: Any) -> list[Any]:
        return await self._store.rows(_POSTGRES[sql], *values)

    async def _several(self, record_ids: Sequence[str]) -> list[Any]:
        async with self._store.keys() as connection:
            return list(await connection.fetch(_SEVERAL, list(record_ids)))

    async def _theirs(self, checks: Sequence[str], operator: str, before: int) -> list[Any]:
        return await self._store.rows(_THEIRS, list(checks), operator, before)
