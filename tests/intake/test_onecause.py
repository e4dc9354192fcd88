"""One cause is one finding: what is a consequence of it is neither listed as lacking nor told again; and what floats
above a sheet or stands beside its figures is not passed over."""

from typing import Any

import pytest

from kaohe.intake.sheets import boxes
from tests.intake.ballots import ballots
from tests.intake.packages import SHEET, packed, parts, saved
from tests.intake.yearbook import YearBook, csv_bytes, found, incident, only, remarkable, sheet_rows, workbook

DRAWING = "xl/drawings/drawing1.xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACE, STRICT = "http://schemas.openxmlformats.org/drawingml/2006", "http://purl.oclc.org/ooxml/drawingml"


def wide(year: YearBook) -> list[list[Any]]:
    rows = sheet_rows("metrics", year.tables["metrics"], chinese=True, wide=True)
    year.without("metrics")
    return rows


@pytest.mark.parametrize("header", ["社会培训人数排名", "社会培训人数（上年）", "社会培训人次"])
def test_a_header_that_names_nearly_a_metric_is_all_there_is_to_say(year: YearBook, header: str) -> None:
    rows = wide(year)
    rows[0][rows[0].index("社会培训人数")] = header
    year.save("宽.xlsx", workbook({"指标数据": rows}))
    intake = year.read()
    assert remarkable(intake) == ["unknown-metric"]
    assert "是否指 社会培训人数" in only(intake, "unknown-metric").expected


def test_ids_under_merged_cells_are_one_finding(year: YearBook) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    book = workbook({"metrics": rows})
    for unit in ("C01", "C02"):
        of_unit = [at for at, row in enumerate(rows, start=1) if row[0] == unit]
        book["metrics"].merge_cells(f"A{of_unit[0]}:A{of_unit[-1]}")
    year.without("metrics").save("a.xlsx", book)
    intake = year.read()
    assert remarkable(intake) == ["merged-cells"]
    assert only(intake, "merged-cells").message.count("第 ") == 2
    assert not intake.missing


def test_a_header_of_two_rows_is_read_and_said(year: YearBook) -> None:
    rows = wide(year)
    groups = [rows[0][0], "教学", None, "其他", *[None] * (len(rows[0]) - 4)]
    book = workbook({"指标数据": [groups, [None, *rows[0][1:]], *rows[1:]]})
    book["指标数据"].merge_cells("A1:A2")
    year.save("宽.xlsx", book)
    intake = year.read()
    assert remarkable(intake) == ["two-row-header"]
    assert len(intake.data.metrics) == 106


@pytest.mark.parametrize(
    ("name", "sheet"), [("指标数据V2.csv", ""), ("教务处 - 指标数据_20190701.csv", ""), ("指标数据.xlsx", "Sheet1")]
)
def test_a_name_with_the_tables_in_it_is_one_finding(year: YearBook, name: str, sheet: str) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    year.without("metrics")
    if sheet:
        year.save(name, workbook({sheet: rows}))
    else:
        year.put(name, csv_bytes(rows))
    intake = year.read()
    assert remarkable(intake) == ["no-table"]
    assert "是否指“指标数据”" in only(intake, "no-table").expected
    assert (intake.missing, bool(intake.unread)) == ((), True)


@pytest.mark.parametrize(("header", "is_told"), [("核定票数", True), ("总票数", False)])
def test_other_figures_beside_those_that_are_read(year: YearBook, header: str, is_told: bool) -> None:
    rows = ballots(year, chinese=True)
    year.save("票.xlsx", workbook({"民主测评": [[*rows[0], header], *([*row, row[1] + 1] for row in rows[1:])]}))
    intake = year.read()
    assert remarkable(intake) == ["other-figures" if is_told else "unknown-column"]
    assert intake.has_errors is is_told


@pytest.mark.parametrize(("points", "is_told"), [(0.5, False), (0.6, True)])
def test_other_figures_are_held_against_the_column_that_they_name(year: YearBook, points: float, is_told: bool) -> None:
    rows = sheet_rows("incidents", [incident(indicator="B07", points=0.5)], chinese=True)
    year.without("incidents")
    year.save("扣.xlsx", workbook({"扣分事件": [[*rows[0], "核定分值"], [*rows[1], points]]}))
    intake = year.read()
    assert remarkable(intake) == ["other-figures" if is_told else "unknown-column"]
    if is_told:
        assert "“核定分值”列有 1 行的数与“分值”列不同" in only(intake, "other-figures").message


