"""PostgreSQL's committer in a process of its own: the same store, and what each of the two can die of."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from tests.storage.rows import NOW, check_row, note, opening, person_row
from tests.storage.test_apart import PARENT, ROOT, back, code_of, gone, unfit

from liangming.check.ports import KEY_REUSED, MOVED_ON, STORE_BUSY, STORE_DOWN
from liangming.clock import SetClock
from liangming.errors import LiangmingError, Outage
from liangming.storage import frames
from liangming.storage.codes import UNFIT
from liangming.storage.committer import WAYS, Committer
from liangming.storage.committer_apart import COMMAND
from liangming.storage.committer_process import Inbox
from liangming.storage.postgres import PostgresStore
from liangming.storage.sending import AHEAD, AT_ONCE

pytestmark = pytest.mark.postgres

# A process that commits its first frame and is gone before it can say so.
MUTE = """
import os, sys
from liangming.storage import committer_process as it
it.frames.done = lambda outcomes: os._exit(1)
it.main(*(int(word) for word in sys.argv[1:4]))
"""


def made(url: str, command: tuple[str, ...] = COMMAND, **more: int) -> PostgresStore:
    return PostgresStore(url, clock=SetClock(NOW), apart=command, **more)


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[PostgresStore]:
    store = made(postgres_url)
    await store.open()
    yield store
    await store.close()


def pid_of(store: PostgresStore) -> int:
    return store._committer._sending._line._process.pid


async def test_changes_land_and_what_fails_alone_is_told_as_it_was_meant(store):
    first = opening(remember=note("k1"))
    await store.commit(first)
    again = opening(remember=note("k1"))
    other = opening(remember=msgspec.structs.replace(note("k1"), digest=b"other" * 6))
    results = await store.commit_many([opening(), again, other, *unfit(), opening()])
    codes = [failure and failure.code for failure in results]
    assert codes == [None, MOVED_ON, KEY_REUSED, *[UNFIT] * 4, None]
    assert await store.check(first.check.id) == first.check
    assert [seq for seq, _ in await store.tail(-1, 99)] == list(range(3))


async def test_the_address_stands_in_no_argument(store, postgres_url):
    await store.commit(opening())  # it has come as far as its program
    await store.commit(opening())  # so that it runs, and is not only about to
    said = Path(f"/proc/{pid_of(store)}/cmdline").read_bytes()  # noqa: ASYNC240  (the kernel's memory)
    assert b"committer_process" in said
    assert postgres_url.encode() not in said


async def test_a_process_that_dies_before_it_wrote_is_an_outage_and_another_comes(store):
    await store.commit(opening())
    os.kill(pid_of(store), signal.SIGSTOP)
    lost = opening(remember=note("lost"))
    jobs = [
        asyncio.ensure_future(store.commit_many([opening() for _ in range(AT_ONCE)]))
        for _ in range(AHEAD + 1)
    ]
    waiting = asyncio.ensure_future(store.commit(lost))
    await asyncio.sleep(0)
    os.kill(pid_of(store), signal.SIGKILL)
    assert [await code_of(job) for job in (*jobs, waiting)] == [STORE_DOWN.name] * (AHEAD + 2)
    assert await store.check(lost.check.id) is None
    await back(store)
    await store.commit(lost)


async def test_what_was_written_and_not_told_is_found_under_its_key(postgres_url):
    store = made(postgres_url, (sys.executable, "-c", MUTE))
    await store.open()
    unsaid = opening(remember=note("unsaid"))
    assert await code_of(store.commit(unsaid)) == STORE_DOWN.name
    assert await store.check(unsaid.check.id) == unsaid.check
    store._committer._sending._command = COMMAND
    await back(store)
    assert await code_of(store.commit(opening(remember=note("unsaid")))) == MOVED_ON.name
    await store.close()


async def test_no_process_outlives_its_parent_and_ctrl_c_lands_what_was_accepted(postgres_url):
    """One parent after the other: the first is killed, the second is told to end."""
    landed = 0
    for number, more, end in ((signal.SIGKILL, 1, ("", -9)), (signal.SIGINT, 51, ("landed\n", 0))):
        program = PARENT.replace("_writer.", "_committer._sending.").replace(
            "def main():\n",
            f"def main():\n    [opening() for _ in range({landed})]\n",  # other ids
        )
        process = await asyncio.to_thread(
            subprocess.Popen,
            [sys.executable, "-c", program, postgres_url],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        child = int(await asyncio.to_thread(process.stdout.readline))
        os.killpg(process.pid, number)
        said, _ = await asyncio.to_thread(process.communicate, None, 60)
        assert (said, process.returncode) == end
        while not gone(child):  # noqa: ASYNC110  (the kernel ends it with its parent, in its time)
            await asyncio.sleep(0.01)
        landed += more
        store = made(postgres_url, ())
        await store.open()
        assert (await store.counts())["checks"] == landed
        await store.close()


async def test_a_queue_that_is_full_says_so_and_takes_again(postgres_url):
    store = made(postgres_url, queue_limit=AT_ONCE)
    await store.open()
    full = [opening() for _ in range(AT_ONCE)]
    first = asyncio.ensure_future(store.commit_many(full))
    await asyncio.sleep(0)
    assert await code_of(store.commit(opening())) == STORE_BUSY.name
    assert await first == [None] * AT_ONCE
    await store.commit(opening())
    await store.close()


async def test_groups_on_their_way_together_give_each_key_and_person_once(postgres_url):
    """So small that many go side by side, and race for the same keys, persons and places."""
    committer = Committer(postgres_url, 10_000)
    committer.start()
    persons = [person_row(f"side{n}") for n in range(10)]
    wrong = opening(check=check_row(scene="\ud800"))

    async def put(n: int) -> list[LiangmingError | None]:
        person = persons[n % 10]
        mine = msgspec.structs.replace(person, wrapped_key=b"%d" % (n // 10))
        change = opening(check=check_row(person=person.person), person=mine, remember=note(f"s{n}"))
        twice = opening(remember=note(f"t{n % 10}"))
        outcomes = await committer.submit([change, twice, *[wrong] * (n % 7 == 0)])
        await asyncio.sleep(0)
        return outcomes

    results = []
    for begin in range(0, 40, 4):  # beside one another, and not all in one group
        some = [asyncio.ensure_future(put(n)) for n in range(begin, begin + 4)]
        await asyncio.wait(some, return_when=asyncio.FIRST_COMPLETED)
        results += some
    told = [await each for each in results]
    assert [each[0] for each in told].count(None) == 10
    assert [each[1] for each in told].count(None) == 10
    assert {each[2].code for each in told if len(each) > 2} == {UNFIT}
    await committer.stop()
    store = made(postgres_url, ())
    await store.open()
    assert [seq for seq, _ in await store.tail(-1, 999)] == list(range(20))
    assert (await store.counts())["persons"] == 10
    assert len(await store.persons([person.person for person in persons])) == 10
    await store.close()


async def test_two_groups_are_on_their_way_and_the_third_gathers(postgres_url):
    """The head of the log is held from outside, so whoever is on their way waits for it."""
    import asyncpg

    committer = Committer(postgres_url, 10_000)
    committer.start()
    outside = await asyncpg.connect(postgres_url)
    watching = await asyncpg.connect(postgres_url)
    async with outside.transaction():
        await outside.execute("SELECT 1 FROM log_head FOR UPDATE")
        jobs = []
        for n in range(WAYS):
            jobs.append(asyncio.ensure_future(committer.submit([opening()])))
            sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            while await watching.fetchval(sql) <= n:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        jobs += [asyncio.ensure_future(committer.submit([opening()])) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (len(committer._going), committer._size) == (WAYS, WAYS + 5)
    assert await asyncio.gather(*jobs) == [[None]] * (WAYS + 5)
    await committer.stop()
    with pytest.raises(Outage):
        await committer.submit([opening()])
    places = [row[0] for row in await watching.fetch("SELECT seq FROM leaves ORDER BY seq")]
    assert places == list(range(WAYS + 5))
    await outside.close()
    await watching.close()


async def test_each_job_is_told_in_its_turn_and_not_only_with_the_last_of_its_frame():
    loop = asyncio.get_running_loop()
    waiting: list[asyncio.Future] = []
    answers: list[list] = []

    class Slow:
        """A committer whose groups end in the middle of a frame."""

        def put(self, changes):
            waiting.append(loop.create_future())
            return waiting[-1]

        async def stop(self):
            waiting[3].set_exception(OSError())
            waiting[4].cancel()

    inbox = Inbox(lambda data: answers.append(frames.done_of(frames.Frames().feed(data)[0][1])))
    inbox._committer = Slow()
    inbox.data_received(frames.changes([[opening()], [opening(), opening()]]))
    inbox.data_received(frames.changes([[opening()] for _ in range(3)]))
    waiting[0].set_result([None])
    await asyncio.sleep(0)
    waiting[2].set_exception(Outage(STORE_BUSY))
    await asyncio.sleep(0)
    assert answers == [[[None]]]  # the third waits for its turn
    waiting[1].set_result([None, None])
    await asyncio.sleep(0)
    assert answers[1:] == [[[None, None], answers[1][1]]]
    assert answers[1][1].code is STORE_BUSY
    await inbox.finish()
    assert [told.code for told in answers[2]] == [STORE_DOWN, STORE_DOWN]
    assert not inbox._asked
