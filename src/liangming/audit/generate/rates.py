"""What happens in one stretch of time with one clerk: honest rates, moved by what is planted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.generate.plant import KIND_NAMES, NEW, WHOLE
from liangming.audit.generate.world import CLERKS_DIFFER, DRIFT, HOURS, HOURS_SHIFT, World
from liangming.audit.statistics.tails import Floats, Ints

BROKEN_WAY: Final = 1  # which of the three other ways breaks: the document reader
_TWO_CLERKS, _THREE_CLERKS, _OFTEN_THREE = 60, 150, 0.4
STEERED_HOUR: Final = 0
"""The band of the day in which an outlet of the kind *hours* steers."""
PAIRED: Final = 0.2  # part of the checks whose person was seen at another outlet before


@dataclass(frozen=True, slots=True)
class Rows:
    """Stretches of time × clerks in which something happened, and every rate in them.

    Attributes:
        outlet: index in the world.
        clerk: number within the outlet.
        period: number of the stretch.
        checks: how many.
        face: chance that the face is chosen, over all hours.
        by_hour: the same in each band of the day.
        declines: chance of a spoken decline, where the face was not chosen.
        refused: chance of a refusal after a decline, and without.
        abandoned: chance of giving up after a decline, and without.
        pushed: chance that the face is used after a decline.
        first: chance that the face stands first.
        down: chance that another way is out of order, after a decline and without, by way.
        failing: chance that a way fails when tried, by way.
        late: log ratio of the time after a decline.
        padding: fake declines added, as a part of the checks.
        to_face: of paired people, other way elsewhere and face here.
        from_face: the reverse.
        both: face elsewhere and here.
    """

    outlet: Ints
    clerk: Ints
    period: Ints
    checks: Ints
    face: Floats
    by_hour: tuple[Floats, ...]
    declines: Floats
    refused: tuple[Floats, Floats]
    abandoned: tuple[Floats, Floats]
    pushed: Floats
    first: Floats
    down: tuple[Floats, Floats]
    shut: Floats
    failing: Floats
    late: Floats
    padding: Floats
    to_face: Floats
    from_face: Floats
    both: Floats


def rows(world: World, periods: int) -> Rows:
    """Every stretch and clerk of a world with its rates, drawn from the world's own seed."""
    rng = np.random.default_rng([world.plan.seed, 11])
    many = len(world)
    second, third = world.size > _TWO_CLERKS, world.size > _THREE_CLERKS
    clerks = 1 + second.astype(np.int64) + (rng.random(many) < _OFTEN_THREE) * third
    outlet = np.repeat(np.arange(many), clerks * periods)
    start = np.repeat(np.cumsum(clerks * periods) - clerks * periods, clerks * periods)
    number = np.arange(len(outlet)) - start
    clerk, period = number // periods, number % periods
    middle = (period + 0.5) / periods
    new = (world.honest[outlet] == NEW) & (middle < world.begins[outlet])
    busy = np.where(new, 0.0, world.size[outlet] / (clerks[outlet] * periods))
    checks = rng.poisson(busy)
    keep = checks > 0
    outlet, clerk, period, checks = outlet[keep], clerk[keep], period[keep], checks[keep]
    middle = middle[keep]
    season = 0.15 * np.sin(2.0 * np.pi * middle) + world.swing[outlet] * np.sin(
        2.0 * np.pi * middle + world.phase[outlet]
    )
    habit = rng.normal(0.0, CLERKS_DIFFER, (many, 4))[outlet, clerk]
    logit = special.logit(world.share[outlet]) + season + habit + rng.normal(0, DRIFT, len(outlet))
    by_hour = tuple(
        special.expit(logit + world.by_hour[outlet, hour] + HOURS_SHIFT[hour])
        for hour in range(len(HOURS))
    )
    return _pressed(world, Rows(
        outlet, clerk, period, checks,
        face=_over_hours(world, outlet, by_hour),
        by_hour=by_hour,
        declines=world.declines[outlet],
        refused=(_shifted(world.refused, world.refused_shift)[outlet], world.refused[outlet]),
        abandoned=(
            _shifted(world.abandoned, world.abandoned_shift)[outlet], world.abandoned[outlet],
        ),
        pushed=world.pushed[outlet],
        first=world.first[outlet],
        down=(world.down[outlet], world.down[outlet]),
        shut=world.down[outlet],
        failing=world.failing[outlet],
        late=world.late[outlet],
        padding=np.zeros(len(outlet)),
        to_face=np.zeros(0),
        from_face=np.zeros(0),
        both=np.zeros(0),
    ), middle)  # fmt: skip


