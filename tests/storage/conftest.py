"""Stores on fresh databases: SQLite in a temporary folder, PostgreSQL in a private cluster."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.postgres_cluster import Cluster, postgres_cluster
from tests.storage.rows import NOW

from liangming.check.ports import Store
from liangming.clock import SetClock
from liangming.storage import migrate, open_store

__all__ = ["postgres_cluster"]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite file, to copy from."""
    path = tmp_path_factory.mktemp("migrated") / "store.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated: Path, tmp_path: Path) -> str:
    shutil.copy(migrated, tmp_path / "store.sqlite3")
    return f"sqlite:///{tmp_path}/store.sqlite3"


@pytest.fixture(scope="session")
def postgres_database(postgres_cluster: Cluster) -> Iterator[str]:
    """One migrated database for the whole session; :func:`postgres_url` empties it."""
    url = postgres_cluster.database()
    migrate(url)
    yield url
    postgres_cluster.drop(url)


@pytest.fixture
async def postgres_url(postgres_database: str) -> str:
    import asyncpg

    connection = await asyncpg.connect(postgres_database)
    await connection.execute(
        "TRUNCATE checks, persons, leaves, patterns, consents, pickup_codes, redemptions, remembered, visits,"
        " clients, records; UPDATE log_head SET next = 0"
    )
    await connection.close()
    return postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
async def store(url: str, clock: SetClock) -> AsyncIterator[Store]:
    store = open_store(url, clock=clock)
    await store.open()
    yield store
    await store.close()
