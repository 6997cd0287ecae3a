"""A synthetic fleet: outlets with their hidden honest rates, and what is planted on them.

Everything follows from the seed. The hidden rates are drawn first and are the same with and
without pressure; pressure then moves them. Both are kept, so that an oracle can be asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.generate.laws import Shape, quantile
from liangming.audit.generate.plant import (
    HONEST_SHARES,
    KINDS,
    NEW,
    NONE,
    ORDINARY,
    PARK,
    READER,
    SEASON,
    SLOW,
    TINY,
    WHOLE,
    WHOLE_SCENE_STEER,
)
from liangming.audit.schema import CHANNELS, SCENE_KINDS
from liangming.audit.statistics.tails import Floats, Ints

FAMILIES: Final = (
    # kind of scene, channel, part of all outlets, centre of the honest face share
    ("parcel.send.counter", "counter", 0.34, 0.24),
    ("parcel.send.doorstep", "doorstep", 0.14, 0.18),
    ("parcel.collect.locker", "machine", 0.20, 0.36),
    ("parcel.collect.counter", "counter", 0.14, 0.22),
    ("entrance.sports", "gate", 0.08, 0.42),
    ("vending.payment", "machine", 0.06, 0.30),
    ("entrance.property", "gate", 0.04, 0.30),  # the scene that steers as a whole
)
STEERED_FAMILY: Final = len(FAMILIES) - 1
PROVINCES: Final = (
    110000, 120000, 130000, 140000, 150000, 210000, 220000, 230000, 310000, 320000, 330000,
    340000, 350000, 360000, 370000, 410000, 420000, 430000, 440000, 450000, 460000, 500000,
    510000, 520000, 530000, 540000, 610000, 620000, 630000, 640000, 650000,
)  # fmt: skip
OPERATORS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What fleet to make.

    Attributes:
        seed: everything follows from it.
        outlets: how many.
        contamination: the part of outlets under pressure, without the scene that steers whole.
        shape: the law of honest face shares.
        held_out: plant the held-out kinds instead of the known ones.
        median: checks of the middle outlet in the whole time.
        whole_scene: whether one scene steers everywhere.
        by_size: how much the honest share rises (on the logit) where an outlet has e times as many
            checks: big places are other places.
        habit: how much of what is special about an outlet's share its people have elsewhere too.
        habits_differ: deviation of what they have elsewhere, on the logit.
    """

    seed: int
    outlets: int
    contamination: float
    shape: Shape = Shape.BETA
    held_out: bool = False
    median: int = 300
    whole_scene: bool = True
    by_size: float = 0.1
    habit: float = 0.5
    habits_differ: float = 0.1


