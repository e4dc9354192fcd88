"""Whom and what a row is about: units, metrics and indicators that are known, and to whom they apply."""

from typing import Any

import pytest

from tests.intake.yearbook import (
    YearBook,
    achievement,
    csv_bytes,
    found,
    incident,
    only,
    remarkable,
    sheet_rows,
)

# Units


def test_an_unknown_category(year: YearBook) -> None:
    year.tables["units"][0]["category"] = "学院"
    intake = year.read()
    finding = only(intake, "bad-code")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 2, "category", "学院")
    assert "二级学院（college）" in finding.expected
    assert not found(intake, "unknown-unit")  # what follows from the bad row is not told


def test_only_one_continuing_college(year: YearBook) -> None:
    year.tables["units"].append({"unit_id": "E02", "name": "又一个", "category": "continuing"})
    intake = year.read()
    finding = only(intake, "category-taken")
    assert (finding.severity, finding.row, finding.value) == ("error", 9, "continuing")
    assert "E01（units.csv 第 4 行）" in finding.message
    assert intake.data.unit("E02") is None


def test_a_department_must_be_in_the_scheme(year: YearBook) -> None:
    year.tables["units"].append({"unit_id": "D99", "name": "新部门", "category": "department"})
    finding = only(year.read(), "unit-id")
    assert (finding.severity, finding.value, finding.column) == ("error", "D99", "unit_id")
    assert "D01" in finding.expected


def test_a_college_must_not_have_a_departments_id(year: YearBook) -> None:
    year.tables["units"].append({"unit_id": "D05", "name": "新学院", "category": "college"})
    finding = only(year.read(), "unit-id")
    assert "D05 是工会委员会的编号" in finding.message


def test_names_that_look_wrong(year: YearBook) -> None:
    year.tables["units"][1]["name"] = "信息工程学院"
    year.tables["units"][5]["name"] = "教务处"
    intake = year.read()
    assert (only(intake, "same-name").severity, only(intake, "same-name").row) == ("warning", 3)
    finding = only(intake, "department-name")
    assert (finding.severity, finding.value, finding.unit) == ("warning", "教务处", "D03")
    assert "D03 是党委组织部" in finding.message
    assert "这是 D06 的名称" in finding.message
    assert finding.expected.startswith("党委组织部")


def test_a_name_that_belonged_to_another_code_last_year(year: YearBook) -> None:
    """C01 and C02 exchanged; C05 has a new code, first without a word and then told."""
    units = [dict(row) for row in year.tables["units"]]
    before = [*units, {"unit_id": "C05", "name": "化工学院", "category": "college", "party_org": "branch"}]
    (year.raw / "2017-2018").mkdir(parents=True)
    (year.raw / "2017-2018" / "units.csv").write_bytes(csv_bytes(sheet_rows("units", before)))
    (year.raw / "2017-2018" / "scheme.yaml").write_text("based_on: lygtc-2018\n")
    assert remarkable(year.read()) == []
    year.tables["units"][0]["name"], year.tables["units"][1]["name"] = "机电工程学院", "信息工程学院"
    year.tables["units"].append({"unit_id": "C12", "name": "化工学院", "category": "college", "party_org": "branch"})
    asked = found(year.read(), "exchanged-name")
    assert [(each.severity, each.unit, each.column) for each in asked] == [
        ("warning", unit, "name") for unit in ("C01", "C02", "C12")
    ]
    assert "机电工程学院在 2017-2018 学年是 C02，C01 是信息工程学院" in asked[0].message
    year.tables["predecessors"] = [{"unit_id": "C12", "predecessor": "C05"}]
    assert [each.unit for each in found(year.read(), "exchanged-name")] == ["C01", "C02"]


