"""One operator's register cut by the person's key over several PostgreSQL databases.

Each shard is a whole house: a database and a log of its own. All have the operator's keys, so each computes
the same index of a person, and whoever routes needs nothing but those keys: no list of who is where.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path

from tests.world import World, card, world

from liangming.check import WholeCheck, whole_many
from liangming.check.erase import Why, erase_person
from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.check.states import Passed
from liangming.law.words import Method
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust, fsck
from liangming.vault import AES, Vault

SCENE = "demo.counter"
KIND = "resident_card"


@dataclass
class Shards:
    """The houses, in the order of their remainders."""

    houses: list[World]
    folders: list[Path]

    def index(self, number: str) -> bytes:
        """The key by which everything of a person is found; the same in every house."""
        first = self.houses[0].premises
        return first.vault.blind_index(KIND, f"demo\0{number}")

    def of(self, person: bytes) -> int:
        """Where a person is: keys are evenly spread, so the remainder is."""
        return int.from_bytes(person[:8], "big") % len(self.houses)

    async def check(self, numbers: Sequence[str]) -> dict[str, str]:
        """A whole check for each, in the house it belongs to; all houses at once. Number → check."""
        parts: list[list[str]] = [[] for _ in self.houses]
        for number in numbers:
            parts[self.of(self.index(number))].append(number)
        done = await asyncio.gather(*map(self._whole, self.houses, parts))
        return {number: check for part in done for number, check in part}

    @staticmethod
    async def _whole(house: World, numbers: Sequence[str]) -> list[tuple[str, str]]:
        digest = house.premises.notice(house.premises.scenes[SCENE]).digest
        checks = [
            WholeCheck(
                scene=SCENE, method=Method.DOCUMENT_SEEN, evidence=card(number), notice=digest
            )
            for number in numbers
        ]
        states = await whole_many(house.premises, checks)
        assert all(isinstance(state, Passed) for state in states)
        return [(n, state.about.id) for n, state in zip(numbers, states, strict=True)]

    async def where(self, check: str) -> list[int]:
        """The houses that know a check; a check's id says nothing of its person, so all are asked."""
        found = await asyncio.gather(*(h.premises.store.check(check) for h in self.houses))
        return [n for n, row in enumerate(found) if row is not None]

    async def registered(self, person: bytes) -> list[int]:
        """The houses that have a person."""
        found = await asyncio.gather(*(h.premises.store.persons([person]) for h in self.houses))
        return [n for n, rows in enumerate(found) if rows]

    async def erase(self, person: bytes) -> bool:
        """Where the key says, and nowhere else."""
        house = self.houses[self.of(person)]
        return await erase_person(house.premises, person, Why.ASKED, "test")

    async def logged(self, n: int) -> int:
        """Carry a house's leaves into its own log, verify every byte of it; how many leaves."""
        premises, folder = self.houses[n].premises, self.folders[n]
        origin = f"log.example/demo-{n}"
        key = log_key(premises.keys.signing, origin)
        tiles = FileTiles(folder / "log")
        with closing(SqliteHeads(folder / "head.sqlite3")) as heads:
            log = Log(origin=origin, tiles=tiles, heads=heads, keys=[key])
            carrier = Integrator(premises.store, log, premises.clock, tiles=tiles)
            while await carrier.round():
                pass
        size: int = fsck(tiles, Trust(origin, (key.verifying,))).head.size
        assert size == len(await premises.store.tail(-1, 10_000_000))
        return size


@asynccontextmanager
async def shards(folder: Path, urls: Sequence[str]) -> AsyncIterator[Shards]:
    """A house on each of these databases, with one operator's keys."""
    async with AsyncExitStack() as stack:
        houses, folders = [], []
        for n, url in enumerate(urls):
            place = folder / str(n)
            place.mkdir()
            house = await stack.enter_async_context(world(place, url=url))
            keys = houses[0].premises.keys if houses else house.premises.keys
            house.premises = replace(house.premises, keys=keys, vault=Vault(keys, AES))
            houses.append(house)
            folders.append(place)
        yield Shards(houses, folders)


async def proven(made: Shards, numbers: Sequence[str]) -> Counter[int]:
    """Everybody is checked twice, somebody erased; everything is where it belongs. Checks a shard."""
    first = await made.check(numbers)
    again = await made.check(numbers)  # returning senders: known where they were registered
    spread: Counter[int] = Counter()
    for checks in (first, again):
        for number, check in checks.items():
            here = made.of(made.index(number))
            assert await made.where(check) == [here]  # each check in exactly one house
            spread[here] += 1
    counts = [await house.premises.store.counts() for house in made.houses]
    assert sum(each["checks"] for each in counts) == 2 * len(numbers)
    assert sum(each["persons"] for each in counts) == len(numbers)  # nobody collected twice

    gone, stays = (made.index(number) for number in numbers[:2])
    assert await made.registered(gone) == [made.of(gone)]
    assert await made.erase(gone) is True
    assert await made.erase(gone) is False
    assert await made.registered(gone) == []
    assert await made.registered(stays) == [made.of(stays)]
    row = await made.houses[made.of(gone)].premises.store.check(first[numbers[0]])
    assert row is not None
    assert (row.person, row.leaf_key) == (None, b"")
    for n, house in enumerate(made.houses):
        for number in numbers[1:10]:
            if made.of(made.index(number)) == n:
                await house.verify(first[number])
    sizes = [await made.logged(n) for n in range(len(made.houses))]
    assert sum(sizes) == sum([c["leaves"] for c in counts]) + 1  # and the erasure's
    return spread
