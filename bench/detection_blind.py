"""What the oracle finds because it is told which honest outlets are parks, and which have seasons.

``python bench/detection_blind.py`` asks the oracle of ``bench/detection.py`` twice: as it is, and
without being told that. Nobody who reads events is told: a share that is high because of its people,
or that rises with a season of its own, must then be thought possible everywhere, as often as it is.
Ours may find more than the second: it also weighs the shape of a year.
"""

import argparse
import itertools
from collections import defaultdict

import numpy as np
from scipy import special

from liangming.audit.generate.cells import cells
from liangming.audit.generate.laws import quantile, upper_tail, upper_tail_normal
from liangming.audit.generate.plant import HONEST_SHARES, KINDS, STRENGTHS, WHOLE
from liangming.audit.generate.world import CLERKS_DIFFER, DRIFT, Plan, World, make
from liangming.audit.score import oracle as told
from liangming.audit.score.tally import SIZES
from liangming.audit.statistics.asking import Answer
from liangming.audit.statistics.judging import judge
from liangming.audit.statistics.places import Places, places
from liangming.audit.statistics.tails import Floats, Ints

PARK_BEYOND, PARKS_DIFFER, PARK_ELSEWHERE = 2.3, 0.5, -0.15
SWING = (0.3, 0.8)
FINE, MANY = 200, 100
"""How many points of a law, where so many pairs or more leave little open; else a sixth of them."""


