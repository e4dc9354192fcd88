"""Figures that hold units against one another agree with going through the units of each pool one by one."""

from fractions import Fraction
from math import sqrt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from kaohe.rules import FLOAT, AnyFigure
from tests.rules.given import Given

F = Fraction
read = TypeAdapter(AnyFigure).validate_python
A, B = ({"kind": "metric", "metric": name} for name in "ab")
UNITS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.sampled_from("XY")), min_size=1, max_size=6)
AMONG = st.sampled_from(["", "class"])


def held(figure, units):
    """The figure for each unit, exactly and in doubles; these in two scenarios, the second with turned figures."""
    traits = {"class": [kind for *_, kind in units]}
    exact = Given(len(units), {"a": [a for a, *_ in units], "b": [b for _, b, _ in units]}, traits=traits)
    turned = {"a": [4 - a for a, *_ in units], "b": [2 - b for _, b, _ in units]}
    both = {name: np.array([exact.metrics[name], turned[name]], dtype=float) for name in "ab"}
    rule = read(figure)
    doubles = rule.points(Given(len(units), both, FLOAT, traits=traits)).points
    doubles = np.broadcast_to(doubles, (2, len(units)))
    found = [float(each) for each in np.broadcast_to(rule.points(exact).points, (len(units),))]
    assert np.allclose(doubles[0], found, rtol=0, atol=1e-9)
    return [(units, found), ([(4 - a, 2 - b, kind) for a, b, kind in units], doubles[1].tolist())]


def pool_of(units, unit, among):
    return [each for each in units if not among or each[2] == unit[2]]


def close(figure, units, plainly):
    for mine, found in held(figure, units):
        assert np.allclose(found, [float(plainly(mine, unit)) for unit in mine], rtol=0, atol=1e-9), (figure, mine)


def together(values, how, at):
    if not values:
        return 0
    values = sorted(map(F, values))
    place = (F(1, 2) if how == "median" else at or F(0)) * (len(values) - 1)
    low, high = values[int(place)], values[min(int(place) + 1, len(values) - 1)]
    ways = {"mean": sum(values) / len(values), "max": values[-1], "min": values[0], "sum": sum(values),
            "count": len(values)}  # fmt: skip
    return ways.get(how, low + (high - low) * (place - int(place)))


@settings(max_examples=60, deadline=None)
@given(
    units=UNITS, among=AMONG, only=st.booleans(), at=st.sampled_from([F(0), F(1, 4), F(2, 3), F(1)]),
    how=st.sampled_from(["mean", "max", "min", "median", "sum", "count", "percentile"]),
)  # fmt: skip
def test_what_a_pool_has_together(units, among, how, only, at):
    figure = {"kind": "pool", "of": A, "how": how, "among": among}
    figure |= {"at": str(at)} if how == "percentile" else {}
    figure |= {"only": {"value": B, "above": 0}} if only else {}

    def plainly(mine, unit):
        return together([a for a, b, _ in pool_of(mine, unit, among) if b > 0 or not only], how, at)

    close(figure, units, plainly)


@settings(max_examples=60, deadline=None)
@given(
    units=UNITS, among=AMONG, order=st.sampled_from(["descending", "ascending"]), share=st.booleans(),
    ties=st.sampled_from(["competition", "dense", "mean", "last"]),
    then=st.sampled_from([None, "descending", "ascending"]),
)  # fmt: skip
def test_places_in_a_pool(units, among, order, ties, then, share):
    figure = {
        "kind": "rank",
        "of": A,
        "among": among,
        "order": order,
        "ties": ties,
        "as": "share" if share else "place",
    }
    figure |= {"then_by": [{"of": B, "order": then}]} if then else {}

    def key(unit):
        return (unit[0] if order == "ascending" else -unit[0]), {None: 0, "ascending": unit[1]}.get(then, -unit[1])

    def plainly(mine, unit):
        keys = [key(each) for each in pool_of(mine, unit, among)]
        ahead, level = [each for each in keys if each < key(unit)], keys.count(key(unit))
        place = {
            "competition": len(ahead) + 1,
            "dense": len(set(ahead)) + 1,
            "mean": len(ahead) + F(level + 1, 2),
            "last": len(ahead) + level,
        }[ties]
        return F(place) / len(keys) if share else place

    close(figure, units, plainly)


@settings(max_examples=60, deadline=None)
@given(units=UNITS, among=AMONG, of=st.sampled_from(["best", "mean"]), better=st.sampled_from(["higher", "lower"]))
def test_a_share_of_the_pools_best_or_mean(units, among, of, better):
    def plainly(mine, unit):
        pool = [F(a) for a, *_ in pool_of(mine, unit, among)]
        best = max(pool) if better == "higher" else min(pool)
        yardstick = sum(pool) / len(pool) if of == "mean" else best
        up, down = (unit[0], yardstick) if better == "higher" else (yardstick, unit[0])
        return 10 * F(up) / down if down else 0

    close({"kind": "share", "value": A, "of": of, "better": better, "among": among, "top": 10}, units, plainly)


@settings(max_examples=60, deadline=None)
@given(
    units=UNITS,
    among=AMONG,
    only=st.booleans(),
    sd=st.sampled_from(["population", "sample"]),
    limit=st.sampled_from([None, 1]),
)
def test_standard_scores(units, among, only, sd, limit):
    figure = {"kind": "z_score", "of": A, "sd": sd, "among": among} | ({"limits": limit} if limit else {})
    figure |= {"only": {"value": B, "above": 0}} if only else {}

    def plainly(mine, unit):
        pool = [a for a, b, _ in pool_of(mine, unit, among) if b > 0 or not only]
        by = len(pool) - (sd == "sample")
        if not pool or by <= 0 or len(set(pool)) == 1:
            return 0
        mean = sum(pool) / len(pool)
        found = (unit[0] - mean) / sqrt(sum((each - mean) ** 2 for each in pool) / by)
        return max(-limit, min(limit, found)) if limit else found

    close(figure, units, plainly)


@settings(max_examples=30, deadline=None)
@given(units=UNITS, against=st.sampled_from(["mean", "best"]))
def test_bands_by_the_pools_figure(units, against):
    bands = [{"at_least": "100%", "points": 3}, {"at_least": "50%", "points": 1}]

    def plainly(mine, unit):
        values = [F(a) for a, *_ in mine]
        of = max(values) if against == "best" else sum(values) / len(values)
        return 3 if of and unit[0] >= of else 1 if of and 2 * unit[0] >= of else 0

    close({"kind": "steps", "value": A, "against": against, "bands": bands}, units, plainly)
