"""A sheet or a CSV file before anything in it is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kaohe.intake.cells import Cell, ExcelError, is_blank


@dataclass(frozen=True)
class Grid:
    """Rows that hold something, by their number in the file; columns count from 0, rows from 1.

    `merged`: areas as (first row, last row, first column, last column); `open_end`: the text ends without a line end.
    """

    file: str
    sheet: str
    rows: list[tuple[int, list[Cell]]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    open_end: bool = False


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"}


@lru_cache(maxsize=65536)  # the same ids, names and marks stand in thousands of rows
def cell_of_text(text: str) -> Cell:
    """A text cell; nothing that can be seen is a blank, and Excel's error values are what they say also as text.

    What steers a terminal is made visible: it has no place in a table.
    """
    if is_blank(text):
        return None
    return ExcelError(text.strip()) if text.strip() in _ERRORS else _CONTROLS.sub("\ufffd", text)
