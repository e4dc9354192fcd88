"""Hints about the ratings: targets missed, self scores, raters, and what has not been handed in."""

from typing import Any

import pytest

from tests.intake.yearbook import Row, YearBook, found, incident, only, remarkable

# Full marks although a number was missed


def test_full_marks_although_a_number_was_missed(year: YearBook) -> None:
    year.set_all("C01", "B41", 1)
    row = year.set("metrics", "C01", "party_research_papers", value=0)
    finding = only(year.read(), "full-marks-target-missed")
    assert (finding.severity, finding.unit, finding.indicator) == ("warning", "C01", "B41")
    assert (finding.file, finding.row, finding.column, finding.value) == (
        "metrics.csv",
        year.row_of("metrics", row),
        "value",
        "0",
    )
    assert finding.expected == "党建思政论文数 ≥1 篇"


@pytest.mark.parametrize(("points", "papers"), [(0.95, 0), (1, 1), (1, None)])
def test_no_hint_below_full_marks_or_when_the_number_is_met(year: YearBook, points: float, papers: int | None) -> None:
    year.set_all("C01", "B41", points)
    year.set("metrics", "C01", "party_research_papers", value=papers)
    assert remarkable(year.read()) == []


@pytest.mark.parametrize(("unit", "articles", "missed"), [("C01", 2.5, True), ("C02", 2.5, False), ("C02", 1.9, True)])
def test_what_is_asked_differs_by_party_organisation(year: YearBook, unit: str, articles: float, missed: bool) -> None:
    year.set_all(unit, "B36", 1)
    year.set("metrics", unit, "media_articles_per_month", value=articles)
    assert bool(found(year.read(), "full-marks-target-missed")) is missed


def test_a_task_rated_full_although_its_target_was_missed(year: YearBook) -> None:
    year.set_all("D03", "D03.T12", 100)
    year.set("metrics", "D03", "teachers_trained", value=62)
    year.set("metrics", "D03", "teachers_in_practice", value=39)
    finding = only(year.read(), "full-marks-target-missed")
    assert finding.expected == "参加培训教师数 ≥70 人、到企业实践教师数 ≥40 人"
    assert finding.indicator == "D03.T12"


def test_a_department_without_its_number(year: YearBook) -> None:
    year.set_all("D03", "D03.W2", 10)
    year.set("metrics", "D03", "declaration_check_rate", value="19.999%")
    finding = only(year.read(), "full-marks-target-missed")
    assert "19.999%" in finding.message  # not rounded to the 20% it does not reach


def test_substituted_hours_without_an_incident(year: YearBook) -> None:
    year.set("metrics", "C01", "substituted_hours_per_teacher", value=2)
    finding = only(year.read(), "no-incident-row")
    assert (finding.severity, finding.unit, finding.indicator, finding.value) == ("warning", "C01", "B07", "2")
    year.tables["incidents"] = [incident(indicator="B07", points=0.5)]
    assert remarkable(year.read()) == []


def test_substituted_hours_below_the_line(year: YearBook) -> None:
    year.set("metrics", "C01", "substituted_hours_per_teacher", value=1.99)
    assert remarkable(year.read()) == []


# Self scores


@pytest.mark.parametrize(
    ("unit", "indicator", "panel", "own", "far"),
    [
        ("F01", "B32", 3, 4.21, True),
        ("F01", "B32", 3, 4.2, False),
        ("F01", "B32", 4.5, 3.2, True),
        ("C01", "B05", 0.2, 0.5, True),
        ("C01", "B05", 0.25, 0.5, False),
        ("D03", "D03.T12", 70, 91, True),
        ("D03", "D03.T12", 70, 90, False),
    ],
)
def test_self_scores_far_from_the_panels(
    year: YearBook, unit: str, indicator: str, panel: float, own: float, far: bool
) -> None:
    year.set_all(unit, indicator, panel)
    year.tables["self_scores"] = [{"unit_id": unit, "indicator": indicator, "points": own}]
    intake = year.read()
    assert remarkable(intake) == (["self-score-far"] if far else [])
    if far:
        finding = only(intake, "self-score-far")
        assert (finding.severity, finding.file, finding.row, finding.value) == (
            "warning",
            "self_scores.csv",
            2,
            str(own),
        )


# Raters


def rated_by(year: YearBook, rater: str, points: Any) -> None:
    """A further rater whose ratings are those of 甲, changed by `points`."""
    rows = [row for row in year.tables["ratings"] if row["rater"] == "甲"]
    year.tables["ratings"] += [row | {"rater": rater, "points": points(row)} for row in rows]


def full_of(row: Row) -> float:
    return {"B04": 1.5, "B05": 0.5}.get(row["indicator"], 1)


def test_a_rater_who_gives_everyone_the_same(year: YearBook) -> None:
    rows = [row for row in year.tables["ratings"] if row["rater"] == "甲"]
    for row in rows:
        if row["unit_id"] == "C01" and row["indicator"] in {"B01", "B02", "B03", "B04", "B05"}:
            year.tables["ratings"].append(row | {"rater": "丙", "points": round(0.8 * full_of(row), 3)})
    intake = year.read()
    finding = only(intake, "flat-rater")
    assert finding.severity == "warning"
    assert "丙 的 5 个评分都是满分的 80%" in finding.message


def test_four_equal_ratings_say_nothing(year: YearBook) -> None:
    for indicator in ("B01", "B02", "B03", "B06"):
        year.tables["ratings"].append({"unit_id": "C01", "indicator": indicator, "rater": "丙", "points": 0.8})
    assert not found(year.read(), "flat-rater")


