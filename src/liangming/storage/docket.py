"""The records of the docket on both databases: rare writes, one transaction each.

The same statements but for their placeholders; versions decide races, as with checks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import apsw
from msgspec.structs import replace

from liangming.check.ports import MOVED_ON, Client, LeafRow, Store
from liangming.clock import micros
from liangming.docket.ports import Left, Record, Records
from liangming.errors import Misuse
from liangming.storage import deeds, records, runs, statements, visits
from liangming.storage.docket_statements import (
    ABOUT,
    BY_ID,
    CLIENT_MARKS,
    COUNT,
    DROP,
    DUE,
    ERASED,
    EVENTS,
    FIELDS,
    LAST,
    LATEST,
    MORE,
    MOVING,
    OPEN,
    OVER,
    PEOPLE,
    RESEAL,
    REWRAP,
    SEVERAL,
    STAMP,
    STATEMENTS,
    THEIRS,
    USED,
    WALK,
    WORDS,
    WRAPPED,
    client_insert,
    client_moves,
    client_update,
    columns_of,
    insert_text,
    moves,
    update_text,
)
from liangming.storage.sqlite import SqliteStore


def _record(row: Sequence[Any]) -> Record:
    return Record(**dict(zip(FIELDS, row, strict=True)))


class Reads(ABC):
    """What both share: every read is one statement."""

    @abstractmethod
    async def _rows(self, sql: str, *values: Any) -> list[Any]: ...

    @abstractmethod
    async def _theirs(self, checks: Sequence[str], operator: str, before: int) -> list[Any]:
        """Id and person of those of these checks that an operator opened before a moment."""
        ...

    @abstractmethod
    async def _several(self, record_ids: Sequence[str]) -> list[Any]:
        """The rows of these records."""
        ...

    async def several(self, record_ids: Sequence[str]) -> dict[str, Record]:
        """Those of these records that are there."""
        found = [_record(row) for row in await self._several(record_ids)] if record_ids else []
        return {row.id: row for row in found}

    async def get(self, record_id: str) -> Record | None:
        """One record."""
        rows = await self._rows(BY_ID, record_id)
        return _record(rows[0]) if rows else None

    async def about(self, kind: str, about: str) -> list[Record]:
        """The records of a kind that are linked to something, oldest first."""
        return [_record(row) for row in await self._rows(ABOUT, about, kind)]

    async def latest(self, kind: str, about: str, before: str, limit: int) -> list[Record]:
        """Records of a kind that are linked to something, the highest id first."""
        return [
            _record(row) for row in await self._rows(LATEST, about, kind, before or LAST, limit)
        ]

    async def due(self, kind: str, now: datetime, limit: int) -> list[Record]:
        """Records of a kind whose next step was due by now, the longest due first."""
        return [_record(row) for row in await self._rows(DUE, kind, micros(now), limit)]

    async def open(self, kind: str, limit: int) -> list[Record]:
        """Records of a kind with a next step, the earliest due first."""
        return [_record(row) for row in await self._rows(OPEN, kind, limit)]

    async def walk(self, kind: str, after: str, limit: int) -> list[Record]:
        """Records of a kind by id, after this one."""
        return [_record(row) for row in await self._rows(WALK, kind, after, limit)]

    async def count(self, kind: str) -> int:
        """How many records of a kind there are."""
        return int((await self._rows(COUNT, kind))[0][0])

    async def stamp(self, kind: str) -> tuple[int, int]:
        """How many records of a kind there are, and when one last changed."""
        ((count, changed),) = await self._rows(STAMP, kind)
        return int(count), int(changed)

    async def over(self, now: datetime, limit: int) -> list[str]:
        """Ids of records whose time to be kept is over."""
        return [row[0] for row in await self._rows(OVER, micros(now), limit)]

    async def erased(self, since: int, until: int) -> list[bytes]:
        """The facts of every erasure in a span of µs, as JSON."""
        return [row[0] for row in await self._rows(ERASED, since, until)]

    async def events(
        self, tag: str, since: int, until: int, *, after: int = -1, limit: int = 2000
    ) -> list[Left]:
        """Events of a kind in a span of µs, by their place in the log."""
        # Rows up to ``after`` come again and give nothing, so there are more of them by that many.
        begin = runs.before(after)
        rows = await self._rows(EVENTS, tag, since, until, begin, limit + after - begin + 1)
        patterns = runs.Patterns()
        found = []
        for row in rows:
            left, (leaf, data) = _left(row), row[7:]
            if data is None:
                found.append((left.seq, left))
                continue
            for place, each in patterns.read(left.seq, left.check, left.at, data, leaf):
                if each.tag == tag:
                    found.append((place, replace(left, seq=place, facts=each.facts)))
        return [left for _, left in runs.cut(found, after, limit)]

    async def persons_of(
        self, operator: str, opened_before: int, *, after: bytes = b"", limit: int = 2000
    ) -> list[tuple[bytes, str]]:
        """Who is registered with an operator by checks opened before a moment."""
        while people := await self._rows(PEOPLE, after, operator, limit):
            lists = {row[0]: [row[1]] for row in people}
            begin, after = after, people[-1][0]
            for person, numbers in await self._rows(MORE, begin, after):
                if person in lists:
                    lists[person].append(numbers)
            found = await self._newest(lists, operator, opened_before)
            if found:
                return found
        return []

    async def _newest(
        self, lists: dict[bytes, list[bytes | None]], operator: str, opened_before: int
    ) -> list[tuple[bytes, str]]:
        """Each person's newest check of these, where they have one; a few of each are tried at a time."""
        left = {person: visits.newest_first(numbers) for person, numbers in lists.items()}
        newest: dict[bytes, str] = {}
        many = 1
        while left:
            tried = [check for checks in left.values() for check in checks[:many]]
            for some in visits.parts(tried):
                for check, person in await self._theirs(some, operator, opened_before):
                    if person in left:
                        newest[person] = max(check, newest.get(person, ""))
            left = {
                person: checks[many:]
                for person, checks in left.items()
                if person not in newest and len(checks) > many
            }
            many *= 4
        return [(person, newest[person]) for person in lists if person in newest]

    async def wrapped_keys(self, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Ids of records with words after this one, in order, with the keys of their words."""
        rows = await self._rows(WRAPPED, after.decode(), limit)
        return [(row[0].encode(), row[1]) for row in rows]


def _left(row: Sequence[Any]) -> Left:
    return Left(
        seq=row[0],
        check=row[1],
        at=row[2],
        facts=row[3],
        person=row[4],
        scene=row[5] or "",
        operator=row[6] or "",
    )


class SqliteRecords(Reads):
    """Implements :class:`liangming.docket.Records` in the writer of a SQLite store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    async def commit(
        self,
        rows: Sequence[Record],
        leaves: Sequence[LeafRow] = (),
        *,
        drop: Sequence[str] = (),
        clients: Sequence[Client] = (),
    ) -> None:
        """One transaction; a lost race leaves nothing of it."""
        columns = [records.leaf_columns(leaf) for leaf in leaves]

        # Words that went are overwritten in the file; here they leave the write-ahead log, too. Whether
        # there were any is looked at: cutting the log holds everybody up, and most records never had words.
        gone = bool(drop)

        def deed(cursor: apsw.Cursor) -> None:
            nonlocal gone
            for row in rows:  # the writer sets a savepoint around each deed
                new = row.version == 1
                if not (new or row.sealed or gone):
                    gone = bool(cursor.execute(_SQLITE[WORDS], (row.id,)).fetchall())
                sql = _SQLITE_INSERT if new else _SQLITE_UPDATE
                if not cursor.execute(sql, columns_of(row) if new else moves(row)).fetchall():
                    raise Misuse(MOVED_ON)
            for client in clients:
                new = client.version == 1
                sql = _SQLITE_CLIENT if new else _SQLITE_CLIENT_MOVES
                values = records.client_columns(client) if new else client_moves(client)
                if not cursor.execute(sql, values).fetchall():
                    raise Misuse(MOVED_ON)
            for record_id in drop:
                cursor.execute(_SQLITE[DROP], (record_id,)).fetchall()
            statements.append(cursor, columns)

        def after(connection: apsw.Connection) -> None:
            if gone:
                deeds.truncate_log(connection)

        plain = not drop and all(row.version == 1 or row.sealed for row in rows)
        await self._store.do(deed, after=None if plain else after)

    async def used(self, clients: Sequence[str], day: int) -> None:
        """Note the day on which API clients were used last."""

        def deed(cursor: apsw.Cursor) -> None:
            for client in sorted(clients):
                cursor.execute(_SQLITE[USED], (day, client)).fetchall()

        await self._store.do(deed)

    async def reseal(self, person: bytes, old: bytes, new: bytes) -> None:
        """Replace a person's sealed record, if the old one still stands."""

        def deed(cursor: apsw.Cursor) -> None:
            if not cursor.execute(_SQLITE[RESEAL], (new, person, old)).fetchall():
                raise Misuse(MOVED_ON)

        await self._store.do(deed, after=deeds.truncate_log)

    async def rewrap(self, moved: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Replace keys of words where the old ones still stand."""

        def deed(cursor: apsw.Cursor) -> None:
            for record_id, old, new in moved:
                cursor.execute(_SQLITE[REWRAP], (new, record_id.decode(), old)).fetchall()

        await self._store.do(deed, after=deeds.truncate_log)

    async def _rows(self, sql: str, *values: Any) -> list[Any]:
        return await self._store.rows(_SQLITE[sql], values)

    async def _several(self, record_ids: Sequence[str]) -> list[Any]:
        marks = f"IN ({','.join('?' * len(record_ids))})"
        return await self._store.rows(SEVERAL.format(marks), record_ids)

    async def _theirs(self, checks: Sequence[str], operator: str, before: int) -> list[Any]:
        marks = f"IN ({','.join('?' * len(checks))})"
        sql = THEIRS.format("?", "?").format(marks)
        return await self._store.rows(sql, (*checks, operator, before))


_SQLITE: Final = {sql: sql.format("?1", "?2", "?3", "?4", "?5") for sql in STATEMENTS}
_SQLITE_INSERT: Final = insert_text(["?"] * len(FIELDS))
_SQLITE_CLIENT: Final = client_insert(["?"] * CLIENT_MARKS[0])
_SQLITE_CLIENT_MOVES: Final = client_update(["?"] * CLIENT_MARKS[1])
_SQLITE_UPDATE: Final = update_text(["?"] * (len(MOVING) + 2))


def records_of(store: Store) -> Records:
    """The docket of an open store.

    Raises:
        TypeError: a store that is not one of ours.
    """
    if isinstance(store, SqliteStore):
        return SqliteRecords(store)
    from liangming.storage.docket_postgres import PostgresRecords
    from liangming.storage.postgres import PostgresStore

    if isinstance(store, PostgresStore):
        return PostgresRecords(store)
    raise TypeError("no docket in this store")
