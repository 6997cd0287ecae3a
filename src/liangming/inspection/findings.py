"""Findings under a mandate, and how they are put right, each step a leaf.

    open → rectified → closed
             ↑___________| not accepted: open again, with a new day

A finding names a violation of the catalogue, perhaps a place in the log, and the day by which it is
to be put right. Nothing here is free text: what was seen stands in the authority's own file, and its
digest may stand here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from liangming.clock import china_date
from liangming.docket import Record
from liangming.errors import Misuse
from liangming.inspection import events
from liangming.inspection.catalogue import by_id
from liangming.inspection.codes import (
    FINDING_STATE,
    FINDING_UNFIT,
    FINDING_UNKNOWN,
)
from liangming.inspection.house import Inspected
from liangming.inspection.mandate import Mandate
from liangming.inspection.register import Finding, acts_of, leave, registered
from liangming.ledger import EventKind
from liangming.ledger.leaf import FactValue

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_OPEN, _RECTIFIED, _CLOSED = "open", "rectified", "closed"


async def record(
    house: Inspected, mandate: Mandate, violation: str, *, due: date, place: int | None = None
) -> Finding:
    """Record a finding.

    Args:
        house: that is inspected.
        mandate: under which it was found.
        violation: ``V01`` to ``V30``.
        due: the last day (in China) to put it right.
        place: of the leaf that shows it, if one does.

    Raises:
        Misuse: ``inspection.finding-unfit`` naming what does not fit;
            ``inspection.mandate-unregistered``.
    """
    known = by_id.get(violation)
    if known is None:
        raise Misuse(FINDING_UNFIT, field="violation")
    if due < china_date(house.premises.clock.now()):
        raise Misuse(FINDING_UNFIT, field="due")
    if place is not None and place < 0:
        raise Misuse(FINDING_UNFIT, field="place")
    held = await registered(house, mandate)
    finding = Finding(len(acts_of(held).findings) + 1, violation, _OPEN, due, place)
    facts: dict[str, FactValue] = {
        "finding": finding.number,
        "violation": violation,
        "citations": known.citations,
        "due": due.isoformat(),
    }
    if place is not None:
        facts["place"] = place
    await _store(house, held, finding, events.FOUND, facts)
    return finding


async def rectify(house: Inspected, mandate: Mandate, number: int, evidence: str) -> Finding:
    """The operator says that it was put right.

    Args:
        number: of the finding.
        evidence: SHA-256 (hex) of the file that shows it.

    Raises:
        Misuse: ``inspection.finding-unknown``, ``inspection.finding-state``,
            ``inspection.finding-unfit``.
    """
    if _DIGEST.fullmatch(evidence) is None:
        raise Misuse(FINDING_UNFIT, field="evidence")
    held, finding = await _held(house, mandate, number, _OPEN)
    late = china_date(house.premises.clock.now()) > finding.due
    moved = msgspec.structs.replace(finding, state=_RECTIFIED)
    facts: dict[str, FactValue] = {"finding": number, "evidence": evidence, "late": late}
    await _store(house, held, moved, events.RECTIFIED, facts)
    return moved


async def close(
    house: Inspected, mandate: Mandate, number: int, *, accepted: bool, due: date | None = None
) -> Finding:
    """The inspector accepts it, or opens it again with a new day.

    Raises:
        Misuse: ``inspection.finding-unknown``, ``inspection.finding-state``;
            ``inspection.finding-unfit``: opened again without a day to come.
    """
    held, finding = await _held(house, mandate, number, _RECTIFIED)
    if accepted:
        moved = msgspec.structs.replace(finding, state=_CLOSED)
        await _store(house, held, moved, events.CLOSED, {"finding": number})
        return moved
    if due is None or due < china_date(house.premises.clock.now()):
        raise Misuse(FINDING_UNFIT, field="due")
    moved = msgspec.structs.replace(finding, state=_OPEN, due=due)
    facts: dict[str, FactValue] = {"finding": number, "due": due.isoformat()}
    await _store(house, held, moved, events.REOPENED, facts)
    return moved


async def findings(house: Inspected, mandate: Mandate) -> tuple[Finding, ...]:
    """Every finding under a mandate, by number."""
    return acts_of(await registered(house, mandate)).findings


def overdue(finding: Finding, on: date) -> bool:
    """Whether its day has passed and nobody said that it was put right."""
    return finding.state == _OPEN and finding.due < on


async def _held(
    house: Inspected, mandate: Mandate, number: int, state: str
) -> tuple[Record, Finding]:
    record = await registered(house, mandate)
    known = acts_of(record).findings
    if not 1 <= number <= len(known):
        raise Misuse(FINDING_UNKNOWN, field="finding")
    finding = known[number - 1]
    if finding.state != state:
        raise Misuse(FINDING_STATE, field="finding")
    return record, finding


async def _store(
    house: Inspected,
    record: Record,
    finding: Finding,
    kind: EventKind,
    facts: Mapping[str, FactValue],
) -> None:
    known = acts_of(record).findings
    after = (*known[: finding.number - 1], finding, *known[finding.number :])
    await leave(house, record, kind, facts, findings=after)
