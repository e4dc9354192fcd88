"""Each table held against the scheme: what is an error, what a warning, and where."""

import datetime
from fractions import Fraction
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
    scheme,
    sheet_rows,
)

LATE = datetime.date(2019, 9, 20)


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


# Metrics


@pytest.mark.parametrize(
    ("metric", "indicators"),
    [
        ("enrolled_students", ["K2a"]),
        ("major_teachers", ["K3.1"]),
        ("staff", ["K3.2"]),
        ("full_time_teachers", ["K3.3", "K3.4b"]),
        ("majors", ["K4.1"]),
        ("new_students_prev", ["K4.2"]),
        ("recruitment_plan", ["K4.3"]),
    ],
)
def test_zero_denominators(year: YearBook, metric: str, indicators: list[str]) -> None:
    year.set("metrics", "C01", metric, value=0)
    intake = year.read()
    finding = only(intake, "zero-denominator")
    assert (finding.severity, finding.unit, finding.column, finding.value) == ("error", "C01", "value", "0")
    assert "、".join(indicators) in finding.message
    assert "“不适用”表" in finding.expected
    assert not intake.missing


def test_an_exemption_heals_a_zero_denominator(year: YearBook) -> None:
    year.set("metrics", "C01", "new_students_prev", value=0)
    year.tables["exemptions"] = [{"unit_id": "C01", "indicator": "K4.2", "reason": "新设学院"}]
    intake = year.read()
    assert not intake.has_errors
    assert intake.data.exemptions == {("C01", "K4.2"): "新设学院"}


def test_other_zeros_are_fine(year: YearBook) -> None:
    for metric in ("trainees", "training_income", "new_students", "part_time_teachers"):
        year.set("metrics", "C01", metric, value=0)
    assert remarkable(year.read()) == []


def part_and_whole(year: YearBook, part: int = 41, whole: int = 40, staff: int = 50) -> list[dict[str, Any]]:
    figures = {"dual_qualified_teachers": part, "full_time_teachers": whole, "staff": staff}
    return [year.set("metrics", "C01", name, value=value) for name, value in figures.items()]


def test_a_part_larger_than_its_whole_that_is_scored_as_a_share(year: YearBook) -> None:
    part, whole, _ = part_and_whole(year)
    intake = year.read()
    finding = only(intake, "larger-part")
    assert (finding.severity, finding.row, finding.value) == ("warning", year.row_of("metrics", part), "41")
    assert (finding.unit, finding.indicator, finding.expected) == ("C01", "K3.3", "不多于专任教师数")
    there = f"（40，metrics.csv 第 {year.row_of('metrics', whole)} 行“value”列），请核对两处"
    assert finding.message == f"双师素质教师数多于专任教师数{there}；K3.3 双师素质按比例计分，照此会超过 100%"
    assert intake.data.metrics["C01", "dual_qualified_teachers"].value == 41


def test_a_part_as_large_as_its_whole_is_fine(year: YearBook) -> None:
    part_and_whole(year, 40, 40, 40)
    assert remarkable(year.read()) == []


def test_a_part_that_is_not_scored_as_a_share_is_asked_about(year: YearBook) -> None:
    _, whole, staff = part_and_whole(year, 39, 40, 38)
    intake = year.read()
    finding = only(intake, "larger-part")
    assert (finding.severity, finding.row, finding.value) == ("warning", year.row_of("metrics", whole), "40")
    assert finding.message == (
        f"专任教师数多于教职工数（38，metrics.csv 第 {year.row_of('metrics', staff)} 行“value”列），请核对两处"
    )
    assert intake.data.metrics["C01", "full_time_teachers"].value == 40


def test_a_share_that_does_not_apply_is_not_named(year: YearBook) -> None:
    part_and_whole(year)
    year.tables["exemptions"] = [{"unit_id": "C01", "indicator": "K3.3", "reason": "x"}]
    assert only(year.read(), "larger-part").indicator == ""


# Ratings, self scores, votes


