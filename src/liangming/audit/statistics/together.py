"""A share and how the same people go elsewhere, weighed together: one law of honest places for both.

An honest place has a share of its own, by its peers' law (``null``). Its people take a part of what is
special about it along when they go elsewhere, and differ besides: how large a part and by how much is
told by places at or below the usual, where no steering hides. Or its people are others altogether (a
business park), of any share, and go elsewhere nearly as here. Pressure moves the share and nothing
else. So each share that an honest place may have is weighed by the peers' law and by the pairs, and
what was seen here is asked of all of them together: a share that is rare among peers is rarer still
where its people do not bring it along, however few pairs there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.null import FAR, FAR_ALIKE, Mask, Null
from liangming.audit.statistics.pressure import pressed
from liangming.audit.statistics.tails import Floats, Ints, log_choose

_OWN: Final = np.linspace(-3.2, 4.6, 79)
"""Own shares thought of, beyond the peers' mean, on the logit."""
_THERE: Final = np.linspace(-3.0, 4.0, 71)
"""Habits elsewhere thought of, beyond the peers' people."""
_ANY: Final = np.full(len(_OWN), 1.0 / len(_OWN))
_AS_HERE: Final = 0.35
"""Deviation on the logit between a share and the habit of people who are others altogether."""
_OTHERS: Final = 0.01
"""At least this part of places has people who are others altogether."""
_SURE: Final = 2.0
"""Standard errors by which that part and the deviation of habits are taken to be larger."""
_SAMPLE: Final = 1_500
_ENOUGH: Final = 20
"""Fewest pairs of a place from which the laws are told."""
_ROUNDS: Final = 30
_BORROWED: Final = 200.0
"""As so many places the law of all families counts in each."""
_UNEXPLAINED: Final = 0.09
"""At most so large a part of a family may lie beyond its peers' law (what all families leave counts half)."""
_FEWEST: Final = 200
"""Fewest places that tell how people take a share along."""
_LEAST: Final = 0.1
_MOST: Final = 1.2
_CHUNK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Carried:
    """How people take a place's share along, by family.

    Attributes:
        start: how they go elsewhere where the share is the usual, beyond the peers' people.
        part: by how much that moves (logit) where the share moves by one.
        differ: deviation around it.
        others: the part of places whose people are others altogether.
    """

    start: Floats
    part: Floats
    differ: Floats
    others: Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of some places.

    Attributes:
        k: face chosen.
        n: chosen at all.
        there: of the people seen elsewhere, by face.
        pairs: seen elsewhere.
        habit: logit of how the peers' people go elsewhere.
        family: 0 … F-1.
        null: the peers' law of shares, in the same order.
    """

    k: Ints
    n: Ints
    there: Ints
    pairs: Ints
    habit: Floats
    family: Ints
    null: Null


def carried(seen: Seen) -> Carried:
    """Fit how people take a place's share along: places at or below the usual, by expectation."""
    families = int(seen.family.max()) + 1
    below = _telling(seen)
    rows = [
        _spread(np.flatnonzero(below & (seen.family == one)), _SAMPLE) for one in range(families)
    ]
    told = [_told(seen, at) for at in rows]
    own = [_own(seen, at, 1.0) * _shown(seen, at) for at in rows]
    law = np.tile([0.0, 0.5, 0.3], (families, 1))
    part = np.full(families, 2.0 * _OTHERS)
    sizes = np.array([len(at) for at in rows], float)
    for _ in range(_ROUNDS):
        held = np.stack(
            [_held(told[one], own[one], law[one], part[one]) for one in range(families)]
        )
        every = held.sum(axis=0) * (_BORROWED / max(sizes.sum(), 1.0))
        law = np.stack([_line(one + every) for one in held])
    part = _others(seen, law)
    differ = law[:, 2] * (1.0 + _SURE / np.sqrt(2.0 * (sizes + _BORROWED)))
    return Carried(law[:, 0], law[:, 1], differ, part)


def _telling(seen: Seen) -> Mask:
    """Places at or below the usual whose pairs are many enough."""
    return np.asarray((seen.k <= seen.n * seen.null.mean) & (seen.pairs >= _ENOUGH))


