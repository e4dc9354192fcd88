"""Figures that look otherwise than they are held: conditional formats, colours, what is drawn over a cell."""

from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, DataBarRule, FormulaRule, Rule
from openpyxl.styles import Alignment, Border, Color, Font, GradientFill, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from kaohe.intake import Intake
from tests.intake.ballots import ballots, read
from tests.intake.packages import changed, saved
from tests.intake.yearbook import YearBook, found, incident, only, remarkable, sheet_rows, workbook

BLACK = "FF000000"

# Conditional formats


def number_format(code: str) -> DifferentialStyle:
    return DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode=code))


def under(year: YearBook, rule: Any, style: DifferentialStyle | None = None, where: str = "B2:D9") -> Intake:
    book = workbook({"ballots": ballots(year)})
    if style:
        rule.dxf = style
    book["ballots"].conditional_formatting.add(where, rule)
    return read(year, book)


def larger(least: str = "59", operator: str = "greaterThan") -> Any:
    return CellIsRule(operator=operator, formula=least.split(";"))


@pytest.mark.parametrize(
    ("code", "problem"),
    [("0,", "人看到“0”，存的却是 60"), ('0"万"', "人看到“60万”"), (";;;", "数值看不见"), ("yyyy", "人看到日期")],
)
def test_a_conditional_format_that_shows_another_number(year: YearBook, code: str, problem: str) -> None:
    finding = found(under(year, larger("60", "equal"), number_format(code)), "disguised-cell")[0]
    assert (finding.severity, finding.row, finding.column) == ("error", 2, "excellent")
    assert f"条件格式使{problem}" in finding.message


@pytest.mark.parametrize(
    ("least", "operator", "count"), [("100", "greaterThan", 0), ("61;62", "between", 2), ("$C$2*2", "equal", 1)]
)
def test_a_condition_that_can_be_decided(year: YearBook, least: str, operator: str, count: int) -> None:
    intake = under(year, larger(least, operator), DifferentialStyle(font=Font(strike=True)))
    findings = found(intake, "disguised-cell")
    assert [each.message for each in findings] == ["条件格式给整格画了删除线"] * count


def test_a_condition_of_the_row(year: YearBook) -> None:
    rule = FormulaRule(formula=['$A2="C02"'], font=Font(strike=True))
    assert {each.row for each in found(under(year, rule), "disguised-cell")} == {3}


def test_a_condition_that_cannot_be_decided(year: YearBook) -> None:
    rule = FormulaRule(formula=["ISODD(B2)"], font=Font(strike=True))
    finding = found(under(year, rule, where="B2"), "disguised-cell")[0]
    assert (finding.row, "条件格式可能给整格画了删除线" in finding.message) == (2, True)


def test_a_bar_in_the_place_of_its_number(year: YearBook) -> None:
    rule = DataBarRule("min", None, "max", None, "FF638EC6", showValue=False)
    finding = found(under(year, rule, where="B2"), "disguised-cell")[0]
    assert (finding.row, finding.value, "看不见" in finding.message) == (2, "60", True)


def test_a_conditional_format_that_changes_no_number(year: YearBook) -> None:
    assert remarkable(under(year, larger(), number_format('0.0"票"'))) == []


def test_a_rule_of_newer_excel(year: YearBook) -> None:
    new, words = (
        "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
        "http://schemas.microsoft.com/office/excel/2006/main",
    )
    rule = (
        f'<extLst><ext xmlns:x="{new}" xmlns:m="{words}"><x:conditionalFormattings><x:conditionalFormatting>'
        '<x:cfRule type="cellIs" operator="equal" id="a"><m:f>60</m:f><x:dxf><font><strike/></font></x:dxf></x:cfRule>'
        "<m:sqref>B2:B9</m:sqref></x:conditionalFormatting></x:conditionalFormattings></ext></extLst></worksheet>"
    )
    content = changed(saved(workbook({"ballots": ballots(year)})), "xl/worksheets/sheet1.xml", ("</worksheet>", rule))
    year.put("票.xlsx", content)
    assert found(year.read(), "disguised-cell")[0].row == 2


