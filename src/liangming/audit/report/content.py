"""What a report says, gathered once for page, print and table."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

from liangming.audit.channels import Unequal
from liangming.audit.statistics.judging import Flag, Judged
from liangming.audit.statistics.places import Places
from liangming.audit.summary import Told

VISITS: Final = 20
LEAD_VISITS: Final = 5
CONTROL_VISITS: Final = 5


@dataclass(frozen=True, slots=True)
class Read:
    """What went into a report.

    Attributes:
        counted: checks counted.
        left_out: rows left out, by reason.
        files: how many files.
        head: digest of the chain of partial files; empty when there is none.
        made_at: when the report was made.
        astray: checks that counted although their day lies far from all others.
    """

    counted: int
    left_out: dict[str, int]
    files: int
    head: str
    made_at: datetime
    astray: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One outlet worth a visit.

    Attributes:
        place: index of one of its places.
        why: questions in which it stands out; empty for an outlet drawn by lot.
        kind: flag, lead, or lot.
    """

    place: int
    why: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a report says.

    Attributes:
        here: the places.
        judged: what stands out.
        hard: what rows show by themselves.
        read: what went in.
        outlets: how many outlets were asked about.
        flagged: how many of them stand out.
        visits: the sampling plan.
        channels: where one operator's channels ask for different things.
    """

    here: Places
    judged: Judged
    hard: tuple[Told, ...]
    read: Read
    outlets: int = 0
    flagged: int = 0
    visits: tuple[Visit, ...] = field(default=())
    channels: tuple[Unequal, ...] = ()

    @property
    def by_question(self) -> dict[str, list[Flag]]:
        """Flags of each question, the least likely first."""
        found: dict[str, list[Flag]] = {}
        for flag in self.judged.flags:
            found.setdefault(flag.question, []).append(flag)
        return found


def gather(
    here: Places,
    judged: Judged,
    hard: tuple[Told, ...],
    read: Read,
    channels: tuple[Unequal, ...] = (),
) -> Content:
    """Gather a report.

    Args:
        here: the places.
        judged: what came out of them.
        hard: the findings that rows show by themselves.
        read: what went in.
        channels: where channels of one operator differ.
    """
    outlets = set(zip(here.operator, here.outlet, strict=True))
    flagged = {(here.operator[f.place], here.outlet[f.place]) for f in judged.flags}
    visits = _visits(here, judged)
    return Content(here, judged, hard, read, len(outlets), len(flagged), visits, channels)


def showing(here: Places, code: str, many: int) -> list[int]:
    """The places whose rows show a hard finding most often, at most so many."""
    shown = here.get(code)
    order = np.argsort(-shown, kind="stable")[:many]
    return [int(place) for place in order if shown[place] > 0]


def _visits(here: Places, judged: Judged) -> tuple[Visit, ...]:
    """Where to go: most questions first, then the least likely; some leads; some drawn by lot.

    The lot follows from the findings themselves, so that nobody chooses whom to spare; outlets
    drawn by it show what an ordinary place looks like.
    """
    why: dict[int, list[str]] = {}
    best: dict[int, float] = {}
    for flag in judged.flags:
        why.setdefault(flag.place, []).append(flag.question)
        best[flag.place] = min(best.get(flag.place, 1.0), flag.p)
    ranked = sorted(why, key=lambda place: (-len(set(why[place])), best[place], place))
    visits = [Visit(p, tuple(dict.fromkeys(why[p])), "flag") for p in ranked[:VISITS]]
    leads: Counter[int] = Counter(f.place for f, _ in judged.leads if f.place not in why)
    visits += [Visit(place, (), "lead") for place, _ in leads.most_common(LEAD_VISITS)]
    ordinary = np.flatnonzero(here.get("chosen_known") >= 1)
    taken = {*why, *leads}
    rest = [int(place) for place in ordinary if int(place) not in taken]
    told = repr([(f.question, f.place, f.k, f.n) for f in judged.flags])
    seed = int.from_bytes(hashlib.sha256(told.encode()).digest()[:8])
    lot = np.random.default_rng(seed).permutation(len(rest))[:CONTROL_VISITS]
    visits += [Visit(rest[i], (), "lot") for i in sorted(lot.tolist())]
    return tuple(visits)