@pytest.mark.parametrize(
    ("unit", "indicator", "points", "expected"),
    [
        ("C01", "B01", 1.01, "0～1"),
        ("C01", "B04", -0.1, "0～1.5"),
        ("F01", "B32", 6.5, "0～6"),
        ("C01", "K1.2", 0.4, "0 或 0.5～1"),
        ("D03", "D03.W2", 11, "0～10"),
        ("D03", "D03.T12", 100.5, "0～100"),
    ],
)
def test_ratings_out_of_range(year: YearBook, unit: str, indicator: str, points: float, expected: str) -> None:
    row = year.set("ratings", unit, indicator, points=points)
    finding = only(year.read(), "out-of-range")
    assert (finding.severity, finding.row, finding.column) == ("error", year.row_of("ratings", row), "points")
    assert (finding.value, finding.expected, finding.indicator) == (str(points), expected, indicator)


@pytest.mark.parametrize(
    ("unit", "indicator", "points"),
    [("C01", "B01", 1), ("C01", "K1.2", 0), ("C01", "K1.2", 0.5), ("D03", "D03.T12", 100), ("D03", "D03.W1", 10)],
)
def test_ratings_at_the_bounds(year: YearBook, unit: str, indicator: str, points: float) -> None:
    year.set("ratings", unit, indicator, points=points)
    intake = year.read()
    assert not intake.has_errors
    assert Fraction(str(points)) in {row.points for row in intake.data.ratings[unit, indicator]}


def test_tasks_weighed_differently_are_rated_out_of_a_hundred_all_the_same(year: YearBook) -> None:
    assert scheme().indicators["D03.T12"].full < 100
    year.set("ratings", "D03", "D03.T12", points=99)
    assert not year.read().has_errors


@pytest.mark.parametrize(
    ("unit", "indicator", "points", "expected"),
    [
        ("C01", "B01", 1.5, "0～1"),
        ("C01", "K5.3", -7.1, "-7～3"),
        ("C01", "K4.3", 6.5, "0～6"),
        ("D03", "D03.T12", 101, "0～100"),
    ],
)
def test_self_scores_out_of_range(year: YearBook, unit: str, indicator: str, points: float, expected: str) -> None:
    year.tables["self_scores"] = [{"unit_id": unit, "indicator": indicator, "points": points}]
    finding = only(year.read(), "out-of-range")
    assert (finding.severity, finding.file, finding.value) == ("error", "self_scores.csv", str(points))
    assert finding.expected == expected


def test_a_self_score_of_an_item_that_may_be_negative(year: YearBook) -> None:
    year.tables["self_scores"] = [{"unit_id": "C01", "indicator": "K5.3", "points": -2}]
    assert remarkable(year.read()) == []


@pytest.mark.parametrize(("column", "value"), [("excellent", -1), ("qualified", 1.5)])
def test_ballots_are_whole_numbers(year: YearBook, column: str, value: float) -> None:
    year.tables["ballots"][0][column] = value
    intake = year.read()
    finding = only(intake, "bad-ballot")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 2, column, str(value))
    assert finding.expected == "不小于 0 的整数"
    assert not intake.missing


def test_no_ballots_at_all(year: YearBook) -> None:
    year.tables["ballots"][0] |= {"excellent": 0, "qualified": 0, "unqualified": 0}
    finding = only(year.read(), "no-ballots")
    assert (finding.severity, finding.row, finding.expected) == ("error", 2, "至少 1 票")


@pytest.mark.parametrize("score", [-1, 100.5])
def test_leaders_score_up_to_a_hundred(year: YearBook, score: float) -> None:
    year.tables["leader_ratings"][0]["score"] = score
    finding = only(year.read(), "out-of-range")
    assert (finding.severity, finding.column, finding.expected) == ("error", "score", "0～100")


def test_a_leaders_role(year: YearBook) -> None:
    year.tables["leader_ratings"][0]["role"] = "书记"
    finding = only(year.read(), "bad-code")
    assert (finding.value, finding.expected) == ("书记", "正职（chief）、副职（deputy）")