# What cannot be seen, and what is drawn over a figure

WHITE, CROSSED = Font(color="FFFFFFFF"), Border(diagonal=Side("thin"), diagonalDown=True)


@pytest.mark.parametrize(
    ("look", "problem"),
    [
        ({"font": WHITE}, "字与底色相同"),
        ({"font": Font(color="FFFDFDFD")}, "字与底色相同"),
        ({"font": Font(color=Color(theme=0))}, "字与底色相同"),
        ({"font": Font(color=Color(indexed=9))}, "字与底色相同"),
        ({"font": Font(color="FFFF0000"), "fill": PatternFill("solid", fgColor="FFFF0000")}, "字与底色相同"),
        ({"fill": PatternFill("solid", fgColor="FF000000")}, "字与底色相同"),
        ({"border": CROSSED}, "斜线"),
        ({"font": Font(vertAlign="superscript")}, "上标"),
        ({"font": Font(vertAlign="subscript")}, "下标"),
        ({"font": Font(sz=1)}, "字号只有 1"),
        ({"font": Font(name="Wingdings 2")}, "看到的是符号"),
        ({"alignment": Alignment(horizontal="fill")}, "重复多次"),
    ],
)
@pytest.mark.parametrize("value", [60, "60"])
def test_a_figure_that_cannot_be_seen_or_is_crossed_out(year: YearBook, look: Any, problem: str, value: Any) -> None:
    book = workbook({"ballots": ballots(year)})
    cell = book["ballots"]["B2"]
    cell.value = value
    for name, style in look.items():
        setattr(cell, name, style)
    finding = only(read(year, book), "disguised-cell")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 2, "excellent", "60")
    assert problem in finding.message


@pytest.mark.parametrize("font", [InlineFont(color="FFFFFFFF"), InlineFont(sz=1)])
@pytest.mark.parametrize("shown", [("6", "0"), ("60", "人")])
def test_a_digit_that_cannot_be_seen(year: YearBook, font: InlineFont, shown: tuple[str, str]) -> None:
    book = workbook({"ballots": ballots(year)})
    hidden, seen = shown if shown[0] == "6" else shown[::-1]
    pieces = [TextBlock(font, hidden), TextBlock(InlineFont(), seen)]
    book["ballots"]["B2"].value = CellRichText(*pieces)
    finding = only(read(year, book), "disguised-cell")
    assert (finding.row, finding.column, finding.value) == (2, "excellent", seen)
    assert f"连同看不见的是“{hidden}{seen}”" in finding.message


def test_a_mark_in_a_font_of_symbols_is_no_letter(year: YearBook) -> None:
    rows = sheet_rows("achievements", year.tables["achievements"])
    at = rows[0].index("first_author")
    book = workbook({"achievements": [rows[0], [*rows[1][:at], "P", *rows[1][at + 1 :]]]})
    book["achievements"].cell(2, at + 1).font = Font(name="Wingdings 2")
    assert "看到的是符号" in only(read(year.without("achievements"), book), "disguised-cell").message


@pytest.mark.parametrize(
    "look",
    [
        {"font": Font(color="FFFF0000")},
        {"font": WHITE, "fill": PatternFill("solid", fgColor="FF4472C4")},
        {"fill": PatternFill("solid", fgColor="FFFFFF00")},
        {"border": Border(diagonal=Side("thin"))},
        {"border": Border(bottom=Side("thin"))},
    ],
)
def test_a_figure_that_is_only_coloured(year: YearBook, look: Any) -> None:
    book = workbook({"ballots": ballots(year)})
    for name, style in look.items():
        setattr(book["ballots"]["B2"], name, style)
    assert remarkable(read(year, book)) == []


def test_headers_may_be_crossed_or_white(year: YearBook) -> None:
    book = workbook({"ballots": ballots(year)})
    for cell in book["ballots"][1]:
        cell.font, cell.border = WHITE, CROSSED
    assert remarkable(read(year, book)) == []


