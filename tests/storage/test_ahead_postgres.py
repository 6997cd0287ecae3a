"""Groups go ahead of PostgreSQL's disk; nobody is told, and nobody acts, before the disk has them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest
from tests.patience import PATIENCE, until
from tests.postgres_cluster import Cluster
from tests.storage.outbox_child import HOOK, HOUSE, subscription
from tests.storage.rows import (
    NOW,
    bytes_of,
    check_row,
    consent_row,
    leaf_row,
    note,
    opening,
    redemption,
)
from tests.storage.test_apart import code_of, gone
from tests.storage.wire_cut import Cut, cutting

from liangming.check.ports import CODE_USED, KEY_REUSED, MOVED_ON, STORE_DOWN
from liangming.clock import SetClock
from liangming.storage import committer, migrate, open_docket, open_outbox
from liangming.storage.postgres import PostgresStore
from liangming.webhook import pump
from liangming.webhook.deliveries import kind_of

pytestmark = pytest.mark.postgres
PLACE = (note("k1").client, note("k1").route, "k1")


@pytest.fixture(autouse=True)
def ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small a group is."""
    monkeypatch.setattr(committer, "MANY", 1)


@pytest.fixture
async def line(postgres_url: str) -> AsyncIterator[Cut]:
    async with cutting(postgres_url) as cut:
        yield cut
        cut.tide.set()


@pytest.fixture
async def store(line: Cut) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(line.url, clock=SetClock(NOW))
    await store.open()
    yield store
    line.tide.set()
    await store.close()


