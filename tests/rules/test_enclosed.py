"""Logarithms, roots and the normal distribution: exact where they are fractions, otherwise decided by enclosures."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import NormalDist
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.rules.enclosed import Real, Rounding, ln, normal, power, rounded, sign, undecided

F = Fraction
POSITIVE = st.fractions(F(1, 1000), 1000, max_denominator=1000)
EXPONENT = st.fractions(-3, 3, max_denominator=6)


def high_power(base, to, digits=60):
    with localcontext() as context:
        context.prec = digits
        decimal = Decimal(base.numerator) / Decimal(base.denominator)
        return (decimal.ln() * Decimal(to.numerator) / Decimal(to.denominator)).exp()


@pytest.mark.parametrize(
    ("base", "to", "is_"),
    [
        ("0.512", F(1, 3), F(4, 5)),
        ("8/27", F(-2, 3), F(9, 4)),
        ("4", F(1, 2), F(2)),
        ("2", F(3), F(8)),
        ("0", F(1, 2), F(0)),
        ("1", F(17, 19), F(1)),
    ],
)
def test_a_power_that_is_a_fraction_is_one(base, to, is_):
    found = power(F(base), to)
    assert isinstance(found, F)
    assert found == is_


def test_what_cancels_is_gone():
    two, three = power(F(2), F(1, 2)), power(F(3), F(1, 2))
    assert two * two == 2
    assert isinstance(two * two, F)
    assert (two + three) - three == two
    assert two * three / three / two == F(1)
    assert isinstance(two * three / three / two, F)
    assert (two + 1) / (2 * two + 2) == F(1, 2)
    assert isinstance((two + 1) / (2 * two + 2), F)
    assert ln(F(8)) / ln(F(2)) == 3
    assert isinstance(ln(F(8)) / ln(F(32)), F)
    assert ln(F(1, 4)) == -2 * ln(F(2))
    root = power(two + 1, F(1, 2))
    assert root * root - two == 1
    assert isinstance(root * root - two, F)
    assert (two + 1) * (1 / (two + 1)) == 1


def test_the_line_of_a_logarithm_has_exact_ends():
    line = lambda value: (ln(F(value)) - ln(F(100))) / (ln(F(75000)) - ln(F(100)))  # noqa: E731
    assert line(75000) == 1
    assert line(100) == 0
    assert 0 < line(66933) < 1
    assert float(line(66933)) == pytest.approx((math.log(66933) - math.log(100)) / (math.log(75000) - math.log(100)))


def test_a_geometric_mean_of_mixed_numbers_is_rounded_rightly():
    health, education = F(20, 21), F(9, 10)
    income = (ln(F(66933)) - ln(F(100))) / (ln(F(75000)) - ln(F(100)))
    mean = power(health * education * income, F(1, 3))
    assert rounded(mean, F(1, 1000)) == F(round(float(mean), 3)).limit_denominator(1000)
    equal = power(F(9, 10) ** 3, F(1, 3))
    assert equal == F(9, 10)
    assert power(income * income, F(1, 2)) == income


def test_what_digits_do_not_separate_is_equal_and_told():
    with undecided() as found:
        assert ln(F(6)) == ln(F(2)) + ln(F(3))
    assert len(found) == 1
    with undecided() as found:
        assert ln(F(6)) > ln(F(2)) + ln(F(2)) + F(1, 10**30)
    assert not found


@given(POSITIVE, EXPONENT)
def test_powers_lie_in_their_enclosures(base, to):
    found = power(base, to)
    if isinstance(found, Real):
        low, high = found.ends(40)
        assert low < F(high_power(base, to)) < high
        assert high - low < high / 10**30
    else:
        assert abs(F(high_power(base, to)) - found) < found / 10**50


@given(POSITIVE, POSITIVE)
def test_logarithms_order_as_their_numbers_do(one, other):
    assert (ln(one) < ln(other)) == (one < other)
    assert (ln(one) == ln(other)) == (one == other)
    assert sign(ln(one)) == (one > 1) - (one < 1)


@given(st.fractions(-6, 6, max_denominator=50), st.fractions(-6, 6, max_denominator=50))
@settings(max_examples=40)
def test_the_normal_share_is_ordered_symmetric_and_near_a_double(one, other):
    assert (normal(one) < normal(other)) == (one < other)
    assert normal(one) + normal(-one) == 1
    assert float(normal(one)) == pytest.approx(NormalDist().cdf(float(one)), rel=1e-7)


def test_the_normal_share_to_thirty_digits():
    low, high = normal(F(1)).ends(40)
    assert low < F("0.84134474606854294858523254563203792247791296672660439") < high
    assert high - low < F(1, 10**38)


@given(st.fractions(-50, 50, max_denominator=40), st.sampled_from(get_args(Rounding)))
def test_rounding_of_fractions_and_of_reals_agree(value, how):
    step = F(1, 10)
    found = rounded(value, step, how)
    assert (found / step).denominator == 1
    assert abs(found - value) <= (step / 2 if how.startswith("half") else step)
    tiny = power(F(2), F(1, 2)) / 10**20
    if (value / step * 2).denominator != 1:  # no tie and no multiple: what is tiny moves nothing
        assert rounded(value + tiny, step, how) == found


@pytest.mark.parametrize(
    ("value", "how", "is_"),
    [("0.25", "half_up", "0.3"), ("0.25", "half_even", "0.2"), ("-0.25", "half_up", "-0.3"),
     ("0.35", "half_even", "0.4"), ("-0.21", "floor", "-0.3"), ("-0.29", "ceil", "-0.2"),
     ("-0.29", "truncate", "-0.2"), ("0.29", "truncate", "0.2"),
     ("0.25", "half_down", "0.2"), ("-0.25", "half_down", "-0.2"), ("-0.26", "half_down", "-0.3"),
     ("0.25", "half_ceil", "0.3"), ("-0.25", "half_ceil", "-0.2"), ("-0.26", "half_ceil", "-0.3"),
     ("0.25", "half_floor", "0.2"), ("-0.25", "half_floor", "-0.3"), ("0.26", "half_floor", "0.3"),
     ("0.21", "away", "0.3"), ("-0.21", "away", "-0.3"), ("0.2", "away", "0.2"), ("0", "away", "0")],
)  # fmt: skip
def test_rounding_at_its_boundaries(value, how, is_):
    assert rounded(F(value), F(1, 10), how) == F(is_)


def test_what_has_no_value_is_refused():
    for wrong in (lambda: ln(F(0)), lambda: ln(F(-1)), lambda: power(F(-2), F(1, 2))):
        with pytest.raises(ValueError, match="0"):
            wrong()
    with pytest.raises(ZeroDivisionError):
        power(F(0), F(-1, 2))
    with pytest.raises(ZeroDivisionError):
        1 / (power(F(2), F(1, 2)) - power(F(2), F(1, 2)) + F(0))
