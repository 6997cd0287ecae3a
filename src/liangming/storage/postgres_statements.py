"""PostgreSQL's statements: one statement for a group, its columns as arrays.

A group is one statement with a part for each table that it touches, leaves and their places included.
By itself it is its own transaction, so a group costs one round trip; inside a transaction it is one step.

The order of locks is the same in every process, so that two groups never wait for each other in a
ring: check rows, persons and keys first, each in the order of its key; the head of the log last.
"""

# Only constants and numbers of parameters enter these texts:
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

import asyncpg

from liangming.storage import records, runs, visits
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
_PERSON_TYPES = ["bytea", "text", "int4", "bytea", "bytea", "int8", "int8", "int8", "bytea"]
_SEEN_TYPES = ["bytea", "int8", "int8", "bytea", "bytea"]
_PATTERN_TYPES = ["bytea", "bytea", "text"]
_CONSENT_TYPES = ["text", "text", "text", "text", "text", "text", "text", "int8"]
_REDEEMED_TYPES = ["bytea", "int8"]
_REMEMBERED_TYPES = ["text", "text", "text", "bytea", "int2", "bytea", "int8"]
_LEAF_TYPES = ["text", "int4", "text", "int8", "bytea", "bytea"]
_PLACED_TYPES = [*_LEAF_TYPES, "int8"]  # last how many places are before it in the group


class _Places:
    """Numbers the parameters of one statement."""

    def __init__(self) -> None:
        self.used = 0

    def one(self) -> str:
        self.used += 1
        return f"${self.used}"

    def columns(self, types: Sequence[str]) -> list[str]:
        """Columns, one parameter each."""
        return [f"{self.one()}::{kind}[]" for kind in types]

    def rows(self, types: Sequence[str], alike: Sequence[int] = ()) -> str:
        """Columns as rows; a column is named by a letter, in order from a.

        Set-returning in the list of what is selected, not behind FROM: there each column is laid down whole
        first and read once more. ``alike``: columns of which the one value is given instead.
        """
        named = (
            f"{self.one()}::{kind} AS {chr(97 + n)}"
            if n in alike
            else f"unnest({self.one()}::{kind}[]) AS {chr(97 + n)}"
            for n, kind in enumerate(types)
        )
        return f"SELECT {', '.join(named)}"


