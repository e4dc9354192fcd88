"""One worksheet of a workbook, row by row: values, formulas without a result, merged and hidden parts.

It is read as a stream of elements: worksheets of a library walk through every cell of a merged area and build an
object for each, so that a line of XML could cost hours.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import IO

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel, from_ISO8601

from kaohe.intake.sheets import formats, textformats
from kaohe.intake.sheets.boxes import Box
from kaohe.intake.sheets.cells import (
    LARGEST,
    PLAINLY,
    Cell,
    Disguised,
    Doubted,
    ExcelError,
    Percent,
    Uncomputed,
    exact,
    is_figure,
    number_in,
    shown,
)
from kaohe.intake.sheets.colours import WHITE
from kaohe.intake.sheets.formulas.contents import Written
from kaohe.intake.sheets.formulas.formula import MOST_COLUMNS, MOST_ROWS, Formula, parsed, unparsed
from kaohe.intake.sheets.formulas.names import NamedTable
from kaohe.intake.sheets.grid import cell_of_text, picture
from kaohe.intake.sheets.overlays import Overlay, OverlayParts, area_of
from kaohe.intake.sheets.stream import Attributes, Room, TooLargeError, is_true
from kaohe.intake.sheets.styles import PLAIN, Style, Styles
from kaohe.intake.sheets.texts import MOST_LETTERS_IN_CELL, TextReader, struck_out

MOST_MERGED = 100_000
MOST_PIECES = 200_000
"""Cells of a sheet that show what formulas of whole areas give."""

_LINK = re.compile(r"\[\d+\]")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?\s*")
_WHOLE = re.compile(r"\s*[+-]?[0-9]+\s*")


@dataclass(frozen=True)
class Book:
    """What the cells of all sheets need; `pictures`: the `vm` of cells with one."""

    texts: list[Cell] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)
    epoch: datetime.datetime = WINDOWS_EPOCH
    pictures: frozenset[str] = frozenset()


@dataclass
class Sheet:
    """What a worksheet holds; columns count from 0 (those of formulas from 1), rows from 1."""

    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    hidden_zeros: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    formulas: dict[tuple[int, int], Written] = field(default_factory=dict)
    overlays: list[Overlay] = field(default_factory=list)
    colours: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    tables: list[tuple[str, NamedTable]] = field(default_factory=list)
    page: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    late: str = ""
    done_again: list[str] = field(default_factory=list)
    not_again: list[str] = field(default_factory=list)
    is_unfinished: bool = False

    @property
    def rows(self) -> list[tuple[int, list[Cell]]]:
        return [(row, _line(self.cells[row])) for row in sorted(self.cells)]


class SheetReader(TextReader):
    """Reads one worksheet; where it breaks off, `at` is the cell."""

    def __init__(self, book: Book, room: Room) -> None:
        super().__init__(room, "worksheet", "is")
        self.book = book
        self.sheet = Sheet()
        self.row = self.column = self._line = 0
        self._about: Attributes = {}
        self._saved = self._formula = ""
        self._about_formula: Attributes = {}
        self._shared: dict[str, tuple[str, int, int]] = {}
        self._pieces = 0
        self._place = ""
        self._hidden: set[int] = set()
        self._hides_zeros = False
        self._edges = [0] * (MOST_COLUMNS + 2)
        for group in ("sheetViews", "cols", "sheetData", "mergeCells"):
            self.on("worksheet", group)
        self.on("c", "is")
        self.on("sheetViews", "sheetView", self._view)
        self.on("cols", "col", self._columns)
        self.on("sheetData", "row", self._row)
        self.on("row", "c", self._open_cell, self._close_cell)
        self.on_text("c", "v", self._take_value)
        self.on("c", "f", self._open_formula, lambda: self._take_formula(self.heard()))
        self.on("mergeCells", "mergeCell", self._merge)
        self.on("worksheet", "headerFooter")
        for name in ("oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter"):
            self.on_text("headerFooter", name, lambda text: self.sheet.page.extend(page_texts(text)))
        self._overlays = OverlayParts(self, book.styles)

    @property
    def at(self) -> tuple[int | None, str]:
        """Row and column letter of the cell read last."""
        return self.row or None, get_column_letter(self.column) if 0 < self.column <= MOST_COLUMNS else ""

    def read(self, source: IO[bytes]) -> Sheet:
        self.feed(source)
        self.sheet.overlays = self._overlays.found
        self.sheet.hidden_rows = sorted(self._hidden & self.sheet.cells.keys())
        used = {column + 1 for row in self.sheet.cells.values() for column in row}
        hidden = list(accumulate(self._edges))
        self.sheet.hidden_columns = [get_column_letter(column) for column in sorted(used) if hidden[column]]
        return self.sheet

    def _view(self, about: Attributes) -> None:
        self._hides_zeros |= about.get("showZeros") in ("0", "false")

    def _columns(self, about: Attributes) -> None:
        if is_true(about.get("hidden")) or _is_nought(about.get("width")):
            first, last = max(int(about["min"]), 1), min(int(about["max"]), MOST_COLUMNS)
            if first <= last:
                self._edges[first] += 1
                self._edges[last + 1] -= 1

    def _row(self, about: Attributes) -> None:
        self.column, self._place = 0, ""
        self.row = self._line = _count(about["r"], MOST_ROWS) if "r" in about else self._line + 1
        # `zeroHeight` of a sheet hides rows that are not written down, and they are empty.
        if is_true(about.get("hidden")) or _is_nought(about.get("ht")):
            self._hidden.add(self.row)

    def _merge(self, about: Attributes) -> None:
        left, first, right, last = range_boundaries(about["ref"])
        self.sheet.merged.append((first or 1, last or MOST_ROWS, (left or 1) - 1, (right or MOST_COLUMNS) - 1))
        if len(self.sheet.merged) > MOST_MERGED:
            raise TooLargeError

    def _open_cell(self, about: Attributes) -> None:
        if "r" in about:
            self._place = about["r"]
        else:
            self._go_to_place()
            self.row, self.column = self._line, self.column + 1
        self._about = about
        self._saved = self._formula = ""
        self.runs.clear()

    def _go_to_place(self) -> None:
        """Only where it matters: millions of cells may hold nothing but a style."""
        place, self._place = self._place, ""
        if not place:
            return
        found = _PLACE.fullmatch(place)
        if not found:
            raise ValueError("a place that is none")
        self.column = column_index_from_string(found[1])
        self.row = _count(found[2], MOST_ROWS)

    def _take_value(self, text: str) -> None:
        self._saved = text

    def _open_formula(self, about: Attributes) -> None:
        self._about_formula = about
        self.listen()

    def _take_formula(self, text: str) -> None:
        self._formula = f"={text or '…'}"

    def _keep_formula(self) -> None:
        """A formula with where it was written: the cells below one that is shared hold no text of their own."""
        text, number = self._formula.removeprefix("="), self._about_formula.get("si", "")
        kind = self._about_formula.get("t", "normal")
        row, column = self.row, self.column
        if kind == "shared" and text == "…":
            text, row, column = self._shared.get(number, ("", row, column))
        elif kind == "shared":
            self._shared[number] = (text, row, column)
        self.room.formulas -= len(text)
        self.sheet.is_unfinished |= self.room.formulas < 0
        formula = parsed(text) if kind != "dataTable" and self.room.formulas >= 0 else unparsed(text)
        if kind in ("array", "dataTable") and self._about_formula.get("ref"):
            self._keep_pieces(formula, text, self._about_formula["ref"])
        else:
            down, right = self.row - row, self.column - column
            self.sheet.formulas[self.row, self.column] = Written(formula, text, down, right, self.row, self.column)

    def _keep_pieces(self, formula: Formula, text: str, ref: str) -> None:
        """One formula gives the results of many cells, of which the others are saved as mere numbers."""
        top, bottom, left, right = area_of(ref)
        self._pieces += (bottom - top + 1) * (right - left + 1)
        if self._pieces > MOST_PIECES:
            raise TooLargeError
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                piece = row - top, column - left
                self.sheet.formulas[row, column] = Written(formula, text, 0, 0, row, column, piece)

    def _close_cell(self) -> None:
        if not (self._saved or self._formula or self.runs):
            return
        self._go_to_place()
        if self._formula:
            self._keep_formula()
        value = self._value(self._about.get("t", "n"), self._style())
        if value is None:
            return
        if self.column > MOST_COLUMNS:
            raise ValueError("a column that no sheet has")
        row = self.sheet.cells.setdefault(self.row, {})
        place = self.column - 1
        if place in row:
            raise ValueError("a cell that stands twice")
        self.room.take(slots=max(place - next(reversed(row), -1), 1))
        row[place] = value

    def _style(self) -> Style:
        number = int(self._about.get("s", 0))
        styles = self.book.styles.of_cells
        return styles[number] if 0 <= number < len(styles) else PLAIN

    def _value(self, kind: str, style: Style) -> Cell:
        if self._formula:
            # A formula whose result is an empty text is a blank (`t="str"`).
            if not self._saved and kind != "str":
                return Uncomputed(self._formula)
            if _LINK.search(self._formula):
                self.sheet.linked.append(self._name())
        value = self._as_saved(kind, style)
        if value is None:
            return None
        if style.is_struck and not (isinstance(value, Disguised) and value.seen):
            return struck_out(shown(value), "")
        number = number_in(value)
        if number is not None and formats.is_white(style.code, exact(number)):
            style = replace(style, ink=WHITE)
        is_drawn = style.ink or style.paper or style.is_moved or style.is_crossed or style.oddity
        if is_drawn and (is_figure(value) or (style.is_symbols and _is_mark(value))):
            doubt = self._as_drawn(value, style)
            if doubt is not None:
                return doubt
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._as_shown(value, style)
        return textformats.as_shown(value, style.code)

    def _as_drawn(self, value: Cell, style: Style) -> Cell:
        """What the drawing of a figure makes doubtful; a headline may be crossed by a line, or white on a ground."""
        held = shown(value)
        if style.is_unseen:
            if value == 0:
                self.sheet.hidden_zeros.append(self._name())
                return None
            return Disguised(held, "", f"字与底色相同，看不见，存的是 {held}", number_in(value))
        if style.oddity:
            return Doubted(held, "disguised-cell", f"单元格{style.oddity}，存的是 {held}", PLAINLY)
        if style.is_crossed:
            return Doubted(held, "disguised-cell", "单元格画了斜线，可能是划去的意思", PLAINLY)
        if style.is_moved:
            return Doubted(held, "disguised-cell", "整格是上标或下标，可能只是注的号码", PLAINLY)
        if style.ink or style.paper:
            self.sheet.colours[self.row, self.column] = style.ink, style.paper
        return None

    def _as_saved(self, kind: str, style: Style) -> Cell:
        if kind == "inlineStr":
            return _of_length(self.take_text())
        if not self._saved:
            return None
        match kind:
            case "n":
                return self._number(self._saved, style)
            case "s":
                place = _count(self._saved, len(self.book.texts) - 1, least=0)
                text = self.book.texts[place]
                self.room.take(letters=_letters(text))
                return _of_length(text)
            case "b":
                return bool(_count(self._saved, 1, least=0))
            case "d":
                found = from_ISO8601(self._saved)
                return found if isinstance(found, datetime.date | datetime.time | datetime.timedelta) else None
            case "e":
                return picture() if self._about.get("vm") in self.book.pictures else ExcelError(self._saved)
            case _:
                return _of_length(cell_of_text(self._saved))

    def _number(self, text: str, style: Style) -> Cell:
        if not _NUMBER.fullmatch(text):
            raise ValueError("a number that is none")
        value = int(text) if _WHOLE.fullmatch(text) else float(text)
        if not style.is_date:
            return value
        try:
            moment: Cell = from_excel(value, self.book.epoch, timedelta=style.is_span)
        except (OverflowError, ValueError):
            return ExcelError("#VALUE!")
        return moment

    def _as_shown(self, value: int | float, style: Style) -> Cell:
        """The number, as a percentage where it is shown as one; told where it is shown as another number."""
        if abs(value) < LARGEST:
            seen = formats.shows(style.code, exact(value))
            if seen and seen.hidden and value == 0:
                self.sheet.hidden_zeros.append(self._name())
            elif seen and seen.hidden:
                return Disguised(shown(value), "", f"单元格格式使内容看不见，存的是 {shown(value)}", value)
            elif seen:
                problem = f"单元格格式使人看到“{seen.text}”，存的却是 {shown(value)}"
                return Disguised(shown(value), seen.text, problem, value, seen.unit)
            elif self._hides_zeros and value == 0:
                self.sheet.hidden_zeros.append(self._name())
        return Percent(value) if style.is_percent else value

    def _name(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


_PAGE_CODE = re.compile(r'&(&|"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[^&])')
_PAGE_PART = re.compile("(?<!&)&[LCRlcr]")


def page_texts(written: str) -> list[str]:
    """The words of a page's head or foot, left, in the middle and right, without codes for fonts, pages and dates."""
    parts = (_PAGE_CODE.sub(lambda code: "&" * (code[0] == "&&"), part).strip() for part in _PAGE_PART.split(written))
    return [part for part in parts if part]


def _is_mark(cell: Cell) -> bool:
    """`P` and the like, which a font of symbols draws as a tick."""
    return isinstance(cell, str) and len(cell.strip()) == 1


def _letters(cell: Cell) -> int:
    """Of a text, with what is struck out in it."""
    return len(cell.held if isinstance(cell, Disguised) else cell) if isinstance(cell, str | Disguised) else 0


def _of_length(cell: Cell) -> Cell:
    if _letters(cell) > MOST_LETTERS_IN_CELL:
        raise ValueError("more text than Excel lets into a cell")
    return cell


def _count(text: str, most: int, least: int = 1) -> int:
    number = float(text) if text.endswith(".0") else int(text)
    if not least <= number <= most:
        raise ValueError("a number beyond what a sheet has")
    return int(number)


def _is_nought(length: str | None) -> bool:
    return length is not None and float(length) == 0


def _line(cells: dict[int, Cell]) -> list[Cell]:
    return [cells.get(column) for column in range(max(cells) + 1)]
