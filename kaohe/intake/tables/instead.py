"""Columns beside the figures that may be the ones that count: 核定值 beside 数值, 得分 beside 分值."""

from __future__ import annotations

import re
from collections.abc import Collection

from kaohe.intake.sheets.cells import Cell, decimal, shown, word
from kaohe.intake.sheets.grid import Grid

_INSTEAD = re.compile(
    "更正|订正|修正|修订|改正|核[定准实]|[审复]核|审定|最终|最后|终审|确认|调整|实得|实际|得分|[打评]分"
)


def may_be_instead(header: str) -> bool:
    """Whether it names figures that somebody put in the place of others, or meant instead of them."""
    return _INSTEAD.search(word(header)) is not None


def differing(grid: Grid, header: int, read: Collection[int], other: int) -> list[int]:
    """Rows below the header in which a column has a number, and those that are read have others."""
    rows = ((row, cells) for row, cells in grid.rows if row > header and len(cells) > other)
    return [row for row, cells in rows if _differ([cells[at] for at in read if at < len(cells)], cells[other])]


def _differ(read: Collection[Cell], other: Cell) -> bool:
    numbers = {decimal(shown(cell)) for cell in read} - {None}
    found = decimal(shown(other))
    return bool(numbers) and found is not None and found not in numbers
