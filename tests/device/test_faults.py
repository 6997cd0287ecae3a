"""Faults in pairs on every write of devices: enrol, take, disable. Done again, all is there once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.device.test_device import KEY, line, told
from tests.inspection.test_faults import HOWS, Failing, until_done
from tests.world import World, world

from liangming.check.ports import STORE_DOWN
from liangming.device import disable, enrol, enrolled, look, take
from liangming.errors import Outage
from liangming.ledger.device import key_text
from liangming.storage import open_docket


@pytest.fixture
async def house(tmp_path: Path):
    async with world(tmp_path) as made:
        yield made


async def new(house: World, docket: object) -> object:
    return await enrol(
        house.premises,
        docket,
        name="一号",
        scene="demo.counter",
        key=key_text(KEY.public_key()),
        actor="test",
    )


async def places(house: World) -> int:
    """How many leaves there are; their places have no gap."""
    rows = await house.premises.store.tail(-1, 10_000)
    assert [place for place, _ in rows] == list(range(len(rows)))
    return len(rows)


@HOWS
async def test_events_that_failed_are_sent_again_and_stand_there_once(house: World, how: str):
    docket = open_docket(house.premises.store)
    device = (await new(house, docket)).id
    before = await places(house)
    lines = [line(device, n) for n in (0, 1, 1, 2)]
    lines.append(line(device, 1, frames=9))  # a second content of a number
    failing = Failing(docket, 1, how)
    with pytest.raises(Outage) as caught:
        await take(house.premises, failing, "demo", lines)
    assert caught.value.code is STORE_DOWN
    assert await places(house) == before + (4 if how == "but written" else 0)
    again = told(await take(house.premises, failing, "demo", lines))
    taken = "repeated" if how == "but written" else "taken"
    assert again == [taken, taken, "repeated", taken, "forked"]
    assert await places(house) == before + 4  # three numbers and the fork
    assert [leaf.number for leaf in await house.premises.store.leaves(device)] == [0, 1, 2]
    (row,) = await look(docket)
    assert (row.count, [f.fault.value for f in row.faults]) == (3, ["fork"])


@HOWS
async def test_an_enrolment_that_failed_is_done_again_and_what_landed_is_seen(
    house: World, how: str
):
    """A lost answer leaves an enrolment that nobody was told of: it is listed, and can be disabled."""
    docket = open_docket(house.premises.store)
    failing = Failing(docket, 1, how)
    device = await until_done(lambda: new(house, failing))
    listed = [each.id for each in await enrolled(docket)]
    assert device.id in listed
    assert len(listed) == (2 if how == "but written" else 1)
    assert await places(house) == len(listed)


@HOWS
async def test_disabling_that_failed_is_done_again_and_leaves_one_leaf(house: World, how: str):
    docket = open_docket(house.premises.store)
    device = (await new(house, docket)).id
    failing = Failing(docket, 1, how)
    done = await until_done(lambda: disable(house.premises, failing, device, actor="test"))
    assert done is (how == "not written")  # "it was disabled before"
    assert await places(house) == 2
    assert told(await take(house.premises, docket, "demo", [line(device, 0)])) == [
        "device.disabled"
    ]
