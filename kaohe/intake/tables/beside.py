"""What comments, text boxes and pictures say beside the cells of a sheet."""

from __future__ import annotations

import re
from dataclasses import replace

from kaohe.intake.places import LONGEST, Spot
from kaohe.intake.sheets.boxes import Box
from kaohe.intake.sheets.cells import Cell, shown
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.around import OF_ALL, Around
from kaohe.intake.tables.headers import Layout, column_letter
from kaohe.intake.tables.remarks import against
from kaohe.intake.tables.vocabulary import Table, about_of

SHORT = 15
"""Letters of what says something of a whole column; longer ones explain what belongs into it."""

_CLAUSES = re.compile(r"[。；;，,\s]+")


class Beside:
    """Tells, row by row, of what lies over the cells that are read, and in the end of what is said elsewhere."""

    def __init__(self, grid: Grid, table: Table, layout: Layout, around: Around) -> None:
        self.grid, self.table, self.layout, self.around, self.log = grid, table, layout, around, around.log
        beside = {**layout.columns, **layout.beside}.items()
        self._headers = {**{at: layout.headers.get(name, name) for name, at in beside}, **layout.across}
        self._told: set[tuple[int, int]] = set()
        self._pictures: dict[Box, list[int]] = {}

    def look(self, row: int, line: list[Cell]) -> None:
        """At one row of data."""
        boxes = [box for box in self.grid.boxes if row in box.rows]
        if not self.grid.comments and not boxes:
            return
        for at, header in self._headers.items():
            over = next((box for box in boxes if at in box.columns), None)
            spot = self._spot(row, at, header, line)
            if over and over.is_picture:
                self._pictures.setdefault(over, [at]).append(row)
            elif over and spot.value:
                message = f"单元格上盖着文本框或图形，写着“{_short(over.text)}”，照单元格的内容读取"
                self.log.warning("covered-cell", message, spot, expected="数值写进单元格，文本框移开或删去")
            if said := self.grid.comments.get((row, at)):
                self._told.add((row, at))
                how = "照单元格的内容读取" if spot.value else "单元格是空的，按没有填读取"
                message = f"单元格有批注“{_short(said)}”，{how}"
                self.log.warning("comment", message, spot, expected="批注说的已经改进单元格，批注删去")

    def tell(self) -> None:
        """Of pictures, each once, and of comments on headers, titles and whatever is not read."""
        for at, *rows in self._pictures.values():
            first, last = min(rows), max(rows)
            message = f"第 {first}～{last} 行" if last > first else f"第 {first} 行"
            spot = Spot(self.grid.file, self.grid.sheet, first).at(self._headers[at])
            message = f"{message}的单元格上盖着图片，图片上的内容不读，照单元格的内容读取"
            self.log.warning("covered-cell", message, spot, expected="图片移开；上面的内容写进单元格")
        for (row, at), said in self.grid.comments.items():
            if (row, at) not in self._told:
                header = self._headers.get(at, "") or column_letter(at)
                self._elsewhere(said, at, Spot(self.grid.file, self.grid.sheet, row).at(header))

    def _elsewhere(self, said: str, at: int, spot: Spot) -> None:
        """What a comment says of figures that are not its cell's."""
        clauses = [each for each in _CLAUSES.split(said) if len(each) <= SHORT]
        for each in clauses:
            self.around.tell_of_column(each, self.layout.across.get(at, ""), spot, "批注里")
        plainly = [OF_ALL.sub("", each) for each in clauses]
        why = dict.fromkeys(each for text in (said, *plainly) for each in against(text, ()))
        if why:
            message = f"这里的批注{'、'.join(why)}，没有照它改"
            where = replace(spot, value=_short(said))
            self.log.warning("comment", message, where, expected="批注说的已经改进单元格，批注删去")

    def _spot(self, row: int, at: int, header: str, line: list[Cell]) -> Spot:
        """The cell, with what its row is about."""
        cells: dict[str, Cell] = {name: line[i] if i < len(line) else None for name, i in self.layout.columns.items()}
        if at in self.layout.across:
            cells["unit_id" if self.layout.units_across else str(self.table.across)] = header
        value = shown(line[at]) if at < len(line) else ""
        return Spot(self.grid.file, self.grid.sheet, row).at(header, value, about_of(self.table, cells))


def _short(said: str) -> str:
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
