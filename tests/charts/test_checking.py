from dataclasses import replace

from kaohe.analysis.checked import CheckedYear
from kaohe.charts.checking import (
    check_findings,
    check_heading,
    findings_table,
    missing_table,
    offices_table,
)
from kaohe.intake.findings import Finding, Missing
from tests.charts.test_tables import rows

ERROR = Finding(
    "error", "out-of-range", "比率应在 0 到 1 之间", "教务处/a.xlsx", "指标数据", 12, "数值", "85", "0.85 或 85%",
    unit="C01", office="教务处",
)  # fmt: skip
WARNING = Finding("warning", "flat-rater", "评分没有区分")
MISSING = (
    Missing("C01", "metric", "K2a", "trainees", "教务处"),
    Missing("C02", "metric", "K2a", "trainees", "教务处"),
    Missing("C01", "counts", "", "民主测评", "目标办"),
)
CHECKED = CheckedYear(
    "2018-2019", False, False, "部门", (ERROR, WARNING), MISSING,
    units={"C01": "甲学院"}, metrics={"trainees": "社会培训人数"}, indicators={"K2a": "社会培训人数"},
)  # fmt: skip


def test_a_finding_is_shown_with_its_place_value_and_expectation():
    (row,) = rows(findings_table(CHECKED, "error"))
    assert row == [
        "错误", "教务处/a.xlsx 工作表“指标数据”", "12", "数值", "85", "比率应在 0 到 1 之间", "0.85 或 85%", "教务处"
    ]  # fmt: skip
    assert 'class="name"' not in findings_table(CHECKED, "error")  # a phone's card names every value but a name


def test_each_severity_has_its_own_table_and_none_says_so():
    assert len(rows(findings_table(CHECKED, "warning"))) == 1
    assert "没有提示" in findings_table(CHECKED, "advisory")


def test_offices_owe_by_number():
    found = rows(offices_table(CHECKED))
    assert found == [["教务处", "2", "指标数据 2", "甲学院、C02"], ["目标办", "1", "民主测评 1", "甲学院"]]
    assert "各部门都已报齐" in offices_table(replace(CHECKED, missing=()))


def test_every_missing_input_is_listed_by_name():
    first, second, third = rows(missing_table(CHECKED))
    assert first == ["教务处", "C01 甲学院", "K2a 社会培训人数", "指标数据", "社会培训人数 trainees"]
    assert second[1] == "C02"
    assert third == ["目标办", "C01 甲学院", "", "民主测评", "民主测评"]


def test_an_input_of_two_indicators_is_lacking_once():
    again = Missing("C01", "metric", "K3.1", "trainees", "教务处")
    checked = replace(CHECKED, findings=(), missing=(*MISSING, again))
    assert "尚缺 3 项" in check_heading(checked)
    assert "尚缺 3 项，涉及 2 个部门：教务处（2 项）" in check_findings(checked)
    assert rows(offices_table(checked))[0][:3] == ["教务处", "2", "指标数据 2"]
    assert len(rows(missing_table(checked))) == 3
    assert rows(missing_table(checked))[0][2] == "K2a 社会培训人数、K3.1"


def test_the_verdict_stands_in_the_heading():
    assert "有 1 处错误" in check_heading(CHECKED)
    assert "尚缺 3 项" in check_heading(replace(CHECKED, findings=()))
    assert "可以评分" in check_heading(replace(CHECKED, findings=(), missing=()))
    assert "演示数据（合成）" in check_heading(replace(CHECKED, synthetic=True))


def test_the_findings_are_counted():
    said = check_findings(CHECKED)
    assert "错误 1 处、警告 1 处、提示 0 处" in said
    assert "教务处/a.xlsx（1 处）" in said
    assert "尚缺 3 项，涉及 2 个部门" in said
    quiet = check_findings(replace(CHECKED, findings=(), missing=()))
    assert "没有发现任何问题" in quiet
    assert "都已上报" in quiet


def test_what_was_typed_is_escaped():
    evil = replace(ERROR, value="<script>", message="<b>", file="<i>.xlsx")
    html = findings_table(replace(CHECKED, findings=(evil,)), "error")
    assert "<script>" not in html
    assert "<i>" not in html


def test_findings_that_stand_for_many_count_as_many():
    many = replace(ERROR, message="另有 2800 处同样的问题", times=2800)
    checked = replace(CHECKED, findings=(ERROR, many))
    assert "有 2801 处错误" in check_heading(checked)
    assert "错误 2801 处" in check_findings(checked)
    assert "教务处/a.xlsx（2801 处）" in check_findings(checked)
