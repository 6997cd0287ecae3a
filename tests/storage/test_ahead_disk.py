"""A writer that is ahead of a disk that is slow, full, read-only or broken, and what a crash leaves of it."""

from __future__ import annotations

import asyncio
import os
import random  # noqa: TID251  (seeded)
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest
from tests.storage.disk_child import ROOT, command
from tests.storage.rows import NOW, check_row, note, opening

from liangming.check.ports import MOVED_ON, STORE_BUSY, STORE_DOWN, STORE_FULL, Change
from liangming.clock import SetClock
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage.ahead import Disk, Log, Told
from liangming.storage.beside import BesideStore
from liangming.storage.file import Doubt, WriterLock
from liangming.storage.sqlite import SqliteStore
from liangming.storage.writer import Job, Pen

LIMIT = 40
LEAVES = 3
PAGE = 4_096


@dataclass
class Ahead:
    """A store whose writer, in another process, lies on a disk that obeys."""

    store: SqliteStore
    folder: Path

    def disk(self, how: str) -> None:
        (self.folder / "how").write_text(how)

    async def entered(self) -> None:
        while not (self.folder / "entered").exists():  # noqa: ASYNC110  (another process's mark)
            await asyncio.sleep(0.01)


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def store_of(url: str, folder: Path) -> SqliteStore:
    return SqliteStore(path_of(url), clock=SetClock(NOW), queue_limit=LIMIT, apart=command(folder))


@pytest.fixture
async def ahead(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Ahead]:
    made = Ahead(store_of(sqlite_url, tmp_path), tmp_path)
    await made.store.open()
    try:
        yield made
    finally:
        made.disk("")
        await made.store.close()


def change(n: int) -> Change:
    return opening(check=check_row(f"chk_{n:03}"), leaves=LEAVES, remember=note(f"key{n}"))


def in_the_file(path: Path, folder: Path) -> list[str]:
    """The checks in the file alone, as if its log were lost."""
    alone = folder / "alone.sqlite3"
    alone.write_bytes(path.read_bytes())
    with closing(apsw.Connection(str(alone), flags=apsw.SQLITE_OPEN_READONLY)) as file:
        return [row[0] for row in file.execute("SELECT id FROM checks ORDER BY id")]


async def code_of(attempt) -> str:
    with pytest.raises(LiangmingError) as caught:
        await attempt
    return caught.value.code.name


async def test_while_the_disk_hangs_reads_answer_the_queue_is_bounded_and_then_all_land(
    ahead: Ahead,
) -> None:
    store = ahead.store
    await store.commit(change(0))
    ahead.disk("hangs")
    first = asyncio.create_task(store.commit(change(1)))
    await ahead.entered()
    waiting = [asyncio.create_task(store.commit(change(n))) for n in range(2, LIMIT + 1)]
    await asyncio.sleep(0)
    assert await store.check("chk_000") is not None
    assert await store.check("chk_001") is not None  # seen, and nobody was told of it
    with pytest.raises(Outage) as busy:
        await store.commit(change(900))
    assert (busy.value.code, busy.value.retry_after) == (STORE_BUSY, 1)
    assert not any(task.done() for task in (first, *waiting))
    ahead.disk("")
    await asyncio.gather(first, *waiting)
    assert (await store.counts())["checks"] == LIMIT + 1
    places = [place for place, _ in await store.tail(-1, 9_999)]
    assert places == list(range(LEAVES * (LIMIT + 1)))


async def test_full_read_only_and_broken_are_each_said_and_mended_without_a_restart(
    ahead: Ahead,
) -> None:
    store = ahead.store
    await store.commit(change(0))
    number = 1
    for how, code in (("full", STORE_FULL), ("read-only", STORE_DOWN), ("broken", STORE_DOWN)):
        ahead.disk(how)
        for _ in range(2):
            assert await code_of(store.commit(change(number))) == code.name
            assert await store.check("chk_000") is not None
        ahead.disk("")
        await store.commit(change(number))
        number += 1
    places = [place for place, _ in await store.tail(-1, 9_999)]
    assert places == list(range(LEAVES * number))


async def test_a_wait_for_the_disk_that_fails_once_refuses_and_what_follows_lands_with_it(
    ahead: Ahead,
) -> None:
    store = ahead.store
    await store.commit(change(0))
    ahead.disk("once")
    refused = await asyncio.gather(
        *(store.commit(change(n)) for n in (1, 2)), return_exceptions=True
    )
    assert [getattr(no, "code", None) for no in refused] == [STORE_DOWN] * 2
    await store.commit(change(3))  # copied into the file first, with what was refused
    again = [await code_of(store.commit(change(n))) for n in (1, 2)]
    assert again == [MOVED_ON.name] * 2
    assert await store.remembered("cli_1", "/v1/checks", "key1") == note("key1")
    assert in_the_file(ahead.store._path, ahead.folder)[:3] == ["chk_000", "chk_001", "chk_002"]


async def test_a_writer_that_died_between_a_failure_and_its_mending_leaves_word_to_the_next(
    ahead: Ahead,
) -> None:
    store = ahead.store
    await store.commit(change(0))
    ahead.disk("once")
    assert await code_of(store.commit(change(1))) == STORE_DOWN.name
    os.kill(store._writer._line._process.pid, signal.SIGKILL)
    landed = False
    while not landed:
        with suppress(Outage):  # another writer is not there yet
            await store.commit(change(2))
            landed = True
        await asyncio.sleep(0.02)
    assert in_the_file(ahead.store._path, ahead.folder)[:2] == [
        "chk_000",
        "chk_001",
    ]  # before the next was told
    assert not Doubt(store._path).stands()


