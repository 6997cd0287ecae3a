"""Who may be registered is known from memory, and where memory is wrong the register is right."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.storage.rows import opening, person_row

from liangming.check.ports import STORE_DOWN, Change
from liangming.errors import Outage
from liangming.storage import met
from liangming.storage.apart import COMMAND
from liangming.storage.met import Met, Register
from liangming.storage.sqlite import SqliteStore

INDEX = st.binary(min_size=16, max_size=16)


def registering(*persons: bytes) -> list[Change]:
    """Changes that register these."""
    return [opening(person=replace(person_row("p"), person=person)) for person in persons]


@given(st.lists(INDEX, max_size=40), st.lists(INDEX, max_size=40), st.integers(0, 1 << 34))
def test_whoever_was_met_is_on_the_map(there: list[bytes], others: list[bytes], people: int):
    where = Met(min(people, 1 << 18))
    where.add(there)
    asked = [*there, *others]
    assert where.among(there) == there
    assert set(where.among(asked)) >= {*there}
    assert Met(0).among(asked) == []


def test_few_are_looked_for_in_vain_and_a_map_has_a_largest_size():
    where = Met(1 << 20)
    where.add(os.urandom(16) for _ in range(1 << 14))
    strangers = [os.urandom(16) for _ in range(4_000)]
    assert len(where.among(strangers)) < 8  # none expected
    assert Met(1 << 40)._words.nbytes == 1 << 25
    assert Met(1 << 40).room == 1 << 24


def test_a_full_map_sends_few_strangers_to_the_register():
    strangers = [hashlib.sha256(b"stranger %d" % n).digest()[:16] for n in range(4_000)]
    where = Met(0)
    where.add(hashlib.sha256(b"%d" % n).digest()[:16] for n in range(where.room // 16))
    assert len(where.among(strangers)) < 4
    full = Met(0)
    full.room, full._words, full._shift = 1 << 12, full._words[: 1 << 10], 64 - 10  # a small one
    full.add(hashlib.sha256(b"%d" % n).digest()[:16] for n in range(full.room))
    assert 5 < len(full.among(strangers)) < 60  # 1 in 200; a bit each was 1 in 16


async def test_everybody_may_be_there_until_the_register_was_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(met, "_STEP", 3)
    monkeypatch.setattr(met, "_REST", 0)
    there, later, stranger = ([bytes([n, kind]) * 8 for n in range(8)] for kind in (1, 2, 3))
    seen: list[object] = []

    async def walk(sql: str, values: object) -> list[tuple[object, ...]]:
        if "max" in sql:
            return [(len(there),)]
        after, limit = values
        seen.append(register.perhaps(stranger))
        if len(seen) == 2:  # while it is read
            register.sent(registering(*later[:4]))
        return [(person,) for person in sorted(there) if person > after][:limit]

    register = Register(walk)
    register.sent(registering(*later))  # nobody reads: there is nothing to keep
    assert register.perhaps(stranger) == stranger
    register.begin()
    reading = register._reading
    register.begin()  # one is enough
    assert register._reading is reading
    await reading
    assert seen == [stranger] * 4
    register.sent([*registering(*later[4:]), opening()])
    assert register.perhaps([*there, *later, *stranger]) == [*there, *later]
    await register.end()


async def test_a_map_that_is_too_full_is_made_anew_and_one_that_cannot_be_read_is_left_out():
    outage: list[Exception] = []

    async def walk(sql: str, values: object) -> list[tuple[object, ...]]:
        if outage:
            raise outage[0]
        return [(1,)] if "max" in sql else []

    register = Register(walk)
    register.begin()
    await register._reading
    first = register._met
    first.room = 2
    register.sent(registering(*(os.urandom(16) for _ in range(3))))
    await register._reading
    assert register._met is not first
    outage.append(Outage(STORE_DOWN))
    second = register._met
    second.room = 0
    register.sent(registering(os.urandom(16)))
    await register._reading
    assert (register._met, register._next) == (second, None)
    await register.end()


async def test_who_others_register_is_a_surprise_and_some_put_the_map_away(
    monkeypatch: pytest.MonkeyPatch,
):
    there: list[bytes] = []
    asked: list[str] = []

    async def walk(sql: str, values: object) -> list[tuple[object, ...]]:
        asked.append(sql)
        if sql == met.POSTGRES.many:
            return [(len(there),)]
        after, limit = values
        return [(person,) for person in sorted(there) if person > after][:limit]

    register = Register(walk, met.POSTGRES)
    register.surprise(1_000)  # nothing was read: nothing is put away
    register.begin()
    await register._reading
    strangers = [os.urandom(16) for _ in range(8)]
    register.surprise(4)
    assert register.perhaps(strangers) == []
    monkeypatch.setattr(met, "_PAUSE", 0.01)
    there += strangers[:3]
    register.surprise(1)
    assert register.perhaps(strangers) == strangers
    register.surprise(1)  # once is enough
    await register._reading
    assert register.perhaps(strangers) == strangers[:3]
    assert set(asked) == set(met.POSTGRES)
    for _ in range(4):  # among many who were sent, some more mean nothing
        register.sent(registering(*(os.urandom(16) for _ in range(5_000))))
    register.surprise(5)
    assert register.perhaps(strangers) == strangers[:3]
    register.surprise(1)
    assert register.perhaps(strangers) == strangers
    await register.end()


async def test_a_service_reads_the_register_that_is_there_and_knows_whom_it_registers(
    sqlite_url: str,
):
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    before, new, stranger = (os.urandom(16) for _ in range(3))
    alone = SqliteStore(path)
    await alone.open()
    await alone.commit_many(registering(before))
    assert alone.perhaps([stranger]) == [stranger]  # no service: it looks
    await alone.close()
    store = SqliteStore(path, apart=COMMAND)
    await store.open()
    await store._register._reading
    assert store.perhaps([before, new, stranger]) == [before]
    await store.commit_many(registering(new))
    assert store.perhaps([before, new, stranger]) == [before, new]
    await store.close()
    assert store._register._reading is None
