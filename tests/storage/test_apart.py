"""SQLite's writer in a process of its own: the same store, and what each of the two can die of."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from tests.storage.rows import check_row, leaf_row, note, opening, person_row

from liangming.check.ports import KEY_REUSED, MOVED_ON, STORE_DOWN, STORE_FULL, Change
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import open_store
from liangming.storage.apart import COMMAND
from liangming.storage.codes import UNFIT
from liangming.storage.sending import AHEAD, AT_ONCE, FIRST_WAIT
from liangming.storage.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]

# A writer that commits its first group and is gone before it can say so.
MUTE = """
import os, sys
from pathlib import Path
from liangming.storage import apart_process as it
work = it.work
it.work = lambda pen, inbox, answer: work(pen, inbox, lambda data: os._exit(1))
it.main(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:5]))
"""


def made(url: str, command: tuple[str, ...] = COMMAND) -> SqliteStore:
    return SqliteStore(Path(url.removeprefix("sqlite:///")), apart=command)


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[SqliteStore]:
    store = made(sqlite_url)
    await store.open()
    yield store
    await store.close()


def pid_of(store: SqliteStore) -> int:
    return store._writer._line._process.pid


async def back(store: SqliteStore) -> None:
    """Commit until the store takes it again."""
    for _ in range(600):
        try:
            return await store.commit(opening())
        except Outage:
            await asyncio.sleep(0.05)
    pytest.fail("the store does not come back")


async def code_of(attempt) -> str:
    with pytest.raises(LiangmingError) as caught:
        await attempt
    return caught.value.code.name


async def test_changes_land_and_what_fails_alone_is_told_as_it_was_meant(store):
    first = opening(remember=note("k1"))
    await store.commit(first)
    again = opening(remember=note("k1"))
    other = msgspec.structs.replace(note("k1"), digest=b"other" * 6)
    results = await store.commit_many([opening(), again, opening(remember=other), opening()])
    assert [failure and failure.code for failure in results] == [None, MOVED_ON, KEY_REUSED, None]
    assert results[1].field == "Idempotency-Key"
    assert await store.check(first.check.id) == first.check
    assert (await store.counts())["checks"] == 3


def unfit() -> list[Change]:
    """What MessagePack does not take, what the struct does not, and what SQLite does not."""
    return [
        opening(check=msgspec.structs.replace(check_row(), opened_at=2**70)),
        opening(check=msgspec.structs.replace(check_row(), body=7)),
        opening(check=msgspec.structs.replace(check_row(), opened_at=2**63)),
        opening(check=msgspec.structs.replace(check_row(), scene="\ud800")),
    ]


async def test_a_value_that_nothing_takes_fails_alone(store):
    results = await store.commit_many([opening(), *unfit(), opening()])
    assert [failure and failure.code for failure in results] == [None, *[UNFIT] * 4, None]
    for change in unfit():
        good, bad = await asyncio.gather(
            store.commit(opening()), store.commit(change), return_exceptions=True
        )
        assert (good, bad.code) == (None, UNFIT)


async def test_deeds_stand_at_their_place_between_changes(store):
    person = person_row("p")
    mine = [opening(check=check_row(person=person.person), person=person) for _ in range(3)]
    before = [asyncio.ensure_future(store.commit(change)) for change in mine]
    erased = asyncio.ensure_future(store.erase(person.person, [leaf_row("era_1")]))
    after = [asyncio.ensure_future(store.commit(opening())) for _ in range(40)]
    more = [asyncio.ensure_future(store.ready()) for _ in range(5)]
    await asyncio.gather(*before, *after, *more)
    assert await erased is True
    assert [seq for seq, _ in await store.tail(-1, 99)] == list(range(44))
    assert (await store.check(mine[2].check.id)).person is None


async def test_a_writer_that_dies_before_it_wrote_is_an_outage_and_another_comes(store):
    await store.commit(opening())
    os.kill(pid_of(store), signal.SIGSTOP)
    lost = opening(remember=note("lost"))
    waiting = asyncio.ensure_future(store.commit(lost))
    deed = asyncio.ensure_future(store.ready())
    await asyncio.sleep(0)
    os.kill(pid_of(store), signal.SIGKILL)
    assert await code_of(waiting) == STORE_DOWN.name
    assert await code_of(deed) == STORE_DOWN.name
    assert await store.check(lost.check.id) is None
    await back(store)
    await store.commit(lost)
    await store.ready()


async def test_two_frames_go_ahead_and_what_gathers_behind_them_lands_in_order(store):
    await store.commit(opening())
    os.kill(pid_of(store), signal.SIGSTOP)
    jobs = [asyncio.ensure_future(store.commit_many(_many())) for _ in range(5)]
    await asyncio.sleep(0)
    ahead, gathered = len(store._writer._sent), len(store._writer._out)
    last = asyncio.ensure_future(store.commit(opening()))
    os.kill(pid_of(store), signal.SIGCONT)
    assert (ahead, gathered) == (AHEAD, 5 - AHEAD)
    assert await asyncio.gather(*jobs) == [[None] * AT_ONCE] * 5
    await last
    assert [seq for seq, _ in await store.tail(-1, 999)] == list(range(2 + 5 * AT_ONCE))


async def test_what_gathers_behind_a_writer_that_dies_is_told_too(store):
    await store.commit(opening())
    os.kill(pid_of(store), signal.SIGSTOP)
    jobs = [asyncio.ensure_future(store.commit_many(_many())) for _ in range(AHEAD + 1)]
    await asyncio.sleep(0)
    os.kill(pid_of(store), signal.SIGKILL)
    assert [await code_of(job) for job in jobs] == [STORE_DOWN.name] * (AHEAD + 1)
    await back(store)


def _many() -> list[Change]:
    return [opening() for _ in range(AT_ONCE)]


async def test_a_writer_that_dies_under_a_deed_is_followed_only_when_that_is_done(store):
    await store.commit(opening())
    writer = store._writer
    begun, go_on = threading.Event(), threading.Event()

    def deed(cursor: object) -> str:
        begun.set()
        go_on.wait()
        return "done"

    doing = asyncio.ensure_future(store.do(deed))
    await asyncio.to_thread(begun.wait)
    os.kill(pid_of(store), signal.SIGKILL)
    await writer._line._ended  # the end of the pipe is seen
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(writer._still.wait())
    await asyncio.sleep(2 * FIRST_WAIT)
    assert (writer._line, writer._doing, waiting.done()) == (None, 1, False)
    go_on.set()
    assert await doing == "done"
    await back(store)
    assert pid_of(store) > 0


async def test_what_was_written_and_not_told_is_found_under_its_key(sqlite_url):
    store = made(sqlite_url, (sys.executable, "-c", MUTE))
    await store.open()
    unsaid = opening(remember=note("unsaid"))
    assert await code_of(store.commit(unsaid)) == STORE_DOWN.name
    assert await store.check(unsaid.check.id) == unsaid.check
    await store.close()
    again = made(sqlite_url)
    await again.open()
    assert await code_of(again.commit(opening(remember=note("unsaid")))) == MOVED_ON.name
    assert (await again.counts())["checks"] == 1
    await again.close()


async def test_a_full_disk_is_said_and_space_mends_it(store):
    await store.commit(opening())
    resource.prlimit(pid_of(store), resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))

    def big() -> Change:
        check = check_row()
        return opening(check=check, leaves=(leaf_row(check.id, facts=b"x" * 40_000),))

    results = [await store.commit_many([big()]) for _ in range(2)]
    outcomes = []
    for _ in range(40):
        try:
            results.append(await store.commit_many([big()]))
        except Outage as full:
            outcomes.append(full.code)
    assert set(outcomes) == {STORE_FULL}
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(pid_of(store), resource.RLIMIT_FSIZE, unlimited)
    await store.commit(big())
    assert (await store.counts())["checks"] == len(results) + 2


PARENT = """
import asyncio, os, signal, sys
from liangming.storage import open_store
from tests.storage.rows import opening

