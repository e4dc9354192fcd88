"""What stands in a cell: the right value, or a finding at that cell."""

import datetime
from fractions import Fraction
from typing import Any

import pytest

from kaohe.intake import Intake
from kaohe.intake.sheets.cells import Percent, decimal, exact, plain, shown
from tests.intake.onecell import COUNT, MONEY, RATE, metric_read, refused, value
from tests.intake.yearbook import YearBook, found, only, remarkable, sheet_rows, workbook


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("１２", 12),
        ("1,234", 1234),
        ("1，234", 1234),
        ("12.0", 12),
        ("+12", 12),
        ("1.2E+3", 1200),
        ("12\u200b", 12),
    ],
)
def test_numbers_as_text(year: YearBook, written: str, number: int) -> None:
    assert value(metric_read(year, COUNT, written), COUNT) == number


@pytest.mark.parametrize(
    ("metric", "written", "number"),
    [
        (MONEY, "30000元", 30000),
        (MONEY, "30,000 元", 30000),
        (MONEY, "￥30000", 30000),
        (MONEY, "¥30,000.5", Fraction("30000.5")),
        (MONEY, "人民币30000元整", 30000),
        (COUNT, "12人", 12),
        (COUNT, "１２ 人", 12),
    ],
)
def test_a_number_with_the_unit_that_it_is_counted_in(year: YearBook, metric: str, written: str, number: Any) -> None:
    assert value(metric_read(year, metric, written), metric) == number


@pytest.mark.parametrize("written", ["3万元", "30000万", "元", "¥", "3000²元", "30000$", "30000元/人", "0,125元"])
def test_what_is_no_plain_number_of_yuan(year: YearBook, written: str) -> None:
    assert refused(metric_read(year, MONEY, written), MONEY).value == written


@pytest.mark.parametrize("line", ["¥30,000", "30,000元"])
def test_thousands_with_a_unit_and_without_quotes_are_no_number_with_a_source(year: YearBook, line: str) -> None:
    kept = [row for row in year.tables["metrics"] if (row["unit_id"], row["metric"]) != ("C01", MONEY)]
    year.tables["metrics"] = kept
    year.put("a/metrics.csv", f"unit_id,metric,value,source\nC01,{MONEY},{line}\n")
    intake = year.read()
    assert only(intake, "split-number").value == line
    assert value(intake, MONEY) is None


@pytest.mark.parametrize("written", ["无", " / ", "／"])
def test_nothing_where_a_number_must_be_is_asked_about(year: YearBook, written: str) -> None:
    finding = refused(metric_read(year, COUNT, written), COUNT)
    assert (finding.code, finding.value) == ("zero-or-nothing", written)
    assert finding.expected.endswith("是 0 就填 0，还没有上报的留空")


@pytest.mark.parametrize("written", ["无", "/"])
def test_nothing_where_the_unit_is_asked_nothing_is_no_question(year: YearBook, written: str) -> None:
    year.tables["metrics"].append({"unit_id": "D10", "metric": "new_students", "value": written})
    intake = year.read()
    assert not intake.has_errors
    assert ("D10", "new_students") not in intake.data.metrics


def test_csv_decimals_are_exact(year: YearBook) -> None:
    assert value(metric_read(year, MONEY, "1234567.1234567890123"), MONEY) == Fraction("1234567.1234567890123")


@pytest.mark.parametrize(
    "written",
    [
        "-",
        "—",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "12人次",
        "12元",
        "¥12",
        "1,23",
        "1_000",
        "1/2",
        "0x10",
        "1e999",
        "50%",
        "=1+1",
    ],
)
def test_text_that_is_no_number(year: YearBook, written: str) -> None:
    finding = refused(metric_read(year, COUNT, written), COUNT)
    assert finding.code == "bad-figure"
    assert finding.value == written
    assert finding.expected.startswith("社会培训人数的数字")
    assert finding.office == "教务处（继续教育管理处）"


def test_a_number_beyond_what_excel_shows(year: YearBook) -> None:
    finding = refused(metric_read(year, MONEY, "1e16"), MONEY)
    assert "过大" in finding.message


