"""From either database into the log: places without a gap, leaves in the order of commits."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.storage.rows import NOW, check_row, leaf_row, opening

from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.clock import SetClock
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust, fsck
from liangming.ledger.prove import read_bundle


async def test_the_places_of_a_check_are_those_of_its_leaves(store) -> None:
    rows = [check_row() for _ in range(3)]
    for row in rows:
        leaves = (leaf_row(row.id, 0), leaf_row(row.id, 1))
        await store.commit(opening(check=row, leaves=leaves))
    assert [await store.places(row.id) for row in rows] == [[0, 1], [2, 3], [4, 5]]
    assert await store.places("chk_none") == []


async def test_concurrent_commits_reach_the_log_once_each_in_their_order(
    store, tmp_path: Path
) -> None:
    key = log_key(bytes(32), "log.example/storage")
    trust = Trust("log.example/storage", (key.verifying,))
    tiles, heads = FileTiles(tmp_path / "log"), SqliteHeads(tmp_path / "head.sqlite3")
    log = Log(origin="log.example/storage", tiles=tiles, heads=heads, keys=[key])
    carrier = Integrator(store, log, SetClock(NOW), tiles=tiles, pool_seconds=0.01, most=16)
    running = asyncio.create_task(carrier.run())
    await asyncio.gather(*(store.commit(opening()) for _ in range(60)))
    carrier.stop()
    await running
    heads.close()
    stored = [leaf for _, leaf in await store.tail(-1, 999)]
    assert fsck(tiles, trust, any_entries=True).head.size == len(stored) >= 60
    assert read_bundle(tiles, 0, len(stored))[0] == stored
