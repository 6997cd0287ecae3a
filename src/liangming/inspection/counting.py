"""Read the leaves of a range as entries of a census, and count them when a mandate is registered.

The registration says what was in scope and what was erased *before* anybody knew the seed. Whoever
erases a drawn check afterwards cannot hide it: the packet shows by how much the counts have changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final

import msgspec

from liangming.check.pattern import event_of
from liangming.check.ports import LeafRow
from liangming.errors import Refusal
from liangming.inspection.census import Entry, Tally, names_to_show
from liangming.inspection.house import Inspected
from liangming.inspection.keys import LeafKeys
from liangming.inspection.mandate import Mandate
from liangming.ledger import disclose, leaf_of_disclosure
from liangming.ledger.codes import LEAF_HASH_WRONG
from liangming.ledger.head import read_head_text
from liangming.ledger.leaf import FactValue
from liangming.ledger.note import read_note

Progress = Callable[[int, int], None]
"""Called with (leaves read, leaves in all) now and then."""

_STEP: Final = 500


class Counted(msgspec.Struct, frozen=True):
    """What stood in the log before a mandate was registered.

    Attributes:
        counted: the place up to which it was counted.
        in_scope: checks in scope below it.
        erased: leaves below it whose key was gone.
    """

    counted: int
    in_scope: int
    erased: int


async def count(house: Inspected, mandate: Mandate, progress: Progress | None = None) -> Counted:
    """Count what there is now; checks may come in meanwhile and are counted by the census later.

    Raises:
        Refusal: ``ledger.leaf-hash-wrong``: the store's leaves have a gap.
        Outage: the store's.
    """
    tally = Tally(mandate, begin_of(mandate))
    keys = LeafKeys(house.premises, house.records)
    async for rows in leaves_from(house, tally.begin, None):
        for row in rows:
            tally.add(await entry_of(keys, mandate, row))
        if progress is not None:
            progress(tally.place - tally.begin, tally.place - tally.begin)
    return Counted(tally.place, len(tally.population), tally.closed)


def begin_of(mandate: Mandate) -> int:
    """Where the census of a mandate begins; whether its head is the log's is asked elsewhere."""
    if not mandate.since_head:
        return 0
    return read_head_text(read_note(mandate.since_head.encode()).text)[1].size


async def leaves_from(
    house: Inspected, begin: int, end: int | None
) -> AsyncIterator[list[LeafRow]]:
    """The stored leaves of a range, some hundred at a time; to the last one when it has no end.

    Raises:
        Refusal: ``ledger.leaf-hash-wrong``: there is a gap.
    """
    place = begin
    while end is None or place < end:
        step = _STEP if end is None else min(_STEP, end - place)
        found = await house.premises.store.leaves_after(place - 1, step)
        if [at for at, _ in found] != list(range(place, place + len(found))):
            raise Refusal(LEAF_HASH_WRONG)
        if not found:
            if end is None:
                return
            raise Refusal(LEAF_HASH_WRONG)
        yield [row for _, row in found]
        place += len(found)


async def entry_of(keys: LeafKeys, mandate: Mandate, row: LeafRow) -> Entry:
    """A stored leaf as an entry of the census: opened as far as the mandate's question needs."""
    key = await keys.of_leaf(row)
    if key is None:
        return Entry(row.leaf, None)
    event = event_of(row)
    facts: dict[str, FactValue] = {
        **event.facts,
        "at": row.at,
        "check": row.check,
        "seq": row.number,
        "tag": row.tag,
    }
    names = names_to_show(mandate, facts)
    shown = disclose(event, key, row.number, facts if names is None else names)
    return Entry(row.leaf, shown if leaf_of_disclosure(shown) == row.leaf else None)
