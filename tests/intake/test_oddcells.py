"""Cells as other programs write them, and signs that are not what they look like: what was meant, or a finding."""

import datetime

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.intake.ballots import ballots, put_ballots, refused
from tests.intake.packages import BOOK, SHEET, changed, computed, parts, saved, with_cell
from tests.intake.yearbook import YearBook, csv_bytes, only, remarkable, workbook

pytestmark = pytest.mark.slow


ACHIEVED = ["unit_id", "indicator", "kind", "level", "award", "title", "date", "first_author", "amount"]


def test_results_of_a_program_that_cannot_compute_are_not_believed(year: YearBook) -> None:
    def uncomputed(content: bytes) -> bytes:
        return with_cell(content, "B2", '<c r="B2"><f>SUM(C2:D2)</f><v>0</v></c>')

    assert "fullCalcOnLoad" in parts(saved(workbook({"x": []})))[BOOK].decode()
    finding = refused(put_ballots(year, uncomputed), "formula-contradicts")
    assert (finding.row, finding.column, finding.value) == (2, "excellent", "0")


def test_a_saved_result_is_the_value(year: YearBook) -> None:
    intake = put_ballots(year, lambda content: computed(content, "SUM(C2:D2)", 32))
    assert remarkable(intake) == []
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 32


def test_dates_of_both_calendars(year: YearBook) -> None:
    for name, epoch in (("1900", None), ("1904", CALENDAR_MAC_1904)):
        book = workbook({"成果": [ACHIEVED, ["C01", "K6", "paper_core", "", "", name, None, "是", ""]]})
        if epoch:
            book.epoch = epoch
        book["成果"]["G2"] = datetime.date(2019, 3, 5)
        year.save(f"{name}.xlsx", book)
    serials = [parts((year.folder / f"{name}.xlsx").read_bytes())[SHEET] for name in ("1900", "1904")]
    assert b"<v>43529</v>" in serials[0]
    assert b"<v>42067</v>" in serials[1]
    dates = {row.title: row.date for row in year.read().data.achievements}
    assert dates["1900"] == dates["1904"] == datetime.date(2019, 3, 5)


def test_a_date_beyond_the_calendar(year: YearBook) -> None:
    row = ["C01", "K6", "paper_core", "", "", "题", datetime.date(2019, 3, 5), "是", ""]
    book = workbook({"成果": [ACHIEVED, row]})
    year.put("票.xlsx", changed(saved(book), SHEET, ("43529", "20190305")))
    finding = refused(year.read(), "error-cell")
    assert (finding.row, finding.column) == (2, "date")


@pytest.mark.parametrize("number", [27, 30, 31, 36, 50, 57, 58])
def test_dates_in_formats_that_chinese_excel_has_built_in(year: YearBook, number: int) -> None:
    book = workbook({"成果": [ACHIEVED, ["C01", "K6", "paper_core", "", "", "题", None, "是", ""]]})
    book["成果"]["G2"] = datetime.date(2019, 3, 5)
    style = ('<xf numFmtId="164"', f'<xf numFmtId="{number}"')
    year.put("票.xlsx", changed(saved(book), "xl/styles.xml", style))
    intake = year.read()
    assert next(row.date for row in intake.data.achievements if row.title == "题") == datetime.date(2019, 3, 5)


def test_an_escaped_underscore_is_one(year: YearBook) -> None:
    year.tables["units"][0]["name"] = "信息_x005F_x0041_学院"
    year.write_xlsx()
    assert year.look().data.unit("C01").name == "信息_x0041_学院"


def test_a_carriage_return_as_excel_writes_it(year: YearBook) -> None:
    rows = ballots(year)
    rows[1][0] = "C01_x000D_"
    year.save("票.xlsx", workbook({"ballots": rows}))
    assert remarkable(year.read()) == []


# Signs


@pytest.mark.parametrize("written", ["85²", "①", "8⁵", "1½", "\u202e58", "1\x1b2", "5 0", "0。85", "85‰", "1 234"])
def test_signs_that_look_like_digits_make_no_number(year: YearBook, written: str) -> None:
    rows = ballots(year)
    rows[1][1] = written
    year.put("a/ballots.csv", csv_bytes(rows))
    finding = only(year.read(), "bad-number")
    assert (finding.row, finding.column) == (2, "excellent")


@pytest.mark.parametrize("written", ["85\u00b2%", "\u2460%"])
def test_nor_a_percentage(year: YearBook, written: str) -> None:
    year.set("metrics", "C01", "invigilation_rate", value=written)
    assert only(year.read(), "bad-figure").value == written


def test_nor_a_date(year: YearBook) -> None:
    year.tables["achievements"][0]["date"] = "2019-03-0⁵"
    assert only(year.read(), "bad-date").column == "date"


@pytest.mark.parametrize(
    "written", ["\u202a60\u202c", "\u206660\u2069", "6\u00ad0", "\ufeff60", "６０", "60\u3000", "60\r"]
)
def test_what_cannot_be_seen_does_not_count(year: YearBook, written: str) -> None:
    rows = ballots(year)
    rows[1][1] = written
    year.put("a/ballots.csv", csv_bytes(rows))
    intake = year.read()
    assert remarkable(intake) == []
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


@pytest.mark.parametrize("written", ["\u200e", "\u2060\ufeff", "\u3000\u00a0\u202a"])
def test_a_cell_of_nothing_visible_is_blank(year: YearBook, written: str) -> None:
    rows = ballots(year)
    rows[1][1] = written
    year.put("a/ballots.csv", csv_bytes(rows))
    assert only(year.read(), "blank").row == 2


def test_controls_are_made_visible(year: YearBook) -> None:
    year.tables["units"][0]["name"] = "信息\x1b[31m学院"
    assert year.read().data.unit("C01").name == "信息\ufffd[31m学院"


@pytest.mark.parametrize("number_format", ["0_%", "0*_"])
def test_a_percent_sign_that_only_takes_room(year: YearBook, number_format: str) -> None:
    rows = ballots(year)
    book = workbook({"ballots": rows})
    book["ballots"]["B2"].number_format = number_format
    year.save("票.xlsx", book)
    assert remarkable(year.read()) == []


def test_a_percentage_beyond_all_measure_is_shown_as_it_is(year: YearBook) -> None:
    book = workbook({"成果": [ACHIEVED, ["C01", "K6", "paper_core", "", "", "题", 1e300, "是", ""]]})
    book["成果"]["G2"].number_format = "0%"
    year.save("票.xlsx", book)
    assert refused(year.read(), "bad-date").value == "1e+300"


def test_of_a_very_long_text_a_finding_shows_the_beginning(year: YearBook) -> None:
    rows = ballots(year)
    rows[1][1] = "九" * 5000
    year.put("a/ballots.csv", csv_bytes(rows))
    assert only(year.read(), "bad-number").value == "九" * 200 + "…"
