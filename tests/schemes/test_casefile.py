"""Cases hand in what a year can: days, months, classes of events, words; and a name nobody knows is told."""

import pytest

from tests.schemes.written import HEAD, differing

SCHEME = """
categories: {unit: {name: 单位, group: all}}
groups: {all: {name: 全部, score: total}}
dimensions: {month: {name: 月, of: 3}}
kinds: {paper: 论文, xuke: 许可}
traits: {area: {name: 区域, values: {east: 东部, west: 西部}}}
metrics:
  done: {name: 完成日期, unit: "", kind: date, office: 处}
  tax: {name: 税收, unit: 元, kind: money, office: 处}
  rate: {name: 办结率, unit: "%", kind: rate, office: 处}
votes:
  staff: {name: 测评, paper: counts, out_of: 1, options: {yes: {name: 是, worth: 1}, no: {name: 否, worth: 0}}}
  mass: {name: 评议, paper: marks, out_of: 10, voters: {inner: {name: 内部, share: 1}, outer: {name: 外部, share: 1}}}
figures:
  days_late: {name: 迟报天数, is: {kind: difference, of: done, less: "06-30", at_least: 0}}
  last_year: {name: 上年税收, is: {kind: over, of: tax, years: [1], fold: last}}
items:
  - id: total
    name: 总分
    items:
      - {id: late, name: 迟报, rule: {kind: per_unit, start: 10, value: days_late, each: -1}}
      - {id: grown, name: 增长, rule: {kind: product, parts: [100, {kind: growth, new: tax, old: last_year}]}}
      - {id: held, name: 事件, rule: {kind: events, start: 20, each: -1, classes: {grave: -5}}}
      - {id: monthly, name: 月评, full: 10, each: month, fold: sum, rule: {kind: judged}}
      - {id: words, name: 等次, full: 10, rule: {kind: judged, options: {优: 100%, 良: 80%}}}
      - {id: counted, name: 论文数, weights: {paper: 2, xuke: 3}, rule: {kind: tally}}
      - {id: vote, name: 测评, full: 10, rule: {kind: vote, vote: staff}}
      - {id: rated, name: 比率, rule: {kind: product, parts: [rate, 10]}}
results:
  vetoes: {accident: {name: 事故, effect: fails}}
  declarations: {novel: 创新}
  grades: [{id: good, name: 好, at_least: 1}, {id: bad, name: 差}]
"""
CASE = """
- name: 都有
  units:
    甲:
      done: 2025-07-02
      tax: 110
      rate: 85%
      traits: {area: east}
      earlier: {1: {tax: 100, points: {total: 3}, grade: good, last: no}}
      incidents: {held: [{count: 2, class: grave, period: 1, note: 事}, {count: 1}]}
      ratings: {monthly: {1: [9, 10], 2: 8, 3: [7]}, words: [优, 良]}
      achievements: {counted: ["paper x2", xuke]}
      votes: {staff: {yes: 3, no: 1}}
  expect:
    甲: {late: 8, grown: 10, held: 9, monthly: 24.5, words: 9, counted: 7, rated: 8.5}
  arithmetic: 10 − 2；110 ÷ 100 − 1 = 10%；20 − 2×5 − 1；9.5 + 8 + 7；(10 + 8) ÷ 2；2 × 2 + 3
"""


def test_a_case_hands_in_what_a_year_can(tmp_path):
    assert differing(tmp_path / "办法", SCHEME, CASE, head=HEAD) == []


def test_a_rate_is_said_in_percent_whatever_its_unit(tmp_path):
    wrong = differing(tmp_path / "办法", SCHEME, CASE.replace("rated: 8.5", "rated: 8"), head=HEAD)
    assert len(wrong) == 1
    assert "办结率 85% × 10 = 8.5" in wrong[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("done: 2025-07-02", "done: 七月", "done：日期应为年-月-日"),
        ("tax: 110", "tax: 多", "tax：应为数字"),
        ("area: east", "area: north", "traits.area：属性 area 里没有 north；可写 east、west"),
        ("area: east", "areas: east", "traits.areas：属性（traits）里没有 areas，是否应为 area"),
        ("{1: {tax: 100,", "{一: {tax: 100,", "earlier.一：应为几年以前"),
        ("{1: {tax: 100,", "{1: {taxs: 100,", "往年可写的里没有 taxs，是否应为 tax"),
        ("class: grave", "class: garve", "incidents.held.class：held 的等级（classes）里没有 garve，是否应为 grave"),
        ("class: grave", "clas: grave", "incidents.held.clas：事件的字段里没有 clas，是否应为 class"),
        ("period: 1", "period: 4", "incidents.held.period：维度（dimensions）里没有 4；可写 1、2、3"),
        ("3: [7]", "5: [7]", "ratings.monthly：维度（dimensions）里没有 5"),
        ("words: [优", "words: [忧", "ratings.words：应为数字（如 1.5）或百分数（如 70%），现为 忧"),
        ("paper x2", "papr x2", "achievements.counted：类型（kinds）里没有 papr，是否应为 paper"),
        ("yes: 3", "yse: 3", "votes.staff.yse：选项（options）里没有 yse，是否应为 yes"),
        ("{staff: {yes: 3, no: 1}}", "{staff: [1, 2]}", "votes.staff：应写成 {选项: 票数}"),
        ("{staff: {yes: 3, no: 1}}", "{mass: [1, 2]}", "votes.mass：应写成 {投票人: …}（inner、outer）"),
        ("traits:", "vetoes: [acident]\n      traits:", "vetoes）里没有 acident，是否应为 accident"),
        ("traits:", "declared: [new]\n      traits:", "declared：申报（results.declarations）里没有 new；可写 novel"),
        ("traits:", "decided: best\n      traits:", "decided：等次（grades）里没有 best；可写"),
        ("traits:", "exempt: lat\n      traits:", "exempt：各项里没有 lat，是否应为 late"),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_told_where_it_stands(tmp_path, old, new, said):
    assert old in CASE
    wrong = differing(tmp_path / "办法", SCHEME, CASE.replace(old, new, 1), head=HEAD)
    assert len(wrong) == 1, wrong
    place = CASE[: CASE.index(old)].count("\n") + 1
    assert wrong[0].startswith(f"cases/a.yaml 第 {place} 行，都有.units.甲.")
    assert said in wrong[0]
