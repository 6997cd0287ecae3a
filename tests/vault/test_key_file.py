"""The key file: created once, readable by nobody else, never half written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import stat
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import pytest
from tests.patience import PATIENCE

from liangming.errors import Misuse, Outage
from liangming.vault import BACKUP_NOTICE, SM, KeyCustody, KeyFile, OperatorKeys, Vault

AT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "liangming.keys"


def code(call):
    with pytest.raises((Misuse, Outage)) as caught:
        call()
    return caught.value.code.name


def others(path):
    """Everything in the directory except the key file and its lock."""
    return [
        entry.name
        for entry in path.parent.iterdir()
        if entry.name not in {path.name, path.name + ".lock"}
    ]


def children(script, path, count):
    """Run a script in several processes that wait for one start signal; their output lines."""
    go = path.parent / "go"
    waiting = """
        import os, sys, time
        from datetime import UTC, datetime
        from pathlib import Path
        from liangming.errors import LiangmingError
        from liangming.vault import KeyFile, OperatorKeys
        import hashlib, msgspec
        path, go = Path(sys.argv[1]), Path(sys.argv[2])
        at = datetime(2026, 11, 24, tzinfo=UTC)
        def mark(keys): return hashlib.sha256(msgspec.json.encode(keys)).hexdigest()
        print("ready", flush=True)
        while not go.exists(): time.sleep(0.001)
    """
    program = textwrap.dedent(waiting) + textwrap.dedent(script)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path), str(go)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    for child in running:
        assert child.stdout.readline() == "ready\n"
    go.touch()
    lines = [child.communicate(timeout=PATIENCE)[0].split() for child in running]
    assert [child.returncode for child in running] == [0] * count
    go.unlink()
    return lines


def test_the_first_run_creates_the_file_and_says_so_and_the_next_does_not(path):
    first = KeyFile(path).load(AT)
    second = KeyFile(path).load(AT)

    assert (first.created, second.created) == (True, False)
    assert second.keys == first.keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert others(path) == []


def test_the_file_is_0600_even_under_a_generous_umask(path):
    before = os.umask(0)
    try:
        KeyFile(path).load(AT)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.with_name(path.name + ".lock").stat().st_mode) == 0o600


def test_a_new_ring_takes_the_wanted_buckets_and_index_suite(path):
    keys = KeyFile(path, buckets=7, index_suite=SM).load(AT).keys

    assert (len(keys.buckets), keys.index.suite) == (7, SM.tag)


def test_the_backup_notice_speaks_both_languages():
    assert set(BACKUP_NOTICE) == {"zh", "en"}
    assert "副本" in BACKUP_NOTICE["zh"]
    assert "copy" in BACKUP_NOTICE["en"]


def test_a_key_file_is_a_custody():
    custody: type[KeyCustody] = KeyFile

    assert callable(custody.load)
    assert callable(custody.store)


def test_processes_racing_on_the_first_run_get_the_same_keys(path):
    lines = children(
        "loaded = KeyFile(path).load(at); print(mark(loaded.keys), loaded.created)", path, 6
    )

    assert len({mark for mark, _ in lines}) == 1
    assert sorted(created for _, created in lines) == ["False"] * 5 + ["True"]
    assert others(path) == []


def test_processes_racing_on_a_change_lose_no_change(path):
    KeyFile(path, buckets=4).load(AT)
    lines = children(
        """
        done = 0
        while done < 5:
            custody = KeyFile(path)
            held = custody.load(at).keys
            try:
                custody.store(held.rotate(at), replacing=held)
                done += 1
            except LiangmingError as failure:
                assert failure.code.name == "vault.key-file-changed", failure
        print(done)
        """,
        path,
        4,
    )
    keys = KeyFile(path).load(AT).keys

    assert lines == [["5"]] * 4
    assert [key.id for key in keys.wrapping] == list(range(1, 22))
    assert keys.revision == 21


def test_a_stored_ring_is_read_back(path):
    custody = KeyFile(path)
    keys = custody.load(AT).keys
    changed = keys.rotate(AT).renew([3]).grow(1030)
    custody.store(changed, replacing=keys)

    assert KeyFile(path).load(AT).keys == changed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert others(path) == []


def test_a_ring_made_from_an_older_one_is_not_stored(path):
    custody = KeyFile(path)
    keys = custody.load(AT).keys
    custody.store(keys.rotate(AT), replacing=keys)
    newest = path.read_bytes()

    assert code(lambda: custody.store(keys.renew([0]), replacing=keys)) == "vault.key-file-changed"
    assert path.read_bytes() == newest


def test_a_change_is_not_stored_where_the_file_is_gone(path):
    custody = KeyFile(path)
    keys = custody.load(AT).keys
    path.unlink()

    assert code(lambda: custody.store(keys.rotate(AT), replacing=keys)) == "vault.key-file-changed"
    assert not path.exists()


def test_what_a_crash_left_behind_is_removed_for_it_may_hold_destroyed_keys(path):
    custody = KeyFile(path)
    keys = custody.load(AT).keys
    left = path.with_name(f".{path.name}.0123456789abcdef.new")
    left.write_bytes(path.read_bytes())
    custody.store(keys.renew([0]), replacing=keys)

    assert others(path) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
def test_a_file_that_others_can_touch_is_not_loaded(path, mode):
    KeyFile(path).load(AT)
    path.chmod(mode)

    assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-readable-by-others"
    path.chmod(0o600)
    assert not KeyFile(path).load(AT).created


def test_a_symbolic_link_is_not_followed(path):
    real = path.with_name("real.keys")
    KeyFile(real).load(AT)
    path.symlink_to(real)

    assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-not-plain"


def test_a_dangling_link_is_not_written_through(path):
    path.symlink_to(path.with_name("elsewhere"))

    assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-not-plain"
    assert not path.with_name("elsewhere").exists()


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_directory_or_pipe_in_its_place_is_not_read(path, make):
    make(path)

    assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-not-plain"


def test_a_truncated_file_is_neither_loaded_nor_replaced(path):
    KeyFile(path, buckets=2).load(AT)
    whole = path.read_bytes()
    for cut in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:cut])

        assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-damaged"
        assert path.read_bytes() == whole[:cut]


def test_a_file_with_any_changed_byte_is_not_loaded(path):
    KeyFile(path, buckets=1).load(AT)
    whole = path.read_bytes()
    codes = set()
    for place in range(len(whole) - 1):  # the last byte is the line's end
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(bytes(changed))
        codes.add(code(lambda: KeyFile(path).load(AT)))

    assert codes == {"vault.key-file-damaged", "vault.key-file-version-unknown"}


def test_a_file_of_another_version_is_named_so_even_when_its_rest_is_unknown(path):
    path.write_text(json.dumps({"format": "liangming-keys", "version": 2, "new": 1}))
    path.chmod(0o600)

    assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-version-unknown"


def test_a_ring_that_does_not_hold_together_is_not_loaded_in_spite_of_its_checksum(path):
    KeyFile(path, buckets=1).load(AT)
    outside = json.loads(path.read_text())
    outside["keys"]["buckets"] = []
    body = json.dumps(outside["keys"], separators=(",", ":"))
    outside["checksum"] = hashlib.sha256(body.encode()).hexdigest()
    path.write_text(json.dumps(outside, separators=(",", ":")))

    assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-damaged"


def test_a_missing_directory_is_an_outage(tmp_path):
    assert code(lambda: KeyFile(tmp_path / "no" / "keys").load(AT)) == "vault.key-file-unavailable"


def limited(script, path):
    """Run a script in a child that may write at most 200 bytes to a file: a full disk."""
    program = f"""
