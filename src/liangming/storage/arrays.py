"""Columns as arrays in PostgreSQL's binary form, each made in a few joins.

asyncpg encodes an array element by element and asks of each what it is: half of what a group costs the
process that writes it. But a column of a group mostly holds values of one length, or one value
again and again. What no column can hold is refused as before: here, or by the server.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, Final, NoReturn

import asyncpg

Column = Sequence[Any]

_HEAD: Final = struct.Struct(">iIIii").pack
_LENGTH: Final = struct.Struct(">i").pack
_NULL: Final = _LENGTH(-1)


def _known(values: Column, encode: Callable[[Any], bytes]) -> bytes:
    """Values of any length, None among them."""
    spelled = (None if value is None else encode(value) for value in values)
    return b"".join(_NULL if some is None else _LENGTH(len(some)) + some for some in spelled)


def _bytes(values: Column) -> bytes:
    if None in values or len(set(map(len, values))) > 1:
        return _known(values, bytes)
    length = _LENGTH(len(values[0]))
    return length + length.join(values)


def _texts(values: Column) -> bytes:
    if None in values:
        return _known(values, str.encode)
    return _bytes(list(map(str.encode, values)))


def _numbers(code: str) -> Callable[[Column], bytes]:
    each, framed = struct.Struct(f">{code}"), struct.Struct(f">i{code}").pack

    def encode(values: Column) -> bytes:
        if None in values:
            return _known(values, each.pack)
        return b"".join(map(framed, repeat(each.size), values))

    return encode


def _array(element: int, body: Callable[[Column], bytes]) -> Callable[[Column], bytes]:
    """Encodes arrays of one type.

    Args:
        element: the type's number in the catalogue.
        body: encodes some elements, each behind its length.
    """

    def encode(values: Column) -> bytes:
        many = len(values)
        head = _HEAD(1, 0, element, many, 1)  # one dimension, no flags; elements count from 1
        if not many:
            return head
        if values.count(values[0]) == many:
            return head + body(values[:1]) * many
        return head + body(values)

    return encode


# Numbers of types and of their arrays as in every PostgreSQL.
_ARRAYS: Final[Iterable[tuple[int, str, Callable[[Column], bytes]]]] = (
    (1001, "_bytea", _array(17, _bytes)),
    (1005, "_int2", _array(21, _numbers("h"))),
    (1007, "_int4", _array(23, _numbers("i"))),
    (1009, "_text", _array(25, _texts)),
    (1016, "_int8", _array(20, _numbers("q"))),
)


def prepare(connection: asyncpg.Connection) -> None:
    """Let a connection encode arrays so; it reads none."""
    settings = connection.get_settings()
    for oid, name, encode in _ARRAYS:
        settings.add_python_codec(oid, name, "pg_catalog", [], "scalar", encode, _unread, "binary")


def _unread(_: object) -> NoReturn:
    raise TypeError("this connection reads no arrays")