def test_a_party_organisation_is_asked_for_where_a_number_needs_it(year: YearBook) -> None:
    for row in year.tables["units"]:
        row["party_org"] = None
    told = found(year.read(), "party-org")
    assert {each.unit for each in told} == {"C01", "C02", "E01", "F01", "I01"}
    (finding,) = [each for each in told if each.unit == "C01"]
    assert (finding.severity, finding.row, finding.column) == ("warning", 2, "party_org")
    assert "B36 舆论宣传与自媒体、B50 工会汇报与列席" in finding.message
    assert finding.expected == "党总支 或 直属支部"
    year.tables["exemptions"] += [{"unit_id": "C01", "indicator": name, "reason": "新建"} for name in ("B36", "B50")]
    assert "C01" not in {each.unit for each in found(year.read(), "party-org")}


# Rows of unknown units, metrics and indicators


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("metrics", {"metric": "trainees", "value": 1}),
        ("ratings", {"indicator": "B01", "rater": "甲", "points": 1}),
        ("achievements", {key: value for key, value in achievement().items() if key != "unit_id"}),
        ("incidents", {key: value for key, value in incident().items() if key != "unit_id"}),
        ("ballots", {"excellent": 1, "qualified": 1, "unqualified": 1}),
        ("leader_ratings", {"leader": "张", "role": "chief", "score": 80}),
        ("declarations", {"kind": "innovation", "title": "题", "accepted": 1}),
        ("vetoes", {"kind": "safety", "note": "事故"}),
        ("awards", {"title": "题", "approved": 1}),
        ("exemptions", {"indicator": "K4.2", "reason": "新设"}),
        ("self_scores", {"indicator": "B01", "points": 1}),
    ],
)
def test_an_unknown_unit(year: YearBook, table: str, row: dict[str, Any]) -> None:
    year.tables[table] += [{"unit_id": "C77", **row}, {"unit_id": "C77", **row, "note": "x"}]
    intake = year.read()
    finding = only(intake, "unknown-unit")
    assert (finding.severity, finding.file, finding.value) == ("error", f"{table}.csv", "C77")
    assert finding.expected == "单位表中的编号，如 C01、C02、E01"
    assert finding.column == "unit_id"


def test_an_unknown_metric(year: YearBook) -> None:
    year.set("metrics", "C01", "在校学生数", value=3)
    finding = only(year.read(), "unknown-metric")
    assert (finding.severity, finding.column, finding.value) == ("error", "metric", "在校学生数")
    assert "是否指 在校生数？" in finding.expected


@pytest.mark.parametrize(("written", "meant"), [("K6.", "K6"), ("kk3.4a", "K3.4a"), ("K6 科研工作", "K6 科研")])
def test_what_may_be_meant_keeps_the_letters_of_the_scheme(year: YearBook, written: str, meant: str) -> None:
    year.set("ratings", "C01", written, points=1, rater="甲")
    assert only(year.read(), "unknown-indicator").expected.endswith(f"是否指 {meant}？")


@pytest.mark.parametrize("table", ["ratings", "self_scores"])
def test_an_unknown_indicator(year: YearBook, table: str) -> None:
    year.tables[table].append({"unit_id": "C01", "indicator": "B99", "rater": "甲", "points": 1})
    if table == "self_scores":
        del year.tables[table][-1]["rater"]
    finding = only(year.read(), "unknown-indicator")
    assert (finding.severity, finding.column, finding.value) == ("error", "indicator", "B99")


# Applicability


def _row(table: str, unit: str, indicator: str) -> dict[str, Any]:
    return {
        "ratings": {"unit_id": unit, "indicator": indicator, "rater": "甲", "points": 1},
        "self_scores": {"unit_id": unit, "indicator": indicator, "points": 1},
        "achievements": achievement(unit, indicator=indicator),
        "incidents": incident(unit, indicator=indicator),
    }[table]


