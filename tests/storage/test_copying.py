"""The write-ahead log is copied into the file beside the writer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from liangming.storage import copying
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
    copier = Copier(Path(writer.filename), pytest.fail)
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
    copier = Copier(tmp_path / "nowhere" / "file.sqlite3", pytest.fail)
    try:
        copier.attend(writer)
        writer.execute("INSERT INTO said (word) VALUES (randomblob(3000))")
        first = starts(writer)
        until(writer, lambda count: count > first)
    finally:
        copier.end()
    log = Path(writer.filename + "-wal").stat().st_size
    assert 8 * LONG * 4096 <= log < 12 * LONG * 4096
