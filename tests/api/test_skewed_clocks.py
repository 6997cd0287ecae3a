"""Devices whose clocks are days off send beside the polite: all of it lands, each is told, nobody is moved.

A device's time is what it says, and is kept as said; the centre's own moments never come from it.
``bench/rude.py`` sends such devices beside the load and measures what the others notice.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.api.conftest import Door
from tests.device.test_device import line
from tests.world import NOON, numbers

from liangming.clock import micros
from liangming.device import enrol, look
from liangming.ledger.device import LEEWAY, Fault, Found, key_text

SECOND = 1_000_000
MINUTE, DAY = 60 * SECOND, 86_400 * SECOND
AT = micros(NOON)
EACH, TOGETHER = 12, 3  # events of a device, and lines in one call

# How far a device's clock is off when it makes its n-th event.
CLOCKS: dict[str, Callable[[int], int]] = {
    "right": lambda _: 0,
    "three days behind": lambda _: -3 * DAY,
    "minutes behind": lambda _: -7 * MINUTE,
    "ahead within the leeway": lambda _: LEEWAY - EACH * SECOND,
    "minutes ahead": lambda _: 7 * MINUTE,
    "three days ahead": lambda _: 3 * DAY,
    "leaps back and forth": lambda n: DAY if n % 2 else -DAY,
    "set right once": lambda n: 3 * DAY if n < 4 else 0,
}


def ahead(*seqs: int, by: int) -> list[Found]:
    """The centre's clock stands still here; a device's goes on by a second an event."""
    return [Found(Fault.AHEAD, n, n, by + n * SECOND) for n in seqs]


FAULTS = {
    "right": [],
    "three days behind": [],  # late is no fault
    "minutes behind": [],
    "ahead within the leeway": [],
    "minutes ahead": ahead(*range(EACH), by=7 * MINUTE),
    "three days ahead": ahead(*range(EACH), by=3 * DAY),
    "leaps back and forth": [
        *(found for n in range(1, EACH, 2) for found in ahead(n, by=DAY)),
        *(Found(Fault.BACK, n, n, 2 * DAY - SECOND) for n in range(2, EACH, 2)),
    ],
    "set right once": [
        *ahead(*range(4), by=3 * DAY),
        Found(Fault.BACK, 4, 4, 3 * DAY - SECOND),
    ],
}


async def enrolled(door: Door, name: str) -> tuple[str, Ed25519PrivateKey]:
    key = Ed25519PrivateKey.generate()
    device = await enrol(
        door.world.premises,
        door.api.lobby.desk.docket,
        name=name,
        scene="demo.counter",
        key=key_text(key.public_key()),
        actor="test",
    )
    return device.id, key


def rows(answer: httpx.Response) -> list[dict[str, object]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(each) for each in answer.content.splitlines()]


async def test_devices_with_wrong_clocks_beside_polite_clients_lose_nothing_and_are_each_told(
    door: Door,
) -> None:
    headers = {
        "content-type": "application/x-ndjson",
        **await door.another("device-events", operator="demo"),
    }
    devices = {name: await enrolled(door, name) for name in CLOCKS}
    events = {
        name: [line(device, n, key=key, at=AT + n * SECOND + CLOCKS[name](n)) for n in range(EACH)]
        for name, (device, key) in devices.items()
    }

    async def say(name: str, *lines: bytes) -> list[dict[str, object]]:
        """Some events, and among them one that somebody moved to a better time on its way."""
        bad = lines[0].replace(b'"at":17', b'"at":18', 1)
        raw = b"\n".join([lines[0], bad, *lines[1:]])
        told = rows(await door.http.post("/v1/device-events", content=raw, headers=headers))
        assert [row["line"] for row in told] == list(range(1, len(lines) + 2)), name
        refused = told.pop(1)
        assert refused["problem"]["code"] == "ledger.device-event-signature", name  # type: ignore[index]
        return told

    async def device(name: str) -> None:
        mine = events[name]
        for begin in range(0, EACH, TOGETHER):
            told = await say(name, *mine[begin : begin + TOGETHER])
            assert [row.get("outcome") for row in told] == ["taken"] * TOGETHER, name
        assert [row.get("outcome") for row in await say(name, *mine)] == ["repeated"] * EACH, name

    async def polite(some: list[str]) -> list[str]:
        made = []
        for number in some:
            body = door.whole()
            body["evidence"] = {**body["evidence"], "number": number}  # type: ignore[dict-item]
            answer = await door.http.post("/v1/checks:whole", json=body)
            assert answer.status_code == 201, answer.text
            made.append(answer.json()["id"])
        return made

    people = list(numbers(24))
    checks, *_ = await asyncio.gather(
        polite(people[:12]), *map(device, CLOCKS), polite(people[12:])
    )
    house = door.world.premises
    told = {row.device.name: row for row in await look(door.api.lobby.desk.docket)}
    assert {name: row.count for name, row in told.items()} == dict.fromkeys(CLOCKS, EACH)
    for name, faults in FAULTS.items():
        found = sorted(told[name].faults, key=lambda each: (each.fault, each.first))
        assert found == sorted(faults, key=lambda each: (each.fault, each.first)), name
        leaves = await house.store.leaves(devices[name][0])
        assert [leaf.number for leaf in leaves] == list(range(EACH)), name
        # As it was said, to the microsecond; when it came stands beside it.
        assert [leaf.at for leaf in leaves] == [
            AT + n * SECOND + CLOCKS[name](n) for n in range(EACH)
        ], name
        assert told[name].last_received == AT, name
    assert (await house.store.counts())["checks"] == len(people)
    for check in checks:
        row = await house.store.check(check)
        assert row is not None
        assert (row.opened_at, row.changed_at) == (AT, AT)  # nobody's clock but ours
    places = [place for place, _ in await house.store.tail(-1, 10_000)]
    assert places == list(range(len(places)))
