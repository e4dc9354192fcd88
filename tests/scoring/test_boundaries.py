"""Above the figures: places of a share at its halves, roots by weights, who is last by what, full marks by figure.

Written for mutants that survived everything else.
"""

import datetime
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from kaohe.intake.tables.data import Award, Ruling
from kaohe.rules import EXACT, FLOAT
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.combining import _as_often
from kaohe.scoring.engine import Draws, run
from kaohe.scoring.results import results
from tests.scoring.anyscheme import HEAD, METRICS, scheme_of, scored, year_of
from tests.scoring.test_tree import items, leaf, points

F = Fraction


@pytest.mark.parametrize("numbers", [EXACT, FLOAT], ids=["exact", "float64"])
@pytest.mark.parametrize(
    ("units", "share", "way", "places"),
    [
        (3, "50%", "half_up", 2), (3, "50%", "floor", 1), (3, "50%", "ceil", 2),
        (5, "25%", "half_up", 1), (5, "25%", "floor", 1), (5, "25%", "ceil", 2),
        (4, "50%", "half_up", 2), (4, "50%", "floor", 2), (4, "50%", "ceil", 2),
        (3, "1/3", "floor", 1), (3, "50%", "half_down", 1), (5, "50%", "half_even", 2),
        (7, "5/7", "ceil", 5), (6, "2499/10000", "half_up", 1), (6, "1/4", "half_up", 2),
    ],
)  # fmt: skip
def test_places_of_a_share_at_and_beside_its_halves(units, share, way, places, numbers):
    grades = f"{{grades: [{{name: 甲, quota: {{share: {share}, round: {way}}}}}, {{name: 乙}}]}}"
    scheme = scheme_of(f"{items(leaf('a'))}results: {grades}\n")
    data = year_of({f"U{at}": {"a": at} for at in range(units)})
    assert (results(run(bind(scheme, resolve(scheme), data), numbers)).grade == "甲").sum() == places


@pytest.mark.parametrize(
    ("weights", "often"),
    [((F(1, 3), F(1, 6)), [2, 1]), ((F(1, 2), F(1, 2)), [1, 1]), ((F(2), F(4)), [1, 2]), ((F(3, 4), F(1)), [3, 4]),
     ((F(0), F(2)), [0, 1]), ((F(0), F(0)), [0, 0])],
)  # fmt: skip
def test_weights_as_whole_numbers(weights, often):
    assert _as_often(weights) == often


def test_a_root_is_of_what_there_is_each_as_often_as_it_weighs():
    """Weights 1/2 and 1/4 of 4 and 32: the third root of 4·4·32 = 512; of who has not the second, 4 itself."""
    first, second = leaf("a", more="weight: 1/2,"), leaf("b", more="weight: 1/4, missing: leave_out,")
    book = scored(items(first, second, more="combine: geometric_mean,"), {"U": {"a": 4, "b": 32}, "V": {"a": 4}})
    assert [points(book, unit) for unit in "UV"] == [8, 4]


LAST = """
categories: {unit: {name: 单位, group: all}}
groups: {all: {name: 全部, score: total, order: ORDER}}
"""


@pytest.mark.parametrize(("order", "last"), [("descending", "U"), ("ascending", "V")])
def test_who_is_last_by_the_groups_own_order_and_by_an_item(order, last):
    follows = "results: {consequences: {w: {name: 约谈, if: {last: total}}, x: {name: 提醒, if: {last: B}}}}\n"
    units = {"U": {"a": 1, "b": 5}, "V": {"a": 9, "b": 4}, "W": {"a": 5, "b": 3}}
    head = HEAD + METRICS + LAST.replace("ORDER", order)
    book = scored(items(leaf("a"), "{id: B, name: 乙, weight: 0, rule: b}") + follows, units, head=head)
    assert [unit.unit_id for unit in book.units if unit.last] == [last]
    assert [unit.unit_id for unit in book.units if unit.consequences["w"]] == [last]
    assert [unit.unit_id for unit in book.units if unit.consequences["x"]] == ["W"]


