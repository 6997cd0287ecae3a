"""The writer is one group ahead of the disk; nobody is told before the disk has it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from tests.storage.rows import opening

from liangming.check.ports import STORE_DOWN, Change
from liangming.errors import Outage
from liangming.storage import ahead, apart_process, beside, frames, sqlite
from liangming.storage.ahead import Disk, Told
from liangming.storage.apart import COMMAND
from liangming.storage.sqlite import SqliteStore
from liangming.storage.writer import Job, Pen


class Disks:
    """A disk that takes its time, and refuses where it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self.refuses = False
        self.asked: list[Path] = []
        monkeypatch.setattr(ahead, "settle_log", self.wait)

    def wait(self, log: Path) -> None:
        self.asked.append(log)
        self.begun.release()
        self.go.acquire()
        if self.refuses:
            raise OSError

    def open(self) -> None:
        """Take whatever comes from now on."""
        self.go.release(1_000)


@pytest.fixture
def disks(monkeypatch: pytest.MonkeyPatch) -> Disks:
    return Disks(monkeypatch)


def told(word: bytes) -> Told:
    return Told(word, lambda _: b"no " + word)


def aside(deed: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=deed)
    thread.start()
    return thread


def test_nobody_is_told_before_the_disk_has_it_and_the_writer_is_one_group_ahead(disks, tmp_path):
    said: list[bytes] = []
    disk = Disk(tmp_path / "file", said.append)
    disk.put(told(b"1"))
    disks.begun.acquire()
    second = aside(lambda: disk.put(told(b"2")))  # written meanwhile; a third would wait
    assert said == []
    disks.go.release()
    disks.begun.acquire()
    second.join()
    assert said == [b"1"]
    disks.open()
    disk.still()
    assert said == [b"1", b"2"]
    disk.end()
    assert disks.asked == [tmp_path / "file-wal"] * 2


def test_what_was_put_is_told_before_the_end(disks, tmp_path):
    said: list[bytes] = []
    disk = Disk(tmp_path / "file", said.append)
    disk.put(told(b"1"))
    disks.open()
    disk.end()
    assert said == [b"1"]


def test_a_disk_that_fails_refuses_all_until_it_is_mended(disks, tmp_path):
    said: list[bytes] = []
    disk = Disk(tmp_path / "file", said.append)
    disks.open()
    disks.refuses = True
    for word in (b"1", b"2"):
        disk.put(told(word))
        disk.still()
        disks.refuses = False  # it would take the next: but is what it refused there?
    assert (said, disk.failed, len(disks.asked)) == ([b"no 1", b"no 2"], True, 1)
    disk.mended()
    disk.put(told(b"3"))
    disk.end()
    assert said[2:] == [b"3"]


def test_a_parent_that_is_gone_ends_the_writer(disks, tmp_path):
    def gone(_: bytes) -> None:
        raise BrokenPipeError

    disk = Disk(tmp_path / "file", gone)
    disks.open()
    disk.put(told(b"1"))
    disk.still()
    with pytest.raises(BrokenPipeError):
        disk.put(told(b"2"))
    disk.end()


def outcomes(said: list[bytes]) -> list[object]:
    found = frames.Frames().feed(b"".join(said))
    return [outcome for _, body in found for outcome in frames.done_of(body)]


class Sent:
    """An inbox of changes, one frame at a time."""

    def __init__(self, *changes: Change) -> None:
        self.left = [frames.changes([[change]])[5:] for change in changes]

    def take(self) -> tuple[bytes, bytes] | None:
        return (frames.CHANGES, self.left.pop(0)) if self.left else None

    def more(self) -> None:
        return None


def test_a_group_that_the_disk_refused_is_copied_into_the_file_before_the_next_one(
    disks, sqlite_url, monkeypatch
):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    pen, said = Pen(path, waits=False), []
    mended: list[int] = []
    mend = pen.mend

    def once() -> bool:
        disks.refuses = False
        mended.append(len(outcomes(said)))
        return mend()

    monkeypatch.setattr(pen, "mend", once)
    disks.open()
    disks.refuses = True
    lost, next_ = opening(), opening()
    inbox = Sent(lost, next_)
    real = Disk.put

    def put(disk: Disk, told: Told) -> None:
        real(disk, told)
        disk.still()

    monkeypatch.setattr(Disk, "put", put)
    apart_process.work(pen, inbox, said.append)
    first, second = outcomes(said)
    assert isinstance(first, Outage)
    assert (first.code, second, mended) == (STORE_DOWN, [None], [1])
    pen.lay_down()
    with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as file:
        rows = {row[0] for row in file.execute("SELECT id FROM checks")}
    assert rows == {lost.check.id, next_.check.id}


def test_a_pen_that_cannot_copy_says_so(sqlite_url, monkeypatch):
    pen = Pen(Path(sqlite_url.removeprefix("sqlite:///")), waits=False)
    pen.write([Job(None, [opening()])])
    with closing(apsw.Connection(str(pen.path))) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM checks").fetchall()
        pen.write([Job(None, [opening()])])
        pen._connection.set_busy_timeout(0)
        assert pen.mend() is False  # the reader still needs what the file would lose
        reader.execute("COMMIT")
        assert pen.mend() is True
    pen.lay_down()


@pytest.mark.parametrize("beside_it", [False, True])
async def test_leaves_are_given_to_the_log_only_when_the_disk_has_them(
    sqlite_url, monkeypatch, beside_it
):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    asked: list[Path] = []
    monkeypatch.setattr(sqlite, "settle", asked.append)
    monkeypatch.setattr(beside, "settle", asked.append)
    writer = SqliteStore(path, apart=COMMAND)
    await writer.open()
    store = beside.BesideStore(path) if beside_it else writer
    try:
        assert await store.tail(-1, 9) == []
        assert asked == []  # nothing was seen
        change = opening()
        await writer.commit(change)
        assert len(await store.tail(-1, 9)) == len(change.leaves)
        assert asked == [path]
    finally:
        if beside_it:
            await store.close()
        await writer.close()


def test_a_log_that_is_gone_needs_no_disk_and_one_that_is_there_does(tmp_path, monkeypatch):
    synced: list[int] = []
    monkeypatch.setattr(ahead, "to_disk", synced.append)
    ahead.settle(tmp_path / "file")
    assert synced == []
    (tmp_path / "file-wal").write_bytes(b"")
    ahead.settle(tmp_path / "file")
    assert len(synced) == 1

    def refuses(_: int) -> None:
        raise OSError(os.strerror(5))

    monkeypatch.setattr(ahead, "to_disk", refuses)
    with pytest.raises(Outage) as no:
        ahead.settle(tmp_path / "file")
    assert no.value.code == STORE_DOWN
