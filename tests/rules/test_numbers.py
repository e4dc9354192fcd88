"""The arithmetic rules are written in: ranks, ratios, sums over the last axis, in both kinds of number."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.rules import EXACT, FLOAT
from kaohe.rules.numbers import mean, ranks, safe_ratio, total
from kaohe.rules.sums import scattered

some = settings(max_examples=50, deadline=None)
both = pytest.mark.parametrize("numbers", [EXACT, FLOAT], ids=["exact", "float64"])
few_values = st.lists(st.sampled_from([Fraction(n, 10) for n in range(8)]), min_size=1, max_size=9)


@both
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5], [1]),
        ([1, 2, 3], [3, 2, 1]),
        ([9, 7, 7, 5], [1, 2, 2, 4]),
        ([5, 4, 3, 3, 2], [1, 2, 3, 3, 5]),
        ([3, 3, 3], [1, 1, 1]),
        ([0, 0, 1], [2, 2, 1]),
        ([-1, 0, -2], [2, 1, 3]),
    ],
)
def test_competition_ranks(numbers, values, expected):
    array = numbers.array(values)
    assert ranks(array).tolist() == expected
    assert ranks(-array, lowest_first=True).tolist() == expected


@some
@given(few_values)
def test_ranks_count_those_ahead(values):
    found = ranks(EXACT.array(values)).tolist()
    assert found == [1 + sum(other > value for other in values) for value in values]
    assert found == [sorted(values, reverse=True).index(value) + 1 for value in values]


def test_ranks_along_the_last_axis():
    scenarios = np.stack([EXACT.array([1, 2, 3]), EXACT.array([2, 2, 1])])
    assert ranks(scenarios).tolist() == [[3, 2, 1], [1, 1, 3]]


def test_a_tie_is_exact():
    """0.1 + 0.2 is 0.3 here, and not in doubles."""
    sums = [Fraction("0.1") + Fraction("0.2"), Fraction("0.3"), Fraction("0.4")]
    assert ranks(EXACT.array(sums)).tolist() == [2, 2, 1]
    assert ranks(np.array([0.1 + 0.2, 0.3, 0.4])).tolist() == [2, 3, 1]


@both
def test_safe_ratio(numbers):
    of, to = numbers.array([1, 0, 3, 0]), numbers.array([2, 5, 0, 0])
    assert safe_ratio(numbers, of, to).tolist() == [numbers.const(Fraction(1, 2)), 0, 0, 0]
    pooled = numbers.array([0])  # one figure for the pool
    assert safe_ratio(numbers, of, pooled).tolist() == [0, 0, 0, 0]


@some
@given(few_values, st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(7)]))
def test_safe_ratio_is_a_ratio(values, to):
    found = safe_ratio(EXACT, EXACT.array(values), EXACT.array([to]))
    assert found.tolist() == [value / to if to else 0 for value in values]


@both
def test_sums_keep_their_axis(numbers):
    array = np.stack([numbers.array([1, 2, 6]), numbers.array([0, 0, 0])])
    assert total(array).tolist() == [[9], [0]]
    assert mean(array).tolist() == [[3], [0]]
    assert mean(numbers.array([1, 2])).tolist() == [numbers.const(Fraction(3, 2))]


def test_kinds_of_number():
    assert EXACT.const(Fraction(7, 10)) == Fraction(7, 10)
    assert FLOAT.const(Fraction(7, 10)) == 0.7
    assert EXACT.array([1, Fraction(1, 3)]).tolist() == [Fraction(1), Fraction(1, 3)]
    assert EXACT.array([]).shape == FLOAT.array([]).shape == (0,)
    assert FLOAT.array([Fraction(1, 3)]).dtype == np.float64
    assert EXACT.full((2, 3), Fraction(1, 2)).tolist() == [[Fraction(1, 2)] * 3] * 2
    assert FLOAT.full(2, Fraction(1, 2)).dtype == np.float64


@both
def test_where_makes_plain_numbers_of_its_kind(numbers):
    chosen = numbers.where(np.array([True, False]), 1, Fraction(1, 4))
    assert [type(value) for value in chosen.tolist()] == [Fraction if numbers.exact else float] * 2
    assert chosen.tolist() == [1, 0.25]


@some
@given(few_values)
def test_both_kinds_agree(values):
    exact, nearest = EXACT.array(values), FLOAT.array(values)
    assert mean(nearest)[0] == pytest.approx(float(mean(exact)[0]))
    assert ranks(nearest).tolist() == ranks(exact).tolist()  # the same fractions are the same doubles


@both
def test_points_of_several_pools_come_together_at_their_members(numbers):
    """Of the same units, of units with gaps between, and of two scenarios, in either order."""
    two = np.stack([numbers.array(map(Fraction, row)) for row in ((1000, 2000), (3000, 4000))])
    parts = [
        (slice(0, 2), numbers.array(map(Fraction, (1, 2)))),
        (np.array([0, 2]), numbers.array(map(Fraction, (10, 20)))),
        (slice(0, 2), numbers.array(map(Fraction, (100, 200)))),
        (slice(1, 3), two),
    ]
    for some in (parts, parts[::-1]):
        assert scattered(some, 3, numbers).tolist() == [[111, 1202, 2020], [111, 3202, 4020]]
    assert scattered(parts[:3], 3, numbers).tolist() == [111, 202, 20]
