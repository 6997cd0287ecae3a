"""How the machine is: free disk, clock, camera, reader, what waits for the centre."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from liangming.clock import micros
from liangming.edge.agent.journal import JUMP, Journal
from liangming.edge.agent.memory import Memory

LEAST_FREE: Final = 64 << 20
LATEST: Final = "latest-moment"


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Each is True where all is well."""

    disk: bool
    clock: bool
    camera: bool
    reader: bool
    centre: bool
    enabled: bool
    waiting: int

    @property
    def opens_by_face(self) -> bool:
        """Whether the face may be offered at all now."""
        return self.disk and self.clock and self.camera and self.reader and self.enabled


def health(
    folder: Path,
    memory: Memory,
    journal: Journal,
    at: datetime,
    *,
    parts: bool,
    centre: bool,
) -> Health:
    """Look."""
    try:
        disk = shutil.disk_usage(folder).free >= LEAST_FREE
    except OSError:
        disk = False
    return Health(
        disk=disk,
        clock=steady(memory, at),
        camera=parts,
        reader=parts,
        centre=centre,
        enabled=memory.fact("face") != "stopped",
        waiting=journal.count(),
    )


def steady(memory: Memory, at: datetime) -> bool:
    """Whether the clock has not been set back; the latest moment seen is remembered."""
    now = micros(at)
    latest = int(memory.fact(LATEST) or 0)
    if now + JUMP < latest:
        return False
    if now > latest:
        memory.remember(LATEST, str(now))
    return True
