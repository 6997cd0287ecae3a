"""One operator over several databases, cut by the person's key (docs/scale.md)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.postgres_cluster import Cluster
from tests.storage.shards import proven, shards
from tests.world import numbers


@pytest.mark.postgres
def test_each_person_and_check_is_in_one_shard_found_erased_and_proven_there(
    postgres_cluster: Cluster, tmp_path: Path
) -> None:
    urls = [postgres_cluster.database() for _ in range(2)]

    async def run() -> dict[int, int]:
        async with shards(tmp_path, urls) as made:
            return dict(await proven(made, numbers(40)))

    spread = asyncio.run(run())
    assert sum(spread.values()) == 80
    assert sorted(spread) == [0, 1]
    for url in urls:
        postgres_cluster.drop(url)
