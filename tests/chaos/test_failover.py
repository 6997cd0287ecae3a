"""The primary dies under load and a synchronous standby takes its place: nothing said is lost.

Two real PostgreSQL servers on loopback, streaming. ``synchronous_standby_names`` is set on the
server; the store's own ``synchronous_commit = on`` then waits for both disks. The standby takes
over the primary's port, as an address that moves with the role would.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from tests.patience import free_port
from tests.postgres_cluster import Cluster
from tests.storage.rows import note, opening

from liangming.check.ports import MOVED_ON, STORE_DOWN, Change
from liangming.errors import LiangmingError
from liangming.storage import committer, migrate, open_store

CLIENTS = 12


def standby_of(primary: Cluster) -> Cluster:
    """A second server that streams from the first."""
    folder = Path(tempfile.mkdtemp(prefix="liangming-pg-standby-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    command = [
        str(primary._binaries / "pg_basebackup"),
        *("-D", str(folder / "data"), "-d", primary.url, "-R", "-X", "stream", "-c", "fast"),
    ]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, cwd=folder, timeout=120, capture_output=True)
    port = free_port()
    standby = Cluster(f"postgresql://postgres@127.0.0.1:{port}/postgres", folder, primary._binaries)
    use_port(standby, port)
    standby.up()
    return standby


def use_port(cluster: Cluster, port: int) -> None:
    with (cluster.folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(f"port = {port}\n")


async def on(url: str, *statements: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            answer = await connection.fetchval(statement)
    finally:
        await connection.close()
    return answer


async def until(url: str, question: str) -> None:
    for _ in range(400):
        try:
            if await on(url, question):
                return
        except (OSError, asyncpg.PostgresError):
            pass
        await asyncio.sleep(0.05)
    pytest.fail(f"never came: {question}")


async def insist(store, turn: int, landed: list[str], refused: list[str]) -> None:
    """One client: each change is repeated until it is acknowledged or found to have landed."""
    number = 0
    while True:
        number += 1
        name = f"k{turn}-{number}"
        change: Change = opening(leaves=2, remember=note(name))
        while True:
            try:
                await store.commit(change)
                break
            except LiangmingError as no:
                if no.code is MOVED_ON:  # it landed, and its acknowledgement was lost
                    break
                if no.code is not STORE_DOWN:
                    refused.append(no.code.name)
                await asyncio.sleep(0.02)
        landed.append(change.check.id)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_synchronous_standby_takes_over_and_nothing_acknowledged_is_lost(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "MANY", 3)  # some groups go ahead of the disk, others do not
    url = cluster.database()
    migrate(url)
    standby = standby_of(cluster)
    try:
        asyncio.run(fail_over(cluster, standby, url))
    finally:
        standby.remove()


async def fail_over(primary: Cluster, standby: Cluster, url: str) -> None:
    loop = asyncio.get_running_loop()
    await on(primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'")
    await on(primary.url, "SELECT pg_reload_conf()")
    synced = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
    await until(primary.url, synced)
    store = open_store(url)
    await store.open()
    landed: list[str] = []
    refused: list[str] = []
    clients = [asyncio.create_task(insist(store, turn, landed, refused)) for turn in range(CLIENTS)]
    while len(landed) < 200:  # noqa: ASYNC110  (a list grows)
        await asyncio.sleep(0.02)
    await loop.run_in_executor(None, primary.down, "immediate")  # 1 the primary is gone
    before = len(landed)
    await on(standby.url, "SELECT pg_promote(true, 60)")  # 2 the standby becomes the primary
    # 3 its own commits must not wait for a standby that it does not have
    await on(standby.url, "ALTER SYSTEM RESET synchronous_standby_names")
    await loop.run_in_executor(None, standby.down)
    use_port(standby, urlsplit(url).port or 0)  # 4 and the address moves to it
    standby.url = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    await loop.run_in_executor(None, standby.up)
    while len(landed) < before + 200:  # noqa: ASYNC110  5 the store found its way by itself
        await asyncio.sleep(0.02)
    for task in clients:
        task.cancel()
    await asyncio.gather(*clients, return_exceptions=True)
    await store.close()

    assert refused == []
    connection = await asyncpg.connect(url)
    checks = {row[0] for row in await connection.fetch("SELECT id FROM checks")}
    places = [row[0] for row in await connection.fetch("SELECT seq FROM leaves ORDER BY seq")]
    halves = await connection.fetchval(
        "SELECT count(*) FROM checks c WHERE"
        " (SELECT count(*) FROM leaves l WHERE l.check_id = c.id) <> 2"
    )
    keys = await connection.fetchval("SELECT count(*) FROM remembered")
    await connection.close()
    assert set(landed) <= checks
    assert len(landed) == len(set(landed))
    assert len(checks) - len(landed) <= CLIENTS  # what was under way when the clients left
    assert places == list(range(len(places)))
    assert halves == 0
    assert keys == len(checks)
