"""After a restore, erase again: everybody in the erasure ledger, and whose day has come.

Runs before anything is served, at every start: the database cannot tell that it is an old copy.

1 the file and the database are read together; each may be the newer one
2 who is registered under an erased index since before the erasure goes again
3 each of the two is given what only the other knew
4 the retention job runs until nothing is left for it

A person who was erased and came back later is registered since then, and stays.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.erase import Why, erase_due, erase_person
from liangming.clock import micros
from liangming.docket import Record, leaf_keys
from liangming.ledger import Event
from liangming.rights import events, tombstones
from liangming.rights.desk import RightsDesk
from liangming.rights.holds import HOLD, held_among, ties
from liangming.rights.tombstones import Tombstone

ACTOR: Final = "restore"
REPLAY: Final = "rpl"
_STEP: Final = 500


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay found.

    Attributes:
        entries: tombstones known to the file or the database.
        resurrected: persons whom the database held against a tombstone; erased again.
        overdue: registrations beyond their day; erased.
        healed: tombstones that one of the two did not know.
    """

    entries: int
    resurrected: int
    overdue: int
    healed: int


async def replay(desk: RightsDesk) -> Replayed:
    """Do every erasure again that the database does not know of.

    Raises:
        Misuse: ``rights.erasure-file-damaged``.
        Outage: the file or the store cannot be reached. Nothing may be served then.
    """
    in_file = dict(tombstones.read_lines(desk.erasures))  # 1
    in_store = {row.id: row async for row in _stored(desk)}
    known = {row.id: row.sealed for row in in_store.values()} | in_file
    stones = [tombstones.opened(desk.premises, name, blob) for name, blob in known.items()]
    resurrected = 0
    for batch in _batches(stones):
        resurrected += await _again(desk, batch)  # 2
    missing = [stone for stone in stones if stone.erasure not in in_store]
    for batch in _batches(missing):  # 3
        rows = [tombstones.record_of("", s, known[s.erasure]) for s in batch]
        await desk.docket.commit(rows)
    lost = [name for name in known if name not in in_file]
    for name in lost:
        desk.erasures.append(tombstones.line_of(name, known[name]))
    overdue = await retire(desk)  # 4
    if resurrected:
        await _told(desk, len(stones), resurrected)
    return Replayed(
        entries=len(stones),
        resurrected=resurrected,
        overdue=overdue,
        healed=len(missing) + len(lost),
    )


async def standing(desk: RightsDesk) -> int:
    """How many persons the database holds against a tombstone, or beyond their day; reads only."""
    known = {row.id: row.sealed async for row in _stored(desk)}
    known |= dict(tombstones.read_lines(desk.erasures))
    stones = [tombstones.opened(desk.premises, name, blob) for name, blob in known.items()]
    wrong: set[bytes] = set()
    for batch in _batches(stones):
        wrong |= set(await _back(desk, batch))
    at = desk.premises.clock.now()
    due = await desk.premises.store.due_for_erasure(at, _STEP + await desk.docket.count(HOLD))
    held = await held_among(desk, [row.person for row in due])
    return len(wrong | {row.person for row in due if row.person not in held})


async def retire(desk: RightsDesk) -> int:
    """Erase everybody whose day has come and whom no hold keeps; returns how many."""
    gone, at = 0, desk.premises.clock.now()
    limit = _STEP + await desk.docket.count(HOLD)
    while some := await erase_due(
        desk.premises, at, limit, holds=lambda persons: held_among(desk, persons)
    ):
        gone += some
    return gone


async def _again(desk: RightsDesk, stones: Iterable[Tombstone]) -> int:
    gone = 0
    for person in await _back(desk, stones):
        gone += await erase_person(desk.premises, person, Why.ASKED, ACTOR)
        await desk.docket.commit([], drop=await ties(desk, person))
    return gone


async def _back(desk: RightsDesk, stones: Iterable[Tombstone]) -> list[bytes]:
    latest: dict[bytes, int] = {}
    for stone in stones:
        latest[stone.person] = max(micros(stone.at), latest.get(stone.person, 0))
    rows = await desk.premises.store.persons(list(latest))
    return [person for person, row in rows.items() if row.registered_at <= latest[person]]


def _batches(stones: Sequence[Tombstone]) -> Iterator[list[Tombstone]]:
    every = iter(stones)
    while some := list(islice(every, _STEP)):
        yield some


async def _stored(desk: RightsDesk) -> AsyncIterator[Record]:
    after = ""
    while rows := await desk.docket.walk(tombstones.KIND, after, _STEP):
        for row in rows:
            yield row
        after = rows[-1].id


async def _told(desk: RightsDesk, entries: int, resurrected: int) -> None:
    at = desk.premises.clock.now()
    name = ids.new(REPLAY, at)
    key = leaf_keys.lasting(desk.premises, name)
    row = Record(
        id=name,
        kind="replay",
        operator="",
        about="",
        state="done",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=key.kept,
        body=msgspec.json.encode({"entries": entries, "resurrected": resurrected}),
    )
    facts = {"entries": entries, "resurrected": resurrected}
    left = leaf_of(Event(events.REPLAYED.tag, micros(at), row.id, facts), key.key, 0)
    await desk.docket.commit([row], [left])
