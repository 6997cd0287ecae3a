"""An operator restores an old backup and starts the service: the erased do not come back."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest
from tests.e2e.server import COUNTER, House, client, whole
from tests.postgres_cluster import Cluster
from tests.rights.test_restoring import tool
from tests.world import numbers

MINE = {"document": "resident_card"}


def persons(house: House) -> int:
    """How many are registered; only while nothing is running."""
    if house.database:
        return asyncio.run(_persons(house.database))
    with closing(sqlite3.connect(house.data / "liangming.sqlite3")) as file:
        return int(file.execute("SELECT count(*) FROM persons").fetchone()[0])


async def _persons(address: str) -> int:
    connection = await asyncpg.connect(address)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM persons"))
    finally:
        await connection.close()


class Backup:
    """A backup as an operator takes it, and puts it back."""

    def __init__(self, house: House, file: Path) -> None:
        self.house, self.file = house, file

    def take(self) -> None:
        if self.house.database:
            self._run("pg_dump", "-Fc", "-f", str(self.file), self.house.database)
        else:
            shutil.copy(self.house.data / "liangming.sqlite3", self.file)

    def put_back(self) -> None:
        if self.house.database:
            afresh = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
            self._run("psql", "-q", "-c", afresh, self.house.database)
            self._run("pg_restore", "--no-owner", "-d", self.house.database, str(self.file))
            return
        for name in ("liangming.sqlite3-wal", "liangming.sqlite3-shm"):
            (self.house.data / name).unlink(missing_ok=True)
        shutil.copy(self.file, self.house.data / "liangming.sqlite3")

    def _run(self, name: str, *words: str) -> None:
        subprocess.run([tool(name), *words], check=True, capture_output=True, timeout=120)


@pytest.fixture
def scratch(house: House, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """Words for the drill: an empty database to restore a dump into, where it is one."""
    if not house.database:
        yield ()
        return
    monkeypatch.setenv("PATH", f"{Path(tool('pg_restore')).parent}:{os.environ['PATH']}")
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    empty = cluster.database()
    yield ("--scratch", empty)
    cluster.drop(empty)


def test_a_restored_backup_is_cleaned_before_the_service_serves(
    house: House, scratch: tuple[str, ...], tmp_path: Path
):
    key = house.key("checks:write", "checks:read", "scenes:read", "desk", "rights")
    first, second = numbers(2)
    with house.start() as server, client(server, key) as http:
        notice = http.get(f"/v1/notices/{COUNTER}").json()["notice"]["digest"]
        checks = [
            http.post("/v1/checks:whole", json=whole(notice, number)).json()["id"]
            for number in (first, second)
        ]
        assert server.stop() == 0
    backup = Backup(house, tmp_path / "backup")
    backup.take()

    with house.start() as server, client(server, key) as http:
        asked = {"right": "erase", "number": first, **MINE}
        done = http.post(f"/v1/checks/{checks[0]}/requests", json=asked).json()
        assert done["result"] == "erased"
        assert server.stop() == 0
    assert persons(house) == 1

    drill = house.run("drill", "restore", str(backup.file), *scratch, "--json")
    assert drill.returncode == 0, drill.stderr.decode()
    assert b'"in_the_backup": 1' in drill.stdout
    assert b'"after_replay": 0' in drill.stdout
    assert persons(house) == 1

    backup.put_back()
    assert persons(house) == 2
    with house.start() as server, client(server, key) as http:
        assert b"1 erased registrations had come back" in server.said()
        gone = http.post(
            f"/v1/checks/{checks[0]}/requests", json={"right": "see", "number": first, **MINE}
        ).json()
        assert gone["result"] == "nothing-held"
        there = http.post(
            f"/v1/checks/{checks[1]}/requests", json={"right": "see", "number": second, **MINE}
        ).json()
        assert there["fields"]["number"] == second
        assert server.stop() == 0
    assert persons(house) == 1


def test_a_damaged_erasure_file_stops_the_start_in_words(tmp_path: Path):
    house = House(tmp_path)
    house.key("checks:write")
    (house.data / "erasures.ledger").write_bytes(b"something else\n")
    done = house.run("serve", "--port", "0")
    assert done.returncode == 2
    assert b"rights.erasure-file-damaged" in done.stderr
    assert b"Traceback" not in done.stderr
