"""A sheet or a CSV file before anything in it is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kaohe.intake.sheets.boxes import Box
from kaohe.intake.sheets.cells import Cell, Doubted, ExcelError, is_blank


@dataclass(frozen=True)
class Grid:
    """Rows that hold something, by their number in the file; columns count from 0, rows from 1.

    `merged`: areas as (first row, last row, first column, last column); `open_end`: the text ends without a line end;
    `comments` by row and column; `page`: what is printed at the head and the foot of every page;
    `of_1904`: its days count from there.
    """

    file: str
    sheet: str
    rows: list[tuple[int, list[Cell]]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    open_end: bool = False
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    page: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    of_1904: bool = False

    @property
    def size(self) -> int:
        """How many cells its rows hold, blank ones included."""
        return sum(len(cells) for _, cells in self.rows)


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PICTURE = re.compile(r"\s*=(_xlfn\.)?DISPIMG\s*\(", re.IGNORECASE)
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"}


@lru_cache(maxsize=65536)  # the same ids, names and marks stand in thousands of rows
def cell_of_text(text: str) -> Cell:
    """A text cell; nothing that can be seen is a blank, and Excel's error values are what they say also as text.

    What steers a terminal is made visible: it has no place in a table.
    """
    if is_blank(text):
        return None
    if _PICTURE.match(text):
        return picture(text.strip())
    return ExcelError(text.strip()) if text.strip() in _ERRORS else _CONTROLS.sub("\ufffd", text)


def picture(held: str = "图片") -> Doubted:
    """A picture in a cell; of what WPS leaves there as text that."""
    return Doubted(held, "picture-in-cell", "单元格里是一张图片，不是文字或数值", "把图片上的内容写成文字或数值")
