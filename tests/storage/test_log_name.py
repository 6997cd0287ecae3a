"""A log that was just made is nothing on a disk that does not have its name: that comes before any answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage import ahead
from liangming.storage.ahead import Disk, Log, Shore, Told


class Folder:
    """What is asked of the disk, in its order, and what is told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "file"
        self.log = folder / "file-wal"
        self.done: list[str] = []
        self.refuses = False
        monkeypatch.setattr(ahead, "to_disk", lambda _: self.done.append("log"))
        monkeypatch.setattr(ahead, "sync_folder", self.name)

    def name(self, log: Path) -> None:
        assert log == self.log
        self.done.append("name")
        if self.refuses:
            raise OSError(5, os.strerror(5))

    def tell(self, data: bytes) -> None:
        self.done.append(data.decode())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    made = Folder(tmp_path, monkeypatch)
    made.log.write_bytes(b"")
    return made


def told(word: bytes) -> Told:
    return Told(word, lambda _: b"no " + word)


@pytest.mark.parametrize("here", [True, False])
def test_nobody_is_told_before_the_disk_has_the_new_log_s_name(
    folder: Folder, *, here: bool
) -> None:
    disk = Disk(folder.path, folder.tell)
    for word in (b"1", b"2"):
        disk.put(told(word), here=here)
        disk.still()
    assert folder.done == ["log", "name", "1", "log", "2"]
    other = folder.log.with_name("other")
    other.write_bytes(b"")
    other.replace(folder.log)  # its last user went, and another came
    disk.put(told(b"3"), here=here)
    disk.still()
    disk.end()
    assert folder.done[5:] == ["log", "name", "3"]


def test_a_name_that_the_disk_refuses_is_a_refusal_and_is_asked_for_again(folder: Folder) -> None:
    folder.refuses = True
    disk, shore = Disk(folder.path, folder.tell), Shore(folder.path)
    with pytest.raises(Outage) as caught:
        shore.reach()
    assert caught.value.code == STORE_DOWN
    disk.put(told(b"1"))
    disk.still()
    assert (folder.done[-1], disk.failed) == ("no 1", True)
    folder.refuses = False
    disk.mended()
    folder.done.clear()
    disk.put(told(b"2"))
    disk.still()
    disk.end()
    shore.close()
    assert folder.done == ["log", "name", "2"]


def test_whoever_waits_beside_the_writer_makes_the_name_durable_too(folder: Folder) -> None:
    log = Log(folder.path)
    log.wait()
    log.wait()
    log.close()
    assert folder.done == ["log", "name", "log"]