def test_a_nought_that_is_white(year: YearBook) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["D2"].value, book["ballots"]["D2"].font = 0, WHITE
    intake = read(year, book)
    assert "D2" in only(intake, "hidden-zeros").message
    assert intake.data.votes["C01", "ballot", ""].counts["", "unqualified"] == 0


@pytest.mark.parametrize(
    ("style", "ground", "is_hidden"),
    [
        ({"font": WHITE}, "", True),
        ({"font": WHITE}, "FFFF0000", False),
        ({"font": Font(color="FFFF0000")}, "FFFF0000", True),
        ({"font": Font(color="FFFF0000")}, "", False),
        ({"font": WHITE, "fill": PatternFill(bgColor="FFFF0000")}, "", False),
        ({"fill": PatternFill(bgColor="FF000000")}, "", True),
        ({"fill": PatternFill(bgColor="FFFF0000")}, "", False),
    ],
)
def test_a_condition_that_hides_by_colour(year: YearBook, style: Any, ground: str, is_hidden: bool) -> None:
    book = workbook({"ballots": ballots(year)})
    if ground:
        book["ballots"]["B2"].fill = PatternFill("solid", fgColor=ground)
    book["ballots"].conditional_formatting.add("B2", FormulaRule(formula=["TRUE"], **style))
    assert len(found(read(year, book), "disguised-cell")) == is_hidden


@pytest.mark.parametrize("code", ['0,"万"', '0.0,"千"', '"负"0', '0"百"', '[>=60]"优秀";0', '0"成"'])
@pytest.mark.parametrize("kind", ["cell", "condition"])
def test_a_format_that_adds_a_word_or_a_scale(year: YearBook, code: str, kind: str) -> None:
    if kind == "condition":
        intake = under(year, larger("60", "equal"), number_format(code), "B2")
    else:
        book = workbook({"ballots": ballots(year)})
        book["ballots"]["B2"].number_format = code
        intake = read(year, book)
    assert only(intake, "disguised-cell").row == 2


@pytest.mark.parametrize(
    "code",
    ['"约"0', '0"余"', '0"+"', '">"0', '"不足"0', '0"（上年）"', '"作废"0', '0"待定"', '0"?"', "[White]0", "[颜色2]0"],
)
def test_a_format_whose_words_take_the_number_back(year: YearBook, code: str) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["B2"].number_format = code
    assert only(read(year, book), "disguised-cell").row == 2


@pytest.mark.parametrize("code", ['"余额"0', "+0;-0", '0"票"', "[DBNum1]General", "[Red]0", "_ * #,##0.00_ "])
def test_a_format_whose_words_leave_the_number(year: YearBook, code: str) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["B2"].number_format = code
    assert remarkable(read(year, book)) == []


@pytest.mark.parametrize(
    ("code", "is_told"),
    [
        ('@"万"', True),
        ("0;0;0;", True),
        (";;;", True),
        ('0;-0;0;"约"@', True),
        ("@", False),
        ('0"万"', False),
        ("0;-0", False),
    ],
)
def test_a_format_of_a_number_kept_as_a_text(year: YearBook, code: str, is_told: bool) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["B2"].value, book["ballots"]["B2"].number_format = "60", code
    assert remarkable(read(year, book)) == ["disguised-cell"] * is_told


