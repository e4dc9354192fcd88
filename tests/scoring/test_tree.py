"""Any tree of items: how several become one, what follows afterwards, what is missing, who gets which grade."""

from fractions import Fraction

import pytest

from kaohe.rules import EXACT, FLOAT
from kaohe.scheme import SchemeError
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.results import results
from tests.scoring.anyscheme import HEAD, METRICS, scheme_of, scored, year_of

F = Fraction


def items(*written, more=""):
    return f"items: [{{id: total, name: 总分, {more} items: [{', '.join(written)}]}}]\n"


def leaf(name, rule=None, more=""):
    return f"{{id: {name.upper()}, name: 项{name}, {more} rule: {rule or name}}}"


def points(book, unit, item="total"):
    return book.unit(unit).points(item)


def reasons(book, unit, item="total"):
    return [sentence.text for sentence in book.unit(unit).nodes[item].sentences]


@pytest.mark.parametrize(
    ("combine", "total"),
    [("sum", 14), ("mean", F(14, 3)), ("product", 64), ("best", 8), ("worst", 2), ("geometric_mean", 4)],
)
def test_children_become_one(combine, total):
    text = items(leaf("a"), leaf("b"), leaf("c"), more=f"combine: {combine},")
    assert points(scored(text, {"U": {"a": 2, "b": 4, "c": 8}}), "U") == total


def test_weights_count_in_sums_and_means_and_may_be_a_class_own():
    head = (
        HEAD
        + METRICS
        + """
categories: {big: {name: 大, group: all, class: A}, small: {name: 小, group: all, class: B}}
classes: {A: 甲类, B: 乙类}
groups: {all: {name: 全部, score: total}}
"""
    )
    by_class = leaf("b", more="weight: {by_class: {A: 2, B: 1}},")
    units = {"U": {"a": 1, "b": 3, "category": "big"}, "V": {"a": 1, "b": 3, "category": "small"}}
    book = scored(items(leaf("a"), by_class), units, head=head)
    assert [points(book, unit) for unit in "UV"] == [7, 4]
    book = scored(items(leaf("a"), by_class, more="combine: mean,"), units, head=head)
    assert [points(book, unit) for unit in "UV"] == [F(7, 3), 2]


@pytest.mark.parametrize(
    ("then", "total", "said"),
    [
        ("{at_most: 10}", 10, "最多 10，超出的 2 不计"),
        ("{at_least: 15}", 15, "最少 15，按此计"),
        ("{times: 0.9}", F("10.8"), "12 × 0.9 = 10.8"),
        ("{plus: c}", 15, "12 + 数c 3 个 = 15"),
        ("{minus: c}", 9, "12 − 数c 3 个 = 9"),
        ("{rescale: 100, of: 16}", 75, "折算：12 ÷ 16 × 100 = 75"),
        ("{round: 5}", 10, "四舍五入到 5，为 10"),
        ("{round: {to: 5, how: ceil}}", 15, "向上取到 5，为 15"),
        ("{at_most: 10, if: {value: a, above: 5}}", 12, None),
        ("{at_most: 10, unless: {value: a, above: 5}}", 10, "最多 10，超出的 2 不计"),
    ],
)
def test_what_follows_is_done_and_said(then, total, said):
    book = scored(items(leaf("a"), leaf("b"), more=f"then: [{then}],"), {"U": {"a": 4, "b": 8, "c": 3}})
    assert points(book, "U") == total
    assert reasons(book, "U") == ["总分：项a 4 + 项b 8 = 12", *([said] if said else [])]


def test_steps_follow_in_the_order_written():
    first = scored(items(leaf("a"), more="then: [{at_most: 10}, {times: 0.5}],"), {"U": {"a": 30}})
    other = scored(items(leaf("a"), more="then: [{times: 0.5}, {at_most: 10}],"), {"U": {"a": 30}})
    assert (points(first, "U"), points(other, "U")) == (5, 10)


def test_a_leaf_has_steps_and_points_stay_given_less_taken():
    book = scored(items(leaf("a", more="then: [{at_most: 10}, {minus: 1}],")), {"U": {"a": 30}})
    cell = book.cell("U", "A")
    assert (cell.points, cell.raw, cell.deducted, cell.capped) == (9, 30, 1, 20)


def test_an_item_not_counted_is_there_to_be_asked_for():
    half = "{id: half, name: 一半, rule: {kind: product, parts: [0.5, {kind: score, of: sub}]}}"
    sub = f"{{id: sub, name: 小计, counts: false, items: [{leaf('a')}, {leaf('b')}]}}"
    book = scored(items(sub, half), {"U": {"a": 4, "b": 8}})
    assert (points(book, "U"), points(book, "U", "sub")) == (6, 12)