@dataclass(frozen=True, slots=True)
class World:
    """A fleet: one entry an outlet. Rates are honest ones; ``kind`` and ``amount`` move them.

    Attributes:
        plan: what was asked for.
        operator: number of the operator.
        family: place in ``FAMILIES``.
        province: six digits.
        size: checks expected in the whole time.
        honest: which honest case (index in HONEST; 0 is ordinary).
        kind: planted kind (index in KINDS), -1 for none, -2 for the scene that steers as a whole.
        strength: 0 weak, 1 medium, 2 strong; -1 for none.
        amount: of the pressure, in the unit of its kind.
        usual: centre of the honest share among its peers.
        share: its own honest share of faces.
        elsewhere: how often its people choose the face elsewhere.
        declines: of those who do not choose the face, how many decline in so many words.
        refused: honest rate of refusals; after a decline it is moved by ``refused_shift``.
        abandoned: honest rate of giving up; moved by ``abandoned_shift``.
        pushed: honest rate of changing one's mind to the face after a decline.
        first: honest rate at which the face stood first.
        down: honest rate at which the second way is out of order.
        failing: honest rate at which the second way fails when tried.
        pace: mean log milliseconds of a check.
        unevenness: deviation of log milliseconds.
        late: log ratio of the time after a decline, honest.
        begins: the part of the time at which a new outlet begins, or a sudden change happens.
        swing: amplitude of an outlet's own season, on the logit.
        phase: of its own season.
        hours: parts of its checks in each of HOURS: outlets × 3.
        by_hour: its own habit in each of them, on the logit, beyond the family's: outlets × 3.
    """

    plan: Plan
    operator: Ints
    family: Ints
    province: Ints
    size: Floats
    honest: Ints
    kind: Ints
    strength: Ints
    amount: Floats
    usual: Floats
    share: Floats
    elsewhere: Floats
    declines: Floats
    refused: Floats
    refused_shift: Floats
    abandoned: Floats
    abandoned_shift: Floats
    pushed: Floats
    first: Floats
    down: Floats
    failing: Floats
    pace: Floats
    unevenness: Floats
    late: Floats
    begins: Floats
    swing: Floats
    phase: Floats
    hours: Floats
    by_hour: Floats

    def __len__(self) -> int:
        return len(self.family)

    @property
    def guilty(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether something is planted."""
        return np.asarray(self.kind != NONE)

    @property
    def scene_kind(self) -> Ints:
        """Code of the kind of scene."""
        codes = np.array([SCENE_KINDS.index(kind) for kind, *_ in FAMILIES])
        return np.asarray(codes[self.family])

    @property
    def channel(self) -> Ints:
        """Code of the channel."""
        codes = np.array([CHANNELS.index(channel) for _, channel, *_ in FAMILIES])
        return np.asarray(codes[self.family])


REFUSED: Final = (0.02, 60.0)  # mean and concentration of honest rates, for the oracle too
ABANDONED: Final = (0.03, 60.0)
PUSHED: Final = (0.015, 40.0)
FIRST: Final = (0.02, 12.0)
DOWN: Final = (0.02, 25.0)
FAILING: Final = (0.04, 30.0)
REFUSED_SHIFT: Final = (0.1, 0.25)
ABANDONED_SHIFT: Final = (0.5, 0.3)
LATE: Final = (0.15, 0.1)
CLERKS_DIFFER: Final = 0.15
DRIFT: Final = 0.1
HOURS: Final = ("morning", "afternoon", "evening")
"""Bands of the day in which anything happens: 8 to 12, 12 to 18, 18 to 20."""
HOURS_USUAL: Final = (1 / 3, 1 / 2, 1 / 6)
HOURS_ALIKE: Final = 12.0
HOURS_SHIFT: Final = (-0.12, 0.0, 0.24)
"""In the evening people honestly choose the face more often, in the morning less."""
HOURS_DIFFER: Final = 0.1


def make(plan: Plan) -> World:
    """Draw a fleet."""
    rng = np.random.default_rng([plan.seed, 7])
    many = plan.outlets
    parts = np.array([part for *_, part, _ in FAMILIES])
    family = rng.choice(len(FAMILIES), many, p=parts / parts.sum())
    where = rng.choice(len(PROVINCES), many, p=_by_rank(len(PROVINCES)))
    shift = rng.normal(0.0, 0.22, (len(FAMILIES), len(PROVINCES)))
    centre = special.logit(np.array([mean for *_, mean in FAMILIES]))
    honest = _honest_cases(rng, many)
    size = np.clip(plan.median * np.exp(rng.normal(0.0, 1.25, many)), 2.0, 400_000.0)
    size = np.where(honest == TINY, rng.uniform(1.0, 25.0, many), size)
    larger = plan.by_size * np.log(size / plan.median)
    usual = special.expit(centre[family] + shift[family, where] + larger)
    own = quantile(plan.shape, rng.uniform(1e-9, 1.0 - 1e-9, many), usual)
    gone = special.logit(own) - special.logit(usual)
    travels = special.logit(usual) + plan.habit * gone + rng.normal(0.0, plan.habits_differ, many)
    park = rng.normal(2.3, 0.5, many)
    is_park = honest == PARK
    share = np.where(is_park, special.expit(special.logit(usual) + park), own)
    elsewhere = special.expit(np.where(is_park, special.logit(share) - 0.15, travels))
    kind, strength, amount = _planted(rng, plan, family, honest)
    reader = honest == READER
    failing = np.where(reader, rng.uniform(0.1, 0.35, many), _beta(rng, FAILING, many))
    down = np.where(reader, rng.uniform(0.1, 0.35, many), _beta(rng, DOWN, many))
    slow = np.where(honest == SLOW, rng.uniform(0.6, 1.2, many), 0.0)
    return World(
        plan=plan,
        operator=rng.choice(OPERATORS, many, p=_by_rank(OPERATORS)),
        family=family,
        province=np.array(PROVINCES)[where],
        size=size,
        honest=honest,
        kind=kind,
        strength=strength,
        amount=amount,
        usual=usual,
        share=share,
        elsewhere=elsewhere,
        declines=rng.beta(0.35 * 15.0, 0.65 * 15.0, many),
        refused=_beta(rng, REFUSED, many),
        refused_shift=rng.normal(*REFUSED_SHIFT, many),
        abandoned=_beta(rng, ABANDONED, many),
        abandoned_shift=rng.normal(*ABANDONED_SHIFT, many),
        pushed=_beta(rng, PUSHED, many),
        first=_beta(rng, FIRST, many),
        down=down,
        failing=failing,
        pace=np.log(25_000.0) + rng.normal(0.0, 0.25, many) + slow,
        unevenness=rng.uniform(0.35, 0.7, many),
        late=rng.normal(*LATE, many),
        begins=np.where(honest == NEW, rng.uniform(0.8, 0.97, many), rng.uniform(0.2, 0.8, many)),
        swing=np.where(honest == SEASON, rng.uniform(0.3, 0.8, many), 0.0),
        phase=rng.uniform(0.0, 2.0 * np.pi, many),
        hours=rng.dirichlet(HOURS_ALIKE * np.array(HOURS_USUAL), many),
        by_hour=rng.normal(0.0, HOURS_DIFFER, (many, len(HOURS))),
    )


def _planted(
    rng: np.random.Generator, plan: Plan, family: Ints, honest: Ints
) -> tuple[Ints, Ints, Floats]:
    many = len(family)
    names = [i for i, kind in enumerate(KINDS) if kind.held_out == plan.held_out]
    amounts = np.array([kind.amounts for kind in KINDS])
    bad = rng.random(many) < plan.contamination
    # pressure is planted on ordinary outlets: an honest hard case stays honest, to be told apart
    bad &= honest == ORDINARY
    kind = np.where(bad, np.array(names)[rng.integers(0, len(names), many)], NONE)
    strength = np.where(bad, rng.integers(0, 3, many), -1)
    amount = np.where(bad, amounts[np.maximum(kind, 0), np.maximum(strength, 0)], 0.0)
    if plan.whole_scene:
        steered = family == STEERED_FAMILY
        kind = np.where(steered, WHOLE, kind)
        strength = np.where(steered, 2, strength)
        amount = np.where(steered, WHOLE_SCENE_STEER, amount)
    return kind, strength, amount


def _honest_cases(rng: np.random.Generator, many: int) -> Ints:
    shares = np.array([0.0, *HONEST_SHARES.values()])
    shares[0] = 1.0 - shares.sum()
    return np.asarray(rng.choice(len(shares), many, p=shares))


def _beta(rng: np.random.Generator, law: tuple[float, float], many: int) -> Floats:
    mean, concentration = law
    return np.asarray(rng.beta(mean * concentration, (1.0 - mean) * concentration, many))


def _by_rank(many: int) -> Floats:
    weight = 1.0 / np.arange(1.0, many + 1.0) ** 0.7
    return np.asarray(weight / weight.sum())
