"""All checks of a person are found without an index over checks, whatever came before."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.storage.rows import AT, HOUR, NOW, check_row, leaf_row, opening, person_row

from liangming.check.ports import Change, CheckRow, PersonRow
from liangming.errors import Misuse
from liangming.storage import open_docket, open_store, visits

PEOPLE = 3
_worlds = itertools.count()
_people = st.integers(0, PEOPLE - 1)
_deeds = st.one_of(
    st.tuples(st.sampled_from(("first", "again", "later")), _people, st.just(1)),
    st.tuples(st.just("again"), _people, st.integers(30, 40)),
    st.tuples(st.sampled_from(("erase", "drop")), _people, st.just(1)),
)
_groups = st.lists(
    st.tuples(st.booleans(), st.lists(_deeds, min_size=1, max_size=5)), min_size=1, max_size=8
)


async def rows_of(store, sql: str) -> list[tuple]:
    return [tuple(row) for row in await store.rows(sql)]


async def all_checks(store) -> list[CheckRow]:
    """The table as it is, walked by its key."""
    found, after = [], ""
    while some := await store.checks_after(after, 500):
        found, after = found + some, some[-1].id
    return found


async def write(store, sql: str, value: str) -> None:
    """A statement that no store has."""
    if hasattr(store, "transaction"):
        async with store.transaction() as connection:
            await connection.execute(sql.format("$1"), value)
    else:
        await store.do(lambda cursor: cursor.execute(sql.format("?"), (value,)).fetchall())


class World:
    """Some people whom several doors meet at once; each look at them is compared with a scan."""

    def __init__(self, stores) -> None:
        self.stores = stores
        name = f"w{next(_worlds)}"
        self.people = [person_row(f"{name}/{n}", operator=name) for n in range(PEOPLE)]
        self.operator = name
        self.turns = itertools.count()

    def opened(self, whom: PersonRow, **other) -> Change:
        row = check_row(person=whom.person, operator=self.operator)
        return opening(check=row, **other)

    async def later(self, store, person: PersonRow) -> None:
        """A stepwise check, which learns its person at the end."""
        first = opening(check=check_row(operator=self.operator))
        await store.commit(first)
        moved = replace(first.check, version=2, state="passed", person=person.person)
        await store.commit(opening(check=moved, leaves=(leaf_row(moved.id, 1),), seen=person))
        ended = replace(moved, version=3)  # a step after that
        await store.commit(opening(check=ended, leaves=(leaf_row(moved.id, 2),)))

    async def do(self, deed: tuple[str, int, int]) -> None:
        what, who, many = deed
        store, person = self.stores[next(self.turns) % len(self.stores)], self.people[who]
        try:
            match what:
                case "first":
                    await store.commit(self.opened(person, person=person))
                case "again":
                    await store.commit_many([self.opened(person, seen=person) for _ in range(many)])
                case "later":
                    await self.later(store, person)
                case "drop":
                    for row in (await store.checks_of(person.person, 9))[:2]:
                        await write(store, "DELETE FROM checks WHERE id = {}", row.id)
                case "erase":
                    await store.erase(person.person, [])
        except Misuse:
            pass  # erased meanwhile: asked anew by a real caller

    async def compare(self) -> None:
        theirs = defaultdict(list)
        for row in await all_checks(self.stores[0]):
            theirs[row.person].append(row)
        expected = []
        for person in sorted(self.people, key=lambda row: row.person):
            scanned = theirs[person.person][::-1]
            for store in self.stores:
                assert await store.checks_of(person.person, 10_000) == scanned
                assert await store.checks_of(person.person, 2) == scanned[:2]
            if scanned:
                expected.append((person.person, scanned[0].id))
        docket = open_docket(self.stores[0])
        assert await docket.persons_of(self.operator, AT + 1) == expected
        assert await docket.persons_of(self.operator, AT) == []

    async def end(self) -> None:
        """Whoever is erased has left every check."""
        for person in self.people:
            await self.stores[-1].erase(person.person, [])
        keys = {person.person for person in self.people}
        assert keys.isdisjoint(row.person for row in await all_checks(self.stores[0]))
        for table in ("persons", "visits"):
            left = await rows_of(self.stores[0], f"SELECT person FROM {table}")  # noqa: S608
            assert keys.isdisjoint(row[0] for row in left)


def test_whatever_happened_a_person_s_checks_are_those_of_a_scan(url):
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def begin():
            # SQLite has one writer; on PostgreSQL two processes race.
            stores = [open_store(url) for _ in range(2 if url.startswith("postgres") else 1)]
            for store in stores:
                await store.open()
                stack.push_async_callback(store.close)
            return stores

        stores = runner.run(begin())

        async def example(groups) -> None:
            world = World(stores)
            for together, deeds in [(False, [("first", 0, 1), ("first", 1, 1)]), *groups]:
                if together:
                    await asyncio.gather(*(world.do(deed) for deed in deeds))
                else:
                    for deed in deeds:
                        await world.do(deed)
            await world.compare()
            await world.end()
            await write(stores[0], "DELETE FROM checks WHERE '' = {}", "")  # the scan stays short

        @settings(max_examples=8 * (3 - len(stores)), suppress_health_check=list(HealthCheck))
        @given(_groups)
        def property_(groups) -> None:
            runner.run(example(groups))

        try:
            property_()
        finally:
            runner.run(stack.aclose())


async def test_a_row_never_grows_beyond_its_room_and_what_one_group_brings(store):
    person = person_row("busy")
    await store.commit(opening(check=check_row(person=person.person), person=person))
    for size in (3, 29, 1, 1, 100, 1, 5):
        some = [opening(check=check_row(person=person.person), seen=person) for _ in range(size)]
        assert not any(await store.commit_many(some))
    ((held,),) = await rows_of(store, "SELECT length(visits) FROM persons")
    copied = await rows_of(store, "SELECT length(numbers) FROM visits ORDER BY 1")
    assert held == 6 * visits.NUMBER
    assert copied == [(33 * visits.NUMBER,), (102 * visits.NUMBER,)]
    scanned = (await all_checks(store))[::-1]
    assert len(scanned) == 141
    assert await store.checks_of(person.person, 999) == scanned


async def test_a_check_of_somebody_whom_it_does_not_meet_is_refused_alone(store):
    person = person_row("p")
    lost = opening(check=check_row(person=person.person))
    with pytest.raises(Misuse) as caught:
        await store.commit(lost)
    assert caught.value.code.name == "storage.unfit-value"
    assert await store.check(lost.check.id) is None


async def test_who_came_back_is_put_off_and_erased_when_the_later_term_is_over(store, clock):
    rows = [person_row(n, keep_until=AT) for n in "abc"]
    await store.commit_many([opening(person=row) for row in rows])
    later = opening(seen=rows[1], seen_keep_until=AT + HOUR)
    await store.commit(later)
    before = replace(rows[1], keep_until=AT + HOUR)
    assert [row.person for row in await store.due_for_erasure(NOW, 9)] == [
        rows[0].person,
        rows[2].person,
    ]
    assert await store.postpone(NOW) == 1
    assert await store.postpone(NOW) == 0
    assert (await store.persons([before.person]))[before.person] == before
    assert await store.erase(before.person, [], due=AT + HOUR - 1) is False
    assert len(await store.due_for_erasure(NOW, 9)) == 2
    clock.move(timedelta(hours=1))
    assert [row.person for row in await store.due_for_erasure(clock.now(), 9)][-1] == before.person
    again = opening(seen=rows[1], seen_keep_until=AT + 2 * HOUR)
    await store.commit(again)
    assert before.person not in {row.person for row in await store.due_for_erasure(clock.now(), 9)}
