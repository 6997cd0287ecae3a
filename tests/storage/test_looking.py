"""Look-ups that are asked together: each gets its own, one failure is told to those it touched."""

from __future__ import annotations

import asyncio

import pytest
from tests.storage.rows import person_row

from liangming.check.ports import STORE_DOWN
from liangming.errors import Outage
from liangming.storage.looking import Looking

ROWS = {row.person: row for row in (person_row(str(n)) for n in range(40))}


async def test_who_asks_while_one_is_on_its_way_goes_with_the_next_and_gets_their_own() -> None:
    asked: list[list[bytes]] = []

    async def look(keys: list[bytes]) -> dict:
        asked.append(keys)
        await asyncio.sleep(0)
        return {key: ROWS[key] for key in keys if key in ROWS}

    looking, keys = Looking(look), list(ROWS)
    answers = await asyncio.gather(*(looking.persons([key, b"none"]) for key in keys))
    assert answers == [{key: ROWS[key]} for key in keys]
    assert len(asked) == 1
    assert sorted(asked[0]) == sorted([*keys, b"none"])
    first = asyncio.ensure_future(looking.persons(keys[:1]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = [asyncio.ensure_future(looking.persons([key])) for key in keys[1:]]
    assert await first == {keys[0]: ROWS[keys[0]]}
    assert await asyncio.gather(*second) == [{key: ROWS[key]} for key in keys[1:]]
    assert [len(some) for some in asked] == [41, 1, 39]
    assert await looking.persons([]) == {}


async def test_a_failed_look_up_is_told_to_those_who_asked_and_the_next_goes_on() -> None:
    failing = True

    async def look(keys: list[bytes]) -> dict:
        await asyncio.sleep(0)
        if failing:
            raise Outage(STORE_DOWN)
        return {key: ROWS[key] for key in keys}

    looking, keys = Looking(look), list(ROWS)
    gone = asyncio.ensure_future(looking.persons(keys[:1]))
    others = [asyncio.ensure_future(looking.persons([key])) for key in keys[1:4]]
    await asyncio.sleep(0)
    gone.cancel()
    told = await asyncio.gather(*others, return_exceptions=True)
    assert [failure.code for failure in told] == [STORE_DOWN] * 3
    with pytest.raises(asyncio.CancelledError):
        await gone
    failing = False
    assert await looking.persons(keys[:2]) == {key: ROWS[key] for key in keys[:2]}