def test_a_full_mark_that_is_a_figure_is_of_those_the_item_is_for_and_nobody_elses():
    head = """
categories: {one: {name: 一, group: all}, two: {name: 二, group: other}}
groups: {all: {name: 全部, score: total}, other: {name: 其他, score: total}}
"""
    mine = "{id: A, name: 甲, full: {by_group: {all: 7, other: 5}}, applies: [one], rule: a}"
    units = {"U": {"a": 1, "b": 1, "category": "one"}, "V": {"b": 1, "category": "two"}}
    book = scored(items(mine, "{id: B, name: 乙, full: 2, rule: b}"), units, head=HEAD + METRICS + head)
    assert [book.unit(unit).nodes["total"].full for unit in "UV"] == [9, 2]


@pytest.mark.parametrize("effect", ["{fails: true}", "{bars: [甲]}", "{at_best: 乙}"])
def test_no_decision_gives_a_grade_that_a_veto_bars(effect):
    """U and V have the points of 乙 and are given 甲; U is vetoed, V has only been named for an award."""
    grades = "[{name: 甲, at_least: 80}, {name: 乙, at_least: 5}, {name: 丙}]"
    vetoes = f"{{fire: {{name: 火灾, effect: {effect}}}}}"
    scheme = scheme_of(f"{items(leaf('a'))}results: {{vetoes: {vetoes}, grades: {grades}}}\n")
    given = {unit: Ruling("甲", None, "审议", datetime.date(2019, 7, 1)) for unit in "UV"}
    data = replace(
        year_of({"U": {"a": 9, "vetoed": ["fire"]}, "V": {"a": 9}, "W": {"a": 90}}),
        rulings=given,
        awards=(Award("V", "奖", True),),
    )
    found = results(run(bind(scheme, resolve(scheme), data)))
    assert found.vetoed.tolist() == [True, False, False]
    assert found.by_points.tolist() == ["丙" if "fails" in effect else "乙", "乙", "甲"]
    assert found.grade.tolist() == [found.by_points[0], "甲", "甲"]


def test_who_is_last_is_found_in_each_scenario_by_itself():
    """The first scenario's lowest is below everything of the second; the other group has the same in both."""
    head = """
categories: {one: {name: 一, group: all}, two: {name: 二, group: other}}
groups: {all: {name: 全部, score: total}, other: {name: 其他, score: B}}
"""
    scheme = scheme_of(items(leaf("a"), "{id: B, name: 乙, weight: 0, rule: b}"), head=HEAD + METRICS + head)
    units = {name: {"a": 1, "b": 1, "category": "one"} for name in "UV"} | {
        name: {"a": 1, "b": place, "category": "two"} for place, name in enumerate("XY")
    }
    weights = {"A": np.array([[1.0], [3.0]])}  # of an item that has none in the text
    drawn = Draws(2, metrics={"a": np.array([[1.0, 2, 0, 0], [9, 8, 0, 0]])}, weights=weights)
    found = results(run(bind(scheme, resolve(scheme), year_of(units)), FLOAT, draws=drawn))
    assert found.last.tolist() == [[True, False, True, False], [False, True, True, False]]
    assert found.rank.tolist() == [[2, 1, 2, 1], [1, 2, 2, 1]]
    assert found.total[:, :2].tolist() == [[1, 2], [27, 24]]


GROUP = "{id: g, name: 组, attainable: 5, items: [{id: A, name: 项a, full: 8, rule: a}]}"
DEEP = (
    "{id: h, name: 外, then: [{at_most: 9}], items: [{id: i, name: 内, items: [{id: A, name: 项a, full: 8, rule: a}]}]}"
)


@pytest.mark.parametrize(
    ("first", "more", "paper"),
    [
        ("", "", 14),  # 8 + 6
        ("", "full: 20,", 20),  # as the scheme says
        (GROUP, "", 11),  # 5 said + 6
        (GROUP, "full: 20,", 20),
        ("", "then: [{rescale: leave, of: 12}],", 12),  # what the conversion is of, left as it is
        (GROUP, "then: [{rescale: leave, of: 12}],", 12),
        ("", "then: [{rescale: 100, of: 14}],", 100),
        ("", "full: 20, then: [{rescale: 100, of: 14}],", 100),
        (DEEP, "then: [{rescale: leave, of: 12}],", 14),
        (DEEP, "then: [{rescale: 40, of: 12}, {rescale: leave, of: 12}],", 40),
    ],
)
def test_what_is_attainable_on_paper(first, more, paper):
    text = items(first or leaf("a", more="full: 8,"), leaf("b", more="full: 6,"), more=more)
    assert scored(text, {"U": {"a": 2, "b": 3}}).unit("U").attainable == paper