def test_a_leader_with_two_roles(year: YearBook) -> None:
    rows = [row for row in year.tables["leader_ratings"] if row["leader"] == "王"]
    rows[2]["role"] = "chief"
    finding = only(year.read(), "leader-role")
    assert (finding.severity, finding.value) == ("warning", "chief")
    assert "deputy" in finding.message


# Achievements


def achieved(year: YearBook, **more: Any) -> Any:
    year.tables["achievements"] = [achievement(**more)]
    return year.read()


@pytest.mark.parametrize("day", [datetime.date(2018, 8, 31), datetime.date(2019, 9, 1)])
def test_achievements_outside_the_window(year: YearBook, day: datetime.date) -> None:
    finding = only(achieved(year, date=day), "outside-window")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("warning", 2, "date", str(day))
    assert "2018-09-01～2019-08-31" in finding.expected


@pytest.mark.parametrize("day", [datetime.date(2018, 9, 1), datetime.date(2019, 8, 31)])
def test_achievements_at_the_edges_of_the_window(year: YearBook, day: datetime.date) -> None:
    assert remarkable(achieved(year, date=day)) == []


def test_no_achievement_at_all_is_asked_about(year: YearBook) -> None:
    year.tables["achievements"] = []
    asked = found(year.read(), "no-achievements")
    assert [(each.severity, each.indicator) for each in asked] == [("warning", name) for name in ("K1.1", "K6", "K7.1")]


@pytest.mark.parametrize(("outside", "told"), [(2, True), (1, False)])
def test_a_year_in_the_wrong_folder_is_told_once(year: YearBook, outside: int, told: bool) -> None:
    days = [datetime.date(2016, 3, 5 + number) for number in range(outside)]
    rows = [achievement(title=f"作品 {day}", date=day) for day in days]
    year.tables["achievements"] = [achievement(), *rows]
    assert bool(found(year.read(), "wrong-year")) is told


def test_not_the_first_author(year: YearBook) -> None:
    intake = achieved(year, first_author=False)
    finding = only(intake, "not-first-author")
    assert (finding.severity, finding.column, finding.value) == ("warning", "first_author", "False")
    assert len(intake.data.achievements) == 1


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        ({"kind": "novel"}, "kind", "novel", "检索论文"),
        ({"kind": "program"}, "kind", "program", "检索论文"),
        ({"kind": "topic"}, "level", "", "国家级、省级、市级、校级、横向"),
        ({"kind": "topic", "level": "区级"}, "level", "区级", "国家级"),
        ({"indicator": "K1.1", "kind": "contest", "level": "provincial"}, "award", "", "一等奖、二等奖、三等奖"),
        ({"indicator": "K1.1", "kind": "contest", "level": "provincial", "award": "team"}, "award", "team", "一等奖"),
        ({"indicator": "K1.2"}, "kind", "paper_core", "计入成果的指标"),
    ],
)
def test_achievements_without_a_weight(
    year: YearBook, row: dict[str, Any], column: str, value: str, expected: str
) -> None:
    finding = only(achieved(year, **row), "no-weight")
    assert (finding.severity, finding.column, finding.value) == ("warning", column, value)
    assert expected in finding.expected


def test_a_level_that_does_not_matter_may_stand(year: YearBook) -> None:
    assert remarkable(achieved(year, kind="paper_core", level="区级", award="x")) == []
    assert remarkable(achieved(year, indicator="K1.1", kind="contest", level="national", award="team")) == []


@pytest.mark.parametrize(("kind", "least"), [("funding_social", 20000), ("funding_natural", 50000)])
def test_funding_needs_its_amount(year: YearBook, kind: str, least: int) -> None:
    blank = only(achieved(year, kind=kind), "blank")
    assert (blank.severity, blank.column, blank.expected) == ("error", "amount", "金额（元）")
    below = only(achieved(year, kind=kind, amount=least - 1), "amount-below")
    assert (below.severity, below.value, below.expected) == ("advisory", str(least - 1), f"≥ {least}（元）")
    assert remarkable(achieved(year, kind=kind, amount=least)) == []


