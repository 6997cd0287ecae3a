"""What jobs of poured checks write is the same made one by one and joined, or folded as all changes are."""

from __future__ import annotations

import asyncio
import random  # noqa: TID251  (seeded)

import asyncpg
import msgspec
import pytest
from tests.postgres_cluster import Cluster
from tests.storage.rows import (
    AT,
    bytes_of,
    check_row,
    consent_row,
    leaf_row,
    note,
    person_row,
    redemption,
)

from liangming import ids
from liangming.check.ports import Change, Run
from liangming.storage import admission, migrate, waiting
from liangming.storage.postgres import PostgresStore
from liangming.storage.poured import Poured, joined
from liangming.storage.records import Writing
from liangming.storage.waiting import Asked

_replace = msgspec.structs.replace
TABLES = [name for name in Writing.__slots__ if not name.startswith("_")]


def poured(seed: random.Random, number: int, person: str = "", *, known: bool = False) -> Change:
    """A check as it comes down the pipe, its leaves cut."""
    id_ = ids.of_number("chk", (number & 0xFFFF) << 80 | seed.getrandbits(80))
    row = person_row(person) if person else None
    pattern = bytes_of(f"pattern{seed.randrange(3)}", 16)
    carried = pattern + b"data" if seed.random() < 0.3 else b""
    run = Run(pattern, carried, bytes_of(id_, 96 * 5), ("a", "b") if carried else ())
    key = row.person if row else None
    check = check_row(id_, person=key, opened_at=number, changed_at=number, state="passed")
    return Change(
        check=check,
        leaves=(),
        run=run,
        person=None if known else row,
        seen=key if known else None,
        seen_keep_until=number if known else 0,
        holder_key=row.wrapped_key if row else b"",
    )


def written(changes: list[Change]) -> dict[str, list]:
    writing = Writing(changes)
    return {name: getattr(writing, name) for name in TABLES}


@pytest.mark.parametrize("seed", range(20))
def test_what_is_joined_is_what_is_folded(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (no secret)
    names = iter([f"p{n}" for n in chance.sample(range(10_000), 200)])
    jobs = []
    for _ in range(chance.randint(1, 5)):
        job = []
        for n in range(chance.randint(0, 12)):
            kind = chance.choice(("new", "known", "nobody"))
            name = "" if kind == "nobody" else next(names)
            job.append(poured(chance, 100 + n, name, known=kind == "known"))
        jobs.append(job)
    changes = [change for job in jobs for change in job]
    found = joined([Poured.of(job) for job in jobs])
    assert found is not None
    assert {name: getattr(found, name) for name in TABLES} == written(changes)
    assert not any(admission.admit(changes, admission.expected(changes)))


def one(**other) -> Change:
    return _replace(poured(random.Random(1), 7, "p"), **other)  # noqa: S311


APART = {
    "a key": one(remember=note("k")),
    "a code": one(redeem=(redemption("c"),)),
    "a consent": one(consent=consent_row("con", "chk")),
    "a later version": one(check=_replace(one().check, version=2)),
    "no run": one(run=None),
    "leaves beside": one(leaves=(leaf_row("chk"),)),
    "another's person": one(check=_replace(one().check, person=b"other")),
    "nobody of theirs": one(check=_replace(one().check, person=None)),
    "another key": one(holder_key=b"other"),
    "registered and seen": one(seen=one().person.person),
    "somebody unseen": one(person=None),
    "seen by nobody": one(person=None, seen=b"p", check=_replace(one().check, person=None)),
    "no identifier": one(check=_replace(one().check, id="chk_1")),
    "leaves that nobody cuts": one(run=_replace(one().run, leaves=b"")),
}


@pytest.mark.parametrize("what", APART)
def test_whatever_is_otherwise_goes_the_general_way(what: str) -> None:
    other = poured(random.Random(2), 8, "q")  # noqa: S311
    assert joined([Poured.of([other])]) is not None
    assert Poured.of([other, APART[what]]) is None
    assert joined([Poured.of([other]), Poured.of([APART[what]])]) is None


def test_two_that_are_about_one_check_or_person_go_the_general_way() -> None:
    chance = random.Random(3)  # noqa: S311
    first, again = poured(chance, 1, "p"), poured(chance, 2, "p")
    known, known_again = poured(chance, 3, "p", known=True), poured(chance, 4, "p", known=True)
    other = poured(chance, 5, "q")
    same = _replace(other, check=_replace(other.check, id=first.check.id))
    for pair in ((first, again), (first, known), (known, known_again), (first, same)):
        assert Poured.of(pair) is None
        assert joined([Poured.of(pair[:1]), Poured.of(pair[1:])]) is None
    assert joined([Poured.of([first]), Poured.of([other])]) is not None


async def rows_of(url: str) -> dict[str, list[tuple]]:
    connection = await asyncpg.connect(url)
    try:
        return {
            table: sorted(map(tuple, await connection.fetch(f"SELECT * FROM {table}")), key=repr)  # noqa: S608
            for table in ("checks", "persons", "leaves", "patterns", "visits", "log_head")
        }
    finally:
        await connection.close()


@pytest.mark.postgres
@pytest.mark.parametrize("operators", [1, 2])
async def test_what_stands_is_the_same_whichever_way_it_was_written(
    postgres_cluster: Cluster, operators: int
) -> None:
    """Ready beforehand and joined, or looked at and folded; of one operator, or of two in one group."""
    chance = random.Random(4)  # noqa: S311
    names = [f"p{n}" for n in range(100)]
    some = [poured(chance, AT + n, name) for n, name in enumerate(names)]
    some += [poured(chance, AT + 200 + n, name, known=True) for n, name in enumerate(names)]
    changes = [
        _replace(each, check=_replace(each.check, operator=f"op{n % operators}"))
        for n, each in enumerate(some)
    ]
    found = []
    for looks in (False, True):
        url = await asyncio.to_thread(postgres_cluster.database)
        await asyncio.to_thread(migrate, url)
        store = PostgresStore(url)
        await store.open()
        store._committer._wary = 9 if looks else 0
        told = await asyncio.gather(
            *(store.commit_many(changes[n : n + 50]) for n in range(0, 100, 50))
        )
        told += [await store.commit_many(changes[100:])]
        assert [no for each in told for no in each] == [None] * 200
        assert (store._committer._wary > 0) is looks
        await store.close()
        found.append(await rows_of(url))
        await asyncio.to_thread(postgres_cluster.drop, url)
    assert found[0] == found[1]
    assert {row[1] for row in found[0]["checks"]} == {f"op{n}" for n in range(operators)}


async def test_a_group_of_jobs_is_written_in_their_order_whatever_of_it_is_ready() -> None:
    chance = random.Random(5)  # noqa: S311
    loop = asyncio.get_running_loop()
    group = [
        Asked([poured(chance, n, f"p{n}-{m}") for m in range(many)], loop.create_future())
        for n, many in enumerate((1, 2, 60, 1, 1, 55, 3))
    ]
    for asked in group[2], group[5]:
        while not asked.ready:
            asked.get_ready()
        assert asked.poured is not None
    found = waiting.poured(group)
    assert found is not None
    changes = [change for asked in group for change in asked.changes]
    assert {name: getattr(found, name) for name in TABLES} == written(changes)
    group.insert(3, Asked([one(remember=note("k"))], loop.create_future()))
    assert waiting.poured(group) is None
