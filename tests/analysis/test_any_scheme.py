"""Questions asked of books of small schemes of any shape: nothing breaks, what adds up does, and sentences are true."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.breakdown import attainment, by_component, full_total, lost_points, parts, worth
from kaohe.analysis.itemised import lines_of
from kaohe.analysis.movement import last_two_years, movement
from kaohe.analysis.public import HOLDS_WITHHELD, public_unit, public_units, public_year, write_public
from kaohe.analysis.readings import policy_effects
from kaohe.analysis.tidy import ScoredYear, tidy
from kaohe.analysis.trend import items_of, reached, unlike
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.engine import run
from kaohe.scoring.explanation import explain
from kaohe.scoring.nextstep import next_steps
from kaohe.scoring.results import results
from kaohe.scoring.tracejson import trace_json
from tests.scoring.anyscheme import HEAD, METRICS, ONE_GROUP, scheme_of, scored, year_of

F = Fraction
ONE = HEAD + ONE_GROUP + METRICS
TWO = (
    HEAD
    + METRICS
    + """
categories: {x: {name: 甲类, group: g}, y: {name: 乙类, group: h}}
groups: {g: {name: 甲组, score: total}, h: {name: 乙组, score: other}}
"""
)


def leaf(name, more="full: 10,", rule=None):
    return f"{{id: {name.upper()}, name: 项{name}, {more} rule: {rule or name}}}"


def items(*written, more=""):
    return f"items: [{{id: total, name: 总分, {more} items: [{', '.join(written)}]}}]\n"


JUDGED = leaf("j", rule="{kind: judged}")
FIVE = items(
    "{id: l1, name: 一层, items: [{id: l2, name: 二层, then: [{times: 2}], items: [{id: l3, name: 三层, items: ["
    + f"{leaf('a')}, {{id: l4, name: 四层, combine: best, items: [{leaf('b')}, {leaf('c')}]}}]}}]}}, {leaf('d')}]}}",
    more="full: 40, then: [{plus: 1}],",
)
GRADES = """
results:
  grades: [{id: A, name: 甲, at_least: 5, quota: {places: 1}}, {name: 乙, at_least: 3}, {name: 丙}]
  vetoes: {bad: {name: 事故, effect: {at_best: 丙}}}
  limits: [{name: 低分, effect: {bars: [A]}, if: {value: a, below: 6}}]
  consequences: {fix: {name: 整改, if: {grade: 丙}}}
