"""How our workbooks look: header band, borders, widths, what prints; only what Excel, WPS and LibreOffice share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.files import whole_file

HEADER_FONT, HEADER_FILL = Font(size=11, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
GIVEN_FILL, GREY_FILL = PatternFill("solid", fgColor="F2F2F2"), PatternFill("solid", fgColor="BFBFBF")
OPTIONAL_FILL = PatternFill("solid", fgColor="FFF9E5")
_LINE = Side(style="thin", color="BFBFBF")
GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRAPPED = Alignment(vertical="top", wrap_text=True)
UNLOCKED = Protection(locked=False)
PERCENT, MONEY, DAY, POINTS, WHOLE, PLAIN = "0.00%", "#,##0.00", "yyyy-mm-dd", "0.00", "0", "General"
A4 = 9
ROW_HEIGHT = 18
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
FORMULA_SIGNS = ("=", "+", "-", "@")


def sheet_name(text: str) -> str:
    """A scheme's word as the name of a sheet: none of the signs and no more letters than Excel allows."""
    return _NOT_IN_NAMES.sub("_", text)[:31].strip("'") or "_"


def put(page: Worksheet, row: int, column: int, value: Any, number_format: str | None = None) -> Cell:
    """Write a cell; text stays text even where it begins like a formula."""
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_SIGNS)
    else:
        cell.value = value
    if number_format:
        cell.number_format = number_format
    return cell


def dress(cell: Cell, model: Cell) -> None:
    """The model's whole style at once: setting it part by part is what takes time; text keeps its own mark."""
    mark = cell.quotePrefix
    cell._style = copy(model._style)  # type: ignore[attr-defined]  # as openpyxl's manual copies a style
    if mark:
        cell.quotePrefix = mark


def put_formula(page: Worksheet, row: int, column: int, formula: str, number_format: str = POINTS) -> Cell:
    """A live formula, made by us of cell names alone."""
    cell = page.cell(row, column, formula)
    assert isinstance(cell, Cell)
    cell.number_format = number_format
    return cell


def header(page: Worksheet, headers: Sequence[str], row: int = 1) -> None:
    for at, text in enumerate(headers, start=1):
        cell = put(page, row, at, text)
        cell.font, cell.fill, cell.alignment, cell.border = HEADER_FONT, HEADER_FILL, CENTRED, GRID


def finish(page: Worksheet, *, frozen_columns: int, header_height: float = 36, landscape: bool = True) -> None:
    """Frozen header, widths by content, A4, as wide as the paper, header row and first columns on every page."""
    page.freeze_panes = f"{get_column_letter(frozen_columns + 1)}2"
    page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = ROW_HEIGHT, True
    page.row_dimensions[1].height = header_height
    for at, column in enumerate(page.iter_cols(values_only=True), start=1):
        page.column_dimensions[get_column_letter(at)].width = _width(column)
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    footer(page, center="&A　第 &P 页，共 &N 页")


def footer(page: Worksheet, *, left: str = "", center: str = "", right: str = "") -> None:
    """What stands below every printed page."""
    page.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(left), center=_HeaderFooterPart(center), right=_HeaderFooterPart(right)
    )


def lock(page: Worksheet) -> None:
    """Structure and locked cells stay; no password, so that nobody is locked out of the own file."""
    protection = page.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.sort = protection.autoFilter = False


def save(path: Path, book: Workbook) -> None:
    """The workbook, whole or not at all."""
    with whole_file(path) as part:
        book.save(part)


def _width(values: Iterable[object]) -> float:
    """Wide enough for the longest text; a header breaks into lines, and numbers are shown short."""
    head, *texts = ("" if value is None or isinstance(value, float) else str(value) for value in values)
    longest = max((signs(text) for text in texts if not text.startswith("=")), default=0)
    return min(60, max(11, signs(head) / 2 + 3, longest + 3))


def signs(text: str) -> int:
    """The width of a text, where Chinese signs count twice."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
