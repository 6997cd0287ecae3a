"""A share of faces beside these same people's own habit: what it explains, and what it cannot hide."""

import dataclasses
import functools

import numpy as np
import pyarrow as pa
import pytest
from scipy import special

from liangming.audit.statistics.habit import habit, moved
from liangming.audit.statistics.judging import LEVEL, PREFER, UNTOLD, judge
from liangming.audit.statistics.null import fit
from liangming.audit.statistics.places import Places, places
from liangming.audit.statistics.questions import share
from liangming.audit.statistics.tails import benjamini_hochberg
from liangming.audit.statistics.words import spoken

MANY = 4_000
STEERED, PARK = np.arange(40), np.arange(40, 140)


@functools.cache
def peers(pairs_each=80, seed=1) -> Places:
    """Two kinds of neighbourhood in one family, places that steer, and business parks."""
    rng = np.random.default_rng(seed)
    town = np.where(rng.random(MANY) < 0.25, 0.9, -0.3)
    own = special.logit(0.25) + town + rng.normal(0, 0.2, MANY)
    there = special.logit(0.25) + 0.6 * town + rng.normal(0, 0.1, MANY)
    own[PARK] += 2.5
    there[PARK] += 2.5
    rate = special.expit(own)
    rate[STEERED] += 0.65 * (1 - rate[STEERED])
    n = rng.integers(200, 900, MANY)
    pairs = np.minimum(rng.poisson(pairs_each, MANY), n)
    seen = rng.binomial(pairs, special.expit(there))
    away = rng.binomial(seen, 0.6 * (1 - rate))
    to = rng.binomial(pairs - seen, np.clip(0.6 * rate + 0.2 * (rate > 0.6), 0, 1))
    chosen = rng.binomial(n, rate)
    columns = {
        "checks": n, "chosen_known": n, "face_chosen": chosen, "pair_known": pairs,
        "pair_face_there": seen, "pair_to_face": to, "pair_from_face": away,
    }  # fmt: skip
    one = np.ones(MANY, np.int64)
    return places(
        pa.table(
            {
                "day": pa.array(20_000 * one, pa.int32()),
                "operator": pa.array(["op"] * MANY),
                "outlet": pa.array([f"o{i:05d}" for i in range(MANY)]),
                "clerk": pa.array([""] * MANY),
                "scene_kind": pa.array(one, pa.int32()),
                "province": pa.array(310_000 * one, pa.int32()),
                "channel": pa.array(one, pa.int32()),
                **columns,
            }
        )
    )


def flagged(answer) -> set[int]:
    at = answer.stands & (benjamini_hochberg(answer.p) <= LEVEL)
    return set(answer.rows[at].tolist())


def test_places_that_steer_are_found_and_another_neighbourhood_explains_itself() -> None:
    steered = set(STEERED.tolist())
    found, by_share_alone = flagged(habit(peers())), flagged(share(peers()))
    assert len(found & steered) >= 38
    # few pairs leave it open who lives here: not none, but a tenth of what the share alone accuses
    assert len(found - steered) <= len(by_share_alone - steered) / 10


def test_business_parks_are_put_aside_because_their_people_prefer_it() -> None:
    judged = judge(peers(), questions=("share", "moved", "habit"))
    park = set(PARK.tolist())
    aside = {flag.place for flag, why in judged.leads if why == PREFER}
    assert len(park & aside) >= 60
    assert park & {flag.place for flag in judged.flags} == set()


def test_a_handful_of_pairs_hardly_accuses_a_park_and_says_that_it_cannot_tell() -> None:
    here = peers(10, 2)
    judged = judge(here, questions=("share", "moved", "habit"))
    assert len(flagged(habit(here)) & set(PARK.tolist())) <= 3
    assert {why for _, why in judged.leads} >= {UNTOLD}


def test_without_pairs_habit_is_silent_and_moved_asks_as_before() -> None:
    here = peers()
    bare = dataclasses.replace(
        here, sums={k: v for k, v in here.sums.items() if not k.startswith("pair_")}
    )
    assert (habit(bare).silent, moved(bare).silent) == ("column", "column")
    old = dataclasses.replace(
        here,
        sums={k: v for k, v in here.sums.items() if k not in {"pair_known", "pair_face_there"}},
    )
    assert habit(old).silent == "column"
    assert len(moved(old)) > MANY / 2


def test_more_faces_here_never_make_a_place_less_conspicuous_nor_more_elsewhere_more() -> None:
    here = peers()
    one = int(habit(here).rows[500])

    def chance(**more: int) -> float:
        sums = {name: values.copy() for name, values in here.sums.items()}
        for name, by in more.items():
            sums[name][one] += by
        answer = habit(dataclasses.replace(here, sums=sums))
        return float(answer.p[answer.rows == one][0])

    add = int(here.get("chosen_known")[one] * 0.5)
    steered = chance(face_chosen=add)
    assert steered < 0.05
    assert chance(face_chosen=add + 20) <= steered
    rest = int(here.get("pair_known")[one] - here.get("pair_face_there")[one])
    assert chance(face_chosen=add, pair_face_there=rest // 2) > steered


def test_a_flag_says_how_the_same_people_go_elsewhere() -> None:
    here = peers()
    flag = next(
        flag
        for flag in judge(here, questions=("habit",)).flags
        if flag.place in set(STEERED.tolist())
    )
    said = spoken(flag, here, "en")
    assert f"{flag.extra['pairs']:,.0f} of these checks were of people seen elsewhere" in said.seen
    assert "{" not in said.seen + spoken(flag, here, "zh").seen


def test_what_goes_with_province_is_no_spread_between_its_outlets() -> None:
    rng = np.random.default_rng(3)
    cell = rng.integers(0, 20, MANY)
    mean = special.expit(special.logit(0.25) + rng.normal(0, 0.25, 20))[cell]
    n = rng.integers(100, 900, MANY)
    k = rng.binomial(n, rng.beta(mean * 80.0, (1 - mean) * 80.0))
    null = fit(k, n, family=np.zeros(MANY, np.int64), cell=cell)
    assert np.median(null.concentration) == pytest.approx(80.0, rel=0.2)