def blind(name: str, world: World, here: Places, answer: Answer, ids: Ints) -> Floats:
    """The chance of each sight under the true laws, of an outlet of which nothing else is told."""
    who = ids[answer.rows]
    if name == "sudden":
        return _sudden(here, answer)
    if name == "share":
        usual = world.usual[who]
        park = upper_tail_normal(
            answer.k, answer.n, special.logit(usual) + PARK_BEYOND, np.full(len(who), PARKS_DIFFER)
        )
        part = HONEST_SHARES["park"]
        ordinary = upper_tail(world.plan.shape, answer.k, answer.n, usual)
        return (1.0 - part) * ordinary + part * park
    if name == "habit":
        pairs = here.get("pair_known")[answer.rows]
        chance = np.ones(len(who))
        for points, rows in ((FINE // 6, pairs < MANY), (FINE, pairs >= MANY)):
            at = np.flatnonzero(rows & (answer.k > answer.n * world.usual[who]))
            chance[at] = _habit(world, here, answer, at, who[at], points)
        return chance
    return told.true_chance(name, world, here, answer, ids)


def _sudden(here: Places, answer: Answer) -> Floats:
    before = here.get("chosen_known")[answer.rows] - answer.n
    noise = 1.0 / np.maximum(before * answer.usual * (1.0 - answer.usual), 1e-9) + DRIFT**2
    part, centre = HONEST_SHARES["season"], special.logit(answer.usual)
    chance = (1.0 - part) * upper_tail_normal(answer.k, answer.n, centre, np.sqrt(noise))
    points = np.linspace(*SWING, 5)
    for swing in points:
        spread = np.sqrt(noise + (1.3 * swing) ** 2)
        chance += part / len(points) * upper_tail_normal(answer.k, answer.n, centre, spread)
    return np.minimum(chance * answer.extra["cuts"], 1.0)


def _habit(world: World, here: Places, answer: Answer, at: Ints, who: Ints, fine: int) -> Floats:
    plan, part = world.plan, HONEST_SHARES["park"]
    usual, k, n, place = world.usual[who], answer.k[at], answer.n[at], answer.rows[at]
    pairs, there = here.get("pair_known")[place], here.get("pair_face_there")[place]
    there, centre = np.minimum(there, pairs), special.logit(usual)
    first, second = np.maximum(k, 1).astype(float), (n - k + 1).astype(float)
    points, chances = np.polynomial.hermite_e.hermegauss(5)
    chances = chances / chances.sum()
    nodes = special.expit(np.linspace(-12.0, 12.0, fine))
    weights = np.gradient(nodes) / np.gradient(nodes).sum()
    tails, whole = np.zeros(len(k)), np.zeros(len(k))

    def add(own: Floats, chance: float, elsewhere: Floats, beside: float) -> None:
        rate = special.expit(elsewhere)
        rate = rate + plan.contamination * 0.25 * (1.0 - rate)
        seen = (there + 1e-9) / (pairs + 2e-9)
        log = special.xlogy(there, rate / seen)
        log += special.xlogy(pairs - there, (1.0 - rate) / (1.0 - seen))
        likely = chance * np.exp(log)
        shown = special.expit(own + CLERKS_DIFFER / np.sqrt(2.0) * beside)
        tails[:] += likely * special.betainc(first, second, shown)
        whole[:] += likely

    for point, chance in zip(points, chances, strict=True):
        for node, weight in zip(nodes, weights, strict=True):
            own = special.logit(quantile(plan.shape, np.full(len(k), node), usual))
            elsewhere = centre + plan.habit * (own - centre) + plan.habits_differ * point
            add(own, (1.0 - part) * weight * chance, elsewhere, point)
        own = centre + PARK_BEYOND + PARKS_DIFFER * point
        add(own, part * chance, own + PARK_ELSEWHERE, 0.0)
    return tails / np.maximum(whole, 1e-300)


def found(world: World, outlets: dict[str, Ints]) -> np.ndarray:
    flagged = np.zeros(len(world), bool)
    for some in outlets.values():
        flagged[some.astype(np.int64)] = True
    return flagged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--outlets", type=int, default=60_000)
    parser.add_argument("--levels", default="0.01,0.6", help="parts under pressure")
    parser.add_argument("--seeds", default="24")
    given = parser.parse_args()
    for level in (float(x) for x in given.levels.split(",")):
        sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0] * 4)
        for seed in (int(x) for x in given.seeds.split(",")):
            add(sums, Plan(seed=seed, outlets=given.outlets, contamination=level))
        print(f"\n{level:.0%} under pressure: of so many, ours / told less / oracle\n")
        print("| kind | " + " | ".join(f"≥ {low}" for low in SIZES[:-1]) + " |")
        print("|" + "---|" * len(SIZES))
        for name in dict.fromkeys(name for name, _ in sums):
            cells_ = (sums[name, low] for low in SIZES[:-1])
            said = (f"{ours} / {less} / {best} of {many}" for many, ours, less, best in cells_)
            print(f"| {name} | " + " | ".join(said) + " |", flush=True)


def add(sums: dict[tuple[str, int], list[int]], plan: Plan) -> None:
    world = make(plan)
    here = places(cells(world))
    judged = judge(here)
    ids = np.array([int(name[7:]) for name in here.outlet])
    chances = {
        name: np.where(
            world.kind[ids[judged.answers[name].rows]] == WHOLE,
            1.0,
            blind(name, world, here, judged.answers[name], ids),
        )
        for name in told.BY_ORACLE
    }
    less = found(world, told._decided(chances, judged.answers, ids))
    best = found(world, told.oracle(world, here, judged.answers, ids))
    ours = found(world, {"": np.unique(ids[[flag.place for flag in judged.flags]])})
    size = np.zeros(len(world), np.int64)
    np.add.at(size, ids, here.get("checks"))
    for number, kind in enumerate(KINDS):
        for power, strength in enumerate(STRENGTHS):
            for low, high in itertools.pairwise(SIZES):
                at = (world.kind == number) & (world.strength == power)
                at &= (size >= low) & (size < high)
                if at.any():
                    held = sums[f"{kind.name} {strength}", low]
                    for place, mask in enumerate((at, at & ours, at & less, at & best)):
                        held[place] += int(mask.sum())


if __name__ == "__main__":
    main()
