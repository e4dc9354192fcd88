"""The order in a group: lower in front, ties broken in turn, places of those who stay alike, who is last."""

import pytest

from kaohe.analysis.grades import passed_over, top_line
from kaohe.scheme import SchemeError
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.casedata import year_data
from tests.schemes.written import HEAD, METRICS, differing, written
from tests.scoring.anyscheme import scheme_of

SCHEME = """
categories: {unit: {name: 单位, group: all}}
groups: {all: {name: 全部, score: total, ORDER}}
items:
  - {id: total, name: 总分, rule: a}
  - {id: other, name: 另一项, rule: b}
results:
  grades:
    - {id: top, name: 好, quota: {places: 2}}
    - {id: rest, name: 差}
  consequences: {talk: {name: 末位, if: {last: total}}}
"""
CASE = """
- name: 排名
  units: {甲: {a: 5, b: 1}, 乙: {a: 5, b: 2}, 丙: {a: 5, b: 2}, 丁: {a: 9, b: 0}}
  expect: {甲: {rank: R0, talk: T0}, 乙: {rank: R1, talk: T1}, 丙: {rank: R2, talk: T2}, 丁: {rank: R3, talk: T3}}
  arithmetic: 依次看总分、另一项
"""


@pytest.mark.parametrize(
    ("order", "ranks", "last"),
    [
        ("order: descending", (2, 2, 2, 1), "甲乙丙"),
        ("order: ascending", (1, 1, 1, 4), "丁"),
        ("order: ascending, ties: last", (3, 3, 3, 4), "丁"),
        ("ties: dense, then_by: [b]", (3, 2, 2, 1), "甲"),
        ("then_by: [b]", (4, 2, 2, 1), "甲"),
        ("then_by: [{kind: score, of: other}]", (4, 2, 2, 1), "甲"),
        ("then_by: [{of: b, order: ascending}]", (2, 3, 3, 1), "乙丙"),
        ("order: ascending, then_by: [b, a]", (3, 1, 1, 4), "丁"),
    ],
)
def test_the_order_is_what_the_group_says(tmp_path, order, ranks, last):
    case = CASE
    for place, (unit, rank) in enumerate(zip("甲乙丙丁", ranks, strict=True)):
        case = case.replace(f"R{place}", str(rank)).replace(f"T{place}", "yes" if unit in last else "no")
    assert differing(tmp_path / "办法", SCHEME.replace("ORDER", order), case, head=HEAD + METRICS) == []


@pytest.mark.parametrize("order", ["{kind: judged}", "{of: own_full, order: ascending}"])
def test_no_order_looks_at_what_belongs_to_an_item(order):
    with pytest.raises(SchemeError, match="这里没有哪一项可言"):
        scheme_of(SCHEME.replace("ORDER", f"then_by: [{order}]"), head=HEAD + METRICS)


@pytest.mark.parametrize(
    ("order", "grades"),
    [
        ("then_by: [b]", {"甲": "rest", "乙": "待审议", "丙": "待审议", "丁": "top"}),
        ("order: ascending, then_by: [b]", {"甲": "rest", "乙": "top", "丙": "top", "丁": "rest"}),
    ],
)
def test_places_of_a_quota_go_by_the_order(tmp_path, order, grades):
    expected = "".join(f"    {unit}: {{grade: {grade}}}\n" for unit, grade in grades.items())
    case = CASE[: CASE.index("  expect:")] + f"  expect:\n{expected}  arithmetic: 两个名额\n"
    assert differing(tmp_path / "办法", SCHEME.replace("ORDER", order), case, head=HEAD + METRICS) == []


def test_what_breaks_ties_is_asked_for(tmp_path):
    units = "  units: {甲: {a: 1, b: 1}}\n  expect: {甲: {grade: missing}}\n  arithmetic: 缺 c\n"
    text = SCHEME.replace("ORDER", "then_by: [c]")
    case = CASE[: CASE.index("  units:")] + units
    assert differing(tmp_path / "办法", text, case, head=HEAD + METRICS) == []


def test_nobody_is_passed_over_for_a_declaration_that_nobody_asks(tmp_path):
    text = SCHEME.replace("ORDER", "order: ascending").replace("quota: {places: 2}", "at_most: 5, quota: {share: 50%}")
    scheme, _, _ = written(tmp_path / "办法", text, CASE, head=HEAD + METRICS)
    data = year_data(scheme, "2025", {"甲": {"a": 5, "b": 1}, "丁": {"a": 9, "b": 0}})
    book = score_data(scheme, resolve(scheme), data)
    unit, units = book.unit("丁"), book.ranking("all")
    assert [each.unit_id for each in units] == ["甲", "丁"]
    assert (unit.grade, passed_over(book, unit, top_line(book, units))) == ("差", "")
    assert book.grading[0].needs == ("不超过单位数的 50%",)
    assert [cell.ahead for cell in book.cells_of("丁")] == [(), ()]  # more is not better here
