"""Register a mandate, and leave evidence of what is done under it.

A mandate is a record of the docket; its leaves carry its id. Registering it again, or recording
the same act twice, changes nothing, so every command may be repeated after a crash.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from liangming.check.desk import leaf_of
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.docket import Record, Records
from liangming.errors import Misuse
from liangming.inspection import events
from liangming.inspection.codes import MANDATE_UNREGISTERED
from liangming.inspection.mandate import Mandate
from liangming.ledger import Event, EventKind
from liangming.ledger.leaf import KEY_BYTES, FactValue

KIND: Final = "inspection"


@dataclass(frozen=True, slots=True)
class Inspected:
    """The house that is inspected: its checks and log, and the docket that holds its mandates."""

    premises: Premises
    records: Records


class Acts(msgspec.Struct, frozen=True):
    """The body of a mandate's record: the mandate, and how many leaves it has."""

    mandate: Mandate
    leaves: int = 0


async def register(house: Inspected, mandate: Mandate) -> bool:
    """Register a mandate; its leaf fixes it, and the moment.

    Returns:
        False if it was registered before.
    """
    if await house.records.get(mandate.id) is not None:
        return False
    at = house.premises.clock.now()
    record = Record(
        id=mandate.id,
        kind=KIND,
        operator=mandate.operator,
        about="",
        state="registered",
        version=0,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=secrets.token_bytes(KEY_BYTES),
        body=msgspec.json.encode(Acts(mandate)),
    )
    await _leave(
        house,
        record,
        at,
        events.REGISTERED,
        {
            "digest": mandate.digest,
            "authority": mandate.authority,
            "case": mandate.case,
            "since": mandate.since_day.isoformat(),
            "until": mandate.until_day.isoformat(),
            "sample": mandate.sample,
            "basis": mandate.basis,
        },
    )
    return True


async def registered(house: Inspected, mandate: Mandate) -> Record:
    """The record of a mandate.

    Raises:
        Misuse: ``inspection.mandate-unregistered``.
    """
    record = await house.records.get(mandate.id)
    if record is None or msgspec.json.decode(record.body, type=Acts).mandate != mandate:
        raise Misuse(MANDATE_UNREGISTERED)
    return record


async def act(
    house: Inspected,
    mandate: Mandate,
    kind: EventKind,
    facts: Mapping[str, FactValue],
    *,
    repeats: bool = False,
) -> bool:
    """Leave evidence of one act under a mandate.

    Args:
        repeats: record it each time; otherwise the same act with the same facts is recorded once.

    Returns:
        False if it was recorded before.

    Raises:
        Misuse: ``inspection.mandate-unregistered``; ``check.moved-on`` when another act was first.
    """
    record = await registered(house, mandate)
    if not repeats:
        canonical = msgspec.json.encode(facts, order="sorted")
        for leaf in await house.premises.store.leaves(mandate.id):
            if leaf.tag == kind.tag and leaf.facts == canonical:
                return False
    await _leave(house, record, house.premises.clock.now(), kind, facts)
    return True


async def _leave(
    house: Inspected,
    record: Record,
    at: datetime,
    kind: EventKind,
    facts: Mapping[str, FactValue],
) -> None:
    acts = msgspec.json.decode(record.body, type=Acts)
    leaf = leaf_of(Event(kind.tag, micros(at), record.id, facts), record.leaf_key, acts.leaves)
    moved = msgspec.structs.replace(
        record,
        version=record.version + 1,
        changed_at=micros(at),
        body=msgspec.json.encode(msgspec.structs.replace(acts, leaves=acts.leaves + 1)),
    )
    await house.records.commit([moved], [leaf])
