"""The digest of a day's audit as an event of the house's own log.

Whoever keeps the file can later show that it is the one of that day; the file itself stays outside.
"""

from __future__ import annotations

from typing import Final

import msgspec

from liangming import ids
from liangming.audit.watch import JUDGED, Watched, digest, facts
from liangming.check.desk import leaf_of
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.docket import Record, Records, leaf_keys
from liangming.ledger import Event

KIND: Final = "audit"
PREFIX: Final = "aud"


async def record(house: Premises, records: Records, result: Watched) -> bool:
    """Leave the result's digest as evidence; the same result is recorded once.

    Record and leaf become durable together, or neither does.

    Returns:
        False if it was recorded before.

    Raises:
        Outage: the store cannot write.
    """
    about = digest(result)
    if await records.about(KIND, about):
        return False
    at = house.clock.now()
    told = facts(result)
    name = ids.new(PREFIX, at)
    key = leaf_keys.lasting(house, name)
    held = Record(
        id=name,
        kind=KIND,
        operator="",
        about=about,
        state="recorded",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=key.kept,
        body=msgspec.json.encode(told, order="sorted"),
    )
    leaf = leaf_of(Event(JUDGED.tag, micros(at), held.id, told), key.key, 0)
    await records.commit([held], [leaf])
    return True
