"""The writer's process cuts the leaves of poured checks, and they are the ones that prove."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from tests.storage.rows import opening
from tests.world import World, card, numbers

from liangming.check import Premises, WholeCheck
from liangming.check.done import Done
from liangming.check.opening import leaf_key_of, opened
from liangming.check.ports import Change
from liangming.check.together import complete_many
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.storage import frames, runs
from liangming.storage.apart import COMMAND
from liangming.storage.committer import Committer
from liangming.storage.runs import MANY
from liangming.storage.sqlite import SqliteStore
from liangming.storage.waiting import ENOUGH, GROUP, Asked, Waiting


@pytest.fixture
async def apart(house: World) -> AsyncIterator[Premises]:
    """The house before a store whose writer is a process."""
    path = house.folder / "apart.sqlite3"
    shutil.copyfile(house.folder / "world.sqlite3", path)
    store = SqliteStore(path, clock=house.clock, apart=COMMAND)
    await store.open()
    yield replace(house.premises, store=store, cuts=store.cuts)
    await store.close()


async def some(house: World, premises: Premises, people: list[str]) -> list[Done]:
    """Whole checks of these people, a moment later; all durable."""
    house.clock.move(timedelta(milliseconds=1))
    notice = premises.notice(premises.scenes["demo.counter"]).digest
    done = []
    for _ in range(400):
        checks = [
            WholeCheck(
                scene="demo.counter",
                method=Method.DOCUMENT_SEEN,
                evidence=card(number),
                notice=notice,
            )
            for number in people
        ]
        done = await complete_many(premises, checks)
        if not any(isinstance(each, LiangmingError) for each in done):
            return done
        await asyncio.sleep(0.05)  # another writer is on its way
    pytest.fail(str(done))


async def proven(premises: Premises, done: list[Done]) -> int:
    """How many leaves there are; each opens with its check's key to its own event."""
    count = 0
    for each in done:
        row = await premises.store.check(each.id)
        key = await leaf_key_of(premises, row)
        for leaf in await premises.store.leaves(each.id):
            assert opened(leaf, key) is not None
            count += 1
    return count


async def test_leaves_that_a_writer_cuts_prove_also_after_another_took_its_place(
    house: World, apart: Premises
) -> None:
    people = list(numbers(12))
    for _ in range(2):  # the plain way takes moulds and proves them
        await some(house, apart, [people.pop(), people.pop()])
    cut = await some(house, apart, [people.pop() for _ in range(3)])
    assert [each.change.run.leaves for each in cut] == [b""] * 3
    assert await proven(apart, cut) == 3 * 5

    os.kill(apart.store._writer._line._process.pid, signal.SIGKILL)
    again = await some(house, apart, [people.pop() for _ in range(3)])
    assert [each.change.run.pattern for each in again] == [b""] * 3  # it is read from the file
    assert await proven(apart, again) == 3 * 5


async def test_a_check_whose_pattern_is_nowhere_fails_alone(house: World, apart: Premises) -> None:
    people = list(numbers(8))
    for _ in range(2):
        await some(house, apart, [people.pop(), people.pop()])
    (lost,) = await some(house, apart, [people.pop()])
    change = lost.change
    other = under(change, "chk_01jd9qzzzzzzzzzzzzzzzzzzzz", key=b"?" * 16)
    good = under(change, "chk_01jd9qyyyyyyyyyyyyyyyyyyyy", key=change.run.key)
    failures = await apart.store.commit_many([other, good])
    assert [failure and failure.code.name for failure in failures] == ["storage.unfit-value", None]


def under(change: Change, check: str, *, key: bytes) -> Change:
    """The same check under another id."""
    return structs.replace(
        change,
        check=structs.replace(change.check, id=check),
        run=structs.replace(change.run, key=key, pattern=b""),
    )


async def test_of_many_leaves_at_once_both_processes_cut_some_and_all_of_them_prove(
    house: World, apart: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second half goes down while the writer has the first, so the store shares the work."""
    sent: list[list[bool]] = []
    encode = frames.changes

    def changes(jobs: Sequence[Sequence[Change]]) -> bytes:
        sent.append([bool(change.run and change.run.leaves) for job in jobs for change in job])
        return encode(jobs)

    await some(house, apart, numbers(2))  # the mould is made
    people = numbers(2 * MANY + 2)[2:]
    monkeypatch.setattr(frames, "changes", changes)
    halves = await asyncio.gather(
        some(house, apart, people[:MANY]), some(house, apart, people[MANY:])
    )
    assert [sum(which) for which in sent] == [0, MANY // 2]
    assert await proven(apart, [*halves[0], *halves[1]]) == 5 * 2 * MANY


async def test_leaves_are_cut_while_the_database_is_at_work_and_not_when_it_waits(
    house: World, apart: Premises
) -> None:
    """On PostgreSQL what is cut before a group is made holds nobody up."""
    people = list(numbers(MANY + 4))
    for _ in range(2):
        await some(house, apart, [people.pop(), people.pop()])
    poured = [each.change for each in await some(house, apart, people)]
    for (data,) in await apart.store._walk("SELECT data FROM patterns"):
        runs.learn_to_cut(data)  # as the committer does with the first that it commits
    committer = Committer("postgresql://nobody@127.0.0.1:1/none", 10 * MANY)
    committer._task = asyncio.get_running_loop().create_future()  # nobody takes what is put
    waiting = committer._waiting

    def cut() -> list[int]:
        return [sum(bool(each.run.leaves) for each in it.changes) for it in waiting._asked]

    unfit = structs.replace(poured[0].run, leaf_key=b"short")
    committer.put(poured)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert cut() == [0]
    waiting.group()
    committer._small.clear()  # a large group is at the database
    committer.put([*poured[:-1], structs.replace(poured[-1], run=unfit)])
    committer.put(poured[:2])
    committer.put(poured)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert 0 < cut()[0] < MANY  # a few at a time: the database is heard in between
    await committer._readying
    assert [it.ready for it in waiting._asked] == [True] * 3
    left = (
        MANY % 20
    )  # what cannot be cut is left to the write, with those that were to be cut beside it
    assert cut() == [MANY - left, 0, MANY]
    first, second = (
        structs.replace(each.run, leaves=b"") for each in waiting._asked[2].changes[:2]
    )
    assert (first.key, second.key) == (poured[0].run.key, poured[1].run.key)
    assert runs.run_columns(poured[3].check, poured[3].run) == runs.run_columns(
        poured[3].check, waiting._asked[2].changes[3].run
    )


def asked(loop: asyncio.AbstractEventLoop, many: int, *, ready: bool) -> Asked:
    each = Asked([opening()] * many, loop.create_future())
    each.ready = ready
    return each


async def test_a_group_is_what_is_ready_if_that_is_enough_and_all_that_waits_if_not() -> None:
    loop, waiting = asyncio.get_running_loop(), Waiting()
    for many, ready in ((100, True), (ENOUGH - 101, True), (100, False), (100, True), (100, False)):
        waiting.put(asked(loop, many, ready=ready))
    groups = []
    while waiting:
        groups.append([len(it.changes) for it in waiting.group()])
    assert groups == [[100, ENOUGH - 101, 100, 100], [100]]
    for _ in range(12):
        waiting.put(asked(loop, 100, ready=True))
    assert [len(waiting.group()), len(waiting.group())] == [GROUP // 100, 2]
    waiting.put(asked(loop, 5_000, ready=False))  # more than a group is one by itself
    assert len(waiting.group()) == 1
