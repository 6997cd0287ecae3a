"""The write-ahead log is copied into the file beside the writer."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import apsw
import pytest
from tests.patience import PATIENCE
from tests.patience import until as until_patient

from liangming.storage import copying
from liangming.storage.ahead import Log
from liangming.storage.copying import Copier

LONG, LITTLE = 64, 16  # pages
MOST = 50_000  # commits


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "LONG", LONG)
    monkeypatch.setattr(copying, "LITTLE", LITTLE)
    monkeypatch.setattr(copying, "LONGEST", 8 * LONG)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[apsw.Connection]:
    connection = apsw.Connection(str(tmp_path / "file.sqlite3"))
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = OFF").fetchall()  # only this test's time
    connection.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, word BLOB)")
    yield connection
    connection.close()


def until(writer: apsw.Connection, seen: Callable[[int], bool]) -> int:
    """Commit until the log is so long; the number of commits."""
    log = Path(writer.filename + "-wal")
    for number in range(1, MOST):
        writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        with log.open("rb") as file:
            head = file.read(32)
        if seen(int.from_bytes(head[12:16], "big")):
            return number
    pytest.fail("the log never began anew")


def starts(writer: apsw.Connection) -> int:
    """How often the log began anew: its head counts it."""
    return int.from_bytes(Path(writer.filename + "-wal").read_bytes()[12:16], "big")


def test_the_log_begins_anew_while_commits_go_on(writer: apsw.Connection) -> None:
    path = Path(writer.filename)
    copier = Copier(path, Log(path), pytest.fail)
    try:
        copier.attend(writer)
        writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        first = starts(writer)
        commits = 1 + until(writer, lambda count: count >= first + 3)
    finally:
        copier.end()
    assert commits > 3 * LONG / 2
    ((rows, sound),) = writer.execute(
        "SELECT count(*), (SELECT * FROM pragma_integrity_check) FROM said"
    )
    assert (rows, sound) == (commits, "ok")


def test_without_a_copier_a_log_of_this_length_goes_on(writer: apsw.Connection) -> None:
    writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
    first = starts(writer)
    for _ in range(4 * LONG):
        writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
    assert starts(writer) == first


def test_a_copier_that_cannot_copy_leaves_it_to_the_writer(
    writer: apsw.Connection, tmp_path: Path
) -> None:
    path = tmp_path / "nowhere" / "file.sqlite3"
    copier = Copier(path, Log(path), pytest.fail)
    try:
        copier.attend(writer)
        writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        first = starts(writer)
        until(writer, lambda count: count > first)
    finally:
        copier.end()
    log = Path(writer.filename + "-wal").stat().st_size
    assert 8 * LONG * 4096 <= log < 12 * LONG * 4096


def waiting(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Marks: the thread has copied and waits for the disk; the disk has it."""
    begun, over = Event(), Event()
    real = copying.to_disk

    def to_disk(file: int) -> None:
        begun.set()
        assert over.wait(PATIENCE)
        real(file)

    monkeypatch.setattr(copying, "to_disk", to_disk)
    return begun, over


def test_the_log_begins_anew_also_where_a_large_commit_comes_during_each_copy(
    writer: apsw.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(writer.filename)
    begun, over = waiting(path, monkeypatch)
    copier = Copier(path, Log(path), pytest.fail)

    def commit() -> None:
        rows = [(3000,)] * (LITTLE + 4)  # a page each
        with writer:
            writer.executemany("INSERT INTO said (word) VALUES (randomblob(?))", rows)

    try:
        copier.attend(writer)
        commit()
        first = starts(writer)
        for _ in range(8):  # too few for the longest log
            commit()
            if copier._busy:
                assert begun.wait(PATIENCE)
                commit()
                begun.clear()
                over.set()
                until_patient(lambda: not copier._busy)
                over.clear()
    finally:
        over.set()
        copier.end()
    assert starts(writer) > first


def test_while_the_disk_is_waited_for_nobody_cuts_the_log_or_begins_it_anew(
    writer: apsw.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(writer.filename)
    begun, over = waiting(path, monkeypatch)
    copier = Copier(path, Log(path), pytest.fail)
    try:
        copier.attend(writer)
        writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        first = starts(writer)
        while not begun.is_set():
            writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        with closing(apsw.Connection(writer.filename)) as other:
            other.execute("SELECT count(*) FROM said").fetchall()
            with pytest.raises(apsw.BusyError):
                other.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            other.wal_checkpoint()  # all of it is copied, and may begin anew
            other.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        assert starts(writer) == first
    finally:
        over.set()
        copier.end()
    writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)


def test_nothing_is_copied_of_a_log_that_the_disk_refused_until_it_is_mended(
    writer: apsw.Connection,
) -> None:
    path = Path(writer.filename)
    before = path.read_bytes()
    asked: list[bool] = []

    class Refused(Log):
        def wait(self) -> None:
            asked.append(True)
            if len(asked) == 1:
                raise OSError(5, "no")

    copier = Copier(path, Refused(path), pytest.fail)
    try:
        copier.attend(writer)
        for _ in range(LONG):
            writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        until_patient(lambda: not copier._busy)
        assert (path.read_bytes(), asked) == (before, [True])
        copier.mended()
        until_patient(
            lambda: writer.execute("INSERT INTO said (word) VALUES (1)") and len(asked) > 1
        )
    finally:
        copier.end()
    assert path.read_bytes() != before
