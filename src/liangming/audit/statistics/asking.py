"""The shape of a question and of its answer, and the three ways in which most are asked.

An answer keeps, for each place tested, what was seen, what is usual, how far apart they surely
are, and the exact chance of such a sight if all were as usual. Where the effect is too small to
matter the chance is set to one: such a place cannot be flagged, and the false-discovery control
stays on the safe side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

import numpy as np
from scipy import special

from liangming.audit.statistics.null import FAR, fit
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import (
    Floats,
    Ints,
    jeffreys_lower,
)

BOUND_TAIL: Final = 0.025
"""Each effect bound is the lower end of a 95 % Jeffreys interval."""

LOCAL: Final = 0.5
"""A place is not flagged when the chance that it is ordinary after all exceeds this."""

CAUTION: Final = 0.8
"""Peers are taken to differ a little more than fitted: honest laws have longer tails than a beta."""

NEAR: Final = 0.95
"""The same where chances are large, of a place beside its own people or its own clerks: how the middle
of a law looks is seen, how its end looks is not."""
_SEEN, _UNSEEN = -2.0, -4.0
"""Up to which chance a law is seen, from which on it is not: powers of ten."""

_KINDS: Final = 64
_SIZES: Final = 7
_STEP: Final = float(np.log(3.0))
WIDE: Final = tuple(f"far{pair}" for pair in range(len(FAR)))
"""Names of what an answer tells of its far pairs."""
_FEW: Final = 5
"""Fewest cases from which an own rate is told at all."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What an effect must reach to matter, besides being unlikely.

    Attributes:
        support: fewest cases to be tested at all.
        rise: fewest points of share above the usual, at the point estimate.
        sure: fewest points above the usual at the lower bound.
        times: fewest times the usual, at the lower bound.
        at_least: the least rate at the lower bound.
        most: the least rate at the point estimate.
    """

    support: int
    rise: float = 0.0
    sure: float = 0.0
    times: float = 1.0
    at_least: float = 0.0
    most: float = 0.0


class Ordinary(Protocol):
    """What is ordinary of some places, however it was told."""

    @property
    def concentration(self) -> Floats:
        """How alike peers are."""

    @property
    def wide(self) -> Floats:
        """The part of honest peers in each far pair, places × pairs."""

    def upper(self, k: Ints, n: Ints, rows: Ints, caution: float) -> Floats:
        """P(K ≥ k) for the places at ``rows``, were they ordinary; or P(K > k) and half of P(K = k)."""

    def fdr(self, k: Ints, n: Ints, rows: Ints) -> Floats:
        """The chance that they are ordinary after all, given their counts."""


@dataclass(frozen=True, slots=True)
class Own:
    """What is usual for an entry itself.

    Attributes:
        logit: of its own rate elsewhere.
        certainty: how well that rate is known, as a concentration.
    """

    logit: Floats
    certainty: Floats


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question found, a row for each place (or clerk) that could be tested.

    Attributes:
        question: its name.
        rows: places.
        p: exact chance of such a sight among ordinary peers; 1 where the effect is small.
        stands: whether effect, bound and local chance all speak.
        k: how many were seen.
        n: out of how many.
        usual: what is usual for this place.
        low: the lower bound of what was seen.
        part: clerk, way or stretch, as the question has it; -1 for none.
        thin: places with too little support.
        silent: why nothing could be tested; empty when something was.
    """

    question: str
    rows: Ints
    p: Floats
    stands: np.ndarray[tuple[int], np.dtype[np.bool_]]
    k: Ints
    n: Ints
    usual: Floats
    low: Floats
    part: Ints
    thin: int = 0
    silent: str = ""
    extra: dict[str, Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


def nothing(question: str, *, thin: int, silent: str) -> Answer:
    """An answer without a single test, and why."""
    empty, whole = np.zeros(0), np.zeros(0, np.int64)
    return Answer(
        question, whole, empty, np.zeros(0, bool), whole, whole, empty, empty, whole, thin, silent
    )


def joined(parts: Sequence[Answer]) -> Answer:
    """One answer of several about different places, in their order; what only some tell is left out."""
    first, *others = parts
    if not others:
        return first
    order = np.argsort(np.concatenate([part.rows for part in parts]), kind="stable")

    told = [name for name in first.extra if all(name in part.extra for part in others)]
    return replace(
        first,
        rows=np.concatenate([part.rows for part in parts])[order],
        p=np.concatenate([part.p for part in parts])[order],
        stands=np.concatenate([part.stands for part in parts])[order],
        k=np.concatenate([part.k for part in parts])[order],
        n=np.concatenate([part.n for part in parts])[order],
        usual=np.concatenate([part.usual for part in parts])[order],
        low=np.concatenate([part.low for part in parts])[order],
        part=np.concatenate([part.part for part in parts])[order],
        extra={name: np.concatenate([part.extra[name] for part in parts])[order] for name in told},
    )


def against_peers(
    question: str,
    here: Places,
    k: Ints,
    n: Ints,
    floor: Floor,
    *,
    rows: Ints | None = None,
    part: Ints | None = None,
    own: Own | None = None,
    among: Ints | None = None,
    offset: Floats | None = None,
    by_size: bool = False,
    wide: bool = False,
    by_province: bool = True,
    near: float = CAUTION,
    beside: bool = False,
) -> Answer:
    """Test a rate of each place against what its peers' honest distribution would give.

    Args:
        question: its name.
        here: the places.
        k: how many.
        n: out of how many.
        floor: support and effect.
        rows: the place of each entry, when entries are not places themselves.
        part: what else an entry is about (a clerk, a way).
        own: what is usual for the entry itself, for contrasts within an outlet.
        among: what is comparable, when the family of the place is not all of it.
        offset: a logit that is known beforehand, instead of ``own``.
        by_size: compare with peers of about the same size.
        wide: whether honest peers may have longer tails than a beta.
        by_province: whether provinces differ in this, so that each is fitted for itself.
        near: how alike peers are taken to be where chances are large (``NEAR`` or ``CAUTION``).
        beside: whether entries are compared with one another, so that some stand below one under
            pressure.
    """
    place = np.arange(len(k)) if rows is None else rows
    enough = n >= floor.support
    thin = int(((n > 0) & ~enough).sum())
    if not enough.any():
        return nothing(question, thin=thin, silent="support" if thin else "column")
    at = np.flatnonzero(enough)
    k, n, place = np.minimum(k[at], n[at]), n[at], place[at]
    own_kind = np.zeros(len(at), np.int64) if among is None else among[at]
    family = dense(here.family[place] * _KINDS + own_kind)
    shift = own.logit if own is not None else offset
    null = fit(
        k,
        n,
        family=family,
        cell=dense(here.cell[place] * _KINDS + own_kind) if by_province else family,
        offset=None if shift is None else shift[at],
        certainty=None if own is None else own.certainty[at],
        band=dense(family * _SIZES + size_band(here)[place]) if by_size else None,
        wide=wide,
        beside=beside,
    )
    return judged(
        question,
        Answer(
            question,
            place,
            np.ones(len(at)),
            np.zeros(len(at), bool),
            k,
            n,
            null.mean,
            np.zeros(len(at)),
            np.full(len(at), -1) if part is None else part[at],
            thin,
        ),
        null,
        floor,
        near,
    )


def judged(
    question: str, asked: Answer, null: Ordinary, floor: Floor, near: float = CAUTION
) -> Answer:
    """Fill in chances, bounds and who stands out."""
    k, n, usual = asked.k, asked.n, asked.usual
    seen = k / n
    worth = np.flatnonzero((seen - usual >= floor.rise) & (seen > usual) & (seen >= floor.most))
    low = np.zeros(len(k))
    low[worth] = jeffreys_lower(k[worth].astype(float), n[worth].astype(float), BOUND_TAIL)
    worth = worth[
        (low[worth] >= usual[worth] + floor.sure)
        & (low[worth] >= usual[worth] * floor.times)
        & (low[worth] >= floor.at_least)
    ]
    p = np.ones(len(k))
    p[worth] = _chance(null, k[worth], n[worth], worth, near)
    stands = np.zeros(len(k), bool)
    stands[worth] = null.fdr(k[worth], n[worth], worth) <= LOCAL
    extra = {**asked.extra, "alike": null.concentration}
    if null.wide.any():
        extra |= {name: null.wide[:, pair] for pair, name in enumerate(WIDE)}
    return replace(asked, question=question, p=p, stands=stands, low=low, extra=extra)


def _chance(null: Ordinary, k: Ints, n: Ints, rows: Ints, near: float) -> Floats:
    """The chance of so many, more cautious the farther out."""
    p = null.upper(k, n, rows, CAUTION)
    depth = np.log10(np.maximum(p, 1e-300))
    at = np.flatnonzero((depth > _UNSEEN) & (depth < 0.0)) if near > CAUTION else np.zeros(0, int)
    closer = np.log10(np.maximum(null.upper(k[at], n[at], rows[at], near), 1e-300))
    part = np.clip((depth[at] - _SEEN) / (_UNSEEN - _SEEN), 0.0, 1.0)
    p[at] = 10.0 ** (part * depth[at] + (1.0 - part) * closer)
    return p


def wide_of(answer: Answer, rows: Ints) -> Floats:
    """The far pairs that an answer was judged with, for some of its rows."""
    if WIDE[0] not in answer.extra:
        return np.zeros((len(rows), len(FAR)))
    return np.stack([answer.extra[name][rows] for name in WIDE], axis=1)


def size_band(here: Places) -> Ints:
    """About how large each place is among its family: steps of three times, 0 smallest."""
    checks = np.maximum(here.get("checks"), 1).astype(float)
    middle = np.ones(int(here.family.max()) + 1)
    for family in range(len(middle)):
        middle[family] = np.median(checks[here.family == family])
    step = np.rint(np.log(checks / middle[here.family]) / _STEP)
    return np.asarray(np.clip(step, -(_SIZES // 2), _SIZES // 2) + _SIZES // 2, np.int64)


def size_groups(here: Places, rows: Ints) -> Ints:
    """Families parted by size, for some places."""
    return dense(here.family[rows] * _SIZES + size_band(here)[rows])


def own_rate(here: Places, k: Ints, n: Ints, rows: Ints | None = None) -> Own:
    """What is usual *here*: an outlet's own rate among the others, steadied by its peers.

    The peers' law of such rates is fitted first; each own rate is then known as well as its own
    cases and that law together allow, and the contrast is no surer than that.
    """
    place = np.arange(len(k)) if rows is None else rows
    enough = np.flatnonzero(n >= _FEW)
    usual = np.full(len(k), 0.05)
    alike = np.full(len(k), 2.0)
    if len(enough):
        at = place[enough]
        null = fit(
            np.minimum(k[enough], n[enough]),
            n[enough],
            family=dense(here.family[at]),
            cell=dense(here.cell[at]),
        )
        usual[enough], alike[enough] = null.mean, null.concentration
    mean = (k + usual * alike) / (n + alike)
    return Own(np.asarray(special.logit(np.clip(mean, 1e-5, 1.0 - 1e-5))), n + alike)


def dense(codes: Ints) -> Ints:
    """The same codes numbered 0, 1, 2, … without a gap."""
    return np.asarray(np.unique(codes, return_inverse=True)[1])
