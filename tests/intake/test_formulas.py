"""Formulas done again from a workbook's own cells: names, tables, areas, lookups, conditions; and real workbooks."""

import datetime
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from kaohe.intake.sheets.cells import Cell, ExcelError
from kaohe.intake.sheets.formulas.arithmetic import value_of
from kaohe.intake.sheets.formulas.calculation import Calculation
from kaohe.intake.sheets.formulas.contents import Cells, Outcome, Written
from kaohe.intake.sheets.formulas.formula import parsed
from kaohe.intake.sheets.formulas.names import NamedTable, Names
from tests.intake.ballots import ballots
from tests.intake.packages import BOOK, changed, saved, with_cell
from tests.intake.yearbook import YearBook, found, only, workbook

VALUES: dict[int, dict[int, Cell]] = {
    1: {0: "编号", 1: "数", 2: "级"},
    2: {0: "C01", 1: 60, 2: "优"},
    3: {0: "C02", 1: 70, 2: "良"},
    4: {0: "C03", 1: 80, 2: "优"},
    5: {0: "C04", 1: 90, 2: "中"},
    6: {3: datetime.datetime(2019, 3, 5), 4: ExcelError("#N/A"), 5: "7"},
}
NAMES = Names(
    {
        ("", "教职工"): parsed("说明!$A$1"),
        ("", "率"): parsed("0.5"),
        ("", "a"): parsed("b+b"),
        ("", "b"): parsed("a+a"),
        ("", "随机"): parsed("RAND()"),
    },
    {"t": NamedTable("X", (1, 5, 1, 3), ("编号", "数", "级"))},
    ["x", "y", "说明"],
)


def result(text: str, piece: tuple[int, int] | None = None, row: int = 9) -> Outcome:
    """What the formula gives in column I."""
    written = Written(parsed(text), text, row=row, column=9, piece=piece)
    others = {"Y": Cells({2: {1: 5}}, {}), "说明": Cells({1: {0: 99}, 2: {1: 7}}, {})}
    return Calculation({"X": Cells(VALUES, {(row, 9): written}), **others}, NAMES).outcome("x", row, 9)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("教职工", 99),
        ("教职工*率", 49.5),
        ("SUM(X:说明!B2)", 72),
        ("SUM(T[数])", 300),
        ("T[[#This Row],[数]]*2", None),
        ("SUM(T[[#All],[数]:[级]])", 300),
        ("SUM({30,31})", 61),
        ("SUMPRODUCT(B2:B3)", 130),
        ('SUMPRODUCT((C2:C5="优")*B2:B5)', 140),
        ('SUMPRODUCT(--(C2:C5="优"))', 2),
        ("SUMPRODUCT(1/COUNTIF(C2:C5,C2:C5))", 3),
        ('VALUE("70")', 70),
        ('VALUE("1,234")', 1234),
        ("COUNTA(A1:C5)", 15),
        ("COUNTA(A1:F6)", 18),
        ("COUNTBLANK(A1:C6)", 3),
        ('VLOOKUP("c02",A1:C5,2,0)', 70),
        ('VLOOKUP("x",A1:C5,2,FALSE)', "fail"),
        ('IFERROR(VLOOKUP("x",A1:C5,2,0),7)', 7),
        ("VLOOKUP(75,B2:C5,2)", "良"),
        ('INDEX(B1:B5,MATCH("C03",A1:A5,0))', 80),
        ("INDEX(A1:C5,2,2)", 60),
        ('HLOOKUP("数",A1:C5,3,0)', 70),
        ('LOOKUP(85,{0,60,85},{"c","b","a"})', "a"),
        ('XLOOKUP("C02",A1:A5,B1:B5)', 70),
        ('SUMIF(C2:C5,"优",B2:B5)', 140),
        ('SUMIF(B2:B5,">=70")', 240),
        ('COUNTIF(B:B,">=70")', 3),
        ('COUNTIF(C2:C5,"<>优")', 2),
        ('COUNTIF(A2:A9,"C*")', 4),
        ('COUNTIFS(C2:C5,"优",B2:B5,">60")', 1),
        ('SUMIFS(B2:B5,C2:C5,"优",A2:A5,"<>C01")', 80),
        ('AVERAGEIF(C2:C5,"优",B2:B5)', 70),
        ('MAXIFS(B2:B5,C2:C5,"优")', 80),
        ("ROUNDUP(60.5,0)", 61),
        ("MOD(7,4)", 3),
        ("MOD(-7,4)", 1),
        ("MEDIAN(B2:B5)", 75),
        ("LARGE(B2:B5,2)", 80),
        ("SUM(LARGE(B2:B5,{1,2}))", 170),
        ("SUM(SMALL(B2:B5,{1;2}))", 130),
        ("RANK(B2,B2:B5)", 4),
        ("RANK(B2,B2:B5,1)", 1),
        ("TRIMMEAN(B2:B5,0.5)", 75),
        ("SUBTOTAL(9,B2:B5)", 300),
        ('LEFT("60分",2)+0', 60),
        ("MID(A2,2,2)", "01"),
        ("LEN(A2)", 3),
        ('TEXT(1234.5,"#,##0.0")', "1,234.5"),
        ("DATE(2019,3,5)", 43529),
        ("YEAR(D6)", 2019),
        ("D6+1", 43530),
        ("E6+1", "fail"),
        ("IFNA(E6,3)", 3),
        ("F6+1", 8),
        ("F6*1", 7),
        ("SUM(F6)", 0),
        ('"abc"+1', "fail"),
        ("AND(B2:B5>1)", None),
        ("IFS(B2>70,1,B2>50,2)", 2),
        ("CHOOSE(2,5,6)", 6),
        ("ROW()-1", 8),
        ("COLUMNS(A:C)", 3),
        ("a", None),
        ("随机", None),
        ("POWER(2,3)", 8),
        ("SQRT(9)", 3),
        ("QUOTIENT(7,2)", 3),
        ("TRUNC(7.9)", 7),
        ("VLOOKUP(1)", None),
        ("SUMIF(B2:B5)", None),
        ('INDIRECT("B2")', 60),
        ('INDIRECT("R2C2",FALSE)', None),
        ("PHONETIC(A1)", None),
        ("IF(A1>B2,1,2)", 1),
        ("COUNTIF(B2:B5,B2:B5)", None),
        ("OFFSET(A1,1,1)", 60),
        ('CONCATENATE("6",0)', "60"),
    ],
)
def test_what_a_formula_gives(text: str, right: Any) -> None:
    """`None`: it is not done again."""
    outcome = result(text)
    assert (outcome.is_known, outcome.fails) == (right is not None, right == "fail")
    if right not in (None, "fail"):
        assert outcome.agrees(value_of(right))


