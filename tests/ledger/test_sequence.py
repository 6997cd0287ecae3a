"""The log survives every fault at every write, and never has two pasts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger import world
from tests.patience import PATIENCE

from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.ledger import merkle, tiles
from liangming.ledger.files import FileTiles
from liangming.ledger.head import Head
from liangming.ledger.headstore import SqliteHeads
from liangming.ledger.prove import Prover
from liangming.ledger.verify import fsck


def filled(*batches, **more):
    store, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(store, heads, **more)
    log.recover(world.at())
    size = 0
    for count in batches:
        log.append(world.leaves(size, size + count), world.at(size))
        size += count
    return store, heads, log


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_a_log_grown_in_any_batches_has_the_root_of_its_leaves(batches):
    store, _, log = filled(*batches)
    total = sum(batches)
    assert log.head == Head(total, merkle.root_of(world.leaves(0, total)))
    assert fsck(store, world.TRUST).head == log.head


def test_a_tile_path_is_written_as_the_standard_writes_it():
    assert tiles.tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.tile_path(1, 5, 17) == "tile/1/005.p/17"
    assert tiles.bundle_path(1000, 1) == "tile/entries/x001/000.p/1"


def test_a_tree_of_70_000_has_the_tiles_that_the_standard_counts():
    _, writes = tiles.grow(tiles.Edge(), world.leaves(0, 70_000))
    paths = {path for path, _ in writes}
    assert sum(p.startswith("tile/0/") and ".p" not in p for p in paths) == 273
    assert {p for p in paths if ".p/" in p} == {
        "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"
    }  # fmt: skip


@pytest.mark.parametrize("how", ["not written", "but written"])
def test_every_write_may_fail_and_no_acknowledged_leaf_is_lost(how):
    """Walks the fault through every write of a run, with a power cut after it."""
    turn, done = 0, False
    while not done:
        turn += 1
        plan = world.Plan(turn, how)
        store, heads = world.MemoryTiles(), world.MemoryHeads()
        faulty = world.Faulty(store, plan), world.Faulty(heads, plan)
        acknowledged = 0
        log = world.log(*faulty, sweep_after=2)
        for count in (3, 255, 300, 10):
            try:
                log.append(
                    world.leaves(acknowledged, acknowledged + count),
                    world.at(acknowledged),
                    expected_size=acknowledged,
                )
                acknowledged += count
            except LiangmingError as failure:
                assert failure.code.name == "ledger.store-failed"  # noqa: PT017
                break
        done = plan.count < turn
        store.power_cut()
        again = world.log(store, heads, sweep_after=2)
        again.recover(world.at(10_000))
        size = again.head.size
        assert size >= acknowledged
        assert again.head.root == merkle.root_of(world.leaves(0, size))
        again.append(world.leaves(size, size + 5), world.at(10_001), expected_size=size)
        assert fsck(store, world.TRUST).head == again.head
        world.log(store, heads).recover(world.at(10_002))
        assert store.names("stage") == []
    assert turn > 30


@pytest.mark.parametrize("how", ["not written", "but written"])
def test_the_same_log_object_goes_on_after_a_fault(how):
    for turn in range(1, 60):
        plan = world.Plan(turn, how)
        store, heads = world.MemoryTiles(), world.MemoryHeads()
        log = world.log(world.Faulty(store, plan), world.Faulty(heads, plan), sweep_after=2)
        size = 0
        for step in range(8):
            try:
                log.append(world.leaves(size, size + 90), world.at(step), expected_size=size)
            except Outage:
                log.recover(world.at(step))
            size = log.head.size
        assert size >= 7 * 90
        assert fsck(store, world.TRUST).head == Head(size, merkle.root_of(world.leaves(0, size)))


def test_two_writers_cannot_fork_the_log():
    store, heads, first = filled(10)
    second = world.log(store, heads)
    second.recover(world.at(20))
    second.append(world.leaves(10, 20), world.at(21))
    with pytest.raises(Misuse) as caught:
        first.append(world.leaves(90, 95), world.at(22))
    assert caught.value.code.name == "ledger.head-moved"
    first.append(world.leaves(20, 30), world.at(23), expected_size=20)
    assert fsck(store, world.TRUST).head.root == merkle.root_of(world.leaves(0, 30))


def test_time_never_runs_backwards():
    _, _, log = filled(10)
    log.append(world.leaves(10, 20), world.at(100))
    with pytest.raises(Outage) as caught:
        log.append(world.leaves(20, 30), world.at(40))
    assert (caught.value.code.name, caught.value.retry_after) == ("ledger.clock-behind", 60)
    assert log.head.size == 20
    log.append(world.leaves(20, 30), world.at(100))


def test_an_unexpected_size_appends_nothing():
    _, _, log = filled(10)
    with pytest.raises(Misuse):
        log.append(world.leaves(11, 12), world.at(50), expected_size=11)
    assert log.head.size == 10


def test_a_restored_old_lock_refuses_to_sign():
    store, heads, log = filled(10)
    old = dict(heads.rows)
    log.append(world.leaves(10, 20), world.at(50))
    heads.rows = old
    with pytest.raises(Refusal) as caught:
        world.log(store, heads).recover(world.at(60))
    assert caught.value.code.name == "ledger.rolled-back"


def test_a_wholly_restored_old_log_refuses_what_others_have_seen():
    store, heads, log = filled(10)
    old_files, old_rows = dict(store.files), dict(heads.rows)
    log.append(world.leaves(10, 20), world.at(50))
    seen = log.head
    store.files, heads.rows = old_files, old_rows
    with pytest.raises(Refusal) as caught:
        world.log(store, heads).recover(world.at(60), known=[seen])
    assert caught.value.code.name == "ledger.rolled-back"


def test_a_log_with_another_past_than_was_seen_refuses():
    store, heads, log = filled(10, 10)
    for other in (Head(20, bytes(32)), Head(7, bytes(32))):
        with pytest.raises(Refusal) as caught:
            world.log(store, heads).recover(world.at(60), known=[other])
        assert caught.value.code.name == "ledger.forked"
    world.log(store, heads).recover(world.at(60), known=[log.head])


def test_a_lost_lock_row_is_not_taken_for_a_new_log():
    store, _, _ = filled(10)
    with pytest.raises(Refusal) as caught:
        world.log(store, world.MemoryHeads()).recover(world.at(60))
    assert caught.value.code.name == "ledger.rolled-back"


def test_a_missing_truncated_or_changed_edge_is_refused_at_start():
    for damage, code in (
        (lambda b: None, "ledger.absent"),
        (lambda b: b[:-1], "ledger.tile-truncated"),
        (lambda b: bytes([b[0] ^ 1]) + b[1:], "ledger.tile-corrupt"),
    ):
        store, heads, log = filled(300)
        log.sweep()
        hurt = damage(store.files["tile/0/001.p/44"])
        store.files.pop("tile/0/001.p/44") if hurt is None else store.files.update(
            {"tile/0/001.p/44": hurt}
        )
        with pytest.raises(Refusal) as caught:
            world.log(store, heads).recover(world.at(600))
        assert caught.value.code.name == code


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_flipped_bit_in_any_stored_file_is_found(data):
    store, _, log = filled(300, 400)
    log.sweep()
    used = [p for p in store.files if not p.startswith("stage") and not p.endswith(".p/44")]
    path = data.draw(st.sampled_from(sorted(used)))
    blob = bytearray(store.files[path])
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8
    store.files[path] = bytes(blob)
    with pytest.raises(LiangmingError) as caught:
        fsck(store, world.TRUST)
    codes = {
        "tile/0": {"ledger.leaf-hash-wrong"},
        "tile/1": {"ledger.tile-corrupt"},
        "tile/e": {"ledger.leaf-hash-wrong", "ledger.tile-truncated", "ledger.leaf-version",
                   "ledger.leaf-malformed"},
        "checkp": {"ledger.note-malformed", "ledger.checkpoint-malformed", "ledger.origin-other",
                   "ledger.signature-wrong", "ledger.key-unknown"},
    }  # fmt: skip
    codes["heads/"] = codes["checkp"]
    assert caught.value.code.name in codes[path[:6]]


def test_every_leaf_is_proven_from_tiles_and_every_past_head_is_kept():
    store, _, log = filled(1, 255, 256, 88, 700)
    entries = world.leaves(0, 1300)
    prover = Prover(store, log.head)
    for index in (0, 1, 255, 256, 511, 512, 599, 600, 1023, 1299):
        assert prover.entry(index) == entries[index]
        merkle.verify_inclusion(
            leaf=merkle.leaf_hash(entries[index]), index=index, size=1300,
            root=log.head.root, proof=prover.inclusion(index),
        )  # fmt: skip
    for size in (1, 2, 256, 257, 512, 600, 1024, 1299, 1300):
        prover.consistency(Head(size, merkle.root_of(entries[:size])))


def test_the_lock_row_in_a_file_swaps_once(tmp_path):
    from liangming.ledger.ports import Held

    one, two = SqliteHeads(tmp_path / "head.sqlite"), SqliteHeads(tmp_path / "head.sqlite")
    assert one.load("o") is None
    a, b, c = Held(b"a", 1), Held(b"b", 2), Held(b"c", 3)
    assert one.swap("o", None, a)
    assert not two.swap("o", None, b)
    assert two.swap("o", a, b)
    assert not one.swap("o", a, c)
    assert one.load("o") == b
    one.close()
    two.close()


def test_a_folder_refuses_other_bytes_and_paths_outside(tmp_path):
    store = FileTiles(tmp_path / "log")
    store.put("tile/0/000", b"x")
    store.put("tile/0/000", b"x")
    with pytest.raises(Refusal) as caught:
        store.put("tile/0/000", b"y")
    assert caught.value.code.name == "ledger.tile-conflict"
    assert store.get("tile/0/000") == b"x"
    with pytest.raises(Misuse):
        store.get("../x")


def test_a_full_disk_is_an_outage_and_leaves_no_torn_file(tmp_path, monkeypatch):
    store = FileTiles(tmp_path)
    monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(Outage) as caught:
        store.put("tile/0/000", b"x")
    assert caught.value.code.name == "ledger.store-full"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.ledger import world
from liangming.clock import SystemClock
from liangming.ledger.files import FileTiles
from liangming.ledger.headstore import SqliteHeads
log = world.log(FileTiles(sys.argv[2] + "/log"), SqliteHeads(sys.argv[2] + "/head.sqlite"), sweep_after=7)
clock = SystemClock()
log.recover(clock.now())
while True:
    size = log.head.size
    log.append(world.leaves(size, size + 1 + size % 97), clock.now(), expected_size=size)
    sys.stdout.write(f"{log.head.size}\\n")
    sys.stdout.flush()
"""


def test_a_writer_killed_again_and_again_loses_nothing_it_acknowledged(tmp_path):
    here = str(Path(__file__).parents[2])
    store = FileTiles(tmp_path / "log")
    acknowledged = 0
    for lap in range(12):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, here, str(tmp_path)], stdout=subprocess.PIPE, bufsize=0
        )
        assert child.stdout is not None
        first = child.stdout.readline()  # it has begun, however slow the machine is
        time.sleep(0.01 * lap)
        os.kill(child.pid, signal.SIGKILL)
        out, _ = child.communicate(timeout=PATIENCE)
        told = [int(line) for line in (first + out).split(b"\n")[:-1]]
        acknowledged = max([acknowledged, *told])
        heads = SqliteHeads(tmp_path / "head.sqlite")
        log = world.log(store, heads)
        log.recover(world.at(10**8))
        assert log.head.size >= acknowledged
        heads.close()
        head = fsck(store, world.TRUST).head
        assert head.root == merkle.root_of(world.leaves(0, head.size))
    assert acknowledged > 100