def test_a_year_in_brackets_behind_a_header_is_held_against_the_year(year: YearBook) -> None:
    rows = ballots(year, chinese=True)
    rows[0][1:] = [f"{each}（2017-2018）" for each in rows[0][1:]]
    year.save("票.xlsx", workbook({"民主测评": rows}))
    assert {each.column for each in found(year.read(), "other-year")} == set(rows[0][1:])


def floating(rows: list[list[Any]], text: str, at: tuple[int, int], space: str = SPACE) -> bytes:
    """The ballots with a text box over one cell (row and column from 0)."""
    content = parts(saved(workbook({"民主测评": rows})))
    ends = zip(("from", "to"), (at, (at[0] + 1, at[1] + 1)), strict=True)
    places = "".join(
        f"<d:{end}><d:col>{column}</d:col><d:colOff>0</d:colOff><d:row>{row}</d:row><d:rowOff>0</d:rowOff></d:{end}>"
        for end, (row, column) in ends
    )
    shape = f"<d:sp><d:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:txBody></d:sp>"
    content[DRAWING] = (
        f'<d:wsDr xmlns:d="{space}/spreadsheetDrawing" xmlns:a="{space}/main">'
        f"<d:twoCellAnchor>{places}{shape}</d:twoCellAnchor></d:wsDr>"
    ).encode()
    content["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="d1" Type="{OFFICE}/drawing" '
        'Target="../drawings/drawing1.xml"/></Relationships>'
    ).encode()
    content[SHEET] = content[SHEET].replace(b"</worksheet>", b"<drawing/></worksheet>")
    return packed(content)


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("61", (1, 1), "covered-cell"),
        ("（单位：百人）", (1, 9), "unit-above"),
        ("2017-2018学年", (1, 9), "other-year"),
        ("C01 优秀票更正为 61", (1, 9), "correction-beside"),
        ("请按时报送", (1, 9), None),
    ],
)
def test_words_that_float_above_a_sheet(year: YearBook, text: str, at: tuple[int, int], code: str | None) -> None:
    year.put("票.xlsx", floating(ballots(year, chinese=True), text, at))
    intake = year.read()
    assert remarkable(intake) == ([code] if code else [])
    if code == "covered-cell":
        finding = only(intake, code)
        assert (finding.row, finding.column, finding.value) == (2, "优秀", "60")


def test_words_in_strict_open_xml(year: YearBook) -> None:
    year.put("票.xlsx", floating(ballots(year, chinese=True), "61", (1, 1), STRICT))
    assert remarkable(year.read()) == ["covered-cell"]


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("kind", ["damaged", "many"])
def test_boxes_that_cannot_be_read_are_told(year: YearBook, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    content = floating(ballots(year, chinese=True), "61", (1, 1))
    if kind == "damaged":
        content = packed({**parts(content), DRAWING: b"<wsDr"})
    monkeypatch.setattr(boxes, "MOST_BOXES", 0 if kind == "many" else 10)
    year.put("票.xlsx", content)
    intake = year.read()
    assert remarkable(intake) == ["boxes-unread"]
    assert not intake.has_errors


@pytest.mark.parametrize(("comma", "code"), [(";", "decimal-comma"), (",", None)])
def test_commas_for_points_and_the_end_of_an_old_file(year: YearBook, comma: str, code: str | None) -> None:
    rows = sheet_rows("metrics", year.tables["metrics"])
    point = "," if comma == ";" else "."
    lines = [comma.join("" if cell is None else str(cell) for cell in row) for row in rows]
    written = [lines[0], *(line.replace(".", point) for line in lines[1:])]
    year.without("metrics").put("metrics.csv", "\r\n".join(written) + "\r\n\x1a")
    intake = year.read()
    assert sorted(remarkable(intake)) == ([code, "separator"] if code else [])
    assert (len(intake.data.metrics), intake.has_errors) == (106, False)
    assert str(intake.data.metrics["C02", "survey_rate"].value) == "81/100"
