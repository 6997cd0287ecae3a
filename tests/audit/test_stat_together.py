"""A share and how the same people go elsewhere, weighed together by one law of honest places."""

import functools

import numpy as np
from scipy import special, stats

from liangming.audit.statistics.asking import CAUTION, Answer, joined
from liangming.audit.statistics.habit import surely_more
from liangming.audit.statistics.null import fit
from liangming.audit.statistics.people import peers_people
from liangming.audit.statistics.together import (
    Seen,
    Together,
    believable,
    thinkable,
    together,
)

MANY = 2_500
STEERED, PARK = np.arange(20), np.arange(20, 60)
CARRIED, DIFFER = 0.5, 0.15


@functools.cache
def seen(kinds: bool = False) -> Seen:
    """Places of one family; with ``kinds``, a quarter is another neighbourhood."""
    rng = np.random.default_rng(5)
    own = special.logit(rng.beta(0.25 * 22, 0.75 * 22, MANY))
    if kinds:
        own = special.logit(0.2) + np.where(rng.random(MANY) < 0.25, 1.2, 0.0)
        own += rng.normal(0, 0.2, MANY)
    usual = special.logit(0.25)
    there = usual + CARRIED * (own - usual) + rng.normal(0, DIFFER, MANY)
    own[PARK] = usual + 2.3
    there[PARK] = own[PARK] - 0.15
    rate = special.expit(own)
    rate[STEERED] += 0.65 * (1 - rate[STEERED])
    n = rng.integers(60, 900, MANY)
    n[STEERED] = 90  # eighteen pairs each
    pairs = np.maximum(n // 5, 8)
    k, away = rng.binomial(n, rate), rng.binomial(pairs, special.expit(there))
    one = np.zeros(MANY, np.int64)
    null = fit(k, n, family=one, cell=one, band=one, wide=True)
    return Seen(k, n, away, pairs, peers_people(away, pairs, one, one, one), one, null)


@functools.cache
def fitted() -> Together:
    return together(seen(), np.ones(MANY, bool))


def chances(rows) -> np.ndarray:
    known = seen()
    return fitted().upper(known.k[rows], known.n[rows], rows, CAUTION)


def test_how_people_take_a_share_along_is_told_by_places_below_the_usual() -> None:
    known = fitted().known
    assert abs(known.part[0] - CARRIED) < 0.12
    assert DIFFER * 0.7 < known.differ[0] < DIFFER * 1.6
    assert len(PARK) / MANY < known.others[0] < 0.08


def test_honest_places_get_no_smaller_chances_than_they_should() -> None:
    honest = np.arange(len(STEERED) + len(PARK), MANY)
    p = chances(honest)
    for limit in (0.1, 0.01, 0.001):
        assert (p <= limit).sum() <= limit * len(honest) + 3 * np.sqrt(limit * len(honest))


def test_eighteen_pairs_and_ninety_checks_tell_steering_which_pairs_alone_could_not() -> None:
    known = seen()
    assert (chances(STEERED) <= 1e-4).mean() >= 0.5
    # where nothing is known of peers' shares, so few pairs leave most of these shares thinkable
    there, pairs = known.there[STEERED], known.pairs[STEERED]
    high = special.betaincinv(there + 0.5, pairs - there + 0.5, 1 - 1e-4)
    assert (high > 0.5).mean() >= 0.8


def test_a_park_is_explained_by_its_people() -> None:
    assert (chances(PARK) > 1e-3).all()
    ordinary = fitted().fdr(seen().k[PARK], seen().n[PARK], PARK)
    assert (ordinary > 0.5).mean() > 0.9


def test_more_faces_or_fewer_elsewhere_never_make_a_place_less_conspicuous() -> None:
    known, rows = seen(), np.full(40, STEERED[0])
    p = fitted().upper(np.arange(50, 90), known.n[rows], rows, CAUTION)
    assert (np.diff(p) <= 0.0).all()
    mean = fitted().mean
    low, high = known.there / known.pairs < 0.15, known.there / known.pairs > 0.4
    assert mean[low].mean() < mean[high].mean()


def test_a_chance_counts_half_of_what_was_seen_so_that_it_is_a_half_on_average() -> None:
    place, many = int(STEERED[3]), 30
    rows, n = np.full(many + 1, place), np.full(many + 1, many)
    k = np.arange(many + 1)
    known = seen()
    _, rate, chance = next(thinkable(known, fitted().known, rows[:1], CAUTION))
    law = (chance * stats.binom.pmf(k[:, None], many, rate)).sum(axis=1)
    more = (chance * stats.binom.sf(k[:, None], many, rate)).sum(axis=1)
    p = fitted().upper(k, n, rows, CAUTION)
    assert np.allclose(p, more + 0.5 * law, rtol=1e-9, atol=1e-15)
    assert abs((law * p).sum() - 0.5) < 1e-9
    assert (np.diff(p) < 0.0).all()


def test_a_second_kind_of_neighbourhood_or_few_places_leave_the_law_in_doubt() -> None:
    assert believable(seen()).all()
    assert not believable(seen(kinds=True)).any()
    some = seen()
    few = slice(0, 150)
    null = fit(some.k[few], some.n[few], family=some.family[few], cell=some.family[few])
    parts = (some.k, some.n, some.there, some.pairs, some.habit, some.family)
    assert not believable(Seen(*(part[few] for part in parts), null)).any()


def test_a_difference_is_sure_by_its_own_bound() -> None:
    k, n = np.array([66, 66, 52, 0]), np.array([90, 90, 90, 90])
    there, pairs = np.array([4, 14, 9, 0]), np.array([18, 18, 18, 18])
    assert surely_more(k, n, there, pairs).tolist() == [True, False, False, False]


def test_answers_about_different_places_are_joined_in_their_order() -> None:
    def answer(rows: list[int], **extra: float) -> Answer:
        many = len(rows)
        return Answer(
            "habit", np.array(rows), np.array(rows) / 10, np.ones(many, bool),
            np.ones(many, np.int64), np.ones(many, np.int64), np.zeros(many), np.zeros(many),
            np.full(many, -1), extra={name: np.full(many, v) for name, v in extra.items()},
        )  # fmt: skip

    one = joined([answer([1, 4], there=0.5, far0=0.1), answer([0, 3], there=0.2)])
    assert one.rows.tolist() == [0, 1, 3, 4]
    assert one.p.tolist() == [0.0, 0.1, 0.3, 0.4]
    assert one.extra["there"].tolist() == [0.2, 0.5, 0.2, 0.5]
    assert list(one.extra) == ["there"]
