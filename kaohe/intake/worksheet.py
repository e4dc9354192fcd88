"""One worksheet of a workbook, row by row: values, formulas without a result, merged and hidden parts.

It is read through openpyxl's parser of cells alone: whole worksheets of openpyxl walk through every cell of a merged
area and build an object for each, so that a line of XML could cost hours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import COL_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from kaohe.intake.cells import Cell, ExcelError, Percent, Uncomputed
from kaohe.intake.grid import cell_of_text

MOST_SLOTS = 5_000_000
"""Cells of the rectangle that a sheet's rows span, blank ones included."""

MOST_LETTERS = 32_767

_SHEET_TAG, _MERGED_TAG = f"{{{SHEET_MAIN_NS}}}worksheet", f"{{{SHEET_MAIN_NS}}}mergeCell"
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_LINK = re.compile(r"\[\d+\]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class SheetTooLargeError(ValueError):
    """More cells than any table of a year can have."""


@dataclass
class Sheet:
    """What a worksheet holds; columns count from 0, rows from 1."""

    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[int, list[Cell]]]:
        return [(row, _line(self.cells[row])) for row in sorted(self.cells)]


class SheetReader:
    """Reads one worksheet; where it breaks off, `at` is the cell. `stale`: no formula has a result."""

    def __init__(self, source: IO[bytes], book: Any, texts: list[str], stale: bool) -> None:
        self.parser = _Parser(source, texts, True, book.epoch, book._date_formats, book._timedelta_formats)
        self.percent = {i for i, style in enumerate(book._cell_styles) if _is_percent(_format(book, style.numFmtId))}
        self.stale = stale
        self.sheet = Sheet()
        self.slots = 0

    @property
    def at(self) -> tuple[int | None, str]:
        """Row and column letter of the cell read last."""
        column = self.parser.col_counter
        return self.parser.row_counter or None, get_column_letter(column) if 0 < column <= 16384 else ""

    def read(self) -> Sheet:
        element: Any = None
        for _, element in iterparse(self.parser.source):
            if element.tag == ROW_TAG:
                self._row(*self.parser.parse_row(element))
            elif element.tag == COL_TAG:
                self._column(element.attrib)
            elif element.tag == _MERGED_TAG:
                left, first, right, last = range_boundaries(element.attrib["ref"])
                self.sheet.merged.append((first or 1, last or 2**20, (left or 1) - 1, (right or 2**14) - 1))
            else:
                continue
            element.clear()
        if element is None or element.tag != _SHEET_TAG:  # “Strict Open XML” has the same names in another namespace
            raise ValueError("no worksheet")
        self._only_used_columns()
        return self.sheet

    def _row(self, number: int, cells: list[dict[str, Any]]) -> None:
        for cell in cells:
            value = self._value(cell)
            if value is None:
                continue
            row = self.sheet.cells.setdefault(cell["row"], {})
            if cell["column"] - 1 in row:
                self.parser.col_counter = cell["column"]
                raise ValueError("a cell that stands twice")
            row[cell["column"] - 1] = value
        kept = self.sheet.cells.get(number)
        if not kept:
            return
        self.slots += max(kept) + 1
        if self.slots > MOST_SLOTS:
            raise SheetTooLargeError
        if self.parser.row_dimensions.get(str(number), {}).get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.append(number)

    def _value(self, cell: dict[str, Any]) -> Cell:
        value, formula = cell["value"], cell["formula"]
        if formula is not None:
            # A formula whose result is an empty text is a blank (`t="str"`).
            if self.stale or (value is None and cell["data_type"] != "str"):
                return Uncomputed(formula)
            if _LINK.search(formula):
                self.sheet.linked.append(f"{get_column_letter(cell['column'])}{cell['row']}")
        if value is None:
            return None
        if cell["data_type"] == "e":
            return ExcelError(str(value))
        if isinstance(value, str):
            if len(value) > MOST_LETTERS:
                raise ValueError("more text than Excel lets into a cell")
            return cell_of_text(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), value))
        if isinstance(value, int | float) and not isinstance(value, bool) and cell["style_id"] in self.percent:
            return Percent(value)
        return value

    def _column(self, about: dict[str, str]) -> None:
        if about.get("hidden") in ("1", "true"):
            first, last = int(about["min"]), min(int(about["max"]), 2**14)
            self.sheet.hidden_columns += [get_column_letter(column) for column in range(first, last + 1)]

    def _only_used_columns(self) -> None:
        used = {get_column_letter(column + 1) for row in self.sheet.cells.values() for column in row}
        self.sheet.hidden_columns = [letter for letter in self.sheet.hidden_columns if letter in used]


class _Parser(WorkSheetParser):
    """Cells with their saved value and, beside it, the formula."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        formula = element.find(FORMULA_TAG)
        cell: dict[str, Any] = super().parse_cell(element)
        return cell | {"formula": None if formula is None else f"={formula.text or '…'}"}


def _line(cells: dict[int, Cell]) -> list[Cell]:
    return [cells.get(column) for column in range(max(cells) + 1)]


def _format(book: Any, number: int) -> str:
    if number < 164:
        return BUILTIN_FORMATS.get(number, "General")
    return str(book._number_formats[number - 164]) if number - 164 < len(book._number_formats) else "General"


def _is_percent(number_format: str) -> bool:
    """A `%` that Excel calculates with, not one that is only printed."""
    return "%" in number_format and "%" in _LITERAL.sub("", number_format)
