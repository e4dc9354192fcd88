"""Days that were written as numbers or words, and ids and titles that a spreadsheet took for days."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kaohe.intake import read_year
from tests.intake.ballots import read
from tests.intake.toy import HEAD, put
from tests.intake.yearbook import YearBook, only, remarkable, sheet_rows, workbook

DAY = datetime.date(2019, 3, 5)


def achieved(year: YearBook, column: str, cell: Any) -> list[list[Any]]:
    """The year's one achievement as rows of a sheet, with one cell written anew; the year no longer has it."""
    head, row = sheet_rows("achievements", year.tables["achievements"])
    year.without("achievements")
    row[head.index(column)] = cell
    return [head, row]


@pytest.mark.parametrize(
    "written", ["2019-03-05（周二）", "2019-03-05 星期二", "2019—03—05", "2019‐3‐5", "2019年3月5日(礼拜二)"]
)
def test_a_day_in_other_signs(year: YearBook, written: str) -> None:
    year.tables["achievements"][0]["date"] = written
    intake = year.read()
    assert remarkable(intake) == []
    assert [each.date for each in intake.data.achievements] == [DAY]


def test_a_plain_number_in_a_workbook_of_another_calendar(year: YearBook) -> None:
    book = workbook({"achievements": achieved(year, "date", 42067)})
    book.epoch = CALENDAR_MAC_1904
    finding = only(read(year, book), "date-serial")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 2, "date", "42067")
    assert "是 2019-03-05，按通常的算法是 2015-03-04" in finding.message


@pytest.mark.parametrize(("column", "about"), [("unit_id", ""), ("title", "C01 K6"), ("indicator", "C01")])
def test_an_id_or_a_title_that_became_a_date(year: YearBook, column: str, about: str) -> None:
    book = workbook({"achievements": achieved(year, column, datetime.date(2026, 3, 1))})
    finding = only(read(year, book), "made-a-date")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 2, column, "2026-03-01")
    assert "文本" in finding.expected
    assert finding.about.startswith(about)


@pytest.mark.parametrize(
    "written",
    ["3月1日", "1-Mar", "Mar-01", "2026/3/1", "2026年3月", "2026-03-01 00:00:00", "43891", "1:02", "3-1", "1/2"],
)
def test_a_title_that_a_spreadsheet_made_a_date_and_saved_as_text(year: YearBook, written: str) -> None:
    year.tables["achievements"][0]["title"] = written
    assert only(year.read(), "made-a-date").value == written


@pytest.mark.parametrize(
    "written", ["2019年3月1日文件", "3-1 教学法", "1-2-3", "五四", "0.5", "1-3月", "985", "2020-3"]
)
def test_a_title_with_a_date_in_it(year: YearBook, written: str) -> None:
    year.tables["achievements"][0]["title"] = written
    assert [each.title for each in year.read().data.achievements] == [written]


@pytest.mark.parametrize("written", ["3月1日", "1-Mar", "2026/3/1"])
def test_an_id_that_a_spreadsheet_made_a_date_and_saved_as_text(year: YearBook, written: str) -> None:
    year.tables["ballots"][0]["unit_id"] = written
    finding = only(year.read(), "made-a-date")
    assert (finding.row, finding.column, finding.value) == (2, "unit_id", written)


DATED = (
    HEAD
    + """
metrics: {done: {name: 完成日期, unit: "", kind: date, office: 处}}
figures:
  days_late: {name: 迟报天数, is: {kind: difference, of: done, less: "06-30", at_least: 0}}
items:
  - {id: total, name: 总分, rule: {kind: per_unit, start: 10, value: days_late, each: -1}}
"""
)


def test_the_number_of_a_day_as_a_figure_is_said(tmp_path: Path) -> None:
    rows = [("unit_id", "metric", "value"), ("A1", "done", "44015"), ("A2", "done", "2020-07-03")]
    intake = read_year(put(tmp_path, "2020", DATED, metrics=rows), "2020")
    finding = only(intake, "date-serial")
    assert (finding.severity, finding.row, finding.value) == ("warning", 2, "44015")
    assert len({row.value for row in intake.data.metrics.values()}) == 1
