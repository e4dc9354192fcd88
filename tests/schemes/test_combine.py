"""How items become one where some are left out: the first that is known, the median, weights of a geometric mean."""

import pytest

from kaohe.scheme import SchemeError
from tests.schemes.written import HEAD, METRICS, ONE_GROUP, differing, written

SCHEME = """
items:
  - id: total
    name: 总分
    combine: HOW
    missing_items: leave_out
    items:
      - {id: x, name: 甲, rule: a, WEIGHT}
      - {id: y, name: 乙, rule: b, weight: 1/6}
      - {id: z, name: 丙, rule: c, weight: 1/6}
"""
CASE = """
- name: 有的没有数
  decimals: 6
  units: {全: {a: 8, b: 1, c: 27}, 缺一: {b: 4, c: 9}, 缺二: {c: 5}}
  expect: {全: {total: ALL}, 缺一: {total: TWO}, 缺二: {total: ONE}}
  arithmetic: 各按有数的算
"""


@pytest.mark.parametrize(
    ("how", "weight", "found"),
    [
        ("first", "", (8, 4, 5)),
        ("median", "", (8, 6.5, 5)),
        ("best", "", (27, 9, 5)),
        ("worst", "", (1, 4, 5)),
        ("mean", "weight: 2/3", (10, 6.5, 5)),  # (8 × 4 + 1 + 27) ÷ 6 = 10
        ("geometric_mean", "weight: 1/6", (6, 6, 5)),  # ∛(8 × 1 × 27); √36
        ("geometric_mean", "weight: 1/3", (6.44742, 6, 5)),  # (64 × 1 × 27)^(1/4)
    ],
)
def test_what_is_known_makes_the_item(tmp_path, how, weight, found):
    text = SCHEME.replace("HOW", how).replace(", WEIGHT", f", {weight}" if weight else "")
    if how in ("first", "median", "best", "worst"):
        text = text.replace(", weight: 1/6", "")
    case = CASE.replace("ALL", str(found[0])).replace("TWO", str(found[1])).replace("ONE", str(found[2]))
    assert differing(tmp_path / "办法", text, case, head=HEAD + ONE_GROUP + METRICS) == []


@pytest.mark.parametrize(
    ("how", "weight", "full", "without"),
    [
        ("best", "", 27, 27),
        ("worst", "", 1, 8),
        ("median", "", 8, 17.5),
        ("first", "", 27, 27),  # whichever of them is known in the end
        ("product", "", 216, 216),
        ("mean", "weight: 2/3", 10, 11.8),  # (4 × 8 + 1 + 27) ÷ 6; (4 × 8 + 27) ÷ 5
        ("geometric_mean", "weight: 1/3", 6.44742, 12),  # (64 × 1 × 27)^(1/4); ∛(64 × 27)
    ],
)
def test_the_full_mark_is_made_as_the_points_are_of_what_a_unit_has(tmp_path, how, weight, full, without):
    text = SCHEME.replace("HOW", how).replace("WEIGHT", f"full: 8, {weight}" if weight else "full: 8")
    text = text.replace("rule: b", "full: 1, rule: b").replace("rule: c", "full: 27, rule: c")
    if not weight:
        text = text.replace(", weight: 1/6", "")
    case = f"""
- name: 满分
  decimals: 6
  units: {{全: {{a: 1, b: 1, c: 1}}, 少一项: {{a: 1, c: 1, exempt: [y]}}}}
  expect: {{全: {{total: {{full: {full}}}, attainable: {full}}}, 少一项: {{total: {{full: {without}}}}}}}
  arithmetic: 与得分同样合成
"""
    assert differing(tmp_path / "办法", text, case, head=HEAD + ONE_GROUP + METRICS) == []


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("best", "上级 total 的 combine 是 best，不用权重"),
        ("geometric_mean", "几何平均的权重应为不小于 0 的数"),
    ],
)
def test_a_weight_that_would_be_passed_over_is_refused(tmp_path, how, said):
    text = SCHEME.replace("HOW", how).replace("WEIGHT", "weight: d")
    with pytest.raises(SchemeError) as error:
        written(tmp_path / "办法", text, CASE, head=HEAD + ONE_GROUP + METRICS)
    assert said in str(error.value)


def test_refuse_written_out_is_what_it_is_when_left_out(tmp_path):
    """An item whose part is not known is not known either: it never counts as 0."""
    text = """
items:
  - id: total
    name: 总分
    each_item: {missing: refuse}
    items:
      - id: one
        name: 一
        items:
          - {id: few, name: 来源, combine: mean, missing_items: leave_out, needs: 2, items: [{id: x, name: 甲, rule: a}, {id: y, name: 乙, rule: b}]}
      - {id: two, name: 二, rule: c}
"""  # noqa: E501
    case = """
- name: 来源不够
  units: {甲: {a: 1, c: 1}, 乙: {a: 1, b: 3, c: 1}}
  expect: {甲: {few: missing, one: missing, total: missing}, 乙: {few: 2, one: 2, total: 3}}
  arithmetic: 甲只有一个来源
"""
    assert differing(tmp_path / "办法", text, case, head=HEAD + ONE_GROUP + METRICS) == []


@pytest.mark.parametrize(
    ("how", "both", "one", "none"),
    [("mean", 2, 1, "missing"), ("best", 3, 1, "missing"), ("worst", 1, 1, "missing"), ("median", 2, 1, "missing"),
     ("first", 1, 1, "missing"), ("product", 3, 1, "missing"),
     ("geometric_mean", None, 1, "missing"), ("sum", 4, 1, 0)],
)  # fmt: skip
def test_of_nothing_there_is_no_mean_and_no_best(tmp_path, how, both, one, none):
    """Parts that are left out where nothing came: with none of them the item itself is missing, as it is no 0."""
    text = f"""
items:
  - id: total
    name: 总分
    missing_items: leave_out
    items:
      - id: few
        name: 来源
        combine: {how}
        missing_items: leave_out
        items: [{{id: x, name: 甲, rule: a}}, {{id: y, name: 乙, rule: b}}]
      - {{id: two, name: 二, rule: c}}
"""
    first = "" if both is None else f"\n    甲: {{few: {both}, total: {both + 5}}}"
    case = f"""
- name: 都有、缺一、都缺
  units: {{甲: {{a: 1, b: 3, c: 5}}, 乙: {{a: 1, c: 5}}, 丙: {{c: 5}}}}
  expect:{first}
    乙: {{few: {one}, total: {one + 5}}}
    丙: {{few: {none}, total: 5}}
  arithmetic: 缺的不计；一个都没有的，这一项也没有
"""
    assert differing(tmp_path / "办法", text, case, head=HEAD + ONE_GROUP + METRICS) == []
