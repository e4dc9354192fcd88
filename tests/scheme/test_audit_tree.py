"""The audit of schemes that look like none of the shipped ones: each fault in a small tree of items."""

import pytest

from kaohe.scheme import shipped, shipped_ids
from kaohe.scheme.audit import audit
from tests.scheme.written import LEAF, PLAIN, read
from tests.scoring.anyscheme import HEAD, METRICS, ONE_GROUP, scheme_of

Key = tuple[str, str]

RATED = "{kind: judged}"
METRIC = "{kind: metric, metric: done}"


def root(*items: str, more: str = "") -> str:
    lines = "".join(f"      - {item}\n" for item in items)
    return f"items:\n  - id: total\n    name: 总分\n    clause: 总\n{more}    items:\n{lines}"


A = f"{{id: a, name: 甲, full: 10, clause: 一, rule: {LEAF}}}"
B = f"{{id: b, name: 乙, full: 10, clause: 二, rule: {RATED}}}"
C = f"{{id: c, name: 丙, full: 10, clause: 三, rule: {{kind: per_unit, value: {METRIC}, each: 1, at_most: 10}}}}"
D = """{id: d, name: 丁, full: 5, clause: 四, rule: {kind: per_unit, value: {kind: metric, metric: cash}, each: 1, per: 1000, steps: whole, at_most: 5}}"""  # noqa: E501
ABC = root(A, B, C, D)

GRADES = "results: {grades: [%s]}\n"

