"""Figures, marks, votes and decisions held against the scheme: what is an error, what a warning, and where."""

from fractions import Fraction
from typing import Any

import pytest

from tests.intake.yearbook import (
    YearBook,
    only,
    remarkable,
    scheme,
)

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
