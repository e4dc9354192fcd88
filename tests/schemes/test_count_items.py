"""How many items reach so much, or do not: what a clause about weak items looks at."""

import pytest

from kaohe.scheme import SchemeError
from tests.schemes.written import differing
from tests.scoring.anyscheme import scheme_of, scored

SCHEME = """
items:
  - id: total
    name: 总分
    then: [{at_most: 59, if: {value: weak, at_least: 2}}]
    items:
      - {id: A, name: 甲项, full: 10, rule: a}
      - id: heading
        name: 部分
        items: [{id: B, name: 乙项, full: 20, rule: b}, {id: C, name: 丙项, full: 50, rule: c, missing: leave_out}]
figures:
  weak: {name: 短板数, is: {kind: count_items, of: total, below: 60%}}
  good: {name: 达到比例, is: {kind: count_items, of: total, at_least: 60%, as: share}}
  some: {name: 有分的项数, is: {kind: count_items, of: heading, by: points, above: 0, at_most: 12}}
results:
  grades: [{name: 好, if: {value: weak, at_most: 0}}, {name: 中, if: {value: good, at_least: 0.5}}, {name: 差}]
  consequences: {some: {name: 有分, if: {value: some, equals: 1}}}
"""
CASES = """
- name: 恰在、低于 60%，缺的项不数
  units: {甲: {a: 6, b: 12, c: 30}, 乙: {a: 5.9, b: 20, c: 50}, 丙: {a: 5, b: 11, c: 50}, 丁: {a: 10, b: 0}}
  expect:
    甲: {total: 48, grade: 好, some: yes}
    乙: {total: 75.9, grade: 中, some: no}
    丙: {total: 59, grade: 差, some: yes}
    丁: {total: 10, grade: 中, some: no}
  arithmetic: 6 ÷ 10、12 ÷ 20、30 ÷ 50 恰为 60%；丙两项低于，66 封到 59；丁缺丙项，两项里一项达到
"""


def test_items_that_reach_a_share_of_their_full_mark_are_counted(tmp_path):
    assert differing(tmp_path / "办法", SCHEME, CASES) == []


def test_the_sentence_names_them():
    rule = "rule: {kind: product, parts: [{kind: count_items, of: total, below: 60%}, -2]}"
    text = SCHEME.replace("figures:", f"  - {{id: D, name: 扣分, counts: false, {rule}}}\nfigures:", 1)
    book = scored(text, {"甲": {"a": 5, "b": 11, "c": 50}})
    assert "总分各项中得分率 < 60% 的有 2 项（甲项、乙项）" in book.cell("甲", "D").sentences[0].text


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        ("{kind: count_items, of: nowhere, below: 1}", "nowhere"),
        ("{kind: count_items, of: total}", "at_least"),
        ("{kind: count_items, of: total, below: 1}", "互相要用对方的得分"),
        ("{kind: count_items, of: A, below: 1}", "A 下面没有各项可数"),
    ],
)
def test_what_is_counted_is_there_and_not_itself(figure, says):
    with pytest.raises(SchemeError) as wrong:
        scheme_of(f"items: [{{id: total, name: 总分, items: [{{id: A, name: 甲, full: 1, rule: {figure}}}]}}]\n")
    assert says in str(wrong.value)


PARTS = """
items:
  - id: total
    name: 总分
    items:
      - id: part
        name: 部分
        items: [{id: A, name: 甲项, full: 10, rule: RULE}, {id: B, name: 乙项, full: 10, rule: b}]
"""


@pytest.mark.parametrize(
    ("by", "found", "said"),
    [
        ("share", 0, "部分各项中得分率 < 60% 的有 0 项"),
        ("points", 1, "部分各项中得分 < 0.6 的有 1 项（乙项）"),
    ],
)
def test_what_has_no_full_mark_has_no_share_of_it(by, found, said):
    """A bonus is no weak item."""
    count = f"{{kind: count_items, of: part, by: {by}, below: 60%}}"
    text = PARTS.replace("full: 10, rule: b", "rule: b").replace("RULE", "a")
    text += f"  - {{id: E, name: 弱项, counts: false, rule: {count}}}\n"
    book = scored(text, {"甲": {"a": 9, "b": 0.5}})
    cell = book.cell("甲", "E")
    assert (cell.points, book.decimals("E"), [each.text for each in cell.sentences]) == (found, 0, [said])


@pytest.mark.parametrize("figure", ["{kind: count_items, of: part, below: 60%}", "{kind: attainable, of: part}"])
def test_years_before_know_no_more_than_points(figure):
    over = f"{{kind: over, years: [0, 1], fold: sum, of: {{kind: product, parts: [2, {figure}]}}}}"
    text = PARTS.replace("RULE", "a") + f"  - {{id: E, name: 往年, counts: false, rule: {over}}}\n"
    with pytest.raises(SchemeError, match="往年只有各项的得分"):
        scheme_of(text)
    scheme_of(text.replace("[0, 1]", "[0]"))
