"""Bands and clauses that rules name, and whom they say each applied to: held against the sentences of every unit."""

import numpy as np
import pytest

from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from tests.scoring.anyscheme import scheme_of, year_of

UNITS = {name: {"a": value, "b": 2 * value} for name, value in zip("UVWX", (0, 3, 8, 12), strict=True)}


def branches(rule, units=UNITS, **policies):
    """says → for each unit whether it applied to it."""
    scheme = scheme_of(f"items: [{{id: total, name: 总分, items: [{{id: A, name: 项, full: 10, rule: {rule}}}]}}]\n")
    ((pool, outcome),) = run(bind(scheme, resolve(scheme, overrides=policies), year_of(units))).outcomes
    found = pool.rule.branches(outcome, scheme.terms)
    return {(each.kind, each.says): [int(x) for x in np.broadcast_to(each.used, (pool.size,))] for each in found}


STEPS = "{kind: steps, value: {kind: metric, metric: a}, bands: [{at_least: 3, points: 1}, {at_least: 20, points: 4}]}"


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (STEPS, {("band", "≥3 个 为 1 分"): [0, 1, 1, 1], ("band", "≥20 个 为 4 分"): [0, 0, 0, 0]}),
        (
            "{kind: tiers, tiers: [{points: 2, at_least: {a: 8, b: 20}}]}",
            {("band", "数a≥8、数b≥20 为 2 分"): [0, 0, 0, 1]},
        ),
        (
            "{kind: rank_bands, value: {kind: metric, metric: a}, last_excluded: true,"
            " bands: [{first: 1, last: 2, points: 2}, {first: 3, last: 4, points: 1}]}",
            {("band", "第 1～2 名为 2 分"): [0, 0, 1, 1], ("band", "第 3～4 名为 1 分"): [0, 1, 0, 0]},
        ),
        (
            "{kind: cap, at: 7, of: {kind: per_unit, value: {kind: metric, metric: a}, each: 1}}",
            {("clause", "数a：每 1 个 1 分"): [0, 1, 1, 1], ("clause", "合计最高 7 分，超出的不计"): [0, 0, 1, 1]},
        ),
        (
            "{kind: deductions, start: {kind: full},"
            " less: [{kind: per_unit, value: {kind: metric, metric: a}, each: 1}]}",
            {("clause", "数a：每 1 个 1 分"): [0, 1, 1, 1], ("clause", "扣完为止"): [0, 0, 0, 1]},
        ),
    ],
)  # fmt: skip
def test_each_unit_is_where_its_points_say(rule, wanted):
    assert branches(rule) == wanted


def test_a_condition_a_limit_and_a_band_of_the_general_form():
    found = branches(
        "{kind: when, if: {value: a, at_least: 8}, then: 4, else: {kind: product, parts: [b, 1], at_most: 5}}"
    )
    assert list(found.values()) == [[0, 0, 1, 1], [0, 1, 1, 1]]
    assert list(found)[1] == ("clause", "最多 5")
    assert list(branches("{kind: steps, value: a, bands: [{at_least: 5, points: 3}], else: 1}").values()) == [
        [0, 0, 1, 1]
    ]


def test_a_figure_by_category_is_asked_of_its_own_units_alone():
    mine = "{kind: product, parts: [a, 1], at_most: 5}"
    rule = f"{{by_category: {{unit: {mine}, else: {mine.replace('5', '1')}}}}}"
    assert branches(rule) == {("clause", "最多 5"): [0, 0, 1, 1]}
