"""What a report says, gathered once for page, print and table."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

from liangming.audit.channels import Unequal
from liangming.audit.partials.unread import NOTHING, Unread
from liangming.audit.statistics.judging import Flag, Judged
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import Ints
from liangming.audit.summary import Told

VISITS: Final = 20
LEAD_VISITS: Final = 5
CONTROL_VISITS: Final = 5
SCENE_VISITS: Final = 6
"""Visits to outlets of scenes that are beyond a limit as a whole."""

Outlet = tuple[str, str]
"""Operator and outlet: what somebody visits, however many kinds of scene are there."""


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
        told: files and values that could not be read.
    """

    counted: int
    left_out: dict[str, int]
    files: int
    head: str
    made_at: datetime
    astray: int = 0
    told: Unread = NOTHING


@dataclass(frozen=True, slots=True)
class Visit:
    """One outlet worth a visit.

    Attributes:
        place: index of one of its places.
        why: questions in which it stands out; empty for any other outlet.
        kind: flag, lead, scene, or lot.
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
        ranked: every outlet that stands out, as a visit, the most pressing first.
        of_operator: how many outlets were asked about, by operator.
    """

    here: Places
    judged: Judged
    hard: tuple[Told, ...]
    read: Read
    outlets: int = 0
    flagged: int = 0
    visits: tuple[Visit, ...] = field(default=())
    channels: tuple[Unequal, ...] = ()
    ranked: tuple[Visit, ...] = ()
    of_operator: dict[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """How many questions could be tested somewhere."""
        return sum(tests > 0 for tests in self.judged.tested.values())

    def first_of(self, visit: Visit) -> Flag | None:
        """The least likely of what stands out at an outlet; None where nothing does."""
        return next((flag for flag in self.judged.flags if flag.place == visit.place), None)

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
    named: dict[str, set[str]] = {}  # sets of names that are there already: a million pairs are not
    for operator, outlet in zip(here.operator, here.outlet, strict=True):
        named.setdefault(operator, set()).add(outlet)
    many = {operator: len(outlets) for operator, outlets in named.items()}
    del named
    ranked = _ranked(here, judged)
    return Content(
        here, judged, hard, read, sum(many.values()), len(ranked),
        _visits(here, judged, ranked), channels, ranked, many,
    )  # fmt: skip


def showing(here: Places, code: str, many: int) -> list[int]:
    """The places whose rows show a hard finding most often, at most so many."""
    shown = here.get(code)
    order = np.argsort(-shown, kind="stable")[:many]
    return [int(place) for place in order if shown[place] > 0]


def _ranked(here: Places, judged: Judged) -> tuple[Visit, ...]:
    """Outlets that stand out: those in most questions first, then the least likely."""
    why: dict[Outlet, dict[str, None]] = {}
    best: dict[Outlet, tuple[float, int]] = {}
    for flag in judged.flags:
        outlet = _outlet(here, flag.place)
        why.setdefault(outlet, {})[flag.question] = None
        best[outlet] = min(best.get(outlet, (1.0, flag.place)), (flag.p, flag.place))
    order = sorted(why, key=lambda outlet: (-len(why[outlet]), best[outlet]))
    return tuple(Visit(best[outlet][1], tuple(why[outlet]), "flag") for outlet in order)


def _visits(here: Places, judged: Judged, ranked: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """Where to go, each outlet once: those that stand out, some leads, some drawn by lot.

    The lot follows from the findings themselves, so that nobody chooses whom to spare: of scenes that
    are beyond a limit as a whole, and of all others, which show what an ordinary place looks like.
    """
    visits = list(ranked[:VISITS])
    taken = {_outlet(here, visit.place) for visit in ranked}
    leads: Counter[int] = Counter(flag.place for flag, _ in judged.leads)
    led: list[Visit] = []
    for place, _ in leads.most_common():
        outlet = _outlet(here, place)
        if outlet not in taken and len(led) < LEAD_VISITS:
            led.append(Visit(place, (), "lead"))
        taken.add(outlet)
    told = repr([(f.question, f.place, f.k, f.n) for f in judged.flags])
    lot = np.random.default_rng(int.from_bytes(hashlib.sha256(told.encode()).digest()[:8]))
    known = here.get("chosen_known")
    ordinary = np.flatnonzero(known >= (1 if known.any() else 0))
    steered = {(scene.scene_kind, scene.channel) for scene in judged.scenes}
    kinds = here.scene_kind[ordinary] * 1_000 + here.channel[ordinary]
    inside = np.isin(kinds, [kind * 1_000 + channel for kind, channel in steered])
    drawn = _drawn(here, ordinary[inside], SCENE_VISITS, taken, lot, "scene")
    return (*visits, *led, *drawn, *_drawn(here, ordinary, CONTROL_VISITS, taken, lot, "lot"))


def _drawn(  # noqa: PLR0917  (what is drawn from, how many, and what is known of it)
    here: Places, rows: Ints, many: int, taken: set[Outlet], lot: np.random.Generator, kind: str
) -> list[Visit]:
    """Some outlets by lot, none that is taken already."""
    found: list[int] = []
    for place in map(int, rows[lot.permutation(len(rows))]):
        if len(found) == many:
            break
        outlet = _outlet(here, place)
        if outlet not in taken:
            taken.add(outlet)
            found.append(place)
    return [Visit(place, (), kind) for place in sorted(found)]


def _outlet(here: Places, place: int) -> Outlet:
    return here.operator[place], here.outlet[place]
