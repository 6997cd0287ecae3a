"""The key file where its process is killed, or the power goes, around the moment at which it gets its name."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.patience import PATIENCE
from tests.vault.test_key_file import AT, others

from liangming.vault import KeyFile

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from liangming.vault import KeyFile

path, place = Path(sys.argv[1]), sys.argv[2]
at = datetime(2026, 11, 24, tzinfo=UTC)
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
link, replace = os.link, Path.replace

def around(publish):
    def published(*given, **named):
        if place == "before":
            die()
        publish(*given, **named)
        die()
    return published

custody = KeyFile(path)
held = custody.load(at).keys if path.exists() else None
os.link, Path.replace = around(link), around(replace)
custody.load(at) if held is None else custody.store(held.rotate(at), replacing=held)
"""


def killed(path: Path, place: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), place], timeout=PATIENCE, check=False
    )
    assert ended.returncode == -signal.SIGKILL


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "liangming.keys"


def test_killed_before_the_first_file_has_its_name_there_is_none_and_the_next_run_makes_one(
    path: Path,
) -> None:
    killed(path, "before")
    assert not path.exists()
    assert len(others(path)) == 1  # unfinished, under a name that nobody reads
    assert KeyFile(path).load(AT).created
    assert others(path) == []


def test_killed_once_the_first_file_has_its_name_the_next_run_takes_it(path: Path) -> None:
    killed(path, "after")
    published = path.read_bytes()
    loaded = KeyFile(path).load(AT)
    assert not loaded.created
    assert path.read_bytes() == published
    KeyFile(path).store(loaded.keys.rotate(AT), replacing=loaded.keys)
    assert others(path) == []  # its other name, which would have kept what is destroyed


def test_killed_before_a_change_has_its_name_the_keys_are_the_old_ones_whole(path: Path) -> None:
    keys = KeyFile(path).load(AT).keys
    before = path.read_bytes()
    killed(path, "before")
    assert path.read_bytes() == before
    assert KeyFile(path).load(AT).keys == keys
    assert len(others(path)) == 1
    KeyFile(path).store(keys.renew([0]), replacing=keys)
    assert others(path) == []


def test_killed_once_a_change_has_its_name_the_keys_are_the_new_ones_whole(path: Path) -> None:
    keys = KeyFile(path).load(AT).keys
    killed(path, "after")
    assert KeyFile(path).load(AT).keys.revision == keys.revision + 1
    assert others(path) == []


def test_the_bytes_are_durable_before_the_name_and_the_name_before_the_answer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, link, replace = os.fsync, os.link, Path.replace

    def synced(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "bytes")
        fsync(handle)

    def linked(*given: object, **named: object) -> None:
        done.append("name")
        link(*given, **named)  # type: ignore[arg-type]

    def replaced(one: Path, other: Path) -> Path:
        done.append("name")
        return replace(one, other)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    monkeypatch.setattr(Path, "replace", replaced)
    keys = KeyFile(path).load(AT).keys
    assert done == ["bytes", "name", "folder"]
    done.clear()
    KeyFile(path).store(keys.rotate(AT), replacing=keys)
    assert done == ["bytes", "name", "folder"]
