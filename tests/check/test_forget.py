"""After forgetting, a backup of the database opens nobody who was erased."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.postgres_cluster import Cluster, postgres_cluster
from tests.world import NOON, World, numbers, world

from liangming.check.erase import Why, erase_person
from liangming.check.forget import NOT_MOVED, destroy, move
from liangming.errors import LiangmingError
from liangming.register import BINDING_PURPOSE, BINDING_RECORD
from liangming.vault import AES, Binding, KeyFile, Purpose, Vault

from .test_erase import passed

__all__ = ["postgres_cluster"]

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def number_in(vault: Vault, person: bytes, wrapped: bytes, sealed: bytes) -> str:
    fields, _ = vault.open_fields(
        vault.unwrap(wrapped, person),
        Binding(person, BINDING_PURPOSE, BINDING_RECORD),
        sealed,
        purpose=Purpose.DRILL,
        reason="D-1",
        actor="test",
        at=NOON,
    )
    return fields["number"]


def rows(path: Path) -> dict[bytes, tuple[bytes, bytes]]:
    with closing(sqlite3.connect(path)) as file:
        found = file.execute("SELECT person, wrapped_key, sealed FROM persons").fetchall()
    return {person: (wrapped, sealed) for person, wrapped, sealed in found}


def files_with(folder: Path, *secrets: bytes) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets)
    ]


async def test_an_old_backup_and_the_new_keys_open_nobody_erased(tmp_path: Path) -> None:
    custody = KeyFile(tmp_path / "keys.json", buckets=4)
    ring = custody.load(NOON).keys
    async with world(tmp_path) as house:
        object.__setattr__(house.premises, "keys", ring)
        object.__setattr__(house.premises, "vault", Vault(ring, AES))
        people = {(await passed(house, number))[1]: number for number in numbers(9)}
        live, backup = tmp_path / "world.sqlite3", tmp_path / "kept-elsewhere.backup"
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(backup)) as to:
            source.backup(to)
        gone = next(iter(people))
        before = Vault(custody.load(NOON).keys)
        assert number_in(before, gone, *rows(backup)[gone]) == people[gone]  # else nothing is shown

        await erase_person(house.premises, gone, Why.ASKED, "cli")
        store = house.premises.store
        assert await move(store, custody, AT, AES) == 8
        assert await destroy(store, custody, AT) == 4

        vault = Vault(custody.load(NOON).keys)
        with pytest.raises(LiangmingError) as caught:
            number_in(vault, gone, *rows(backup)[gone])
        assert caught.value.code.name == "vault.key-unknown"
        opened = {who: number_in(vault, who, *row) for who, row in rows(live).items()}
        assert opened == {who: number for who, number in people.items() if who != gone}
        shutil.move(backup, tmp_path.parent / f"{tmp_path.name}.backup")
        assert files_with(tmp_path, gone, people[gone].encode()) == []


async def test_nothing_is_destroyed_while_somebody_was_not_moved(house: World) -> None:
    custody = KeyFile(house.folder / "keys.json", buckets=4)
    ring = custody.load(NOON).keys
    object.__setattr__(house.premises, "vault", Vault(ring, AES))
    await passed(house)
    renewed = ring.renew(range(4))  # a run that crashed after its first line
    custody.store(renewed, replacing=ring)
    with pytest.raises(LiangmingError) as caught:
        await destroy(house.premises.store, custody, AT)
    assert caught.value.code == NOT_MOVED
    assert custody.load(NOON).keys == renewed
    assert await move(house.premises.store, custody, AT, AES) == 1
    assert await destroy(house.premises.store, custody, AT) == 8


@pytest.fixture
def fresh_database(postgres_cluster: Cluster) -> Iterator[str]:
    url = postgres_cluster.database()
    yield url
    postgres_cluster.drop(url)


@pytest.mark.postgres
async def test_on_postgres_too_old_rows_and_the_new_keys_open_nobody_erased(
    tmp_path: Path, fresh_database: str
) -> None:
    custody = KeyFile(tmp_path / "keys.json", buckets=4)
    ring = custody.load(NOON).keys
    async with world(tmp_path, url=fresh_database) as house:
        object.__setattr__(house.premises, "keys", ring)
        object.__setattr__(house.premises, "vault", Vault(ring, AES))
        people = {(await passed(house, number))[1]: number for number in numbers(5)}
        store = house.premises.store
        backup = await store.persons(list(people))
        gone = next(iter(people))
        await erase_person(house.premises, gone, Why.ASKED, "cli")
        assert await move(store, custody, AT, AES) == 4
        assert await destroy(store, custody, AT) == 4
        vault = Vault(custody.load(NOON).keys)
        with pytest.raises(LiangmingError) as caught:
            number_in(vault, gone, backup[gone].wrapped_key, backup[gone].sealed)
        assert caught.value.code.name == "vault.key-unknown"
        live = await store.persons(list(people))
        opened = {w: number_in(vault, w, r.wrapped_key, r.sealed) for w, r in live.items()}
        assert opened == {who: number for who, number in people.items() if who != gone}
