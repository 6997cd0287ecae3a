"""Nothing is kept past its day, and nobody else is touched when somebody goes."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import msgspec
from tests.world import CARD, NOON, World, card, numbers

from liangming.check import Opening, open_check, present
from liangming.check.erase import Why, erase_due, erase_person, leaf_key
from liangming.check.journey import choose, show_notice
from liangming.clock import from_micros, micros
from liangming.law.words import Method
from liangming.ledger import Event, commit

YEAR = timedelta(days=365)


async def passed(house: World, number: str = CARD) -> tuple[str, bytes]:
    state = await open_check(house.premises, Opening(scene="demo.counter"))
    await show_notice(house.premises, state.about.id)
    await choose(house.premises, state.about.id, Method.DOCUMENT_SEEN)
    await present(house.premises, state.about.id, card(number))
    row = await house.premises.store.check(state.about.id)
    assert row is not None
    assert row.person is not None
    return state.about.id, row.person


async def test_a_registration_stays_until_its_day_and_is_gone_on_it(house: World) -> None:
    check, person = await passed(house)
    store = house.premises.store
    kept = (await store.persons([person]))[person]
    assert kept.keep_until == micros(NOON + YEAR)

    house.clock.set(from_micros(kept.keep_until - 1))
    assert await erase_due(house.premises, house.clock.now()) == 0
    assert await store.persons([person]) == {person: kept}

    house.clock.set(NOON + YEAR)
    assert await erase_due(house.premises, house.clock.now()) == 1
    assert await store.persons([person]) == {}
    row = await store.check(check)
    assert row is not None
    assert (row.person, row.leaf_key) == (None, b"")
    assert await erase_due(house.premises, house.clock.now()) == 0
    for path in house.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert [part in data for part in (person, kept.wrapped_key, kept.sealed)] == [False] * 3


async def test_a_sender_who_returned_is_kept_for_the_later_term(house: World) -> None:
    _, person = await passed(house)
    house.clock.set(NOON + timedelta(days=100))
    _, again = await passed(house)
    assert again == person
    assert await erase_due(house.premises, NOON + YEAR) == 0
    house.clock.set(NOON + YEAR + timedelta(days=100))
    assert await erase_due(house.premises, house.clock.now()) == 1


async def test_checks_of_others_still_prove_and_the_erasure_has_its_own_leaf(house: World) -> None:
    other = next(n for n in numbers(5) if n != CARD)
    _, person = await passed(house)
    theirs, them = await passed(house, other)
    before = await house.premises.store.tail(-1, 1_000)

    assert await erase_person(house.premises, person, Why.ASKED, "cli") is True
    await house.verify(theirs)
    assert list(await house.premises.store.persons([person, them])) == [them]
    after = await house.premises.store.tail(-1, 1_000)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert await erase_person(house.premises, person, Why.ASKED, "cli") is False
    assert len(await house.premises.store.tail(-1, 1_000)) == len(after)


async def test_the_leaf_of_an_erasure_is_opened_by_the_operators_secret(house: World) -> None:
    _, person = await passed(house)
    await erase_person(house.premises, person, Why.ASKED, "cli")
    with closing(sqlite3.connect(house.folder / "world.sqlite3")) as file:
        sql = "SELECT check_id FROM leaves ORDER BY seq DESC LIMIT 1"
        erasure = file.execute(sql).fetchone()[0]
    (stored,) = await house.premises.store.leaves(erasure)
    event = Event("check:register:erased", micros(NOON), erasure, {"why": "asked", "actor": "cli"})
    assert msgspec.json.decode(stored.facts) == event.facts
    assert commit(event, leaf_key(house.premises.keys.leaf, erasure), 0) == stored.leaf
    assert commit(event, leaf_key(house.premises.keys.leaf, "era_other"), 0) != stored.leaf


async def test_an_erased_person_registers_again_like_anybody_new(house: World) -> None:
    _, person = await passed(house)
    old = (await house.premises.store.persons([person]))[person]
    await erase_person(house.premises, person, Why.ASKED, "cli")
    check, again = await passed(house)
    fresh = (await house.premises.store.persons([again]))[again]
    assert again == person
    assert fresh.wrapped_key != old.wrapped_key
    await house.verify(check)
    house.nothing_leaked()
    leaves = await house.premises.store.leaves(check)
    assert msgspec.json.decode(leaves[-1].facts)["register"] == "collected"
    assert house.premises.vault.unwrap(fresh.wrapped_key, again).person == person
