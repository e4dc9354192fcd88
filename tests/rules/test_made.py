"""What figures are made of others come to, beside the plain arithmetic; their bounds; conditions that always hold.

Written for mutants that survived everything else: each row fails if one operand, bound or axis is another.
"""

from fractions import Fraction
from itertools import product
from operator import eq, ge, gt, le, lt
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kaohe.rules import EXACT, FLOAT, AnyFigure
from kaohe.rules.bounds import Range
from kaohe.rules.conditions import AnyCondition, gate
from kaohe.rules.folding import Fold, fewest, folded, may_lack, range_of
from kaohe.rules.limits import Rounding
from tests.rules.given import Given

F = Fraction
read = TypeAdapter(AnyFigure).validate_python
both = pytest.mark.parametrize("numbers", [EXACT, FLOAT], ids=["exact", "float64"])

FIGURES = {"a": [1, 4, 9], "b": [4, 4, 4], "c": [3, 0, 27], "d": [2, 5, 1]}


def metric(name):
    return {"kind": "metric", "metric": name}


def of(*names):
    return [metric(name) for name in names]


MADE = [
    ({"kind": "best", "parts": of("a", "b", "c")}, lambda a, b, c, d: max(a, b, c)),
    ({"kind": "worst", "parts": of("a", "b", "c")}, lambda a, b, c, d: min(a, b, c)),
    ({"kind": "median", "parts": of("a", "b", "c")}, lambda a, b, c, d: median((a, b, c))),
    ({"kind": "median", "parts": of("a", "b", "c", "d")}, lambda a, b, c, d: median((a, b, c, d))),
    ({"kind": "average", "parts": of("a", "b", "c")}, lambda a, b, c, d: mean((F(a), F(b), F(c)))),
    ({"kind": "added", "parts": of("a", "b", "c")}, lambda a, b, c, d: a + b + c),
    ({"kind": "product", "parts": of("a", "b", "d")}, lambda a, b, c, d: a * b * d),
    ({"kind": "difference", "of": metric("a"), "less": metric("b")}, lambda a, b, c, d: a - b),
    ({"kind": "quotient", "of": metric("a"), "to": metric("d"), "form": "number"}, lambda a, b, c, d: F(a, d)),
    ({"kind": "power", "of": metric("d"), "to": 3}, lambda a, b, c, d: d**3),
    ({"kind": "power", "of": metric("a"), "to": "1/2"}, lambda a, b, c, d: {1: 1, 4: 2, 9: 3}[a]),
    ({"kind": "geometric_mean", "parts": of("a", "b")}, lambda a, b, c, d: {1: 2, 4: 4, 9: 6}[a]),
]


@both
@pytest.mark.parametrize(("written", "plain"), MADE, ids=[f"{each['kind']}{at}" for at, (each, _) in enumerate(MADE)])
def test_figures_are_what_their_name_says(written, plain, numbers):
    found = read(written).of_units(Given(3, FIGURES, numbers))
    wanted = [plain(*values) for values in zip(*FIGURES.values(), strict=True)]
    assert [float(value) for value in found] == pytest.approx([float(value) for value in wanted], abs=1e-12)
    if numbers.exact:
        assert all(value == want for value, want in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "least", "most"), [("best", 3, 5), ("worst", 3, 5), ("added", 8, 8), ("product", 15, 15)]
)
def test_bounds_of_plain_numbers_are_the_numbers(kind, least, most):
    figure = read({"kind": kind, "parts": [{"kind": "number", "value": value} for value in (3, 5)]})
    bounds = figure.range(F(1))
    value = figure.of_units(Given(1))[0]
    assert bounds.least <= value <= bounds.most
    assert least <= bounds.least
    assert bounds.most <= most


def test_bounds_of_what_is_rounded_are_rounded():
    assert Rounding(to=5, how="floor").range(Range(F(12), F(19))) == (10, 15)
    assert Rounding(to=5, how="ceil").range(Range(None, F(19))) == (None, 20)


@pytest.mark.parametrize(("form", "best", "worst"), [("place", None, 1), ("share", 1, 0)])
def test_bounds_of_a_rank(form, best, worst):
    rank = read({"kind": "rank", "of": metric("a"), "as": form})
    assert (rank.best(F(1)), rank.worst(F(1))) == (best, worst)


@pytest.mark.parametrize(
    ("bands", "worst", "best"),
    [
        ([{"at_least": 1, "points": 2}], 0, 2),
        ([{"at_least": 1, "points": 2}, {"below": 0, "points": -3}], -3, 2),
        ([{"below": 0, "points": -3}], -3, 0),
    ],
)
def test_a_band_that_nobody_reaches_leaves_0_possible(bands, worst, best):
    rule = read({"kind": "steps", "value": metric("a"), "bands": bands})
    assert (rule.worst(F(9)), rule.best(F(9))) == (worst, best)


def test_a_tier_of_as_many_points_does_not_take_the_place_of_the_first():
    tiers = [{"at_least": {"a": 1}, "points": 2}, {"at_least": {"d": 1}, "points": 2}]
    outcome = read({"kind": "tiers", "tiers": tiers}).points(Given(3, FIGURES))
    assert outcome["band"].tolist() == [0, 0, 0]


