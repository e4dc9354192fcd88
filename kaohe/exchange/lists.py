"""Lists on the sheet 说明: some for people to look up, and pale ones into which the rules of other sheets look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.sheetstyle import CENTRED, GRID, HEADER_FILL, HEADER_FONT, LETTERS, TEXT, put
from kaohe.intake.tables.vocabulary import NO_TABLE

PALE = Font(LETTERS, 9, color="A6A6A6")
FROM = 4
"""Column D: to the right of the text."""


class Lists:
    """Columns of the sheet 说明, to the right of its text; rules find theirs by name.

    None is hidden: whoever gets a file is told of hidden columns.
    """

    def __init__(self, page: Worksheet) -> None:
        self._page, self._next = page, FROM

    def show(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table for people, and a gap after it."""
        for at, head in enumerate(heads, start=self._next):
            cell = put(self._page, 1, at, head)
            cell.font, cell.fill, cell.alignment, cell.border = HEADER_FONT, HEADER_FILL, CENTRED, GRID
        for number, row in enumerate(rows, start=2):
            for at, text in enumerate(row, start=self._next):
                put(self._page, number, at, text, TEXT)
        self._next += len(heads) + 1

    def keep(self, name: str, values: Sequence[str | Fraction]) -> str:
        """A pale list that formulas of every sheet call by `name`; returns where it stands."""
        put(self._page, 1, self._next, name).font = PALE
        for row, value in enumerate(values, start=2):
            put(self._page, row, self._next, value if isinstance(value, str) else float(value)).font = PALE
        letter = get_column_letter(self._next)
        place = f"'{NO_TABLE}'!${letter}$2:${letter}${max(2, len(values) + 1)}"
        assert self._page.parent is not None
        self._page.parent.defined_names[name] = DefinedName(name, attr_text=place)
        self._next += 1
        return place
