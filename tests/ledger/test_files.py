"""The log in a folder: whole files or none, durable when it is said, whatever the filesystem can do."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

import pytest
from tests.ledger import world

from liangming.errors import LiangmingError, Outage
from liangming.ledger import FileTiles, SqliteHeads, filesystem, fsck
from liangming.ledger.codes import STORE_FAILED, TILE_CONFLICT
from liangming.ledger.filesystem import Filesystem

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:26 / /srv rw shared:2 - overlay overlay rw
31 30 8:1 /x /srv/log\\040files rw shared:3 master:1 - xfs /dev/sda1 rw
"""


@pytest.fixture(params=["nameless", "named"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileTiles:
    made = FileTiles(tmp_path / "log")
    if request.param == "named":
        made._nameless = False
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_file_is_written_once_and_nothing_else_is_left(store: FileTiles) -> None:
    store.put_all([("tile/0/000", b"one"), ("tile/0/001", b""), ("tile/0/000", b"one")])
    store.keep("stage/a", b"kept" * 10_000)
    store.keep("stage/a", b"kept" * 10_000)
    store.replace("checkpoint", b"first")
    store.replace("checkpoint", b"second")
    assert files(store.root) == {
        "tile/0/000": b"one",
        "tile/0/001": b"",
        "stage/a": b"kept" * 10_000,
        "checkpoint": b"second",
    }
    modes = {path.stat().st_mode & 0o777 for path in store.root.rglob("*") if path.is_file()}
    assert modes == {0o644 & ~_umask()}
    with pytest.raises(LiangmingError) as caught:
        store.put("tile/0/000", b"two")
    assert caught.value.code is TILE_CONFLICT
    assert store.get("tile/0/000") == b"one"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_folder_that_somebody_removed_is_made_again(store: FileTiles) -> None:
    store.put("tile/0/000.p/3", b"three")
    store.drop("tile/0/000.p")
    store.put("tile/0/000.p/3", b"three")
    (store.root / "tile/0/000.p/3").unlink()
    (store.root / "tile/0/000.p").rmdir()
    store.put("tile/0/000.p/3", b"three")
    assert store.get("tile/0/000.p/3") == b"three"


@pytest.mark.parametrize("code", [errno.EOPNOTSUPP, errno.EISDIR, errno.EXDEV])
@pytest.mark.parametrize("call", ["open", "link"])
def test_where_files_without_names_are_unknown_they_are_renamed_into_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    real = getattr(os, call)

    def refuses(*args, **more):
        if call == "link" or args[1] & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(code, "not here")
        return real(*args, **more)

    monkeypatch.setattr(os, call, refuses)
    store = FileTiles(tmp_path / "log")
    store.put_all([("tile/0/000", b"one"), ("tile/0/001", b"two")])
    assert files(store.root) == {"tile/0/000": b"one", "tile/0/001": b"two"}
    assert not store._nameless


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_refuses_leaves_no_part_of_a_file(
    store: FileTiles, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuses(descriptor, data):
        raise OSError(code, "refused")

    monkeypatch.setattr(os, "write", refuses)
    with pytest.raises(Outage):
        store.put("tile/0/000", b"one")
    assert files(store.root) == {}


def test_many_files_are_one_wait_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liangming.ledger.files.MANY", 3)
    waits: list[str] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (waits.append("file"), real(fd))[1])
    answers = iter([True, False])
    monkeypatch.setattr(Filesystem, "sync", lambda self: (waits.append("all"), next(answers))[1])
    store = FileTiles(tmp_path / "log")
    store.put_all([(f"tile/0/00{n}", b"tile") for n in range(3)])
    store.sync([f"tile/0/00{n}" for n in range(3)])
    assert waits == ["all"]
    store.sync([f"tile/0/00{n}" for n in range(3)])  # nobody can say: each by itself
    assert waits[1] == "all"
    assert waits.count("file") == 3 + 3  # the files, and the names of three folders
    waits.clear()
    store.sync(["tile/0/000"])
    assert waits == ["file", "file"]


@pytest.mark.parametrize("dies", [False, True], ids=["lives", "dies"])
@pytest.mark.parametrize("many", [1, 10_000], ids=["all-at-once", "file-by-file"])
def test_what_a_failed_disk_may_have_lost_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int, *, dies: bool
) -> None:
    """After a failure the kernel calls pages clean that the disk does not have."""
    monkeypatch.setattr("liangming.ledger.files.MANY", many)
    failing = True

    def sync(self: Filesystem) -> bool:
        if failing:
            raise OSError(errno.EIO, "lost")
        return True

    real = os.fsync

    def fsync(descriptor: int) -> None:
        if failing and "/tile/" in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(errno.EIO, "lost")
        real(descriptor)

    monkeypatch.setattr(Filesystem, "sync", sync)
    monkeypatch.setattr(os, "fsync", fsync)
    store, heads = FileTiles(tmp_path / "log"), SqliteHeads(tmp_path / "head.sqlite")
    failing = False
    log = world.log(store, heads)
    log.recover(world.at(0))
    log.append(world.leaves(0, 600), world.at(1))
    failing = True
    with pytest.raises(Outage) as caught:
        log.sweep()
    assert caught.value.code is STORE_FAILED
    tile = tmp_path / "log/tile/0/001"
    before = tile.stat().st_ino
    if dies:  # who comes after was not told by the kernel
        store = FileTiles(tmp_path / "log")
        log = world.log(store, heads)
    with pytest.raises(Outage):
        log.recover(world.at(2))
    assert tile.stat().st_ino != before  # other pages, which the disk was not asked for yet
    assert store.names("stage") != []
    failing = False
    before = tile.stat().st_ino
    if dies:
        store = FileTiles(tmp_path / "log")
        log = world.log(store, heads)
    log.recover(world.at(3))
    assert tile.stat().st_ino != before
    assert store.names("stage") == []
    assert fsck(store, world.TRUST).head.size == 600
    before = tile.stat().st_ino
    if dies:
        log = world.log(FileTiles(tmp_path / "log"), heads)
    log.recover(world.at(4))  # believed again
    assert tile.stat().st_ino == before
    heads.close()


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("swept", [False, True])
def test_partial_forms_go_once_there_is_the_full_one(
    tmp_path: Path, *, swept: bool, restarts: bool
) -> None:
    store, heads = FileTiles(tmp_path / "log"), SqliteHeads(tmp_path / "head.sqlite")
    log = world.log(store, heads)
    log.recover(world.at(0))
    for size, to in ((0, 100), (100, 200), (200, 700)):
        log.append(world.leaves(size, to), world.at(to))
        if swept:
            log.sweep()
        if restarts:  # without an end in order
            log = world.log(store, heads)
            log.recover(world.at(to))
    log.sweep()
    partial = {path.name for path in (tmp_path / "log").rglob("*.p")}
    assert partial == {"002.p", "000.p"}  # entries and hashes beyond 512, and level 1
    assert len(list((tmp_path / "log").rglob("000.p"))) == 1
    assert fsck(store, world.TRUST).head.size == 700
    heads.close()


@pytest.mark.parametrize(
    ("folder", "release", "expected"),
    [
        ("/var/log", "6.1.0-13-amd64", True),
        ("/var/log", "5.8.0", True),
        ("/var/log", "5.7.19", False),  # says yes whatever happened
        ("/var/log", "unknown", False),
        ("/srv/other", "6.1.0", False),  # layers: the one below is told
        ("/srv/log files/a", "6.1.0", True),
        ("/srv/log files", "6.1.0", True),
    ],
)
def test_only_filesystems_that_tell_of_failures_are_relied_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, release: str, *, expected: bool
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    monkeypatch.setattr(filesystem, "MOUNTS", tmp_path / "mounts")
    names = os.uname()
    monkeypatch.setattr(
        os, "uname", lambda: os.uname_result((names[0], names[1], release, names[3], names[4]))
    )
    assert filesystem._tells(folder) is expected
    monkeypatch.setattr(filesystem, "MOUNTS", tmp_path / "missing")
    assert filesystem._tells(folder) is False


def test_the_kernel_is_asked_and_its_refusal_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesystem, "_tells", lambda root: True)
    shared = Path("/dev/shm")  # noqa: S108  (memory: nothing to wait for)
    if not shared.is_dir():
        pytest.skip("no filesystem in memory")
    whole = Filesystem(str(shared))
    assert whole.sync() is False  # nothing was written
    whole.look()
    assert whole.sync() is True
    gone = os.open(shared, os.O_RDONLY)
    os.close(gone)
    whole._held = gone
    ctypes.set_errno(0)
    with pytest.raises(OSError, match="descriptor") as caught:
        whole.sync()
    assert caught.value.errno == errno.EBADF
