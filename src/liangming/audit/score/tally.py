"""Precision, recall and false alarms, by kind, strength and size, beside the other two judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from liangming.audit.generate.plant import HONEST, KINDS, STRENGTHS, WHOLE
from liangming.audit.generate.world import World
from liangming.audit.score.oracle import ASKED, naive, oracle
from liangming.audit.statistics.judging import Judged
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import Ints

ENOUGH: Final = 300
"""Checks from which an outlet can be expected to be found."""
SIZES: Final = (30, 100, 300, 1_000, 10_000)

OWN: Final = ("moved", "habit", "hours", "padded")
"""Questions of ours that the two other judges are not asked."""


@dataclass(frozen=True, slots=True)
class Line:
    """How one judge did on some outlets.

    Attributes:
        flagged: outlets flagged.
        false: of them honest.
        guilty: outlets under pressure.
        found: of them flagged.
    """

    flagged: int
    false: int
    guilty: int
    found: int

    @property
    def false_share(self) -> float:
        """False among flagged."""
        return self.false / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        """Found among guilty."""
        return self.found / self.guilty if self.guilty else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Everything that ``liangming audit score`` prints.

    Attributes:
        ours: overall.
        oracle: overall.
        naive: overall.
        by_question: ours, false among flagged by each question.
        by_kind: kind, strength → ours and the oracle's, outlets of at least 300 checks.
        by_size: smallest size → ours and the oracle's.
        by_support: kind, strength, smallest size → ours and the oracle's.
        false_cases: which honest cases were accused, and how many outlets of that case there are.
        scene_found: whether the scene that steers as a whole was found; None if there is none.
        scenes_false: scenes found that do not steer.
        leads: outlets put aside.
    """

    ours: Line
    oracle: Line
    naive: Line
    by_question: dict[str, Line]
    by_kind: dict[tuple[str, str], tuple[Line, Line]]
    by_size: dict[int, tuple[Line, Line]]
    by_support: dict[tuple[str, str, int], tuple[Line, Line]]
    false_cases: dict[str, tuple[int, int]]
    scene_found: bool | None
    scenes_false: int
    leads: int


def score(world: World, here: Places, judged: Judged, ids: Ints) -> Score:
    """Score a judgement of a synthetic fleet.

    Args:
        world: the truth.
        here: the places that were judged.
        judged: what came out.
        ids: outlet number of each place.
    """
    ours = {name: np.zeros(0, np.int64) for name in judged.tested}
    for name in ours:
        ours[name] = np.unique(ids[[f.place for f in judged.flags if f.question == name]])
    true = oracle(world, here, judged.answers, ids)
    plain = naive(here, judged.answers, ids)
    whole = world.kind == WHOLE
    mine, best, poor = (_any(found, len(world)) for found in (ours, true, plain))
    single = ~whole
    size = _sizes(world, here, ids)
    by_kind = {}
    by_size = {}
    by_support = {}
    for number, kind in enumerate(KINDS):
        for level, strength in enumerate(STRENGTHS):
            planted = (world.kind == number) & (world.strength == level)
            for low, high in _bands():
                among = planted & (size >= low) & (size < high)
                if among.any():
                    by_support[kind.name, strength, low] = (
                        _line(world, mine, among), _line(world, best, among),
                    )  # fmt: skip
            among = planted & (size >= ENOUGH)
            if among.any():
                by_kind[kind.name, strength] = (
                    _line(world, mine, among), _line(world, best, among),
                )  # fmt: skip
    for low, high in _bands():
        among = single & (size >= low) & (size < high)
        by_size[low] = (_line(world, mine, among), _line(world, best, among))
    steered = {(s.scene_kind, s.channel) for s in judged.scenes}
    truth = set(zip(world.scene_kind[whole].tolist(), world.channel[whole].tolist(), strict=True))
    return Score(
        ours=_line(world, mine, single),
        oracle=_line(world, best, single),
        naive=_line(world, poor, single),
        by_question={
            name: _line(world, _any({name: found}, len(world)), np.ones(len(world), bool))
            for name, found in ours.items()
        },
        by_kind=by_kind,
        by_size=by_size,
        by_support=by_support,
        false_cases={
            case: (
                int((mine & ~world.guilty & (world.honest == number)).sum()),
                int((~world.guilty & (world.honest == number)).sum()),
            )
            for number, case in enumerate(HONEST)
        },
        scene_found=bool(truth & steered) if truth else None,
        scenes_false=len(steered - truth),
        leads=len({flag.place for flag, _ in judged.leads}),
    )


def _bands() -> list[tuple[int, int]]:
    return list(zip(SIZES, (*SIZES[1:], 1 << 62), strict=True))


_Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def _any(found: dict[str, Ints], many: int) -> _Mask:
    flagged = np.zeros(many, bool)
    for name, outlets in found.items():
        if name in ASKED or name in OWN:
            flagged[outlets] = True
    return flagged


def _sizes(world: World, here: Places, ids: Ints) -> Ints:
    size = np.zeros(len(world), np.int64)
    np.add.at(size, ids, here.get("checks"))
    return size


def _line(world: World, flagged: _Mask, among: _Mask) -> Line:
    guilty = world.guilty & among
    return Line(
        flagged=int((flagged & among).sum()),
        false=int((flagged & among & ~world.guilty).sum()),
        guilty=int(guilty.sum()),
        found=int((flagged & guilty).sum()),
    )
