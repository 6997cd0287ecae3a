"""PostgreSQL clusters of their own: these tests stop them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.server import House
from tests.postgres_cluster import Cluster


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    started = Cluster.start()
    try:
        yield started
    finally:
        started.remove()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def on_postgres(tmp_path: Path, cluster: Cluster) -> House:
    return House(tmp_path, database=cluster.database())
