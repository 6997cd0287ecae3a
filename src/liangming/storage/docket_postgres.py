"""The docket on PostgreSQL: a counted update decides a race between processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from liangming.check.ports import MOVED_ON, LeafRow
from liangming.docket.ports import Record
from liangming.errors import Misuse
from liangming.storage import records
from liangming.storage.docket import (
    DROP,
    FIELDS,
    MOVING,
    RESEAL,
    REWRAP,
    STATEMENTS,
    Reads,
    columns_of,
    insert_text,
    moves,
    update_text,
)
from liangming.storage.postgres import PostgresStore
from liangming.storage.postgres_statements import append

_POSTGRES: Final = {sql: sql.format("$1", "$2", "$3") for sql in STATEMENTS}
_INSERT: Final = insert_text([f"${n + 1}" for n in range(len(FIELDS))])
_UPDATE: Final = update_text([f"${n + 1}" for n in range(len(MOVING) + 2)])


class PostgresRecords(Reads):
    """Implements :class:`liangming.docket.Records` beside a PostgreSQL store."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def commit(
        self, rows: Sequence[Record], leaves: Sequence[LeafRow] = (), *, drop: Sequence[str] = ()
    ) -> None:
        """One transaction; leaves last, for they lock the log's head."""
        async with self._store.transaction() as connection:
            for row in rows:
                new = row.version == 1
                values = columns_of(row) if new else moves(row)
                if await connection.fetchrow(_INSERT if new else _UPDATE, *values) is None:
                    raise Misuse(MOVED_ON)
            for record_id in drop:
                await connection.fetchrow(_POSTGRES[DROP], record_id)
            await append(connection, [records.leaf_columns(leaf) for leaf in leaves])

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
