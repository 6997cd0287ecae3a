"""The rows of real checks, ready to be inserted: what a batch writes, without what leads to it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.world import card

from bench.generator import number
from liangming.assembly import premises
from liangming.check import WholeCheck
from liangming.check.ports import Change
from liangming.check.together import complete_many
from liangming.law.words import Method
from liangming.storage import statements
from liangming.storage.admission import Known
from liangming.storage.opened import connect
from liangming.storage.postgres_statements import write
from liangming.storage.records import Writing

if TYPE_CHECKING:
    from bench.prepared import House


async def groups(made: House, count: int) -> list[Writing]:
    """What ``count`` groups of 100 checks of new people write."""
    caught: list[list[Change]] = []

    async def commit_many(changes: list[Change]) -> list[Any]:
        caught.append(changes)
        return [None] * len(changes)

    first = made.some(count * 100 + 100)
    async with premises(made.settings(), allow_test_region=True) as inside:
        store = inside.store
        store.commit_many = commit_many  # type: ignore[method-assign]
        for group in range(count):
            checks = [
                WholeCheck(
                    scene="shili-counter",
                    method=Method.DOCUMENT_SEEN,
                    evidence=card(number(first + group * 100 + n).decode(), expires="长期"),
                    notice=made.notice,
                )
                for n in range(100)
            ]
            await complete_many(inside, checks)
    return [Writing(changes) for changes in caught]


def insert_sqlite(url: str, ready: list[Writing]) -> None:
    connection = connect(Path(url.removeprefix("sqlite:///")), writes=True)
    cursor = connection.cursor()
    for writing in ready:
        cursor.execute("BEGIN IMMEDIATE")
        statements.write(cursor, writing, Known())  # all of them new: nothing stands in their rows
        cursor.execute("COMMIT")
    connection.close()


def insert_postgres(url: str, ready: list[Writing]) -> None:
    async def insert() -> None:
        from liangming.storage.connections import connect

        connection = await connect(url)
        for writing in ready:
            async with connection.transaction():
                await write(connection, writing)
        await connection.close()

    asyncio.run(insert())
