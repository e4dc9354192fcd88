"""A sheet or a CSV file before anything in it is understood."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe.intake.cells import Cell


@dataclass(frozen=True)
class Grid:
    """Rows that hold something, by their number in the file; columns count from 0, rows from 1.

    `merged`: areas as (first row, last row, first column, last column).
    """

    file: str
    sheet: str
    rows: list[tuple[int, list[Cell]]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False


def cell_of_text(text: str) -> Cell:
    """A text cell; nothing but white space is a blank."""
    return text if text.strip("\ufeff\u200b \t\r\n\u3000\xa0") else None
