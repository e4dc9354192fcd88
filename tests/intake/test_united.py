"""Rows of one table united over files: the same once, contradictions told with both places."""

from fractions import Fraction
from pathlib import Path
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


def two_files(year: YearBook, table: str, first: list[dict[str, Any]], second: list[dict[str, Any]]) -> YearBook:
    for folder, rows in (("教务处", first), ("人事处", second)):
        year.put(f"{folder}/{table}.csv", csv_bytes(sheet_rows(table, rows)))
    return year


def test_the_same_key_with_two_values_names_both_places(year: YearBook) -> None:
    row = {"unit_id": "C01", "metric": "practice_teams"}
    intake = two_files(year, "metrics", [row | {"value": 3}], [row | {"value": 4}]).read()
    finding = only(intake, "conflict")
    assert (finding.severity, finding.file, finding.row, finding.column) == ("error", "教务处/metrics.csv", 2, "value")
    assert finding.value == "3"
    assert "教务处/metrics.csv 第 2 行为“3”" in finding.message
    assert "人事处/metrics.csv 第 2 行为“4”" in finding.message
    assert ("C01", "practice_teams") not in intake.data.metrics


def test_a_conflict_is_not_also_missing(year: YearBook) -> None:
    intake = two_files(year, "metrics", [{"unit_id": "C01", "metric": "trainees", "value": 99}], []).read()
    assert only(intake, "conflict").indicator == ""
    assert not intake.missing


@pytest.mark.parametrize(
    ("table", "row", "change", "column"),
    [
        (
            "ballots",
            {"unit_id": "C01", "excellent": 1, "qualified": 2, "unqualified": 3},
            {"qualified": 9},
            "qualified",
        ),
        (
            "leader_ratings",
            {"unit_id": "C01", "leader": "赵", "role": "chief", "score": 80},
            {"role": "deputy"},
            "role",
        ),
        ("ratings", {"unit_id": "C01", "indicator": "B01", "rater": "丙", "points": 1}, {"points": 0.9}, "points"),
        ("self_scores", {"unit_id": "C01", "indicator": "B01", "points": 1}, {"points": 0.9}, "points"),
        (
            "declarations",
            {"unit_id": "C01", "kind": "innovation", "title": "a", "accepted": 1},
            {"accepted": 0},
            "accepted",
        ),
        ("units", {"unit_id": "X", "name": "新", "category": "college", "party_org": "branch"}, {"name": "旧"}, "name"),
    ],
)
def test_conflicts_in_every_keyed_table(
    year: YearBook, table: str, row: dict[str, Any], change: dict[str, Any], column: str
) -> None:
    if table == "ballots":
        year.tables["ballots"] = year.tables["ballots"][1:]
    finding = only(two_files(year, table, [row], [row | change]).read(), "conflict")
    assert finding.column == column
    assert "教务处" in finding.message
    assert "人事处" in finding.message


def test_the_same_row_twice_is_one_row_with_a_warning(year: YearBook) -> None:
    row = {"unit_id": "C01", "metric": "practice_teams", "value": 3}
    intake = two_files(year, "metrics", [row], [row | {"value": "3.0"}]).read()
    finding = only(intake, "repeated-row")
    assert (finding.severity, finding.file, finding.row) == ("warning", "教务处/metrics.csv", 2)
    assert "人事处/metrics.csv 第 2 行" in finding.message
    assert intake.data.metrics["C01", "practice_teams"].value == 3


def test_a_file_handed_in_twice_is_told_once(year: YearBook) -> None:
    year.put("另一份/ballots.csv", csv_bytes(sheet_rows("ballots", year.tables["ballots"])))
    finding = only(year.read(), "repeated-row")
    assert "另一份/ballots.csv 第 2～8 行 与 ballots.csv 第 2～8 行 相同" in finding.message


def test_a_row_of_many_figures_is_named_once(year: YearBook) -> None:
    year.put("另一份/指标数据.csv", csv_bytes(sheet_rows("metrics", year.tables["metrics"], wide=True)))
    intake = year.read()
    wide = len({row["unit_id"] for row in year.tables["metrics"]})
    assert f"另一份/指标数据.csv 第 2～{wide + 1} 行 与" in only(intake, "repeated-row").message


