"""Make a packet: only with two people's approvals, and never half.

1 gather again under the approved plan       it must come to the same plan
2 write the packet beside its place          nothing was handed out
3 leave evidence: approvals, the making      a crash after this: recorded, not handed out
4 move the packet to its place               never handed out without evidence
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO

from liangming.inspection import events
from liangming.inspection.census import CHUNK, Entry, encode_entry
from liangming.inspection.gather import Progress, gather
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
from liangming.inspection.register import Inspected, act
from liangming.ledger.leaf import FactValue

_COPY = 1 << 20


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
    with written(to) as file:
        census = _Census(file)
        census.writer.add(MANDATE, encode_mandate(mandate))
        census.writer.add(PLAN, encode_plan(approved.plan))
        for name, approval in zip(APPROVALS, (approved.first, approved.second), strict=True):
            census.writer.add(name, approval.note)
        plan = approved.plan
        gathered = await gather(house, mandate, plan, census.take, progress)  # 1
        census.close()
        census.writer.add(SAMPLE, encode_sample(gathered.sample))
        for digest in plan.notices:
            census.writer.add(notice_name(digest), gathered.notices[digest])
        census.writer.finish()  # 2
        digest = _digest(file)
        for approval in (approved.first, approved.second):  # 3
            facts: dict[str, FactValue] = {
                "plan": plan.digest,
                "role": approval.role.value,
                "key": approval.key_id,
            }
            await act(house, mandate, events.APPROVED, facts)
        made: dict[str, FactValue] = {
            "plan": plan.digest,
            "packet": digest,
            "sampled": len(plan.sample),
            "in_scope": plan.in_scope,
            "erased": plan.erased,
        }
        await act(house, mandate, events.MADE, made)
    return digest  # 4 happened when the file was closed


class _Census:
    """Collects entries into files of :data:`CHUNK`."""

    def __init__(self, file: IO[bytes]) -> None:
        self.writer = Writer(file)
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
            self.writer.add(census_name(self._number), b"".join(self._lines))
            self._number += 1
            self._lines.clear()


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    whole = hashlib.sha256()
    while data := file.read(_COPY):
        whole.update(data)
    return whole.hexdigest()