@pytest.mark.parametrize("written", ["-1", "-0.5"])
def test_counts_and_money_are_not_negative(year: YearBook, written: str) -> None:
    finding = refused(metric_read(year, COUNT, written), COUNT)
    assert (finding.code, finding.value, finding.expected) == ("out-of-range", written, "≥ 0 的数")


def test_a_count_that_is_not_whole(year: YearBook) -> None:
    intake = metric_read(year, COUNT, "12.5")
    finding = only(intake, "not-whole")
    assert (finding.severity, finding.value, finding.expected) == ("warning", "12.5", "整数")
    assert value(intake, COUNT) == Fraction(25, 2)


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("0.85", "0.85"),
        ("85%", "0.85"),
        ("85 %", "0.85"),
        ("８５％", "0.85"),
        ("85.5%", "0.855"),
        ("0", "0"),
        ("1", "1"),
        ("100%", "1"),
    ],
)
def test_rates(year: YearBook, written: str, rate: str) -> None:
    assert value(metric_read(year, RATE, written), RATE) == Fraction(rate)


@pytest.mark.parametrize("excel", [False, True])
@pytest.mark.parametrize("written", [85, 8.5, 1.5, 100])
def test_a_rate_above_one_asks_for_the_percentage(year: YearBook, written: float, excel: bool) -> None:
    finding = refused(metric_read(year, RATE, written, excel=excel), RATE)
    assert (finding.severity, finding.code, finding.value) == ("error", "percent-meant", str(written))
    assert "0～1 之间的数" in finding.expected
    meant = {85: "85%", 8.5: "85%", 1.5: "15%", 100: "100%"}[written]
    assert f"是否指 {meant}" in finding.expected


@pytest.mark.parametrize("written", ["101%", "-5%", "-0.1", "850"])
def test_rates_out_of_range(year: YearBook, written: str) -> None:
    finding = refused(metric_read(year, RATE, written), RATE)
    assert finding.code == "out-of-range"
    assert "0%～100%" in finding.expected


def test_a_rate_that_may_be_negative(year: YearBook) -> None:
    year.set("metrics", "D10", "funding_growth_rate", value="-5%")
    assert year.read().data.metrics["D10", "funding_growth_rate"].value == Fraction(-1, 20)


# Commas


@pytest.mark.parametrize("written", ["0,001", "0，001", "0,125", "-0,088", "012,345", "0,5"])
def test_a_comma_after_a_leading_zero_may_be_a_point(year: YearBook, written: str) -> None:
    finding = refused(metric_read(year, COUNT, written), COUNT)
    assert (finding.code, finding.value) == ("decimal-comma", written)
    assert f"是否指 {written.replace('，', '.').replace(',', '.')}？" in finding.expected


def test_a_percentage_with_a_decimal_comma(year: YearBook) -> None:
    finding = refused(metric_read(year, RATE, "0,125%"), RATE)
    assert (finding.code, "是否指 0.125%？" in finding.expected) == ("decimal-comma", True)


def test_a_decimal_comma_without_quotes(year: YearBook) -> None:
    year.tables["metrics"] = [row for row in year.tables["metrics"] if row["metric"] != RATE]
    year.put("a/metrics.csv", f"unit_id,metric,value,source,note\nC01,{RATE},0,85,\nC02,{RATE},0.5,,\n")
    intake = year.read()
    assert (only(intake, "split-number").value, ("C01", RATE) in intake.data.metrics) == ("0,85", False)


def test_a_percentage_where_a_count_belongs(year: YearBook) -> None:
    finding = refused(metric_read(year, COUNT, 0.5, "0%", excel=True), COUNT)
    assert (finding.code, finding.value) == ("bad-figure", "50%")
    assert "不是百分数列" in finding.message


def test_excel_numbers_have_fifteen_digits(year: YearBook) -> None:
    assert value(metric_read(year, RATE, 0.1 + 0.2, excel=True), RATE) == Fraction(3, 10)
    assert exact(1 / 3) == Fraction("0.333333333333333")


@pytest.mark.parametrize("excel", [False, True])
@pytest.mark.parametrize("code", ["#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?"])
def test_error_cells(year: YearBook, code: str, excel: bool) -> None:
    finding = refused(metric_read(year, COUNT, code, excel=excel), COUNT)
    place = ("a/b.xlsx", "metrics") if excel else ("a/metrics.csv", "")
    assert (finding.code, finding.value, finding.file, finding.sheet) == ("error-cell", code, *place)
    assert "Excel 错误值" in finding.message


