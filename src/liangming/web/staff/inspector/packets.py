"""Packets that were made under a mandate and lie in the operator's folder; verified once a process.

A packet is found by the digest that its making left in the log, whatever its file is called. It is
verified against the log's key here, which is the operator's own word; offline it is anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from asgiref.sync import async_to_sync

from liangming.inspection import Verdict, verify_packet
from liangming.inspection.events import MADE
from liangming.inspection.packet import digest_of
from liangming.web.house import House
from liangming.web.staff.inspector.gate import Visit

LARGEST: Final = 64 << 20  # beyond it a page would wait too long; offline there is no such end
_KEPT: Final = 4


class Made(msgspec.Struct, frozen=True):
    """The facts of a making."""

    plan: str
    packet: str
    sampled: int
    in_scope: int
    erased: int


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet of a mandate.

    Attributes:
        made: as its leaf says.
        path: where it lies; None where it does not.
        size: in bytes.
        verdict: None where it is absent or too large to be verified here.
    """

    made: Made
    path: Path | None = None
    size: int = 0
    verdict: Verdict | None = None

    @property
    def name(self) -> str:
        """How the file is called when it is fetched."""
        return f"{self.made.packet[:16]}.packet"


def packet_of(visit: Visit, *, verified: bool) -> Packet | None:
    """The latest packet of the mandate; None before one is made.

    Args:
        visit: within its mandate.
        verified: with its verdict, which reads the whole file the first time.
    """
    leaves = async_to_sync(visit.house.premises.store.leaves)(visit.mandate.id)
    made = [msgspec.json.decode(leaf.facts, type=Made) for leaf in leaves if leaf.tag == MADE.tag]
    if not made:
        return None
    path = _found(visit.house, made[-1].packet)
    if path is None:
        return Packet(made[-1])
    try:
        size = path.stat().st_size
    except OSError:  # taken away meanwhile
        return Packet(made[-1])
    wanted = verified and size <= LARGEST
    verdict = _verdict(visit.house, made[-1].packet, path) if wanted else None
    return Packet(made[-1], path, size, verdict)


def _found(house: House, digest: str) -> Path | None:
    """The file with this digest; each file is read once, until it changes."""
    if house.packets is None or not house.packets.is_dir():
        return None
    for path in sorted(house.packets.glob("*.packet")):
        try:
            about = path.stat()
            key = ("digest", str(path), about.st_mtime_ns, about.st_size)
            if key not in house.shelf:
                house.shelf[key] = digest_of(path)
        except OSError:
            continue
        if house.shelf[key] == digest:
            return path
    return None


def _verdict(house: House, digest: str, path: Path) -> Verdict | None:
    record = house.premises.record
    if record is None:
        return None
    key = ("verdict", digest)
    known: Verdict | None = house.shelf.get(key)
    if known is None:
        old = [each for each in house.shelf if each[0] == "verdict"]
        for each in old[: max(0, len(old) - _KEPT + 1)]:
            house.shelf.pop(each, None)
        known = house.shelf[key] = verify_packet(path, record.trust)
    return known
