"""The units of a year that follows no other: a college's own list, ids made where it has none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.units import check_units
from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import Cell, shown, word
from kaohe.intake.sheets.csvfile import read_csv
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.sheets.workbook import read_workbook
from kaohe.intake.tables.data import Unit
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.rows import Rows
from kaohe.intake.tables.unite import unite
from kaohe.intake.tables.vocabulary import NO_TABLE, TABLES, Table
from kaohe.intake.year.folder import header_words, table_named
from kaohe.scheme import Scheme
from kaohe.scheme.policies import resolve

TABLE = TABLES["units"]
SEARCHED = 10
"""Rows among which the header may stand below titles."""

UNKNOWN = "X"
"""Stands before a made id where what is wrong with the category is told anyway."""

TYPED = "（输入的单位）"


class UnitListError(ValueError):
    """A list of units that cannot be used; says in Chinese where and why."""


def units_of_file(path: Path, year: str, scheme: Scheme) -> list[Unit]:
    """The units of an XLSX or CSV list: names and categories; ids and traits where it has them."""
    log = Log()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnitListError(f"单位表 {path} 无法读取：{error.strerror or error}") from None
    kind = path.suffix.casefold()
    if kind not in (".xlsx", ".csv"):
        raise UnitListError(f"单位表应为 .xlsx 或 .csv 文件，现为 {path}")
    if kind == ".csv":
        grids = [grid for grid in [read_csv(content, path.name, log, header_words())] if grid is not None]
    else:
        grids = read_workbook(content, path.name, log)
    _refuse(log)
    return _units([_the_one(grids, path.name)], year, scheme, log)


def units_typed(lines: Iterable[Sequence[str]], year: str, scheme: Scheme) -> list[Unit]:
    """Units as they were typed: name, category, traits; all but the name may be left out."""
    traits = [trait.name for trait in scheme.traits.values()]
    rows: list[tuple[int, list[Cell]]] = [(1, ["单位名称", "类别", *traits])]
    rows += [(at, [text.strip() or None for text in line]) for at, line in enumerate(lines, start=2)]
    return _units([Grid(TYPED, "", rows)], year, scheme, Log())


def departments_listed(scheme: Scheme) -> list[tuple[str, str]]:
    """The departments that the scheme knows: their ids are fixed."""
    return [(name, department.name) for name, department in scheme.department.items()]


def _the_one(grids: Sequence[Grid], file: str) -> Grid:
    """The sheet of units: the one that is called so, else the only one that holds something."""
    filled = [grid for grid in grids if grid.rows and word(grid.sheet) != word(NO_TABLE)]
    called = [grid for grid in filled if grid.sheet and table_named(grid.sheet) is TABLE]
    found = called or filled
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnitListError(f"{file} 里没有内容；应有单位名称、类别两列，每行一个单位")
    sheets = "、".join(grid.sheet for grid in found)
    raise UnitListError(f"{file} 有几张工作表（{sheets}），不知道哪一张是单位；请把它命名为“{TABLE.chinese}”")


def _units(grids: Iterable[Grid], year: str, scheme: Scheme, log: Log) -> list[Unit]:
    names = Names(scheme)
    rows = Rows(names, log)
    for grid in grids:
        rows.add(TABLE, _completed(grid, scheme, names, log))
    _refuse(log)
    context = Context(year, scheme, resolve(scheme), log, rows.spoiled)
    check_units(unite(names.table(TABLE), rows.records.get(TABLE.name, []), log, rows.spoiled), context)
    _refuse(log)
    if not context.units:
        raise UnitListError("单位表里没有单位；每行写一个单位的名称和类别")
    return list(context.units.values())


def _refuse(log: Log) -> None:
    errors = [str(replace(each, about="")) for each in log.sorted() if each.severity == "error"]  # ids are our own
    if errors:
        raise UnitListError("单位表不能使用：\n" + "\n".join(errors))


def _completed(grid: Grid, scheme: Scheme, names: Names, log: Log) -> Grid:
    """The list with an id, and a department's category, in each row; as the readers of tables expect it."""
    own = names.table(TABLE)
    words = {word(text): column.name for column in own.columns for text in (column.name, column.header, *column.also)}
    words |= {word(text): name for text, name in (("单位", "name"), ("编号", "unit_id"))}
    words |= {word(group.name): "name" for group in scheme.groups.values()}
    head = next(
        (row for row in grid.rows[:SEARCHED] if "name" in {words.get(word(shown(cell))) for cell in row[1]}), None
    )
    if head is None:
        at = Spot(grid.file, grid.sheet, grid.rows[0][0])
        more = "".join(f"、{trait.name}" for trait in scheme.traits.values())
        log.error("no-column", "找不到表头", at, expected=f"一行表头：单位名称、类别，可另有单位编号{more}")
        _refuse(log)
        raise AssertionError
    places: dict[str, int] = {}
    for place, cell in enumerate(head[1]):
        places.setdefault(words.get(word(shown(cell)), ""), place)
    below = [(number, cells) for number, cells in grid.rows if number > head[0]]
    lines = [_line(cells, places, own) for _, cells in below]
    for line, (number, _) in zip(lines, below, strict=True):
        _as_department(line, scheme, names, Spot(grid.file, grid.sheet, number), log)
    _number(lines, scheme, names)
    columns = {column.name: column.header for column in own.columns}
    rows: list[tuple[int, list[Cell]]] = [(head[0], [*columns.values()])]
    rows += [(number, [line[name] for name in columns]) for line, (number, _) in zip(lines, below, strict=True)]
    return Grid(grid.file, grid.sheet, rows)


