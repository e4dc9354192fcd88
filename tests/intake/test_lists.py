"""Lists without rows: asked about, answered by a nil report, contradicted by rows; what an office says by hand."""

import datetime
from typing import Any

import pytest

from kaohe.intake.tables.data import NilReport
from tests.intake.yearbook import YearBook, achievement, csv_bytes, found, incident, only, sheet_rows

RESEARCH = "科技与产业处"


def asked(year: YearBook, code: str = "no-achievements") -> list[str]:
    """Offices."""
    return [finding.office for finding in found(year.read(), code)]


def last_year(year: YearBook, *rows: dict[str, Any]) -> None:
    folder = year.raw / "2017-2018"
    folder.mkdir(parents=True)
    (folder / "scheme.yaml").write_text("based_on: lygtc-2018\n")
    (folder / "achievements.csv").write_bytes(csv_bytes(sheet_rows("achievements", list(rows))))


def test_an_office_without_a_row_is_asked(year: YearBook) -> None:
    assert asked(year) == ["教务处", "党委宣传部"]
    year.tables["achievements"] = []
    (year.folder / "achievements.csv").unlink()
    intake = year.read()
    finding = next(each for each in found(intake, "no-achievements") if each.office == RESEARCH)
    assert (finding.severity, finding.indicator) == ("warning", "K6")
    assert "K6 科研的成果都按 0 项计" in finding.message
    assert not intake.has_errors


def test_so_is_one_without_incidents_though_that_is_the_better_news(year: YearBook) -> None:
    year.tables["incidents"] = [incident(indicator="B17")]
    offices = {each.office: each for each in found(year.read(), "no-incidents")}
    assert list(offices) == ["教务处", "党委组织部（人事处）", "党委学生工作部（学生工作处）"]
    assert {each.severity for each in offices.values()} == {"advisory"}
    assert "B18" in offices["党委组织部（人事处）"].message
    assert "B17" not in offices["党委组织部（人事处）"].message


def test_a_row_in_error_is_a_row(year: YearBook) -> None:
    year.tables["achievements"] = [achievement(date="去年")]
    assert RESEARCH not in asked(year)


@pytest.mark.parametrize(
    ("row", "left"),
    [
        ({"office": "教务处"}, ["党委宣传部"]),
        ({"office": "教务处", "indicator": "K1.1"}, ["党委宣传部"]),
        ({"office": "教务处", "indicator": "K1.1", "unit_id": "C01"}, ["教务处", "党委宣传部"]),
    ],
)
def test_a_nil_report_is_an_answer(year: YearBook, row: dict[str, Any], left: list[str]) -> None:
    year.tables["nil_reports"] = [row]
    assert asked(year) == left
    assert year.look().data.nil_reports == (NilReport("教务处", row.get("indicator"), row.get("unit_id")),)


def test_units_one_by_one_are_an_answer_too(year: YearBook) -> None:
    year.tables["nil_reports"] = [
        {"office": "教务处", "indicator": "K1.1", "unit_id": unit} for unit in ("C01", "C02", "F01", "I01")
    ]
    assert asked(year) == ["党委宣传部"]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ({"office": "科技处"}, "unknown-office", "office"),
        ({"office": RESEARCH, "indicator": "K1.1"}, "nil-report", "indicator"),
        ({"office": RESEARCH, "indicator": "B01"}, "nil-report", "indicator"),
        ({"office": RESEARCH, "unit_id": "C99"}, "unknown-unit", "unit_id"),
        ({"office": None, "indicator": "K6"}, "blank", "office"),
    ],
)
def test_a_nil_report_that_cannot_be_one(year: YearBook, row: dict[str, Any], code: str, column: str) -> None:
    year.tables["nil_reports"] = [row]
    finding = only(year.read(), code)
    assert (finding.severity, finding.file, finding.row, finding.column) == ("error", "nil_reports.csv", 2, column)


def test_a_nil_report_beside_rows(year: YearBook) -> None:
    year.tables["nil_reports"] = [{"office": RESEARCH, "unit_id": "C02"}]
    assert not found(year.read(), "nil-report")
    year.tables["nil_reports"] = [{"office": RESEARCH}]
    finding = only(year.read(), "nil-report")
    assert (finding.severity, finding.row, finding.office) == ("warning", 2, RESEARCH)
    assert "K6 科研 1 行" in finding.message


def test_nothing_in_the_list_itself(year: YearBook) -> None:
    """`C02 K6 无` in the list of an office, and `K1.1 无` for everyone."""
    last_year(year, achievement("C02"))
    assert only(year.read(), "unit-without-rows").unit == "C02"
    header, row = sheet_rows("achievements", year.tables["achievements"])
    said = [["C02", "K6", "无", *[None] * 6], [None, "K1.1", None, "/", None, "无", *[None] * 3]]
    (year.folder / "achievements.csv").unlink()
    year.without("achievements").put("a/achievements.csv", csv_bytes([header, row, *said]))
    intake = year.read()
    assert set(intake.data.nil_reports) == {NilReport(RESEARCH, "K6", "C02"), NilReport("教务处", "K1.1")}
    assert not found(intake, "unit-without-rows")
    assert [each.office for each in found(intake, "no-achievements")] == ["党委宣传部"]
    assert len(intake.data.achievements) == 1
    assert not intake.has_errors


def test_a_unit_that_had_rows_last_year(year: YearBook) -> None:
    day = datetime.date(2018, 3, 5)
    last_year(year, *(achievement(unit, date=day, title=f"{unit}{n}") for unit in ("C01", "C02", "C09") for n in "12"))
    finding = only(year.read(), "unit-without-rows")
    assert (finding.severity, finding.unit, finding.indicator, finding.office) == ("warning", "C02", "K6", RESEARCH)
    assert "C02 机电工程学院（2 行）" in finding.message
    year.tables["nil_reports"] = [{"office": RESEARCH, "indicator": "K6", "unit_id": "C02"}]
    assert not found(year.read(), "unit-without-rows")


def test_a_unit_made_of_one_that_had_rows(year: YearBook) -> None:
    last_year(year, achievement("C08", date=datetime.date(2018, 3, 5)))
    year.tables["predecessors"] = [{"unit_id": "C02", "predecessor": "C08"}]
    assert only(year.read(), "unit-without-rows").unit == "C02"
