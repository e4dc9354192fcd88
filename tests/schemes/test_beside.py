"""What figures outside the rules of leaves look at is asked of the units it concerns, and of no others."""

import pytest

from kaohe.scheme import read_scheme
from kaohe.scheme.audit import audit
from kaohe.scheme.outline import outline
from kaohe.scheme.policies import resolve
from kaohe.scheme.wants import RESULTS
from kaohe.scoring.assemble import score_data
from kaohe.scoring.casedata import year_data
from kaohe.scoring.explanation import explain
from tests.schemes.written import HEAD, METRICS, ONE_GROUP, differing, written
from tests.scoring.anyscheme import scored

HEADED = (
    HEAD
    + METRICS
    + """
categories:
  school: {name: 学院, group: schools}
  office: {name: 部门, group: offices}
groups:
  schools: {name: 各学院, score: total}
  offices: {name: 各部门, score: total}
items:
  - id: total
    name: 总分
    THEN
    items:
      - {id: x, name: 甲项, rule: a}
      - {id: y, name: 乙项, rule: 1, WEIGHT}
"""
)
CASE = """
- name: 缺数
  units:
    甲院: {category: school, a: 1}
    乙处: {category: office, a: 1}
  expect:
    甲院: {total: FIRST, x: 1}
    乙处: {total: SECOND, x: 1}
  arithmetic: 1 + 1
"""


@pytest.mark.parametrize(
    ("then", "weight", "first", "second"),
    [
        ("then: [{plus: b}]", "full: 1", "missing", "missing"),
        ("then: [{plus: b, if: {category: school}}]", "full: 1", "missing", 2),
        ("then: [{plus: b, unless: {not: {category: [school]}}}]", "full: 1", "missing", 2),
        ("then: [{plus: 1, if: {all: [{group: offices}, {value: b, above: 0}]}}]", "full: 1", 2, "missing"),
        ("then: [{plus: 0, if: {any: [{group: offices}, {value: b, above: 0}]}}]", "full: 1", "missing", "missing"),
        ("then: [{plus: {by_category: {school: b, else: 0}}}]", "full: 1", "missing", 2),
        ("then: [{plus: {kind: when, if: {category: school}, then: b, else: 0}}]", "full: 1", "missing", 2),
        ("then: [{plus: {kind: over, of: b, years: [1], fold: last}, if: {group: schools}}]", "full: 1", "missing", 2),
        ("combine: mean", "weight: b", "missing", "missing"),
        ("combine: mean", "weight: {by_group: {schools: b, offices: 1}}", "missing", 1),
    ],
)  # fmt: skip
def test_what_follows_and_weights_ask_for_their_figures(tmp_path, then, weight, first, second):
    text = HEADED.replace("THEN", then).replace("WEIGHT", weight)
    case = CASE.replace("FIRST", str(first)).replace("SECOND", str(second))
    assert differing(tmp_path / "办法", "", case, head=text) == []


def test_steps_of_a_leaf_ask_for_what_their_conditions_look_at(tmp_path):
    text = HEADED.replace("THEN", "").replace("WEIGHT", "then: [{times: 2, if: {value: b, above: 0}}]")
    case = CASE.replace("total: FIRST", "y: missing").replace("total: SECOND", "y: missing")
    assert differing(tmp_path / "办法", "", case, head=text) == []


RESULTS_ASK = """
results:
  grades:
    - {id: good, name: 好, at_least: 1, if: {any: [{category: school}, {value: c, above: 0}]}}
    - {id: bad, name: 差}
  consequences: {talk: {name: 约谈, if: {all: [{group: schools}, {value: d, above: 0}]}}}
"""


def test_results_ask_for_their_figures(tmp_path):
    text = HEADED.replace("THEN", "").replace("WEIGHT", "full: 1") + RESULTS_ASK
    case = CASE.replace("total: FIRST", "grade: missing").replace("total: SECOND", "grade: missing, total: 2")
    scheme, _, _ = written(tmp_path / "办法", "", CASE, head=text)
    assert scheme.beside[RESULTS].metrics("school") == ("c", "d")
    assert scheme.beside[RESULTS].metrics("office") == ("c",)
    assert differing(tmp_path / "另", "", case, head=text) == []


