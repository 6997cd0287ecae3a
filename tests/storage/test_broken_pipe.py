"""A pipe between a store and its writer's process that breaks in the middle of a frame: no half of one counts."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.patience import PATIENCE
from tests.storage import test_apart, test_committer_apart
from tests.storage.rows import note, opening
from tests.storage.test_apart import ROOT, back, code_of

from liangming.check.ports import MOVED_ON, STORE_DOWN
from liangming.storage import frames, open_store
from liangming.storage.apart import COMMAND
from liangming.storage.committer_apart import COMMAND as COMMITTER
from liangming.storage.line import Line
from liangming.storage.postgres import PostgresStore
from liangming.storage.sqlite import SqliteStore

# Writers that commit their first group, say so many bytes of it, and are gone.
SQLITE = """
import os, sys
from pathlib import Path
from liangming.storage import apart_process as it

def answering(pipe):
    def answer(data):
        os.write(pipe, data[:CUT])
        os._exit(1)
    return answer

it._answer_to = answering
it.main(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:5]))
"""
POSTGRES = """
import asyncio, os, sys
from liangming.storage import committer_process as it

done = it.frames.done

def cut(outcomes):
    asyncio.get_running_loop().call_later(0.05, os._exit, 1)
    return done(outcomes)[:CUT]

it.frames.done = cut
it.main(*(int(word) for word in sys.argv[1:4]))
"""
CUTS = (5, -1)  # behind its head, and all but the last byte

Store = SqliteStore | PostgresStore


@pytest.fixture
async def stores() -> AsyncIterator[list[Store]]:
    opened: list[Store] = []
    yield opened
    for store in opened:
        await store.close()


async def whose_answer_breaks(url: str, cut: int, stores: list[Store]) -> Store:
    program = (SQLITE if url.startswith("sqlite") else POSTGRES).replace("CUT", str(cut))
    made = test_apart.made if url.startswith("sqlite") else test_committer_apart.made
    store = made(url, (sys.executable, "-c", program))
    await store.open()
    stores.append(store)
    return store


def sending(store: Store):
    return store._writer if isinstance(store, SqliteStore) else store._committer._sending


async def half_told(url: str, cut: int, stores: list[Store]) -> None:
    store = await whose_answer_breaks(url, cut, stores)
    whole = [opening(remember=note("a")), opening(remember=note("b"))]
    jobs = [store.commit(opening(remember=note("c"))), store.commit_many(whole)]
    told = [asyncio.ensure_future(job) for job in jobs]
    assert [await code_of(each) for each in told] == [STORE_DOWN.name] * 2
    assert await store.check(whole[0].check.id) == whole[0].check  # it was done, and is found
    sending(store)._command = COMMAND if isinstance(store, SqliteStore) else COMMITTER
    await back(store)
    for key in "abc":
        assert await code_of(store.commit(opening(remember=note(key)))) == MOVED_ON.name


@pytest.mark.parametrize("cut", CUTS)
async def test_half_an_answer_tells_nobody_and_what_was_done_is_found_under_its_key(
    sqlite_url, cut, stores
):
    await half_told(sqlite_url, cut, stores)


@pytest.mark.postgres
@pytest.mark.parametrize("cut", CUTS[-1:])
async def test_half_an_answer_of_postgresql_s_committer_tells_nobody(postgres_url, cut, stores):
    await half_told(postgres_url, cut, stores)


def served(command: Sequence[str], data: bytes) -> list[tuple[bytes, bytes]]:
    """What a writer says to these bytes, behind which its parent lets go; it ends in order."""
    (theirs, ours), (our_end, their_end) = os.pipe(), os.pipe()
    process = subprocess.Popen(
        [*command, str(theirs), str(their_end), str(os.getpid())],
        cwd=ROOT,
        pass_fds=(theirs, their_end),
    )
    os.close(theirs)
    os.close(their_end)
    with os.fdopen(ours, "wb", 0) as down:
        down.write(data)
    with os.fdopen(our_end, "rb") as up:
        said = frames.Frames().feed(up.read())
    assert process.wait(PATIENCE) == 0
    return said


async def half_asked(url: str, command: Sequence[str], before: bytes) -> None:
    for cut in CUTS:
        whole, half = opening(), [opening(), opening()]
        data = before + frames.changes([[whole]]) + frames.changes([half])[:cut]
        ((kind, body),) = await asyncio.to_thread(served, command, data)
        assert (kind, frames.done_of(body)) == (frames.DONE, [[None]])
        store = open_store(url)
        await store.open()
        try:
            assert await store.check(whole.check.id) == whole.check
            assert [await store.check(one.check.id) for one in half] == [None, None]
        finally:
            await store.close()


async def test_of_half_a_frame_nothing_is_written_and_all_before_it_is(sqlite_url):
    path = Path(urlsplit(sqlite_url).path)
    await half_asked(sqlite_url, [*COMMAND, str(path)], b"")


@pytest.mark.postgres
async def test_of_half_a_frame_postgresql_s_committer_writes_nothing(postgres_url):
    address = frames.frame(frames.ADDRESS, postgres_url.encode())
    await half_asked(postgres_url, COMMITTER, address)


async def test_a_writer_whose_answers_nobody_can_take_ends_and_what_it_did_is_there(sqlite_url):
    store = test_apart.made(sqlite_url)
    await store.open()
    line: Line = store._writer._line
    last = opening(remember=note("unheard"))
    waiting = asyncio.ensure_future(store.commit(last))
    await asyncio.sleep(0)
    line._down.abort()  # the frame is in the pipe, or half of it
    assert await code_of(waiting) == STORE_DOWN.name
    await back(store)
    if await store.check(last.check.id) is None:
        await store.commit(last)  # under its key, once
    assert await code_of(store.commit(opening(remember=note("unheard")))) == MOVED_ON.name
    await store.close()
