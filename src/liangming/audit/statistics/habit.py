"""Habit: is the face chosen far more often here than these same people's way elsewhere lets expect?

Peers differ because their people differ. Of a part of the checks the files tell how the same
person went elsewhere, and that is not this outlet's doing. So what is usual is told for each outlet
by its own people: peers whose people go elsewhere as these do. Honest outlets differ much less from
that than from one another, and a business park or another neighbourhood explains itself.

How people go elsewhere is known only from some of them (``people``): what their pairs leave open is
kept in parts, and the chance of a share is that of all together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.asking import (
    BOUND_TAIL,
    CAUTION,
    NEAR,
    Answer,
    Floor,
    against_peers,
    dense,
    joined,
    judged,
    nothing,
    size_groups,
)
from liangming.audit.statistics.hours import by_hours
from liangming.audit.statistics.null import Others, fit
from liangming.audit.statistics.people import CUTS, peers_people, people
from liangming.audit.statistics.places import Mask, Places
from liangming.audit.statistics.tails import Floats, Ints, jeffreys_lower, jeffreys_upper
from liangming.audit.statistics.together import Seen, believable, together

HABIT: Final = Floor(support=30, rise=0.12, sure=0.05)
MOVED: Final = Floor(support=8, rise=0.1, sure=0.02)
PAIRS: Final = 8
"""Fewest people seen elsewhere."""
_STEEPEST: Final = 3.0
"""How much a place's share may move (on the logit) where its people's habit moves by one."""
_STEADY: Final = 30.0
_ORDINARY: Final = 1.0
"""People farther than this from their peers' people tell nothing of the slope."""
_BORROWED: Final = 100.0
"""As so many outlets the slope of all families counts in each."""


def habit(here: Places) -> Answer:
    """Is the face chosen far more often than peers and these people's way elsewhere let expect?"""
    k, n = here.get("face_chosen"), here.get("chosen_known")
    pairs, there = here.get("pair_known"), here.get("pair_face_there")
    at = np.flatnonzero((pairs >= PAIRS) & (n >= HABIT.support))
    thin = int(((pairs > 0) & (n > 0)).sum()) - len(at)
    if not len(at):
        return nothing("habit", thin=thin, silent="support" if thin else "column")
    k, there = np.minimum(k, n), np.minimum(there, pairs)
    offset = by_hours(here)
    counts = np.stack([k, n, there, pairs])[:, at]
    whole, believed = _whole(here, at, counts, None if offset is None else offset[at])
    parts = []
    if whole is not None:
        parts.append(whole)
    if not believed.all():
        rest = at[~believed]
        parts.append(_by_people("habit", here, k, n, HABIT, offset=offset, near=NEAR, rows=rest))
    answer = replace(joined(parts), thin=thin)
    # whatever peers are like: it must be surely more than these people themselves elsewhere
    at = answer.rows
    more = surely_more(k[at], n[at], there[at], pairs[at])
    return replace(answer, p=np.where(more, answer.p, 1.0), stands=answer.stands & more)


def _whole(
    here: Places, at: Ints, counts: Ints, offset: Floats | None
) -> tuple[Answer | None, Mask]:
    """Share and pairs weighed together, in families whose peers' law explains nearly all shares."""
    k, n, there, pairs = counts
    family, cell, band = dense(here.family[at]), dense(here.cell[at]), size_groups(here, at)
    null = fit(k, n, family=family, cell=cell, offset=offset, band=band, wide=True)
    people_there = peers_people(there, pairs, family, cell, band)
    seen = Seen(k, n, there, pairs, people_there, family, null)
    believed = believable(seen)
    if not believed.any():
        return None, believed
    honest = together(seen, believed)
    k, n, there, pairs = counts[:, believed]
    blank = np.zeros(len(k))
    asked = Answer(
        "habit", at[believed], blank + 1.0, blank > 0.0, k, n, honest.mean, blank,
        np.full(len(k), -1), extra={"there": there / pairs, "pairs": pairs.astype(float)},
    )  # fmt: skip
    return judged("habit", asked, honest, HABIT, NEAR), believed


def moved(here: Places) -> Answer:
    """Do people who go another way elsewhere go by face here, and hardly anyone the reverse?"""
    to, away = here.get("pair_to_face"), here.get("pair_from_face")
    if not here.get("pair_known").any():  # cells of a time when this was not yet counted
        return against_peers("moved", here, to, to + away, MOVED, wide=True)
    return _by_people("moved", here, to, to + away, MOVED)


