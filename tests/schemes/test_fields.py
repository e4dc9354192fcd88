"""A field that does not exist is answered with those that do, wherever it stands."""

import pytest

from kaohe.scheme import SchemeError
from tests.schemes.written import HEAD, METRICS, written

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
