"""A field that does not exist is answered with those that do, wherever it stands."""

import pytest

from kaohe.scheme import SchemeError
from tests.schemes.written import HEAD, METRICS, differing, written

SCHEME = """
categories: {unit: {name: 单位, group: all}}
groups: {all: {name: 全部, score: total}}
votes:
  staff: {name: 测评, paper: marks, out_of: 10}
items:
  - id: total
    name: 总分
    then: [{round: 0.1}]
    items:
      - {id: x, name: 甲, full: 9, rule: {kind: steps, value: {kind: best, parts: [a, b]}, bands: [{at_least: 1, points: 2}]}}
results:
  grades: [{id: good, name: 好, at_least: 1, quota: {places: 1}}, {id: bad, name: 差}]
"""  # noqa: E501
CASES = "- name: 一\n  units: {甲: {a: 1, b: 1}}\n  expect: {甲: {total: 2}}\n  arithmetic: 二\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("parts: [a, b]", "parts: [a, b], how: 1", "没有这个字段；可写 kind、parts"),
        ("points: 2}", "points: 2, score: 1}", "没有这个字段；可写 points、at_least"),
        ("places: 1}", "place: 1}", "没有这个字段，是否应为 places"),
        ("score: total}", "score: total, rank: 1}", "没有这个字段；可写 order、then_by、name、score、ties、clause"),
        ("out_of: 10}", "out_of: 10, wieghts: 1}", "没有这个字段；可写 name"),
        ("round: 0.1", "round: {to: 0.1, mode: floor}", "没有这个字段；可写 to、how"),
        ("full: 9", "max: 9", "没有这个字段；可写 id、name"),
        ("votes:", "titel: 一\nvotes:", "没有这个字段，是否应为 title"),
    ],
)
def test_the_fields_that_exist_are_named(tmp_path, old, new, said):
    assert old in SCHEME
    with pytest.raises(SchemeError) as error:
        written(tmp_path / "办法", SCHEME.replace(old, new, 1), CASES, head=HEAD + METRICS)
    assert any(said in problem.expected for problem in error.value.problems), error.value.problems


@pytest.mark.parametrize(
    ("clause", "said"), [("4.6", '应为文字，数字请加引号："4.6"'), ("4", '应为文字，数字请加引号："4"')]
)
def test_a_number_where_a_text_belongs_is_told_to_be_quoted(tmp_path, clause, said):
    with pytest.raises(SchemeError) as error:
        written(tmp_path / "办法", SCHEME.replace("full: 9", f"clause: {clause}"), CASES, head=HEAD + METRICS)
    assert [problem.expected for problem in error.value.problems] == [f'应为文字，数字请加引号："{clause}"']


@pytest.mark.parametrize(
    ("old", "new", "said", "unsaid"),
    [
        ("full: 9", "full: {by_size: {big: 9}}", "没有 size", "Fraction"),
        ("full: 9", "full: {kin: steps}", "缺少 kind", "Fraction"),
        ("kind: best", "kind: bester", "kind 应为 added、", "each_member"),
        ("kind: best", "kind: bester", "现为 bester", "scaled_to_best"),
    ],
)
def test_a_figure_that_is_none_is_told_once_in_chinese(tmp_path, old, new, said, unsaid):
    with pytest.raises(SchemeError) as error:
        written(tmp_path / "办法", SCHEME.replace(old, new, 1), CASES, head=HEAD + METRICS)
    assert len(error.value.problems) == 1, error.value.problems
    assert said in error.value.problems[0].expected
    assert unsaid not in error.value.problems[0].expected


def test_a_trait_of_the_schemes_own_chooses_among_figures(tmp_path):
    text = """
traits: {size: {name: 规模, values: {big: 大, small: 小}}}
items:
  - id: total
    name: 总分
    then: [{times: {by_size: {big: 2, else: 1}}}]
    items:
      - {id: x, name: 甲, full: {by_size: {big: 10, small: 20}}, rule: a, weight: {by_size: {big: 3, small: 1}}}
"""
    case = """
- name: 按规模
  units: {甲: {a: 1, traits: {size: big}}, 乙: {a: 1, traits: {size: small}}, 丙: {a: 1}}
  expect: {甲: {total: 6, x: {full: 10}}, 乙: {total: 1, x: {full: 20}}, 丙: {total: 0, x: {full: 0}}}
  arithmetic: 1 × 3 × 2；1 × 1；没有写规模的没有权重
"""
    one = "\ncategories: {unit: {name: 单位, group: all}}\ngroups: {all: {name: 全部, score: total}}\n"
    assert differing(tmp_path / "办法", text, case, head=HEAD + METRICS + one) == []
