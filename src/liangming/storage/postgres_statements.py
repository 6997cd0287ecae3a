"""PostgreSQL's statements: one statement for a group, its columns as arrays.

The order of locks is the same in every process, so that two groups never wait for each other in a
ring: check rows, persons and keys first, each in the order of its key; the head of the log last.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

import asyncpg

from liangming.storage import records, runs
from liangming.storage.admission import Known, Touched
from liangming.storage.records import DAY, Writing

_OPENED = (*records.CHECK_COLUMNS, "due_at")
_OPENED_TYPES = [
    "text",
    "text",
    "text",
    "text",
    "text",
    "text",
    "int4",
    "bytea",
    "int8",
    "int8",
    "int8",
    "bytea",
    "bytea",
    "int8",
]
_MOVED_TYPES = [
    "text",
    "int4",
    "text",
    "bytea",
    "int8",
    "int8",
    "bytea",
    "bytea",
    "int8",
    "int4",
]
_PERSON_TYPES = ["bytea", "text", "int4", "bytea", "bytea", "int8", "int8", "int8"]
_SEEN_TYPES = ["bytea", "int8", "int8", "bytea"]
_PATTERN_TYPES = ["bytea", "bytea", "text"]
_CONSENT_TYPES = ["text", "text", "text", "text", "text", "text", "text", "int8"]
_REDEEMED_TYPES = ["bytea", "int8"]
_REMEMBERED_TYPES = ["text", "text", "text", "bytea", "int2", "bytea", "int8"]
_LEAF_TYPES = ["text", "int4", "text", "int8", "bytea", "bytea"]


class _Places:
    """Numbers the parameters of one statement."""

    def __init__(self) -> None:
        self.used = 0

    def unnest(self, types: Sequence[str]) -> str:
        begin, self.used = self.used + 1, self.used + len(types)
        return ", ".join(f"${begin + n}::{kind}[]" for n, kind in enumerate(types))


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _write_sql() -> str:
    place = _Places()
    return f"""
    WITH opened AS (
        INSERT INTO checks ({_columns(_OPENED)})
        SELECT * FROM unnest({place.unnest(_OPENED_TYPES)})
    ), moved AS (
        UPDATE checks SET version = v.b, state = v.c, person = v.d, changed_at = v.e,
            expires_at = v.f, leaf_key = v.g, body = v.h, due_at = v.i
        FROM unnest({place.unnest(_MOVED_TYPES)}) AS v(a, b, c, d, e, f, g, h, i, j)
        WHERE checks.id = v.a AND checks.version = v.j
        RETURNING 1
    ), met AS (
        INSERT INTO persons ({_columns(records.PERSON_COLUMNS)})
        SELECT * FROM unnest({place.unnest(_PERSON_TYPES)})
        ON CONFLICT (person) DO UPDATE SET
            last_seen_at = greatest(persons.last_seen_at, excluded.last_seen_at),
            keep_until = greatest(persons.keep_until, excluded.keep_until)
        WHERE persons.wrapped_key = excluded.wrapped_key
        RETURNING 1
    ), seen AS (
        UPDATE persons SET last_seen_at = greatest(last_seen_at, v.b),
            keep_until = greatest(keep_until, v.c)
        FROM unnest({place.unnest(_SEEN_TYPES)}) AS v(a, b, c, d)
        WHERE persons.person = v.a AND persons.wrapped_key = v.d
        RETURNING 1
    ), shared AS (
        INSERT INTO patterns ({_columns(runs.PATTERN_COLUMNS)})
        SELECT * FROM unnest({place.unnest(_PATTERN_TYPES)}) ON CONFLICT (key) DO NOTHING
    ), agreed AS (
        INSERT INTO consents ({_columns(records.CONSENT_COLUMNS)})
        SELECT * FROM unnest({place.unnest(_CONSENT_TYPES)})
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, at = excluded.at
    ), used AS (
        INSERT INTO redemptions (code, at) SELECT * FROM unnest({place.unnest(_REDEEMED_TYPES)})
    ), noted AS (
        INSERT INTO remembered ({_columns(records.REMEMBERED_COLUMNS)})
        SELECT * FROM unnest({place.unnest(_REMEMBERED_TYPES)})
        ON CONFLICT (client, route, key) DO UPDATE SET digest = excluded.digest,
            status = excluded.status, answer = excluded.answer, at = excluded.at
        WHERE remembered.at <= excluded.at - {DAY}
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM met), (SELECT count(*) FROM seen),
        (SELECT count(*) FROM noted)
    """  # noqa: S608  (constants)


WRITE: Final = _write_sql()

# The counter's row stays locked until COMMIT: the next group learns its places only then. So places
# are given in the order of commits, and a rollback gives its places back: no gap, ever.
LEAVES: Final = f"""
    WITH head AS (
        UPDATE log_head SET next = next + $1 WHERE id = 0 RETURNING next - $1 AS first
    )
    INSERT INTO leaves (seq, {_columns(records.LEAF_COLUMNS)})
    SELECT head.first + v.n, v.a, v.b, v.c, v.d, v.e, v.f
    FROM head, unnest({", ".join(f"${n + 2}::{t}[]" for n, t in enumerate((*_LEAF_TYPES, "int8")))})
        AS v(a, b, c, d, e, f, n)
    """  # noqa: S608  (constants)

KNOW: Final = """
    SELECT 0, v.n, c.version::int8, NULL::bytea
    FROM unnest($1::text[]) WITH ORDINALITY AS v(id, n) JOIN checks c ON c.id = v.id
    UNION ALL
    SELECT 1, v.n, r.at, r.digest
    FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS v(client, route, key, n)
    JOIN remembered r ON r.client = v.client AND r.route = v.route AND r.key = v.key
    UNION ALL
    SELECT 2, v.n, 0, NULL
    FROM unnest($5::bytea[]) WITH ORDINALITY AS v(code, n) JOIN redemptions r ON r.code = v.code
    UNION ALL
    SELECT 3, v.n, 0, p.wrapped_key
    FROM unnest($6::bytea[]) WITH ORDINALITY AS v(person, n) JOIN persons p ON p.person = v.person
    """


class Raced(Exception):  # noqa: N818  (not an error: another process was first)
    """What was known when the group was admitted holds no more; look again."""


def turned(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows as columns."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]


async def know(connection: asyncpg.Connection, touched: Touched) -> Known:
    """What the database holds of what a group touches."""
    known = Known()
    keys = turned(touched.keys, 3)
    found = await connection.fetch(KNOW, touched.checks, *keys, touched.codes, touched.persons)
    for what, nth, number, digest in found:
        place = nth - 1
        if what == 0:
            known.versions[touched.checks[place]] = number
        elif what == 1:
            known.keys[touched.keys[place]] = (digest, number)
        elif what == 2:  # noqa: PLR2004  (the numbers of KNOW)
            known.codes.add(touched.codes[place])
        else:
            known.persons[touched.persons[place]] = digest
    return known


async def write(connection: asyncpg.Connection, writing: Writing) -> None:
    """Write an admitted group, inside the caller's transaction.

    Raises:
        Raced: a version, a person or a key is not what it was.
        asyncpg.UniqueViolationError: the same, decided by a constraint.
    """
    moved, met, seen, noted = await connection.fetchrow(
        WRITE,
        *turned(writing.opened, len(_OPENED_TYPES)),
        *turned(writing.moved, len(_MOVED_TYPES)),
        *turned(writing.persons, len(_PERSON_TYPES)),
        *turned(writing.seen, len(_SEEN_TYPES)),
        *turned(writing.patterns, len(_PATTERN_TYPES)),
        *turned(writing.consents, len(_CONSENT_TYPES)),
        *turned(writing.redeemed, len(_REDEEMED_TYPES)),
        *turned(writing.remembered, len(_REMEMBERED_TYPES)),
    )
    wanted = tuple(map(len, (writing.moved, writing.persons, writing.seen, writing.remembered)))
    if (moved, met, seen, noted) != wanted:
        raise Raced
    await append(connection, writing.leaves)


async def append(connection: asyncpg.Connection, leaves: Sequence[tuple[Any, ...]]) -> None:
    """Give leaves the next places in the log."""
    if not leaves:
        return
    ends = list(accumulate(map(runs.length, leaves)))
    begins = [0, *ends[:-1]]
    await connection.execute(LEAVES, ends[-1], *turned(leaves, len(_LEAF_TYPES)), begins)
