"""Register a mandate, and leave evidence of what is done under it.

A mandate is a record of the docket; its leaves carry its id. Registering it again, or recording
the same act twice, changes nothing, so every command may be repeated after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from liangming.check.desk import leaf_of
from liangming.clock import micros
from liangming.docket import Record, leaf_keys
from liangming.errors import Misuse
from liangming.inspection import events
from liangming.inspection.codes import MANDATE_UNREGISTERED
from liangming.inspection.counting import Progress, count
from liangming.inspection.house import Inspected
from liangming.inspection.mandate import Mandate, end_of_day
from liangming.ledger import Event, EventKind
from liangming.ledger.leaf import FactValue

KIND: Final = "inspection"


class Finding(msgspec.Struct, frozen=True):
    """One violation found under a mandate.

    Attributes:
        number: 1, 2, 3 … under its mandate.
        violation: of the catalogue.
        state: ``open``, ``rectified``, ``closed``.
        due: the last day, in China, to put it right.
        place: of the leaf that shows it, if one does.
    """

    number: int
    violation: str
    state: str
    due: date
    place: int | None = None


class Acts(msgspec.Struct, frozen=True):
    """The body of a mandate's record: the mandate, how many leaves it has, and what was found."""

    mandate: Mandate
    leaves: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def due_at(self) -> int | None:
        """When the next step is due: the end of the earliest day of an open finding, in µs."""
        days = [finding.due for finding in self.findings if finding.state == "open"]
        return end_of_day(min(days)) if days else None


async def register(house: Inspected, mandate: Mandate, progress: Progress | None = None) -> bool:
    """Register a mandate; its leaf fixes it, the moment, and what there was to see before.

    Returns:
        False if it was registered before.
    """
    if await house.records.get(mandate.id) is not None:
        return False
    before = await count(house, mandate, progress)
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
        leaf_key=leaf_keys.lasting(house.premises, mandate.id).kept,
        body=msgspec.json.encode(Acts(mandate)),
    )
    await leave(
        house,
        record,
        events.REGISTERED,
        {
            "digest": mandate.digest,
            "authority": mandate.authority,
            "case": mandate.case,
            "since": mandate.since_day.isoformat(),
            "until": mandate.until_day.isoformat(),
            "sample": mandate.sample,
            "basis": mandate.basis,
            "counted": before.counted,
            "in_scope": before.in_scope,
            "erased": before.erased,
        },
    )
    return True


async def registered(house: Inspected, mandate: Mandate) -> Record:
    """The record of a mandate.

    Raises:
        Misuse: ``inspection.mandate-unregistered``.
    """
    record = await house.records.get(mandate.id)
    if record is None or acts_of(record).mandate != mandate:
        raise Misuse(MANDATE_UNREGISTERED)
    return record


def acts_of(record: Record) -> Acts:
    """What a mandate's record holds."""
    return msgspec.json.decode(record.body, type=Acts)


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
    await leave(house, record, kind, facts)
    return True


async def leave(
    house: Inspected,
    record: Record,
    kind: EventKind,
    facts: Mapping[str, FactValue],
    *,
    findings: tuple[Finding, ...] | None = None,
) -> None:
    """One leaf under a mandate, and what it changes, in one transaction.

    Args:
        house: that is inspected.
        record: the mandate's, as it was read; of two who read the same one, one lands.
        kind: of the event.
        facts: of the event.
        findings: after it; as before when absent.

    Raises:
        Misuse: ``check.moved-on``.
    """
    at = house.premises.clock.now()
    acts = acts_of(record)
    key = await leaf_keys.again(house.premises, record)
    leaf = leaf_of(Event(kind.tag, micros(at), record.id, facts), key.key, acts.leaves)
    after = Acts(acts.mandate, acts.leaves + 1, acts.findings if findings is None else findings)
    moved = msgspec.structs.replace(
        record,
        version=record.version + 1,
        changed_at=micros(at),
        due_at=after.due_at,
        leaf_key=key.kept,
        body=msgspec.json.encode(after),
    )
    await house.records.commit([moved], [leaf])
