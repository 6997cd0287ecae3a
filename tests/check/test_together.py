"""What checks of one pass share is asked once, and what may not be shared is not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.world import World, card, numbers

from liangming import ids
from liangming.check import WholeCheck, leaf_keys, lots
from liangming.check import states as s
from liangming.check.begun import Moulds
from liangming.check.done import Done
from liangming.check.lots import CHANCE_BYTES
from liangming.check.ports import PersonRow
from liangming.check.together import complete_each
from liangming.check.whole import complete
from liangming.errors import Refusal
from liangming.law.words import Method
from liangming.method import Unwilling


def checks(house: World, shown: list[object]) -> list[WholeCheck]:
    digest = house.premises.notice(house.premises.scenes["demo.counter"]).digest
    return [
        WholeCheck(
            scene="demo.counter", method=Method.DOCUMENT_SEEN, evidence=evidence, notice=digest
        )
        for evidence in shown
    ]


def of_a_kind(kind: int, number: str) -> object:
    """Evidence that ends in another way for each kind."""
    return (
        card(number),
        card(number, name="", waybill_name="", agrees=True),
        card(number, waybill_name="别人"),
        card(number, expires="2012-04-15"),
        card(numbers(1)[0]),  # known before
        Unwilling(),
    )[kind]


def said(results: list[Done | Exception], tags: Mapping[bytes, tuple[str, ...]]) -> list[object]:
    """How each ended, without what is its own; ``tags`` of the patterns that rest."""
    ends = []
    for result in results:
        assert isinstance(result, Done)
        state = result.state
        ends.append(
            (
                s.tag(state),
                state.citations,
                getattr(state, "reason", ""),
                getattr(state, "register", ""),
                getattr(state, "fields", ()),
                [leaf.tag for leaf in result.change.leaves]
                if result.change.run is None
                else list(tags[result.change.run.key]),
            )
        )
    return ends


async def test_whatever_follows_whatever_in_a_pass_ends_as_it_does_alone(house: World) -> None:
    order = [kind for one in range(6) for other in range(6) for kind in (one, other)]
    people = iter(numbers(400)[1:])

    async def through() -> list[Done | Exception]:
        house.clock.move(timedelta(milliseconds=3))
        shown = [of_a_kind(kind, next(people)) for kind in order]
        return await complete_each(house.premises, checks(house, shown))

    await complete_each(house.premises, checks(house, [card(numbers(1)[0])]))
    proven = [done for _ in range(2) for done in await through()]  # moulds are taken and proven
    runs = [done.change.run for done in proven if isinstance(done, Done)]
    tags = {run.key: run.tags for run in runs if run is not None and run.pattern}
    poured = await through()
    object.__setattr__(house.premises, "moulds", Moulds())
    plain = await through()
    assert [done.change.run is not None for done in poured] == [True] * len(order)
    assert said(plain, tags) == said(poured, tags)
    assert len({repr(end) for end in said(poured, tags)}) == 6
    for done in poured[:12]:
        assert await house.verify(done.id) == done.state


async def test_what_a_pass_draws_is_drawn_at_once_and_no_two_checks_share_a_byte_of_it(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = numbers(30)
    for begin in (0, 5):
        house.clock.move(timedelta(milliseconds=3))
        await complete_each(house.premises, checks(house, [card(n) for n in people[begin:][:5]]))
    draws: list[bytes] = []
    named: list[str] = []
    what_of = leaf_keys.what_of

    def drawn(size: int) -> bytes:
        draws.append(os.urandom(size))
        return draws[-1]

    def what(check: str) -> bytes:
        if check not in named:
            named.append(check)
        if named.index(check) == 2:
            raise ZeroDivisionError
        return what_of(check)

    monkeypatch.setattr(lots, "urandom", drawn)
    monkeypatch.setattr(leaf_keys, "what_of", what)
    house.clock.move(timedelta(milliseconds=3))
    results = await complete_each(house.premises, checks(house, [card(n) for n in people[10:]]))
    monkeypatch.setattr(leaf_keys, "what_of", what_of)
    assert [len(draw) for draw in draws] == [20 * CHANCE_BYTES]
    assert [n for n, one in enumerate(results) if not isinstance(one, Done)] == [2]
    assert isinstance(results[2], ZeroDivisionError)
    parts = [draws[0][n : n + CHANCE_BYTES] for n in range(0, len(draws[0]), CHANCE_BYTES)]
    parts.sort()  # so ids ascend, and each enters the indexes at their end
    for part, check in zip(parts, named, strict=True):
        assert ids.number_of(check) & (1 << 80) - 1 == int.from_bytes(part[:10])
    for part, done in zip(parts, results, strict=True):
        if isinstance(done, Done):
            person = done.change.person
            assert person is not None
            assert person.wrapped_key[19:31] == part[42:54]
            assert person.sealed[7:19] == part[54:66]
            kept, vault = done.change.check, house.premises.vault
            assert leaf_keys.open_key(vault, kept, person.wrapped_key) == part[10:42]
            assert await house.verify(done.id) == done.state


async def test_a_new_person_with_a_second_parcel_in_one_pass_returns(house: World) -> None:
    people = numbers(6)
    for begin in (0, 1):  # moulds are taken and proven, of those who come and of those who return
        house.clock.move(timedelta(milliseconds=3))
        twice = [card(people[begin]), card(people[begin])]
        await complete_each(house.premises, checks(house, twice))
    house.clock.move(timedelta(milliseconds=3))
    order = (2, 3, 2, 4, 3, 3, 5, 0)
    passed = await complete_each(house.premises, checks(house, [card(people[n]) for n in order]))
    assert all(isinstance(done, Done) and done.change.run is not None for done in passed)
    registers = [getattr(done.state, "register", "") for done in passed]
    assert registers == [
        "collected", "collected", "kept", "collected", "kept", "kept", "collected", "kept"
    ]  # fmt: skip
    assert (await house.premises.store.counts())["persons"] == 6
    for done in passed:
        assert await house.verify(done.id) == done.state


async def test_of_those_who_return_together_one_whose_key_does_not_open_fails_alone(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [card(n) for n in numbers(5)]
    for _ in range(3):
        house.clock.move(timedelta(milliseconds=3))
        await complete_each(house.premises, checks(house, shown))
    store = house.premises.store
    everybody = [person for person, _ in await store.wrapped_keys(b"", 9)]
    assert len(everybody) == 5
    found = store.persons

    async def persons(keys: list[bytes]) -> dict[bytes, PersonRow]:
        rows = await found(keys)
        for key, row in rows.items():
            if key == max(everybody):
                wrapped = row.wrapped_key[:-1] + bytes((row.wrapped_key[-1] ^ 1,))
                return {**rows, key: replace(row, wrapped_key=wrapped)}
        return rows

    monkeypatch.setattr(store, "persons", persons)
    house.clock.move(timedelta(milliseconds=3))
    passed = await complete_each(house.premises, checks(house, shown))
    (wrong,) = [one for one in passed if not isinstance(one, Done)]
    assert isinstance(wrong, Refusal)
    assert wrong.code.name == "vault.cannot-open"
    for done in passed:
        if isinstance(done, Done):
            assert done.change.run is not None
            assert done.change.seen is not None
            assert await house.verify(done.id) == done.state


async def test_a_person_whom_memory_does_not_know_is_found_by_the_commit(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [card(n) for n in numbers(8)]
    for some in (shown[:3], shown[3:4]):  # registered, with a mould or without one
        house.clock.move(timedelta(milliseconds=3))
        await complete_each(house.premises, checks(house, some))
    store = house.premises.store
    monkeypatch.setattr(store, "perhaps", lambda _: [])
    house.clock.move(timedelta(milliseconds=3))
    passed = await complete_each(house.premises, checks(house, [*shown, shown[0]]))
    alone = [await complete(house.premises, check) for check in checks(house, shown[:2])]
    registers = [getattr(done.state, "register", "") for done in (*passed, *alone)]
    assert registers == ["kept"] * 4 + ["collected"] * 4 + ["kept"] * 3
    assert (await store.counts())["persons"] == 8
    for done in (*passed, *alone):
        assert await house.verify(done.id) == done.state
