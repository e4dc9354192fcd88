"""Formulas whose saved result may not be what they give: held against the file, they are taken or asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from kaohe.intake.sheets.cells import Cell, Disguised, Doubted, ExcelError, Percent, Uncomputed, shown
from kaohe.intake.sheets.formulas.arithmetic import NoResultError, Value
from kaohe.intake.sheets.formulas.calculation import Calculation
from kaohe.intake.sheets.formulas.contents import Cells, Outcome, Written
from kaohe.intake.sheets.formulas.formula import PICTURE, NotUnderstoodError
from kaohe.intake.sheets.formulas.names import Names
from kaohe.intake.sheets.grid import picture
from kaohe.intake.sheets.overlays import overlaid
from kaohe.intake.sheets.worksheet import Sheet
from kaohe.rules.wording import number as say_number

_AGAIN = "在 Excel 中打开，按 F9 重新计算并保存，或改填数值"
_LONGEST = 80


STALE, BY_HAND = "工作簿注明打开时要重新计算", "工作簿设为手动计算"


@dataclass(frozen=True)
class Counting:
    """How a workbook calculates. `late`: why its results may be old ones; `of_1904`: its days count from there.

    `as_shown`: it keeps results as rounded as they look, so that doing them again says nothing.
    """

    late: str = ""
    as_shown: bool = False
    of_1904: bool = False


def examine(sheets: Mapping[str, Sheet], names: Names, how: Counting) -> None:
    """Puts a doubt in the place of every cell whose formula or conditional format gives reason for one."""
    cells = {name: Cells(sheet.cells, sheet.formulas, sheet.hidden_rows) for name, sheet in sheets.items()}
    book = Calculation({} if how.as_shown else cells, names, dates=not how.of_1904)
    changed: list[tuple[Sheet, int, int, Cell]] = []
    for name, sheet in sheets.items():
        changed += [(sheet, *each) for each in _of_formulas(name, sheet, cells[name], book, how.late)]
        changed += [(sheet, *each) for each in overlaid(name, cells[name], sheet.overlays, book, sheet.colours)]
        sheet.late = how.late
        sheet.is_unfinished |= book.is_exhausted() and bool(sheet.formulas)
    for sheet, row, column, cell in changed:
        line = sheet.cells.setdefault(row, {})
        if not (isinstance(cell, Percent) and isinstance(line.get(column - 1), Disguised | Doubted)):
            line[column - 1] = cell


def _of_formulas(
    name: str, sheet: Sheet, cells: Cells, book: Calculation, late: str
) -> Iterator[tuple[int, int, Cell]]:
    linked = set(sheet.linked)
    for (row, column), cell, written in _results(cells):
        outcome = book.outcome(name, row, column)
        place = f"{get_column_letter(column)}{row}"
        doubt = _doubt(cell, written, outcome, late, book)
        if doubt:
            yield row, column, doubt
        elif late:
            sheet.done_again.append(place)
        elif not outcome.is_known and cell is not None and place not in linked and not book.is_exhausted():
            sheet.not_again.append(place)


def _results(cells: Cells) -> Iterator[tuple[tuple[int, int], Cell, Written]]:
    """Formulas with a result that could be taken; those without one, and errors, are told as what they are.

    A program that does not know of pictures has an error in their place.
    """
    for (row, column), written in cells.formulas.items():
        cell = cells.values.get(row, {}).get(column - 1)
        is_picture = isinstance(cell, ExcelError) and PICTURE.search(written.text)
        if is_picture or not isinstance(cell, Uncomputed | ExcelError | Doubted):
            yield (row, column), cell, written


def _doubt(cell: Cell, written: Written, outcome: Outcome, late: str, book: Calculation) -> Doubted | None:
    formula = _short(written.text)
    if PICTURE.search(written.text):
        return picture() if isinstance(cell, ExcelError) else picture(shown(cell))
    if outcome.is_volatile or written.formula.is_volatile:
        message = f"公式“{formula}”会变（随机数、当天日期、电脑的情况），没有固定的结果"
        return Doubted(shown(cell), "volatile-formula", message, "改填数值或日期")
    if outcome.is_known and _is_other(cell, outcome, book):
        result = "错误值" if outcome.fails else f" {_said(outcome.value)}"
        message = f"公式“{formula}”按文件里的数重算是{result}，保存的结果却是 {shown(cell) or '空的'}"
        return Doubted(shown(cell), "formula-contradicts", message, _AGAIN)
    if outcome.overlooks:
        message = f"公式“{formula}”没有算进存成文本的数，结果是 {shown(cell) or '空的'}"
        return Doubted(shown(cell), "text-in-formula", message, f"那些数改成数值；{_AGAIN}")
    if late and not (outcome.is_known and outcome.is_sure and _can_compare(cell, book)):
        message = f"{late}，公式“{formula}”保存的结果可能是旧的"
        return Doubted(shown(cell), "manual-calculation" if late == BY_HAND else "stale-result", message, _AGAIN)
    return None


def _is_other(cell: Cell, outcome: Outcome, book: Calculation) -> bool:
    """Whether the saved result is another one; dates and the like are not held against numbers."""
    try:
        return not outcome.agrees("" if cell is None else book.value_of(cell))
    except (NotUnderstoodError, NoResultError):
        return False


def _can_compare(cell: Cell, book: Calculation) -> bool:
    try:
        book.value_of(cell)
    except (NotUnderstoodError, NoResultError):
        return False
    return True


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"“{_short(value)}”" if isinstance(value, str) else say_number(value or 0)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
