"""What more points would need: the next band, step or project, never what is reached already."""

from fractions import Fraction

import pytest

from kaohe.rules import KINDS, Term
from kaohe.rules.wording import RATE
from tests.rules.given import Given, event, row

F = Fraction
TERMS = {
    "rate": Term("到课率", RATE),
    "count": Term("企业数", "个"),
    "staff": Term("教师数", "人"),
    "students": Term("学生数", "人"),
    "money": Term("社科项目经费"),
}
METRIC = {"kind": "metric", "metric": "rate"}


def ahead(fields, *, unit=0, **given):
    """What unit `unit` of the pool is told."""
    rule = KINDS[fields["kind"]].model_validate(fields)
    inputs = Given(**given)
    return rule.ahead(rule.points(inputs).trace(rule, unit), TERMS)


STEPS = {
    "kind": "steps",
    "value": METRIC,
    "bands": [{"at_least": "80%", "points": 1}, {"at_least": "85%", "points": 2}],
}


@pytest.mark.parametrize(
    ("rate", "says"),
    [("0.79", ["到课率 ≥80%，计 1 分"]), ("0.8", ["到课率 ≥85%，计 2 分"]), ("0.85", [])],
)
def test_steps_name_the_next_band(rate, says):
    assert ahead(STEPS, size=1, metrics={"rate": [rate]}) == says


def test_a_share_of_the_pools_figure_is_said_in_figures_too():
    fields = {
        "kind": "steps", "value": METRIC, "against": {"name": "全校平均", "reading": "mean_of_units"},
        "bands": [{"at_least": "70%", "points": 1}, {"at_least": "100%", "points": 2}],
    }  # fmt: skip
    assert ahead(fields, size=2, metrics={"rate": ["0.4", "0.6"]}) == [
        "到课率相当于全校平均的 ≥100%（即 ≥50%），计 2 分"
    ]


def test_a_band_that_costs_points_names_the_way_out():
    fields = {"kind": "steps", "value": METRIC, "bands": [{"below": "80%", "points": -2}]}
    assert ahead(fields, size=1, metrics={"rate": ["0.7"]}) == ["到课率 不在“<80%”之内，免扣 2 分"]
    assert ahead(fields, size=1, metrics={"rate": ["0.8"]}) == []


def test_tiers_name_every_minimum_of_the_next():
    first, second = {"count": 1, "staff": 2}, {"count": 2, "staff": 4}
    fields = {"kind": "tiers", "tiers": [{"points": "0.5", "at_least": first}, {"points": 1, "at_least": second}]}
    assert ahead(fields, size=1, metrics={"count": [1], "staff": [9]}) == ["达到“企业数≥2、教师数≥4”，计 1 分"]
    assert ahead(fields, size=1, metrics={"count": [2], "staff": [9]}) == []


def test_rank_bands_name_the_next_rank():
    bands = [{"first": 1, "last": 1, "points": 2}, {"first": 2, "last": 3, "points": 1}]
    fields = {"kind": "rank_bands", "value": METRIC, "bands": bands}
    rates = {"rate": ["0.9", "0.8", "0.7", "0.6"]}
    assert ahead(fields, unit=3, size=4, metrics=rates) == ["进入前 3 名，计 1 分"]
    assert ahead(fields, unit=1, size=4, metrics=rates) == ["进入前 1 名，计 2 分"]
    assert ahead(fields, unit=0, size=4, metrics=rates) == []


def test_counted_points_say_what_one_more_gives_until_the_cap():
    each = {"kind": "per_unit", "value": {"kind": "metric", "metric": "count"}, "each": "0.5"}
    capped = {"kind": "cap", "of": each, "at": 2}
    assert ahead(capped, size=1, metrics={"count": [1]}) == ["企业数每多 1 个，多计 0.5 分"]
    assert ahead(capped, size=1, metrics={"count": [4]}) == []


def test_a_weighted_count_is_held_against_the_best_unit():
    fields = {"kind": "scaled_to_best", "value": {"kind": "metric", "metric": "count"}, "top": 8}
    assert ahead(fields, size=2, metrics={"count": [10, 20]}) == [
        "权重分达到最高单位的 20，计 8 分；每多 1 约多 0.4 分"
    ]
    assert ahead(fields, unit=1, size=2, metrics={"count": [10, 20]}) == []
    assert ahead(fields, size=2, metrics={"count": [0, 0]}) == []
    assert ahead(fields | {"reading": "capped"}, size=1, metrics={"count": [3]}) == [
        "权重分每多 1，多计 1 分，至 8 分为止"
    ]


def test_a_project_that_reaches_its_amount_gives_more():
    fields = {"kind": "counted_amounts", "at_least": {"money": 20000}, "each": 1}
    assert ahead(fields, size=1, rows=[[row("money", amount=30000)]]) == [
        "每多一项达到社科项目经费 20000 元以上的项目，多计 1 分"
    ]


def test_what_was_deducted_could_be_spared():
    fields = {"kind": "deductions", "start": {"kind": "full"}, "less": [{"kind": "incidents", "each": "0.5"}]}
    (said,) = ahead(fields, size=1, happened=[[event()]])
    assert said.startswith("若无“考核期内扣分事件 1 起")
    assert said.endswith("少扣 0.5 分")
    assert ahead(fields, size=1, happened=[[]]) == []


def test_judgement_cannot_be_promised():
    assert ahead({"kind": "judged"}, size=1, rated=[(F(1, 2),)]) == []


def test_parts_of_a_sum_each_say_theirs():
    other = {"kind": "per_unit", "value": {"kind": "metric", "metric": "count"}, "each": 1}
    said = ahead({"kind": "sum", "parts": [STEPS, other]}, size=1, metrics={"rate": ["0.8"], "count": [0]})
    assert said == ["到课率 ≥85%，计 2 分", "企业数每多 1 个，多计 1 分"]
    floored = {"kind": "floor", "of": {"kind": "sum", "parts": [STEPS, other]}}
    assert ahead(floored, size=1, metrics={"rate": ["0.8"], "count": [0]}) == said