@pytest.mark.parametrize(
    ("table", "unit", "indicator", "expected"),
    [
        ("ratings", "F01", "B20", "二级学院、继续教育学院"),
        ("ratings", "C01", "B32", "基础课教学部、思想政治教学部"),
        ("ratings", "C01", "D03.W1", "D03 的指标"),
        ("ratings", "D03", "D10.T05", "D10 的指标"),
        ("ratings", "D03", "B01", "二级学院"),
        ("self_scores", "E01", "K4.1", "二级学院"),
        ("achievements", "E01", "K1.1", "二级学院、基础课教学部、思想政治教学部"),
        ("achievements", "D03", "K6", "二级学院"),
        ("incidents", "F01", "K3.4a", "二级学院"),
    ],
)
def test_an_indicator_that_does_not_apply(year: YearBook, table: str, unit: str, indicator: str, expected: str) -> None:
    year.tables[table].append(_row(table, unit, indicator))
    finding = only(year.read(), "not-applicable")
    assert (finding.severity, finding.file, finding.column) == ("error", f"{table}.csv", "indicator")
    assert (finding.value, finding.unit, finding.indicator) == (indicator, unit, indicator)
    assert expected in finding.expected
    assert finding.row == len(year.tables[table]) + 1


def test_what_only_a_policy_takes_away_is_a_warning(year: YearBook) -> None:
    for rater in ("甲", "乙"):
        year.tables["ratings"].append({"unit_id": "F01", "indicator": "K1.4", "rater": rater, "points": 1})
    intake = year.read()
    finding = only(intake, "not-assessed")
    assert (finding.severity, finding.unit, finding.indicator) == ("warning", "F01", "K1.4")
    assert "P09 不考核课程思政试点和深入学生公寓" in finding.message
    assert len(intake.data.ratings["F01", "K1.4"]) == 2  # another reading would need them
    assert not found(year.look({"teaching_depts": "exempt_k31"}), "not-assessed")


def test_what_an_exemption_takes_away_is_a_warning(year: YearBook) -> None:
    year.tables["exemptions"] = [{"unit_id": "C01", "indicator": "B01", "reason": "定"}]
    intake = year.read()
    assert only(intake, "not-assessed").severity == "warning"
    assert "“不适用”表" in only(intake, "not-assessed").message


def test_a_computed_indicator_is_not_rated(year: YearBook) -> None:
    year.tables["ratings"].append({"unit_id": "C01", "indicator": "K2a", "rater": "甲", "points": 1})
    finding = only(year.read(), "rating-of-computed")
    assert (finding.severity, finding.value, finding.indicator) == ("error", "K2a", "K2a")


def test_a_metric_the_unit_does_not_need(year: YearBook) -> None:
    year.set("metrics", "F01", "trainees", value=3)
    finding = only(year.read(), "metric-not-needed")
    assert (finding.severity, finding.unit, finding.column, finding.value) == ("warning", "F01", "value", "3")


def test_a_metric_of_an_exempted_indicator_is_not_needed(year: YearBook) -> None:
    year.tables["exemptions"] = [{"unit_id": "C01", "indicator": "K4.2", "reason": "新设"}]
    finding = only(year.read(), "metric-not-needed")
    assert "上年新生报到人数" in finding.message
    assert "K4.2" in finding.message


@pytest.mark.parametrize("metric", ["practice_teams", "dual_certificate_rate", "substituted_hours_per_teacher"])
def test_metrics_of_checks_and_evidence_are_optional_but_welcome(year: YearBook, metric: str) -> None:
    year.set("metrics", "C01", metric, value="0.9")
    intake = year.read()
    assert not found(intake, "metric-not-needed")
    assert not intake.missing


def test_units_without_end_are_refused(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is asked for every input: a hundred thousand would take minutes."""
    monkeypatch.setattr("kaohe.intake.checks.units.MOST_UNITS", len(year.tables["units"]) - 1)
    finding = only(year.read(), "too-large")
    assert (finding.severity, finding.row) == ("error", len(year.tables["units"]) + 1)
    assert len(year.look().data.units) == len(year.tables["units"]) - 1