def _by_people(
    question: str,
    here: Places,
    k: Ints,
    n: Ints,
    floor: Floor,
    *,
    offset: Floats | None = None,
    near: float = CAUTION,
    rows: Ints | None = None,
) -> Answer:
    """Test a rate against peers whose people go elsewhere as these do."""
    pairs, there = here.get("pair_known"), here.get("pair_face_there")
    at = np.flatnonzero((pairs >= PAIRS) & (n >= floor.support)) if rows is None else rows
    thin = int(((pairs > 0) & (n > 0)).sum()) - len(at)
    if not len(at):
        return nothing(question, thin=thin, silent="support" if thin else "column")
    k, n = np.minimum(k[at], n[at]), n[at]
    family, cell, band = dense(here.family[at]), dense(here.cell[at]), size_groups(here, at)
    known = people(np.minimum(there[at], pairs[at]), pairs[at], family, cell, band)
    shift = np.zeros(len(at)) if offset is None else offset[at]
    slope = _slope(k, n, family, shift, known.middle)[family]
    level = _middle((k + 0.5) / (n + 1.0), family)
    certainty = _certainty(slope, known.unsure, level)
    null = fit(
        k,
        n,
        family=family,
        cell=cell,
        offset=shift + slope * known.middle,
        certainty=certainty,
        band=band,
        wide=True,
    )
    # each part of what is thinkable of its people is a null of its own
    centre = special.logit(null.mean) - slope * known.middle
    alike = 1.0 / np.maximum(1.0 / null.concentration - 1.0 / certainty, 1e-6)
    parts = [
        _among(centre + slope * beyond, alike, slope, spread)
        for beyond, spread in zip(known.centre, known.spread, strict=True)
    ]
    chances = np.diff(CUTS)
    null = replace(
        null,
        mean=parts[0][0],
        concentration=parts[0][1],
        others=tuple(
            Others(float(chance), mean, many)
            for chance, (mean, many) in zip(chances[1:], parts[1:], strict=True)
        ),
    )
    blank = np.zeros(len(at))
    usual = sum((c * mean for c, (mean, _) in zip(chances, parts, strict=True)), start=blank)
    asked = Answer(
        question, at, blank + 1.0, blank > 0.0, k, n, usual, blank, np.full(len(at), -1), thin,
        extra={"there": there[at] / pairs[at], "pairs": pairs[at].astype(float)},
    )  # fmt: skip
    return judged(question, asked, null, floor, near)


def _among(logit: Floats, alike: Floats, slope: Floats, unsure: Floats) -> tuple[Floats, Floats]:
    """Mean and concentration of a rate whose people's habit is known so well."""
    rate = np.asarray(special.expit(logit))
    return rate, 1.0 / (1.0 / alike + 1.0 / _certainty(slope, unsure, rate))


def _certainty(slope: Floats, unsure: Floats, rate: Floats) -> Floats:
    """As a concentration: how well a rate is known whose logit has that variance."""
    return np.asarray(1.0 / np.maximum(slope**2 * unsure * rate * (1.0 - rate), 1e-9))


def _slope(k: Ints, n: Ints, family: Ints, shift: Floats, moved: Floats) -> Floats:
    """By how much the share goes with the habit, by family: least squares over ordinary people.

    Whoever steers does not change how people go elsewhere. So this is asked of all outlets, without
    a thought of who is guilty: a null that may call some of them guilty would rather explain a
    second neighbourhood so than by its people.
    """
    share = special.logit((k + 0.5) / (n + 1.0)) - shift
    weight = n / (n + _STEADY) * (np.abs(moved) <= _ORDINARY)
    many = int(family.max()) + 1

    def add(values: Floats) -> Floats:
        return np.bincount(family, weights=values, minlength=many).astype(np.float64)

    total = np.maximum(add(weight), 1e-9)
    apart = moved - (add(weight * moved) / total)[family]
    both, own = add(weight * apart * share), add(weight * apart**2)
    every = both.sum() / max(own.sum(), 1e-9)
    borrowed = _BORROWED * own.sum() / max(total.sum(), 1e-9)
    return np.asarray(np.clip((both + borrowed * every) / (own + borrowed), 0.0, _STEEPEST))


def _middle(values: Floats, family: Ints) -> Floats:
    """The median of its family, outlet by outlet."""
    middle = [np.median(values[family == one]) for one in range(int(family.max()) + 1)]
    return np.asarray(middle)[family]


def surely_more(k: Ints, n: Ints, there: Ints, pairs: Ints) -> Mask:
    """Whether a share is surely above another: a bound of the difference, of each one's (Newcombe)."""
    here_, away = k / n, there / pairs
    low = jeffreys_lower(k.astype(float), n.astype(float), BOUND_TAIL)
    high = jeffreys_upper(there.astype(float), pairs.astype(float), BOUND_TAIL)
    return np.asarray(here_ - away > np.hypot(here_ - low, high - away))
