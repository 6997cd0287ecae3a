"""A record of the docket beside the process that writes the file: nothing lost, doubled or mixed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw
import msgspec
import pytest
from tests.storage.rows import NOW, leaf_row, opening
from tests.storage.test_docket import record

from liangming.check.ports import MOVED_ON, STORE_DOWN
from liangming.errors import LiangmingError
from liangming.storage import open_beside, open_docket, open_store
from liangming.storage.addresses import sqlite_path
from liangming.storage.codes import ANOTHER_WRITER, NOT_MIGRATED
from liangming.storage.file import REFUSED, Doubt, log_of


async def code_of(awaitable) -> str:
    with pytest.raises(LiangmingError) as caught:
        await awaitable
    return caught.value.code.name


async def test_both_write_and_every_leaf_has_one_place(sqlite_url: str) -> None:
    writer, guest = open_store(sqlite_url), open_beside(sqlite_url)
    await writer.open()
    await guest.open()
    try:
        docket = open_docket(guest)

        async def records() -> None:
            for n in range(12):
                one = record(n)
                await docket.commit([one], [leaf_row(one.id, 0)])

        await asyncio.gather(records(), *(writer.commit(opening()) for n in range(60)))
        places = [place for place, _ in await writer.tail(-1, 1_000)]
        assert places == list(range(len(places)))
        assert await open_docket(writer).count("right") == await docket.count("right") == 12
        # The same race as between two who write through one process.
        first = record(0)
        moved = msgspec.structs.replace(first, version=2, state="answered")
        await open_docket(writer).commit([moved])
        assert await code_of(docket.commit([moved], [leaf_row(first.id, 1)])) == MOVED_ON.name
        assert [leaf.number for leaf in await guest.leaves(first.id)] == [0]
    finally:
        await guest.close()
        await writer.close()


async def test_checks_persons_and_keys_do_not_come_this_way(sqlite_url: str) -> None:
    guest = open_beside(sqlite_url)
    await guest.open()
    for attempt in (
        guest.commit(opening()),
        guest.commit_many([opening()]),
        guest.erase(b"p" * 16, []),
        guest.rewrap([]),
        guest.keep_keys([]),
        guest.sweep(NOW),
        guest.ready(),
    ):
        assert await code_of(attempt) == ANOTHER_WRITER.name
    await guest.close()


async def test_a_file_that_is_absent_old_or_kept_is_told(sqlite_url: str, tmp_path: Path) -> None:
    absent = open_beside(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert await code_of(absent.open()) == STORE_DOWN.name
    bare = tmp_path / "bare.sqlite3"
    apsw.Connection(str(bare)).execute("CREATE TABLE t (a)")
    old = open_beside(f"sqlite:///{bare}")
    await old.open()
    assert await code_of(open_docket(old).commit([record(1)])) == NOT_MIGRATED.name
    guest = open_beside(sqlite_url)
    await guest.open()
    kept = apsw.Connection(str(sqlite_path(sqlite_url)))
    kept.execute("BEGIN IMMEDIATE")
    try:
        docket = open_docket(guest)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("liangming.storage.opened._PATIENCE", 10)
            assert await code_of(docket.commit([record(1)])) == STORE_DOWN.name
    finally:
        kept.close(True)
    await docket.commit([record(1)])
    assert await docket.count("right") == 1
    await guest.close()


async def test_the_last_to_let_a_file_go_leaves_its_log_unless_it_is_the_writer(
    sqlite_url: str,
) -> None:
    path = sqlite_path(sqlite_url)
    writer, guest = open_store(sqlite_url), open_beside(sqlite_url)
    await writer.open()
    await writer.commit(opening())
    await guest.open()
    assert (await guest.counts())["checks"] == 1
    await writer.close()
    one = record(0)
    await open_docket(guest).commit([one], [leaf_row(one.id, 0)])
    await guest.close()
    assert log_of(path).stat().st_size > 0  # who knows what the disk did with the file meanwhile
    await writer.open()
    await writer.commit(opening())
    assert (await writer.counts())["records"] == 1
    await writer.close()
    assert not log_of(path).exists()


async def test_nothing_is_written_into_a_log_that_has_yet_to_be_copied_anew(
    sqlite_url: str,
) -> None:
    path = sqlite_path(sqlite_url)
    guest = open_beside(sqlite_url)
    await guest.open()
    Doubt(path, REFUSED).make()
    one = record(0)
    attempt = open_docket(guest).commit([one], [leaf_row(one.id, 0)])
    assert await code_of(attempt) == STORE_DOWN.name
    Doubt(path, REFUSED).take_away()
    await open_docket(guest).commit([one], [leaf_row(one.id, 0)])
    await guest.close()
