"""How our workbooks look: header band, borders, widths, what prints; only what Excel, WPS and LibreOffice share."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.files import whole_file
from kaohe.intake.sheets.comments import OWN
from kaohe.rules.enclosed import Real

LETTERS = "Calibri"
TITLE_FONT, BOLD_FONT = Font(LETTERS, 14, bold=True), Font(LETTERS, 11, bold=True)
HEADER_FONT, HEADER_FILL = Font(LETTERS, 11, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
GIVEN_FILL, GREY_FILL = PatternFill("solid", fgColor="F2F2F2"), PatternFill("solid", fgColor="BFBFBF")
OPTIONAL_FILL = PatternFill("solid", fgColor="FFF9E5")
_LINE = Side(style="thin", color="BFBFBF")
GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRAPPED, MIDDLE = Alignment(vertical="top", wrap_text=True), Alignment(vertical="center", wrap_text=True)
UNLOCKED = Protection(locked=False)
MARK_RED, MARK_AMBER = ("9C0006", "FFC7CE"), ("9C5700", "FFEB9C")
"""Ink and fill of cells that do not fit."""

PERCENT, MONEY, DAY, POINTS, WHOLE, PLAIN, TEXT = "0.00%", "#,##0.00", "yyyy-mm-dd", "0.00", "0", "General", "@"


def points_format(decimals: int) -> str:
    """How a workbook shows points of so many decimals."""
    return f"0.{'0' * decimals}" if decimals else WHOLE


ROW_HEIGHT, LINE, HIGHEST_ROW = 18, 15, 409
"""A row, a line of text in one, and the highest that Excel makes, in points."""

A4, SHORT_SIDE, LONG_SIDE = 9, 595, 842
SIDES, TOP, BOTTOM = 29, 36, 43
"""Margins of a printed page; all in points."""

LONGEST_BEYOND = 255
"""Excel repairs a file that says more above or below its pages, codes included."""

COLUMN_UNIT = 0.75 * 9
"""Points across of a column's unit: 7 pixels with the letters we name, up to 9 with what may stand in for them."""

LEAST_SCALE, ACROSS_SCALE = 0.75, 0.8
"""Letters of 11 points stay above 8: a sheet that would have to be smaller goes over several pages."""

NARROWEST, WIDEST_HEAD = 9, 10
STOPS, INDENT = "，；。：、）”", "　"
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
FORMULA_SIGNS = ("=", "+", "-", "@")


def sheet_name(text: str) -> str:
    """A scheme's word as the name of a sheet: none of the signs and no more letters than Excel allows."""
    return _NOT_IN_NAMES.sub("_", text)[:31].strip("'") or "_"


def put(page: Worksheet, row: int, column: int, value: Any, number_format: str | None = None) -> Cell:
    """Write a cell; text stays text even where it begins like a formula, and any number is the nearest double."""
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        quoted = value.startswith(FORMULA_SIGNS)
        if quoted or cell.has_style:  # every style that is set is looked up among all others
            cell.quotePrefix = quoted
    else:
        cell.value = float(value) if isinstance(value, Fraction | Real) else value
    if number_format:
        cell.number_format = number_format
    return cell


def mark(page: Worksheet, area: str, formula: str, *, only_told: bool = False) -> None:
    """Cells of `area` are coloured where the formula (that of its first cell) holds; the first mark is the one."""
    ink, fill = MARK_AMBER if only_told else MARK_RED
    pattern = PatternFill("solid", fgColor=fill, bgColor=fill)
    page.conditional_formatting.add(area, FormulaRule([formula], fill=pattern, font=Font(color=ink), stopIfTrue=True))


