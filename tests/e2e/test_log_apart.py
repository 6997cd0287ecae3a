"""The log's process: killed, it comes again; its parent killed, it goes, too; stopped, it catches up."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import apsw
import httpx
import pytest
from tests.e2e.server import House, Server, client, notice_of, whole
from tests.patience import PATIENCE, until
from tests.world import numbers

from liangming.assembly import keeping
from liangming.assembly.keeping import tell, told
from liangming.check.ports import STORE_DOWN
from liangming.clock import from_micros
from liangming.ledger import Head
from liangming.ledger.circle import Standing

MODULE = "liangming.assembly.log_process"
LEAVES = 5  # of a whole check with a document


def size_of(house: House) -> int:
    """Of the published log."""
    try:
        return int((house.data / "log" / "checkpoint").read_text().split("\n")[1])
    except FileNotFoundError:
        return 0


def committed(house: House) -> int:
    """Leaves in the store."""
    reader = apsw.Connection(str(house.data / "liangming.sqlite3"))
    size: int = reader.execute("SELECT next FROM log_head").fetchall()[0][0]
    reader.close()
    return size


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def check(http: httpx.Client, notice: str, number: str) -> None:
    assert http.post("/v1/checks:whole", json=whole(notice, number)).status_code == 201


def test_the_logs_process_dies_and_comes_again_and_ends_with_its_parent(tmp_path: Path) -> None:
    house = House(tmp_path)
    key, people = house.key(), numbers(4)
    with house.start() as server, client(server, key) as http:
        notice = notice_of(http)
        check(http, notice, people[0])
        before = committed(house)
        until(lambda: size_of(house) == before)
        first = server.child(MODULE)
        os.kill(first, signal.SIGKILL)
        check(http, notice, people[1])  # which waits for no log
        until(lambda: size_of(house) == before + LEAVES)
        children = [server.child(MODULE), server.child("liangming.storage.apart_process")]
        assert first not in children
        assert b"the log's process ended" in server.said()
        check(http, notice, people[2])
        server.kill()
        until(lambda: all(map(gone, children)))
    server = Server.begin(house, start_new_session=True)
    server.wait_until_ready()
    with server, client(server, key) as http:
        check(http, notice, people[3])
        children = [server.child(MODULE), server.child("liangming.storage.apart_process")]
        os.killpg(server.process.pid, signal.SIGINT)  # as Ctrl-C at a terminal
        assert server.ended() == 0
        assert all(map(gone, children))
        assert b"Traceback" not in server.said()
    assert size_of(house) == committed(house) == before + 3 * LEAVES


async def test_a_keeper_that_does_not_end_when_it_is_asked_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "_END", 0.05)
    deaf = "import time; print('[]', flush=True); time.sleep(600)"
    kept = keeping.KeptApart((Standing("a"),), (sys.executable, "-c", deaf))
    running = asyncio.create_task(kept.run())
    while kept.standing:  # noqa: ASYNC110  (it offers no event: pages only read it)
        await asyncio.sleep(0.01)
    kept.stop()
    await asyncio.wait_for(running, PATIENCE)


def test_what_is_known_of_the_witnesses_passes_whole() -> None:
    now = from_micros(1_764_000_000_123_456)
    known = (
        Standing("a", Head(7, b"r" * 32), now),
        Standing("b", failure=STORE_DOWN, failures=2, again=now),
    )
    assert told(tell(known)) == known
