"""The sheet 得分明细: every unit's total line by line, with raw figures and reasons; formulas add it up again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.analysis.figures import Figures
from kaohe.analysis.itemised import KIND_NAMES, Line, lines_of
from kaohe.exchange.sheetstyle import (
    BOLD_FONT,
    CENTRED,
    GIVEN_FILL,
    GRID,
    LETTERS,
    WRAPPED,
    finish,
    fit_row,
    header,
    points_format,
    put,
    put_formula,
)
from kaohe.rules.enclosed import Real
from kaohe.scoring.book import ScoreBook

ITEMISED = "得分明细"
FORMULA = "（公式）"
"""Marks the columns that are calculated when the workbook is opened."""

COLUMNS: tuple[tuple[str, float], ...] = (
    ("年度", 5.5),
    ("组别", 4.5),
    ("单位编号", 5.5),
    ("单位名称", 9),
    ("部分", 5.5),
    ("标题", 7),
    ("行", 4.5),
    ("指标编号", 6.5),
    ("指标名称", 10),
    ("满分", 5.5),
    ("得分", 5.5),
    ("计入总分", 5.5),
    ("原始分", 5.5),
    ("扣分", 5),
    ("封顶扣减", 5),
    (f"验算{FORMULA}", 6),
    (f"差{FORMULA}", 5),
    ("状态", 5.5),
    ("条款", 8),
    ("原始数据", 17),
    ("理由", 27),
)
"""Head and width: all of them are as wide as an A4 sheet that lies."""
AT = {head: number for number, (head, _) in enumerate(COLUMNS, start=1)}
WIDTHS = [width for _, width in COLUMNS]
SMALL = Font(LETTERS, 9)


def itemised(page: Worksheet, book: ScoreBook, figures: Figures) -> None:
    """One row a line of each unit's total; what counts stands in a column of its own, which adds up to it."""
    header(page, [book.spoken.one, *(head for head, _ in COLUMNS[1:])])
    row = 1
    for key, group in book.groups.items():
        for unit in book.ranking(key):
            first = row + 1
            for line in lines_of(book, unit.unit_id, figures):
                row += 1
                values = (book.year, group.name, unit.unit_id, unit.name, *_values(line))
                _write(page, row, values, book.finest, bold=line.kind in ("subtotal", "total"))
                _formulas(page, row, line, first, book.finest)
    finish(page, frozen_columns=AT["指标名称"], widths=dict(enumerate(WIDTHS, start=1)), row_height=None)
    page.auto_filter.ref = page.dimensions
    put(page, row + 1, AT["指标名称"], "可见行合计").font = BOLD_FONT
    letter = get_column_letter(AT["计入总分"])
    put_formula(page, row + 1, AT["计入总分"], f"=SUBTOTAL(109,{letter}2:{letter}{row})", book.finest)


def _values(line: Line) -> Sequence[Any]:
    cell = line.cell
    made = (cell.raw, cell.deducted, cell.capped) if cell else (None, None, None)
    return (
        line.component, line.section, KIND_NAMES[line.kind], line.item, line.name, line.full, line.points, line.counted,
        *made, None, None, line.status, line.clause, line.figures, line.reason,
    )  # fmt: skip


def _formulas(page: Worksheet, row: int, line: Line, first: int, decimals: int) -> None:
    """An indicator is raw less deducted less capped; a total is what counts above it."""
    at = {head: f"{get_column_letter(number)}{row}" for head, number in AT.items()}
    if line.kind == "indicator" and line.cell is not None and line.cell.applicable:
        formula = f"={at['原始分']}-{at['扣分']}-{at['封顶扣减']}"
    elif line.kind == "total":
        counted = get_column_letter(AT["计入总分"])
        formula = f"=SUM({counted}{first}:{counted}{row - 1})"
    else:
        return
    put_formula(page, row, AT[f"验算{FORMULA}"], formula, decimals).font = SMALL
    difference = f"=ROUND({at['得分']}-{at[f'验算{FORMULA}']},6)"
    put_formula(page, row, AT[f"差{FORMULA}"], difference, decimals).font = SMALL


def _write(page: Worksheet, row: int, values: Sequence[Any], decimals: int, *, bold: bool) -> None:
    """Text in its column, the row as high as the longest needs it."""
    for at, value in enumerate(values, start=1):
        number = isinstance(value, Fraction | Real)
        cell = put(page, row, at, value, points_format(decimals) if number else None)
        cell.border, cell.alignment = GRID, CENTRED if number else WRAPPED
        if bold:
            cell.font, cell.fill = BOLD_FONT, GIVEN_FILL
    fit_row(page, row, values, WIDTHS)