async def test_a_reader_that_begins_between_a_failure_and_its_mending_believes_nothing_before(
    ahead: Ahead,
) -> None:
    store = ahead.store
    await store.commit(change(0))
    late = BesideStore(store._path)
    await late.open()
    try:
        ahead.disk("once")
        assert await code_of(store.commit(change(1))) == STORE_DOWN.name
        assert in_the_file(ahead.store._path, ahead.folder) == []
        assert [n for n, _ in await late.tail(-1, 99)] == list(range(2 * LEAVES))
        assert in_the_file(ahead.store._path, ahead.folder) == ["chk_000", "chk_001"]
    finally:
        await late.close()


async def test_word_of_a_failure_outlives_the_service_and_its_lock(ahead: Ahead) -> None:
    path = ahead.store._path
    Doubt(path).make()
    await ahead.store.close()
    assert Doubt(path).stands()
    await ahead.store.open()
    assert Doubt(path).stands()
    await ahead.store.commit(change(1))
    assert not Doubt(path).stands()
    assert (
        in_the_file(ahead.store._path, ahead.folder) == []
    )  # what was written since is in the log, and durable there
    with pytest.raises(Misuse):
        WriterLock(path).take()  # the number of who has it is read as before


FRONT = """
import asyncio, sys
from pathlib import Path
from tests.storage.test_ahead_disk import change, store_of

async def main():
    store = store_of(sys.argv[1], Path(sys.argv[2]))
    await store.open()
    await store.commit(change(0))
    print("told", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await store.commit(change(1))
    print("told", flush=True)

asyncio.run(main())
"""


async def test_all_killed_between_the_commit_and_the_disk_leave_it_whole_and_it_is_found(
    sqlite_url: str, tmp_path: Path
) -> None:
    made = Ahead(store_of(sqlite_url, tmp_path), tmp_path)
    front = subprocess.Popen(  # noqa: ASYNC220  (a millisecond)
        [sys.executable, "-c", FRONT, sqlite_url, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert front.stdin is not None
    assert front.stdout is not None
    try:
        assert await asyncio.to_thread(front.stdout.readline) == "told\n"
        made.disk("hangs")
        front.stdin.write("\n")
        await made.entered()
    finally:
        front.send_signal(signal.SIGKILL)  # the kernel ends its writer with it
    assert front.stdout.read() == ""  # of the second nobody was told
    front.wait()
    front.stdin.close()
    front.stdout.close()
    made.disk("")
    await made.store.open()  # waits for a writer that is just ending
    try:
        row = await made.store.check("chk_001")
        assert row is not None
        assert [leaf.number for leaf in await made.store.leaves(row.id)] == list(range(LEAVES))
        assert await code_of(made.store.commit(change(1))) == MOVED_ON.name
        assert await made.store.remembered("cli_1", "/v1/checks", "key1") == note("key1")
        assert [n for n, _ in await made.store.tail(-1, 99)] == list(range(2 * LEAVES))
    finally:
        await made.store.close()


@dataclass
class Moment:
    """The disk took the log up to here, and then so many groups were told."""

    size: int
    told: int


def test_whatever_the_disk_had_when_the_power_went_everything_told_is_there_and_whole(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what the disk was not waited for it has any pages, and not the others."""
    path = path_of(sqlite_url)
    log = path.with_name(path.name + "-wal")
    chance = random.Random(20_261_128)  # noqa: S311  (no secret)
    sizes: list[int] = []
    moments: list[Moment] = []
    said: list[bytes] = []

    def told(data: bytes) -> None:
        said.append(data)
        moments.append(Moment(sizes[-1], len(b"".join(said))))

    monkeypatch.setattr(Log, "wait", lambda _: sizes.append(log.stat().st_size))
    pen, disk = Pen(path, waits=False), Disk(path, told)
    groups: list[list[str]] = []
    for n in range(12):
        jobs = [Job(None, [change(n * 10 + k)]) for k in range(chance.randint(1, 5))]
        pen.write(jobs)
        groups.append([job.changes[0].check.id for job in jobs])
        disk.put(Told(b".", lambda _: b"!"))
    disk.end()
    assert b"".join(said) == b"." * len(groups)
    file, whole = path.read_bytes(), log.read_bytes()
    pen.lay_down()
    for moment in moments:
        for _ in range(3):
            kept = bytearray(whole[: moment.size])
            for begin in range(moment.size, len(whole), PAGE):
                page = whole[begin : begin + PAGE]
                kept += page if chance.random() < 0.7 else bytes(len(page))
            if chance.random() < 0.3:
                del kept[max(moment.size, chance.randrange(len(whole))) :]
            image = tmp_path / "image.sqlite3"
            image.write_bytes(file)
            (tmp_path / "image.sqlite3-wal").write_bytes(kept)
            (tmp_path / "image.sqlite3-shm").unlink(missing_ok=True)
            with closing(apsw.Connection(str(image))) as after:
                rows = after.execute("SELECT check_id, count(*) FROM leaves GROUP BY 1").fetchall()
                checks = {row[0] for row in after.execute("SELECT id FROM checks")}
                ((sound,),) = after.execute("PRAGMA integrity_check")
            wanted = {each for group in groups[: moment.told] for each in group}
            assert sound == "ok"
            assert wanted <= checks
            assert dict(rows) == dict.fromkeys(checks, LEAVES)  # no check by halves
