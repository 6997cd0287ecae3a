"""What the running system knows of a scene, beside what its author says of it.

Read from the log of events, the register, the docket and the scene: numbers and codes only. How
near at hand the other ways are is told by how often each was open when a check was opened.

Law: face.9, pipl.56
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from liangming.check import events
from liangming.clock import micros
from liangming.device import faces
from liangming.docket import Records
from liangming.rights import RightsDesk
from liangming.scene.model import Scene

DAYS: Final = 90
"""How far back it looks."""
_STEP: Final = 2000


class Open(msgspec.Struct, frozen=True):
    """How often a way was open when a check began.

    Attributes:
        method: the way.
        open: checks in which it was offered.
        chosen: checks in which it was chosen.
    """

    method: str
    open: int
    chosen: int


class Term(msgspec.Struct, frozen=True):
    """How long a field is kept."""

    field: str
    days: int
    article: str


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """What was read, and when.

    Attributes:
        persons: registered with the operator now.
        stored_faces: templates that devices said they store, one person in two devices twice.
        checks: opened at this scene within ``days``.
        ways: every way of the scene.
        declined: checks in which somebody said no to the face.
        consents: separate consents given, and withdrawn.
        undetermined: checks that could not be decided at some moment.
        devices: enrolled at the scene.
        incidents: of the operator, real ones, within a year.
    """

    at: datetime
    days: int
    persons: int
    stored_faces: int
    checks: int
    ways: tuple[Open, ...]
    declined: int
    consents: int
    withdrawn: int
    undetermined: int
    devices: int
    incidents: int
    terms: tuple[Term, ...]

    def uptime(self, way: Open) -> float | None:
        """The share of checks in which a way was open; None without any check."""
        return way.open / self.checks if self.checks else None


async def look(desk: RightsDesk, scene: Scene, *, incidents: int) -> Live:
    """Read it. Walks the events of the last days once for each kind.

    Args:
        desk: the desk.
        scene: the scene.
        incidents: of the operator within a year, counted by the caller.
    """
    now = desk.premises.clock.now()
    since = micros(now - timedelta(days=DAYS))
    told = [
        await _at(desk.docket, tag, scene.id, since, micros(now) + 1)
        for tag in (
            events.OPENED.tag,
            events.CHOSEN.tag,
            events.DECLINED.tag,
            events.CONSENT_GIVEN.tag,
            events.CONSENT_WITHDRAWN.tag,
            events.UNDETERMINED.tag,
        )
    ]
    opened, chosen, declined, given, withdrawn, undetermined = told
    offered: Counter[str] = Counter()
    for _, facts in opened:
        offered.update(facts["offered"])
    took = {(check, facts["method"]) for check, facts in chosen}
    by_method = Counter(method for _, method in took)
    return Live(
        at=now,
        days=DAYS,
        persons=await persons(desk.docket, scene.operator.id, micros(now) + 1),
        stored_faces=sum(c.persons for c in await faces.stored(desk.docket, scene.operator.id)),
        checks=len(opened),
        ways=tuple(
            Open(method.value, offered[method.value], by_method[method.value])
            for method in scene.methods
        ),
        declined=len({check for check, facts in declined if facts["method"] == "face"}),
        consents=len(given),
        withdrawn=len(withdrawn),
        undetermined=len({check for check, _ in undetermined}),
        devices=len(desk.premises.devices_at(scene.id)),
        incidents=incidents,
        terms=tuple(Term(kept.field, kept.days, kept.article) for kept in scene.retention),
    )


async def persons(docket: Records, operator: str, before: int) -> int:
    """How many persons are registered with an operator."""
    count, after = 0, b""
    while found := await docket.persons_of(operator, before, after=after, limit=_STEP):
        count += len(found)
        after = found[-1][0]
    return count


async def _at(
    docket: Records, tag: str, scene: str, since: int, until: int
) -> list[tuple[str, dict[str, Any]]]:
    found, after = [], -1
    while rows := await docket.events(tag, since, until, after=after, limit=_STEP):
        found += [(row.check, msgspec.json.decode(row.facts)) for row in rows if row.scene == scene]
        after = rows[-1].seq
    return found
