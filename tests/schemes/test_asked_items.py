"""What looks at other items, in whatever way, turns on them: it is told no closer than they are, and found anew."""

import pytest

from kaohe.analysis.leftout import without_items
from kaohe.analysis.public import HOLDS_WITHHELD, public_item
from kaohe.scheme.policies import resolve
from kaohe.scoring.bind import bind
from kaohe.scoring.engine import run
from kaohe.scoring.results import results
from tests.schemes.written import differing
from tests.scoring.anyscheme import scheme_of, scored, year_of

SCHEME = """
items:
  - id: total
    name: 总分
    items:
      - id: part
        name: 部分
        items: [{id: A, name: 甲项, full: 10, rule: FIRST}, {id: B, name: 乙项, full: 10, rule: b}]
      - {id: D, name: 扣分, rule: RULE}
"""
LOOKS = [
    "{kind: product, parts: [{kind: count_items, of: part, below: 60%}, -4]}",
    "{kind: when, if: {last: part}, then: -4}",
    "{kind: when, if: {value: {kind: score, of: part}, below: 15}, then: -4}",
]


@pytest.mark.parametrize("rule", LOOKS)
def test_what_looks_at_ratings_is_told_no_closer_than_they_are(rule):
    """It could be read off it who was rated low."""
    text = SCHEME.replace("FIRST", "{kind: judged}").replace("RULE", rule)
    book = scored(text, {"甲": {"b": 9, "rated": {"A": [5]}}, "乙": {"b": 9, "rated": {"A": [8]}}})
    assert [book.cell(unit, "D").points for unit in "甲乙"] == [-4, 0]
    assert book.tree["D"].asks == ("part",)
    told = public_item(book, "甲", "D")
    assert (told.points, told.reasons) == (None, (HOLDS_WITHHELD,))


@pytest.mark.parametrize("rule", LOOKS)
def test_it_is_found_anew_when_an_item_goes(rule):
    """With the points of before, nobody's place would change without 甲项: 7 − 4 is less than 6."""
    scheme = scheme_of(SCHEME.replace("FIRST", "a").replace("RULE", rule))
    now = run(bind(scheme, resolve(scheme), year_of({"甲": {"a": 5, "b": 7}, "乙": {"a": 9, "b": 6}})))
    base = results(now)
    assert base.total.tolist() == [8, 15]
    (left,) = (each for each in without_items(now, base) if each.out == "A")
    assert [(each.unit, each.rank, each.rank_then) for each in left.moved] == [("甲", 2, 1), ("乙", 1, 2)]


LEFT_OUT = """
items:
  - id: total
    name: 总分
    missing_items: leave_out
    then:
      - {plus: 100, if: {value: {kind: score, of: B}, below: 5}}
      - {plus: 1000, if: {value: {kind: score, of: B}, at_least: 5}}
    items:
      - {id: A, name: 甲项, full: 10, rule: a}
      - {id: B, name: 乙项, full: 10, rule: b}
      - {id: C, name: 丙项, full: 10, rule: {kind: score, of: B}}
      - {id: D, name: 丁项, full: 10, missing: zero, rule: {kind: best, parts: [{kind: score, of: B}, 3]}}
  - {id: E, name: 名次, counts: false, rule: {kind: rank, of: {kind: score, of: B}, order: ascending}}
  - {id: F, name: 再看, counts: false, rule: {kind: score, of: E}}
  - {id: G, name: 加过, counts: false, then: [{plus: {kind: score, of: B}}], items: [{id: G1, name: 加前, rule: a}]}
  - id: H
    name: 分情况
    counts: false
    rule: {kind: when, if: {value: {kind: score, of: B}, below: 5}, then: 1, else: 2}
"""
LEFT_OUT_CASES = """
- name: 缺一项
  units: {X: {a: 1}, Y: {a: 1, b: 7}, Z: {a: 2, b: 8}}
  expect:
    X: {A: 1, B: missing, C: missing, D: 0, E: missing, F: missing, G: missing, H: 2, total: 1}
    Y: {C: 7, D: 7, E: 1, F: 1, G: 8, H: 2, total: 1022}
    Z: {E: 2}
  arithmetic: X 没有乙项：看它的也没有，与它比的条件不成立（不是当作 0）；1 + 7 + 7 + 7 + 1000
"""


def test_an_item_that_is_missing_is_never_taken_for_zero_by_those_that_look_at_it(tmp_path):
    assert differing(tmp_path, LEFT_OUT, LEFT_OUT_CASES) == []
    book = scored(LEFT_OUT, {"X": {"a": 1}, "Y": {"a": 1, "b": 7}})
    assert [each.text for each in book.cell("X", "C").sentences] == ["缺少 乙项，不计入"]
    assert [each.text for each in book.cell("X", "F").sentences] == ["缺少 名次，不评"]
    assert [each.text for each in book.unit("X").nodes["G"].sentences] == ["缺少 乙项，加过不评"]


def test_a_leaf_has_a_figure_before_what_follows_after_it(tmp_path):
    scheme = """
items:
  - id: total
    name: 总分
    items:
      - {id: A, name: 甲项, full: 10, rule: a, then: [{at_most: 10}]}
      - {id: B, name: 超出, rule: {kind: difference, of: {kind: score, of: A, stage: raw}, less: {kind: score, of: A}}}
      - {id: C, name: 丙项, full: 10, missing: full, rule: b, then: [{times: 2}]}
"""
    cases = """
- name: 满分以下、恰好、以上
  units: {甲: {a: 9, b: 1}, 乙: {a: 10, b: 1}, 丙: {a: 12}}
  expect:
    甲: {A: {raw: 9, points: 9}, B: 0, C: {raw: 1, points: 2}}
    乙: {A: {raw: 10, points: 10}, B: 0}
    丙: {A: {raw: 12, points: 10}, B: 2, C: {raw: 10, points: 10}}
  arithmetic: 12 − 10
"""
    assert differing(tmp_path, scheme, cases) == []
