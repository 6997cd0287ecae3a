"""Columns that we make into PostgreSQL's arrays ourselves: the server reads what asyncpg would have sent."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from liangming.storage.connections import OWN_FAULT, connect

pytestmark = pytest.mark.postgres

MOST = 2**63 - 1
COLUMNS = (
    ("bytea", [b"0123456789abcdef", b"fedcba9876543210"]),
    ("bytea", [b"", b"a", b"\x00" * 300, None]),
    ("bytea", [b"", b""]),
    ("text", ["chk_1", "chk_2"]),
    ("text", ["收寄点", "", "a", None]),
    ("text", ["同一个"] * 3),
    ("int2", [-1, 1]),
    ("int4", [7, None, -(2**31)]),
    ("int8", [0, MOST, -MOST - 1]),
    ("int8", [1764000000000000] * 300),
    *(
        (kind, column)
        for kind in ("bytea", "text", "int2", "int4", "int8")
        for column in ([], [None] * 2)
    ),
)
UNFIT = (
    ("int4", [1, 2**31]),
    ("int8", [MOST + 1]),
    ("int8", [1, "2"]),
    ("int2", [1.5]),
    ("text", ["\ud800"]),
    ("text", ["a\x00"]),
    ("text", [b"a", "b"]),
    ("bytea", [b"a", "b"]),
)


@pytest.fixture
async def ours(postgres_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(postgres_database)
    yield connection
    await connection.close()


@pytest.fixture
async def plain(postgres_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_database)
    yield connection
    await connection.close()


async def test_the_server_reads_the_same_array(ours, plain):
    for kind, column in COLUMNS:
        sql = f"SELECT array_send($1::{kind}[]), array_dims($1::{kind}[])"
        assert tuple(await ours.fetchrow(sql, column)) == tuple(await plain.fetchrow(sql, column))


@pytest.mark.parametrize(("kind", "column"), UNFIT)
async def test_what_no_column_holds_is_refused(ours, kind, column):
    with pytest.raises(OWN_FAULT):
        await ours.fetchval(f"SELECT cardinality($1::{kind}[])", column)
    assert await ours.fetchval(f"SELECT cardinality($1::{kind}[])", [None]) == 1