def _columns(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


class _Part(NamedTuple):
    """What a group does to one table; ``text`` has one hole, for its columns."""

    types: Sequence[str]
    text: str
    gives: str = "1"


# A row that has become too long is copied by the same statement, and begun anew by the next; see visits.
_VISITED: Final = (
    "visits = CASE WHEN {0} IS NULL THEN persons.visits"
    f" WHEN octet_length(persons.visits) > {visits.ROOM} THEN {{0}}"
    " ELSE coalesce(persons.visits, ''::bytea) || {0} END"
)
_LONG: Final = (
    "persons.person,"
    f" CASE WHEN octet_length(persons.visits) > {visits.ROOM} THEN persons.visits END AS visits"
)
_COPIED: Final = (
    f"INSERT INTO visits (person, first, numbers) SELECT person, substring(visits FOR {visits.NUMBER}),"
    " visits FROM ({}) AS long WHERE visits IS NOT NULL"
    " ON CONFLICT (person, first) DO UPDATE SET numbers = visits.numbers || excluded.numbers"
)


# By their name in Writing, in the order in which they lock.
_PARTS: Final = {
    "opened": _Part(
        _OPENED_TYPES,
        f"INSERT INTO checks ({_columns(_OPENED)}) %s",
    ),
    "moved": _Part(
        _MOVED_TYPES,
        "UPDATE checks SET version = v.b, state = v.c, person = v.d, changed_at = v.e,"
        " expires_at = v.f, leaf_key = v.g, body = v.h, due_at = v.i"
        " FROM (%s) AS v"
        " WHERE checks.id = v.a AND checks.version = v.j",
    ),
    "persons": _Part(
        _PERSON_TYPES,
        f"INSERT INTO persons ({_columns(records.PERSON_COLUMNS)}) %s"
        " ON CONFLICT (person) DO UPDATE SET"
        " last_seen_at = greatest(persons.last_seen_at, excluded.last_seen_at),"
        " keep_until = greatest(persons.keep_until, persons.due_at, excluded.due_at), "
        + _VISITED.format("excluded.visits")
        + " WHERE persons.wrapped_key = excluded.wrapped_key",
        _LONG,
    ),
    "seen": _Part(
        _SEEN_TYPES,
        "UPDATE persons SET last_seen_at = greatest(last_seen_at, v.b),"
        " keep_until = greatest(keep_until, due_at, v.c), "
        + _VISITED.format("v.e")
        + " FROM (%s) AS v"
        " WHERE persons.person = v.a AND persons.wrapped_key = v.d",
        _LONG,
    ),
    "patterns": _Part(
        _PATTERN_TYPES,
        f"INSERT INTO patterns ({_columns(runs.PATTERN_COLUMNS)}) %s ON CONFLICT (key) DO NOTHING",
    ),
    "consents": _Part(
        _CONSENT_TYPES,
        f"INSERT INTO consents ({_columns(records.CONSENT_COLUMNS)}) %s"
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, at = excluded.at",
    ),
    "redeemed": _Part(_REDEEMED_TYPES, "INSERT INTO redemptions (code, at) %s"),
    "remembered": _Part(
        _REMEMBERED_TYPES,
        f"INSERT INTO remembered ({_columns(records.REMEMBERED_COLUMNS)}) %s"
        " ON CONFLICT (client, route, key) DO UPDATE SET digest = excluded.digest,"
        " status = excluded.status, answer = excluded.answer, at = excluded.at"
        f" WHERE remembered.at <= excluded.at - {DAY}",
    ),
}
_NEWCOMERS: Final = "newcomers"
"""Stands for ``persons`` where nobody of them is there, as nearly always: a function of the schema (migration 0008)
that does not look for them first. Its failure it tells by a number, for the server would write the index of a
person into its log."""
_COUNTED: Final = frozenset({"moved", "persons", _NEWCOMERS, "seen", "remembered"})
"""Where fewer rows than wanted mean that another process was first."""
_PEOPLE: Final = frozenset({"persons", "seen"})

_WAITS: Final = frozenset({"moved", "consents"})
"""What others act on as soon as they see it: such a group is seen only when the disk has it."""
_AHEAD: Final = ", set_config('synchronous_commit', 'off', true)"  # of this transaction alone

_ALIKE: Final = {
    "opened": tuple(
        _OPENED.index(name)
        for name in ("operator", "scene", "outlet", "kind", "state", "version", "body", "due_at")
    ),
    "leaves": tuple(records.LEAF_COLUMNS.index(name) for name in ("number", "tag", "facts")),
}
"""Columns that are mostly of one value in a group. Where all of them are, the value goes instead of an array of it."""

_FIRST: Final = "liangming: another process was first and this group is looked at again"


def _part(name: str, place: _Places, alike: Sequence[int]) -> str:
    if name == _NEWCOMERS:
        return f"SELECT {name}({', '.join(place.columns(_PERSON_TYPES))}) AS made"
    part = _PARTS[name]
    return f"{part.text % place.rows(part.types, alike)} RETURNING {part.gives}"


@cache
def _group_sql(parts: tuple[str, ...], alike: frozenset[str], *, leaves: bool, ahead: bool) -> str:
    """The statement for a group that touches these tables; ``ahead``: its commit does not wait for the disk.

    ``alike`` are those whose columns of one value come as that.

    Its first parameters are the columns of each part, then of the leaves; then how many leaves there
    are, and how many rows each counted part is to touch.
    """
    place = _Places()
    given = {name: _ALIKE[name] for name in alike}
    done = {name: _part(name, place, given.get(name, ())) for name in parts}
    people = [f"SELECT person, visits FROM {name}_" for name in parts if name in _PEOPLE]
    if leaves:
        columns, many = place.rows(_PLACED_TYPES, given.get("leaves", ())), place.one()
        # Asking for the others' rows puts the head of the log behind all of them.
        after = " + ".join(("0", *(f"(SELECT count(*) FROM {name}_)" for name in parts)))
        done["head"] = _HEAD.format(many, f" AND {after} >= 0")
        done["placed"] = _PLACED.format(columns)
    if people:
        done["copied"] = _COPIED.format(" UNION ALL ".join(people))
    counts = [
        f"(SELECT {'made' if name == _NEWCOMERS else 'count(*)'} FROM {name}_) = {place.one()}"
        for name in parts
        if name in _COUNTED
    ]
    # An error of ours, for only an error takes back what the other parts did. It says so in
    # the server's log; ELSE is reached at run time and never before.
    told = f"(CASE WHEN {' AND '.join(counts) or 'true'} THEN '0' ELSE '{_FIRST}' END)::int4"
    listed = ", ".join(f"{name}_ AS ({text})" for name, text in done.items())
    return f"WITH {listed} SELECT {told}{_AHEAD if ahead else ''}"


# The counter's row stays locked until COMMIT: the next group learns its places only then. So places
# are given in the order of commits, and a rollback gives its places back: no gap, ever.
_HEAD: Final = "UPDATE log_head SET next = next + {0} WHERE id = 0{1} RETURNING next - {0} AS first"
_PLACED: Final = (
    f"INSERT INTO leaves (seq, {_columns(records.LEAF_COLUMNS)})"
    " SELECT first + v.g, v.a, v.b, v.c, v.d, v.e, v.f FROM head_, ({}) AS v"
)


def _appending() -> str:
    place = _Places()
    many = place.one()
    return f"WITH head_ AS ({_HEAD.format(many, '')}) {_PLACED.format(place.rows(_PLACED_TYPES))}"


LEAVES: Final = _appending()

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


VISITS: Final = (
    "SELECT visits FROM persons WHERE person = $1"
    " UNION ALL SELECT numbers FROM visits WHERE person = $1"
)
FORGET_KEYS: Final = (
    "DELETE FROM remembered WHERE (client, route, key) IN"
    " (SELECT client, route, key FROM remembered WHERE at <= $1 ORDER BY at"
    " LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1"
)
FORGET_CODES: Final = (
    "WITH gone AS (DELETE FROM pickup_codes WHERE digest IN"
    " (SELECT digest FROM pickup_codes WHERE expires_at <= $1 ORDER BY expires_at"
    " LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING digest), free AS"
    " (DELETE FROM redemptions r USING gone WHERE r.code = gone.digest)"
    " SELECT 1 FROM gone"
)


class Raced(Exception):  # noqa: N818  (not an error: another process was first)
    """What was known when the group was admitted holds no more; look again."""


def _of_one_value(name: str, columns: list[list[Any]]) -> bool:
    return all(columns[n].count(columns[n][0]) == len(columns[n]) for n in _ALIKE[name])


def turned(rows: Sequence[tuple[Any, ...]], width: int) -> list[Any]:
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


async def write(
    connection: asyncpg.Connection,
    writing: Writing,
    *,
    ahead: bool = False,
    unlooked: bool = False,
) -> bool:
    """Write an admitted group, whole or not at all; outside a transaction it is committed after.

    Args:
        connection: where.
        writing: what.
        ahead: not in a transaction: commit without waiting for the disk, if nothing forbids it.
        unlooked: whom it registers is not there, as far as anybody knows; who is there makes it ``Raced``.

    Returns:
        Whether the disk was not waited for.

    Raises:
        Raced: a version, a person or a key is not what it was.
        asyncpg.UniqueViolationError: the same, decided by a constraint.
    """
    rows = {name: getattr(writing, name) for name in _PARTS}
    if unlooked:
        rows = {_NEWCOMERS if name == "persons" else name: some for name, some in rows.items()}
    parts = tuple(name for name, some in rows.items() if some)
    if not parts and not writing.leaves:
        return False
    ahead = ahead and _WAITS.isdisjoint(parts)
    tables = {name: turned(rows[name], 0) for name in parts}
    if writing.leaves:
        tables["leaves"] = turned(writing.leaves, 0)
    alike = frozenset(
        name for name in _ALIKE if name in tables and _of_one_value(name, tables[name])
    )
    for name in alike:
        for place in _ALIKE[name]:
            tables[name][place] = tables[name][place][0]
    values: list[Any] = [column for columns in tables.values() for column in columns]
    if writing.leaves:
        ends = list(accumulate(map(runs.length, writing.leaves)))
        values += [[0, *ends[:-1]], ends[-1]]
    values += [len(rows[name]) for name in parts if name in _COUNTED]
    try:
        await connection.fetchrow(
            _group_sql(parts, alike, leaves=bool(writing.leaves), ahead=ahead), *values
        )
    except asyncpg.InvalidTextRepresentationError:  # our own word: see above
        raise Raced from None
    return ahead


async def append(connection: asyncpg.Connection, leaves: Sequence[tuple[Any, ...]]) -> None:
    """Give leaves the next places in the log."""
    if not leaves:
        return
    ends = list(accumulate(map(runs.length, leaves)))
    begins = [0, *ends[:-1]]
    await connection.execute(LEAVES, ends[-1], *turned(leaves, len(_LEAF_TYPES)), begins)