async def main():
    store = open_store(sys.argv[1], apart=True)
    await store.open()
    await store.commit(opening())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    print(store._writer._line._process.pid, flush=True)
    await stop.wait()
    await asyncio.gather(*(store.commit(opening()) for _ in range(50)))
    print("landed", flush=True)
    await store.close()

asyncio.run(main())
"""


def parent(url: str) -> tuple[subprocess.Popen[str], int]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return process, int(process.stdout.readline())


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


async def test_no_writer_outlives_its_parent_and_the_next_one_gets_the_file(sqlite_url):
    process, writer = await asyncio.to_thread(parent, sqlite_url)
    process.kill()
    process.wait()
    process.stdout.close()
    store = made(sqlite_url)
    await store.open()  # at once: whoever is just ending is waited for
    await store.commit(opening())
    assert gone(writer)
    assert (await store.counts())["checks"] == 2
    await store.close()


async def test_ctrl_c_reaches_both_and_what_was_accepted_lands(sqlite_url):
    process, writer = await asyncio.to_thread(parent, sqlite_url)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = await asyncio.to_thread(process.communicate, None, 60)
    assert (said, process.returncode) == ("landed\n", 0)
    assert gone(writer)
    store = open_store(sqlite_url)
    await store.open()
    assert (await store.counts())["checks"] == 51
    await store.close()


async def test_closing_writes_what_was_accepted_and_refuses_what_comes_after(sqlite_url):
    store = made(sqlite_url)
    await store.open()
    accepted = [asyncio.ensure_future(store.commit(opening())) for _ in range(30)]
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(store.close())
    await asyncio.sleep(0)
    with pytest.raises((Outage, Misuse)):
        await store.commit(opening())
    await asyncio.gather(*accepted, closing)
    again = open_store(sqlite_url)
    await again.open()
    assert (await again.counts())["checks"] == 30
    await again.close()
