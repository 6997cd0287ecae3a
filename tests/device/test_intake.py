"""Calls of devices that come together share a look-up and a commit, and nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from tests.device.test_device import (
    enrolled,
    fresh_database,
    house,
    line,
    postgres_cluster,
    told,
    url,
)
from tests.world import World

from liangming.check.ports import STORE_DOWN
from liangming.device import intake
from liangming.device.intake import FULL, Intake
from liangming.errors import Outage

__all__ = ["fresh_database", "house", "postgres_cluster", "url"]

PATIENCE = 30.0  # seconds of a busy machine


class Watched:
    """A docket that counts what it is asked, and may break."""

    def __init__(self, docket: Any) -> None:
        self.docket = docket
        self.asked: Counter[str] = Counter()
        self.breaks: BaseException | None = None
        self.poison = ""

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self.docket, name)

    async def commit(self, rows, leaves=()) -> None:
        self.asked["commit"] += 1
        if self.breaks is not None:
            raise self.breaks
        if self.poison and any(row.id.endswith(self.poison) for row in rows):
            raise ValueError
        await self.docket.commit(rows, leaves)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's time comes by itself."""
    monkeypatch.setattr(intake, "APART", 3_600.0)


async def watched(house: World) -> tuple[Watched, Intake, str]:
    docket, device = await enrolled(house)
    seen = Watched(docket)
    return seen, Intake(house.premises, seen), device


async def test_calls_of_one_moment_share_a_look_up_and_a_commit(house: World, apart: None) -> None:
    docket, taking, device = await watched(house)
    calls = [taking.take("demo", [line(device, n), line(device, n + 1)]) for n in range(0, 24, 2)]
    calls += [taking.take("another", [line(device, 1), b"nonsense"]), taking.take("demo", [])]
    answers = await asyncio.wait_for(asyncio.gather(*calls), PATIENCE)
    assert [told(each) for each in answers[:12]] == [["taken", "taken"]] * 12
    assert [each.seq for answer in answers[:12] for each in answer] == list(range(24))
    assert told(answers[12]) == ["device.unknown", "ledger.device-event-malformed"]
    assert answers[13] == []
    assert docket.asked == {"several": 1, "commit": 1}
    assert len(await house.premises.store.leaves(device)) == 24


async def test_an_event_that_comes_by_two_calls_of_a_pass_is_taken_once(
    house: World, apart: None
) -> None:
    docket, taking, device = await watched(house)
    calls = [
        taking.take("demo", [line(device, 0)]),
        taking.take("demo", [line(device, 0), line(device, 0, frames=1)]),
    ]
    one, two = await asyncio.wait_for(asyncio.gather(*calls), PATIENCE)
    assert (told(one), told(two)) == (["taken"], ["repeated", "forked"])
    assert docket.asked["commit"] == 1


async def test_a_call_alone_begins_at_once_and_those_behind_it_together(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "APART", 0.5)
    docket, taking, device = await watched(house)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    await taking.take("demo", [line(device, 0)])
    assert docket.asked["commit"] == 1
    later = [taking.take("demo", [line(device, n)]) for n in range(1, 9)]
    await asyncio.wait_for(asyncio.gather(*later), PATIENCE)
    assert loop.time() - begin >= 0.5
    assert docket.asked["commit"] == 2


async def test_a_pass_that_is_full_waits_for_nobody(house: World, apart: None) -> None:
    docket, taking, device = await watched(house)
    await asyncio.wait_for(taking.take("demo", [line(device, 0)]), PATIENCE)
    some = [taking.take("demo", [line(device, n)]) for n in range(1, FULL + 1)]
    answers = await asyncio.wait_for(asyncio.gather(*some), PATIENCE)
    assert [told(each) for each in answers] == [["taken"]] * FULL
    assert docket.asked["commit"] == 2


async def test_more_than_fits_goes_in_several_passes(
    house: World, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST", 4)
    monkeypatch.setattr(intake, "FULL", 1)
    docket, taking, device = await watched(house)
    calls = [taking.take("demo", [line(device, n + 3 * k) for n in range(3)]) for k in range(4)]
    calls.append(taking.take("demo", [line(device, 100 + n) for n in range(9)]))
    answers = await asyncio.wait_for(asyncio.gather(*calls), PATIENCE)
    assert [told(each) for each in answers] == [["taken"] * 3] * 4 + [["taken"] * 9]
    assert docket.asked["commit"] == 5


async def test_what_breaks_one_call_is_its_own(house: World, apart: None) -> None:
    docket, taking, device = await watched(house)
    docket.poison = f"{3:08x}"
    calls = [taking.take("demo", [line(device, n)]) for n in range(6)]
    answers = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), PATIENCE)
    assert [type(each) for each in answers] == [list, list, list, ValueError, list, list]
    assert [told(each) for each in answers if isinstance(each, list)] == [["taken"]] * 5
    assert len(await house.premises.store.leaves(device)) == 5


async def test_an_outage_is_told_to_all_and_the_next_pass_goes_on(
    house: World, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    docket, taking, device = await watched(house)
    docket.breaks = Outage(STORE_DOWN)
    calls = [taking.take("demo", [line(device, n)]) for n in range(3)]
    answers = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), PATIENCE)
    assert [type(each) for each in answers] == [Outage] * 3
    assert docket.asked["commit"] == 1
    docket.breaks = None
    monkeypatch.setattr(intake, "FULL", 1)
    assert told(await asyncio.wait_for(taking.take("demo", [line(device, 0)]), PATIENCE)) == [
        "taken"
    ]


async def test_who_goes_meanwhile_takes_nobody_with_them(house: World, apart: None) -> None:
    _, taking, device = await watched(house)
    calls = [asyncio.create_task(taking.take("demo", [line(device, n)])) for n in range(3)]
    await asyncio.sleep(0)
    calls[1].cancel()
    answers = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), PATIENCE)
    assert isinstance(answers[1], asyncio.CancelledError)
    assert told(answers[0]) == told(answers[2]) == ["taken"]