async def count(url: str) -> int:
    """Checks that anybody can see."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT count(*) FROM checks")
    finally:
        await connection.close()


async def test_nobody_is_told_before_the_disk_has_it_and_the_next_is_written_meanwhile(
    store, line, postgres_url
):
    line.tide.clear()
    told = []
    for group in range(1, 4):
        told.append(asyncio.ensure_future(store.commit_many([opening(), opening()])))
        await line.waiting.acquire()
        assert await count(postgres_url) == 2 * group
    assert not any(each.done() for each in told)
    line.tide.set()
    assert await asyncio.gather(*told) == [[None, None]] * 3
    assert [place for place, _ in await store.tail(-1, 99)] == list(range(6))


async def test_no_more_groups_wait_for_the_disk_than_there_is_room_for(store, line, postgres_url):
    line.tide.clear()
    room = committer.AFLOAT
    told = [asyncio.ensure_future(store.commit(opening()))]
    for _ in range(room - 1):
        await line.waiting.acquire()
        told.append(asyncio.ensure_future(store.commit(opening())))
    await line.waiting.acquire()
    told += [asyncio.ensure_future(store.commit(opening())) for _ in range(3)]
    while await count(postgres_url) < room + 1:  # noqa: ASYNC110  (one more is committed, and waits)
        await asyncio.sleep(0.01)
    assert (line.waiting.locked(), sum(each.done() for each in told)) == (True, 0)
    line.tide.set()
    await asyncio.gather(*told)
    assert await count(postgres_url) == room + 3


async def test_what_others_act_on_at_once_is_not_seen_before_the_disk_has_it(store, line):
    check = check_row("chk_a")
    line.tide.clear()  # who asked for the disk would never come back
    await store.commit(opening(check=check, consent=consent_row("con_1", check.id)))
    moved = check_row("chk_a", version=2)
    await store.commit(opening(check=moved, leaves=(leaf_row("chk_a", 7),)))
    assert await store.consent("con_1") is not None


async def test_a_lone_check_waits_for_the_disk_in_its_own_commit(store, line, monkeypatch):
    monkeypatch.setattr(committer, "MANY", 50)
    line.tide.clear()
    await store.commit(opening())


async def test_a_line_that_breaks_between_the_commit_and_the_disk_is_an_outage(store, line):
    line.how = "not ashore"
    assert await code_of(store.commit(opening(remember=note("k1")))) == STORE_DOWN.name
    assert line.done == 1
    assert await code_of(store.commit(opening(remember=note("k1")))) == MOVED_ON.name
    line.how = "not ashore"  # whoever finds the answer again must not believe it either
    assert await code_of(store.remembered(*PLACE)) == STORE_DOWN.name
    assert await store.remembered(*PLACE) == note("k1")


async def test_whoever_acts_on_what_can_be_seen_waits_for_the_disk(store, line):
    used = bytes_of("c1", 32)
    await store.commit(opening(remember=note("k1"), redeem=(redemption("c1"),)))
    asked = {
        "log": lambda: store.leaves_from(0, 9),
        "tail": lambda: store.tail(-1, 9),
        "events": lambda: store.leaves_after(-1, 9),
        "answer": lambda: store.remembered(*PLACE),
        "code": lambda: store.redeemed(used),
        "no code": lambda: store.pickup_code(used, NOW),
        "checks": lambda: store.checks_after("", 9),
    }
    line.tide.clear()
    told = {}
    for name, ask in asked.items():
        told[name] = asyncio.ensure_future(ask())
        await asyncio.wait_for(line.waiting.acquire(), 30)
        assert not told[name].done(), name
    assert await store.leaves_from(9, 9) == []  # nothing was seen: nothing to wait for
    line.tide.set()
    await asyncio.gather(*told.values())
    assert (len(told["tail"].result()), told["no code"].result()) == (1, None)


async def test_whoever_is_refused_for_what_the_disk_may_lose_is_told_when_it_has_it(store, line):
    line.tide.clear()
    first = opening(remember=note("k1"), redeem=(redemption("c1"),))
    other = msgspec.structs.replace(note("k1"), digest=b"other" * 6)
    told = [asyncio.ensure_future(store.commit(first))]
    await line.waiting.acquire()
    for change in (
        opening(remember=note("k1")),
        opening(remember=other),
        opening(redeem=(redemption("c1"),)),
    ):  # as many as there is room for
        told.append(asyncio.ensure_future(store.commit(change)))
        await asyncio.wait_for(line.waiting.acquire(), PATIENCE)
    assert not any(each.done() for each in told)
    line.tide.set()
    await told[0]
    refused = [await code_of(each) for each in told[1:]]
    assert refused == [MOVED_ON.name, KEY_REUSED.name, CODE_USED.name]


async def test_a_refusal_whose_disk_is_out_of_reach_is_an_outage_and_no_refusal(store, line):
    await store.commit(opening(redeem=(redemption("c1"),)))
    line.how = "not ashore"
    assert await code_of(store.commit(opening(redeem=(redemption("c1"),)))) == STORE_DOWN.name
    assert line.done == 1
    assert await code_of(store.commit(opening(redeem=(redemption("c1"),)))) == CODE_USED.name


async def test_a_webhook_is_made_only_of_what_the_disk_has(store, line):
    docket, outbox = open_docket(store), open_outbox(store)
    await docket.commit([subscription()])
    check = check_row()
    passed = leaf_row(check.id, tag="check:outcome:passed", facts=b'{"method":"document-seen"}')
    await store.commit(opening(check=check, leaves=(passed,)))
    line.tide.clear()
    pumping = asyncio.ensure_future(pump(HOUSE, docket, outbox))
    await line.waiting.acquire()  # where the log ends
    assert await docket.walk(kind_of(HOOK), "", 9) == []
    line.tide.set()
    assert await pumping == 1
    line.tide.clear()
    assert await outbox.head() == 1  # known to be there: nothing to wait for


@pytest.fixture
def fragile() -> Iterator[Cluster]:
    """A server that nothing makes write its log but a commit that waits for it."""
    cluster = Cluster.start()
    try:
        for process in processes(cluster):
            if b"walwriter" in Path(f"/proc/{process}/cmdline").read_bytes():
                os.kill(process, signal.SIGSTOP)
        yield cluster
    finally:
        cluster.remove()


def processes(cluster: Cluster) -> list[int]:
    """The postmaster, and its children."""
    postmaster = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
    return [postmaster, *map(int, children.split())]


def fell(cluster: Cluster) -> None:
    """All of it at once, as if its machine had."""
    all_ = processes(cluster)
    for process in all_:
        os.kill(process, signal.SIGKILL)
    until(lambda: all(map(gone, all_)))
    (cluster.folder / "data" / "postmaster.pid").unlink(missing_ok=True)


async def test_a_server_that_falls_between_the_commit_and_the_disk_told_nobody(fragile):
    url = await asyncio.to_thread(fragile.database)
    await asyncio.to_thread(migrate, url)
    async with cutting(url) as line:
        store = PostgresStore(line.url, clock=SetClock(NOW))
        await store.open()
        first, lost = opening(), opening(remember=note("k1"))
        await store.commit(first)
        line.tide.clear()
        told = [asyncio.ensure_future(store.commit(lost))]
        await line.waiting.acquire()
        assert await count(url) == 2  # committed, and seen by everybody
        for ask in (store.remembered(*PLACE), store.tail(-1, 9)):  # who would act on it
            told.append(asyncio.ensure_future(ask))
            await line.waiting.acquire()
        await asyncio.to_thread(fell, fragile)
        line.tide.set()
        assert [await code_of(each) for each in told] == [STORE_DOWN.name] * 3
        await asyncio.to_thread(fragile.up)
        assert await store.check(lost.check.id) is None  # it is gone indeed
        assert [place for place, _ in await store.tail(-1, 9)] == [0]
        await store.commit(lost)  # the caller repeats under its key
        assert [place for place, _ in await store.tail(-1, 9)] == [0, 1]
        await store.close()
