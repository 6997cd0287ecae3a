"""What only had to be there for a while goes, and not before the clock can be trusted."""

from __future__ import annotations

from datetime import timedelta

from tests.storage.rows import check_row, note, opening
from tests.world import World

from liangming.check.conclude import forget_served
from liangming.clock import micros

MANY = 1_100  # more than one step of the store


async def test_keys_go_after_a_day_and_stay_while_the_clock_has_just_leapt(
    house: World, monkeypatch
) -> None:
    store, clock = house.premises.store, house.clock
    at = micros(clock.now())
    changes = [
        opening(check=check_row(f"chk_{n}"), remember=note(f"k{n}", at=at)) for n in range(MANY)
    ]
    assert await store.commit_many(changes) == [None] * MANY
    clock.move(timedelta(hours=25))
    monkeypatch.setattr(clock, "settled", lambda: False)
    assert await forget_served(house.premises, clock.now()) == 0
    monkeypatch.undo()
    assert await forget_served(house.premises, clock.now()) == MANY
    assert (await store.counts())["remembered"] == 0
