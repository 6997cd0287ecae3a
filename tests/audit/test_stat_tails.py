"""Tails, bounds and the false-discovery rate against references by others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from liangming.audit.statistics.tails import (
    benjamini_hochberg,
    betabinomial_upper,
    jeffreys_lower,
    jeffreys_upper,
)

SHAPES = st.floats(0.05, 200.0)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 300), part=st.floats(0, 1), a=SHAPES, b=SHAPES)
def test_a_tail_is_the_sum_of_the_reference_probabilities(n, part, a, b) -> None:
    k = round(part * n)
    expected = stats.betabinom.pmf(np.arange(k, n + 1), n, a, b).sum()
    found = betabinomial_upper(np.array([k]), np.array([n]), np.array([a]), np.array([b]))
    assert found[0] == pytest.approx(min(expected, 1.0), rel=1e-8, abs=1e-300)


def test_a_tail_of_one_in_ten_billion_keeps_its_digits() -> None:
    k, n, a, b = np.array([280]), np.array([300]), np.array([6.0]), np.array([18.0])
    expected = np.exp(stats.betabinom.logpmf(np.arange(280, 301), 300, 6.0, 18.0)).sum()
    assert expected < 1e-9
    assert betabinomial_upper(k, n, a, b)[0] == pytest.approx(expected, rel=1e-9)


def test_the_integral_for_giants_is_the_sum() -> None:
    k = np.linspace(1_300, 4_900, 25).astype(np.int64)
    n = np.full(25, 5_000)
    a, b = np.full(25, 4.0), np.full(25, 12.0)
    found = betabinomial_upper(k, n, a, b)
    expected = [stats.betabinom.pmf(np.arange(v, 5_001), 5_000, 4.0, 12.0).sum() for v in k]
    assert found == pytest.approx(expected, rel=1e-6)


def test_a_place_with_a_billion_checks_has_a_chance_too() -> None:
    many = np.array([1_000_000_000])
    found = betabinomial_upper(many // 2, many, np.array([5.0]), np.array([15.0]))
    assert found[0] == pytest.approx(stats.beta.sf(0.5, 5.0, 15.0), rel=1e-4)


def test_more_seen_is_never_likelier() -> None:
    k = np.arange(201)
    found = betabinomial_upper(k, np.full(201, 200), np.full(201, 2.5), np.full(201, 7.5))
    assert (np.diff(found) <= 0).all()
    assert found[0] == 1.0


@pytest.mark.parametrize(("k", "n"), [(0, 12), (3, 12), (12, 12), (0, 0)])
def test_jeffreys_bounds_are_those_of_its_posterior(k, n) -> None:
    low = jeffreys_lower(np.array([float(k)]), np.array([float(n)]), 0.025)[0]
    high = jeffreys_upper(np.array([float(k)]), np.array([float(n)]), 0.025)[0]
    posterior = stats.beta(k + 0.5, n - k + 0.5)
    assert low == pytest.approx(0.0 if k == 0 else posterior.ppf(0.025), abs=1e-12)
    assert high == pytest.approx(1.0 if k == n else posterior.ppf(0.975), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_adjusted_chances_are_those_of_the_reference(p) -> None:
    expected = stats.false_discovery_control(p, method="bh")
    assert benjamini_hochberg(np.array(p)) == pytest.approx(expected, abs=1e-12)


def test_no_test_at_all_adjusts_nothing() -> None:
    assert len(benjamini_hochberg(np.zeros(0))) == 0