def test_a_negative_amount(year: YearBook) -> None:
    finding = only(achieved(year, amount=-5), "out-of-range")
    assert (finding.severity, finding.column, finding.value) == ("error", "amount", "-5")


def test_repeated_titles_count_once_the_highest(year: YearBook) -> None:
    year.tables["achievements"] = [
        achievement(kind="topic", level="school", title="某　课题"),
        achievement(kind="topic", level="provincial", title=" 某 课题 "),
        achievement("C02", kind="topic", level="provincial", title="某 课题"),
        achievement(kind="topic", level="national", title="某 课题", date=LATE),
    ]
    intake = year.read()
    finding = only(intake, "repeated-title")
    assert (finding.severity, finding.row, finding.column) == ("warning", 2, "title")  # the lower one is left out
    assert len(intake.data.achievements) == 4


def test_a_work_of_last_year_is_asked_about(year: YearBook) -> None:
    """A project or a paper of the same title, by the unit or one it was made of; not what is held every year."""
    before = [
        achievement(kind="topic", level="school", title="某　课题"),
        achievement("C09", kind="paper_core", title="论文"),
        achievement("C02", kind="topic", level="school", title="别的学院的课题"),
        achievement(indicator="K7.1", kind="honour", level="municipal", title="优秀党员"),
    ]
    rows = sheet_rows("achievements", before)
    (year.raw / "2017-2018").mkdir(parents=True)
    (year.raw / "2017-2018" / "scheme.yaml").write_text("based_on: lygtc-2018\n", encoding="utf-8")
    (year.raw / "2017-2018" / "achievements.csv").write_bytes(csv_bytes(rows))
    year.tables["predecessors"] = [{"unit_id": "C01", "predecessor": "C09"}]
    year.tables["achievements"] = [
        achievement(kind="topic", level="municipal", title=" 某 课题 "),
        achievement(kind="paper_core", title="论文"),
        achievement(kind="topic", level="school", title="别的学院的课题"),
        achievement(indicator="K7.1", kind="honour", level="municipal", title="优秀党员"),
    ]
    intake = year.read()
    told = found(intake, "title-last-year")
    assert [(each.severity, each.row, each.column) for each in told] == [("warning", row, "title") for row in (2, 3)]
    assert "2017-2018" in told[0].message
    assert "本学年照计" in told[0].message
    assert len(intake.data.achievements) == 4


def test_a_project_and_its_funding_are_two_things(year: YearBook) -> None:
    year.tables["achievements"] = [
        achievement(kind="topic", level="school", title="课题"),
        achievement(kind="funding_social", amount=30000, title="课题"),
    ]
    assert remarkable(year.read()) == []


def test_funding_entered_twice(year: YearBook) -> None:
    year.tables["achievements"] = [achievement(kind="funding_social", amount=amount) for amount in (30000, 40000)]
    assert only(year.read(), "repeated-title").row == 3


def test_a_blank_title(year: YearBook) -> None:
    finding = only(achieved(year, title=None), "blank")
    assert (finding.severity, finding.column) == ("error", "title")


# Incidents


def happened(year: YearBook, **more: Any) -> Any:
    year.tables["incidents"] = [incident(**more)]
    return year.read()


def test_an_indicator_without_deductions(year: YearBook) -> None:
    finding = only(happened(year, indicator="B01"), "no-deductions")
    assert (finding.severity, finding.column, finding.value) == ("error", "indicator", "B01")


def test_incidents_outside_the_window(year: YearBook) -> None:
    finding = only(happened(year, date=LATE), "outside-window")
    assert (finding.severity, finding.file, finding.column) == ("warning", "incidents.csv", "date")


