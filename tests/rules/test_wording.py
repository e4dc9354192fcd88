"""Numbers in Chinese text: rounded half up, zeros dropped, and never onto a threshold they do not meet."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.rules.wording import RATE, Term, number, percent, points, quantity, term

F = Fraction
some = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (3, "3"), (F(3, 2), "1.5"), (F(2, 3), "0.6667"), (F(1, 3), "0.3333"), (F("0.00005"), "0.0001"),
        (F("0.00004"), "0"), (F("-0.00004"), "0"), (F(-1, 2), "-0.5"), (F("-0.00005"), "-0.0001"), (100, "100"),
        (1500000, "1500000"), (F("99999.99"), "99999.99"), (F("2.50000"), "2.5"),
        (F(10**18 + 1, 2), "500000000000000000.5"),
    ],
)  # fmt: skip
def test_number(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(F(7, 10), "70%"), (F(2, 3), "66.67%"), (1, "100%"), (0, "0%"), (F(3, 2), "150%"), (F("-0.001"), "-0.1%"),
     (F("0.6999"), "69.99%"), (F("0.69999"), "70%")],
)  # fmt: skip
def test_percent(value, text):
    assert percent(value) == text


def test_never_onto_a_threshold():
    line = [F(7, 10)]
    assert percent(F("0.69999"), apart_from=line) == "69.999%"
    assert percent(F("0.700001"), apart_from=line) == "70.0001%"
    assert percent(F(7, 10), apart_from=line) == "70%"
    assert percent(F("0.7") - F(1, 10**12), apart_from=line) == "69.9999999999%"
    assert number(F("1999999") / 1000000, apart_from=[2]) == "1.999999"
    assert number(F("19999.99999"), apart_from=[20000]) == "19999.99999"
    assert number(F("0.300000000001"), apart_from=[F("0.3"), 5]) == "0.300000000001"


thresholds = st.lists(st.fractions(-3, 3, max_denominator=200), max_size=4)
tiny = st.integers(1, 10**9).map(lambda n: F(1, n))


@some
@given(thresholds, st.data())
def test_a_number_reads_apart_from_what_it_is_not(lines, data):
    """Also right beside a line: the text is another one than the line's, unless it is the line."""
    near = data.draw(st.sampled_from([*lines, F(0)])) + data.draw(st.sampled_from([1, -1])) * data.draw(tiny)
    for value in (near, *lines):
        said = number(value, apart_from=lines)
        for line in lines:
            assert (said == number(line, apart_from=[*lines, value])) == (value == line)
            # the order in the text is the order of the values, so no sentence says 70 % < 70 %
            assert (F(said) < line) == (value < line) or line == value
            assert (F(said) > line) == (value > line) or line == value


@some
@given(thresholds, st.fractions(-3, 3, max_denominator=10**6))
def test_percent_is_the_number_of_hundredths(lines, value):
    assert percent(value, apart_from=lines) == number(value * 100, 2, apart_from=[line * 100 for line in lines]) + "%"


@some
@given(st.fractions(-(10**6), 10**6), st.integers(0, 8))
def test_nearest_and_half_up(value, digits):
    said = number(value, digits)
    assert abs(F(said) - value) <= F(1, 2 * 10**digits)
    assert not said.endswith(".")
    assert "." not in said or not said.endswith("0")
    assert said != "-0"
    if digits:
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        if F(exact) == value:  # it ends: decimal's own half up says the same
            assert F(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) == F(said)


def test_quantities_have_their_unit():
    people, rate, plain = Term("人数", "人"), Term("就业率", RATE), Term("权重分")
    assert quantity(700, people) == "700 人"
    assert quantity(F(17, 20), rate) == "85%"
    assert quantity(F(5, 2), plain) == "2.5"
    assert quantity(F("0.84999"), rate, apart_from=[F(17, 20)]) == "84.999%"
    assert rate.is_rate
    assert not people.is_rate
    assert points(F(3, 2)) == "1.5 分"


def test_an_unknown_metric_is_called_by_its_id():
    assert term({"a": Term("甲", "个")}, "a") == Term("甲", "个")
    assert term({}, "b") == Term("b")
