"""Cells that a program marked as text (`'3`, `="3"`, `"3"`): read without the mark, which is said once a sheet."""

from __future__ import annotations

import re
from dataclasses import replace

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import Cell, shown
from kaohe.intake.sheets.grid import Grid, cell_of_text

_FORMULA = re.compile(r'\s*=\s*("(?P<text>(?:[^"]|"")*)"|(?P<number>[+-]?\d{1,15}(\.\d{1,15})?%?))\s*')
_MARKS, _RARE = "'‘’＇", "`^"
"""A mark at the beginning; the rarer ones only where most cells have one."""
_PAIRS = ('""', "“”", "''", "‘’", "「」", "『』", "＂＂")
_QUOTED = re.compile(
    "|".join(f"{pair[0]}([^{pair}]{{1,60}}){pair[1]}" for pair in _PAIRS)
    + rf"|[{_MARKS}{re.escape(_RARE)}]([^{_MARKS}]{{1,60}})"
)
_PLAIN = re.compile(r"[0-9A-Za-z.+\-/:%, ]+|[=+@\-].*")
"""An id, a number or a date; or what kaohe itself marks when it writes CSV."""

_FIRST = {*_MARKS, *_RARE, *(pair[0] for pair in _PAIRS)}

MOST = 2
"""Where one in so many cells begins so, the mark is none of anybody's words."""


def as_meant(grid: Grid, log: Log) -> Grid:
    """The grid without such marks."""
    cells = [cell for _, line in grid.rows for cell in line if isinstance(cell, str)]
    marked = [cell for cell in cells if cell[:1] in _FIRST and _QUOTED.fullmatch(cell)]
    if not marked and not any("=" in cell and _FORMULA.fullmatch(cell) for cell in cells):
        return grid
    throughout = len(marked) * MOST > len(cells)
    rows = [(row, [_bare(cell, throughout) for cell in line]) for row, line in grid.rows]
    changed = [
        (row, cell)
        for (row, line), (_, bare) in zip(grid.rows, rows, strict=True)
        for cell, other in zip(line, bare, strict=True)
        if cell is not other
    ]
    if not changed:
        return grid
    first, cell = changed[0]
    message = f"有 {len(changed)} 格带着文本标记（开头的单引号、=…，或整格的引号），按标记以内的内容读取"
    spot = Spot(grid.file, grid.sheet, first).at("", shown(cell))
    log.warning("text-mark", message, spot, expected="不带标记的内容")
    return replace(grid, rows=rows)


def _bare(cell: Cell, throughout: bool) -> Cell:
    if not isinstance(cell, str):
        return cell
    if "=" in cell and (found := _FORMULA.fullmatch(cell)):
        return cell_of_text(found["number"] or found["text"].replace('""', '"'))
    found = _QUOTED.fullmatch(cell) if cell[:1] in _FIRST else None
    if not found:
        return cell
    inside = next(each for each in found.groups() if each is not None)
    is_plain = cell[0] not in _RARE and _PLAIN.fullmatch(inside)
    return cell_of_text(inside) if throughout or is_plain else cell