def test_scattered_rows_are_listed_up_to_a_length_and_counted(year: YearBook) -> None:
    units = [f"X{number:03}" for number in range(60)]
    year.tables["units"] += [{"unit_id": unit, "name": unit, "category": "college"} for unit in units]
    again = [row for row in year.tables["units"] if row["unit_id"] not in units[::2]]
    year.put("另一份/units.csv", csv_bytes(sheet_rows("units", again)))
    message = next(each.message for each in year.read().findings if each.code == "repeated-row")
    first = len(year.tables["units"]) - len(units) + 1
    assert f"units.csv 第 2～{first}、{first + 2}、{first + 4}、" in message
    assert f" 等 {len(again)} 行 相同" in message
    assert len(message) < 150


def test_notes_of_agreeing_rows_are_joined(year: YearBook) -> None:
    row = {"unit_id": "C01", "metric": "practice_teams", "value": 3}
    two_files(
        year,
        "metrics",
        [row | {"note": "甲", "source": "团委"}],
        [row | {"note": "乙", "disputed": "是", "source": "团委"}],
    )
    metric = year.read().data.metrics["C01", "practice_teams"]
    assert sorted(metric.note.split("；")) == ["乙", "甲"]
    assert (metric.source, metric.disputed) == ("团委", True)


def test_a_blank_value_does_not_contradict(year: YearBook) -> None:
    row = {"unit_id": "C01", "metric": "practice_teams"}
    intake = two_files(year, "metrics", [row | {"value": 3}], [row | {"value": None}]).read()
    assert remarkable(intake) == []
    assert intake.data.metrics["C01", "practice_teams"].value == 3


def test_a_unit_table_in_every_office(year: YearBook) -> None:
    rows = [row | {"party_org": None} for row in year.tables["units"]]
    year.put("教务处/units.csv", csv_bytes(sheet_rows("units", rows)))
    intake = year.read()
    assert remarkable(intake) == ["repeated-row"]
    assert intake.data.unit("C02").traits == {"party_org": "branch"}


def test_identical_incidents_in_one_file_are_two_events(year: YearBook) -> None:
    year.tables["incidents"] = [incident(), incident()]
    intake = year.read()
    assert len(intake.data.incidents) == 2
    assert remarkable(intake) == []


def test_identical_incidents_in_two_files_are_one(year: YearBook) -> None:
    intake = two_files(year, "incidents", [incident(), incident()], [incident(), incident(note="另一起")]).read()
    assert len(intake.data.incidents) == 3
    finding = only(intake, "repeated-row")
    assert (finding.severity, finding.file) == ("warning", "人事处/incidents.csv")


def test_identical_vetoes_and_awards_are_one(year: YearBook) -> None:
    year.tables["vetoes"] = [{"unit_id": "C01", "kind": "safety", "note": "事故"}] * 2
    year.tables["awards"] = [{"unit_id": "C01", "title": "贡献", "approved": 1}] * 2
    intake = year.read()
    assert (len(intake.data.vetoes), len(intake.data.awards)) == (1, 1)
    assert len(found(intake, "repeated-row")) == 2


def test_identical_achievements_fall_under_the_rule_of_repeated_titles(year: YearBook) -> None:
    year.tables["achievements"] = []
    intake = two_files(year, "achievements", [achievement()], [achievement()]).read()
    assert remarkable(intake) == ["repeated-title"]


def test_values_are_compared_as_numbers(year: YearBook) -> None:
    row = {"unit_id": "C01", "metric": "invigilation_rate"}
    intake = two_files(year, "metrics", [row | {"value": "80%"}], []).read()
    assert remarkable(intake) == ["repeated-row"]
    assert intake.data.metrics["C01", "invigilation_rate"].value == Fraction(4, 5)


def test_paths_are_relative_and_posix(year: YearBook) -> None:
    intake = two_files(year, "metrics", [], [{"unit_id": "C01", "metric": "practice_teams", "value": 3}]).read()
    assert "人事处/metrics.csv" in intake.data.files
    assert not any(Path(name).is_absolute() for name in intake.data.files)
