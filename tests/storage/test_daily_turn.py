"""A day is audited once: whoever asks first has the turn, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

from tests.storage.rows import NOW
from tests.world import scene, world

from liangming.governance import daily
from liangming.storage import open_docket

DAY = date(2026, 11, 26)


async def test_of_all_who_ask_at_once_one_has_the_turn_and_each_day_has_its_own(
    url: str, tmp_path: Path
) -> None:
    async with world(tmp_path, scene(), url=url) as house:
        records = open_docket(house.premises.store)
        asked = await asyncio.gather(*(daily.take(records, DAY, NOW) for _ in range(4)))
        (mine,) = [turn for turn in asked if turn is not None]
        assert await daily.done(records, mine, NOW, b'{"until": 1}')
        for later in (timedelta(0), timedelta(days=9)):
            assert await daily.take(records, DAY, NOW + later) is None
        assert await daily.newest(records) == b'{"until": 1}'
        tomorrow = await daily.take(records, DAY + timedelta(days=1), NOW)
        assert tomorrow is not None
        assert await daily.newest(records) == b'{"until": 1}'
        assert await daily.done(records, tomorrow, NOW, b'{"until": 2}')
        assert await daily.newest(records) == b'{"until": 2}'


async def test_a_turn_whose_holder_fell_silent_is_taken_over_and_cannot_be_ended_twice(
    url: str, tmp_path: Path
) -> None:
    async with world(tmp_path, scene(), url=url) as house:
        records = open_docket(house.premises.store)
        first = await daily.take(records, DAY, NOW)
        assert first is not None
        held = await daily.hold(records, first, NOW + timedelta(minutes=10))
        assert held is not None
        assert await daily.take(records, DAY, NOW + timedelta(minutes=20)) is None
        second = await daily.take(records, DAY, NOW + timedelta(minutes=26))
        assert second is not None
        assert await daily.hold(records, held, NOW + timedelta(minutes=27)) is None
        assert not await daily.done(records, held, NOW + timedelta(minutes=27), b"{}")
        assert await daily.newest(records) == b""
        assert await daily.done(records, second, NOW + timedelta(minutes=28), b"{}")


async def test_a_turn_that_failed_is_tried_again_an_hour_later_and_three_times_in_all(
    url: str, tmp_path: Path
) -> None:
    async with world(tmp_path, scene(), url=url) as house:
        records = open_docket(house.premises.store)
        now = NOW
        for _ in range(3):
            mine = await daily.take(records, DAY, now)
            assert mine is not None
            assert await daily.failed(records, mine, now)
            assert await daily.take(records, DAY, now + timedelta(minutes=59)) is None
            now += timedelta(hours=1)
        assert await daily.take(records, DAY, now) is None
