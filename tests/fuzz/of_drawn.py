"""What a person sees beside what cells hold: digits that cannot be seen, boxes that float above, other figures."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fuzz.targets import Draw, NoneLeftError, Target, a_number, case, numeric, targets, whole, written
from tests.fuzz.writing import Styled, text_of
from tests.fuzz.year import Case, Year

_SPACE = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"


def unseen_digits(draw: Draw, year: Year) -> Case:
    """Some letters of a figure white or a dot in size: what is seen is another one."""
    target, value = numeric(draw, year)
    text = written(value) + draw(st.sampled_from(["", "0", "5"]))
    at = draw(st.integers(1, max(len(text) - 1, 1)))
    font = draw(st.sampled_from(['<color rgb="FFFFFFFF"/>', '<color theme="0"/>', '<sz val="1"/>']))
    looks = draw(st.sampled_from([(font, ""), ("", font)]))
    pieces = zip((text[:at], text[at:] or "7"), looks, strict=True)
    inside = "".join(f"<r><rPr>{look}</rPr><t>{piece}</t></r>" for piece, look in pieces)
    return case(year, target, Styled(kind="inlineStr", xml=f"<is>{inside}</is>"), None, True)


def text_boxes(draw: Draw, year: Year) -> Case:
    """A box with words over a figure is told there; the figure is the one that the cell holds."""
    target, value = numeric(draw, year)
    made = case(year, target, float(value), value, True)
    shape = f"<d:sp><d:txBody><a:p><a:r><a:t>{draw(st.integers(1, 99))}</a:t></a:r></a:p></d:txBody></d:sp>"
    floating(draw, made, target, shape)
    return made


def floating(draw: Draw, made: Case, target: Target, shape: str) -> None:
    """The shape over the target, which is told there."""
    made.told, row, column = True, target.row - 1, target.at
    if draw(st.booleans()):
        shape = f"<d:grpSp>{shape}</d:grpSp>"
    more = draw(st.sampled_from([0, 90_000]))
    ends = (("from", row, column, 0), ("to", row + (not more), column + (not more), more))
    places = "".join(
        f"<d:{end}><d:col>{at}</d:col><d:colOff>{off}</d:colOff><d:row>{line}</d:row><d:rowOff>{off}</d:rowOff></d:{end}>"
        for end, line, at, off in ends
    )
    drawing = f"<d:twoCellAnchor>{places}{shape}</d:twoCellAnchor>"
    spaces = f'xmlns:d="{_SPACE}/spreadsheetDrawing" xmlns:a="{_SPACE}/main"'
    related = f'<Relationship Id="d1" Type="{_DRAWING}" Target="../drawings/drawing1.xml"/>'
    made.book.below = "<drawing/>"
    made.book.more = {
        "xl/drawings/drawing1.xml": f"<d:wsDr {spaces}>{drawing}</d:wsDr>".encode(),
        "xl/worksheets/_rels/sheet1.xml.rels": (
            f'<Relationships xmlns="{_RELATIONS}">{related}</Relationships>'.encode()
        ),
    }


def two_row_headers(draw: Draw, year: Year) -> Case:
    """Groups above the columns of a wide table; the unit's header stands in the first row."""
    if "metrics" in year.taken:
        raise NoneLeftError
    target = draw(st.sampled_from(targets(year, "rate", "count", "money", table="wide")))
    value = a_number(draw, target.kind)
    excel = draw(st.booleans())
    made = case(year, target, float(value) if excel else written(value), value, excel)
    header = made.rows[0]
    groups: list[Any] = [header[0], "各项数据", *[None] * (len(header) - 2)]
    made.rows[0:1] = [groups, [None, *header[1:]]]
    made.row, made.columns, made.told, made.calm = 2, (), True, True
    return made


def figures_beside(draw: Draw, year: Year) -> Case:
    """Another column of figures, by its name those that count, in which one is another: a question."""
    target = draw(st.sampled_from([each for each in targets(year, "money", "points") if each.table != "wide"]))
    value = a_number(draw, target.kind)
    excel = draw(st.booleans())
    made = case(year, target, float(value) if excel else written(value), value, excel)
    header = draw(st.sampled_from(["核定数", "更正后数值", "审核值", "最终得分", "修正", "实际值"]))
    for row in made.rows:
        row.append(header if row is made.rows[0] else None)
    made.rows[target.row - 1][-1] = written(value + 1)
    made.columns, made.told = (header,), True
    return made


def corrections_below(draw: Draw, year: Year) -> Case:
    """A note below the rows that says that one of them is another: a question, at the note."""
    made, _, _ = whole(year, draw)
    said = draw(
        st.sampled_from(["更正：第 2 行应为 {}", "注：上表有误，实为{}", "备注：C01 的数改为{}", "说明：以此为准，{}"])
    )
    if draw(st.booleans()):
        made.rows.append(["注：1. 数据由各单位报送", *[None] * (len(made.rows[0]) - 1)])
        said = f"2. {said}"
    made.rows.append([said.format(draw(st.integers(1, 99))), *[None] * (len(made.rows[0]) - 1)])
    made.row, made.told = len(made.rows), True
    return made


def points_as_commas(draw: Draw, year: Year) -> Case:
    """Every decimal point of a file a comma, its fields parted by another sign: read, and said once."""
    made, target, value = whole(year, draw, excel=False)
    if value.denominator == 1:
        value += a_number(draw, "rate") if target.kind != "count" else 0
    if value.denominator == 1 or target.kind == "rate":
        raise NoneLeftError
    made.rows[target.row - 1][target.at], made.meant = written(value), value
    numbers = [[str(cell).replace(".", ",") if _is_decimal(cell) else cell for cell in row] for row in made.rows]
    if any(isinstance(cell, str) and len(cell.partition(",")[2]) == 3 for row in numbers for cell in row):
        raise NoneLeftError  # 1,234 may be either
    made.content, made.told = text_of(numbers, draw(st.sampled_from(";\t")), "\r\n").encode(), True
    made.calm = True
    return made


def _is_decimal(cell: Any) -> bool:
    return isinstance(cell, float) or (isinstance(cell, str) and cell.replace(".", "", 1).isdigit())
