"""The log of events as an outbox, on both databases: what webhooks are made of.

Places in the log are given in the order of commits and without a gap (``docs/spec/schema.md``), so a cursor
that moved past a place has seen everything before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from liangming.check.ports import Store
from liangming.storage.sqlite import SqliteStore
from liangming.webhook.ports import Happened, Outbox

_HEAD: Final = "SELECT next FROM log_head WHERE id = 0"
_HAPPENED: Final = (
    "SELECT l.seq, l.check_id, l.number, l.tag, l.at, l.facts,"
    " coalesce(c.operator, r.operator), coalesce(c.scene, o.scene, ''),"
    " coalesce(c.outlet, o.outlet, ''), coalesce(r.about, ''),"
    " EXISTS (SELECT 1 FROM leaves p WHERE p.check_id = l.check_id AND p.number = l.number - 1)"
    " FROM leaves l LEFT JOIN checks c ON c.id = l.check_id LEFT JOIN records r ON r.id = l.check_id"
    " LEFT JOIN checks o ON o.id = r.about"
    " WHERE l.seq >= {} AND l.seq < {} AND l.tag IN ({}) ORDER BY l.seq"
)


class _Outbox:
    """Implements :class:`liangming.webhook.Outbox`."""

    def __init__(self, rows: Any, marks: str) -> None:
        self._rows = rows
        self._marks = marks

    async def head(self) -> int:
        """The next free place in the log."""
        return int((await self._rows(_HEAD, ()))[0][0])

    async def happened(self, after: int, until: int, tags: Sequence[str]) -> list[Happened]:
        """Leaves of these tags from one place up to before another, in order."""
        if not tags:
            return []
        marks = [self._marks.format(n + 1) for n in range(2 + len(tags))]
        sql = _HAPPENED.format(marks[0], marks[1], ", ".join(marks[2:]))
        rows = await self._rows(sql, (after, until, *tags))
        return [_happened(tuple(row)) for row in rows if row[6]]


def _happened(row: tuple[Any, ...]) -> Happened:
    return Happened(
        seq=row[0],
        owner=row[1],
        number=row[2],
        tag=row[3],
        at=row[4],
        facts=bytes(row[5]),
        operator=row[6],
        scene=row[9] if row[1].startswith("dev_") else row[7],  # a device is linked to its scene
        outlet=row[8],
        about=row[9],
        follows=bool(row[10]),
    )


def outbox_of(store: Store) -> Outbox:
    """The log of an open store.

    Raises:
        TypeError: a store that is not one of ours.
    """
    if isinstance(store, SqliteStore):
        return _Outbox(store.rows, "?{}")
    from liangming.storage.postgres import PostgresStore

    if isinstance(store, PostgresStore):
        opened: PostgresStore = store

        async def rows(sql: str, values: Sequence[Any]) -> list[Any]:
            return await opened.rows(sql, *values)

        return _Outbox(rows, "${}")
    raise TypeError("no log in this store")
