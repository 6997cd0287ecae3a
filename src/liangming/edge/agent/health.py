"""How the machine is: free disk, clock, camera, reader, what waits for the centre."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from liangming.clock import from_micros, micros
from liangming.edge.agent.journal import JUMP, Journal
from liangming.edge.agent.memory import Memory

LEAST_FREE: Final = 64 << 20
LATEST: Final = "latest-moment"
SAID: Final = "health-said"
EVERY: Final = 3_600_000_000  # µs after which an unchanged state is said again


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Each is True where all is well."""

    disk: bool
    clock: bool
    camera: bool
    reader: bool
    centre: bool
    enabled: bool
    waiting: int
    templates: int = 0

    @property
    def opens_by_face(self) -> bool:
        """Whether the face may be offered at all now."""
        return self.disk and self.clock and self.camera and self.reader and self.enabled

    def facts(self) -> dict[str, bool | int]:
        """As the signed event says it; whether the centre answers it knows itself."""
        return {
            "disk": self.disk,
            "clock": self.clock,
            "camera": self.camera,
            "reader": self.reader,
            "face": self.opens_by_face,
            "templates": self.templates,
        }


def health(
    folder: Path,
    memory: Memory,
    journal: Journal,
    at: datetime,
    *,
    camera: bool,
    reader: bool,
    centre: bool,
    templates: int,
) -> Health:
    """Look.

    Args:
        camera: the enrolled camera is there.
        reader: the card reader answers.
    """
    try:
        disk = shutil.disk_usage(folder).free >= LEAST_FREE
    except OSError:
        disk = False
    return Health(
        disk=disk,
        clock=steady(memory, at),
        camera=camera,
        reader=reader,
        centre=centre,
        enabled=memory.fact("face") != "stopped",
        waiting=journal.count(),
        templates=templates,
    )


def latest_of(memory: Memory, at: datetime) -> datetime:
    """Now, or the latest moment seen before the clock was set back: no term grows by that."""
    return max(at, from_micros(int(memory.fact(LATEST) or 0)))


def steady(memory: Memory, at: datetime) -> bool:
    """Whether the clock has not been set back; the latest moment seen is remembered.

    A clock that ran ahead and was put right looks the same. The centre's ``start-face`` forgets that moment.
    """
    now = micros(at)
    latest = int(memory.fact(LATEST) or 0)
    if now + JUMP < latest:
        return False
    if now > latest:
        memory.remember(LATEST, str(now))
    return True


def due(memory: Memory, now: Health, at: datetime) -> str:
    """What to remember as said, if this state has to be said: it changed, or an hour went by."""
    said = msgspec.json.encode(now.facts()).decode()
    before, _, when = memory.fact(SAID).rpartition("@")
    if before == said and when.isdecimal() and 0 <= micros(at) - int(when) < EVERY:
        return ""
    return f"{said}@{micros(at)}"