@pytest.mark.parametrize(
    ("missing", "total", "rated"),
    [("zero", 3, True), ("full", 13, True), ("peer_mean", F(11, 2) + 3, True), ("leave_out", 3, True),
     ("unrated", 0, False)],
)  # fmt: skip
def test_what_is_missing_counts_as_the_scheme_says(missing, total, rated):
    text = items(leaf("a", more=f"full: 10, missing: {missing},"), leaf("b", more="full: 10,"))
    book = scored(text, {"U": {"b": 3}, "V": {"a": 5, "b": 1}, "W": {"a": 6, "b": 1}})
    unit = book.unit("U")
    assert (unit.rated, unit.rank > 0) == (rated, rated)
    assert (unit.total if rated else 0) == (total if rated else 0)
    assert book.results["total"].notna().tolist() == [rated, True, True]


def test_a_mean_leaves_out_what_is_left_out_and_needs_enough():
    more = "combine: mean, missing_items: leave_out,"
    assert points(scored(items(leaf("a"), leaf("b"), more=more), {"U": {"b": 4}, "V": {"a": 2, "b": 4}}), "U") == 4
    text = items(leaf("a"), leaf("b"), leaf("c"), more=more + " needs: 2,")
    book = scored(text, {"U": {"b": 4}, "V": {"a": 2, "b": 4}})
    assert [unit.rated for unit in book.units] == [False, True]


@pytest.mark.parametrize(
    ("missing", "total", "said"),
    [("zero", 1, "按 0 分计"), ("full", 11, "按满分计"), ("peer_mean", 6, "按其他单位的平均计"),
     ("leave_out", 1, "不计入"), ("unrated", None, "不评")],
)  # fmt: skip
def test_so_does_an_item_above_what_is_missing(missing, total, said):
    more = f"full: 10, combine: mean, missing: {missing}, items: [{leaf('a')}, {leaf('b')}]"
    text = items(f"{{id: M, name: 组, {more}}}", leaf("c"))
    book = scored(text, {"U": {"a": 8, "c": 1}, "V": {"a": 4, "b": 6, "c": 1}})
    assert (book.unit("U").total if book.unit("U").rated else None, points(book, "V")) == (total, 6)
    assert reasons(book, "U", "M") == [f"缺少 项b，组{said}"]


def test_a_rule_without_an_answer_names_item_and_units():
    text = items(leaf("a", "{kind: log, of: a}"))
    with pytest.raises(UncomputableError, match=r"A 项a算不出来：V V的数不在"):
        scored(text, {"U": {"a": 2}, "V": {"a": 0}})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (items(leaf("a", more="full: {kind: log, of: b},")), "A 项a"),
        (items(leaf("a", more="weight: {kind: log, of: b},"), more="combine: mean,"), "total 总分"),
        (items(leaf("a", more="full: 9,"), more="attainable: {kind: log, of: b},"), "total 总分"),
        (items(leaf("a"), more="then: [{plus: {kind: log, of: b}}],"), "total 总分"),
    ],
)
def test_so_do_the_words_of_an_item_beside_its_rule(text, named):
    with pytest.raises(UncomputableError, match=f"^{named}算不出来：V V的数不在"):
        scored(text, {"U": {"a": 1, "b": 2}, "V": {"a": 1, "b": 0}})


def test_a_share_of_the_units_is_the_same_in_doubles():
    text = items(leaf("a")) + "results: {grades: [{name: 甲, quota: {share: 29%}}, {name: 乙}]}\n"
    scheme, data = scheme_of(text), year_of({f"U{at}": {"a": at} for at in range(100)})
    for numbers in (EXACT, FLOAT):
        found = results(run(bind(scheme, resolve(scheme), data), numbers)).grade
        assert (found == "甲").sum() == 29


def test_nobody_is_ranked_by_what_he_does_not_have():
    text = items(leaf("a", more="missing: unrated,"))
    book = scored(text, {"U": {}, "V": {"a": 1}, "W": {"a": 2}})
    assert [unit.rank for unit in book.units] == [0, 2, 1]
    assert [unit.last for unit in book.units] == [False, True, False]


GRADES = """
results:
  grades:
    - {id: A, name: 甲, quota: {share: 30%, round: ceil}, at_least: 60}
    - {id: B, name: 乙, quota: {share: 70%}, cumulative: true}
    - {id: C, name: 丙, at_least: 60}
    - {id: D, name: 丁}
"""


def grades(text, *totals, **more):
    units = {f"U{place}": {"a": total, **more.get(f"U{place}", {})} for place, total in enumerate(totals)}
    return [unit.grade for unit in scored(items(leaf("a")) + text, units).units]


