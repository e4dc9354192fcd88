"""Nothing is divided by 0: in whatever part, month or year, in a step, a condition or a grade."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.intake import read_year
from kaohe.scoring.refusal import UncomputableError
from kaohe.scoring.score import score_intake
from tests.intake.toy import BACK, HEAD, MONTHS, put


def test_nothing_is_divided_by_0_in_whatever_part_month_or_year(tmp_path: Path) -> None:
    head = ("单位编号", "指标名称", "期间", "数值")
    months = [(unit, name, part, 8) for unit in ("A1", "A2") for name in ("产量", "计划") for part in (1, 2)]
    for place, row in enumerate(months):
        if row[0] == "A1" and row[1] == "计划":
            year = str(2010 + place)
            nought = [head, *months[:place], (*row[:3], 0), *months[place + 1 :]]
            found = read_year(put(tmp_path, year, HEAD + MONTHS, metrics=nought), year).findings
            assert [(each.row, each.unit) for each in found if each.severity == "error"] == [(place + 2, "A1")]
    ratio = "{kind: ratio, of: output, to: plan}"
    for number, rule in enumerate((ratio, f"{{kind: sum, parts: [{ratio}]}}")):
        scheme = HEAD + MONTHS[: MONTHS.index("items:")] + f"items: [{{id: total, name: 总分, rule: {rule}}}]\n"
        rows = [("单位编号", "产量", "计划"), ("A1", 8, 0), ("A2", 8, 10)]
        intake = read_year(put(tmp_path, f"203{number}", scheme, metrics=rows), f"203{number}")
        assert [each.code for each in intake.findings if each.severity == "error"] == ["zero-denominator"]


def test_nor_in_what_follows_after_items(tmp_path: Path) -> None:
    """A step that divides refuses a 0 as a leaf does; what is not there, or beyond a rule, is said, not a traceback."""
    rows = [("单位编号", "产量", "计划"), ("A1", 8, 0), ("A2", 8, 10)]
    ratio = "{kind: ratio, of: output, to: plan}"
    for step in (f"plus: {ratio}", f"plus: 1, if: {{value: {ratio}, above: 0}}"):
        items = f"items: [{{id: total, name: 总分, then: [{{{step}}}], items: [{{id: x, name: 项, rule: output}}]}}]\n"
        scheme = HEAD + MONTHS[: MONTHS.index("items:")] + items
        intake = read_year(put(tmp_path, "2020", scheme, metrics=rows), "2020")
        (finding,) = [each for each in intake.findings if each.severity == "error"]
        assert (finding.code, finding.unit, finding.row) == ("zero-denominator", "A1", 2)
        assert "不适用" not in f"{finding.message}{finding.expected}"  # no unit is exempted from its total
        with pytest.raises(UncomputableError, match=r"^total 总分算不出来：A1 甲队的数"):
            score_intake(intake, provisional=True, despite_errors=True)
    items = "items: [{id: total, name: 总分, items: [{id: x, name: 项, rule: output}]}]\n"
    grades = f"results: {{grades: [{{name: 好, if: {{value: {ratio}, above: 0}}}}, {{name: 差}}]}}\n"
    scheme = HEAD + MONTHS[: MONTHS.index("items:")] + items + grades
    intake = read_year(put(tmp_path, "2020", scheme, metrics=rows), "2020")
    assert [each.code for each in intake.findings if each.severity == "error"] == ["zero-denominator"]
    with pytest.raises(UncomputableError, match="等次或由此而来的结果算不出来"):
        score_intake(intake, provisional=True, despite_errors=True)


def test_nor_by_a_0_of_a_year_before(tmp_path: Path) -> None:
    rule = "{kind: over, of: {kind: ratio, of: profit, to: assets}, years: [0, 1], fold: mean}"
    metrics = BACK.replace("metrics: {", "metrics: {assets: {name: 资产, unit: 万元, kind: number, office: 财务处}, ")
    scheme = HEAD + metrics[: metrics.index("items:")] + f"items: [{{id: total, name: 总分, rule: {rule}}}]\n"
    rows = [("单位编号", "利润", "资产"), ("A1", 8, 4), ("A2", 0, 10)]
    put(tmp_path, "2020", scheme, metrics=[*rows[:2], ("A2", 8, 0)])
    intake = read_year(put(tmp_path, "2021", scheme, metrics=rows), "2021")
    (finding,) = [each for each in intake.findings if each.severity == "error"]
    assert (finding.code, finding.unit) == ("zero-denominator", "A2")
    assert "2020 年度的资产为 0" in finding.message
    before = read_year(tmp_path, "2020")
    assert score_intake(intake, before=before, provisional=True, despite_errors=True).units[1].total == 0
