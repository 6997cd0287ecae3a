"""The null fits honest peers, and still does where most are under pressure."""

import numpy as np
import pytest
from scipy import special

from liangming.audit.statistics import null as null_module
from liangming.audit.statistics.null import fit
from liangming.audit.statistics.tails import betabinomial_upper

MANY, CONCENTRATION = 8_000, 25.0


def fleet(contamination, *, seed=1):
    rng = np.random.default_rng(seed)
    family = rng.integers(0, 2, MANY)
    cell = family * 5 + rng.integers(0, 5, MANY)
    mean = np.array([0.2, 0.4])[family]
    rate = rng.beta(mean * CONCENTRATION, (1 - mean) * CONCENTRATION)
    guilty = rng.random(MANY) < contamination
    strength = rng.uniform(0.2, 0.9, MANY)
    rate = np.where(guilty, rate + strength * (1 - rate), rate)
    n = rng.integers(30, 2_000, MANY)
    k = rng.binomial(n, rate)
    return k, n, family, cell, mean, guilty


def test_it_finds_mean_and_concentration_of_honest_peers() -> None:
    k, n, family, cell, mean, _ = fleet(0.0)
    null = fit(k, n, family=family, cell=cell)
    assert special.logit(null.mean) == pytest.approx(special.logit(mean), abs=0.15)
    assert np.median(null.concentration) == pytest.approx(CONCENTRATION, rel=0.2)


@pytest.mark.parametrize("contamination", [0.18, 0.4, 0.6])
def test_a_guilty_part_of_peers_hardly_moves_what_is_ordinary(contamination) -> None:
    k, n, family, cell, mean, _ = fleet(contamination)
    null = fit(k, n, family=family, cell=cell)
    moved = special.logit(null.mean) - special.logit(mean)
    assert abs(moved.mean()) < 0.25  # all outlets together are moved by 0.4 to 1.3
    assert null.guilty.mean() > contamination / 2


def test_chances_of_honest_outlets_are_as_rare_as_they_say() -> None:
    k, n, family, cell, _, _ = fleet(0.0, seed=3)
    null = fit(k, n, family=family, cell=cell)
    p = betabinomial_upper(
        k, n, null.mean * null.concentration, (1 - null.mean) * null.concentration
    )
    for level in (0.1, 0.01, 0.001):
        expected = MANY * level
        # four deviations of a binomial count, and a tenth for what the fit itself costs
        assert (p <= level).sum() <= 1.1 * expected + 4 * np.sqrt(expected)


def test_a_thin_cell_stays_with_its_family() -> None:
    k, n, family, cell, _, _ = fleet(0.0)
    k, n = np.append(k, 28), np.append(n, 30)
    null = fit(k, n, family=np.append(family, 0), cell=np.append(cell, 10))
    assert null.mean[-1] == pytest.approx(0.2, abs=0.06)


def test_one_outlet_alone_is_fitted_without_a_fall() -> None:
    zero = np.zeros(1, np.int64)
    null = fit(np.array([9]), np.array([30]), family=zero, cell=zero)
    assert 0 < null.mean[0] < 1
    assert np.isfinite(null.concentration[0])


def test_no_outlet_gives_no_null() -> None:
    none = np.zeros(0, np.int64)
    assert len(fit(none, none, family=none, cell=none).mean) == 0


def test_the_fit_does_not_depend_on_chance() -> None:
    k, n, family, cell, _, _ = fleet(0.2)
    first, second = (fit(k, n, family=family, cell=cell) for _ in range(2))
    assert (first.mean == second.mean).all()


def honest(rates, *, few=200, many=900, seed=4):
    rng = np.random.default_rng(seed)
    n = rng.integers(few, many, len(rates))
    return rng.binomial(n, rates), n, np.zeros(len(rates), np.int64)


def test_long_tails_below_are_believed_above_and_a_beta_has_none() -> None:
    rng = np.random.default_rng(6)
    centre = special.logit(0.24)
    heavy = special.expit(centre + 0.36 * rng.standard_t(4, MANY))
    k, n, one = honest(heavy)
    null = fit(k, n, family=one, cell=one, wide=True)
    rows = np.arange(MANY)
    accused = {
        wide: (null_.upper(k, n, rows, 1.0) <= 1e-4).sum()
        for wide, null_ in ((True, null), (False, fit(k, n, family=one, cell=one)))
    }
    assert null.wide.any()
    assert accused[True] <= accused[False] / 2
    k, n, one = honest(rng.beta(0.24 * CONCENTRATION, 0.76 * CONCENTRATION, MANY))
    assert not fit(k, n, family=one, cell=one, wide=True).wide.any()


def test_few_peers_are_taken_to_be_less_alike_than_they_look(monkeypatch) -> None:
    rng = np.random.default_rng(7)
    families, peers = 60, 70
    k, n, _ = honest(rng.beta(0.24, 11.76, families * peers))  # most none, a few a quarter
    family = np.repeat(np.arange(families), peers)
    accused = []
    for doubt in (null_module.DOUBT, 0.0):
        monkeypatch.setattr(null_module, "DOUBT", doubt)
        null = fit(k, n, family=family, cell=family)
        accused.append((null.upper(k, n, np.arange(len(k)), 1.0) <= 1e-3).sum())
    assert accused[0] <= accused[1] / 2


def test_what_goes_with_size_is_no_reason_to_stand_out() -> None:
    rng = np.random.default_rng(8)
    band = rng.integers(0, 5, MANY)
    mean = special.expit(special.logit(0.2) + 0.35 * (band - 2))
    k, n, one = honest(rng.beta(mean * 60.0, (1 - mean) * 60.0))
    plain = fit(k, n, family=one, cell=one)
    parted = fit(k, n, family=one, cell=one, band=band)
    assert abs(special.logit(parted.mean) - special.logit(mean)).max() < 0.15
    rows = np.flatnonzero(band == 4)
    accused = [(null.upper(k[rows], n[rows], rows, 1.0) <= 0.01).mean() for null in (plain, parted)]
    assert accused[1] <= 0.015 < accused[0]
