"""A kind of achievement that one scheme alone knows: the template offers it, and the reader takes what it offers."""

from kaohe.exchange.asking import Asked, context_of
from kaohe.exchange.template import template
from kaohe.intake import read_year
from tests.intake.toy import HEAD, put, totals

KINDS = (
    HEAD
    + """
kinds: {twinning: 手拉手项目}
items:
  - id: total
    name: 总分
    items:
      - {id: hands, name: 结对, full: 10, office: 外联处, weights: {twinning: 2}, rule: {kind: tally}}
"""
)
COLUMNS = ("单位编号", "指标编号", "类型", "级别", "奖项", "项目名称", "日期", "第一完成人", "金额")


def given(unit, kind):
    return (unit, "hands", kind, "", "", f"{unit}与邻校", "2020-05-01", "是", "")


def test_what_the_template_offers_is_read_and_counted(tmp_path):
    rows = [COLUMNS, given("A1", "手拉手项目"), given("A2", "twinning")]
    raw = put(tmp_path / "raw", "2020", KINDS, achievements=rows)
    assert set(totals(raw, "2020").values()) == {2}
    book = template(Asked(context_of(read_year(raw, "2020"))), {})
    assert '"手拉手项目"' in {each.formula1 for each in book["成果"].data_validations.dataValidation}


def test_another_one_is_told_with_those_there_are(tmp_path):
    raw = put(tmp_path / "raw", "2020", KINDS, achievements=[COLUMNS, given("A1", "联谊")])
    (wrong,) = (each for each in read_year(raw, "2020").findings if each.severity != "advisory")
    assert (wrong.row, wrong.value, wrong.expected) == (2, "联谊", "手拉手项目")
