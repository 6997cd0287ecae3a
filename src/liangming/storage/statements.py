"""SQLite's statements: many rows in one step, or one by one where nobody else wants Python's lock.

Each step of SQLite lets go of Python's lock and must win it back from a busy event loop. So rows
go in by the hundred: ``VALUES (…),(…)`` in fixed sizes a quarter apart, each prepared once: most
groups take one or two steps a table. Beside a busy
loop that wrote 2 to 5 times as many rows as ``executemany``. In a process that does nothing but write
(:mod:`liangming.storage.apart_process`) that is the cheaper one: no row is copied on its way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, cast

import apsw

from liangming.storage import records, runs, visits
from liangming.storage.admission import Known, Touched
from liangming.storage.records import DAY, Writing

_SIZES: Final = (
    1000, 800, 640, 500, 400, 320, 250, 200, 160, 125, 100, 80, 64, 50, 40, 32, 25, 20, 16, 12, 10,
    8, 6, 5, 4, 3, 2, 1,
)  # fmt: skip


def _insert(table: str, columns: Sequence[str], tail: str = "") -> tuple[str, str]:
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ", tail  # noqa: S608  (constants)


_OPENED: Final = _insert("checks", (*records.CHECK_COLUMNS, "due_at"))
_MOVED: Final = (
    (
        "UPDATE checks SET version = v.column2, state = v.column3, person = v.column4,"
        " changed_at = v.column5, expires_at = v.column6, leaf_key = v.column7, body = v.column8,"
        " due_at = v.column9 FROM (VALUES "
    ),
    ") AS v WHERE checks.id = v.column1 AND checks.version = v.column10",
)
# What || gives is a text to SQLite, whatever its bytes.
_VISITED: Final = (
    "visits = CASE WHEN {0} IS NULL THEN visits"
    f" WHEN length(visits) > {visits.ROOM} THEN {{0}}"
    " ELSE CAST(coalesce(visits, x'') || {0} AS BLOB) END"
)
_PERSONS: Final = _insert(
    "persons",
    records.PERSON_COLUMNS,
    " ON CONFLICT (person) DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at),"
    " keep_until = max(coalesce(keep_until, due_at), excluded.due_at), "
    + _VISITED.format("excluded.visits"),
)
_NEW: Final = _insert("persons", records.PERSON_COLUMNS)  # nobody has such a key
_SEEN: Final = (
    (
        "UPDATE persons SET last_seen_at = max(last_seen_at, v.column2),"  # noqa: S608  (constants)
        " keep_until = max(coalesce(keep_until, due_at), v.column3),"
        f" {_VISITED.format('v.column5')} FROM (VALUES "
    ),
    ") AS v WHERE persons.person = v.column1",
)
_LONG: Final = f" RETURNING CASE WHEN length(visits) > {visits.ROOM} THEN person END"
_STILL: Final = (  # who was erased and came again has another key
    _SEEN[0],
    f"{_SEEN[1]} AND persons.wrapped_key = v.column4{_LONG}",
)
_STILL_EACH: Final = (
    "UPDATE persons SET last_seen_at = max(last_seen_at, ?2),"  # noqa: S608  (constants)
    " keep_until = max(coalesce(keep_until, due_at), ?3),"
    f" {_VISITED.format('?5')} WHERE person = ?1 AND wrapped_key = ?4{_LONG}"
)
_COPIED: Final = (
    (
        "INSERT INTO visits (person, first, numbers)"  # noqa: S608  (constants)
        f" SELECT person, substr(visits, 1, {visits.NUMBER}), visits FROM persons"
        f" WHERE length(visits) > {visits.ROOM} AND person IN (VALUES "
    ),
    (
        ") ON CONFLICT (person, first) DO UPDATE SET"
        " numbers = CAST(numbers || excluded.numbers AS BLOB)"
    ),
)
_LEAVES: Final = _insert("leaves", ("seq", *records.LEAF_COLUMNS))
_PATTERNS: Final = _insert("patterns", runs.PATTERN_COLUMNS, " ON CONFLICT (key) DO NOTHING")
_CONSENTS: Final = _insert(
    "consents",
    records.CONSENT_COLUMNS,
    " ON CONFLICT (id) DO UPDATE SET state = excluded.state, at = excluded.at",
)
_REDEEMED: Final = _insert("redemptions", ("code", "at"))
_REMEMBERED: Final = _insert(
    "remembered",
    records.REMEMBERED_COLUMNS,
    " ON CONFLICT (client, route, key) DO UPDATE SET digest = excluded.digest,"
    " status = excluded.status, answer = excluded.answer, at = excluded.at"
    f" WHERE remembered.at <= excluded.at - {DAY}",
)
_VERSIONS: Final = ("SELECT id, version FROM checks WHERE id IN (VALUES ", ")")
_CODES: Final = ("SELECT code FROM redemptions WHERE code IN (VALUES ", ")")
_KNOWN: Final = (
    "SELECT person, wrapped_key, length(visits) FROM persons WHERE person IN (VALUES ",
    ")",
)
_KEYS: Final = (
    "SELECT client, route, key, digest, at FROM remembered WHERE (client, route, key) IN (VALUES ",
    ")",
)


@cache
def _text(statement: tuple[str, str], rows: int, width: int) -> str:
    row = "(" + ",".join("?" * width) + ")"
    return statement[0] + ",".join([row] * rows) + statement[1]


def run(
    cursor: apsw.Cursor,
    statement: tuple[str, str],
    rows: Sequence[Sequence[Any]],
    *,
    lone: bool = False,
) -> Iterator[tuple[Any, ...]]:
    """Run a statement over rows, in order, and give what it returns.

    Args:
        cursor: of the writing connection.
        statement: what stands before the rows, and behind them.
        rows: their columns.
        lone: nobody else in this process wants Python's lock: row by row.
    """
    if lone and rows:
        yield from cursor.executemany(_text(statement, 1, len(rows[0])), rows)
        return
    begin, total = 0, len(rows)
    while begin < total:
        size = next(size for size in _SIZES if size <= total - begin)
        flat: list[Any] = []
        for row in rows[begin : begin + size]:
            flat.extend(row)
        yield from cursor.execute(_text(statement, size, len(rows[begin])), flat)
        begin += size


def know(cursor: apsw.Cursor, touched: Touched) -> Known:
    """What the file holds of what a group touches."""
    people = list(run(cursor, _KNOWN, [(key,) for key in touched.persons]))
    return Known(
        versions=dict(run(cursor, _VERSIONS, [(id_,) for id_ in touched.checks])),
        keys={row[:3]: (row[3], row[4]) for row in run(cursor, _KEYS, touched.keys)},
        codes={row[0] for row in run(cursor, _CODES, [(code,) for code in touched.codes])},
        persons={person: key for person, key, _ in people},
        visits={person: length for person, _, length in people if length},
    )


def append(cursor: apsw.Cursor, leaves: Sequence[tuple[Any, ...]], *, lone: bool = False) -> None:
    """Give leaves the next places in the log; the count goes back with the transaction."""
    if not leaves:
        return
    lengths = [runs.length(leaf) for leaf in leaves]
    moved = cursor.execute(
        "UPDATE log_head SET next = next + ? WHERE id = 0 RETURNING next", (sum(lengths),)
    ).fetchall()
    place = cast("int", moved[0][0]) - sum(lengths)
    placed = []
    for leaf, length in zip(leaves, lengths, strict=True):
        placed.append((place, *leaf))
        place += length
    for _ in run(cursor, _LEAVES, placed, lone=lone):
        pass


def write(cursor: apsw.Cursor, writing: Writing, known: Known, *, lone: bool = False) -> None:
    """Write an admitted group, inside the caller's transaction."""
    long = [
        (row[0],)
        for row in (*writing.persons, *writing.seen)
        if known.visits.get(row[0], 0) + len(row[-1] or b"") > visits.ROOM
    ]
    for statement, rows in (
        (_OPENED, writing.opened),
        (_MOVED, writing.moved),
        (_PERSONS, writing.persons),
        (_SEEN, writing.seen),
        (_COPIED, long),
        (_PATTERNS, writing.patterns),
        (_CONSENTS, writing.consents),
        (_REDEEMED, writing.redeemed),
        (_REMEMBERED, writing.remembered),
    ):
        for _ in run(cursor, statement, rows, lone=lone):
            pass
    append(cursor, writing.leaves, lone=lone)


