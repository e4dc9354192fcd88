"""What comments and text boxes say beside the cells of a row that are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaohe.intake.places import LONGEST, Log, Spot
from kaohe.intake.sheets.cells import Cell, shown
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.headers import Layout


def tell_over(grid: Grid, layout: Layout, row: int, line: list[Cell], log: Log) -> None:
    """Comments and text boxes over the cells of a row that are read; on headers, and beside the table, they are over no
    one's figure."""
    boxes = [box for box in grid.boxes if row in box.rows]
    if not grid.comments and not boxes:
        return
    for at, header in _read(layout).items():
        over = next((box.text for box in boxes if at in box.columns), "")
        if over and at < len(line) and line[at] is not None:
            spot = Spot(grid.file, grid.sheet, row).at(header, shown(line[at]))
            message = f"单元格上盖着文本框或图形，写着“{_short(over)}”，照单元格的内容读取"
            log.warning("covered-cell", message, spot, expected="数值写进单元格，文本框移开或删去")
        said = grid.comments.get((row, at))
        if said:
            spot = Spot(grid.file, grid.sheet, row).at(header, shown(line[at]) if at < len(line) else "")
            message = f"单元格有批注“{_short(said)}”，照单元格的内容读取"
            log.warning("comment", message, spot, expected="批注说的已经改进单元格，批注删去")


def _short(said: str) -> str:
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def _read(layout: Layout) -> Mapping[int, str]:
    beside: Iterable[tuple[str, int]] = {**layout.columns, **layout.beside}.items()
    return {**{at: layout.headers.get(name, name) for name, at in beside}, **layout.across}
