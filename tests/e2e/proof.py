"""What a stopped house holds, read from its store and proven check by check."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlsplit

from tests.e2e.server import House
from tests.world import World

from liangming.access import events as client_events
from liangming.check.states import tag
from liangming.clock import SystemClock
from liangming.governance.scene_history import LIVE
from liangming.storage import open_store
from liangming.vault import AES, KeyFile, Vault

PERSONS_OF_CHECKS = "SELECT id, person FROM checks"
OF_THE_HOUSE = {LIVE.tag, client_events.ASKED.tag, client_events.ISSUED.tag}


@dataclass(frozen=True)
class Held:
    """Everything that was found."""

    states: dict[str, str]  # check id → tag of its state
    events: dict[str, tuple[str, ...]]  # check id → tags of its events, in order
    persons: dict[str, bytes | None]  # check id → whose it is
    counts: dict[str, int]

    def checks_of(self, checks: Iterable[str]) -> Counter[bytes | None]:
        """How many checks the person of each of these has."""
        mine = {self.persons[check] for check in checks}
        return Counter(person for person in self.persons.values() if person in mine)


async def prove(house: House) -> Held:
    """Every stored check is whole, every leaf proves its event, and the log has no gap."""
    persons = await _persons(house)
    store = open_store(house.address)
    await store.open()
    try:
        keys = KeyFile(house.data / "keys.json").load(SystemClock().now()).keys
        reader = SimpleNamespace(premises=SimpleNamespace(store=store, vault=Vault(keys, AES)))
        states: dict[str, str] = {}
        events: dict[str, tuple[str, ...]] = {}
        expected_leaves = []
        for check in persons:
            states[check] = tag(await World.verify(reader, check))  # type: ignore[arg-type]
            leaves = await store.leaves(check)
            events[check] = tuple(leaf.tag for leaf in leaves)
            expected_leaves += [leaf.leaf for leaf in leaves]
        log = await store.tail(-1, 10_000_000)
        assert [place for place, _ in log] == list(range(len(log)))
        rows = [row for _, row in await store.leaves_after(-1, 10_000_000)]
        assert [row.leaf for row in rows] == [leaf for _, leaf in log]
        # Scenes and the key of the tests' client belong to no check.
        assert {row.tag for row in rows if row.check not in persons} <= OF_THE_HOUSE
        of_checks = [row.leaf for row in rows if row.check in persons]
        assert sorted(of_checks) == sorted(expected_leaves)
        counts = await store.counts()
    finally:
        await store.close()
    registered = {person for person in persons.values() if person is not None}
    assert counts["persons"] == len(registered)
    assert counts["checks"] == len(persons)
    return Held(states, events, persons, counts)


async def _persons(house: House) -> dict[str, bytes | None]:
    """The one question that no store answers: all checks there are."""
    if house.database:
        import asyncpg

        connection = await asyncpg.connect(house.database)
        try:
            return {row[0]: row[1] for row in await connection.fetch(PERSONS_OF_CHECKS)}
        finally:
            await connection.close()
    path = urlsplit(house.address).path[1:]
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute(PERSONS_OF_CHECKS).fetchall())
