"""Items that are scored once a month: a leaf, and whole branches with what follows in them."""

from fractions import Fraction

import pytest

from kaohe.intake.tables.data import MetricRow, Unit, YearData
from kaohe.scheme import SchemeError
from kaohe.scheme.outline import outline
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.tracejson import plain_trace
from tests.schemes.written import differing, written
from tests.scoring.anyscheme import MONTHS, scheme_of, scored

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


def test_the_regulation_in_words_says_what_is_done_each_month():
    scheme = scheme_of(BRANCH.replace("FOLD", "{how: best, missing: leave_out, needs: 2}"), head=MONTHS)
    (said,) = (row.rules for row in outline(scheme).items if row.id == "monthly")
    assert said == ("下级各项相加", "每月评一次，取最高；没有数据的不计，至少要有 2 个", "加 1")


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


LACKS = """
items:
  - id: total
    name: 总分
    items:
      - id: monthly
        name: 月评
        each: month
        fold: FOLD
        missing: MISSING
        items:
          - {id: work, name: 工作, full: 10, rule: a}
          - {id: place, name: 名次, rule: {kind: ladder, by: b, points: [3, 1], ties: last}}
"""
WITH_LACKS = """
- name: 缺的一期怎样计
  units:
    甲: {periods: {a: [8, 9, 10, 11], b: [1, 2, 3, 4]}}
    乙: {periods: {a: {1: 5, 2: 5, 4: 8}, b: {1: 2, 2: 1, 3: 9, 4: 5}}}
    丙: {periods: {a: {1: 1}, b: {1: 0}}}
  expect:
    甲: {monthly: FIRST}
    乙: {monthly: SECOND}
    丙: {monthly: THIRD}
  arithmetic: 甲 8+1、9+3、10+1（名次与乙比：乙该月有 b，第二）、11+1；乙 5+3、5+1、第三月缺 a、8+3；丙只有一月，1+0
"""


@pytest.mark.parametrize(
    ("fold", "missing", "first", "second", "third"),
    [
        ("{how: mean, missing: leave_out}", "refuse", 11, "25/3", 1),  # 甲 (9+12+11+12)÷4；乙 (8+6+11)÷3
        ("{how: mean, missing: leave_out, needs: 2}", "zero", 11, "25/3", 0),
        ("{how: mean, missing: leave_out, needs: 2}", "refuse", 11, "25/3", "missing"),
        ("{how: mean, missing: leave_out, drop_lowest: 1}", "refuse", "35/3", 9.5, "missing"),
        ("{how: mean, missing: zero}", "refuse", 11, 6.25, 0.25),
        ("{how: last, missing: leave_out}", "refuse", 12, 11, 1),
        ("{how: worst, missing: leave_out}", "refuse", 9, 6, 1),
        ("{how: median, missing: leave_out}", "refuse", 11.5, 8, 1),
        ("mean", "leave_out", 11, "missing", "missing"),
    ],
)
def test_a_month_that_a_unit_lacks_is_left_out_or_counts_nothing(tmp_path, fold, missing, first, second, third):
    case = WITH_LACKS
    for name, value in (("FIRST", first), ("SECOND", second), ("THIRD", third)):
        case = case.replace(name, str(value))
    text = LACKS.replace("FOLD", fold).replace("MISSING", missing)
    assert differing(tmp_path / "办法", text, case, head=MONTHS) == []


@pytest.mark.parametrize("weights", ["fold: {how: mean, missing: leave_out}, weights: [1, 2, 3, 4]",
                                     "fold: {how: mean, missing: leave_out, weights: [1, 2, 3, 4]}"])  # fmt: skip
def test_what_is_said_of_a_month_and_of_a_year_that_lack(weights):
    text = LACKS.replace("FOLD", "{how: mean, missing: leave_out}").replace("MISSING", "refuse")
    over = f"{{kind: over, of: c, each: month, {weights}}}"
    text += f"      - {{id: V, name: 加权, rule: {over}}}\n"
    scheme = scheme_of(text, head=MONTHS)
    given = {"a": "67", "b": "12", "c": "7 9"}  # c: of the first and the third month
    periods = {
        ("甲", name, str(month)): MetricRow(Fraction(value))
        for name, values in given.items()
        for month, value in enumerate(values, start=1)
        if value != " "
    }
    data = YearData("2018-2019", (Unit("甲", "甲", "unit"),), periods=periods)
    book = score_data(scheme, resolve(scheme), data)
    assert (
        "1 月 9、2 月 10、3 月 没有数据，不计、4 月 没有数据，不计；平均 9.5"
        in book.units[0].nodes["monthly"].sentences[0].text
    )
    assert book.units[0].nodes["monthly"].periods == {"1": 9, "2": 10}
    cell = book.cell("甲", "V")
    assert cell.points == Fraction(7 * 1 + 9 * 3, 4)
    assert "（7 × 1 + 9 × 3）÷ 4" in cell.sentences[0].text
    assert "按权重 1 : 2 : 3 : 4 平均；没有数据的不计" in scheme.tree["V"].item.rule.called(scheme.terms)
    assert not book.cells_of("甲")[0].sentences[0].text.endswith("0")
    plain_trace(cell.trace)