def test_a_formula_without_a_saved_result(year: YearBook) -> None:
    finding = refused(metric_read(year, COUNT, "=SUM(1,2)", excel=True), COUNT)
    assert (finding.code, finding.value) == ("formula-without-value", "=SUM(1,2)")
    assert "保存" in finding.expected


def test_a_date_where_a_number_belongs(year: YearBook) -> None:
    finding = refused(metric_read(year, COUNT, datetime.date(2019, 1, 2), excel=True), COUNT)
    assert (finding.code, finding.value) == ("bad-figure", "2019-01-02")


@pytest.mark.parametrize("excel", [False, True])
def test_a_blank_value_has_not_been_handed_in(year: YearBook, excel: bool) -> None:
    intake = metric_read(year, COUNT, None if excel else "", excel=excel)
    assert not intake.has_errors
    assert [missing.what for missing in intake.missing] == [COUNT]


def test_a_blank_rating_has_not_been_handed_in(year: YearBook) -> None:
    year.set_all("C01", "B01", None)
    intake = year.read()
    assert not intake.has_errors
    assert [(missing.kind, missing.indicator) for missing in intake.missing] == [("rating", "B01")]


@pytest.mark.parametrize(
    ("table", "column", "header"),
    [
        ("units", "name", "name"),
        ("ballots", "excellent", "excellent"),
        ("leader_ratings", "role", "role"),
        ("metrics", "metric", "metric"),
    ],
)
def test_other_blank_cells_are_errors(year: YearBook, table: str, column: str, header: str) -> None:
    year.tables[table][0][column] = None
    finding = found(year.read(), "blank")[0]
    assert (finding.severity, finding.file, finding.row, finding.column) == ("error", f"{table}.csv", 2, header)
    assert finding.expected == "非空内容"


def _achievement(year: YearBook, **cells: Any) -> Intake:
    row = {
        "unit_id": "C01",
        "indicator": "K6",
        "kind": "paper_core",
        "level": "",
        "award": "",
        "title": "题",
        "date": "2019-03-05",
        "first_author": "是",
        "amount": "",
    } | cells
    year.save("a.xlsx", workbook({"成果": [list(row), list(row.values())]}))
    return year.read()


@pytest.mark.parametrize(
    "written",
    [
        "2019-03-05",
        "2019/3/5",
        "2019.3.5",
        "2019年3月5日",
        "2019年3月5号",
        "2019 年 3 月 5 日",
        "２０１９年３月５日",
        "20190305",
        20190305,
        "2019-03-05 00:00:00",
        "2019-03-05T08:30:00",
        datetime.date(2019, 3, 5),
        datetime.datetime(2019, 3, 5, 8, 30),
    ],
)
def test_dates(year: YearBook, written: Any) -> None:
    intake = _achievement(year, date=written)
    assert intake.data.achievements[0].date == datetime.date(2019, 3, 5)


@pytest.mark.parametrize("written", ["2019-02-30", "三月五日", "2019-3", 4352, "2019-03/05", "03/05/2019", True])
def test_what_is_no_date(year: YearBook, written: Any) -> None:
    finding = only(_achievement(year, date=written), "bad-date")
    assert (finding.severity, finding.file, finding.sheet, finding.row) == ("error", "a.xlsx", "成果", 2)
    assert finding.column == "date"
    assert finding.expected == "日期，如 2019-03-05"


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("是", True),
        ("否", False),
        ("true", True),
        ("FALSE", False),
        ("Yes", True),
        ("no", False),
        (1, True),
        (0, False),
        ("1", True),
        (True, True),
        (False, False),
        ("√", True),
        ("✔\ufe0f", True),
        ("×", False),
    ],
)
def test_yes_and_no(year: YearBook, written: Any, answer: bool) -> None:
    assert _achievement(year, first_author=written).data.achievements[0].first_author is answer


@pytest.mark.parametrize("written", ["对", 2, "x", "√×", "无", "/"])
def test_neither_yes_nor_no(year: YearBook, written: Any) -> None:
    finding = only(_achievement(year, first_author=written), "bad-yes_no")
    assert (finding.value, finding.expected) == (str(written), "是 或 否")


