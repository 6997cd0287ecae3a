"""Records of the docket on PostgreSQL in one statement, leaves and their places included.

A statement by itself is its own transaction: one round trip instead of one for each record and four more. Whoever
comes late fails the statement with a word of ours, for only an error takes back what its other parts did;
it stands in the server's log. Rows are written in the order of their ids, the head of the log is locked last.
"""

# Only constants and numbers of parameters enter these texts:
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import Any, Final

import asyncpg

from liangming.check.ports import MOVED_ON
from liangming.docket.ports import Record
from liangming.errors import Misuse
from liangming.storage import records, runs
from liangming.storage.docket_statements import FIELDS, MOVING, columns_of, moves

_LATE: Final = "liangming: another process was first and this record is looked at again"
_LEAF_TYPES: Final = ("text", "int4", "text", "int8", "bytea", "bytea", "int8")
_NUMBERS: Final = {"version": "int4", "opened_at": "int8", "changed_at": "int8"} | {
    "due_at": "int8", "keep_until": "int8", "leaf_key": "bytea", "body": "bytea",
    "wrapped_key": "bytea", "sealed": "bytea",
}  # fmt: skip
_NEW_TYPES: Final = [_NUMBERS.get(name, "text") for name in FIELDS]
_MOVED_TYPES: Final = [*(_NUMBERS.get(name, "text") for name in MOVING), "text", "int4"]


def plain(rows: Sequence[Record]) -> bool:
    """Whether each record stands there once, so that their order says nothing."""
    return bool(rows) and len({row.id for row in rows}) == len(rows)


async def write(
    connection: asyncpg.Connection, rows: Sequence[Record], leaves: Sequence[tuple[Any, ...]]
) -> None:
    """Write records with their leaves, whole or not at all; durable after.

    Raises:
        Misuse: ``check.moved-on``: a record is not what it was.
    """
    ordered = sorted(rows, key=lambda row: row.id)
    new = [columns_of(row) for row in ordered if row.version == 1]
    moved = [moves(row) for row in ordered if row.version != 1]
    values: list[Any] = []
    for some in (new, moved):
        if some:
            values += [*map(list, zip(*some, strict=True)), len(some)]
    if leaves:
        ends = list(accumulate(map(runs.length, leaves)))
        values += [*map(list, zip(*leaves, strict=True)), [0, *ends[:-1]], ends[-1]]
    try:
        await connection.fetchrow(_sql(bool(new), bool(moved), bool(leaves)), *values)
    except asyncpg.InvalidTextRepresentationError:  # our own word: see above
        raise Misuse(MOVED_ON) from None


@cache
def _sql(new: bool, moved: bool, leaves: bool) -> str:  # noqa: FBT001  (a key of what is in it)
    done: dict[str, str] = {}
    counts: list[str] = []
    used = 0

    def unnest(types: Sequence[str]) -> str:
        nonlocal used
        used += len(types)
        begin = used - len(types) + 1
        return ", ".join(f"${begin + n}::{kind}[]" for n, kind in enumerate(types))

    def counted(name: str, text: str) -> None:
        nonlocal used
        used += 1
        done[name] = text
        counts.append(f"(SELECT count(*) FROM {name}) = ${used}::int8")

    if new:
        counted(
            "new_",
            f"INSERT INTO records ({', '.join(FIELDS)}) SELECT * FROM unnest({unnest(_NEW_TYPES)})"
            " ON CONFLICT DO NOTHING RETURNING 1",
        )
    if moved:
        names = [f"v{n}" for n in range(len(_MOVED_TYPES))]
        settings = ", ".join(f"{name} = v.{at}" for name, at in zip(MOVING, names, strict=False))
        counted(
            "moved_",
            f"UPDATE records SET version = version + 1, {settings}"
            f" FROM unnest({unnest(_MOVED_TYPES)}) AS v({', '.join(names)})"
            f" WHERE records.id = v.{names[-2]} AND records.version = v.{names[-1]} RETURNING 1",
        )
    if leaves:
        columns = unnest(_LEAF_TYPES)
        used += 1
        # Asking for the others' rows puts the head of the log behind all of them.
        after = " + ".join(("0", *(f"(SELECT count(*) FROM {name})" for name in done)))
        done["head_"] = (
            f"UPDATE log_head SET next = next + ${used} WHERE id = 0 AND {after} >= 0"
            f" RETURNING next - ${used} AS first"
        )
        done["placed_"] = (
            f"INSERT INTO leaves (seq, {', '.join(records.LEAF_COLUMNS)})"
            " SELECT first + v.n, v.a, v.b, v.c, v.d, v.e, v.f"
            f" FROM head_, unnest({columns}) AS v(a, b, c, d, e, f, n)"
        )
    listed = ", ".join(f"{name} AS ({text})" for name, text in done.items())
    fits = " AND ".join(counts)
    return f"WITH {listed} SELECT (CASE WHEN {fits} THEN '0' ELSE '{_LATE}' END)::int4"
