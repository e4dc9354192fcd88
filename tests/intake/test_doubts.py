"""Cells of which the workbook itself shows that they may not hold what was meant: formulas, comments, dates."""

import datetime
from types import ModuleType
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from kaohe.intake import Intake
from kaohe.intake.sheets import stream
from kaohe.intake.sheets.cells import Percent
from kaohe.intake.sheets.formulas import contents
from kaohe.intake.sheets.formulas.arithmetic import value_of
from kaohe.intake.sheets.formulas.calculation import Calculation
from kaohe.intake.sheets.formulas.contents import Cells, Written
from kaohe.intake.sheets.formulas.formula import parsed
from tests.intake.ballots import AUTO, ballots, read
from tests.intake.packages import BOOK, changed, packed, parts, rich_value, saved, with_cell
from tests.intake.yearbook import YearBook, found, only, remarkable, workbook

BY_HAND = (AUTO[0], '<calcPr calcId="124519" calcMode="manual"')


def formula(text: str, result: Any, kind: str = "") -> str:
    return f"{kind}><f>{text}</f><v>{result}</v>"


def asked(year: YearBook, *cells: tuple[str, str], **of: Any) -> Intake:
    """Ballots of which B2 (60 for C01) is what the cells say; C2 holds 30, D2 holds 2, F2:F4 further numbers."""
    rows = ballots(year)
    for row, number in zip(rows[1:4], (1.1, 2.2, 3.3), strict=True):
        row += [None, number]
    return read(year, workbook({"ballots": rows}), *cells, **of)


# Formulas


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("C2+D2", 32, 33),
        ("C2*D2-(C2/D2)^2+165", 0, 60),
        ("SUM(C2:D2,$C$3:$C$4)", 92, 62),
        ("SUM(F2:F4)*10", 66.00000000000001, 67),
        ("ROUND(AVERAGE(F2:F4),0)", 2, 3),
        ("ROUND(2.5,0)", 3, 2),
        ("COUNT(A3:D4)", 6, 8),
        ("IF(C2>=30,60,50)", 60, 50),
        ('IF(A2="c01",C2*50%,7)', 15, 7),
        ("MAX(C2:D3)-MIN(D2:D3)+ABS(-2)", 30, 28),
        ("IFERROR(C2/0,7)", 7, 8),
        ("'另 表'!B2+另表!A1", 42, 41),
        ("SUM(另表!A:A)", 49, 7),
        ("SUM(OFFSET(C1,1,0,2,1))+OFFSET(C2,0,1)", 62, 60),
        ('INDIRECT("C"&1+1)*INDIRECT("\'另 表\'!B2",TRUE)', 1050, 30),
        ("-D2+-(-3)+INT(1.9)", 2, 1),
    ],
)
def test_what_a_formula_gives(text: str, right: float, wrong: float) -> None:
    sheet = {
        1: dict(enumerate(["unit_id", "a", "b", "c"])),
        2: {0: "C01", 2: 30, 3: 2, 5: 1.1},
        3: {0: "C02", 1: 61, 2: 30, 3: 2, 5: 2.2},
        4: {0: "E01", 1: 62, 2: 30, 3: Percent(2), 5: 3.3, 7: datetime.date(2019, 3, 5)},
    }
    others = {"另 表": Cells({2: {1: 35}}, {}), "另表": Cells({1: {0: 7}, 2: {0: 42}, 3: {0: "7"}}, {})}
    book = Calculation({"X": Cells(sheet, {(2, 2): Written(parsed(text), text)}), **others})
    outcome = book.outcome("x", 2, 2)
    assert (outcome.is_known, outcome.is_sure) == (True, True)
    assert outcome.agrees(value_of(right))
    assert not outcome.agrees(value_of(wrong))
    assert not outcome.agrees(str(right))


def test_a_result_is_held_against_its_formula(year: YearBook) -> None:
    finding = only(asked(year, ("B2", formula("SUM(C2:D2)", 33))), "formula-contradicts")
    assert (finding.severity, finding.sheet, finding.row, finding.column) == ("error", "ballots", 2, "excellent")
    assert (finding.value, finding.unit) == ("33", "C01")
    assert finding.message == "公式“SUM(C2:D2)”按文件里的数重算是 32，保存的结果却是 33"
    assert "重新计算" in finding.expected


@pytest.mark.parametrize(
    "text", ["INDIRECT(A2&amp;A3)", "合计数", "Table1[数]", "[1]Sheet1!A1", "SUM(没有!A1:A2)", "B2", "SUM(F2:F4 F3)"]
)
def test_what_cannot_be_done_again_is_taken_as_saved(year: YearBook, text: str) -> None:
    intake = asked(year, ("B2", formula(text, 61)))
    assert not found(intake, "formula-contradicts")
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 61
    finding = only(intake, "external-link" if "]S" in text else "formulas-unchecked")
    assert (finding.severity, "1 个公式" in finding.message, "（B2）" in finding.message) == ("warning", True, True)