def _line(cells: Sequence[Cell], places: dict[str, int], table: Table) -> dict[str, Cell]:
    return {
        name: cells[places[name]] if name in places and places[name] < len(cells) else None for name in table.column
    }


def _as_department(line: dict[str, Cell], scheme: Scheme, names: Names, at: Spot, log: Log) -> None:
    """A department gets the id that the scheme has for its name."""
    category = names.codes("units", "category").get(word(shown(line["category"])))
    called = shown(line["name"])
    if not called or line["unit_id"] is not None or (line["category"] is not None and category != scheme.own_category):
        return
    found = _department_called(called, scheme)
    if found is not None:
        line["unit_id"], line["category"] = found, line["category"] or scheme.own_category
    elif category == scheme.own_category:
        listed = "、".join(f"{name} {each}" for name, each in departments_listed(scheme))
        log.error(
            "unit-id",
            f"方案中没有这个名称的{scheme.categories[category].name}",
            at.at("单位名称", called),
            expected=f"以下之一，或写明单位编号：{listed}",
        )


def _department_called(called: str, scheme: Scheme) -> str | None:
    """The id of the department of that name; of one whose name is only a part, where no other fits."""
    listed = [(name, word(full)) for name, full in departments_listed(scheme)]
    exact = [name for name, full in listed if full == word(called)]
    found = exact or [name for name, full in listed if word(called) in full or full in word(called)]
    return found[0] if len(found) == 1 else None


def _number(lines: Iterable[dict[str, Cell]], scheme: Scheme, names: Names) -> None:
    """Ids for units that have none: a letter of the category, and the next number that is free."""
    lines = list(lines)
    taken = {word(shown(line["unit_id"])) for line in lines} | {word(name) for name in scheme.department}
    for line in lines:
        category = names.codes("units", "category").get(word(shown(line["category"])))
        if line["name"] is None or line["unit_id"] is not None:
            continue
        letter = category[0].upper() if category not in (None, scheme.own_category) else UNKNOWN
        number = 1
        while word(made := f"{letter}{number:02d}") in taken:
            number += 1
        line["unit_id"] = made
        taken.add(word(made))
