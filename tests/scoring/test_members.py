"""Items that are scored once a month: a leaf, and whole branches with what follows in them."""

from fractions import Fraction

import pytest

from kaohe.scheme import SchemeError
from tests.schemes.written import differing, written
from tests.scoring.anyscheme import MONTHS, scored

BRANCH = """
items:
  - id: total
    name: 总分
    items:
      - id: monthly
        name: 月评
        each: month
        fold: FOLD
        then: [{plus: 1}]
        items:
          - {id: work, name: 工作, full: 10, rule: a, then: [{at_most: 10}]}
          - id: inner
            name: 内部
            then: [{at_most: 5}]
            items:
              - {id: one, name: 甲项, rule: b}
              - {id: two, name: 乙项, rule: {kind: ladder, by: {kind: score, of: one}, points: [3, 1]}}
"""
CASE = """
- name: 每月各算各的
  units:
    甲: {periods: {a: [8, 9, 10, 11], b: [1, 2, 3, 4]}}
    乙: {a: 5, periods: {b: [2, 1, 3, 0]}}
  expect:
    甲: {work: WORK, monthly: FIRST}
    乙: {monthly: SECOND}
  arithmetic: 甲 8+1+1、9+2+3、10+5（3+3 封顶）、10+5，各月 10、14、15、15；乙 5+5、5+1+1、5+5、5+0+1，各月 10、7、10、6
"""


@pytest.mark.parametrize(
    ("fold", "work", "first", "second"),
    [
        ("mean", "37/4", "14.5", "37/4"),  # 54 ÷ 4 + 1；33 ÷ 4 + 1
        ("sum", 37, 55, 34),
        ("best", 10, 16, 11),
        ("worst", 8, 11, 7),
        ("last", 10, 16, 7),
        ("median", 9.5, 15.5, 9.5),
        ("{how: sum, drop_lowest: 1}", 29, 45, 28),
        ("{how: mean, drop_lowest: 1, drop_highest: 1}", 9.5, 15.5, 9.5),
        ("{how: median, drop_lowest: 1}", 10, 16, 11),
    ],
)
def test_a_branch_is_scored_each_month_then_folded(tmp_path, fold, work, first, second):
    case = CASE.replace("WORK", str(work)).replace("FIRST", str(first)).replace("SECOND", str(second))
    assert differing(tmp_path / "办法", BRANCH.replace("FOLD", fold), case, head=MONTHS) == []


def test_its_sentences_and_months():
    book = scored(BRANCH.replace("FOLD", "mean"), {"u": {"a": 12, "b": 1}, "v": {"a": 1, "b": 0}}, head=MONTHS)
    node = book.unit("u").nodes["monthly"]
    assert node.periods == dict.fromkeys("1234", 14)
    assert [said.text for said in node.sentences] == [
        "月评：1 月 14、2 月 14、3 月 14、4 月 14；平均 14",
        "14 + 1 = 15",
    ]


FULL = """
items:
  - id: total
    name: 总分
    then: [{rescale: 100, of: own_full}]
    items:
      - id: monthly
        name: 月评
        each: month
        fold: FOLD
        items:
          - {id: work, name: 工作, full: 10, rule: a}
          - {id: inner, name: 内, then: [{rescale: 4, of: own_full}], items: [{id: one, name: 甲项, full: 8, rule: b}]}
"""


@pytest.mark.parametrize(("fold", "times"), [("mean", 1), ("sum", 4), ("{how: sum, drop_lowest: 1}", 3), ("best", 1)])
def test_full_marks_are_those_of_as_many_months_as_are_added_up(fold, times):
    """What stands in a month is of that month: 8 of 8 for 内部 are 4; a year has it as often as its months count."""
    book = scored(FULL.replace("FOLD", fold), {"u": {"a": 10, "b": 8}, "v": {"a": 1, "b": 8}}, head=MONTHS)
    unit, cells = book.unit("u"), book.cells_by_item("u")
    assert {name: (node.points, node.own_full) for name, node in unit.nodes.items()} == {
        "total": (Fraction(14 * times * 100, 18 * times), 18 * times),
        "monthly": (14 * times, 18 * times),
        "inner": (4 * times, 8 * times),
    }
    assert {name: node.full for name, node in unit.nodes.items()} == {
        "total": 18 * times, "monthly": 18 * times, "inner": 8 * times,
    }  # fmt: skip
    assert (unit.attainable, unit.nodes["inner"].rate) == (100, Fraction(1, 2))
    plain = FULL.replace("FOLD", fold).replace("    then: [{rescale: 100, of: own_full}]\n", "", 1)
    assert scored(plain, {"u": {"a": 1, "b": 1}}, head=MONTHS).unit("u").attainable == 14 * times
    assert {name: (cell.points, cell.max_points) for name, cell in cells.items()} == {
        "work": (10 * times, 10 * times),
        "one": (8 * times, 8 * times),
    }
    assert book.indicators["one"].fulls == {"unit": 8 * times}


def test_who_has_no_answer_in_a_month_is_named_alone_at_the_case(tmp_path):
    """Not whose figures of other months, or of the year, nobody has handed in."""
    text = BRANCH.replace("FOLD", "sum").replace("then: [{at_most: 5}]", "then: [{plus: {kind: log, of: b}}]")
    case = CASE.replace("b: [1, 2, 3, 4]", "b: [1, 2, 0, 4]").replace("b: [2, 1, 3, 0]", "b: [2, 1, 3, 1]")
    for name in ("WORK", "FIRST", "SECOND"):
        case = case.replace(name, "1")
    (wrong,) = differing(tmp_path / "办法", text, case, head=MONTHS)
    assert "每月各算各的" in wrong
    assert "inner 内部算不出来：甲 甲的数不在" in wrong


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rule: b}", "rule: b, each: month}", "上级 monthly 已写 each: month，下级不能再写"),
        ("rule: b}", "weights: {x: 1}, rule: {kind: tally}}", "tally 的数据不分期（month），不能每期评一次"),
        ("fold: FOLD", "fold: {how: mean, drop_lowest: 4}", "去掉的个数应少于 month 的个数 4"),
        ("fold: FOLD", "fold: {how: last, drop_lowest: 1}", "last（最后一次）不能再去掉最高、最低"),
        ("fold: FOLD", "fold: medium", "mean、sum、best、worst、last、median 之一，现为 medium"),
        ("fold: FOLD", "fold: {drop_lowest: 1}", "缺少此项"),
    ],
)
def test_what_cannot_be_scored_each_month_is_told(tmp_path, old, new, said):
    text = BRANCH.replace(old, new, 1).replace("FOLD", "mean")
    with pytest.raises(SchemeError) as error:
        written(tmp_path / "办法", text, CASE, head=MONTHS)
    assert said in str(error.value)
    assert len(error.value.problems) == 1, error.value.problems