"""
PLAIN = {"U": {"a": 2, "b": 4, "c": 1, "d": 3}, "V": {"a": 3, "b": 5, "c": 2, "d": 7}}
RATED = {"U": {"a": 1, "b": 2, "rated": {"J": [8, 9, 7]}}, "V": {"a": 3, "b": 4, "rated": {"J": [5, 5, 6]}}}
HALF = "{id: H, name: 一半, full: 5, rule: {kind: product, parts: [0.5, {kind: score, of: J}]}}"

SCHEMES = {
    "mean": (items(leaf("a"), leaf("b", "full: 10, weight: 2,"), more="combine: mean,"), PLAIN, ONE),
    "product": (items(leaf("a"), leaf("b"), more="combine: product,"), PLAIN, ONE),
    "geometric mean": (items(leaf("a", ""), leaf("b", ""), leaf("c", ""), more="combine: geometric_mean,"), PLAIN, ONE),
    "five levels": (FIVE, PLAIN, ONE),
    "forty items": (items(*(leaf(f"x{n}", rule="a") for n in range(40))), PLAIN, ONE),
    "two groups": (
        items(leaf("a"))[:-2] + f", {{id: other, name: 另一分, items: [{leaf('c')}]}}]\n",
        {"U": {**PLAIN["U"], "category": "x"}, "V": {**PLAIN["V"], "category": "y"}},
        TWO,
    ),
    "one leaf": ("items: [{id: total, name: 总分, full: 10, rule: a}]\n", PLAIN, ONE),
    "unrated": (
        items(leaf("a", "full: 10, missing: unrated,"), leaf("b"))
        + "results: {grades: [{name: 甲, at_least: 8}, {name: 乙}]}\n",
        {"U": {"b": 4}, "V": {"a": 3, "b": 5}, "W": {"a": 1, "b": 1}},
        ONE,
    ),
    "grades": (items(leaf("a")) + GRADES, {"U": {"a": 5, "vetoed": ["bad"]}, "V": {"a": 7}, "W": {"a": 1}}, ONE),
    "people": (items(JUDGED, HALF, leaf("a")), RATED, ONE),
    "people in a mean": (
        items(f"{{id: m, name: 平均, combine: mean, items: [{JUDGED}, {leaf('b')}]}}", leaf("a")), RATED, ONE,
    ),
    "penalty": (
        items(leaf("a"), leaf("c", "", "{kind: product, parts: [-1, c]}"), more="then: [{at_most: 9}, {round: 0.1}],"),
        PLAIN,
        ONE,
    ),
    "months": (
        "dimensions: {month: {name: 月, of: 3}}\n" + items(leaf("a"), leaf("b", "full: 5, each: month, fold: mean,")),
        PLAIN,
        ONE,
    ),
}  # fmt: skip


def book_of(name):
    text, units, head = SCHEMES[name]
    return scored(text, units, head=head)


@pytest.fixture(params=list(SCHEMES))
def book(request):
    return book_of(request.param)


def explained(book, unit):
    return {each.title: each.lines for each in explain(book, unit)}


def test_what_adds_up_to_the_total_does(book):
    for unit in book.units:
        if not unit.rated:
            assert (by_component(book, unit), parts(book, unit.unit_id)) == ({}, [])
            continue
        assert sum(by_component(book, unit).values()) == unit.total
        assert sum(part.points for part in parts(book, unit.unit_id)) == unit.total
        assert sum(line.counted or 0 for line in lines_of(book, unit.unit_id, {})) == unit.total


def test_no_question_breaks_on_any_shape(book, request):
    name = request.node.callspec.params["book"]
    text, units, head = SCHEMES[name]
    scheme = scheme_of(text, head=head)
    both = scored(text, units, head=head, before=replace(book, year="2017-2018"))
    assert frozen(thawed(frozen(both))) == frozen(both)
    for group in book.groups:
        for item in items_of([book], group):
            assert unlike(book, book, group, item) == ""
        columns, grid = attainment(book, group)
        assert {name for row in grid.values() for name in row} <= {column.id for column in columns}
        assert all(not move.gained for move in movement(both, group).moves)
    assert set(last_two_years([both])) <= {unit.unit_id for unit in book.units}
    for unit in book.units:
        assert (("total", "total") in reached(book, unit)) == unit.rated
        assert explain(book, unit.unit_id)[-1].title
        told = json.loads(json.dumps(trace_json(book, unit.unit_id)))
        assert {each["item"] for each in told["nodes"]} == set(unit.nodes)
        assert all(isinstance(said, str) for cell in book.cells_of(unit.unit_id) for said in cell.ahead)
    assert len(public_units(book)) == len(public_year(book).rows) == len(book.units)
    assert all(len(write_public(each)) > 2 for each in public_units(book).values())
    by_unit = tidy([ScoredYear(book, {})]).groupby("unit_id")["points"].sum()
    for unit in book.units:
        assert not unit.rated or by_unit[unit.unit_id] == pytest.approx(float(unit.total))
    now = run(bind(scheme, resolve(scheme), year_of(units)))
    assert policy_effects(now, results(now)) == ()


@pytest.mark.parametrize(
    ("name", "full"), [("mean", "满分时总分为 10"), ("product", "满分时总分为 100"), ("geometric mean", "")]
)
def test_under_a_mean_or_product_no_losses_are_spread(name, full):
    book = book_of(name)
    unit = book.unit("U")
    assert (lost_points(book, "U"), worth(book, unit)) == ([], {})
    assert [part.id for part in parts(book, "U")] == ["total"]
    assert full_total(book, unit) == full
    (total,) = (lines for title, lines in explained(book, "U").items() if title.startswith("总分："))
    assert (full in total) or not full


def test_a_point_is_worth_what_the_steps_above_it_make_of_it():
    book = book_of("five levels")
    assert worth(book, book.unit("U")) == {"A": 2, "D": 1}
    assert {each.cell.indicator: each.lost for each in lost_points(book, "U")} == {"A": 16, "D": 7}
    lines = {line.name: line for line in lines_of(book, "U", {})}
    assert (lines["四层"].kind, lines["四层"].counted, lines["项b"].counted) == ("combined", 4, None)
    assert (lines["二层折算"].counted, lines["总分折算"].counted) == (6, 1)
    said = explained(book, "U")
    assert said["四层：4 分，满分 10"] == ("四层：项b 4、项c 1 中最高的 = 4",)
    assert said["一层：15 分，满分 30"] == ("一层：二层 12 + 项d 3 = 15",)
    assert "15 + 1 = 16" in said["总分：16 分"]


def test_who_has_no_score_comes_last_with_the_reason():
    book = book_of("unrated")
    assert [(row.unit_id, row.rank, row.grade) for row in public_year(book).rows] == [
        ("V", 1, "甲"), ("W", 2, "乙"), ("U", None, "不计分"),
    ]  # fmt: skip
    assert explained(book, "U")["总分：不计分"] == ("缺少 项a，总分不评；缺少 数a，不评",)
    mine = public_unit(book, "U")
    assert (mine.total, mine.rank, mine.of, mine.open) == (None, None, 2, "缺少 项a，总分不评；缺少 数a，不评")
    (total,) = (line for line in lines_of(book, "U", {}) if line.kind == "total")
    assert (total.points, total.status) == (None, "不计分")


def test_a_grade_is_told_with_its_conditions_effects_and_limits():
    lines = explained(book_of("grades"), "U")["等次：丙"]
    assert lines[1:] == (
        "甲：至少 5，名额 1", "乙：至少 3", "丙：其余", "有否决事项（事故），最高评为丙", "低分，不得评为甲", "整改",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["people", "people in a mean"])
def test_what_holds_peoples_marks_is_told_nowhere_exactly(name):
    told = public_unit(book_of(name), "U")
    exact = {item.id for item in (*told.items, *told.sections, *told.components) if item.points is not None}
    assert exact <= {"A", "B"}
    assert any(item.reasons == (HOLDS_WITHHELD,) for item in told.components)


def test_what_is_looked_up_in_other_items_has_no_next_step():
    text, units, head = SCHEMES["people"]
    scheme = scheme_of(text, head=head)
    bound = bind(scheme, resolve(scheme), year_of(units))
    assert next_steps(bound, "U", "H").why == "elsewhere"
    assert [step.after for step in next_steps(bound, "U", "A").steps] == [F("1.01")]
