from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.charts.notation import (
    broken,
    clauses,
    figure_text,
    fixed,
    lines,
    names,
    percent,
    plain,
    short,
    signed,
    two,
    width,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(0), "0.00"),
        (Fraction(1, 3), "0.33"),
        (Fraction(1, 200), "0.01"),  # half up
        (Fraction(-1, 200), "−0.01"),
        (Fraction(-1, 1000), "0.00"),  # no sign before a zero
        (Fraction(12345, 100), "123.45"),
        (7, "7.00"),
    ],
)
def test_two_decimals_half_up(value, said):
    assert two(value) == said


def test_more_decimals_where_two_would_look_like_a_tie():
    one, other = Fraction("150.0012"), Fraction("150.0008")
    assert two(one, [one, other]) == "150.0012"
    assert two(other, [one, other]) == "150.0008"
    assert two(one, [one, one]) == "150.00"  # a true tie looks like one


@given(st.fractions(), st.fractions())
def test_different_values_are_told_apart(one, other):
    if one != other and abs(one - other) > Fraction(1, 10**9):
        assert two(one, [other]) != two(other, [one])


@given(st.fractions(max_denominator=10**6))
def test_rounding_is_exact(value):
    shown = Fraction(fixed(value, 2).replace("−", "-"))
    assert abs(shown - value) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(0), "±0"),
        (Fraction(3, 2), "+1.50"),
        (Fraction(-3, 2), "−1.50"),
        (Fraction(1, 10**5), "+0.00001"),
    ],
)
def test_a_change_has_its_sign(value, said):
    assert signed(value).rstrip("0") == said.rstrip("0")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Fraction(1), "100%"),
        (Fraction(1, 2), "50%"),
        (Fraction(999, 1000), "99.90%"),
        (Fraction(99999, 100000), "99.99%"),
        (Fraction(100001, 100000), "100.01%"),
        (Fraction(-1, 2), "−50%"),
    ],
)
def test_almost_the_whole_is_not_the_whole(share, said):
    assert percent(share) == said


def test_full_marks_have_no_trailing_zeros():
    assert [plain(Fraction(value)) for value in ("55", "1.5", "0.25")] == ["55", "1.5", "0.25"]


@given(st.text(alphabet="学院abc，。 <&", max_size=80), st.integers(2, 20))
def test_lines_keep_every_character_and_fit(text, most):
    found = lines(text, most)
    assert "".join(found) == text
    assert all(width(line) <= most for line in found)


@given(st.text(max_size=60))
def test_short_fits(text):
    assert width(short(text, 12)) <= 12


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        ("甲由第 4 名变为第 5 名；乙不变", 40, "甲由第 4 名变为第 5 名；乙不变"),
        ("若按“一；二”：甲由第 4 名变为第 5 名；乙由第 5 名变为第 4 名；丙由第 6 名变为第 7 名", 42,
         "若按“一；二”：甲由第 4 名变为第 5 名；乙由第 5 名变为第 4 名（余见总报告）"),
        ("现按“全部，包括（甲，乙）的人数”。若按“只算一半”：甲由第 4 名变为第 5 名", 30,
         "现按“全部，包括（甲，乙）的人数”（余见总报告）"),
        ("没有一处可以断开的一个长句子没有一处可以断开", 12, "没有一处可以断开的一个…"),
    ],
)  # fmt: skip
def test_a_sheet_is_cut_between_clauses(text, most, said):
    assert clauses(text, most) == said
    assert width(said) <= most


@given(st.text(alphabet="学院“”（）a，。；", max_size=80), st.integers(10, 30))
def test_what_is_cut_between_clauses_fits_and_begins_the_text(text, most):
    found = clauses(text, most)
    assert width(found) <= most
    assert text.startswith(found.removesuffix("（余见总报告）").removesuffix("…"))


def test_markup_stays_text():
    assert figure_text("<b>&</b>") == "&lt;b&gt;&amp;&lt;/b&gt;"
    assert broken("甲，乙<，" * 4, 4) == "<br>".join(["甲，", "乙&lt;，"] * 4)


def test_many_names_are_counted():
    assert names(["甲", "乙"]) == "甲、乙"
    assert names("甲乙丙丁戊己庚") == "甲、乙、丙、丁、戊、己 等 7 个单位"
