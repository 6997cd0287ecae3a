"""Two other judges of the same synthetic fleet: one who knows the truth, one who knows too little.

The *oracle* is told the very law each honest outlet's rates were drawn from, and its hidden honest
rates; it fits nothing and knows which honest outlets are special. Nobody can do better from these
counts with such tests. The *naive* judge takes a binomial test against the mean of the peers, as is
often done. All three judges get the same cells and the same supports, and control false discoveries
in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy import special, stats

from liangming.audit.generate.cells import OTHER_WAYS
from liangming.audit.generate.laws import quantile, upper_tail, upper_tail_normal
from liangming.audit.generate.plant import PARK, READER, WHOLE
from liangming.audit.generate.rates import BROKEN_WAY
from liangming.audit.generate.world import (
    ABANDONED,
    ABANDONED_SHIFT,
    CLERKS_DIFFER,
    DOWN,
    DRIFT,
    FAILING,
    FIRST,
    LATE,
    PUSHED,
    REFUSED,
    REFUSED_SHIFT,
    World,
)
from liangming.audit.schema import WAYS
from liangming.audit.statistics.asking import Answer
from liangming.audit.statistics.judging import LEVEL
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import (
    Floats,
    Ints,
    benjamini_hochberg,
    betabinomial_upper,
)

ASKED: Final = (
    "share", "refused", "abandoned", "waits", "pushed", "down-on-decline", "first", "broken",
    "closed", "clerk", "sudden",
)  # fmt: skip
"""Questions that all three judges are asked."""
BY_ORACLE: Final = (*ASKED, "habit")
"""Questions that the oracle answers: the naive judge has no way to use a habit."""
_NODES: Final = special.expit(np.linspace(-16.0, 16.0, 48))
_WEIGHTS: Final = np.gradient(_NODES) / np.gradient(_NODES).sum()
_CHUNK: Final = 20_000

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def oracle(world: World, here: Places, answers: dict[str, Answer], ids: Ints) -> dict[str, Ints]:
    """Outlets (ids) that one who knows every true null would flag, by question."""
    chances: dict[str, Floats] = {}
    for name in BY_ORACLE:
        single = world.kind[ids[answers[name].rows]] != WHOLE  # told apart, by whole scenes
        chance = true_chance(name, world, here, answers[name], ids)
        chances[name] = np.where(single, chance, 1.0)
    return _decided(chances, answers, ids)


def naive(here: Places, answers: dict[str, Answer], ids: Ints) -> dict[str, Ints]:
    """Outlets that a binomial test against the peers' mean would flag, by question."""
    chances: dict[str, Floats] = {}
    for name in ASKED:
        answer = answers[name]
        if name == "waits":
            chances[name] = _naive_time(here, answer)
            continue
        kind = answer.part if name in ("broken", "closed") else np.zeros(len(answer), np.int64)
        group = np.unique(here.cell[answer.rows] * 64 + kind, return_inverse=True)[1]
        top = np.bincount(group, weights=answer.k)
        bottom = np.bincount(group, weights=answer.n)
        mean = (top / np.maximum(bottom, 1.0))[group]
        chances[name] = stats.binom.sf(answer.k - 1, answer.n, mean)
    return _decided(chances, answers, ids)


def _naive_time(here: Places, answer: Answer) -> Floats:
    ratio = np.log(answer.extra["ratio"])
    error = answer.extra["error"]
    group = np.unique(here.family[answer.rows], return_inverse=True)[1]
    weight = 1.0 / error
    mean = np.bincount(group, weights=ratio * weight) / np.bincount(group, weights=weight)
    return np.asarray(stats.norm.sf((ratio - mean[group]) / np.sqrt(error)))


def _decided(
    chances: Mapping[str, Floats], answers: dict[str, Answer], ids: Ints
) -> dict[str, Ints]:
    q = benjamini_hochberg(np.concatenate(list(chances.values())))
    out, start = {}, 0
    for name in chances:
        own = q[start : start + len(chances[name])]
        start += len(own)
        out[name] = np.unique(ids[answers[name].rows[own <= LEVEL]])
    return out