def note(page: Worksheet, column: int, text: str) -> None:
    """A note on a column's header, large enough to be read."""
    comment = Comment(text, OWN)
    comment.width, comment.height = 300, 24 + 18 * sum(1 + len(line) // 22 for line in text.split("\n"))
    page.cell(1, column).comment = comment


def dress(cell: Cell, model: Cell) -> None:
    """The model's whole style at once: setting it part by part is what takes time; text keeps its own mark."""
    mark = cell.quotePrefix
    cell._style = copy(model._style)  # type: ignore[attr-defined]  # as openpyxl's manual copies a style
    if mark:
        cell.quotePrefix = mark


def put_formula(page: Worksheet, row: int, column: int, formula: str, decimals: int) -> Cell:
    """A live formula, made by us of cell names alone; what it comes to is shown with so many decimals."""
    cell = page.cell(row, column, formula)
    assert isinstance(cell, Cell)
    cell.number_format = points_format(decimals)
    return cell


def header(page: Worksheet, headers: Sequence[str], row: int = 1) -> None:
    for at, text in enumerate(headers, start=1):
        cell = put(page, row, at, text)
        cell.font, cell.fill, cell.alignment, cell.border = HEADER_FONT, HEADER_FILL, CENTRED, GRID


def fit_row(page: Worksheet, row: int, texts: Iterable[Any], widths: Iterable[float]) -> None:
    """As high as the longest of its texts needs in a column so wide: not every program finds that by itself."""
    pairs = zip(texts, widths, strict=True)
    lines = max((lines_of(text, width - 1) for text, width in pairs if isinstance(text, str)), default=1)
    page.row_dimensions[row].height = min(HIGHEST_ROW, 3 + LINE * lines)


def finish(
    page: Worksheet,
    *,
    frozen_columns: int,
    widths: Mapping[int, float] | None = None,
    row_height: float | None = ROW_HEIGHT,
    landscape: bool = True,
    row: int = 1,
) -> None:
    """The header in `row` frozen, widths by content or as given by column, and a layout to print.

    `row_height` None: the caller makes each row as high as its text needs.
    """
    page.freeze_panes = f"{get_column_letter(frozen_columns + 1)}{row + 1}"
    if row_height is not None:
        page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = row_height, True
    given, lines = widths or {}, 1
    for at, column in enumerate(page.iter_cols(min_row=row, values_only=True), start=1):
        width = given.get(at) or _width(column)
        page.column_dimensions[get_column_letter(at)].width = width
        lines = max(lines, lines_of(str(column[0] or ""), width - 1))
    page.row_dimensions[row].height = 8 + LINE * max(2, lines)
    printed(page, frozen_columns, landscape=landscape)
    page.print_title_rows = f"{row}:{row}"
    page.HeaderFooter.scaleWithDoc = False
    footer(page, center="&A　第 &P 页，共 &N 页")


def printed(page: Worksheet, repeated: int, *, landscape: bool, columns: int | None = None) -> None:
    """On A4, in letters that can be read: as wide as the paper, or over several pages with the first columns on each.

    `columns`: so many are printed, where not all of them.
    """
    setup, margins = page.page_setup, page.page_margins
    setup.paperSize, setup.orientation = A4, "landscape" if landscape else "portrait"
    margins.left = margins.right = SIDES / 72
    margins.top, margins.bottom, margins.header, margins.footer = TOP / 72, BOTTOM / 72, 0.25, 0.25
    letters = map(get_column_letter, range(1, (columns or page.max_column) + 1))
    width = COLUMN_UNIT * sum(page.column_dimensions[letter].width for letter in letters)
    room = (LONG_SIDE if landscape else SHORT_SIDE) - 2 * SIDES
    if LEAST_SCALE * width <= room:
        setup.fitToWidth, setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    else:
        setup.scale, setup.pageOrder = int(100 * ACROSS_SCALE), "overThenDown"
        page.print_title_cols = f"A:{get_column_letter(repeated)}"


def fits_upright(widths: Iterable[float]) -> bool:
    """Whether columns so wide can be read on a page that stands."""
    return LEAST_SCALE * COLUMN_UNIT * sum(widths) <= SHORT_SIDE - 2 * SIDES


def literal(text: str, most: int) -> str:
    """A text for above or below a page, where `&` begins a code; of one that is longer than `most` begin and end."""
    codes = text.count("&")
    if len(text) + codes > most:
        half = max(0, (most - 1 - codes) // 2)
        text = f"{text[:half]}…{text[len(text) - half :]}"
    return text.replace("&", "&&")


def top_line(page: Worksheet, *, left: str = "", center: str = "", right: str = "") -> None:
    """What stands above every printed page; what others wrote is made `literal` first."""
    page.HeaderFooter.oddHeader = _beyond(left, center, right)
    page.page_margins.top = (TOP + LINE) / 72


def footer(page: Worksheet, *, left: str = "", center: str = "", right: str = "") -> None:
    """What stands below every printed page."""
    page.HeaderFooter.oddFooter = _beyond(left, center, right)


def _beyond(left: str, center: str, right: str) -> HeaderFooterItem:
    parts = {"left": left, "center": center, "right": right}
    item = HeaderFooterItem(**{name: _HeaderFooterPart(text, size=10) for name, text in parts.items() if text})
    assert len(str(item)) <= LONGEST_BEYOND
    return item


def broken(text: str, width: int) -> list[str]:
    """A text as lines for rows of their own, after a comma where one is near: no program has to find their heights."""
    lines, line, taken = [], "", 0
    for sign in text:
        if taken + signs(sign) > width and sign not in STOPS:
            at = max((place for place, each in enumerate(line, start=1) if each in STOPS), default=0)
            at = at if 2 * signs(line[:at]) > width else len(line)
            lines.append(line[:at])
            line = INDENT + line[at:]
            taken = signs(line)
        line += sign
        taken += signs(sign)
    return [*lines, line]


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column so wide; Chinese signs are a little wider than two letters."""
    return sum(max(1, math.ceil(1.1 * signs(part) / width)) for part in text.split("\n"))


def lock(page: Worksheet) -> None:
    """Structure and locked cells stay; no password, so that nobody is locked out of the own file."""
    protection = page.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.sort = protection.autoFilter = False


def save(path: Path, book: Workbook) -> None:
    """The workbook, whole or not at all; made in memory: an archive on a full disk complains once more when it goes."""
    with whole_file(path) as part:
        made = io.BytesIO()
        book.save(made)
        part.write_bytes(made.getvalue())


def _width(values: Iterable[object]) -> float:
    """Wide enough for the longest text; a header breaks into lines, and numbers are shown short."""
    head, *texts = ("" if value is None or isinstance(value, float) else str(value) for value in values)
    longest = max((signs(text) for text in texts if not text.startswith("=")), default=0)
    return min(60, max(NARROWEST, min(signs(head) / 2 + 3, WIDEST_HEAD), longest + 3))


@lru_cache(4096)
def signs(text: str) -> int:
    """The width of a text, where Chinese signs count twice; asked for the same units' names in every workbook."""
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