def test_a_rater_who_gives_every_unit_the_same_on_each_indicator(year: YearBook) -> None:
    rows = [row for row in year.tables["ratings"] if row["rater"] == "甲" and row["indicator"].startswith("B")]
    kept = [row for row in rows if row["indicator"] not in {"B19", "B32"}]
    year.tables["ratings"] += [
        row | {"rater": "丙", "points": 0.4 + (len(row["indicator"]) + int(row["indicator"][1:])) % 5 / 100}
        for row in kept
    ]
    finding = only(year.read(), "flat-rater")
    assert "每个单位的评分都相同" in finding.message


def test_a_leader_who_gives_everyone_the_same(year: YearBook) -> None:
    for row in year.tables["leader_ratings"]:
        if row["leader"] == "李":
            row["score"] = 90
    assert "校领导 李" in only(year.read(), "flat-rater").message


def test_a_rater_who_stands_apart(year: YearBook) -> None:
    rated_by(year, "丙", lambda row: round(row["points"] * 0.99, 4))
    rated_by(year, "丁", lambda row: round(row["points"] * 0.8, 4))
    for row in year.tables["ratings"]:
        if row["indicator"] == "K1.2":
            row["points"] = 1
    finding = only(year.read(), "rater-apart")
    assert finding.severity == "warning"
    assert "丁" in finding.message
    assert "低" in finding.message


def test_small_differences_of_scale_are_no_news(year: YearBook) -> None:
    rated_by(year, "丙", lambda row: round(row["points"] * 0.99, 4))
    rated_by(year, "丁", lambda row: round(row["points"] * 0.97, 4))
    assert not found(year.read(), "rater-apart")


def test_a_rater_who_left_somebody_out(year: YearBook) -> None:
    row = next(row for row in year.tables["ratings"] if (row["unit_id"], row["rater"]) == ("C02", "乙"))
    row["points"] = None
    finding = only(year.read(), "rater-gaps")
    assert finding.severity == "advisory"
    assert f"乙 有漏评：C02 {row['indicator']}" in finding.message


def test_a_leader_who_left_somebody_out(year: YearBook) -> None:
    rows = year.tables["leader_ratings"]
    rows.remove(next(row for row in rows if (row["unit_id"], row["leader"]) == ("C02", "王")))
    intake = year.read()
    assert "校领导 王 有漏评：C02" in only(intake, "rater-gaps").message
    assert not intake.missing  # the other deputy rated it


# What has not been handed in


def drop(year: YearBook, table: str, **match: Any) -> None:
    year.tables[table] = [
        row for row in year.tables[table] if any(row.get(name) != value for name, value in match.items())
    ]


def test_a_missing_metric_is_told_once_for_all_units(year: YearBook) -> None:
    for unit in ("C01", "C02"):
        drop(year, "metrics", unit_id=unit, metric="full_time_teachers")
    intake = year.read()
    assert not intake.has_errors
    assert not intake.ok
    assert [(each.unit, each.kind, each.indicator, each.what) for each in intake.missing] == [
        ("C01", "metric", "K3.3", "full_time_teachers"),
        ("C01", "metric", "K3.4b", "full_time_teachers"),
        ("C02", "metric", "K3.3", "full_time_teachers"),
        ("C02", "metric", "K3.4b", "full_time_teachers"),
    ]
    assert {each.office for each in intake.missing} == {"党委组织部（人事处）"}
    finding = only(intake, "missing")
    assert (finding.severity, finding.office) == ("warning", "党委组织部（人事处）")
    assert "专任教师数" in finding.message
    assert "C01 信息工程学院、C02 机电工程学院" in finding.message


def test_a_missing_rating(year: YearBook) -> None:
    drop(year, "ratings", unit_id="C01", indicator="B12")
    intake = year.read()
    assert [(each.unit, each.kind, each.indicator) for each in intake.missing] == [("C01", "rating", "B12")]
    finding = only(intake, "missing")
    assert (finding.unit, finding.indicator) == ("C01", "B12")
    assert finding.office == intake.missing[0].office


def test_missing_ratings_of_a_department_are_told_together(year: YearBook) -> None:
    for indicator in ("D03.W1", "D03.T05", "D03.T06"):
        drop(year, "ratings", unit_id="D03", indicator=indicator)
    finding = only(year.read(), "missing")
    assert finding.office == "目标办"
    assert "D03 党委组织部的评分 D03.W1、D03.T05、D03.T06" in finding.message


@pytest.mark.parametrize(("table", "kind"), [("ballots", "counts"), ("leader_ratings", "marks")])
def test_missing_votes(year: YearBook, table: str, kind: str) -> None:
    drop(year, table, unit_id="D10")
    intake = year.read()
    assert [(each.unit, each.kind, each.indicator) for each in intake.missing] == [("D10", kind, "")]
    assert "D10 财务处" in only(intake, "missing").message


def test_one_role_of_leaders_is_not_enough(year: YearBook) -> None:
    drop(year, "leader_ratings", unit_id="C01", role="chief")
    assert [(each.unit, each.kind) for each in year.read().missing] == [("C01", "marks")]


def test_what_does_not_apply_is_not_missing(year: YearBook) -> None:
    drop(year, "metrics", unit_id="C01", metric="new_students_prev")
    year.tables["exemptions"] = [{"unit_id": "C01", "indicator": "K4.2", "reason": "新设"}]
    assert year.read().ok


def test_optional_metrics_are_never_missing(year: YearBook) -> None:
    names = {row["metric"] for row in year.tables["metrics"]}
    assert not names & {"practice_teams", "dual_certificate_rate", "substituted_hours_per_teacher", "teachers_trained"}
    assert year.read().missing == ()