def test_a_formula_that_a_column_shares(year: YearBook) -> None:
    first = ("B2", '><f t="shared" ref="B2:B4" si="0">C2*2</f><v>60</v>')
    others = [(f"B{row}", f'><f t="shared" si="0"/><v>{result}</v>') for row, result in ((3, 60), (4, 61))]
    intake = asked(year, first, *others)
    finding = only(intake, "formula-contradicts")
    assert (finding.row, "重算是 60，" in finding.message) == (4, True)


def test_what_stands_on_a_stale_result_is_stale_itself(year: YearBook) -> None:
    intake = asked(year, ("F2", formula("C2*2", 55)), ("B2", formula("F2+1", 56)))
    assert "重算是 61，" in only(intake, "formula-contradicts").message


def test_a_division_by_zero_has_no_number(year: YearBook) -> None:
    assert "重算是错误值" in only(asked(year, ("B2", formula("C2/(D2-2)", 60))), "formula-contradicts").message


def test_what_moves_waits_for_what_it_reaches() -> None:
    texts = {(1, 1): "INDIRECT(B1)+1", (2, 1): "OFFSET(A1,2,0)*2", (3, 1): "OFFSET(A1,3,0)", (4, 1): "INDIRECT(B2)"}
    formulas = {place: Written(parsed(text), text, row=place[0], column=1) for place, text in texts.items()}
    book = Calculation({"x": Cells({1: {1: "A2"}, 2: {1: "A5"}, 5: {0: 4}}, formulas)})
    assert [book.outcome("x", row, 1).value for row in range(1, 5)] == [9, 8, 4, 4]
    around = {(1, 1): Written(parsed("INDIRECT(B1)"), ""), (2, 1): Written(parsed("OFFSET(A1,0,0)"), "")}
    assert not Calculation({"x": Cells({1: {1: "A2"}}, around)}).outcome("x", 1, 1).is_sure
    by_chance = {(1, 1): Written(parsed("INDIRECT(B1)"), ""), (2, 1): Written(parsed("RAND()"), "")}
    assert Calculation({"x": Cells({1: {1: "A2"}}, by_chance)}).outcome("x", 1, 1).is_volatile


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("SUM(C2:D2)", True),
        ("COUNT(C2:C8)", True),
        ("IF(C2&gt;100,90,10)", True),
        ("IFERROR(VLOOKUP(30,C2:D8,2,FALSE),7)", True),
        ("SUMPRODUCT(C2:C3,D2:D3)", True),
        ('SUMIF(A2:A8,"C01",C2:C8)', True),
        ("F2", True),
        ("C2+D2", False),
        ("SUM(D2:D8)", False),
        ("COUNTA(C2:C8)", False),
    ],
)
def test_numbers_kept_as_texts_do_not_count_in_a_formula(year: YearBook, text: str, is_told: bool) -> None:
    rows = ballots(year)
    rows[1:] = [[*row[:2], str(row[2]), *row[3:]] for row in rows[1:]]
    result = {"SUM(C2:D2)": 2, "IF(C2&gt;100,90,10)": 90, "IFERROR(VLOOKUP(30,C2:D8,2,FALSE),7)": 7, "F2": 2}
    result |= {"C2+D2": 32, "SUM(D2:D8)": 14, "COUNTA(C2:C8)": 7}
    beside = ("F2", "><f>SUM(C2:D2)</f><v>2</v>")
    intake = read(
        year,
        workbook({"ballots": [[*row, None, 0] for row in rows]}),
        ("B2", formula(text, result.get(text, 0))),
        beside,
    )
    assert [each.row for each in found(intake, "text-in-formula")] == [2] * is_told
    assert not found(intake, "formula-contradicts")


@pytest.mark.parametrize(
    "calculation", ['fullCalcOnLoad="1"', 'calcCompleted="0"', 'calcMode="manual" fullCalcOnLoad="1"']
)
@pytest.mark.parametrize(
    ("text", "code"), [("C2*2", ""), ("C2+1", "formula-contradicts"), ("LET(x,1)", "stale-result")]
)
def test_results_that_wait_to_be_done_again(year: YearBook, calculation: str, text: str, code: str) -> None:
    how = (AUTO[0], f'<calcPr calcId="124519" {calculation}')
    intake = asked(year, ("B2", formula(text, 60)), calculation=how)
    finding = only(intake, code or "stale-result")
    assert (finding.severity, finding.row) == (("error", 2) if code else ("warning", None))


