"""Words that float above a sheet: over a figure, or beside all of them."""

import re
from typing import Any

import pytest

from kaohe.intake.sheets import boxes
from tests.intake.ballots import ballots
from tests.intake.packages import SHEET, packed, parts, saved
from tests.intake.yearbook import YearBook, only, remarkable, workbook

DRAWING = "xl/drawings/drawing1.xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACE, STRICT = "http://schemas.openxmlformats.org/drawingml/2006", "http://purl.oclc.org/ooxml/drawingml"


def floating(rows: list[list[Any]], text: str, at: tuple[int, int], space: str = SPACE) -> bytes:
    """The ballots with a text box over one cell (row and column from 0); without a text, a picture."""
    content = parts(saved(workbook({"民主测评": rows})))
    ends = zip(("from", "to"), (at, (at[0] + 1, at[1] + 1)), strict=True)
    places = "".join(
        f"<d:{end}><d:col>{column}</d:col><d:colOff>0</d:colOff><d:row>{row}</d:row><d:rowOff>0</d:rowOff></d:{end}>"
        for end, (row, column) in ends
    )
    shape = f"<d:sp><d:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:txBody></d:sp>"
    shape = shape if text else "<d:pic/>"
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
        ("", (1, 1), "covered-cell"),
        ("", (1, 9), None),
    ],
)
def test_words_that_float_above_a_sheet(year: YearBook, text: str, at: tuple[int, int], code: str | None) -> None:
    year.put("票.xlsx", floating(ballots(year, chinese=True), text, at))
    intake = year.read()
    assert remarkable(intake) == ([code] if code else [])
    if code == "covered-cell":
        finding = only(intake, code)
        assert (finding.row, finding.column, finding.value) == (2, "优秀", "60" if text else "")


def test_a_picture_that_hangs_at_a_corner(year: YearBook) -> None:
    content = floating(ballots(year, chinese=True), "", (1, 1))
    anchor, size = "oneCellAnchor>", '<d:ext cx="700000" cy="600000"/><d:pic/>'
    drawing = re.sub("<d:to>.*</d:to>", "", parts(content)[DRAWING].decode()).replace("twoCellAnchor>", anchor)
    year.put("票.xlsx", packed({**parts(content), DRAWING: drawing.replace("<d:pic/>", size).encode()}))
    assert "第 2～4 行" in only(year.read(), "covered-cell").message


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
