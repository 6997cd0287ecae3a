"""The benchmark: seeded, honest about its judges, and worse where it must be."""

import numpy as np
import pytest
from scipy import special, stats

from liangming.audit.generate.cells import cells
from liangming.audit.generate.laws import Shape, quantile, upper_tail, upper_tail_normal
from liangming.audit.generate.plant import KINDS
from liangming.audit.generate.world import Plan, make
from liangming.audit.score.oracle import true_chance
from liangming.audit.score.tally import ENOUGH, score
from liangming.audit.statistics.habit import habit
from liangming.audit.statistics.judging import judge
from liangming.audit.statistics.places import places

PLAN = Plan(seed=11, outlets=4_000, contamination=0.2)


def test_the_same_seed_gives_the_same_fleet() -> None:
    first, second = (cells(make(PLAN)) for _ in range(2))
    assert first.equals(second)


def test_another_seed_gives_another() -> None:
    assert not cells(make(PLAN)).equals(
        cells(make(Plan(seed=12, outlets=4_000, contamination=0.2)))
    )


def test_known_and_held_out_kinds_never_meet_in_one_fleet() -> None:
    for held_out in (False, True):
        world = make(Plan(seed=1, outlets=4_000, contamination=0.5, held_out=held_out))
        planted = {KINDS[kind].held_out for kind in np.unique(world.kind) if kind >= 0}
        assert planted == {held_out}


@pytest.mark.parametrize("shape", list(Shape))
def test_the_oracle_knows_the_law_it_says_it_knows(shape) -> None:
    rng = np.random.default_rng(5)
    mean = np.full(4_000, 0.3)
    rate = quantile(shape, rng.uniform(1e-9, 1 - 1e-9, 4_000), mean)
    n = np.full(4_000, 200)
    p = upper_tail(shape, rng.binomial(n, rate), n, mean)
    for level in (0.1, 0.01):
        expected = 4_000 * level
        assert (p <= level).sum() <= expected + 4 * np.sqrt(expected)
        assert (p <= level).sum() >= 0.6 * expected - 4 * np.sqrt(expected)


def test_the_oracle_s_way_of_adding_up_a_law_is_exact_where_the_law_is_known() -> None:
    k, n, centre = np.array([40, 90, 120]), np.full(3, 200), np.full(3, -1.0)
    found = upper_tail_normal(k, n, centre, np.full(3, 0.4))
    z = np.linspace(-8, 8, 20_001)
    weight = stats.norm.pdf(z) * (z[1] - z[0])
    rate = special.expit(-1.0 + 0.4 * z)
    expected = [(weight * stats.binom.sf(v - 1, 200, rate)).sum() for v in k]
    assert found == pytest.approx(expected, rel=0.01)


def test_the_three_judges_stand_in_their_order() -> None:
    world = make(PLAN)
    here = places(cells(world))
    ids = np.array([int(name[7:]) for name in here.outlet])
    result = score(world, here, judge(here), ids)
    assert result.ours.false_share <= 0.05
    assert result.ours.recall >= 0.7 * result.oracle.recall
    assert result.naive.false >= 20 * max(result.ours.false, 1)
    assert result.scene_found is True
    assert result.scenes_false == 0
    for kind, strength in result.by_kind:
        parts = [
            both[0].found
            for (name, how, low), both in result.by_support.items()
            if (name, how) == (kind, strength) and low >= ENOUGH
        ]
        assert sum(parts) == result.by_kind[kind, strength][0].found


def test_the_oracle_weighs_a_share_by_its_people_s_habit_as_rarely_wrong_as_it_says() -> None:
    world = make(Plan(seed=12, outlets=4_000, contamination=0.0))
    here = places(cells(world))
    ids = np.array([int(name[7:]) for name in here.outlet])
    answer = habit(here)
    chance = true_chance("habit", world, here, answer, ids)
    honest = ~world.guilty[ids[answer.rows]]
    for level in (0.05, 0.01):
        expected = honest.sum() * level
        assert (chance[honest] <= level).sum() <= expected + 4 * np.sqrt(expected)
        assert (chance[honest] <= level).sum() >= 0.3 * expected - 4 * np.sqrt(expected)
