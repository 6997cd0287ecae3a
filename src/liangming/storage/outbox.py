"""The log of events as an outbox, on both databases: what webhooks are made of.

Places in the log are given in the order of commits and without a gap (``docs/spec/schema.md``), so a cursor
that moved past a place has seen everything before it. What is told to a receiver cannot be taken back, so it is told
only once the disk has it: beside a writer that is ahead of the disk, whoever asks waits for that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from msgspec.structs import replace

from liangming.check.ports import LeafRow, Store
from liangming.storage import runs
from liangming.storage.sqlite import SqliteStore
from liangming.webhook.ports import Happened, Outbox

_HEAD: Final = "SELECT next FROM log_head WHERE id = 0"
_HAPPENED: Final = (
    "SELECT l.seq, l.check_id, l.number, l.tag, l.at, l.facts, l.leaf, s.data,"
    " coalesce(c.operator, r.operator), coalesce(c.scene, o.scene, ''),"
    " coalesce(c.outlet, o.outlet, ''), coalesce(r.about, ''),"
    " EXISTS (SELECT 1 FROM leaves p WHERE p.check_id = l.check_id AND"
    " (p.number = l.number - 1 OR (p.tag = '' AND p.number < l.number)))"
    " FROM leaves l LEFT JOIN checks c ON c.id = l.check_id LEFT JOIN records r ON r.id = l.check_id"
    " LEFT JOIN checks o ON o.id = r.about"
    " LEFT JOIN patterns s ON l.tag = '' AND s.key = l.facts"
    " WHERE l.seq >= {} AND l.seq < {} AND (l.tag IN ({}) OR {}) ORDER BY l.seq"
)


_Ask = Callable[[str, Sequence[Any]], Awaitable[list[Any]]]


class _Outbox:
    """Implements :class:`liangming.webhook.Outbox`."""

    def __init__(self, rows: _Ask, ashore: _Ask, marks: str) -> None:
        self._rows = rows
        self._ashore = ashore
        self._marks = marks
        self._head = 0  # the disk has what is before it

    async def head(self) -> int:
        """The next free place in the log; the disk has what is before it: a cursor may move there."""
        head = int((await self._rows(_HEAD, ()))[0][0])
        if head > self._head:
            self._head = int((await self._ashore(_HEAD, ()))[0][0])
        return min(head, self._head)

    async def happened(self, after: int, until: int, tags: Sequence[str]) -> list[Happened]:
        """Leaves of these tags from one place up to before another, in order; the disk has them."""
        if not tags:
            return []
        marks = [self._marks.format(n + 1) for n in range(2 + len(tags))]
        among = " OR ".join(
            f"s.tags LIKE '% ' || CAST({mark} AS text) || ' %'" for mark in marks[2:]
        )
        sql = _HAPPENED.format(marks[0], marks[1], ", ".join(marks[2:]), among)
        rows = await self._ashore(sql, (runs.before(after), until, *tags))
        patterns = runs.Patterns()
        found: list[Happened] = []
        for row in rows:
            if not row[8]:
                continue
            one = _happened(tuple(row))
            data = row[7]
            if data is None:
                found.append(one)
                continue
            for place, each in patterns.read(one.seq, one.owner, one.at, data, row[6]):
                if each.tag in tags:
                    found.append(_step(one, place, each))
        return [each for each in found if after <= each.seq < until]


def _happened(row: tuple[Any, ...]) -> Happened:
    return Happened(
        seq=row[0],
        owner=row[1],
        number=row[2],
        tag=row[3],
        at=row[4],
        facts=bytes(row[5]),
        operator=row[8],
        scene=row[11] if row[1].startswith("dev_") else row[9],  # a device is linked to its scene
        outlet=row[10],
        about=row[11],
        follows=bool(row[12]),
    )


def _step(told: Happened, place: int, leaf: LeafRow) -> Happened:
    return replace(
        told,
        seq=place,
        number=leaf.number,
        tag=leaf.tag,
        facts=leaf.facts,
        follows=leaf.number > 0,
    )


def outbox_of(store: Store) -> Outbox:
    """The log of an open store.

    Raises:
        TypeError: a store that is not one of ours.
    """
    if isinstance(store, SqliteStore):
        file: SqliteStore = store

        async def on_disk(sql: str, values: Sequence[Any]) -> list[Any]:
            if found := await file.rows(sql, values):
                await file.ashore()
            return found

        return _Outbox(file.rows, on_disk, "?{}")
    from liangming.storage.postgres import PostgresStore

    if isinstance(store, PostgresStore):
        opened: PostgresStore = store

        async def rows(sql: str, values: Sequence[Any]) -> list[Any]:
            return await opened.rows(sql, *values)

        async def ashore(sql: str, values: Sequence[Any]) -> list[Any]:
            found: list[Any] = await opened.ashore(sql, *values)
            return found

        return _Outbox(rows, ashore, "${}")
    raise TypeError("no log in this store")
