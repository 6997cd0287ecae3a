"""The writer is one group ahead of the disk; nobody is told before the disk has it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from tests.storage.outbox_child import HOOK, HOUSE, subscription
from tests.storage.rows import NOW, check_row, leaf_row, note, opening

from liangming.check.ports import STORE_DOWN, Change
from liangming.clock import SetClock
from liangming.errors import Outage
from liangming.storage import ahead, apart_process, beside, frames, open_docket, open_outbox
from liangming.storage.ahead import Disk, Log, Shore, Told
from liangming.storage.apart import COMMAND
from liangming.storage.job import Job
from liangming.storage.sqlite import SqliteStore
from liangming.storage.writer import Pen
from liangming.webhook import pump
from liangming.webhook.deliveries import kind_of


class Disks:
    """A disk that takes its time, and refuses where it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self.refuses = False
        self.asked: list[Path] = []
        monkeypatch.setattr(Log, "wait", lambda log: self.wait(log._path))

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


def test_a_small_group_is_waited_for_where_it_was_written_unless_another_is_with_the_disk(
    disks, tmp_path
):
    said: list[tuple[bytes, str]] = []
    disk = Disk(
        tmp_path / "file", lambda word: said.append((word, threading.current_thread().name))
    )
    own = aside(lambda: disk.put(told(b"1"), here=True))
    disks.begun.acquire()
    assert said == []  # the disk does not have it yet
    disks.go.release()
    own.join()
    disk.put(told(b"2"))
    disks.begun.acquire()
    third = aside(lambda: disk.put(told(b"3"), here=True))
    assert [word for word, _ in said] == [b"1"]
    disks.open()
    third.join()
    disk.still()
    disks.refuses = True
    disk.put(told(b"4"), here=True)
    disk.put(told(b"5"), here=True)
    assert [word for word, _ in said] == [b"1", b"2", b"3", b"no 4", b"no 5"]
    assert [name for _, name in said[:2]] == [own.name, "liangming-disk"]
    assert said[3][1] == threading.current_thread().name
    assert (disk.failed, len(disks.asked)) == (True, 4)
    disk.end()


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

    def put(disk: Disk, told: Told, *, here: bool = False) -> None:
        real(disk, told, here=here)
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
    monkeypatch.setattr(Shore, "reach", lambda shore: asked.append(shore._path))
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


async def test_an_answer_is_given_again_only_when_the_disk_has_it(sqlite_url, monkeypatch):
    """A caller whose first call was refused, for the disk refused it, must not hear that it is done."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    store = SqliteStore(path, clock=SetClock(NOW), apart=COMMAND)
    await store.open()
    try:
        await store.commit(opening(remember=note("k1")))
        place = (note("k1").client, note("k1").route, note("k1").key)
        real = ahead.to_disk
        monkeypatch.setattr(ahead, "to_disk", fails)
        assert await store.remembered(*place[:2], "another key") is None  # nothing is told
        with pytest.raises(Outage) as no:
            await store.remembered(*place)
        assert no.value.code == STORE_DOWN
        monkeypatch.setattr(ahead, "to_disk", real)
        assert (await store.remembered(*place)) == note("k1")
    finally:
        await store.close()


async def test_a_webhook_is_made_only_of_what_the_disk_has(sqlite_url, monkeypatch):
    """A receiver acts on what it is told; a disk that fails must not have told it."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    store = SqliteStore(path, clock=SetClock(NOW), apart=COMMAND)
    await store.open()
    try:
        docket, outbox = open_docket(store), open_outbox(store)
        await docket.commit([subscription()])
        check = check_row()
        passed = leaf_row(check.id, tag="check:outcome:passed", facts=b'{"method":"document-seen"}')
        await store.commit(opening(check=check, leaves=(passed,)))
        real = ahead.to_disk
        monkeypatch.setattr(ahead, "to_disk", fails)
        with pytest.raises(Outage) as no:
            await pump(HOUSE, docket, outbox)
        assert no.value.code == STORE_DOWN
        assert await docket.walk(kind_of(HOOK), "", 9) == []
        assert await outbox.happened(0, 9, ["check:notice:shown"]) == []  # nothing is told
        monkeypatch.setattr(ahead, "to_disk", real)
        assert await pump(HOUSE, docket, outbox) == 1
        assert len(await docket.walk(kind_of(HOOK), "", 9)) == 1
        assert await pump(HOUSE, docket, outbox) == 0
    finally:
        await store.close()