def write_unlooked(cursor: apsw.Cursor, writing: Writing, *, lone: bool = False) -> bool:
    """Write a group that was admitted without a look at the file, inside the caller's transaction.

    Returns:
        Whether the file was as the group expects. If not, nothing of it may stay.

    Raises:
        apsw.ConstraintError: it was not.
    """
    connection = cursor.connection
    before, wanted = connection.total_changes(), 0
    long = [(row[0],) for row in writing.persons if len(row[-1] or b"") > visits.ROOM]
    for statement, rows in (
        (_OPENED, writing.opened),
        (_MOVED, writing.moved),
        (_NEW, writing.persons),
        (_CONSENTS, writing.consents),
        (_REDEEMED, writing.redeemed),
        (_REMEMBERED, writing.remembered),
    ):
        wanted += len(rows)
        for _ in run(cursor, statement, rows, lone=lone):
            pass
    wanted += len(writing.seen)
    if lone and writing.seen:
        still: Iterator[tuple[Any, ...]] = iter(cursor.executemany(_STILL_EACH, writing.seen))
    else:
        still = run(cursor, _STILL, writing.seen)
    long += [person for person in still if person[0]]
    if connection.total_changes() - before != wanted:
        return False
    for statement, rows in ((_COPIED, long), (_PATTERNS, writing.patterns)):
        for _ in run(cursor, statement, rows, lone=lone):
            pass
    append(cursor, writing.leaves, lone=lone)
    return True
