"""A house on each store: SQLite in its folder, PostgreSQL in a private cluster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.server import House
from tests.postgres_cluster import Cluster, postgres_cluster

__all__ = ["postgres_cluster"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        yield House(tmp_path)
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    database = cluster.database()
    try:
        yield House(tmp_path, database=database)
    finally:
        cluster.drop(database)
