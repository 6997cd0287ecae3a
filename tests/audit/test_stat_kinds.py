"""Waits and sudden changes: honest laws with long tails, of two kinds or with seasons are left alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from liangming.audit.schema import LN_SCALE, way_column
from liangming.audit.statistics.adaptive import adjusted, ordinary_part
from liangming.audit.statistics.change import sudden
from liangming.audit.statistics.clerks import clerk
from liangming.audit.statistics.judging import _held_down, judge
from liangming.audit.statistics.mirror import borne_out
from liangming.audit.statistics.places import STRETCHES, Places
from liangming.audit.statistics.pressure import BANDS, pressed
from liangming.audit.statistics.season import step_or_season
from liangming.audit.statistics.tails import benjamini_hochberg
from liangming.audit.statistics.waiting import waits
from liangming.audit.statistics.ways import broken

MANY = 4_000


def fleet(sums, by_stretch=None):
    many = len(next(iter(sums.values()))) if sums else by_stretch.shape[1]
    nought = np.zeros(many, np.int64)
    held = {} if by_stretch is None else {"by_stretch": by_stretch}
    return Places(
        operator=["op"] * many,
        outlet=[f"outlet-{i:07d}" for i in range(many)],
        scene_kind=nought,
        province=nought,
        channel=nought,
        family=nought,
        cell=nought,
        sums=sums,
        last_day=359,
        **held,
    )


def timed(late, seed=5):
    """Places whose checks take ``exp(late)`` times as long after a decline, 80 of 300."""
    rng = np.random.default_rng(seed)
    sums = {}
    for whom, many, mean in (("declined", 80, 10.0 + late), ("kept", 220, 10.0 + 0.0 * late)):
        ln = mean + 0.5 * rng.standard_normal(len(late)) / np.sqrt(many)
        around = 0.25 * rng.chisquare(many - 1, len(late))
        sums[f"{whom}_timed"] = np.full(len(late), many)
        sums[f"{whom}_ln"] = np.rint(LN_SCALE * many * ln).astype(np.int64)
        sums[f"{whom}_ln2"] = np.rint(LN_SCALE**2 * (many * ln**2 + around)).astype(np.int64)
    return fleet(sums)


def stretched(logit, seed=5, each=120):
    """Places with ``each`` checks in every other stretch, and the face by these logits."""
    rng = np.random.default_rng(seed)
    found = np.zeros((4, len(logit), STRETCHES), np.int64)
    filled = np.arange(0, STRETCHES, 2)
    found[1][:, filled] = each
    found[0][:, filled] = rng.binomial(each, special.expit(logit[:, filled]))
    return fleet({}, found)


def test_a_chance_is_no_smaller_than_the_clean_side_bears_out() -> None:
    p = np.array([1e-8, 1e-3, 1.0])
    assert borne_out(p, np.ones(1_000)).tolist() == p.tolist()
    assert borne_out(p, np.array([1e-9, *[1.0] * 999])).tolist() == p.tolist()  # one proves none
    clean = np.array([*[1e-9] * 16, *[1.0] * 984])
    assert borne_out(p, clean).tolist() == [0.012, 0.012, 1.0]


def test_among_candidates_only_the_ordinary_part_is_counted() -> None:
    p = np.array([0.0001] * 8 + [0.04, 0.6])
    assert ordinary_part(p) == pytest.approx(0.4)
    assert adjusted(p).tolist() == (0.4 * benjamini_hochberg(p)).tolist()
    assert ordinary_part(np.zeros(0)) == 1.0
    assert ordinary_part(np.full(3, 0.9)) == 1.0


def test_long_tails_of_honest_waits_accuse_nobody_and_a_long_wait_is_found_beside_short_ones() -> (
    None
):
    rng = np.random.default_rng(8)
    tailed = 0.15 + 0.09 * rng.standard_t(3, MANY)
    assert len(judge(timed(tailed), questions=("waits",)).flags) <= 2
    plain = rng.normal(0.15, 0.1, MANY)
    plain[:40] += np.log(2.0)
    found = {flag.place for flag in judge(timed(plain), questions=("waits",)).flags}
    assert len(found & set(range(40))) >= 36
    assert len(found - set(range(40))) <= 6


def test_counters_of_two_honest_kinds_are_left_alone() -> None:
    rng = np.random.default_rng(8)
    late = np.where(rng.random(MANY) < 0.8, 0.1, 0.35) + rng.normal(0.0, 0.08, MANY)
    assert len(judge(timed(late), questions=("waits",)).flags) <= 2


def test_waits_are_as_exact_as_the_ratio_is() -> None:
    answer = waits(timed(np.array([0.15] * 50 + [1.5])))
    assert answer.extra["ratio"][-1] == pytest.approx(np.exp(1.5), rel=0.2)
    assert answer.low[-1] < answer.extra["ratio"][-1]


def test_a_step_is_told_from_a_season() -> None:
    when = np.arange(STRETCHES)
    turn = 2.0 * np.pi * (when + 0.5) / STRETCHES
    logit = np.stack([np.where(when >= 5, 0.5, -1.0), -0.5 + 0.8 * np.sin(turn + 2.0)])
    known = np.full(logit.shape, 400)
    chosen = np.rint(known * special.expit(logit)).astype(np.int64)
    able = np.ones((2, STRETCHES - 1), bool)
    anything, usual = np.full(2, 1e4), np.zeros(logit.shape)
    step, season = step_or_season(chosen, known, usual, able, anything)
    assert step > 5.0
    assert season < -5.0
    nobody = step_or_season(chosen[:0], known[:0], logit[:0], able[:0], anything[:0])
    assert nobody.tolist() == []


def test_a_rise_from_the_level_of_peers_is_more_like_a_step_than_one_around_it() -> None:
    when = np.arange(STRETCHES)
    logit = np.where(when >= 5, 0.2, -1.0)[None, :].repeat(2, axis=0)
    known = np.full(logit.shape, 20)
    chosen = np.rint(known * special.expit(logit)).astype(np.int64)
    usual = np.array([[-1.0], [-0.4]]) + np.zeros(logit.shape)
    able = np.ones((2, STRETCHES - 1), bool)
    from_it, around_it = step_or_season(chosen, known, usual, able, np.full(2, 0.2))
    assert from_it > around_it + 0.5


def test_cuts_between_which_nothing_happened_are_one() -> None:
    answer = sudden(stretched(np.full((300, STRETCHES), -1.0)))
    assert answer.extra["cuts"].max() <= STRETCHES // 2 - 1


def test_steps_up_are_found_and_as_many_steps_down_hold_them_up() -> None:
    rng = np.random.default_rng(8)
    logit = rng.normal(0.0, 0.1, (MANY, STRETCHES))
    later = np.where(np.arange(STRETCHES) >= 8, 0.8, -0.8)
    logit[:60] += later
    rises = sudden(stretched(logit))
    assert rises.stands[:60].sum() >= 55
    assert rises.stands[60:].sum() <= 3
    assert set(rises.part[:60][rises.stands[:60]].tolist()) <= {6, 8, 10}
    logit[60:120] -= later  # with time turned back they rise: honest places do change like that
    assert sudden(stretched(logit)).stands.sum() <= 3


def tried(failing, seed=5, many=200):
    """Places at which another way was tried so often, and failed at these rates."""
    failed = np.random.default_rng(seed).binomial(many, failing)
    sums = {"passed": many - failed, "failed": failed}
    return fleet({way_column("document.read", deed): sums[deed] for deed in sums})


def test_a_way_that_hardly_works_is_found_beyond_the_gap_only_where_there_is_one() -> None:
    rng = np.random.default_rng(8)
    failing = rng.beta(1.2, 28.8, MANY)
    failing[:20] = 0.58
    failing[20:120] = rng.uniform(0.1, 0.34, 100)
    with_gap = broken(tried(failing)).stands
    assert with_gap[:20].sum() >= 18
    assert with_gap[20:].sum() == 0
    failing[20:120] = rng.uniform(0.1, 0.5, 100)
    without = broken(tried(failing)).stands
    assert without[:20].sum() < with_gap[:20].sum()
    assert without[20:].sum() == 0


def test_a_way_tried_a_few_times_is_weighed_by_those_that_are_seen_well() -> None:
    rng = np.random.default_rng(8)
    failing = rng.beta(1.2, 28.8, MANY)
    failing[:60] = 0.62
    failing[60:200] = rng.uniform(0.1, 0.34, 140)
    many = np.full(MANY, 400)
    many[30:60] = many[140:200] = 24
    found = broken(tried(failing, many=many)).stands
    assert found[:30].all()
    assert found[30:60].sum() >= 22
    assert found[60:].sum() <= 3
    failing[:30] = 0.3  # where hardly any seen well fails so often, a few tries say less
    assert broken(tried(failing, many=many)).stands[30:60].sum() < found[30:60].sum()


def manned(habits, seed=5, each=200):
    """Places of three clerks with these habits, as logits beside their place."""
    rng = np.random.default_rng(seed)
    rate = special.expit(-1.1 + rng.normal(0.0, 0.3, (len(habits), 1)) + habits)
    chosen = rng.binomial(each, rate)
    sums = {"face_chosen": chosen.sum(axis=1), "chosen_known": np.full(len(habits), 3 * each)}
    held = fleet(sums)
    return replace(
        held,
        clerk=[f"clerk-{i:07d}" for i in range(chosen.size)],
        clerk_place=np.repeat(np.arange(len(habits)), 3),
        clerk_chosen=np.stack([chosen.ravel(), np.full(chosen.size, each)]),
    )


def flagged_clerks(here):
    answer = clerk(here)
    return np.flatnonzero(answer.stands & (benjamini_hochberg(answer.p) <= 0.05)) % 3


def test_a_clerk_who_steers_is_found_beside_two_who_do_not() -> None:
    habits = np.random.default_rng(8).normal(0.0, 0.15, (MANY, 3))
    habits[:40, 0] += 2.0
    found = flagged_clerks(manned(habits))
    assert (found == 0).sum() >= 36
    assert (found != 0).sum() <= 4


def test_who_stands_beside_many_who_steer_does_not_make_clerks_look_unlike() -> None:
    habits = np.random.default_rng(8).normal(0.0, 0.15, (MANY, 3))
    free = np.median(clerk(manned(habits)).extra["alike"])
    habits[: MANY // 4, 0] += 2.0
    among = clerk(manned(habits))
    assert np.median(among.extra["alike"]) > 0.8 * free
    assert among.stands[: 3 * (MANY // 4) : 3].sum() >= 0.9 * (MANY // 4)


def test_every_band_of_pressure_is_a_law_of_counts() -> None:
    k, n = np.arange(31), np.full(31, 30)
    whole = pressed(k, n, np.full(31, 0.4), beside=True).sum(axis=0)
    assert whole[:BANDS].tolist() == pytest.approx([1.0] * BANDS)
    # who stands beside somebody steered that hard would have a share below nothing
    assert whole[BANDS:].tolist() == pytest.approx([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])


def test_habits_of_clerks_with_long_tails_on_both_sides_accuse_nobody() -> None:
    habits = 0.15 * np.random.default_rng(8).standard_t(4, (MANY, 3))
    assert len(flagged_clerks(manned(habits))) == 0


def test_a_question_in_which_nobody_stands_out_takes_nothing_from_one_with_many() -> None:
    many, none = np.r_[np.full(100, 2e-3), np.ones(900)], np.ones(1_000_000)
    alone, beside = _held_down([many], 0.05)[0], _held_down([many, none], 0.05)
    assert (alone[:100] <= 0.05).all()
    # half of the level is left: one of the two questions has anyone that stands out
    assert beside[0][:100].tolist() == pytest.approx([0.04] * 100)
    assert (beside[1] == 1.0).all()
