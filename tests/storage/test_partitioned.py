"""Persons in hash partitions (docs/scale.md): nothing a store promises changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest
from tests.postgres_cluster import Cluster
from tests.storage.rows import AT, HOUR, check_row, opening, person_row

from liangming.check.ports import MOVED_ON
from liangming.errors import Misuse
from liangming.storage import migrate, open_store

SCRIPT = (Path(__file__).parents[2] / "tools" / "partition.sql").read_text()
KEPT = 20


@pytest.mark.postgres
async def test_a_register_in_partitions_is_the_register_it_was(postgres_cluster: Cluster) -> None:
    url = await asyncio.to_thread(postgres_cluster.database)
    await asyncio.to_thread(migrate, url)
    people = [person_row(f"p{n}") for n in range(KEPT)]
    store = open_store(url)
    await store.open()
    for person in people:
        await store.commit(opening(check=check_row(person=person.person), person=person))
    before = await store.persons([person.person for person in people])
    await store.close()

    connection = await asyncpg.connect(url)
    await connection.execute(SCRIPT)
    parts = await connection.fetchval(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'persons'::regclass"
    )
    assert parts == 16

    await store.open()  # the schema is still this program's
    assert await store.persons([person.person for person in people]) == before
    again = opening(check=check_row(person=people[0].person), person=people[0])
    await store.commit(again)  # met again: not collected twice
    later = AT + 5 * HOUR
    seen = opening(
        check=check_row(person=people[1].person, changed_at=later),
        seen=people[1].person,
        seen_keep_until=people[1].keep_until + HOUR,
        holder_key=people[1].wrapped_key,
    )
    await store.commit(seen)
    found = (await store.persons([people[1].person]))[people[1].person]
    assert (found.last_seen_at, found.keep_until) == (later, people[1].keep_until + HOUR)
    assert (await store.counts())["persons"] == KEPT
    assert await store.erase(people[1].person, []) is True
    with pytest.raises(Misuse) as caught:
        await store.commit(opening(seen=people[1].person, holder_key=people[1].wrapped_key))
    assert caught.value.code is MOVED_ON
    walked = [person for person, _ in await store.wrapped_keys(b"", 100)]
    assert walked == sorted(person.person for person in people if person is not people[1])
    await store.close()
    with pytest.raises(asyncpg.DuplicateTableError):  # a second run changes nothing
        await connection.execute(SCRIPT)
    await connection.execute("ROLLBACK")
    assert await connection.fetchval("SELECT count(*) FROM persons") == KEPT - 1
    await connection.close()
    await asyncio.to_thread(postgres_cluster.drop, url)