@pytest.mark.parametrize(
    ("fold", "says"),
    [
        ("{how: mean, needs: 2}", "missing: leave_out"),
        ("{how: mean, missing: leave_out, needs: 5}", "needs 不应大于 month 的个数 4"),
        ("{how: mean, missing: skip}", "leave_out"),
    ],
)
def test_what_a_fold_says_of_missing_figures_fits(fold, says):
    with pytest.raises(SchemeError) as wrong:
        scheme_of(LACKS.replace("FOLD", fold).replace("MISSING", "refuse"), head=MONTHS)
    assert says in str(wrong.value)


def test_months_weigh_differently_and_one_has_a_rule_of_its_own(tmp_path):
    text = """
items:
  - id: total
    name: 总分
    items:
      - {id: one, name: 甲项, rule: a, each: month, fold: {how: mean, weights: [10%, 20%, 30%, 40%]}}
      - id: branch
        name: 乙项
        each: month
        fold: {how: mean, weights: [1, 1, 1, 2], missing: leave_out}
        items:
          - id: two
            name: 内项
            rule: {kind: when, if: {trait: month, is: [2, 3]}, then: b, else: {by_month: {4: c, else: 7}}}
            then: [{times: {by_month: {2: 50%, else: 1}}}]
"""
    case = """
- name: 各月
  units:
    甲: {periods: {a: [1, 2, 3, 4], b: {2: 6, 3: 5}, c: {4: 11}}}
    乙: {periods: {a: [0, 0, 0, 10], b: {2: 6}, c: {4: 11}}}
  expect:
    甲: {one: 3, branch: 7.4}
    乙: {one: 4, branch: 8}
  arithmetic: 0.1 + 0.4 + 0.9 + 1.6；(7 + 3 + 5 + 11 × 2) ÷ 5；乙缺三月 (7 + 3 + 22) ÷ 4
"""
    assert differing(tmp_path / "办法", text, case, head=MONTHS) == []


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("rule: {by_month: {1: a, else: b}}", "只能写在 each: month 的各期里"),
        ("rule: a, then: [{plus: 1, if: {trait: month, is: 3}}]", "只能写在 each: month 的各期里"),
        ("rule: {by_month: {13: a, else: b}}, each: month", "13"),
        ("rule: {kind: rank, of: a, among: month}", "traits）里没有 month"),
        ("each: month, fold: sum, rule: {kind: pool, of: a, how: mean, among: month}", "traits）里没有 month"),
        ("rule: a, each: month, fold: {how: mean, weights: [1, 2]}", "weights 应有 4 个"),
        ("rule: a, each: month, fold: {how: sum, weights: [1, 2, 3, 4]}", "how: mean"),
    ],
)
def test_a_month_is_asked_for_only_where_there_is_one(item, says):
    with pytest.raises(SchemeError) as wrong:
        scheme_of(f"items: [{{id: total, name: 总分, {item}}}]\n", head=MONTHS)
    assert says in str(wrong.value)


@pytest.mark.parametrize(
    "results",
    [
        "grades: [{name: 好, at_least: {by_month: {1: 2, else: 9}}}, {name: 差}]",
        "grades: [{name: 好}, {name: 差}], limits: {x: {if: {trait: month, is: 3}, effect: {bars: [好]}}}",
        "consequences: {x: {name: 谈话, if: {not: {trait: month, is: 3}}}}",
    ],
)
def test_results_are_of_no_month(results):
    with pytest.raises(SchemeError) as wrong:
        scheme_of(f"items: [{{id: total, name: 总分, rule: a}}]\nresults: {{{results}}}\n", head=MONTHS)
    assert ["只能写在 each: month 的各期里" in str(each) for each in wrong.value.problems] == [True]


def test_cases_list_figures_in_the_order_of_members_that_have_names(tmp_path):
    dimensions = "dimensions: {month: {name: 月, of: 4}, part: {name: 部分, members: {x: 成果, y: 影响}}}\n"
    text = """
items:
  - id: total
    name: 总分
    items:
      - {id: A, name: 甲项, each: part, fold: {how: mean, weights: [60%, 40%]}, rule: a}
      - {id: B, name: 乙项, each: month, rule: b}
"""
    cases = """
- name: 依次写
  units: {甲: {periods: {a: [10, 20], b: [1, 2, 3, 4]}}, 乙: {periods: {a: {y: 20, x: 10}, b: [1, 2, 3, 4]}}}
  expect: {甲: {A: 14, B: 2.5}, 乙: {A: 14}}
  arithmetic: 0.6 × 10 + 0.4 × 20
- name: 多写一个
  units: {甲: {periods: {b: [1, 2, 3, 4, 5]}}}
  expect: {甲: {B: 2.5}}
  arithmetic: 没有第五个
"""
    wrong = differing(
        tmp_path, text, cases, head=MONTHS.replace("dimensions: {month: {name: 月, of: 4}}\n", dimensions)
    )
    assert len(wrong) == 1
    assert "periods.b：维度（dimensions）里没有 5；可写 1、2、3、4、x、y" in wrong[0]