def test_blank_optional_cells(year: YearBook) -> None:
    row = _achievement(year).data.achievements[0]
    assert (row.level, row.award, row.amount) == (None, None, None)


@pytest.mark.parametrize("written", ["无", "/", " 无　"])
def test_nothing_in_words_is_a_blank_where_one_may_be(year: YearBook, written: str) -> None:
    intake = _achievement(year, level=written, award=written, amount=written)
    row = intake.data.achievements[0]
    assert (row.level, row.award, row.amount) == (None, None, None)
    assert remarkable(intake) == []


def test_a_blank_note_where_one_belongs_is_only_a_warning(year: YearBook) -> None:
    year.tables["vetoes"] = [{"unit_id": "C01", "kind": "safety", "note": None}]
    intake = year.read()
    assert (only(intake, "blank").severity, intake.data.vetoes[0].note) == ("warning", None)


def test_ids_are_compared_after_trimming_and_nfkc(year: YearBook) -> None:
    for row in year.tables["ballots"]:
        row["unit_id"] = " " + "".join(chr(ord(letter) + 0xFEE0) for letter in row["unit_id"]) + "\u3000"
    intake = year.read()
    assert remarkable(intake) == []
    assert {unit for unit, *_ in intake.data.votes} == {unit["unit_id"] for unit in year.tables["units"]}


def test_ids_may_be_numbers_in_excel(year: YearBook) -> None:
    for rows in year.tables.values():
        for row in rows:
            row["unit_id"] = {"C01": 101, "C02": 102}.get(row["unit_id"], row["unit_id"])
    year.write_xlsx()
    intake = year.look()
    assert remarkable(intake) == []
    assert intake.data.unit("101").name == "信息工程学院"


def test_merged_cells(year: YearBook) -> None:
    ballots = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots")
    book = workbook({"ballots": ballots})
    book["ballots"].merge_cells("B2:B3")
    year.save("a.xlsx", book)
    intake = year.read()
    finding = only(intake, "merged-cells")
    assert (finding.severity, finding.file, finding.sheet, finding.row) == ("error", "a.xlsx", "ballots", 2)
    assert "第 2～3 行" in finding.message
    assert "不合并" in finding.expected
    assert not found(intake, "blank")


def test_merged_cells_beside_the_table_do_not_matter(year: YearBook) -> None:
    ballots = [[*row, None, None] for row in sheet_rows("ballots", year.tables["ballots"])]
    year.without("ballots")
    book = workbook({"ballots": ballots})
    book["ballots"].merge_cells("F2:G3")
    year.save("a.xlsx", book)
    assert remarkable(year.read()) == []


def test_hidden_rows_columns_and_sheets_are_read(year: YearBook) -> None:
    ballots = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots")
    book = workbook({"说明": [["x"]], "ballots": ballots})
    sheet = book["ballots"]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.sheet_state = "hidden"
    year.save("a.xlsx", book)
    intake = year.read()
    assert sorted(remarkable(intake)) == ["hidden-columns", "hidden-rows", "hidden-sheet"]
    assert {only(intake, code).severity for code in remarkable(intake)} == {"warning"}
    assert "第 3 行" in only(intake, "hidden-rows").message
    assert "（B）" in only(intake, "hidden-columns").message
    assert intake.ok


def test_a_formatted_cell_far_below_costs_nothing(year: YearBook) -> None:
    ballots = sheet_rows("ballots", year.tables["ballots"])
    year.without("ballots")
    book = workbook({"ballots": ballots})
    book["ballots"]["A1048576"].number_format = "0%"
    book["ballots"]["XFD1"].number_format = "0%"
    year.save("a.xlsx", book)
    assert remarkable(year.read()) == []


def test_plain_forms() -> None:
    assert plain(" Ａ\u200b１　") == "A1"
    assert decimal("１，２３４．５") == Fraction("1234.5")
    assert decimal("−3") == -3
    assert decimal("9" * 60) is None
    assert [shown(cell) for cell in (None, True, 0.1 + 0.2, Percent(0.855), Percent(0), 7)] == [
        "",
        "TRUE",
        "0.3",
        "85.5%",
        "0%",
        "7",
    ]
