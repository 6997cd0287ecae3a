"""The docket's statements for both databases, but for their placeholders, and what goes into those."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from liangming.check.ports import Client
from liangming.docket.ports import Record
from liangming.storage import records

FIELDS: Final = Record.__struct_fields__
_NAMES: Final = ", ".join(FIELDS)
_SELECT: Final = f"SELECT {_NAMES} FROM records"  # noqa: S608  (constants)
MOVING: Final = (
    "operator", "about", "state", "changed_at", "due_at", "keep_until", "leaf_key", "body",
    "wrapped_key", "sealed",
)  # fmt: skip

LAST: Final = "~"  # behind every id

BY_ID: Final = _SELECT + " WHERE id = {0}"
ABOUT: Final = _SELECT + " WHERE about = {0} AND kind = {1} ORDER BY opened_at, id"
LATEST: Final = (
    _SELECT + " WHERE about = {0} AND kind = {1} AND id < {2} ORDER BY id DESC LIMIT {3}"
)
DUE: Final = _SELECT + " WHERE kind = {0} AND due_at <= {1} ORDER BY due_at, id LIMIT {2}"
OPEN: Final = _SELECT + " WHERE kind = {0} AND due_at IS NOT NULL ORDER BY due_at, id LIMIT {1}"
WALK: Final = _SELECT + " WHERE kind = {0} AND id > {1} ORDER BY id LIMIT {2}"
COUNT: Final = "SELECT count(*) FROM records WHERE kind = {0}"
STAMP: Final = "SELECT count(*), coalesce(max(changed_at), 0) FROM records WHERE kind = {0}"
OVER: Final = "SELECT id FROM records WHERE keep_until <= {0} ORDER BY keep_until, id LIMIT {1}"
WRAPPED: Final = (
    "SELECT id, wrapped_key FROM records WHERE id > {0} AND length(wrapped_key) > 0"
    " ORDER BY id LIMIT {1}"
)
REWRAP: Final = "UPDATE records SET wrapped_key = {0} WHERE id = {1} AND wrapped_key = {2}"
RESEAL: Final = "UPDATE persons SET sealed = {0} WHERE person = {1} AND sealed = {2} RETURNING 1"
ERASED: Final = (
    "SELECT facts FROM leaves WHERE tag = 'check:register:erased' AND at >= {0} AND at < {1}"
    " ORDER BY seq"
)
EVENTS: Final = (
    "SELECT l.seq, l.check_id, l.at, l.facts, c.person, c.scene, c.operator, l.leaf, p.data"
    " FROM leaves l LEFT JOIN checks c ON c.id = l.check_id"
    " LEFT JOIN patterns p ON l.tag = '' AND p.key = l.facts"
    " WHERE (l.tag = CAST({0} AS text) OR p.tags LIKE '% ' || CAST({0} AS text) || ' %')"
    " AND l.at >= {1} AND l.at < {2} AND l.seq >= CAST({3} AS bigint)"
    " ORDER BY l.seq LIMIT {4}"
)
PEOPLE: Final = "SELECT person, visits FROM persons WHERE person > {0} AND operator = {1} ORDER BY person LIMIT {2}"
MORE: Final = "SELECT person, numbers FROM visits WHERE person > {0} AND person <= {1}"
SEVERAL: Final = _SELECT + " WHERE id {}"
THEIRS: Final = "SELECT id, person FROM checks WHERE id {{}} AND operator = {0} AND opened_at < {1}"
WORDS: Final = "SELECT 1 FROM records WHERE id = {0} AND length(sealed) > 0"
DROP: Final = "DELETE FROM records WHERE id = {0} RETURNING 1"
USED: Final = (
    "UPDATE clients SET used_on = {0} WHERE id = {1} AND (used_on IS NULL OR used_on < {0})"
)
STATEMENTS: Final = (
    BY_ID,
    ABOUT,
    LATEST,
    USED,
    DUE,
    OPEN,
    WALK,
    COUNT,
    STAMP,
    OVER,
    WRAPPED,
    REWRAP,
    RESEAL,
    ERASED,
    EVENTS,
    PEOPLE,
    MORE,
    WORDS,
    DROP,
)


def insert_text(marks: Sequence[str]) -> str:
    """Insert one; gives a row if it was new."""
    values = ", ".join(marks)
    return (
        f"INSERT INTO records ({_NAMES}) VALUES ({values})"  # noqa: S608  (constants)
        " ON CONFLICT DO NOTHING RETURNING 1"
    )


def update_text(marks: Sequence[str]) -> str:
    """Move one on; gives a row if nobody else did."""
    settings = ", ".join(f"{name} = {mark}" for name, mark in zip(MOVING, marks, strict=False))
    return (
        f"UPDATE records SET version = version + 1, {settings}"  # noqa: S608
        f" WHERE id = {marks[len(MOVING)]} AND version = {marks[len(MOVING) + 1]} RETURNING 1"
    )


_CLIENT_MOVING: Final = tuple(
    name for name in records.CLIENT_COLUMNS if name not in {"id", "used_on", "version"}
)


def client_insert(marks: Sequence[str]) -> str:
    """Insert an API client; gives a row if it was new."""
    names = ", ".join(records.CLIENT_COLUMNS)
    return (
        f"INSERT INTO clients ({names}) VALUES ({', '.join(marks)})"  # noqa: S608  (constants)
        " ON CONFLICT DO NOTHING RETURNING 1"
    )


def client_update(marks: Sequence[str]) -> str:
    """Change an API client; gives a row if nobody else did meanwhile."""
    pairs = zip(_CLIENT_MOVING, marks, strict=False)
    settings = ", ".join(f"{name} = {mark}" for name, mark in pairs)
    last = len(_CLIENT_MOVING)
    return (
        f"UPDATE clients SET version = version + 1, {settings}"  # noqa: S608  (constants)
        f" WHERE id = {marks[last]} AND version = {marks[last + 1]} RETURNING 1"
    )


CLIENT_MARKS: Final = (len(records.CLIENT_COLUMNS), len(_CLIENT_MOVING) + 2)


def client_moves(client: Client) -> tuple[Any, ...]:
    """Everything that a client's update takes."""
    by_name = dict(zip(records.CLIENT_COLUMNS, records.client_columns(client), strict=True))
    return (*(by_name[name] for name in _CLIENT_MOVING), client.id, client.version - 1)


def columns_of(record: Record) -> tuple[Any, ...]:
    """Everything that an insert takes."""
    return tuple(getattr(record, name) for name in FIELDS)


def moves(record: Record) -> tuple[Any, ...]:
    """Everything that an update takes."""
    return (*(getattr(record, name) for name in MOVING), record.id, record.version - 1)
