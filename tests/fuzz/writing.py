"""Tables written fast, as CSV or as a workbook, with cells that no library would write."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

FILE = "交来/表"
PERCENT, DAY, TWO = 1, 2, 3
"""Styles: `0.0%`, a date, `0.00`; from OWN on those of the workbook itself."""
OWN = 4

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FORMATS = "".join(f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0"/>' for number in (0, 164, 14, 2))
_STYLES = ("styles", "styles", "styles.xml")


@dataclass(frozen=True)
class Styled:
    """A number and how it is shown; `xml` instead is the whole inside of the element, `kind` its type."""

    value: Any = None
    style: int = 0
    kind: str = ""
    xml: str = ""


Rows = list[list[Any]]


@dataclass
class Workbook:
    """What a workbook has beside its cells."""

    sheet: str
    hidden: bool = False
    date1904: bool = False
    recompute: bool = False
    rows: dict[int, str] = field(default_factory=dict)  # row → attributes
    columns: str = ""
    merged: Sequence[str] = ()
    dimension: str = ""
    more: dict[str, bytes] = field(default_factory=dict)
    related: str = ""  # further relations of the workbook
    doctype: str = ""
    formats: Sequence[str] = ()
    overlaid: str = ""  # what a conditional format lays over cells
    below: str = ""  # behind the merged areas
    by_hand: bool = False
    others: Mapping[str, Rows] = field(default_factory=dict)  # further sheets


def xlsx(rows: Rows, book: Workbook) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in _parts(rows, book).items():
            archive.writestr(name, text)
    return out.getvalue()


def _parts(rows: Rows, book: Workbook) -> dict[str, str | bytes]:
    state, mode = ' state="hidden"' if book.hidden else "", "manual" if book.by_hand else "auto"
    own = list(enumerate(book.formats, start=165))
    codes = "".join(f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for number, code in own)
    styles = _FORMATS + "".join(f'<xf numFmtId="{number}"/>' for number, _ in own)
    sheets = {f"worksheets/sheet{place}.xml": name for place, name in enumerate((book.sheet, *book.others), start=1)}
    types = f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>' + "".join(
        f'<Override PartName="/xl/{part}" ContentType="{_OFFICE}.{kind}+xml"/>'
        for part, kind in (*((part, "worksheet") for part in sheets), ("styles.xml", "styles"))
    )
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{place}" r:id="rId{place}"{state if place == 1 else ""}/>'
        for place, name in enumerate(sheets.values(), start=1)
    )
    targets = (*((f"rId{place}", "worksheet", part) for place, part in enumerate(sheets, start=1)), _STYLES)
    related = "".join(
        f'<Relationship Id="{name}" Type="{_RELS}/{kind}" Target="{part}"/>' for name, kind, part in targets
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>',
        "xl/workbook.xml": f'<workbook xmlns="{_SPACE}" xmlns:r="{_RELS}"><workbookPr date1904="{int(book.date1904)}"/>'
        f"<sheets>{listed}</sheets>"
        f'<calcPr fullCalcOnLoad="{int(book.recompute)}" calcMode="{mode}"/></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{related}{book.related}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{_SPACE}">'
        f'<numFmts><numFmt numFmtId="164" formatCode="0.0%"/>{codes}</numFmts>'
        "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
        f"<cellXfs>{styles}</cellXfs><dxfs><dxf>{book.overlaid}</dxf></dxfs></styleSheet>",
        "xl/worksheets/sheet1.xml": _sheet(rows, book),
        **{f"xl/{part}": _sheet(book.others[name], Workbook("")) for part, name in [*sheets.items()][1:]},
        **book.more,
    }


def _sheet(rows: Rows, book: Workbook) -> str:
    data = "".join(
        f'<row r="{number}" {book.rows.get(number, "")}>'
        f"{''.join(_cell(cell, f'{get_column_letter(at)}{number}') for at, cell in enumerate(row, start=1))}</row>"
        for number, row in enumerate(rows, start=1)
    )
    dimension = f'<dimension ref="{book.dimension}"/>' if book.dimension else ""
    columns = f"<cols>{book.columns}</cols>" if book.columns else ""
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in book.merged)
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    inside = f"{dimension}{columns}<sheetData>{data}</sheetData>{merged}{book.below}"
    return f'{book.doctype}<worksheet xmlns="{_SPACE}">{inside}</worksheet>'


def _cell(cell: Any, at: str) -> str:
    match cell:
        case None:
            return ""
        case Styled(xml=xml, kind=kind) if xml:
            return f'<c r="{at}" t="{kind or "n"}" s="{cell.style}">{xml}</c>'
        case Styled():
            return f'<c r="{at}" s="{cell.style}"><v>{cell.value}</v></c>'
        case bool():
            return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
        case int() | float():
            return f'<c r="{at}"><v>{cell!r}</v></c>'
        case _:
            return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(_xml(str(cell)))}</t></is></c>'


def _xml(text: str) -> str:
    """Characters that XML forbids as Excel writes them."""
    return "".join(f"_x{ord(letter):04X}_" if letter < " " and letter not in "\t\n" else letter for letter in text)


def text_of(rows: Rows, delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(
        [["" if cell is None else cell for cell in row] for row in rows]
    )
    return out.getvalue()
