"""An Excel workbook as grids of cells: error cells, formulas without a result, percentages, merged and hidden parts."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.intake.cells import Cell, ExcelError, Percent, Uncomputed
from kaohe.intake.grid import Grid, cell_of_text
from kaohe.intake.places import Log, Spot

OLE = b"\xd0\xcf\x11\xe0"
"""How old .xls files begin, and .xlsx files with a password."""

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


def read_workbook(content: bytes, file: str, log: Log) -> list[Grid]:
    """Every worksheet of the workbook; none, with a finding, where it cannot be opened."""
    if content.startswith(OLE):
        log.error("unreadable", "工作簿设有密码，或是改了扩展名的 .xls", Spot(file), expected="不加密的 .xlsx")
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions that carry no data
            book = load_workbook(io.BytesIO(content), data_only=True)
            formulas = load_workbook(io.BytesIO(content)) if _has_formulas(content) else None
    except Exception as error:  # a damaged file makes openpyxl raise nearly anything
        log.error(
            "unreadable",
            f"工作簿无法打开，文件可能已损坏（{type(error).__name__}）",
            Spot(file),
            expected="在 Excel 中能打开的 .xlsx",
        )
        return []
    for chart in book.chartsheets:
        log.advisory("chart-sheet", "图表工作表不含数据，未读取", Spot(file, chart.title))
    return [_grid(sheet, formulas, file, log) for sheet in book.worksheets]


def _has_formulas(content: bytes) -> bool:
    """Whether some sheet holds a formula: only then is the workbook read a second time."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name and name.endswith(".xml")]
        return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _grid(sheet: Worksheet, formulas: Workbook | None, file: str, log: Log) -> Grid:
    # The cells that exist, not the sheet's rectangle: one formatted cell far below must not cost a million rows.
    found: dict[tuple[int, int], Any] = sheet._cells
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in found.items():
        value = _value(cell)
        if value is not None:
            by_row.setdefault(row, {})[column - 1] = value
    if formulas is not None:
        for row, column, formula in _uncomputed(sheet, formulas[sheet.title]):
            by_row.setdefault(row, {})[column - 1] = formula
    rows = [(row, _line(by_row[row])) for row in sorted(by_row)]
    merged = tuple(
        (area.min_row, area.max_row, area.min_col - 1, area.max_col - 1) for area in sheet.merged_cells.ranges
    )
    _tell_hidden(sheet, set(by_row), file, log)
    return Grid(file, sheet.title, rows, merged)


def _line(cells: dict[int, Cell]) -> list[Cell]:
    return [cells.get(column) for column in range(max(cells) + 1)]


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "e":
        return ExcelError(str(value))
    if isinstance(value, str):
        return cell_of_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and _is_percent(cell.number_format):
        return Percent(value)
    return value


def _is_percent(number_format: str) -> bool:
    """A `%` that Excel calculates with, not one that is only printed."""
    return "%" in number_format and "%" in _LITERAL.sub("", number_format)


def _uncomputed(values: Worksheet, formulas: Any) -> Iterator[tuple[int, int, Uncomputed]]:
    """Formulas without a saved result. One whose result is an empty text is a blank (`t="str"`)."""
    known: dict[tuple[int, int], Any] = values._cells
    for (row, column), cell in formulas._cells.items():
        if cell.data_type == "f":
            value = known.get((row, column))
            if value is None or (value.value is None and value.data_type != "str"):
                formula = cell.value if isinstance(cell.value, str) else f"={getattr(cell.value, 'text', '') or ''}"
                yield row, column, Uncomputed(formula)


def _tell_hidden(sheet: Worksheet, rows: set[int], file: str, log: Log) -> None:
    at = Spot(file, sheet.title)
    if sheet.sheet_state != "visible" and rows:
        log.advisory("hidden-sheet", "工作表是隐藏的，照常读取", at)
    hidden = sorted(row for row, about in sheet.row_dimensions.items() if about.hidden and row in rows)
    if hidden:
        listed = "、".join(map(str, hidden[:10])) + ("…" if len(hidden) > 10 else "")
        log.advisory("hidden-rows", f"有 {len(hidden)} 个隐藏行（第 {listed} 行），照常读取", at)
    columns = sorted(letter for letter, about in sheet.column_dimensions.items() if about.hidden)
    if columns and rows:
        log.advisory("hidden-columns", f"有隐藏列（{'、'.join(columns)}），照常读取", at)