@pytest.mark.parametrize(
    ("text", "piece", "right"),
    [
        ("B2:B5*B2:B5", (0, 0), 3600),
        ("B2:B5*B2:B5", (1, 0), 4900),
        ("SUM(B2:B3*B2:B3)", (0, 0), 8500),
        ('SUM(IF(C2:C5="优",B2:B5,0))', (0, 0), 140),
        ('MAX(IF(C2:C5="优",B2:B5))', (0, 0), 80),
        ("B2:B5*B2:B3", (0, 0), None),
        ("B2:B5", (9, 0), None),
    ],
)
def test_a_formula_of_whole_areas(text: str, piece: tuple[int, int], right: int | None) -> None:
    outcome = result(text, piece)
    assert (outcome.is_known, outcome.value) == (right is not None, right)


@pytest.mark.parametrize("text", ["B:B*2", "T[[#This Row],[数]]*2", "T[@数]*2"])
def test_the_cell_beside_which_a_formula_stands(text: str) -> None:
    assert result(text, row=4).value == 160


def test_a_name_may_change_by_itself() -> None:
    assert result("随机+1").is_volatile


def test_a_number_that_doubles_may_see_otherwise_decides_nothing() -> None:
    values: dict[int, dict[int, Cell]] = {1: {0: 0.3}, 2: {0: 0.1, 1: 0.2}}
    for text in ("COUNTIF(C2,0.3)", "MATCH(C2,A1:A2,0)", "MOD(C2,0.1)", "VLOOKUP(C2,A1:B1,1,0)"):
        formulas = {(2, 3): Written(parsed("A2+B2"), ""), (3, 3): Written(parsed(text), text)}
        assert not Calculation({"x": Cells(values, formulas)}).outcome("x", 3, 3).is_known, text


# In workbooks


def stale(year: YearBook, xml: str, book: Workbook | None = None) -> Any:
    """Ballots whose B2 is 60 by what was saved."""
    content = saved(book or workbook({"ballots": ballots(year)}))
    content = with_cell(content, "B2", f'<c r="B2">{xml}<v>60</v></c>')
    year.put("票.xlsx", changed(content, BOOK, ('fullCalcOnLoad="1"', "")))
    return year.read()


def described(year: YearBook) -> Workbook:
    """With a name, a table and a sheet that is none."""
    book = workbook({"ballots": ballots(year), "说明": [["项", "数"], ["甲", 99], ["乙", 1]]})
    book.defined_names["票数"] = DefinedName("票数", attr_text="说明!$B$2")
    book["说明"].add_table(Table(displayName="表", ref="A1:B3"))
    return book


@pytest.mark.parametrize(
    ("xml", "right"),
    [
        ("<f>票数</f>", 99),
        ("<f>SUM(表[数])</f>", 100),
        ("<f>SUM(ballots:说明!C2)</f>", 30),
        ('<f>VLOOKUP("甲",说明!A:B,2,0)</f>', 99),
        ('<f t="array" ref="B2">SUM(说明!B2:B3*说明!B2:B3)</f>', 9802),
        ("<f>COUNTA(C2:D2)</f>", 2),
        ("<f>SUM({30,31})</f>", 61),
    ],
)
def test_an_old_result_beside_any_such_formula(year: YearBook, xml: str, right: int) -> None:
    finding = only(stale(year, xml, described(year)), "formula-contradicts")
    assert (finding.row, finding.column, finding.value) == (2, "excellent", "60")
    assert f"重算是 {right}，" in finding.message


def test_the_other_cells_of_a_formula_of_areas_are_not_mere_numbers(year: YearBook) -> None:
    intake = stale(year, '<f t="array" ref="B2:B4">C2:C4*2</f>')
    assert {each.row for each in found(intake, "formula-contradicts")} == {3, 4}


@pytest.mark.parametrize("part", ['ref="A1:B3"', 'name="项"'])
def test_a_table_that_cannot_be_read_is_no_hindrance(year: YearBook, part: str) -> None:
    content = changed(saved(described(year)), "xl/tables/table1.xml", (part, ""))
    content = with_cell(content, "B2", '<c r="B2"><f>SUM(表[数])</f><v>60</v></c>')
    year.put("票.xlsx", changed(content, BOOK, ('fullCalcOnLoad="1"', "")))
    assert only(year.read(), "formulas-unchecked").severity == "warning"