def test_the_last_of_each_scenario_is_barred_from_bands_of_ranks():
    """Ties make the last rank another number from scenario to scenario."""
    rule = read(
        {"kind": "rank_bands", "value": metric("a"), "bands": [{"first": 1, "last": 4, "points": 1}],
         "last_excluded": True, "zero_excluded": True}
    )  # fmt: skip
    values = np.array([[4.0, 3.0, 2.0, 1.0], [4.0, 3.0, 3.0, 3.0], [2.0, 2.0, 0.0, 0.0]])
    points = rule.points(Given(4, {"a": values}, FLOAT)).points
    assert points.tolist() == [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 0, 0]]
    kept = rule.model_copy(update={"last_excluded": False})
    assert kept.points(Given(4, {"a": values}, FLOAT)).points.tolist() == [[1] * 4, [1] * 4, [1, 1, 0, 0]]
    assert rule.compares()


@pytest.mark.parametrize(("kind", "holds"), [("always", True), ("never", False)])
def test_some_conditions_hold_for_everybody_or_nobody(kind, holds):
    found = TypeAdapter(AnyCondition).validate_python({"kind": kind}).holds(Given(3))
    assert found.tolist() == [holds] * 3


SIGNS = {"at_least": ge, "above": gt, "at_most": le, "below": lt, "equals": eq}
COMPARISONS = st.builds(
    lambda name, bounds: {"value": metric(name), **bounds},
    st.sampled_from("ab"),
    st.dictionaries(st.sampled_from(sorted(SIGNS)), st.integers(0, 3), min_size=1, max_size=2),
)
CONDITIONS = st.recursive(
    COMPARISONS | st.sampled_from([{"kind": "always"}, {"kind": "never"}]),
    lambda inner: (
        st.builds(lambda how, of: {how: of}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda of: {"not": of}, inner)
    ),
    max_leaves=5,
)


def plainly(condition, unit):
    """The same, one unit at a time, from what was written."""
    if "kind" in condition:
        return condition["kind"] == "always"
    if "value" in condition:
        value = unit[condition["value"]["metric"]]
        return all(SIGNS[name](value, bound) for name, bound in condition.items() if name in SIGNS)
    if "not" in condition:
        return not plainly(condition["not"], unit)
    (how, of), *_ = condition.items()
    return (all if how == "all" else any)(plainly(each, unit) for each in of)


@settings(max_examples=60, deadline=None)
@given(held=st.none() | CONDITIONS, unless=st.none() | CONDITIONS, numbers=st.sampled_from([EXACT, FLOAT]))
def test_conditions_hold_where_they_do_when_each_unit_is_asked_by_itself(held, unless, numbers):
    units = [{"a": F(a), "b": F(b)} for a in range(4) for b in range(4)]
    inputs = Given(len(units), {name: [unit[name] for unit in units] for name in "ab"}, numbers)
    one, other = (None if each is None else TypeAdapter(AnyCondition).validate_python(each) for each in (held, unless))
    found = gate(inputs, one, other)
    assert (found is None) == (held is None and unless is None)
    wanted = [(held is None or plainly(held, unit)) and not (unless and plainly(unless, unit)) for unit in units]
    assert found is None or found.tolist() == wanted


@pytest.mark.parametrize(
    "fold",
    [
        "sum", "mean", "best", {"how": "sum", "missing": "leave_out"}, {"how": "sum", "missing": "zero"},
        {"how": "mean", "missing": "zero"}, {"how": "median", "missing": "leave_out", "needs": 2},
        {"how": "sum", "missing": "leave_out", "drop_lowest": 1}, {"how": "mean", "weights": [1, 2, 3]},
        {"how": "mean", "missing": "leave_out", "weights": [1, 3, 2]},
    ],
)  # fmt: skip
@pytest.mark.parametrize("ends", [(-5, -1), (-2, 3), (1, 4)])
def test_what_is_folded_lies_between_its_bounds_and_reaches_them(fold, ends):
    fold = TypeAdapter(Fold).validate_python(fold)
    there = list(product([True] if not may_lack(fold) else [True, False], repeat=3))
    cases = [(v, h) for v in product(ends, repeat=3) for h in there if sum(h) >= fewest(fold, 3)]
    values = [np.array([F(v[place]) if h[place] else F(0) for v, h in cases], dtype=object) for place in range(3)]
    had = [np.array([h[place] for _, h in cases]) for place in range(3)] if may_lack(fold) else None
    found = folded(values, fold, EXACT, had)
    least, most = range_of(Range(*map(F, ends)), 3, fold)
    if had is not None and fold.missing == "zero":  # nothing at all may be there elsewhere: among tied units
        assert (least, most) == (min(0, *found), max(0, *found))
    else:
        assert (least, most) == (min(found), max(found))


def test_a_mean_with_a_weight_below_0_has_no_bounds():
    fold = TypeAdapter(Fold).validate_python({"how": "mean", "weights": [3, -1]})
    assert folded([np.array([F(4)]), np.array([F(1)])], fold, EXACT).tolist() == [F(11, 2)]
    assert range_of(Range(F(1), F(4)), 2, fold) == Range(None, None)
    assert range_of(Range(F(-5), None), 3, "sum") == Range(F(-15), None)