@pytest.mark.parametrize(("count", "code"), [(-1, "out-of-range"), (None, "blank"), ("两", "bad-number")])
def test_the_count_of_incidents(year: YearBook, count: Any, code: str) -> None:
    finding = only(happened(year, count=count), code)
    assert (finding.severity, finding.column) == ("error", "count")


def test_a_count_of_incidents_that_is_not_whole(year: YearBook) -> None:
    assert only(happened(year, count=1.5), "not-whole").severity == "warning"


@pytest.mark.parametrize(
    ("indicator", "count", "points"), [("B17", 2, 2), ("B18", 2, 1), ("B17", 2, -2), ("B17", 3, None)]
)
def test_a_fixed_price_that_agrees(year: YearBook, indicator: str, count: int, points: int | None) -> None:
    intake = happened(year, indicator=indicator, count=count, points=points)
    assert remarkable(intake) == []
    assert intake.data.incidents[0].points == (None if points is None else abs(points))


def test_a_fixed_price_that_does_not_agree(year: YearBook) -> None:
    finding = only(happened(year, indicator="B18", count=2, points=2), "wrong-price")
    assert (finding.severity, finding.column, finding.value, finding.expected) == ("error", "points", "2", "1，或不填")


@pytest.mark.parametrize("points", [0.5, 1, -0.5, -1])
def test_a_discretionary_deduction(year: YearBook, points: float) -> None:
    intake = happened(year, indicator="B07", points=points)
    assert remarkable(intake) == []
    assert intake.data.incidents[0].points == Fraction(str(abs(points)))


@pytest.mark.parametrize(
    ("points", "code"), [(None, "blank"), (0.4, "out-of-range"), (1.1, "out-of-range"), (0, "out-of-range")]
)
def test_a_discretionary_deduction_out_of_bounds(year: YearBook, points: float | None, code: str) -> None:
    finding = only(happened(year, indicator="B07", points=points), code)
    assert (finding.severity, finding.column, finding.expected) == ("error", "points", "0.5～1")


def test_a_discretionary_deduction_is_one_event(year: YearBook) -> None:
    finding = only(happened(year, indicator="B07", points=0.5, count=2), "bad-count")
    assert (finding.severity, finding.column, finding.expected) == ("error", "count", "1")


def test_discretionary_deductions_of_a_year_have_a_limit(year: YearBook) -> None:
    year.tables["incidents"] = [incident(indicator="B07", points=points, note=str(points)) for points in (0.5, 0.6)]
    finding = only(year.read(), "out-of-range")
    assert (finding.severity, finding.row, finding.expected) == ("error", 3, "合计不超过 1")
    assert "incidents.csv 第 2 行、incidents.csv 第 3 行" in finding.message
    year.tables["incidents"][1]["date"] = LATE
    assert not year.read().has_errors


# Decisions


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        ("declarations", {"kind": "创意", "title": "题", "accepted": 1}, "创新"),
        ("vetoes", {"kind": "天气", "note": "x"}, "安全"),
    ],
)
def test_unknown_kinds(year: YearBook, table: str, row: dict[str, Any], expected: str) -> None:
    year.tables[table] = [{"unit_id": "C01", **row}]
    finding = only(year.read(), "bad-code")
    assert (finding.severity, finding.column, finding.value) == ("error", "kind", row["kind"])
    assert expected in finding.expected


def test_an_exemption_without_effect(year: YearBook) -> None:
    year.tables["exemptions"] = [{"unit_id": "F01", "indicator": "K4.2", "reason": "x"}]
    assert only(year.read(), "exemption-without-effect").severity == "warning"


def test_units_without_end_are_refused(year: YearBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is asked for every input: a hundred thousand would take minutes."""
    monkeypatch.setattr("kaohe.intake.checks.units.MOST_UNITS", len(year.tables["units"]) - 1)
    finding = only(year.read(), "too-large")
    assert (finding.severity, finding.row) == ("error", len(year.tables["units"]) + 1)
    assert len(year.look().data.units) == len(year.tables["units"]) - 1