def test_a_total_lacking_a_figure_is_provisional_and_says_so(tmp_path):
    text = HEADED.replace("THEN", "then: [{plus: b}]").replace("WEIGHT", "full: 1")
    scheme, _, _ = written(tmp_path / "办法", "", CASE, head=text)
    data = year_data(scheme, "2025", {"甲院": {"category": "school", "a": 1}})
    node = score_data(scheme, resolve(scheme), data, provisional=True).unit("甲院").nodes["total"]
    assert (node.status, node.points) == ("missing", 2)
    assert node.sentences[0].text == "缺少数b，暂按 0 计"


SOUND = """
traits: {merit: {name: 立功, values: {yes: 是, no: 否}}}
metrics:
  pace: {name: 完成率, unit: "%", kind: rate, office: 处}
  days: {name: 出勤, unit: 天, kind: count, office: 处, most: 250}
items:
  - id: total
    name: 总分
    full: 50
    then: [{rescale: 50, of: 200}]
    items:
      - {id: A, name: 甲项, full: 100, rule: {kind: product, parts: [100, pace]}}
      - id: B
        name: 乙项
        full: 100
        combine: mean
        items:
          - {id: B1, name: 上半年, full: 100, weight: 1, rule: {kind: line, value: days, through: [[0, 0], [250, 100]]}}
          - {id: B2, name: 下半年, full: 100, weight: 2, rule: {kind: product, parts: [100, pace]}}
results:
  limits: [{if: {value: days, below: 125}, effect: {bars: [best, good, bad]}}]
  grades:
    - {id: best, name: 优秀, role: top, at_least: 40, if: {trait: merit, is: yes}, quota: {share: 20%}, ties: all}
    - {id: good, name: 称职, at_least: 30}
    - {id: bad, name: 不称职, role: fail}
    - {id: none, name: 不定等次}
"""
SOUND_CASES = """
- name: 出勤的界限
  every: {pace: 100%}
  units: {甲: {days: 124}, 乙: {days: 125}, 丙: {days: 0, pace: 0%}, 丁: {days: 125, pace: 0%}}
  expect: {甲: {grade: none}, 乙: {grade: good}, 丙: {grade: none}, 丁: {total: 25/6, grade: bad}}
  arithmetic: 乙 (100 + (50 + 2 × 100) ÷ 3) ÷ 200 × 50；丁 50 ÷ 3 ÷ 200 × 50
"""


def test_a_regulation_that_says_everything_is_not_faulted(tmp_path):
    """Parts of a mean, what is converted from what it adds up to, rates within 100 %, a grade for who may have none."""
    assert differing(tmp_path, SOUND, SOUND_CASES, head=HEAD + ONE_GROUP) == []
    assert audit(read_scheme(tmp_path)) == []
    book = scored(SOUND, {"甲": {"days": 124, "pace": 1}}, head=HEAD + ONE_GROUP)
    told = explain(book, "甲")[-1]
    assert told.lines == (
        "纸面可得 50 分，低于 30 分的为不称职",
        "优秀：至少 40，立功为是，不超过单位数的 20%",
        "称职：至少 30",
        "不称职：其余",
        "不定等次：不得评为以上各等的",
        "出勤 < 125 天，不得评为优秀、称职、不称职",
    )


def test_a_document_says_of_grades_and_figures_all_that_decides(tmp_path):
    (tmp_path / "scheme.yaml").write_text(HEAD + ONE_GROUP + SOUND, encoding="utf-8")
    found = outline(read_scheme(tmp_path))
    quota = "名额：本组单位数的 20%，向下取到整数"
    assert [row.says for row in found.grades] == [
        ("得分不低于 40", "条件：立功为是", quota, "名额线上并列的都评上"),
        ("得分不低于 30",),
        ("其余单位",),
        ("不得评为以上各等的",),
    ]
    assert found.metrics[1].says == ("个数，单位：天", "由 处 填报", "不大于 250 天")
    assert ("立功", ("是、否",)) in [(row.name, row.says) for row in found.frame]
