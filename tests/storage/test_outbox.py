"""The log as an outbox, on SQLite and on PostgreSQL: in order, whole, and no kill loses a delivery."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from tests.storage.outbox_child import HOOK, HOUSE, subscription
from tests.storage.rows import AT, check_row, leaf_row, opening

from liangming.docket import Record
from liangming.storage import open_docket, open_outbox, open_store
from liangming.webhook import pump
from liangming.webhook.deliveries import kept, kind_of

ROOT = Path(__file__).parents[2]
ROUNDS = 2
PASSED = "check:outcome:passed"


def device(owner: str, **more: object) -> Record:
    plain = Record(
        id=owner, kind="device", operator="op", about="counter", state="enabled", version=1,
        opened_at=AT, changed_at=AT, due_at=None, keep_until=None, leaf_key=b"", body=b"{}",
    )  # fmt: skip
    return msgspec.structs.replace(plain, **more)


async def test_an_empty_log_tells_nothing(store):
    outbox = open_outbox(store)
    assert await outbox.head() == 0
    assert await outbox.happened(0, 100, [PASSED]) == []
    assert await outbox.happened(0, 100, []) == []


async def test_leaves_of_the_tags_come_in_order_with_where_they_happened(store):
    outbox, docket = open_outbox(store), open_docket(store)
    first = opening(check=check_row("chk_a"), leaves=1)
    await store.commit(first)
    request = device("req_1", kind="right", about="chk_a")
    tags = {"rights:request:opened": "req_1", "device:link:lost": "dev_1"}
    leaves = [leaf_row(owner, 0, tag=tag) for tag, owner in tags.items()]
    await docket.commit([request, device("dev_1")], leaves)
    await docket.commit([], [leaf_row("dev_1", 2, tag="device:link:lost"), leaf_row("nobody", 0)])
    assert await outbox.head() == 5
    told = await outbox.happened(0, 5, [*tags, "check:check:opened"])
    assert [(h.seq, h.owner, h.operator, h.scene, h.follows) for h in told] == [
        (0, "chk_a", "op", "counter", False),
        (1, "req_1", "op", "counter", False),
        (2, "dev_1", "op", "counter", False),
        (3, "dev_1", "op", "counter", False),  # number 1 is missing
    ]
    assert told[1].about == "chk_a"
    assert [h.seq for h in await outbox.happened(1, 3, list(tags))] == [1, 2]
    assert await outbox.happened(0, 5, [PASSED]) == []


async def run_and_kill(url: str, name: str) -> set[str]:
    child = subprocess.Popen(  # noqa: ASYNC220  (starting it takes a millisecond)
        [sys.executable, "-m", "tests.storage.outbox_child", url, name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    try:
        assert child.stdout.readline() == b"open\n"
        first = await asyncio.to_thread(child.stdout.readline)
        reading = asyncio.get_running_loop().run_in_executor(None, child.stdout.read)
        await asyncio.sleep(0.3)  # how far it gets is chance; it is killed wherever it is then
    finally:
        child.send_signal(signal.SIGKILL)
    lines = (first + await reading).decode().split()
    child.wait()
    child.stdout.close()
    return set(lines)


async def everything(docket) -> list[str]:
    told, after = [], ""
    while rows := await docket.walk(kind_of(HOOK), after, 1000):
        told += [kept(row).delivery.data["check"] for row in rows]
        after = rows[-1].id
    return told


@pytest.mark.slow
async def test_a_killed_process_loses_no_delivery_and_makes_none_twice(url):
    store = open_store(url)
    await store.open()
    await open_docket(store).commit([subscription()])
    await store.close()
    acknowledged: set[str] = set()
    for n in range(ROUNDS):
        acknowledged |= await run_and_kill(url, f"r{n}")
    store = open_store(url)
    await store.open()
    docket, outbox = open_docket(store), open_outbox(store)
    while await pump(HOUSE, docket, outbox):
        pass
    told = await everything(docket)
    await store.close()
    assert acknowledged
    assert acknowledged <= set(told)
    assert len(told) == len(set(told))
