"""The rarer writes on SQLite, each a function of a cursor inside the writer's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import apsw

from liangming.check.ports import CODE_USED, LeafRow, PickupCode
from liangming.errors import Misuse
from liangming.storage import records, statements, visits
from liangming.storage.afresh import copy, end_at_once
from liangming.storage.records import DAY

Deed = Callable[[apsw.Cursor], Any]

_FORGET: Final = (
    "UPDATE checks SET person = NULL, leaf_key = x'', version = version + 1 FROM (VALUES ",
    ") AS v WHERE checks.id = v.column1 AND checks.person = v.column2",
)


def issue(code: PickupCode) -> Deed:
    """Store a pick-up code's digest."""

    def deed(cursor: apsw.Cursor) -> None:
        taken = cursor.execute(
            "SELECT 1 FROM pickup_codes WHERE digest = ?1"
            " UNION ALL SELECT 1 FROM redemptions WHERE code = ?1",
            (code.digest,),
        ).fetchall()
        if taken:
            raise Misuse(CODE_USED)
        cursor.execute(
            "INSERT INTO pickup_codes (digest, scene, parcel, expires_at) VALUES (?, ?, ?, ?)",
            (code.digest, code.scene, code.parcel, code.expires_at),
        )

    return deed


def erase(person: bytes, leaves: Sequence[LeafRow], due: int | None = None) -> Deed:
    """Shred a person; gives whether they were there. A mover who read before must read again."""

    def deed(cursor: apsw.Cursor) -> bool:
        gone = (
            "DELETE FROM persons WHERE person = ?1"
            " AND (?2 IS NULL OR coalesce(keep_until, due_at) <= ?2) RETURNING visits"
        )
        lists: list[Any] = cursor.execute(gone, (person, due)).fetchall()
        if not lists:
            return False
        more = "DELETE FROM visits WHERE person = ? RETURNING numbers"
        lists += cursor.execute(more, (person,)).fetchall()
        checks = [(each, person) for each in visits.newest_first(row[0] for row in lists)]
        for _ in statements.run(cursor, _FORGET, checks):
            pass
        statements.append(cursor, [records.leaf_columns(leaf) for leaf in leaves])
        return True

    return deed


def postpone(now: int, limit: int) -> Deed:
    """Look again at persons who came back when their later term is over; gives how many those are."""

    def deed(cursor: apsw.Cursor) -> int:
        later = (
            "UPDATE persons SET due_at = keep_until, keep_until = NULL WHERE person IN"
            " (SELECT person FROM persons WHERE due_at <= ? AND keep_until > due_at"
            " ORDER BY due_at LIMIT ?) RETURNING 1"
        )
        return len(cursor.execute(later, (now, limit)).fetchall())

    return deed


def rewrap(moved: Sequence[tuple[bytes, bytes, bytes]]) -> Deed:
    """Replace wrapped keys where the old ones still stand."""

    def deed(cursor: apsw.Cursor) -> None:
        for person, old, new in moved:
            cursor.execute(
                "UPDATE persons SET wrapped_key = ? WHERE person = ? AND wrapped_key = ?",
                (new, person, old),
            ).fetchall()

    return deed


def keep_keys(moved: Sequence[tuple[str, bytes, bytes]]) -> Deed:
    """Replace kept leaf keys where the old ones still stand."""

    def deed(cursor: apsw.Cursor) -> None:
        for check, old, new in moved:
            cursor.execute(
                "UPDATE checks SET leaf_key = ? WHERE id = ? AND leaf_key = ?", (new, check, old)
            ).fetchall()

    return deed


def sweep(now: int, limit: int) -> Deed:
    """Forget what has served its time; gives how many rows went."""

    def deed(cursor: apsw.Cursor) -> int:
        keys = cursor.execute(
            "DELETE FROM remembered WHERE (client, route, key) IN"
            " (SELECT client, route, key FROM remembered WHERE at <= ? ORDER BY at LIMIT ?)"
            " RETURNING 1",
            (now - DAY, limit),
        ).fetchall()
        codes = cursor.execute(
            "DELETE FROM pickup_codes WHERE digest IN"
            " (SELECT digest FROM pickup_codes WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"
            " RETURNING digest",
            (now - DAY, limit),
        ).fetchall()
        for code in codes:  # its digest may be drawn again now, and then must open again
            cursor.execute("DELETE FROM redemptions WHERE code = ?", code)
        return len(keys) + len(codes)

    return deed


def prove(cursor: apsw.Cursor) -> None:
    """Write without changing anything, so that the COMMIT that follows reaches the disk.

    There and back: SQLite does not write a page whose bytes stay as they are.
    """
    for step in ("+ 1", "- 1"):
        cursor.execute(f"UPDATE log_head SET next = next {step} WHERE id = 0").fetchall()  # noqa: S608


def truncate_log(connection: apsw.Connection) -> None:
    """Copy the write-ahead log into the file and cut it to nothing, so erased bytes leave it.

    Raises:
        apsw.BusyError: a reader kept the log in use for longer than the busy timeout.
    """
    path = Path(connection.filename)
    copy(connection, apsw.SQLITE_CHECKPOINT_TRUNCATE, lambda: end_at_once(path))