@pytest.mark.parametrize(
    "text",
    ["RANDBETWEEN(50,60)", 'CELL("row",B2)', 'INFO("numfile")', "ROUND(RAND()*9,0)", "F2", "VLOOKUP(TODAY(),A1:B2,2)"],
)
def test_a_result_that_changes_by_itself(year: YearBook, text: str) -> None:
    intake = asked(year, ("F2", formula("YEAR(NOW())", 2019)), ("B2", formula(text, 2019)))
    finding = only(intake, "volatile-formula")
    assert (finding.row, finding.column, finding.value) == (2, "excellent", "2019")
    assert "没有固定的结果" in finding.message


def test_today_as_the_date_of_an_achievement(year: YearBook) -> None:
    book = achieved(["C01", "K6", "paper_core", "", "", "题", datetime.date(2019, 3, 5), "是", ""])
    intake = read(year, book, ("G2", f's="1"{formula("TODAY()", 43529)}'))
    finding = only(intake, "volatile-formula")
    assert (finding.column, finding.value) == ("date", "2019-03-05")


@pytest.mark.parametrize(("text", "is_sure"), [("C2*2", True), ("INDIRECT(A2&amp;A3)", False), ("F2*2", False)])
def test_a_workbook_that_calculates_by_hand(year: YearBook, text: str, is_sure: bool) -> None:
    beside = ("F2", formula("INDIRECT(A2&amp;A3)", 30))
    finding = only(asked(year, ("B2", formula(text, 60)), beside, calculation=BY_HAND), "manual-calculation")
    if is_sure:
        assert (finding.severity, finding.sheet, "（B2）" in finding.message) == ("warning", "ballots", True)
    else:
        assert (finding.severity, finding.row, finding.column, finding.value) == ("error", 2, "excellent", "60")
        assert "手动计算" in finding.message


def test_results_kept_as_they_look_say_nothing(year: YearBook) -> None:
    as_shown = (AUTO[0], '<calcPr calcId="124519" fullPrecision="0"')
    intake = asked(year, ("B2", formula("C2/7", 4)), calculation=as_shown)
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 4


def test_formulas_upon_thousands_of_formulas() -> None:
    formulas = {(row, 1): Written(parsed(f"A{row + 1}+1"), "") for row in range(1, 5000)}
    book = Calculation({"x": Cells({5000: {0: 1}}, formulas)})
    assert book.outcome("X", 1, 1).value == 5000
    around = {(1, 1): Written(parsed("A2"), ""), (2, 1): Written(parsed("A1"), "")}
    assert not Calculation({"x": Cells({}, around)}).outcome("x", 1, 1).is_sure


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(("where", "limit"), [(contents, "MOST_VISITS"), (stream, "MOST_FORMULAS")])
def test_formulas_that_reach_too_far_are_told(
    year: YearBook, monkeypatch: pytest.MonkeyPatch, where: ModuleType, limit: str
) -> None:
    monkeypatch.setattr(where, limit, 5)
    assert only(asked(year, ("B2", formula("SUM(A1:F9)", 60))), "formulas-unchecked").severity == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "1" + ")" * 200,
        "9^64^64^64",
        "20000^60",
        "1+" * 3000 + "1",
        "1" * 9000,
        "SUM(",
        "1+",
        '"',
        "A1:A2:A3",
        "#REF!",
    ],
)
def test_formulas_that_are_none(text: str) -> None:
    book = Calculation({"x": Cells({1: {0: 1}}, {(1, 1): Written(parsed(text), text)})})
    assert not book.outcome("x", 1, 1).is_known


# Pictures, comments and dates


HEADER = ["unit_id", "indicator", "kind", "level", "award", "title", "date", "first_author", "amount"]


def achieved(*rows: list[Any]) -> Workbook:
    return workbook({"achievements": [HEADER, *rows]})


PICTURE = '=DISPIMG("ID_0A1B2C3D4E5F",1)'


@pytest.mark.parametrize("kind", ["formula", "text", "csv"])
def test_a_picture_in_a_cell(year: YearBook, kind: str) -> None:
    row = ["C01", "K6", "paper_core", "", "", "题", datetime.date(2019, 3, 5), "是", ""]
    escaped = PICTURE.replace('"', "&quot;")
    if kind == "csv":
        year.tables["achievements"].append(dict(zip(HEADER, [*row[:5], PICTURE, *row[6:]], strict=True)))
        intake = year.read()
    elif kind == "text":
        intake = read(year, achieved(row), ("F2", f't="inlineStr"><is><t>{escaped}</t></is>'))
    else:
        intake = read(year, achieved(row), ("F2", formula(f"_xlfn.{escaped[1:]}", escaped, 't="str"')))
    finding = only(intake, "picture-in-cell")
    assert (finding.severity, finding.column, finding.value) == ("error", "title", PICTURE)
    assert "图片" in finding.message