def fails(_: int) -> None:
    raise OSError(os.strerror(5))


def test_a_log_that_is_gone_needs_no_disk_and_one_that_is_there_does(tmp_path, monkeypatch):
    synced: list[int] = []
    monkeypatch.setattr(ahead, "to_disk", synced.append)
    shore = Shore(tmp_path / "file")
    shore.reach()
    assert synced == []
    (tmp_path / "file-wal").write_bytes(b"")
    shore.reach()
    assert len(synced) == 1
    monkeypatch.setattr(ahead, "to_disk", fails)
    with pytest.raises(Outage) as no:
        shore.reach()
    assert no.value.code == STORE_DOWN
    shore.close()


def test_who_saw_what_the_disk_refused_believes_nothing_before_it_is_in_the_file(
    sqlite_url, monkeypatch
):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    pen, shore = Pen(path, waits=False), Shore(path)
    change = opening()
    pen.write([Job(None, [change])])
    real = ahead.to_disk
    monkeypatch.setattr(ahead, "to_disk", fails)
    with pytest.raises(Outage):
        shore.reach()
    monkeypatch.setattr(ahead, "to_disk", real)  # it says that all is well: of what came since
    mends: list[bool] = []
    mend = Pen.mend

    def once(self: Pen) -> bool:
        mends.append(bool(mends) and mend(self))  # the first time it cannot
        return mends[-1]

    monkeypatch.setattr(Pen, "mend", once)
    with pytest.raises(Outage) as no:
        shore.reach()
    assert no.value.code == STORE_DOWN
    shore.reach()
    shore.reach()
    assert mends == [False, True]
    shore.close()
    alone = path.with_name("alone.sqlite3")  # the file without its log
    alone.write_bytes(path.read_bytes())
    with closing(apsw.Connection(str(alone), flags=apsw.SQLITE_OPEN_READONLY)) as file:
        assert [row[0] for row in file.execute("SELECT id FROM checks")] == [change.check.id]
    pen.lay_down()


class Kernel:
    """Failed writes of one file as Linux tells of them: once, to each descriptor open at the time.

    One that is opened later is told only of what nobody was told of yet.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failures, self.seen = 0, 0
        self.known: dict[int, int] = {}
        look = Log.look

        def looked(log: Log) -> None:
            before = log._held
            look(log)
            if log._held is not None and log._held != before:
                self.known[log._held] = self.seen

        monkeypatch.setattr(Log, "look", looked)
        monkeypatch.setattr(ahead, "to_disk", self.sync)

    def sync(self, held: int) -> None:
        if self.known[held] < self.failures:
            self.known[held] = self.seen = self.failures
            raise OSError(os.strerror(5))


def test_a_failure_that_another_was_told_of_first_is_told_to_the_writer_too(tmp_path, monkeypatch):
    kernel = Kernel(monkeypatch)
    path = tmp_path / "file"
    (tmp_path / "file-wal").write_bytes(b"")
    said: list[bytes] = []
    disk, shore = Disk(path, said.append), Shore(path)
    disk.look()  # the writer does before it writes
    kernel.failures = 1
    with pytest.raises(Outage):
        shore.reach()  # a reader is first, and the kernel counts it as told
    disk.put(told(b"1"))
    disk.still()
    assert (said, disk.failed) == ([b"no 1"], True)
    disk.end()
    shore.close()


def test_another_log_is_opened_once_the_one_before_is_gone(tmp_path, monkeypatch):
    synced: list[int] = []
    monkeypatch.setattr(ahead, "to_disk", lambda held: synced.append(os.fstat(held).st_ino))
    log, path = Log(tmp_path / "file"), tmp_path / "file-wal"
    path.write_bytes(b"first")
    first = path.stat().st_ino
    log.wait()
    log.wait()
    other = tmp_path / "other"
    other.write_bytes(b"second")
    second = other.stat().st_ino
    other.replace(path)
    log.wait()
    path.unlink()
    log.wait()
    assert synced == [first, first, second]
    assert log._held is None
    log.close()
