"""Statistics of few units, held against published figures and against plain second ways to find them."""

from fractions import Fraction
from itertools import permutations
from math import atanh, sqrt, tanh

import numpy as np
import pandas as pd
import pytest

from kaohe.analysis.correlation import (
    Estimate,
    agreement_by_chance,
    correlation,
    jackknifed,
    midranks,
    never_seen,
    pearson_interval,
    spearman_interval,
    student_quantile,
    widened,
    wilson,
)

F = Fraction


def centred(values):
    values = np.asarray(values, dtype=float)
    return values - values.mean()


@pytest.mark.parametrize("seed", range(5))
def test_ranks_and_their_correlation_are_those_of_another_library(seed):
    chance = np.random.default_rng(seed)
    one, other = ([F(int(each), 7) for each in chance.integers(0, 6, 15)] for _ in "xy")
    table = pd.DataFrame({"one": map(float, one), "other": map(float, other)})
    assert list(midranks(one)) == list(table["one"].rank())
    rho = correlation(centred(midranks(one)), centred(midranks(other)))
    assert rho == pytest.approx(table.rank().corr().loc["one", "other"])


def test_exact_values_that_doubles_confound_are_told_apart():
    assert list(midranks([F(1, 3), F(1, 3) + F(1, 10**30), F(1, 3)])) == [1.5, 3, 1.5]
    assert midranks(np.array([3.0, 1, 3, 9])).tolist() == [2.5, 1, 2.5, 4]


def test_what_does_not_vary_has_no_correlation():
    assert np.isnan(correlation(centred([1, 1, 1]), centred([1, 2, 3])))


@pytest.mark.parametrize(
    ("freedom", "level", "t"),
    [(1, 0.95, 12.706), (2, 0.95, 4.303), (3, 0.99, 5.841), (10, 0.95, 2.228), (30, 0.9, 1.697), (9, 0.999, 4.781)],
)
def test_students_table(freedom, level, t):
    assert student_quantile(level, freedom) == pytest.approx(t, abs=6e-4)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_newcombe_1998(count, of, low, high):
    assert wilson(count, of, 0.95) == pytest.approx((low, high), abs=5e-5)


def test_intervals_of_correlations():
    assert pearson_interval(0.5, 28, 0.95) == pytest.approx(
        tuple(tanh(atanh(0.5) + way * 1.959964 / 5) for way in (-1, 1))
    )
    half = 1.959964 * sqrt((1 + 0.8**2 / 2) / 17)
    assert spearman_interval(0.8, 20, 0.95) == pytest.approx((tanh(atanh(0.8) - half), tanh(atanh(0.8) + half)))
    assert pearson_interval(0.9, 3, 0.95) == spearman_interval(0.9, 3, 0.95) == (-1, 1)


def test_full_agreement_of_few_is_no_proof():
    low, high = spearman_interval(1.0, 5, 0.95)
    assert low < 0.9 < high < 1
    assert spearman_interval(1.0, 12, 0.95)[0] > low


@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5], [1, 1, 1, 1, 2], [1, 1, 2, 2, 3]])
def test_agreement_by_chance_is_counted_out(values):
    """Among all ways to lay the values out, how many put units as they stand."""
    ways = list(permutations(values))
    counts = [values.count(each) for each in set(values)]
    assert agreement_by_chance([counts]) == pytest.approx(sum(list(each) == values for each in ways) / len(ways))
    assert agreement_by_chance([counts, counts]) == pytest.approx(agreement_by_chance([counts]) ** 2)


def test_what_was_never_seen_may_be_seen_once_in_a_while():
    assert (1 - never_seen(29, 0.95)) ** 29 == pytest.approx(0.05)
    assert never_seen(0, 0.95) == 1


def test_the_jackknife_of_a_mean_is_students_interval():
    values = [3.0, 5.0, 4.0, 8.0, 1.0, 6.0]
    mean = sum(values) / 6
    found = jackknifed(mean, [(sum(values) - each) / 5 for each in values], 0.95)
    half = 2.570582 * np.std(values, ddof=1) / sqrt(6)
    assert (found.low, found.high) == pytest.approx((mean - half, mean + half))
    wider = widened(found, 6, 0.95, 0.99)
    assert (wider.value, wider.high - wider.value) == pytest.approx((mean, half * 4.032143 / 2.570582))
    assert jackknifed(1.0, [1.0, 1.0], 0.95) == Estimate(1.0, -np.inf, np.inf)
