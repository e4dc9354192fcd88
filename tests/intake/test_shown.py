"""What is seen of a cell beside what it holds: number formats, struck out and raised digits."""

import datetime
from fractions import Fraction
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from kaohe.intake.sheets import formats
from kaohe.intake.sheets.cells import CellError, Disguised
from kaohe.intake.tables.drafts import figure
from kaohe.scheme import Metric
from tests.intake.onecell import COUNT, RATE, metric_read, refused, value
from tests.intake.yearbook import YearBook, found, only, remarkable, sheet_rows, workbook


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.0%;[Red]-0.0%", "[$-804]0%"])
def test_percent_cells(year: YearBook, number_format: str) -> None:
    assert value(metric_read(year, RATE, 0.855, number_format, excel=True), RATE) == Fraction("0.855")


def test_percent_cell_out_of_range_is_shown_as_excel_does(year: YearBook) -> None:
    finding = refused(metric_read(year, RATE, 85, "0%", excel=True), RATE)
    assert (finding.code, finding.value) == ("out-of-range", "8500%")


def test_a_percent_sign_that_is_only_printed(year: YearBook) -> None:
    finding = refused(metric_read(year, RATE, 85, '0"%"', excel=True), RATE)
    assert (finding.code, finding.value) == ("disguised-cell", "85%")
    assert "存的却是 85" in finding.message


@pytest.mark.parametrize(
    ("number", "number_format", "seen"),
    [
        (0.85, '0.00"%"', "0.85%"),
        (0.85, r"0.00\%", "0.85%"),
        (20.87, '0.00"万元"', "20.87万元"),
        (20.87, "0.00万元", "20.87万元"),
        (208.7, '0.0"千元"', "208.7千元"),
        (0.35, '0.00 "（万）"', "0.35 （万）"),
        (3, '0"亿"', "3亿"),
        (0.85, '0.0"‰"', "0.9‰"),
        (5, '0"k"', "5k"),
        (35, '0"00"', "3500"),
        (35, '"1"0', "135"),
        (85, '"0."00', "0.85"),
        (85, "0!.00", "0.85"),
        (35, '0"-"0', "3-5"),
        (208700, "0.00,", "208.70"),
        (5, '"-"0', "-5"),
        (-5, "0;0", "5"),
        (3, '"有";"有";"无"', "有"),
        (5, '0"成"', "5成"),
        (5000, "[>=1000]0,;0", "5"),
    ],
)
def test_a_format_that_shows_another_number(year: YearBook, number: float, number_format: str, seen: str) -> None:
    finding = refused(metric_read(year, COUNT, number, number_format, excel=True), COUNT)
    assert (finding.code, finding.value) == ("disguised-cell", seen)
    assert f"看到“{seen}”，存的却是 {number}" in finding.message
    assert "社会培训人数的数字" in finding.expected


@pytest.mark.parametrize(
    ("number", "number_format", "seen"),
    [
        (35, '"１"0', "１35"),
        (35, '0"⁰"', "35⁰"),
        (35, '"①"0', "①35"),
        (35, '0"Ⅱ"', "35Ⅱ"),
        (35, '"贰"0', "贰35"),
        (35, '0"½"', "35½"),
        (35, '0"百"', "35百"),
        (35, '0"仟"', "35仟"),
        (5, '"负"0', "负5"),
        (5, '"减少："0', "减少：5"),
        (5, '"－"0', "－5"),
        (35, '0"×10"', "35×10"),
        (35, '0"E3"', "35E3"),
        (35, '"1/"0', "1/35"),
        (35, '0"Ｋ"', "35Ｋ"),
        (35, '0" million"', "35 million"),
        (35, '"应为12，误填"0', "应为12，误填35"),
        (35, '0"（旧）"', "35（旧）"),
        (35, '0"→12"', "35→12"),
        (35, '"↓"0', "↓35"),
        (35, "*10", "11135"),
        (35, "*-0", "---35"),
    ],
)
def test_digits_words_and_signs_beside_a_number(number: int, number_format: str, seen: str) -> None:
    look = formats.shows(number_format, Fraction(number))
    assert look
    assert (look.text, look.value == number) == (seen, False)


@pytest.mark.parametrize(
    "number_format", ["* 0", "**0", "0*_", '0"m²"', '"第"0"名"', '0;"负"0', '0"（×1）"', '"减免"0', '"2019年"0']
)
@pytest.mark.parametrize("number", [35, -35])
def test_words_that_change_nothing(number: int, number_format: str) -> None:
    assert formats.shows(number_format, Fraction(number)) is None


@pytest.mark.parametrize("number_format", [";;;", '""', "0;;"])
def test_a_format_that_shows_nothing(year: YearBook, number_format: str) -> None:
    finding = refused(metric_read(year, COUNT, -7, number_format, excel=True), COUNT)
    assert (finding.code, finding.value) == ("disguised-cell", "-7")
    assert "看不见" in finding.message


