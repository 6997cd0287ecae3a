"""A full disk has its own code, wherever it falls, and leaves the log whole."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest
from tests.ledger import world
from tests.patience import PATIENCE

from liangming.errors import LiangmingError, Outage
from liangming.ledger import FileTiles, SqliteHeads, fsck

SCRIPT = """
import resource, sys
from tests.ledger import world
from liangming.errors import Outage
from liangming.ledger import FileTiles, SqliteHeads
tiles, heads = FileTiles(sys.argv[1] + "/log"), SqliteHeads(sys.argv[1] + "/head")
log = world.log(tiles, heads)
log.append(world.leaves(0, 10), world.at())
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    log.append(world.leaves(10, 2_000), world.at(1))
except Outage as no:
    print(no.code.name)
"""


@pytest.mark.parametrize("turn", range(8))
def test_wherever_the_disk_fills_the_batch_is_not_half_there(tmp_path, monkeypatch, turn):
    heads = SqliteHeads(tmp_path / "head")
    log = world.log(FileTiles(tmp_path / "log"), heads)
    log.append(world.leaves(0, 300), world.at())
    real, left = os.write, [turn]

    def write(descriptor, data):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "no space")
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        try:
            log.append(world.leaves(300, 900), world.at(1))
        except Outage as failure:
            full = failure.code.name
        else:
            full = "not full"
    assert full == ("ledger.store-full" if left[0] < 0 else "not full")
    again = world.log(FileTiles(tmp_path / "log"), heads)
    again.recover(world.at(2))
    assert again.head.size in ({300} if turn == 0 else {900})
    assert fsck(FileTiles(tmp_path / "log"), world.TRUST).head == again.head
    heads.close()


def test_a_real_limit_of_the_system_is_told_as_full(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=PATIENCE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("ledger.store-full\n", "")


def test_a_file_that_is_gone_is_named(tmp_path):
    heads = SqliteHeads(tmp_path / "head")
    tiles = FileTiles(tmp_path / "log")
    log = world.log(tiles, heads)
    log.append(world.leaves(0, 300), world.at())
    log.sweep()
    (tmp_path / "log" / "tile" / "entries" / "000").unlink()
    with pytest.raises(LiangmingError) as caught:
        fsck(tiles, world.TRUST)
    assert (caught.value.code.name, caught.value.field) == ("ledger.absent", "tile/entries/000")
    heads.close()