@pytest.mark.parametrize("code", ["0%", "0.0%"])
def test_a_condition_that_shows_a_percentage(year: YearBook, code: str) -> None:
    intake = under(year, larger("60", "equal"), number_format(code), "B2")
    errors = [(each.row, each.value, each.message) for each in intake.findings if each.severity == "error"]
    assert errors == [(2, "6000%", "不是百分数列")]


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        (Rule(type="top10", rank=2), [7, 8]),
        (Rule(type="top10", rank=1, bottom=True), [2]),
        (Rule(type="top10", rank=30, percent=True), [7, 8]),
        (Rule(type="aboveAverage"), [6, 7, 8]),
        (Rule(type="aboveAverage", aboveAverage=False, equalAverage=True), [2, 3, 4, 5]),
        (Rule(type="containsText", operator="containsText", text="64", formula=["TRUE"]), [6]),
        (Rule(type="notContainsText", operator="notContains", text="6", formula=["TRUE"]), []),
        (Rule(type="beginsWith", operator="beginsWith", text="65", formula=["TRUE"]), [7]),
        (Rule(type="endsWith", operator="endsWith", text="6", formula=["TRUE"]), [8]),
        (Rule(type="duplicateValues"), []),
        (Rule(type="containsBlanks", formula=["TRUE"]), []),
        (Rule(type="notContainsErrors", formula=["TRUE"]), [2, 3, 4, 5, 6, 7, 8]),
    ],
    ids=lambda each: str(getattr(each, "type", "")),
)
def test_a_condition_of_what_a_cell_is_among_others(year: YearBook, rule: Any, rows: list[int]) -> None:
    intake = under(year, rule, number_format('0,"万"'), "B2:B8")
    findings = found(intake, "disguised-cell")
    assert [each.row for each in findings] == rows
    assert all("条件格式使人看到" in each.message for each in findings)


@pytest.mark.parametrize("rule", [Rule(type="timePeriod", timePeriod="today"), Rule(type="aboveAverage", stdDev=1)])
def test_a_condition_of_another_kind_is_asked_about(year: YearBook, rule: Any) -> None:
    finding = only(under(year, rule, number_format('0,"万"'), "B2"), "disguised-cell")
    assert "条件格式可能使人看到" in finding.message


@pytest.mark.parametrize("stops", [True, False])
def test_a_rule_that_stops_those_behind_it(year: YearBook, stops: bool) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"].conditional_formatting.add("B2", FormulaRule(["TRUE"], stopIfTrue=stops))
    book["ballots"].conditional_formatting.add("B2", FormulaRule(["TRUE"], font=Font(strike=True)))
    assert len(found(read(year, book), "disguised-cell")) == (not stops)


def test_a_percentage_takes_no_doubt_away(year: YearBook) -> None:
    rate = next(row for row in year.tables["metrics"] if row["value"] == 0.8)
    year.tables["metrics"].remove(rate)
    page = (book := workbook({"metrics": [[*rate], [*rate.values()]]}))["metrics"]
    page.conditional_formatting.add("C2", FormulaRule(["TRUE"], font=Font(strike=True)))
    page.conditional_formatting.add("C2", Rule(type="expression", dxf=number_format("0%"), formula=["TRUE"]))
    assert "删除线" in only(read(year, book), "disguised-cell").message


@pytest.mark.parametrize("kind", ["gradient", "scale", "white", "date"])
def test_other_ways_to_hide_by_a_condition(year: YearBook, kind: str) -> None:
    rows = ballots(year)
    book = workbook({"ballots": rows, "incidents": sheet_rows("incidents", [incident()])})
    over, area = book["ballots"].conditional_formatting, "B2:B8"
    if kind == "gradient":
        over.add("B2", FormulaRule(["TRUE"], fill=GradientFill(stop=(BLACK, BLACK))))
    elif kind == "white":
        over.add("B2", Rule(type="expression", dxf=number_format("[White]0"), formula=["TRUE"]))
    elif kind == "scale":
        over.add(area, ColorScaleRule("min", None, BLACK, "max", None, "FFFFFF00"))
    else:
        over = book["incidents"].conditional_formatting
        over.add("C2", Rule(type="expression", dxf=number_format(";;;"), formula=["TRUE"]))
    finding = only(read(year, book), "disguised-cell")
    assert (finding.row, finding.column) == (2, "date" if kind == "date" else "excellent")


def test_a_ground_of_two_colours_is_none(year: YearBook) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["B2"].fill = GradientFill(stop=(BLACK, "FFFFFFFF"))
    book["ballots"]["C2"].fill = GradientFill(stop=(BLACK, BLACK))
    assert only(read(year, book), "disguised-cell").column == "qualified"