from datetime import UTC, datetime
from pathlib import Path
import sys
from liangming.errors import Outage
from liangming.vault import KeyFile
at, path = datetime(2026, 11, 24, tzinfo=UTC), Path(sys.argv[1])
try:
    {script}
except Outage as failure:
    print(failure.code.name)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return done.stdout.strip()


def test_keys_whose_file_may_lose_its_name_are_not_used(path, monkeypatch):
    """Who published them may have died before the folder was on the disk."""
    KeyFile(path).load(AT)
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    KeyFile(path).load(AT)
    assert len(synced) == 1

    def refuse(_):
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, "fsync", refuse)
    assert code(lambda: KeyFile(path).load(AT)) == "vault.key-file-unavailable"


def test_a_full_disk_on_the_first_run_leaves_no_file_behind(path):
    assert limited("KeyFile(path).load(at)", path) == "vault.key-file-unavailable"
    assert not path.exists()
    assert others(path) == []


def test_a_full_disk_during_a_change_leaves_the_old_keys_whole(path):
    keys = KeyFile(path).load(AT).keys
    said = limited(
        "c = KeyFile(path); k = c.load(at).keys; c.store(k.rotate(at), replacing=k)", path
    )

    assert said == "vault.key-file-unavailable"
    assert KeyFile(path).load(AT).keys == keys
    assert others(path) == []


def test_what_was_sealed_before_a_restart_opens_after_it(path):
    wrapped = Vault(KeyFile(path).load(AT).keys).new_person_key(b"one").wrapped

    assert Vault(KeyFile(path).load(AT).keys).unwrap(wrapped, b"one").wrapped == wrapped


def test_the_largest_ring_fits_a_file(path):
    made = OperatorKeys.fresh(AT, buckets=65_536)
    custody = KeyFile(path, buckets=1)
    held = custody.load(AT).keys
    bigger = held.grow(65_536)
    custody.store(bigger, replacing=held)

    assert len(KeyFile(path).load(AT).keys.buckets) == len(made.buckets)
    assert path.stat().st_size < 4 << 20
