"""What was copied into the file and the disk refuses: whoever copied it, the service ends before the log begins anew."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import apsw
import pytest
from tests.patience import PATIENCE
from tests.storage.disk import Disk, disk
from tests.storage.test_copying import LONG, _short, starts

from liangming.storage import copying
from liangming.storage.ahead import Log
from liangming.storage.copying import Copier

__all__ = ["_short"]

MOST = 32 * LONG  # commits


class Refused(apsw.IOError):
    extendedresult = apsw.SQLITE_IOERR_FSYNC


@pytest.fixture
def under() -> Iterator[Disk]:
    with disk() as made:
        yield made


@pytest.fixture
def writer(under: Disk, tmp_path: Path) -> Iterator[apsw.Connection]:
    connection = apsw.Connection(str(tmp_path / "file.sqlite3"))
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = NORMAL").fetchall()  # as the writer's own is
    connection.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, word BLOB)")
    yield connection
    under.copy_fails = None
    connection.close()


def beginnings(path: Path) -> int:
    """How often the log began anew; asked in the thread, which may not ask the writer's connection."""
    return int.from_bytes(Path(f"{path}-wal").read_bytes()[12:16], "big")


def until(lost: Event, writer: apsw.Connection) -> None:
    """Commit until it is lost."""
    end = time.monotonic() + PATIENCE
    while not lost.is_set():
        assert time.monotonic() < end, "nobody said so"
        writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")


@pytest.mark.parametrize("whose", ["its own wait", "SQLite's, too"])
def test_the_thread_s_copy_that_the_disk_refuses_ends_the_service(
    writer: apsw.Connection, under: Disk, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    path, lost, begun = Path(writer.filename), Event(), []

    def refuse(_: int) -> None:
        raise OSError(5, "no")

    def ended() -> None:
        begun.append(beginnings(path))
        lost.set()

    copier = Copier(path, Log(path), ended)
    try:
        copier.attend(writer)
        writer.execute("INSERT INTO said (word) VALUES (1)")
        first = starts(writer)
        monkeypatch.setattr(copying, "to_disk", refuse)
        under.copy_fails = Refused if whose == "SQLite's, too" else None
        until(lost, writer)
    finally:
        copier.end()
    assert begun[0] == first  # the log still has all that was copied


def test_the_writer_s_own_copy_that_the_disk_refuses_ends_the_service(
    writer: apsw.Connection, under: Disk, tmp_path: Path
) -> None:
    path, lost = tmp_path / "nowhere" / "file.sqlite3", Event()  # the thread copies nothing
    copier = Copier(path, Log(path), lost.set)
    try:
        copier.attend(writer)
        writer.execute("INSERT INTO said (word) VALUES (1)")
        first = starts(writer)
        with closing(apsw.Connection(writer.filename)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM said").fetchall()
            writer.execute("INSERT INTO said (word) VALUES (2)")
            writer.wal_checkpoint()  # counted, and not waited for: somebody reads
        under.copy_fails = Refused
        until(lost, writer)
    finally:
        copier.end()
    assert starts(writer) == first


def test_a_copy_that_fails_otherwise_is_tried_again(
    writer: apsw.Connection, under: Disk, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere" / "file.sqlite3"
    copier = Copier(path, Log(path), pytest.fail)
    try:
        copier.attend(writer)
        writer.execute("INSERT INTO said (word) VALUES (1)")
        first = starts(writer)
        under.copy_fails = apsw.FullError
        for _ in range(9 * LONG):
            writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        assert starts(writer) == first
        under.copy_fails = None
        for _ in range(MOST):
            writer.execute("INSERT INTO said (word) VALUES (1)")
            if starts(writer) > first:
                break
    finally:
        copier.end()
    assert starts(writer) > first