def _pressed(world: World, free: Rows, middle: Floats) -> Rows:
    """Move the rates by what is planted, then say what people seen elsewhere do here."""
    at = free.outlet
    amount = world.amount[at]
    kind = world.kind[at]

    def is_(name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.asarray(kind == KIND_NAMES.index(name))

    push = np.zeros(len(at))
    push = np.where(is_("steer") | (kind == WHOLE), amount, push)
    push = np.where(is_("first"), 0.35 * amount, push)
    push = np.where(is_("broken"), 0.25 * amount, push)
    push = np.where(is_("shut"), 0.2 * amount, push)
    push = np.where(is_("clerk") & (free.clerk == 0), amount, push)
    push = np.where(is_("sudden") & (middle >= world.begins[at]), amount, push)
    soft = np.where(is_("soft"), amount, 0.0)
    by_hour = tuple(
        _leaned(rate, np.where(is_("hours"), amount, push) if hour == STEERED_HOUR else push, soft)
        for hour, rate in enumerate(free.by_hour)
    )
    face = _over_hours(world, at, by_hour)
    gained = (face - free.face) / np.maximum(1.0 - free.face, 1e-9)
    refused = _more(free.refused[0], np.where(is_("refuse"), amount, 0.0))
    refused = _more(refused, np.where(is_("pad"), 0.6, 0.0))
    abandoned = _more(free.abandoned[0], np.where(is_("tire"), amount, 0.0))
    down = _more(free.down[0], np.where(is_("down"), amount, 0.0))
    failing = np.where(is_("broken"), np.maximum(amount, free.failing), free.failing)
    late = free.late + np.where(is_("wait"), np.log(np.maximum(amount, 1.0)), 0.0)
    both = _switching(world, at, free.face, gained)
    return Rows(
        at, free.clerk, free.period, free.checks,
        face=face,
        by_hour=by_hour,
        declines=free.declines,
        refused=(refused, free.refused[1]),
        abandoned=(abandoned, free.abandoned[1]),
        pushed=_more(free.pushed, np.where(is_("push"), amount, 0.0)),
        first=np.where(is_("first"), np.maximum(amount, free.first), free.first),
        down=(down, free.down[1]),
        shut=np.where(is_("shut"), np.maximum(amount, free.shut), free.shut),
        failing=failing,
        late=late,
        padding=np.where(is_("pad"), amount, 0.0),
        to_face=both[0],
        from_face=both[1],
        both=face - both[0],
    )  # fmt: skip


def _leaned(rate: Floats, push: Floats, soft: Floats) -> Floats:
    """A rate under steering: by a part of the others, or by odds."""
    pushed = rate + push * (1.0 - rate)
    return np.where(soft > 0.0, special.expit(special.logit(pushed) + soft), pushed)


def _over_hours(world: World, at: Ints, by_hour: tuple[Floats, ...]) -> Floats:
    """The rate over all hours, by how an outlet's checks lie in them."""
    total = np.zeros(len(at))
    for hour, rate in enumerate(by_hour):
        total += world.hours[at, hour] * rate
    return total


def _switching(world: World, at: Ints, free: Floats, gained: Floats) -> tuple[Floats, Floats]:
    """Of people seen elsewhere: chance of other-there-face-here, and of the reverse.

    A person keeps a habit: where place and habit agree, only a part (0.45) is open to the day.
    Other outlets may be under pressure too; then the way shown elsewhere says less.
    """
    there = world.elsewhere[at]
    steered = world.plan.contamination * 0.25
    there = there + steered * (1.0 - there)
    loose = 0.45
    both = np.minimum(free, there)
    stay = both * (1.0 - loose) + loose * free * there
    to, away = free - stay, there - stay
    neither = 1.0 - free - there + stay
    return np.maximum(to + gained * neither, 0.0), np.maximum(away * (1.0 - gained), 0.0)


def _more(rate: Floats, by: Floats) -> Floats:
    return np.asarray(rate + by * (1.0 - rate))


def _shifted(rate: Floats, by: Floats) -> Floats:
    return np.asarray(special.expit(special.logit(np.clip(rate, 1e-6, 1 - 1e-6)) + by))
