"""New people enter PostgreSQL without a look at each; who is there already stays, and is named in no log."""

from __future__ import annotations

import asyncio
import os

import asyncpg
import pytest
from msgspec.structs import replace
from tests.postgres_cluster import Cluster
from tests.storage.rows import opening, person_row

from liangming.check.ports import MOVED_ON, Change
from liangming.storage import migrate
from liangming.storage.committer_apart import COMMAND
from liangming.storage.postgres import PostgresStore

pytestmark = pytest.mark.postgres


def registering(person: bytes, key: bytes = b"") -> Change:
    """A change that registers this person, under a key of their own."""
    row = replace(person_row("p"), person=person)
    return opening(person=replace(row, wrapped_key=row.wrapped_key + key))


async def test_who_is_there_already_refuses_one_and_is_named_in_no_log(postgres_cluster: Cluster):
    url = await asyncio.to_thread(postgres_cluster.database)
    await asyncio.to_thread(migrate, url)
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f'ALTER DATABASE "{name}" SET log_min_messages = error')
    await connection.close()
    first, second = PostgresStore(url), PostgresStore(url)
    await first.open()
    await second.open()
    there, new, third = (os.urandom(16) for _ in range(3))
    log = postgres_cluster.folder / "log"
    begin = log.stat().st_size
    assert await first.commit_many([registering(there)]) == [None]
    late = [registering(new), registering(there, b"another"), registering(third)]
    outcome = await second.commit_many(late)
    assert [None if no is None else no.code for no in outcome] == [None, MOVED_ON, None]
    found = await second.persons([there, new, third])
    assert set(found) == {there, new, third}
    assert found[there].wrapped_key == person_row("p").wrapped_key
    assert (await second.counts())["persons"] == 3
    assert (await second.counts())["checks"] == 3
    # met again under the key that stands: the same registration, sent twice
    assert await second.commit_many([registering(there)]) == [None]
    await first.close()
    await second.close()
    said = log.read_bytes()[begin:].decode()
    assert "another process was first" in said
    assert there.hex() not in said
    assert "duplicate key" not in said
    await asyncio.to_thread(postgres_cluster.drop, url)


async def test_a_service_knows_whom_it_registers_and_finds_whom_another_does(
    postgres_cluster: Cluster,
):
    url = await asyncio.to_thread(postgres_cluster.database)
    await asyncio.to_thread(migrate, url)
    before, new, others, stranger = (os.urandom(16) for _ in range(4))
    command = PostgresStore(url)
    await command.open()
    await command.commit_many([registering(before)])
    assert command.perhaps([stranger]) == [stranger]  # no service: it looks
    store = PostgresStore(url, apart=COMMAND)
    await store.open()
    reading = store._register._reading
    assert reading is not None
    await reading
    assert store.perhaps([before, new, others, stranger]) == [before]
    assert await store.commit_many([registering(new)]) == [None]
    assert store.perhaps([before, new, others, stranger]) == [before, new]
    await command.commit_many([registering(others)])
    for surprise in range(1, 6):
        (no,) = await store.commit_many([registering(others, b"%d" % surprise)])
        assert no is not None
        assert no.code is MOVED_ON
        known = [before, new, others] if surprise < 5 else [before, new, others, stranger]
        assert store.perhaps([before, new, others, stranger]) == known
    await command.close()
    await store.close()
    assert store._register._reading is None
    await asyncio.to_thread(postgres_cluster.drop, url)