def true_chance(name: str, world: World, here: Places, answer: Answer, ids: Ints) -> Floats:
    """The chance of each sight of one question under the true law of an honest outlet."""
    who = ids[answer.rows]
    k, n = answer.k, answer.n
    after = {
        "refused": ("refused", REFUSED, REFUSED_SHIFT),
        "abandoned": ("abandoned", ABANDONED, ABANDONED_SHIFT),
        "down-on-decline": ("way_down", DOWN, (0.0, 1e-6)),
    }
    plain = {"pushed": PUSHED, "first": FIRST}
    if name in after:
        return _after_decline(here, answer, *after[name])
    if name in plain:
        return _beta(k, n, plain[name])
    if name in ("broken", "closed"):
        return _way(name, world, answer, who)
    chance = {
        "share": _share,
        "habit": _habit,
        "clerk": _clerk,
        "waits": _true_time,
        "sudden": _sudden,
    }[name]
    return chance(world, here, answer, who)


def _share(world: World, _: Places, answer: Answer, who: Ints) -> Floats:
    k, n = answer.k, answer.n
    usual = world.usual[who]
    chance = np.ones(len(k))
    above = np.flatnonzero(k > n * usual)  # below its mean an outlet is no candidate
    chance[above] = upper_tail(world.plan.shape, k[above], n[above], usual[above])
    park = np.flatnonzero(world.honest[who] == PARK)
    own = special.logit(usual[park]) + 2.3
    chance[park] = upper_tail_normal(k[park], n[park], own, np.full(len(park), 0.5))
    return chance


def _habit(world: World, here: Places, answer: Answer, who: Ints) -> Floats:
    """Of all honest shares, weighed by how its people go elsewhere: what the pairs leave open."""
    chance = _share(world, here, answer, who)
    above = answer.k > answer.n * world.usual[who]
    ordinary = np.flatnonzero(above & (world.honest[who] != PARK))
    for start in range(0, len(ordinary), _CHUNK):
        at = ordinary[start : start + _CHUNK]
        chance[at] = _given_pairs(world, here, answer, who, at)
    return chance


def _given_pairs(world: World, here: Places, answer: Answer, who: Ints, at: Ints) -> Floats:
    plan = world.plan
    usual, k, n = world.usual[who[at]], answer.k[at], answer.n[at]
    place = answer.rows[at]
    there, pairs = here.get("pair_face_there")[place], here.get("pair_known")[place]
    centre = special.logit(usual)
    first, second = np.maximum(k, 1).astype(float), (n - k + 1).astype(float)
    points, parts = np.polynomial.hermite_e.hermegauss(5)
    tails, told = np.zeros((2, len(_NODES), len(at)))
    for row, node in enumerate(_NODES):
        own = special.logit(quantile(plan.shape, np.full(len(at), node), usual))
        for point, part in zip(points, parts / parts.sum(), strict=True):
            rate = special.expit(centre + plan.habit * (own - centre) + plan.habits_differ * point)
            rate = rate + plan.contamination * 0.25 * (1.0 - rate)
            told[row] += part * np.exp(_log_binomial(there, pairs, rate))
            shown = special.expit(own + CLERKS_DIFFER / np.sqrt(2.0) * point)
            tails[row] += part * special.betainc(first, second, shown)
    told *= _WEIGHTS[:, None]
    return np.asarray((told * tails).sum(axis=0) / np.maximum(told.sum(axis=0), 1e-300))


def _log_binomial(k: Ints, n: Ints, rate: Floats) -> Floats:
    """Log likelihood of k of n, against that of the rate seen."""
    seen = (k + 1e-9) / (n + 2e-9)
    return np.asarray(
        special.xlogy(k, rate / seen) + special.xlogy(n - k, (1.0 - rate) / (1.0 - seen))
    )


