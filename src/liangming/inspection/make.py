"""Make a packet: only with two people's approvals, and never half.

1 gather again under the approved plan       it must come to the same plan
2 write the packet beside its place          nothing was handed out
3 leave evidence: approvals, the making      a crash after this: recorded, not handed out
4 move the packet to its place               never handed out without evidence
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from liangming.inspection import events
from liangming.inspection.census import CHUNK, Entry, encode_entry
from liangming.inspection.counting import Progress
from liangming.inspection.gather import gather
from liangming.inspection.house import Inspected
from liangming.inspection.mandate import Mandate, encode_mandate
from liangming.inspection.packet import (
    APPROVALS,
    MANDATE,
    PLAN,
    SAMPLE,
    Writer,
    census_name,
    encode_sample,
    notice_name,
    written,
)
from liangming.inspection.plan import FourEyes, encode_plan
from liangming.inspection.register import act
from liangming.ledger.leaf import FactValue


async def make_packet(
    house: Inspected,
    mandate: Mandate,
    approved: FourEyes,
    to: Path,
    progress: Progress | None = None,
) -> str:
    """Write the packet of an approved plan. Done again, it gives the same bytes.

    Args:
        house: with its log.
        mandate: as registered.
        approved: the plan, and the approvals of two people.
        to: where the packet goes.
        progress: told how many leaves of the census were read.

    Returns:
        SHA-256 of the packet, hex.

    Raises:
        Misuse: ``inspection.plan-outdated``, ``inspection.mandate-unregistered``.
        Outage: ``inspection.packet-unwritable``; the store's.
    """
    plan = approved.plan
    with written(to) as file:
        with Writer(file) as writer:
            writer.add(MANDATE, encode_mandate(mandate))
            writer.add(PLAN, encode_plan(plan))
            for name, approval in zip(APPROVALS, (approved.first, approved.second), strict=True):
                writer.add(name, approval.note)
            census = _Census(writer)
            gathered = await gather(house, mandate, plan, census.take, progress)  # 1
            census.close()
            writer.add(SAMPLE, encode_sample(gathered.sample))
            for digest in plan.notices:
                writer.add(notice_name(digest), gathered.notices[digest])
            writer.finish()  # 2
        file.seek(0)
        packet = hashlib.file_digest(file, "sha256").hexdigest()
        await _leave_evidence(house, mandate, approved, packet)  # 3
    return packet  # 4 happened when the file was closed


async def _leave_evidence(
    house: Inspected, mandate: Mandate, approved: FourEyes, packet: str
) -> None:
    plan = approved.plan
    for approval in (approved.first, approved.second):
        facts: dict[str, FactValue] = {
            "plan": plan.digest, "role": approval.role.value, "key": approval.key_id
        }  # fmt: skip
        await act(house, mandate, events.APPROVED, facts)
    made: dict[str, FactValue] = {
        "plan": plan.digest,
        "packet": packet,
        "sampled": len(plan.sample),
        "in_scope": plan.in_scope,
        "erased": plan.erased,
    }
    await act(house, mandate, events.MADE, made)


class _Census:
    """Collects entries into files of :data:`CHUNK`."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._lines: list[bytes] = []
        self._number = 0

    def take(self, entry: Entry) -> None:
        """One more entry."""
        self._lines.append(encode_entry(entry))
        if len(self._lines) == CHUNK:
            self.close()

    def close(self) -> None:
        """Write what is waiting."""
        if self._lines:
            self._writer.add(census_name(self._number), b"".join(self._lines))
            self._number += 1
            self._lines.clear()
