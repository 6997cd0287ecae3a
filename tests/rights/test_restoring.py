"""A backup from before an erasure is restored for real, on both stores, and brings nobody back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tests.patience import PATIENCE
from tests.postgres_cluster import Cluster, postgres_cluster
from tests.rights.people import Desk
from tests.world import NOON, numbers, world

from liangming import assembly
from liangming.assembly import Settings
from liangming.clock import SetClock
from liangming.errors import LiangmingError
from liangming.rights import RightsDesk, replay
from liangming.rights.replay import standing
from liangming.rights.words import Right
from liangming.storage import open_docket, restoring
from liangming.storage.erasure_file import ErasureFile
from liangming.vault import KeyFile

__all__ = ["postgres_cluster"]

PEOPLE, GONE = 12, 5


def tool(name: str) -> str:
    """A program of PostgreSQL, beside the server's own."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    on_path = shutil.which(name)
    if not found and on_path is None:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {name}")
        pytest.skip(f"{name} is not installed here")
    return str(found[0]) if found else str(on_path)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the live database is, how to back it up, and an address to restore a dump to."""
    if request.param == "sqlite":
        live = tmp_path / "world.sqlite3"

        def back_up(to: Path) -> None:
            # In a process of its own: two SQLite libraries on one file break each other's locks.
            words = "import sqlite3,sys; a,b=map(sqlite3.connect,sys.argv[1:]); a.backup(b)"
            command = [sys.executable, "-c", words, str(live), str(to)]
            subprocess.run(command, check=True, timeout=PATIENCE)

        yield "", back_up, ""
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    monkeypatch.setenv("PATH", f"{Path(tool('pg_dump')).parent}:{os.environ['PATH']}")
    tool("pg_restore")
    url, scratch = cluster.database(), cluster.database()

    def dump(to: Path) -> None:
        command = [tool("pg_dump"), "-Fc", "-f", str(to), url]
        subprocess.run(command, check=True, capture_output=True, timeout=120)

    yield url, dump, scratch
    cluster.drop(url)
    cluster.drop(scratch)


@asynccontextmanager
async def at(folder: Path, url: str) -> AsyncIterator[Desk]:
    async with world(folder, url=url) as house:
        yield Desk(
            house,
            RightsDesk(
                premises=house.premises,
                docket=open_docket(house.premises.store),
                erasures=ErasureFile(folder / "erasures.ledger"),
            ),
        )


def settings_of(folder: Path, url: str) -> Settings:
    return Settings(
        data=folder,
        database=url or f"sqlite:///{folder / 'world.sqlite3'}",
        keys=folder / "keys.json",
        scenes=(),
    )


async def test_the_drill_restores_a_backup_from_before_the_erasures_and_counts_nobody(
    place, tmp_path: Path
):
    url, back_up, scratch = place
    backup = tmp_path / "backup"
    async with at(tmp_path, url) as desk:
        ring = desk.house.premises.keys
        checks = [await desk.passed(number) for number in numbers(PEOPLE)]
        back_up(backup)
        desk.house.clock.move(timedelta(days=1))
        for (check, _), number in list(zip(checks, numbers(PEOPLE), strict=True))[:GONE]:
            await desk.ask(check, Right.ERASE, number)
        counts = await desk.house.premises.store.counts()
        assert counts["persons"] == PEOPLE - GONE
        before = (tmp_path / "erasures.ledger").read_bytes()
    _keep(tmp_path / "keys.json", ring)
    settings = settings_of(tmp_path, url)
    (tmp_path / "drill").mkdir()
    clock = SetClock(NOON + timedelta(days=2))
    async with assembly.restored(
        settings, backup, tmp_path / "drill", scratch, clock=clock
    ) as drill:
        done = await drill()
    assert (done.entries, done.persons, done.before, done.after) == (GONE, PEOPLE, GONE, 0)
    assert done.opened == PEOPLE - GONE
    assert (tmp_path / "erasures.ledger").read_bytes() == before
    if scratch:
        assert restoring._psql(scratch, restoring._COUNT).strip() == "0"  # left as it was found


async def test_the_service_erases_again_what_a_restored_database_brought_back(
    place, tmp_path: Path
):
    url, back_up, scratch = place
    backup = tmp_path / "backup"
    async with at(tmp_path, url) as desk:
        ring = desk.house.premises.keys
        checks = [await desk.passed(number) for number in numbers(PEOPLE)]
        back_up(backup)
        for (check, _), number in list(zip(checks, numbers(PEOPLE), strict=True))[:GONE]:
            await desk.ask(check, Right.ERASE, number)
    (tmp_path / "again").mkdir()
    address = restoring.restore(backup, tmp_path / "again", scratch, url)
    _keep(tmp_path / "keys.json", ring)
    settings = settings_of(tmp_path, address)
    clock = SetClock(NOON + timedelta(hours=1))
    async with assembly.premises(settings, clock=clock) as house:
        desk = assembly.rights_desk(settings, house)
        assert await standing(desk) == GONE
        done = await replay(desk)
        assert (done.entries, done.resurrected, done.healed) == (GONE, GONE, GONE)
        assert await standing(desk) == 0
        indexes = [person for _, person in checks]
        assert set(await house.store.persons(indexes)) == set(indexes[GONE:])
        for check, person in checks[:GONE]:
            row = await house.store.check(check)
            assert row is not None
            assert (row.person, row.leaf_key) == (None, b"")
            assert person
        ((told,), leaves) = (
            await desk.docket.walk("replay", "", 10),
            await house.store.tail(-1, 10_000),
        )
        assert [leaf.tag for leaf in await house.store.leaves(told.id)] == [
            "rights:erasures:replayed"
        ]
        assert len(leaves) > GONE
        assert (await replay(desk)).resurrected == 0


async def test_whose_day_came_while_the_backup_lay_there_is_gone_before_anything_is_served(
    place, tmp_path: Path
):
    url, back_up, scratch = place
    backup = tmp_path / "backup"
    async with at(tmp_path, url) as desk:
        ring = desk.house.premises.keys
        for number in numbers(3):
            await desk.passed(number)
        back_up(backup)
    (tmp_path / "again").mkdir()
    address = restoring.restore(backup, tmp_path / "again", scratch, url)
    _keep(tmp_path / "keys.json", ring)
    settings = settings_of(tmp_path, address)
    clock = SetClock(NOON + timedelta(days=365))
    async with assembly.premises(settings, clock=clock) as house:
        desk = assembly.rights_desk(settings, house)
        assert (await replay(desk)).overdue == 3
        assert (await house.store.counts())["persons"] == 0


@pytest.mark.parametrize("content", [b"", b"no backup", b"PGDMP and then nothing"])
def test_what_is_no_backup_is_told_in_words(tmp_path: Path, content: bytes):
    backup = tmp_path / "backup"
    backup.write_bytes(content)
    with pytest.raises(LiangmingError) as caught:
        restoring.restore(backup, tmp_path, "", "sqlite:///x")
    dump = content.startswith(b"PGDMP")
    wanted = restoring.SCRATCH_NEEDED if dump else restoring.UNREADABLE
    assert caught.value.code == wanted
    with pytest.raises(LiangmingError) as caught:
        restoring.restore(tmp_path / "nothing", tmp_path, "", "sqlite:///x")
    assert caught.value.code == restoring.UNREADABLE


@pytest.mark.postgres
def test_a_dump_is_never_restored_over_anything(
    postgres_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", f"{Path(tool('psql')).parent}:{os.environ['PATH']}")
    backup = tmp_path / "backup"
    backup.write_bytes(b"PGDMP")
    live = postgres_cluster.database()
    try:
        for scratch in ("", "sqlite:///x", live):
            with pytest.raises(LiangmingError) as caught:
                restoring.restore(backup, tmp_path, scratch, live)
            assert caught.value.code == restoring.SCRATCH_NEEDED
        restoring._psql(live, "CREATE TABLE precious (id int)")
        with pytest.raises(LiangmingError) as caught:
            restoring.restore(backup, tmp_path, live, "postgresql://elsewhere/x")
        assert caught.value.code == restoring.SCRATCH_FULL
        restoring._psql(live, "DROP TABLE precious")
        with pytest.raises(LiangmingError) as caught:
            restoring.restore(backup, tmp_path, live, "postgresql://elsewhere/x")
        assert caught.value.code == restoring.RESTORE_FAILED
    finally:
        postgres_cluster.drop(live)


def _keep(path: Path, ring: object) -> None:
    """Put a ring where the assembly looks for it."""
    KeyFile(path)._write(ring, first=True)  # type: ignore[arg-type]
