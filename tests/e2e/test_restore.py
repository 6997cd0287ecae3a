"""An operator restores an old backup and starts the service: the erased do not come back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.server import COUNTER, House, client, whole
from tests.world import numbers

MINE = {"document": "resident_card"}


def persons(house: House) -> int:
    """How many are registered; only while nothing is running."""
    with closing(sqlite3.connect(house.data / "liangming.sqlite3")) as file:
        return int(file.execute("SELECT count(*) FROM persons").fetchone()[0])


def test_a_restored_backup_is_cleaned_before_the_service_serves(tmp_path: Path):
    house = House(tmp_path)
    key = house.key("checks:write", "checks:read", "scenes:read", "desk", "rights")
    first, second = numbers(2)
    with house.start() as server, client(server, key) as http:
        notice = http.get(f"/v1/notices/{COUNTER}").json()["notice"]["digest"]
        checks = [
            http.post("/v1/checks:whole", json=whole(notice, number)).json()["id"]
            for number in (first, second)
        ]
        assert server.stop() == 0
    backup = tmp_path / "backup.sqlite3"
    shutil.copy(house.data / "liangming.sqlite3", backup)

    with house.start() as server, client(server, key) as http:
        asked = {"right": "erase", "number": first, **MINE}
        done = http.post(f"/v1/checks/{checks[0]}/requests", json=asked).json()
        assert done["result"] == "erased"
        assert server.stop() == 0
    assert persons(house) == 1

    drill = house.run("drill", "restore", str(backup), "--json")
    assert drill.returncode == 0, drill.stderr.decode()
    assert b'"in_the_backup": 1' in drill.stdout
    assert b'"after_replay": 0' in drill.stdout

    for name in ("liangming.sqlite3-wal", "liangming.sqlite3-shm"):
        (house.data / name).unlink(missing_ok=True)
    shutil.copy(backup, house.data / "liangming.sqlite3")
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