# a small scheme → all that the audit finds in it
SMALL: dict[str, tuple[str, set[Key]]] = {
    "nothing wrong": (ABC, set()),
    "nothing limits a count": (
        root(A, B, C.replace(", at_most: 10", ""), D), {("above-full", "c")}
    ),
    "a limit that the parts do not reach": (
        root(A, B, C, D, "{id: e, name: 戊, full: 9, clause: 五, "
             "rule: {kind: sum, parts: [{kind: judged, out_of: 5}, {kind: number, value: 2}], at_most: 20}}"),
        {("above-full", "e"), ("parts-against-cap", "e")},
    ),
    "points that may fall without end": (
        root(A, B, C, D, "{id: e, name: 戊, full: 9, clause: 五, rule: {kind: difference, of: 9, less: done}}"),
        {("below-zero", "e")},
    ),
    "a sum that is not the printed mark": (
        root(A, B, C, D, more="    full: 40\n"), {("item-sum", "total")}
    ),
    "categories out of different marks": (
        root(A, B.replace("full: 10,", "full: 10, applies: [big],"), C, D), {("no-conversion", "all")}
    ),
    "an item for units that nothing below is for": (
        root(A, B, C, D, "{id: e, name: 戊, clause: 五, applies: [big, small], "
             f"items: [{{id: f, name: 己, applies: [big], rule: {RATED}}}]}}"),
        {("item-empty", "small.e")},
    ),
    "a category that is ranked and not scored": (
        root(*(each.replace("clause:", "applies: [big], clause:") for each in (A, B, C, D))),
        {("category-unscored", "small"), ("no-conversion", "all")},
    ),
    "weights of a mean": (
        root(A.replace("full: 10,", "weight: 0.5,"), B.replace("full: 10,", "weight: 0.3,"), C.replace("full: 10,", "weight: 0.1,"),  # noqa: E501
             D.replace("full: 5,", "weight: 0.2,"), more="    combine: mean\n"),
        {("weights-sum", "total")},
    ),
    "weights inside a rule": (
        root(A, B, C, D, "{id: e, name: 戊, clause: 五, rule: {kind: mean, parts: [rate, done], weights: [2, 7]}}"),
        {("weights-sum", "e")},
    ),
    "calculations without a name": (
        root(A, B, C, D, "{id: e, name: 戊, clause: 五, rule: {kind: product, parts: "
             "[2, {kind: difference, of: 9, less: {kind: product, parts: [2, rate]}}]}}"),
        {("nested-unnamed", "e")},
    ),
    "a named figure makes them readable": (
        root(A, B, C, D, "{id: e, name: 戊, clause: 五, rule: {kind: product, parts: [2, short]}}")
        + "figures: {short: {name: 缺口, is: {kind: difference, of: 9, less: {kind: product, parts: [2, rate]}}}}\n",
        set(),
    ),
    "declared and never used": (
        ABC + "figures: {short: {name: 缺口, is: rate}}\nconditions: {far: {name: 差得远, is: {value: rate, below: 10%}}}\n"  # noqa: E501
        "votes: {staff: {name: 职工投票, paper: marks, out_of: 100}}\ndimensions: {month: {name: 月, of: 12}}\n",
        {("figure-unused", "short"), ("condition-unused", "far"), ("vote-unused", "staff"), ("dimension-unused", "month")},  # noqa: E501
    ),
    "grades above all points": (
        ABC + GRADES % "{name: 上, at_least: 36}, {name: 下}", {("grade-unreachable", "grades.上")}
    ),
    "a grade that the better ones leave nothing for": (
        ABC + GRADES % "{name: 上, at_least: 20}, {name: 中, at_least: 25}, {name: 下}",
        {("grade-unreachable", "grades.中")},
    ),
    "a grade after all the rest": (
        ABC + GRADES % "{name: 上, at_least: 20}, {name: 下}, {name: 末}", {("grade-unreachable", "grades.末")}
    ),
    "a grade without places": (
        ABC + GRADES % "{name: 上, quota: {places: 0}, ties: all}, {name: 下}", {("grade-unreachable", "grades.上")}
    ),
    "units without a grade": (
        ABC + GRADES % "{name: 上, at_least: 20}, {name: 下, at_least: 10}", {("grade-missing", "grades")}
    ),
    "a share that takes in everybody": (
        ABC + GRADES % "{name: 上, quota: {share: 100%}, ties: all}, {name: 下}", {("quota-pool", "all")}
    ),
    "places without a word on ties": (
        ABC + GRADES % "{name: 上, quota: {places: 1}}, {name: 下}", {("ties-unsaid", "grades.上")}
    ),
    "ranks without a word on ties": (
        root(A.replace("bands:", "ties: dense, bands:"), B, C, D,
             f"{{id: e, name: 戊, full: 3, clause: 五, rule: {{kind: rank_bands, value: {METRIC}, "
             "bands: [{first: 1, last: 1, points: 3}]}}"),
        {("ties-unsaid", "e")},
    ),
    "a ladder for more than there are": (
        root(A, B, C, D, "{id: e, name: 戊, full: 3, clause: 五, applies: [small], "
             "rule: {kind: ladder, by: done, points: [3, 2], ties: dense}}"),
        {("rank-bands-pool", "e"), ("no-conversion", "all")},
    ),
    "so much beyond a mark for every so much": (
        root(A, B, C, D, "{id: e, name: 戊, full: 3, clause: 五, "
             "rule: {kind: per_unit, start: full, value: rate, from: 95%, side: below, per: 1%, each: -0.2, at_least: 0}}"),  # noqa: E501
        {("steps-unsaid", "e")},
    ),
    "so much for every so much": (
        root(A, B, C, D.replace("steps: whole, ", "")), {("steps-unsaid", "d")}
    ),
    "taken off in the end": (
        root(A, B, C, D, more="    then: [{minus: rate}]\n"), {("floor-unsaid", "total")}
    ),
    "taken off, not below nothing": (
        root(A, B, C, D, more="    then: [{minus: rate}, {at_least: 0}]\n"), set()
    ),
    "an open point of an item above": (
        root(A, B, C, D, more="    open: [{question: 怎样相加, taken: 直接相加}]\n"), {("open-point", "total")}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_what_a_small_scheme_has_wrong(tmp_path, name):
    text, expected = SMALL[name]
    scheme = read(tmp_path, text)
    assert {each.key for each in audit(scheme)} == expected


def test_votes_of_several_groups_are_asked_about_group_by_group(tmp_path):
    head = """\
id: small
title: 小办法
authority: 某局
in_force_from: "2020-01-01"
categories: {big: {name: 大单位, group: one}, small: {name: 小单位, group: two}}
groups: {one: {name: 甲组, score: total}, two: {name: 乙组, score: total}}
votes:
  staff: {name: 投票, paper: counts, out_of: 100, options: {yes: {name: 好, worth: 90}, no: {name: 差, worth: 0}}}
"""
    text = root(
        "{id: v, name: 职工投票, full: {by_group: {one: 10, two: 20}}, clause: 一, rule: {kind: vote, vote: staff}}"
    )
    found = {each.key: each for each in audit(read(tmp_path, text, head))}
    assert set(found) == {("full-unreachable", "one.v"), ("full-unreachable", "two.v")}
    assert "乙组的职工投票标明 20 分，最多只能得 18 分" in found["full-unreachable", "two.v"].finding
    assert found["full-unreachable", "two.v"].consequence == "乙组总分最多 18 分，而不是 20 分"


@pytest.mark.parametrize("name", shipped_ids())
def test_every_shipped_scheme_can_be_audited(name):
    """Schemes of very different shapes: every finding names something that is there, and has words."""
    scheme = shipped(name)
    known = {*scheme.tree.nodes, *scheme.groups, *scheme.votes, *scheme.categories, *scheme.metrics}
    for found in audit(scheme):
        assert found.finding
        assert found.consequence
        assert known & {found.subject, *found.subject.split(".")} or not found.code.startswith(
            ("above-", "below-", "full-", "item-", "no-", "nested-", "weights-", "steps-", "band")
        ), found


def test_what_the_audit_finds_in_published_systems():
    """A share of the best in 0 to full; a published table that ends below its own scale; unnamed calculations."""
    codes = {name: {each.code for each in audit(shipped(name))} for name in shipped_ids()}
    for name in ("undp-hdi-2021", "arwu-2005", "heritage-ief-2019", "epa-aqi-2013"):
        assert codes[name] == set()
    assert codes["decathlon"] == {"nested-unnamed"}


def test_the_plain_example_is_clean(tmp_path):
    assert audit(read(tmp_path, PLAIN)) == []


def test_what_only_decides_ties_is_used_and_places_among_an_unknown_number_are_no_finding():
    text = """
items:
  - {id: total, name: 总分, items: [{id: A, name: 甲, rule: a}]}
results: {grades: [{id: top, name: 甲等, quota: {places: 1}, ties: none}, {id: low, name: 乙等}]}
"""
    then_by = "then_by: [{kind: difference, of: b, less: c}]"
    found = audit(
        scheme_of(text, head=(HEAD + ONE_GROUP).replace("score: total", f"score: total, {then_by}") + METRICS)
    )
    unused = {each.subject for each in found if each.code == "metric-unused"}
    assert unused == {"d"}
    assert "quota-pool" not in {each.code for each in found}