def test_quotas_are_places_or_shares_and_may_count_better_grades_too():
    assert grades(GRADES, 90, 80, 70, 65, 50) == ["甲", "甲", "乙", "丙", "丁"]
    assert grades(GRADES, 50, 40, 30, 20, 10) == ["乙", "乙", "乙", "丁", "丁"]


@pytest.mark.parametrize(("ties", "found"), [("pending", "待审议"), ("all", "甲"), ("none", "乙")])
def test_a_tie_across_the_line(ties, found):
    text = f"results: {{grades: [{{name: 甲, quota: {{places: 1}}, ties: {ties}}}, {{name: 乙}}]}}\n"
    assert grades(text, 9, 9, 1) == [found, found, "乙"]


@pytest.mark.parametrize(
    ("effect", "found"),
    [("fails", "丁"), ("{bars: [A]}", "乙"), ("{at_best: C}", "丙"), ("{down: 2}", "丙"), ("{down: 9}", "丁")],
)
def test_a_veto_fails_bars_caps_or_lowers(effect, found):
    rules = GRADES.replace("results:", f"results:\n  vetoes: {{fire: {{name: 火灾, effect: {effect}}}}}")
    assert grades(rules, 90, 80, 70, 65, 50, U0={"vetoed": ["fire"]})[0] == found


def test_limits_are_the_same_effects_on_conditions():
    limit = "results:\n  limits: [{effect: {at_best: C}, if: {value: b, below: 3}}]"
    rules = GRADES.replace("results:", limit)
    found = grades(rules, 90, 80, 70, 65, 50, **{f"U{at}": {"b": at + 2} for at in range(5)})
    assert found == ["丙", "甲", "甲", "乙", "丁"]


def test_consequences_are_columns():
    text = (
        items(leaf("a"))
        + GRADES
        + """
  consequences:
    warned: {name: 约谈, if: {any: [{grade: D}, {last: total}]}}
    praised: {name: 表扬, unless: {value: a, below: 85}}
"""
    )
    book = scored(text, {"U": {"a": 90}, "V": {"a": 50}})
    assert list(book.results.columns[-2:]) == ["warned", "praised"]
    assert book.results[["warned", "praised"]].to_numpy().tolist() == [[False, True], [True, False]]


def test_groups_are_ranked_by_items_of_their_own():
    head = (
        HEAD
        + METRICS
        + """
categories: {one: {name: 甲类, group: first}, two: {name: 乙类, group: second}}
groups: {first: {name: 一组, score: total}, second: {name: 二组, score: other}}
"""
    )
    text = (
        f"items: [{{id: total, name: 总分, items: [{leaf('a')}]}}, {{id: other, name: 另分, items: [{leaf('b')}]}}]\n"
    )
    units = {"U": {"a": 1, "b": 9, "category": "one"}, "V": {"a": 8, "b": 2, "category": "two"}}
    book = scored(text, units, head=head)
    assert [unit.total for unit in book.units] == [1, 2]


def test_a_reading_chooses_among_whole_figures():
    text = (
        items(leaf("a", "{policy: which, first: a, second: {kind: product, parts: [2, a]}}"))
        + """
policies:
  - {id: P01, name: which, question: 哪一个, clause: 一, default: first,
     options: {first: {says: 前}, second: {says: 后}}}
"""
    )
    assert points(scored(text, {"U": {"a": 3}}), "U") == 3
    assert points(scored(text, {"U": {"a": 3}}, {"which": "second"}), "U") == 6


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("items: [{id: total, name: 总分}]\n", "没有 rule（规则），也没有下级"),
        (items(leaf("a"), leaf("a")), "A 出现了 2 次"),
        (items(leaf("a", "{kind: score, of: nothing}")), "没有 nothing"),
        (items(leaf("x")), "没有 x"),
        (items(leaf("a", "{policy: which, one: 1}")), "没有 which"),
        (items(leaf("a", more="then: [{times: 2, plus: 3}],")), "每一步应写"),
        (items(leaf("a")) + "figures: {f: {name: 甲, is: g}, g: {name: 乙, is: f}}\n", "绕回到自己"),
        (
            items(leaf("a")) + "results: {grades: [{name: 甲}], limits: [{effect: {down: 1}, if: {grade: 甲}}]}\n",
            "还没有定等次",
        ),
        (items(leaf("a")) + "results: {grades: [{name: 甲, if: {grade: 乙}}, {name: 乙}]}\n", "还没有定等次"),
        (items(leaf("a")) + "results: {vetoes: {x: {name: 事, effect: {bars: [甲]}}}}\n", "没有 甲"),
    ],
)
def test_what_does_not_fit_is_told(text, told):
    with pytest.raises(SchemeError, match=told):
        scheme_of(text)
