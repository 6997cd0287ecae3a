"""Every clock that the board shows, from its first sight to its end: met, or late from its very day on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from liangming.governance.duty import Duty, Kind

GROUPED = frozenset({Kind.TRAINING, Kind.OVERDUE})
"""One line for many people, dated by the first of them: counted person by person instead."""
Mark = tuple[str, date]


@dataclass
class Seen:
    """One clock."""

    duty: Duty
    last: datetime
    fired: datetime | None = None


@dataclass
class Clocks:
    """What the board showed, look by look.

    Attributes:
        wanted: what is left late on purpose: id and last day, by kind.
    """

    known: dict[tuple[str, datetime], Seen] = field(default_factory=dict)
    wanted: dict[Kind, set[Mark]] = field(default_factory=lambda: defaultdict(set))
    before: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def look(self, duties: Iterable[Duty], now: datetime) -> None:
        """One look; what is late for the first time became so since the look before."""
        for duty in duties:
            if duty.at_once or duty.kind in GROUPED:
                continue
            seen = self.known.setdefault((duty.id, duty.due), Seen(duty, now))
            seen.last = now
            assert duty.is_late(now) is (now >= duty.due), duty
            if seen.fired is None and now >= duty.due:
                assert self.before < duty.due <= now, ("not on its day", duty, self.before)
                seen.fired = now
        self.before = now

    def late(self, kind: Kind) -> set[Mark]:
        """What was shown late."""
        return {
            (seen.duty.id, seen.duty.day)
            for seen in self.known.values()
            if seen.fired is not None and seen.duty.kind is kind
        }

    def as_planned(self) -> None:
        """Late is what was left late on purpose, and nothing else."""
        for kind in Kind:
            if kind not in GROUPED:
                assert self.late(kind) == self.wanted[kind], kind

    def table(self) -> list[tuple[str, int, int, int]]:
        """By kind: clocks, done in time, late (all on purpose, all shown from their day on)."""
        rows = []
        for kind in Kind:
            clocks = [seen for seen in self.known.values() if seen.duty.kind is kind]
            late = sum(seen.fired is not None for seen in clocks)
            if clocks:
                rows.append((kind.value, len(clocks), len(clocks) - late, late))
        return rows
