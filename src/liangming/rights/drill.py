"""The restore drill: an old backup, restored elsewhere, must not bring anybody back.

1 count who is back: registered against a tombstone, or beyond their day
2 replay, as every start of the service does
3 count again: must be 0 · 4 the others still open, so that the backup is worth something

Law: pipl.47, pipl.51
"""

from __future__ import annotations

from typing import Final

import msgspec

from liangming.register import BINDING_PURPOSE, BINDING_RECORD
from liangming.rights.desk import RightsDesk
from liangming.rights.replay import replay, standing
from liangming.vault import Binding, Purpose

SAMPLE: Final = 100


class Drilled(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill found.

    Attributes:
        entries: tombstones.
        persons: registrations in the backup.
        before: of these, who should not be there.
        after: who still is after the replay; must be 0.
        opened: how many of a sample of the others open under the keys in use.
    """

    entries: int
    persons: int
    before: int
    after: int
    opened: int


async def drill(desk: RightsDesk) -> Drilled:
    """Run the drill on a restored database that serves nobody.

    Raises:
        Refusal: one of the others does not open: keys and backup do not belong together.
    """
    store = desk.premises.store
    persons = (await store.counts())["persons"]
    before = await standing(desk)  # 1
    done = await replay(desk)  # 2
    after = await standing(desk)  # 3
    opened = 0
    sample = await store.wrapped_keys(b"", SAMPLE)
    rows = await store.persons([person for person, _ in sample])
    for person, row in rows.items():  # 4
        key = desk.premises.vault.unwrap(row.wrapped_key, person)
        desk.premises.vault.open_fields(
            key,
            Binding(person, BINDING_PURPOSE, BINDING_RECORD),
            row.sealed,
            purpose=Purpose.DRILL,
            reason="restore drill",
            actor="drill",
            at=desk.premises.clock.now(),
            only=(),
        )
        opened += 1
    return Drilled(entries=done.entries, persons=persons, before=before, after=after, opened=opened)
