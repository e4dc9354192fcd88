"""What comments say beside the cells of a row that are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kaohe.intake.places import LONGEST, Log, Spot
from kaohe.intake.sheets.cells import Cell, shown
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.headers import Layout


def tell_comments(grid: Grid, layout: Layout, row: int, line: list[Cell], log: Log) -> None:
    """Comments on the cells of a row that are read; what stands on headers and beside the table is no one's figure."""
    if not grid.comments:
        return
    for at, header in _read(layout).items():
        said = grid.comments.get((row, at))
        if said:
            spot = Spot(grid.file, grid.sheet, row).at(header, shown(line[at]) if at < len(line) else "")
            short = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
            message = f"单元格有批注“{short}”，照单元格的内容读取"
            log.warning("comment", message, spot, expected="批注说的已经改进单元格，批注删去")


def _read(layout: Layout) -> Mapping[int, str]:
    beside: Iterable[tuple[str, int]] = {**layout.columns, **layout.beside}.items()
    return {**{at: layout.headers.get(name, name) for name, at in beside}, **layout.across}