def _spread(at: Ints, most: int) -> Ints:
    return at[:: max(-(-len(at) // most), 1)]


def _told(seen: Seen, at: Ints) -> Floats:
    """Likelihood of each habit, up to a factor a row: rows × habits."""
    logit = seen.habit[at, None] + _THERE
    there, pairs = seen.there[at, None], seen.pairs[at, None]
    log = there * logit + pairs * special.log_expit(-logit)
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def _own(seen: Seen, at: Ints, caution: float) -> Floats:
    """Chance of each own share by the peers' law: rows × shares."""
    null = seen.null
    centre, many = special.logit(null.mean[at]), caution * null.concentration[at]
    wide = null.wide[at]
    law = (1.0 - wide.sum(axis=1))[:, None] * _beta(centre, centre, many)
    for pair in np.flatnonzero(wide.any(axis=0)):
        for side in (-FAR[pair], FAR[pair]):
            far = _beta(centre, centre + side, FAR_ALIKE * many)
            law += 0.5 * wide[:, pair, None] * far
    return np.asarray(law)


def _beta(centre: Floats, mean: Floats, many: Floats) -> Floats:
    """A beta law around ``mean``, on the grid around ``centre``."""
    logit = centre[:, None] + _OWN
    rate = special.expit(mean)
    log = (rate * many)[:, None] * logit + many[:, None] * special.log_expit(-logit)
    law = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(law / law.sum(axis=1, keepdims=True))


def _shown(seen: Seen, at: Ints) -> Floats:
    """Likelihood of what was seen here, up to a factor a row: rows × shares."""
    logit = special.logit(seen.null.mean[at])[:, None] + _OWN
    log = seen.k[at, None] * logit + seen.n[at, None] * special.log_expit(-logit)
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def _along(law: Floats) -> Floats:
    """Chance of each habit where a share is such: habits × shares."""
    start, part, differ = law
    log = -0.5 * ((_THERE[:, None] - start - part * _OWN) / differ) ** 2
    chance = np.exp(log - log.max(axis=0))
    return np.asarray(chance / chance.sum(axis=0))


_OTHER_LAW: Final = np.array([0.0, 1.0, _AS_HERE])


def _held(told: Floats, own: Floats, law: Floats, part: float) -> Floats:
    """How many places have each habit with each share, as expected: habits × shares."""
    along = _along(law)
    if not len(told):
        return np.zeros_like(along)
    fair = (1.0 - part) * ((told @ along) * own).sum(axis=1)
    else_ = part * ((told @ _along(_OTHER_LAW)) * own).sum(axis=1)
    weight = (1.0 - part) / np.maximum(fair + else_, 1e-300)
    return np.asarray(along * (told.T @ (own * weight[:, None])))


def _line(held: Floats) -> Floats:
    """Start, part and deviation of habits over shares."""
    many = max(float(held.sum()), 1e-9)
    by_own, by_there = held.sum(axis=0) / many, held.sum(axis=1) / many
    own, there = float(by_own @ _OWN), float(by_there @ _THERE)
    both = float((_THERE - there) @ held @ (_OWN - own)) / many
    var = float(by_own @ (_OWN - own) ** 2)
    part = float(np.clip(both / max(var, 1e-9), 0.0, _MOST))
    rest = float(by_there @ (_THERE - there) ** 2) - 2.0 * part * both + part**2 * var
    return np.array([there - part * own, part, max(np.sqrt(max(rest, 0.0)), _LEAST)])


def _others(seen: Seen, law: Floats) -> Floats:
    """The part of places whose people are others altogether: of the pairs alone, no share."""
    out = np.zeros(len(law))
    found, many = np.zeros(len(law)), np.zeros(len(law))
    parts = []
    for one in range(len(law)):
        at = _spread(np.flatnonzero((seen.family == one) & (seen.pairs >= _ENOUGH)), 2 * _SAMPLE)
        told, own = _told(seen, at), _own(seen, at, 1.0)
        fair = ((told @ _along(law[one])) * own).sum(axis=1)
        parts.append((fair, told.mean(axis=1)))
        many[one] = len(at)
    out = np.full(len(law), 2.0 * _OTHERS)
    for _ in range(_ROUNDS):
        for one, (fair, any_) in enumerate(parts):
            whole = (1.0 - out[one]) * fair + out[one] * any_
            found[one] = (out[one] * any_ / np.maximum(whole, 1e-300)).sum()
        every = found.sum() / max(many.sum(), 1.0)
        out = (found + _BORROWED * every) / (many + _BORROWED)
    out += _SURE * np.sqrt(out / (many + _BORROWED))
    return np.clip(out, _OTHERS, 0.5)


def thinkable(
    seen: Seen, known: Carried, rows: Ints, caution: float
) -> Iterator[tuple[Ints, Floats, Floats]]:
    """Some rows at a time: which, their shares thought of, and the chance of each given the pairs."""
    any_ = _along(_OTHER_LAW)
    along = np.stack(
        [
            _along(np.array([known.start[one], known.part[one], known.differ[one]]))
            for one in range(len(known.part))
        ]
    )
    for start in range(0, len(rows), _CHUNK):
        at = rows[start : start + _CHUNK]
        told, own = _told(seen, at), _own(seen, at, caution)
        family = seen.family[at]
        part = known.others[family][:, None]
        chance = np.empty_like(own)
        for one in np.unique(family):
            some = family == one
            chance[some] = told[some] @ along[one]
        chance = (1.0 - part) * own * chance + part * _ANY * (told @ any_)
        chance /= chance.sum(axis=1, keepdims=True)
        rate = special.expit(special.logit(seen.null.mean[at])[:, None] + _OWN)
        yield at, rate, chance


def _exactly(k: Ints, n: Ints, rate: Floats) -> Floats:
    """P(K = k) at each share thought of: rows × shares."""
    log = special.xlogy(k[:, None], rate) + special.xlog1py((n - k)[:, None], -rate)
    return np.asarray(np.exp(log + log_choose(k, n)[:, None]))


@dataclass(frozen=True, slots=True)
class Together:
    """What is ordinary of each place, given its peers and its people.

    Attributes:
        mean: the share to be expected.
        concentration: how alike peers are.
        wide: the part of honest peers in each far pair, places × pairs.
        known: how people take a share along, by family.
    """

    mean: Floats
    concentration: Floats
    wide: Floats
    known: Carried
    _seen: Seen

    def upper(self, k: Ints, n: Ints, rows: Ints, caution: float) -> Floats:
        """P(K > k) and half of P(K = k) for the places at ``rows``, were they ordinary (mid-p).

        Counts are whole numbers: with the whole of P(K = k) chances of honest places would be larger
        than a half on average, the more so the fewer checks there are, and hide pressure there.
        """
        first, second = np.maximum(k, 1).astype(float), (n - k + 1).astype(float)
        out, start = np.ones(len(rows)), 0
        for at, rate, chance in thinkable(self._seen, self.known, rows, caution):
            here = slice(start, start + len(at))
            tail = special.betainc(first[here, None], second[here, None], rate)
            tail[k[here] == 0] = 1.0
            out[here] = (chance * (tail - 0.5 * _exactly(k[here], n[here], rate))).sum(axis=1)
            start += len(at)
        return np.clip(out, 0.0, 1.0)

    def fdr(self, k: Ints, n: Ints, rows: Ints) -> Floats:
        """The chance that the places at ``rows`` are ordinary after all, given their counts."""
        innocent, start = np.zeros(len(rows)), 0
        for at, rate, chance in thinkable(self._seen, self.known, rows, 1.0):
            here = slice(start, start + len(at))
            innocent[here] = (chance * _exactly(k[here], n[here], rate)).sum(axis=1)
            start += len(at)
        bad = pressed(k, n, self.mean[rows])
        guilty = self._seen.null.pressure[rows]
        innocent *= 1.0 - guilty.sum(axis=1)
        whole = innocent + (bad * guilty).sum(axis=1)
        return np.asarray(np.where(whole > 0, innocent / np.maximum(whole, 1e-300), 0.0))


def believable(seen: Seen) -> Mask:
    """Places of families whose peers' law is borne out: it leaves few shares unexplained.

    What it leaves is under pressure or of a second kind, and no share tells which.
    """
    size = np.bincount(seen.family)
    left = np.bincount(seen.family, weights=seen.null.guilty) / np.maximum(size, 1)
    left = (left + float(seen.null.guilty.mean())) / 2.0
    told = np.bincount(seen.family, weights=_telling(seen), minlength=len(size))
    return np.asarray(((left <= _UNEXPLAINED) & (told >= _FEWEST))[seen.family])


def together(seen: Seen, rows: Mask) -> Together:
    """Fit what is ordinary of some places, by their peers and by their people."""
    null = seen.null
    some = Null(
        null.mean[rows], null.concentration[rows], null.guilty[rows], null.pressure[rows],
        null.wide[rows],
    )  # fmt: skip
    family = np.unique(seen.family[rows], return_inverse=True)[1]
    seen = Seen(
        seen.k[rows], seen.n[rows], seen.there[rows], seen.pairs[rows], seen.habit[rows], family,
        some,
    )  # fmt: skip
    known = carried(seen)
    mean = np.empty(len(seen.k))
    for at, rate, chance in thinkable(seen, known, np.arange(len(mean)), 1.0):
        mean[at] = (rate * chance).sum(axis=1)
    return Together(mean, some.concentration, some.wide, known, seen)
