"""The digest of a day's audit as an event of the house's own log.

Whoever keeps the file can later show that it is the one of that day; the file itself stays outside.
"""

from __future__ import annotations

import secrets
from typing import Final

import msgspec

from liangming import ids
from liangming.audit.watch import JUDGED, Watched, digest, facts
from liangming.check.desk import leaf_of
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.docket import Record, Records
from liangming.ledger import Event
from liangming.ledger.leaf import KEY_BYTES

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
    key = secrets.token_bytes(KEY_BYTES)
    held = Record(
        id=ids.new(PREFIX, at),
        kind=KIND,
        operator="",
        about=about,
        state="recorded",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=key,
        body=msgspec.json.encode(told, order="sorted"),
    )
    leaf = leaf_of(Event(JUDGED.tag, micros(at), held.id, told), key, 0)
    await records.commit([held], [leaf])
    return True