@pytest.mark.parametrize(
    "number_format",
    [
        '0"元"',
        "0人",
        'General"分"',
        '[Red]0.0" 个"',
        "[$¥-804]#,##0.00",
        '"¥"#,##0_);("¥"#,##0)',
        '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
        "0.00;[Red]0.00",
        '0"（2019年）"',
        '0"分（百分制）"',
        '0"次/百人"',
        '0"km"',
        "[DBNum1][$-804]General",
        "00000",
        '0.0000,"千"',
        '[>=10000]0!.0000"万";0',
        '0"万"0000',
        '"NO."0',
        "# ??/??",
        "0.00E+00",
        "@",
    ],
)
@pytest.mark.parametrize("number", [35, 123456])
def test_a_format_that_shows_the_number(year: YearBook, number: int, number_format: str) -> None:
    assert value(metric_read(year, COUNT, number, number_format, excel=True), COUNT) == number


def test_zeros_that_are_not_shown_are_told(year: YearBook) -> None:
    intake = metric_read(year, COUNT, 0, "0;-0;;@", excel=True)
    finding = only(intake, "hidden-zeros")
    assert (finding.severity, value(intake, COUNT), "（C2）" in finding.message) == ("warning", 0, True)


def test_a_unit_of_money_in_its_own_column() -> None:
    metric = Metric(name="经费", kind="money", unit="万元", office="财务处")
    assert figure(metric, Disguised("20.87", "20.87万元", "", 20.87, "万元")) == Fraction("20.87")
    with pytest.raises(CellError):
        figure(metric, Disguised("20.87", "20.87亿元", "", 20.87, "亿元"))


def test_where_words_count_they_are_what_is_seen(year: YearBook) -> None:
    row = {"unit_id": "C01", "indicator": "K6", "kind": "paper_core", "level": "", "award": "", "title": 7}
    row |= {"date": 20190305, "first_author": 1, "amount": ""}
    book = workbook({"成果": [list(row), list(row.values())]})
    for place, number_format in {"F2": '"第"0"00期"', "G2": '0000"-"00"-"00', "H2": '"是";"是";"否"'}.items():
        book["成果"][place].number_format = number_format
    year.save("a.xlsx", book)
    read = year.read().data.achievements[0]
    assert (read.title, read.date, read.first_author) == ("第700期", datetime.date(2019, 3, 5), True)


# What is struck out or raised


def rich(*runs: tuple[str, dict[str, Any]]) -> CellRichText:
    return CellRichText(*(TextBlock(InlineFont(**font), text) if font else text for text, font in runs))


STRUCK, RAISED, LOWERED = {"strike": True}, {"vertAlign": "superscript"}, {"vertAlign": "subscript"}


def test_struck_out_digits_make_no_number(year: YearBook) -> None:
    finding = refused(metric_read(year, COUNT, rich(("35", STRUCK), ("29", {})), excel=True), COUNT)
    assert (finding.code, finding.value) == ("disguised-cell", "29")
    assert "去掉后是“29”，连同划去的是“3529”" in finding.message


@pytest.mark.parametrize(("font", "seen"), [(RAISED, "352¹"), (LOWERED, "352₁")])
def test_a_footnote_is_no_digit(year: YearBook, font: dict[str, Any], seen: str) -> None:
    finding = refused(metric_read(year, COUNT, rich(("352", {}), ("1", font)), excel=True), COUNT)
    assert (finding.code, finding.value) == ("bad-figure", seen)
    assert "上标" in finding.message


def test_a_number_raised_as_a_whole_or_in_parts_of_one_height(year: YearBook) -> None:
    assert value(metric_read(year, COUNT, rich(("35", RAISED), ("2", RAISED)), excel=True), COUNT) == 352
    assert value(metric_read(year, COUNT, rich(("35", {"b": True}), ("2", {})), excel=True), COUNT) == 352


@pytest.mark.parametrize("cell", [3529, "3529", datetime.date(2019, 3, 5), True])
def test_a_cell_struck_out_as_a_whole(year: YearBook, cell: Any) -> None:
    book = workbook({"metrics": [["unit_id", "metric", "value"], ["C01", COUNT, cell]]})
    book["metrics"]["C2"].font = Font(strike=True)
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != COUNT]
    year.save("a.xlsx", book)
    finding = only(year.read(), "disguised-cell")
    assert (finding.row, finding.column, finding.severity) == (2, "value", "error")
    assert "整格画了删除线" in finding.message


def test_of_names_and_notes_what_is_struck_out_is_left_out(year: YearBook) -> None:
    rows = sheet_rows("units", year.tables["units"])
    rows[1][1] = rich(("计算机", STRUCK), ("信息工程学院", {}))
    book = workbook({"units": rows})
    year.without("units").save("a.xlsx", book)
    intake = year.read()
    assert remarkable(intake) == []
    assert intake.data.unit("C01").name == "信息工程学院"


def test_a_row_struck_out_is_told_once(year: YearBook) -> None:
    rows = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots")
    book = workbook({"ballots": rows})
    for cell in book["ballots"][3]:
        cell.font = Font(strike=True)
    year.save("a.xlsx", book)
    intake = year.read()
    finding = only(intake, "struck-row")
    assert (finding.severity, finding.row) == ("error", 3)
    assert not found(intake, "disguised-cell")
