"""A disk that refuses what was copied into the database file, and forgets it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from tests.patience import PATIENCE
from tests.storage.disk_child import ROOT
from tests.storage.test_ahead_disk import change, in_the_file, path_of, store_of

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage import afresh
from liangming.storage.file import REFUSED, Doubt
from liangming.storage.sqlite import SqliteStore

FRONT = """
import asyncio, sys
from pathlib import Path
from tests.storage.test_ahead_disk import change, store_of

async def main():
    store = store_of(sys.argv[1], Path(sys.argv[2]))
    await store.open()
    for n in range(1_000):
        await store.commit(change(n))
        print(n, flush=True)

asyncio.run(main())
"""

LONE = """
import asyncio, sys
from pathlib import Path
import apsw
from tests.storage.disk import disk
from tests.storage.test_ahead_disk import change
from liangming.storage import deeds
from liangming.storage.sqlite import SqliteStore

class Refused(apsw.IOError):
    extendedresult = apsw.SQLITE_IOERR_FSYNC

async def main():
    store = SqliteStore(Path(sys.argv[1]))
    with disk() as under:
        await store.open()
        for n in range(3):
            await store.commit(change(n))
        under.copy_fails = Refused
        print("told", flush=True)
        await store.do(deeds.prove, after=deeds.truncate_log)

asyncio.run(main())
"""

READER = """
import sys
from pathlib import Path
from liangming.storage.reading import Reader

reader = Reader(Path(sys.argv[1]))
print(len(reader.rows("SELECT id FROM checks")), flush=True)
sys.stdin.readline()
reader.close()
"""


def refused(url: str, folder: Path) -> tuple[int, str]:
    """Serve on such a disk until the service ends, and forget what it copied; how many were told, and its words."""
    path = path_of(url)
    (folder / "how").write_text("forgets")
    before = path.read_bytes()
    front = subprocess.run(
        [sys.executable, "-c", FRONT, url, str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert front.returncode == -signal.SIGKILL
    assert path.read_bytes() != before  # it was copied
    path.write_bytes(before)
    (folder / "how").write_text("")
    return len(front.stdout.splitlines()), front.stderr


async def test_the_service_ends_at_once_and_the_next_start_copies_all_that_was_told(
    sqlite_url: str, tmp_path: Path
) -> None:
    told, words = await asyncio.to_thread(refused, sqlite_url, tmp_path)
    assert 0 < told < 1_000
    assert "磁盘" in words
    assert "Traceback" not in words
    path = path_of(sqlite_url)
    assert Doubt(path, REFUSED).stands()
    assert in_the_file(path, tmp_path) == []
    store = store_of(sqlite_url, tmp_path)
    await store.open()
    try:
        assert {f"chk_{n:03}" for n in range(told)} <= {*in_the_file(path, tmp_path)}
        assert not Doubt(path, REFUSED).stands()
        await store.commit(change(1_001))
    finally:
        await store.close()


async def test_who_reads_meanwhile_is_waited_for_and_does_not_end_the_log(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(afresh, "_PATIENCE", 10)
    path = path_of(sqlite_url)
    reader = subprocess.Popen(  # noqa: ASYNC220  (a millisecond)
        [sys.executable, "-c", READER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    store = store_of(sqlite_url, tmp_path)
    try:
        assert reader.stdout is not None
        assert await asyncio.to_thread(reader.stdout.readline) == "0\n"
        told, _ = await asyncio.to_thread(refused, sqlite_url, tmp_path)
        with pytest.raises(Outage) as caught:
            await store.open()
        assert caught.value.code == STORE_DOWN
        assert Doubt(path, REFUSED).stands()
    finally:
        await asyncio.to_thread(reader.communicate, "\n")
    assert in_the_file(path, tmp_path) == []
    await store.open()
    try:
        assert {f"chk_{n:03}" for n in range(told)} <= {*in_the_file(path, tmp_path)}
    finally:
        await store.close()


async def test_a_file_that_nothing_refused_is_not_waited_for(sqlite_url: str) -> None:
    with closing(apsw.Connection(str(path_of(sqlite_url)))) as other:
        other.execute("SELECT count(*) FROM checks").fetchall()
        afresh.copy_afresh(path_of(sqlite_url))


def test_it_ends_also_where_nobody_hears_it_and_the_others_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "file.sqlite3"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    code = (
        "import os, sys; from pathlib import Path; from liangming.storage.afresh import end_at_once;"
        " os.close(2); end_at_once(Path(sys.argv[1]), int(sys.argv[2]))"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path), str(gone.pid)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert Doubt(path, REFUSED).stands()


async def test_a_writer_in_a_thread_ends_at_once_too_and_the_next_start_finds_all(
    sqlite_url: str,
) -> None:
    path = path_of(sqlite_url)
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", LONE, str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert (ended.stdout, ended.returncode) == ("told\n", -signal.SIGKILL)
    assert Doubt(path, REFUSED).stands()
    store = SqliteStore(path)
    await store.open()
    try:
        assert not Doubt(path, REFUSED).stands()
        assert (await store.counts())["checks"] == 3
    finally:
        await store.close()
