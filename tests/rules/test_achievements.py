"""Weighted counting: weights by kind, level, award; every title once, at its highest."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.rules.achievements import Tally, normal_title, tally, weight_of
from tests.rules.given import row

F = Fraction
some = settings(max_examples=40, deadline=None)
WEIGHTS = {
    "paper": F(3),
    "program": {"national": F(5), "provincial": F(3)},
    "contest": {"national": F(5), "provincial": {"first": F(4), "third": F(1)}},
}


@pytest.mark.parametrize(
    ("of", "weight"),
    [
        (row("paper"), 3), (row("paper", "national"), 3), (row("paper", "national", "first"), 3),
        (row("program", "national"), 5), (row("program", "provincial", "first"), 3),
        (row("program", "municipal"), None), (row("program"), None),
        (row("contest", "national"), 5), (row("contest", "national", "third"), 5),
        (row("contest", "provincial", "first"), 4), (row("contest", "provincial", "third"), 1),
        (row("contest", "provincial", "second"), None), (row("contest", "provincial"), None),
        (row("honour", "national"), None), (row("contest", None, "first"), None),
    ],
)  # fmt: skip
def test_weights(of, weight):
    assert weight_of(WEIGHTS, of) == weight


def weigh(rows):
    return tally(rows, lambda each: weight_of(WEIGHTS, each))


def test_a_title_counts_once_at_its_highest():
    low, high = row("program", "provincial", title="甲"), row("program", "national", title="甲")
    other = row("paper", title="乙")
    for rows in itertools.permutations([low, high, other]):
        found = weigh(rows)
        assert found.sum == 8
        assert set(found.counted) == {(high, 5), (other, 3)}
        assert found.repeated == (low,)
        assert found.weightless == ()


def test_of_equal_weights_the_first_counts():
    first, second = row("paper", title="甲"), row("program", "provincial", title=" 甲 ")
    found = weigh([first, second])
    assert (found.counted, found.repeated, found.sum) == (((first, 3),), (second,), 3)


def test_rows_without_a_weight_are_set_aside():
    """Also where their title is one that counts: it is neither counted nor a repetition."""
    nothing, something = row("program", "municipal", title="甲"), row("program", "national", title="甲")
    found = weigh([nothing, something])
    assert (found.counted, found.repeated, found.weightless) == (((something, 5),), (), (nothing,))


def test_nothing():
    assert weigh([]) == Tally()
    assert Tally().sum == 0


ONE_TITLE = [("项目 A", "项目  a "), ("项目 A", "　项目　Ａ"), ("成果C", "成果Ｃ"), ("Ⅸ", "IX"), ("a\tb", "a b"),
             ("ＡＢＣ１２", "abc12"), ("STRASSE", "straße"), ("ﾊﾟ", "パ"),
             ("项目 A", "项目A"), ("a-b", "a b"), ("《甲》", "【甲】。"), ("1-5", "1—5")]  # fmt: skip
TWO_TITLES = [("甲", "乙"), ("课题（一）", "课题（二）"), ("C程序", "C++程序"), ("1.5 倍", "15 倍"), ("1.5", "1-5"),
              ("——", "…")]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ONE_TITLE)
def test_titles_that_are_one(one, other):
    assert normal_title(one) == normal_title(other)


@pytest.mark.parametrize(("one", "other"), TWO_TITLES)
def test_titles_that_are_two(one, other):
    assert normal_title(one) != normal_title(other)


rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["paper", "program", "contest", "other"]),
        st.sampled_from([None, "national", "provincial", "municipal"]),
        st.sampled_from([None, "first", "third"]),
        st.sampled_from(["甲", " 甲", "乙", "A", "Ａ", "b", "B "]),
    ),
    max_size=12,
)


@some
@given(rows)
def test_every_row_is_somewhere_once(given_rows):
    found = weigh(given_rows)
    everywhere = [each for each, _ in found.counted] + list(found.repeated) + list(found.weightless)
    assert sorted(map(repr, everywhere)) == sorted(map(repr, given_rows))
    titles = [normal_title(each.title) for each, _ in found.counted]
    assert len(set(titles)) == len(titles)
    best = {}
    for each in given_rows:
        weight = weight_of(WEIGHTS, each)
        if weight is not None:
            key = normal_title(each.title)
            best[key] = max(best.get(key, 0), weight)
    assert found.sum == sum(best.values())
    assert dict(zip(titles, (weight for _, weight in found.counted), strict=True)) == best


@some
@given(rows)
def test_the_order_of_rows_does_not_matter(given_rows):
    assert weigh(given_rows[::-1]).sum == weigh(given_rows).sum