def _clerk(world: World, here: Places, answer: Answer, who: Ints) -> Floats:
    chosen, known = here.clerk_chosen[:, answer.part]
    rest_k = here.get("face_chosen")[answer.rows] - chosen
    rest_n = here.get("chosen_known")[answer.rows] - known
    centre, spread = _known(rest_k, rest_n, special.logit(world.usual[who]), 0.5)
    differ = np.sqrt(spread**2 + 2.0 * CLERKS_DIFFER**2 + DRIFT**2 / 3.0)
    return upper_tail_normal(answer.k, answer.n, centre, differ)


def _sudden(world: World, here: Places, answer: Answer, who: Ints) -> Floats:
    before = here.get("chosen_known")[answer.rows] - answer.n
    noise = 1.0 / np.maximum(before * answer.usual * (1.0 - answer.usual), 1e-9)
    spread = np.sqrt(noise + DRIFT**2 + (1.3 * world.swing[who]) ** 2)
    chance = upper_tail_normal(answer.k, answer.n, special.logit(answer.usual), spread)
    return np.minimum(chance * answer.extra["cuts"], 1.0)


def _way(name: str, world: World, answer: Answer, who: Ints) -> Floats:
    k, n = answer.k, answer.n
    breaks = np.array([WAYS.index(ways[BROKEN_WAY]) for ways in OTHER_WAYS])
    special_way = answer.part == breaks[world.family[who]]
    reader = world.honest[who] == READER
    law = _beta(k, n, FAILING if name == "broken" else DOWN)
    for_reader = stats.binom.sf(k - 1, n, 0.35)
    other = stats.binom.sf(k - 1, n, 0.02 if name == "broken" else 0.01)
    return np.where(special_way, np.where(reader, for_reader, law), np.where(k > 0, other, 1.0))


def _beta(k: Ints, n: Ints, law: tuple[float, float]) -> Floats:
    mean, many = law
    size = np.ones(len(k))
    return betabinomial_upper(k, n, mean * many * size, (1.0 - mean) * many * size)


def _after_decline(
    here: Places, answer: Answer, what: str, law: tuple[float, float], shift: tuple[float, float]
) -> Floats:
    """The own rate is seen only through its own counts; both laws are known."""
    place = answer.rows
    kept = sum(
        (here.get(f"kept_{end}") for end in ("passed", "refused", "undetermined", "abandoned")),
        start=np.zeros(len(here), np.int64),
    )[place]
    mean, many = law
    seen = here.get(f"kept_{what}")[place]
    a = mean * many + seen
    b = (1.0 - mean) * many + kept - seen
    centre = special.digamma(a) - special.digamma(b) + shift[0]
    spread = np.sqrt(special.polygamma(1, a) + special.polygamma(1, b) + shift[1] ** 2)
    return upper_tail_normal(answer.k, answer.n, centre, spread)


def _known(k: Ints, n: Ints, centre: Floats, spread: float) -> tuple[Floats, Floats]:
    """Centre and spread of a logit, from a normal law and counts."""
    rate = special.expit(centre)
    seen = special.logit((k + rate) / (n + 1.0))
    noise = 1.0 / ((n + 1.0) * special.expit(seen) * special.expit(-seen))
    weight = spread**2 / (spread**2 + noise)
    return weight * seen + (1.0 - weight) * centre, np.sqrt(noise * weight)


def _true_time(world: World, here: Places, answer: Answer, who: Ints) -> Floats:
    ratio = np.log(answer.extra["ratio"])
    n1 = here.get("declined_timed")[answer.rows]
    n0 = here.get("kept_timed")[answer.rows]
    spread = world.unevenness[who] ** 2 * (1.0 / n1 + 1.0 / n0) + LATE[1] ** 2
    return np.asarray(stats.norm.sf((ratio - LATE[0]) / np.sqrt(spread)))