def with_rich_value(content: bytes, kind: str) -> bytes:
    more, related = rich_value(kind)
    content = changed(content, "xl/_rels/workbook.xml.rels", ("</Relationships>", f"{related}</Relationships>"))
    return packed({**parts(content), **more})


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("_localImage", 't="e" vm="1"><v>#VALUE!</v>', "picture-in-cell"),
        ("_webimage", 't="e" vm="1"><f>_xlfn.IMAGE("x")</f><v>#VALUE!</v>', "picture-in-cell"),
        ("_error", 't="e" vm="1"><v>#VALUE!</v>', "error-cell"),
        ("_localImage", 't="e"><v>#VALUE!</v>', "error-cell"),
        ("_error", 't="e"><f>_xlfn.DISPIMG("ID",1)</f><v>#NAME?</v>', "picture-in-cell"),
        ("", 't="e" vm="1"><v>#VALUE!</v>', "error-cell"),
    ],
)
def test_a_picture_that_is_an_error_to_others(year: YearBook, kind: str, cell: str, code: str) -> None:
    content = with_cell(saved(workbook({"ballots": ballots(year)})), "B2", f'<c r="B2" {cell}</c>')
    content = with_rich_value(content, kind) if kind else changed(content, BOOK, AUTO)
    year.put("票.xlsx", changed(content, BOOK, AUTO) if kind else content)
    finding = only(year.read(), code)
    assert (finding.row, finding.column, finding.unit) == (2, "excellent", "C01")
    assert finding.value == ("图片" if code == "picture-in-cell" else "#VALUE!")


def test_a_comment_on_a_figure_is_told_with_its_words(year: YearBook) -> None:
    rows = ballots(year)
    rows[2][3] = None
    book = workbook({"ballots": rows})
    texts = {
        "A1": "表头的说明",
        "B2": "待核实，\n可能是 61",
        "D3": "应为 3",
        "F9": "表外",
        "C2": "教务处:\n",
        "E1": "上年数据",
    }
    for place, text in texts.items():
        book["ballots"][place].comment = Comment(text, "填报说明" if place == "E1" else "教务处")
    intake = read(year, book)
    finding, blank = found(intake, "comment")
    assert (finding.severity, finding.row, finding.column, finding.value) == ("warning", 2, "excellent", "60")
    assert "“待核实， 可能是 61”" in finding.message
    assert (finding.about, blank.about, blank.row, blank.value) == ("C01", "C02", 3, "")
    assert "单元格是空的" in blank.message
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60


@pytest.mark.parametrize(
    ("place", "said", "code"),
    [
        ("B1", "单位：万人", "unit-above"),
        ("B1", "本列均为上年数据", "other-year"),
        ("C1", "此列暂估", "provisional-figure"),
        ("B1", "C01 应为 61", "comment"),
        ("F3", "第 3 行作废。", "comment"),
        ("A20", "C02 优秀票更正为 70", "comment"),
        ("B1", "上一年度考核优秀的领导班子由全体教职工投票产生，如有误请联系", ""),
    ],
)
def test_a_comment_on_what_is_no_figure(year: YearBook, place: str, said: str, code: str) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"][place].comment = Comment(said, "教务处")
    intake = read(year, book)
    assert remarkable(intake) == [code] * bool(code)
    assert all(each.row == int(place[1:]) and each.column for each in found(intake, code))


def test_a_conversation_beside_a_figure(year: YearBook) -> None:
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = "".join(f'<threadedComment ref="B2" id="{each}"><text>{each}</text></threadedComment>' for each in "甲乙")
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    relation = f'<Relationship Id="t" Type="{kind}" Target="../threadedComments/t1.xml"/></Relationships>'
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["B2"].comment = Comment("[Threaded comment]\n\nYour version…\n\nComment:\n    甲", "x")
    content = changed(saved(book), "xl/worksheets/_rels/sheet1.xml.rels", ("</Relationships>", relation))
    xml = f'<ThreadedComments xmlns="{space}">{thread}</ThreadedComments>'.encode()
    year.put("票.xlsx", packed({**parts(content), "xl/threadedComments/t1.xml": xml}))
    assert "“甲；乙”" in only(year.read(), "comment").message


def test_comments_that_cannot_be_read_do_not_hide_the_cells(year: YearBook) -> None:
    book = workbook({"ballots": ballots(year)})
    book["ballots"]["B2"].comment = Comment("待核实", "x")
    found_parts = parts(saved(book))
    name = next(name for name in found_parts if "comments" in name and name.endswith(".xml"))
    year.put("票.xlsx", packed({**found_parts, name: b"<comments"}))
    intake = year.read()
    assert only(intake, "comments-unread").severity == "warning"
    assert intake.data.votes["C01", "ballot", ""].counts["", "excellent"] == 60
