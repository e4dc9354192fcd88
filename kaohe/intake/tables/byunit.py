"""Sheets that are about one unit each: their name or a line above the header says which, and no column does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import Cell, plain, shown, word
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.headers import SEARCHED
from kaohe.intake.tables.headerwords import meant
from kaohe.intake.tables.knownwords import words_present
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.intake.tables.vocabulary import TABLES, Table

UNIT = "unit_id"
_SAYS = re.compile(r"(填报|报送|考核|被考核|受评)?单位(名称|编号)?")
_LINE = re.compile(rf"{_SAYS.pattern}\s*[:：]\s*(?P<unit>.+)")


@dataclass(frozen=True)
class UnitSheet:
    """A sheet with its table and unit; `grid` has the unit as a further column where it had none."""

    table: Table
    grid: Grid
    unit: str


SHORT = 2
"""Letters of a table's name (成果, 单位) that stand in many others, too."""


def table_alike(name: str) -> Table | None:
    """The table that a name has in it, with a date, an office or a version around: `指标数据V2`, `教务处 - 成果`."""
    said = word(name)
    named = {word(each): table for table in TABLES.values() for each in (table.name, table.chinese)}
    within = [each for each in named if each in said]
    within = [each for each in within if len(each) > SHORT or said.startswith(each) or said.endswith(each)]
    return named[max(within, key=len)] if within else None


def tell_no_table(grid: Grid, tables: Iterable[Table], log: Log) -> Table | None:
    """A sheet (or CSV file) whose name says no table, and that is about no unit either; returns which may be meant."""
    said = (table_alike(each) for each in (grid.sheet, PurePosixPath(grid.file).stem) if each)
    alike = next((each for each in said if each), None) or table_by_header(grid)
    names = "、".join(each.chinese for each in tables)
    message = f"{'工作表名' if grid.sheet else '文件名'}不是任何一张数据表的名称，未读取"
    hint = f"是否指“{alike.chinese}”？若是，只写这个名称；数据表有" if alike else "以下之一："
    log.error("no-table", message, Spot(grid.file, grid.sheet), expected=f"{hint}{names}")
    return alike


def table_by_header(grid: Grid) -> Table | None:
    """The one table whose header the sheet has."""
    fits = {each.name: found[1] for each in TABLES.values() if (found := _complete(each, grid)) and found[2]}
    best = [name for name, count in fits.items() if count == max(fits.values())]
    return TABLES[best[0]] if len(best) == 1 else None


def lacks_units(table: Table, grid: Grid) -> bool:
    """Whether there is a header with the table's metrics or indicators, but without a column of units."""
    if table.across is None:
        return False
    headers = [names for _, names in _headers(table, grid)]
    return any(table.across in names for names in headers) and not any(UNIT in names for names in headers)


def _headers(table: Table, grid: Grid) -> Iterator[tuple[int, set[str]]]:
    """Rows among which the header may be, each with the columns that it names."""
    for row, cells in grid.rows[:SEARCHED]:
        texts = {shown(cell) for cell in cells if cell is not None}
        known = words_present(table, texts)
        found = (known.get(word(text)) or (meant(text, known.get) or (None,))[0] for text in texts)
        yield row, {column.name for column in found if column}


def _complete(table: Table, grid: Grid) -> tuple[int, int, bool] | None:
    """The header's row, how many columns it names, and whether the unit is among them; None where some are missing."""
    needed = {column.name for column in table.columns if not column.optional} - {UNIT}
    return next(((row, len(names), UNIT in names) for row, names in _headers(table, grid) if needed <= names), None)


def unit_sheet(grid: Grid, units: UnitNames, log: Log, table: Table | None = None) -> UnitSheet | None:
    """The sheet as one of a unit; None where it is none. `table`: where the sheet's name says that."""
    may_be = [table] if table else [each for each in TABLES.values() if each.by_unit]
    fits = {each.name: found for each in may_be if (found := _complete(TABLES[each.name], grid))}
    most = max((count for _, count, _ in fits.values()), default=0)
    best = [name for name, (_, count, _) in fits.items() if count == most]
    if len(best) != 1 or not grid.sheet:
        return None
    row, _, has_column = fits[best[0]]
    by_name, said = units.find(grid.sheet), said_above(grid, row, units)
    unit = by_name or said
    if unit is None:
        return None
    if by_name and said and by_name != said:
        message = f"工作表名是 {by_name}，表头上方写的单位却是 {said}，未读取"
        log.error("contradicting-name", message, Spot(grid.file, grid.sheet), expected="指同一个单位")
        return UnitSheet(TABLES[best[0]], replace(grid, rows=[]), unit)
    return UnitSheet(TABLES[best[0]], grid if has_column else _with_unit(grid, row, unit), unit)


def said_above(grid: Grid, header: int, units: UnitNames) -> str | None:
    """The unit that a line above the header names."""
    for row, cells in grid.rows:
        if row >= header:
            return None
        texts = [plain(shown(cell)) for cell in cells if cell is not None]
        for at, text in enumerate(texts):
            line = _LINE.fullmatch(text)
            after = texts[at + 1] if at + 1 < len(texts) and _SAYS.fullmatch(text.rstrip(":：")) else ""
            found = units.find(line["unit"] if line else after)
            if found:
                return found
    return None


def _with_unit(grid: Grid, header: int, unit: str) -> Grid:
    """The unit behind the last column of every row from the header on."""
    width = max(len(cells) for _, cells in grid.rows)
    first = next(cells for row, cells in grid.rows if row == header)

    def longer(row: int, cells: list[Cell]) -> list[Cell]:
        if row < header:
            return cells
        # A header again below is one only while no unit stands beside it.
        more = TABLES["units"].column[UNIT].header if row == header else None if cells == first else unit
        return [*cells, *[None] * (width - len(cells)), more]

    return replace(grid, rows=[(row, longer(row, cells)) for row, cells in grid.rows])
