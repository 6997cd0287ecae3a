"""Killed at any moment: what was acknowledged is there, whole, and the log has no gap."""

from __future__ import annotations

import asyncio
import secrets
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import apsw
import asyncpg
import pytest
from tests.patience import PATIENCE
from tests.postgres_cluster import Cluster
from tests.storage.rows import opening
from tests.storage.writing_child import LEAVES

from liangming.errors import Outage
from liangming.storage import migrate, open_store, visits

ROOT = Path(__file__).parents[2]
ROUNDS = 5


async def run_and_kill(url: str, name: str, seconds: float) -> dict[str, int]:
    """Start a writer, kill it without warning some time after its first answer, and give what it was told is durable."""
    child = subprocess.Popen(  # noqa: ASYNC220  (starting it takes a millisecond)
        [sys.executable, "-m", "tests.storage.writing_child", url, name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout.readline() == b"open\n"
        first = await asyncio.to_thread(child.stdout.readline)
        reading = asyncio.get_running_loop().run_in_executor(None, child.stdout.read)
        await asyncio.sleep(seconds)
    finally:
        child.send_signal(signal.SIGKILL)
    lines = (first + await reading).decode().splitlines()
    child.wait()
    child.stdout.close()
    return {id_: int(version) for id_, version in (line.split() for line in lines)}


async def prove(url: str, acknowledged: dict[str, int]) -> None:
    """Everything acknowledged is there once and whole; nothing is there by halves."""
    store = open_store(url)
    await store.open()  # recovers; what is read below is what a restarted service finds
    await store.close()
    checks, places, persons, remembered = await everything(url)
    assert [seq for seq, _, _ in places] == list(range(len(places)))
    numbers = defaultdict(list)
    for _, check_id, number in places:
        numbers[check_id].append(number)
    for id_, version in acknowledged.items():
        assert checks[id_][0] >= version
    for id_, (version, state, person) in checks.items():  # also what was not acknowledged any more
        assert numbers.pop(id_) == list(range(LEAVES * version))
        assert state == {1: "opened", 2: "passed"}[version]
        assert visits.number(id_) in persons[person]
    assert numbers == {}
    assert remembered == len(checks)
    await store.open()
    await store.commit(opening())
    assert [seq for seq, _ in await store.tail(len(places) - 1, 9)] == [len(places)]
    await store.close()


async def everything(url: str) -> tuple[dict, list, dict, int]:
    """The rows as they are on disk, read without the store's code."""
    sql = (
        "SELECT id, version, state, person FROM checks",
        "SELECT seq, check_id, number FROM leaves ORDER BY seq",
        "SELECT person, visits FROM persons UNION ALL SELECT person, numbers FROM visits",
        "SELECT count(*) FROM remembered",
    )
    if url.startswith("sqlite"):
        reader = apsw.Connection(url.removeprefix("sqlite:///"))
        answers = [reader.execute(one).fetchall() for one in sql]
        reader.close()
    else:
        connection = await asyncpg.connect(url)
        await _others_have_ended(connection)
        answers = [[tuple(row) for row in await connection.fetch(one)] for one in sql]
        await connection.close()
    checks = {id_: rest for id_, *rest in answers[0]}
    persons: dict[bytes, set[bytes]] = {}
    for person, some in answers[2]:
        held = persons.setdefault(person, set())
        held.update(some[n : n + visits.NUMBER] for n in range(0, len(some), visits.NUMBER))
    return checks, answers[1], persons, answers[3][0][0]


async def _others_have_ended(connection: asyncpg.Connection) -> None:
    """The server still ends the transaction that a killed client had sent."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'liangming'"
    end = time.monotonic() + PATIENCE
    while await connection.fetchval(sql):
        assert time.monotonic() < end, "a backend of a killed writer stays"
        await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_a_writer_killed_at_random_loses_nothing_it_acknowledged(url):
    acknowledged: dict[str, int] = {}
    for round_ in range(ROUNDS):
        some = await run_and_kill(url, f"r{round_}", secrets.randbelow(500) / 1000)
        assert some, "the child must have been killed while it was writing"
        acknowledged |= some
    await prove(url, acknowledged)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_database_stopped_without_warning_loses_nothing_and_the_store_reconnects():
    cluster = Cluster.start()
    try:
        url = cluster.database()
        migrate(url)
        asyncio.run(_stop_and_start(cluster, url))
    finally:
        cluster.remove()


async def _stop_and_start(cluster: Cluster, url: str) -> None:
    loop = asyncio.get_running_loop()
    store = open_store(url)
    await store.open()
    running = asyncio.ensure_future(run_and_kill(url, "pg", 3.0))
    await asyncio.sleep(0)
    while (await store.counts())["checks"] < 5:  # noqa: ASYNC110  (a machine may be busy)
        await asyncio.sleep(0.02)
    await loop.run_in_executor(None, cluster.down, "immediate")
    with pytest.raises(Outage):
        await store.commit(opening())
    with pytest.raises(Outage):
        await store.ready()
    await loop.run_in_executor(None, cluster.up)
    acknowledged = await running
    assert acknowledged
    await store.ready()
    assert (await store.counts())["checks"] >= len(acknowledged)
    await store.close()
    await prove(url, acknowledged)
