"""A disk that is slow, full or read-only under a store that serves: late, refused, never lost, never stuck.

Slow is a gate, not a time: an fsync (on PostgreSQL, a COMMIT) that does not return until the test says so.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw
import asyncpg
import pytest
from tests.storage.disk import disk
from tests.storage.rows import check_row, note, opening

from liangming.check.ports import STORE_BUSY, STORE_DOWN, STORE_FULL, Store
from liangming.errors import Outage
from liangming.storage import open_store
from liangming.storage.postgres import PostgresStore
from liangming.storage.sqlite import SqliteStore

LIMIT = 50
GATE = 20_261_124  # the advisory lock that a COMMIT waits for
FAULT = """
    CREATE OR REPLACE FUNCTION test_fault() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN {} RETURN NULL; END $$;
    DROP TRIGGER IF EXISTS test_fault ON log_head;
    CREATE CONSTRAINT TRIGGER test_fault AFTER UPDATE ON log_head DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION test_fault()
    """
WELL = "DROP FUNCTION IF EXISTS test_fault CASCADE"
STATES = {"full": "53100", "read-only": "25006", "broken": "58030"}  # SQLSTATE


@dataclass
class Slow:
    """A store and what lies under it.

    Attributes:
        shut: commits wait from now on.
        stuck: returns once one waits.
        open: they go on.
        fails: each write fails so from now on; empty: none.
    """

    store: Store
    shut: Callable[[], Awaitable[object]]
    stuck: Callable[[], Awaitable[object]]
    open: Callable[[], Awaitable[object]]
    fails: Callable[[str], Awaitable[object]]


@asynccontextmanager
async def on_sqlite(url: str) -> AsyncIterator[Slow]:
    with disk() as under:
        store = SqliteStore(Path(url.removeprefix("sqlite:///")), queue_limit=LIMIT)
        await store.open()

        async def shut() -> None:
            under.entered.clear()
            under.gate.clear()

        async def stuck() -> None:
            await asyncio.to_thread(under.entered.wait, 60)

        async def opened() -> None:
            under.gate.set()

        async def fails(how: str) -> None:
            kinds = {
                "full": apsw.FullError,
                "read-only": apsw.ReadOnlyError,
                "broken": apsw.IOError,
            }
            under.write_fails = kinds.get(how)

        try:
            yield Slow(store, shut, stuck, opened, fails)
        finally:
            under.gate.set()
            await store.close()


@asynccontextmanager
async def on_postgres(url: str) -> AsyncIterator[Slow]:
    store = PostgresStore(url, queue_limit=LIMIT)
    await store.open()
    other = await asyncpg.connect(url)

    async def shut() -> None:
        await other.execute(FAULT.format(f"PERFORM pg_advisory_xact_lock({GATE});"))
        await other.execute(f"SELECT pg_advisory_lock({GATE})")

    async def stuck() -> None:
        sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while not await other.fetchval(sql):  # noqa: ASYNC110  (another process waits)
            await asyncio.sleep(0.01)

    async def opened() -> None:
        await other.execute(f"SELECT pg_advisory_unlock({GATE})")

    async def fails(how: str) -> None:
        raising = f"RAISE EXCEPTION 'a test' USING ERRCODE = '{STATES.get(how)}';"
        await other.execute(FAULT.format(raising) if how else WELL)

    try:
        yield Slow(store, shut, stuck, opened, fails)
    finally:
        await other.execute("SELECT pg_advisory_unlock_all()")
        await store.close()
        await other.execute(WELL)
        await other.close()


@pytest.fixture
async def slow(url: str) -> AsyncIterator[Slow]:
    async with on_sqlite(url) if url.startswith("sqlite") else on_postgres(url) as made:
        yield made


def change(n: int) -> object:
    return opening(check=check_row(f"chk_{n:03}"), remember=note(f"key{n}"))


async def test_while_an_fsync_hangs_reads_answer_the_queue_is_bounded_and_then_all_land(
    slow: Slow,
) -> None:
    store = slow.store
    await store.commit(change(0))
    await slow.shut()
    first = asyncio.create_task(store.commit(change(1)))
    await slow.stuck()
    waiting = [asyncio.create_task(store.commit(change(n))) for n in range(2, LIMIT + 1)]
    await asyncio.sleep(0)
    assert await store.check("chk_000") is not None  # reading waits for no commit
    assert await store.check("chk_001") is None  # and sees nothing before its time
    with pytest.raises(Outage) as busy:  # full: told at once, not kept waiting
        await store.commit(change(900))
    assert (busy.value.code, busy.value.retry_after) == (STORE_BUSY, 1)
    waiting[0].cancel()  # a caller goes away; what was taken in stays taken in
    assert not any(task.done() for task in (first, *waiting[1:]))
    await slow.open()
    await asyncio.gather(first, *waiting[1:])
    found = [await store.check(f"chk_{n:03}") is not None for n in range(LIMIT + 1)]
    assert found == [True] * (LIMIT + 1)
    assert [place for place, _ in await store.tail(-1, 999)] == list(range(LIMIT + 1))
    await store.commit(change(900))


async def test_a_store_that_closes_while_an_fsync_hangs_writes_what_it_took_and_takes_no_more(
    slow: Slow,
) -> None:
    store = slow.store
    await slow.shut()
    taken = [asyncio.create_task(store.commit(change(n))) for n in range(20)]
    await slow.stuck()
    closing = asyncio.create_task(store.close())
    await asyncio.sleep(0)
    with pytest.raises(Outage) as no:
        await store.commit(change(900))
    assert no.value.code is STORE_DOWN
    assert not closing.done()
    await slow.open()
    await asyncio.gather(closing, *taken)
    await store.open()
    assert (await store.counts())["checks"] == 20


@pytest.mark.parametrize(
    ("how", "code"), [("full", STORE_FULL), ("read-only", STORE_DOWN), ("broken", STORE_DOWN)]
)
async def test_a_disk_that_fails_while_serving_is_said_and_the_store_goes_on_when_it_is_well(
    slow: Slow, how: str, code: object
) -> None:
    store = slow.store
    await store.commit(change(0))
    await slow.fails(how)
    for n in (1, 2):
        with pytest.raises(Outage) as caught:
            await store.commit(change(n))
        assert caught.value.code is code
        assert caught.value.retry_after
        assert await store.check("chk_000") is not None
    with pytest.raises(Outage):
        await store.ready()  # a balancer is told to look elsewhere
    await slow.fails("")
    await store.ready()
    await store.commit(change(1))
    assert [place for place, _ in await store.tail(-1, 9)] == [0, 1]


async def test_room_for_the_proof_but_for_no_group_is_not_ready(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(sqlite_url)
    await store.open()
    seen = os.statvfs(tmp_path)
    little = os.statvfs_result((4_096, 4_096, seen.f_blocks, 200, 200, *tuple(seen)[5:10]))
    with monkeypatch.context() as patched:
        patched.setattr(os, "statvfs", lambda _: little)
        with pytest.raises(Outage) as caught:
            await store.ready()
    assert caught.value.code is STORE_FULL
    await store.ready()
    await store.close()
