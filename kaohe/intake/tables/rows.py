"""The rows of a grid as typed records; a wide row becomes one record for each figure in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from kaohe.intake.places import Log, Spot
from kaohe.intake.remembered import Remembered, Told
from kaohe.intake.sheets import cells as parse
from kaohe.intake.sheets.cells import Cell, is_withdrawn, says_nothing, shown
from kaohe.intake.sheets.forcedtext import as_meant
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.around import Around, Aside
from kaohe.intake.tables.beside import Beside
from kaohe.intake.tables.byunit import UnitSheet, lacks_units, said_above, tell_no_table, unit_sheet
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.drafts import Draft
from kaohe.intake.tables.ground import Ground
from kaohe.intake.tables.headers import Again, Layout, find_layout
from kaohe.intake.tables.measures import Measures
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.shape import Shape
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.intake.tables.vocabulary import NIL_REPORTS, TABLES, UNIT_NAME, Record, Table
from kaohe.scheme import Scheme

MOST_RECORDS = 30_000
"""Figures of a table: what goes beyond is no table of a year's figures."""

MOST_NAMED = 10
"""Units of one name that a finding lists."""


@dataclass(frozen=True)
class _Found:
    """What one grid holds, and what it was read by, which stays as long as this does: both are known by identity."""

    grid: Grid
    scheme: Scheme
    records: Mapping[str, list[Record]]
    spoiled: set[tuple[str, str, str]]
    unread: set[str]
    filled: set[str]
    named: list[tuple[Record, Cell]]

    @property
    def count(self) -> int:
        return sum(map(len, self.records.values()))

    @property
    def weight(self) -> int:
        """Of a sheet that cannot be read there are no records, and all its cells stay."""
        return self.count + self.grid.size


_FOUND: Remembered[_Found] = Remembered(250_000)
"""Records and cells of three or four years."""


class Rows(Ground):
    """Turns grids into records."""

    def __init__(self, names: Names, log: Log, units: Iterable[tuple[str, str]] = (), year: str = "") -> None:
        super().__init__(names, log, units, year)
        self._waiting: list[tuple[Table, Grid]] = []
        self.unread: set[str] = set()
        """Tables with a sheet that has no header to read it by."""
        self.filled: set[str] = set()
        """Tables with a row below a header."""
        self._named: list[tuple[Record, Cell]] = []

    def add(self, table: Table, grid: Grid) -> None:
        """Read one grid into the records of its table; one without a column of units waits for `settle`."""
        grid = as_meant(grid, self.log)
        table = self.names.table(table, grid)
        if not grid.rows:
            self.log.advisory("empty-sheet", f"空表（{table.chinese}）", Spot(grid.file, grid.sheet))
        elif lacks_units(table, grid):
            self._waiting.append((table, grid))
        else:
            self._add(table, grid, UnitNames())

    def settle(self, spare: Iterable[Grid] = ()) -> None:
        """Read what had to wait until the units are known, and the `spare` sheets that are about one unit each."""
        units = self.known_units()
        by_file: dict[str, list[UnitSheet]] = defaultdict(list)
        for table, grid in self._waiting:
            found = unit_sheet(grid, units, self.log, table)
            if found:
                by_file[grid.file].append(found)
            else:
                self._add(table, grid, units)
        self._waiting.clear()
        for grid in spare:
            found = unit_sheet(as_meant(grid, self.log), units, self.log)
            if found:
                by_file[grid.file].append(found)
            else:
                alike = tell_no_table(grid, tables_of(self.names.scheme).values(), self.log)
                self.unread |= {alike.name} if alike else set()
        for file, sheets in by_file.items():
            self._add_sheets(file, sheets)

    def _add_sheets(self, file: str, sheets: list[UnitSheet]) -> None:
        """Sheets about one unit each; what names another unit in its rows is left out."""
        for sheet in (each for each in sheets if each.grid.rows):
            kept = self.records.setdefault(sheet.table.name, [])
            before = len(kept)
            self._add(sheet.table, sheet.grid, UnitNames())
            for record in [each for each in kept[before:] if each.unit != sheet.unit]:
                problem = f"这张工作表是 {sheet.unit} 的，这一行却是 {record.unit} 的"
                self._contradiction(record, record.headers.get("unit_id", ""), record.cells.get("unit_id"), problem)
                kept.remove(record)
        told = [f"{each.grid.sheet}＝{each.unit}" for each in sheets if each.grid.rows]
        if told:
            names = "、".join(told[:MOST_NAMED]) + (f" 等 {len(told)} 张" if len(told) > MOST_NAMED else "")
            kinds = "、".join(dict.fromkeys(each.table.chinese for each in sheets))
            self.log.advisory(
                "unit-sheets", f"一张工作表一个单位，按表名或表头上方的单位读作{kinds}：{names}", Spot(file)
            )

    def _add(self, table: Table, grid: Grid, units: UnitNames) -> None:
        self._take(self._once(table, grid, units))

    def _once(self, table: Table, grid: Grid, units: UnitNames) -> _Found:
        """What a grid holds; the same grid beside the same units is not gone through again."""
        listed = tuple((each.unit, each["name"], each["category"]) for each in self.records.get("units", []))
        key = id(grid), table.name, id(self.names.scheme), self.year, self._units, listed, units.every
        before = len(self.records.get(table.name, []))
        found = _FOUND.get(key, self.log, lambda found: before + found.count <= MOST_RECORDS)
        if found is None:
            one = Rows(self.names, told := Told(self.log), self._units, self.year)
            start = {name: list(self.records.get(name, ())) for name in ("units", table.name)}
            one.records, hints = {name: list(records) for name, records in start.items() if records}, self.names.hints
            one._read(table, grid, units)
            new = {name: records[len(start.get(name, ())) :] for name, records in one.records.items()}
            found = _Found(grid, self.names.scheme, new, one.spoiled, one.unread, one.filled, one._named)
            # What is hinted at, and how much is read, rests on the other tables, too.
            if self.names.hints == hints and before + found.count <= MOST_RECORDS:
                _FOUND.keep(key, found, told, found.weight)
        return found

    def _take(self, found: _Found) -> None:
        for name, records in found.records.items():
            self.records.setdefault(name, []).extend(records)
        self.spoiled |= found.spoiled
        self.unread |= found.unread
        self.filled |= found.filled
        self._named += found.named

    def _read(self, table: Table, grid: Grid, units: UnitNames) -> None:
        kept = self.records.setdefault(table.name, [])
        table = self.names.table(table, grid)
        self.of_1904 |= {(grid.file, grid.sheet)} if grid.of_1904 else set()
        layout = find_layout(grid, table, self.names, self.log, units)
        if layout is None:
            self.unread.add(table.name)
            return
        if layout.units_across:
            message = "单位写在表头，每行一项：照此读取"
            self.log.advisory("units-across", message, Spot(grid.file, grid.sheet, layout.row))
        shape = Shape(grid, table, layout, self.log)
        if shape.covered:  # what stands under merged cells is told there, and not lacking
            self.unread.add(table.name)
        around = Around(grid, table, layout, self.names, self.year, self.log)
        around.tell()
        measures = Measures(layout, around)
        aside = Aside(Spot(grid.file, grid.sheet), self.log, around)
        beside = Beside(grid, table, layout, around)
        again, before = Again(grid, table, layout, self.names), len(kept)
        for number, line in (each for each in grid.rows if each[0] > layout.row):
            at = Spot(grid.file, grid.sheet, number)
            if len(kept) > MOST_RECORDS:
                message = f"这张表的行数过多，从第 {number} 行起未读取"
                self.log.error("too-large", message, at, expected="只含填报数据的表")
                self.unread.add(table.name)
                break
            if again.is_same(line):
                self.log.warning("header-again", "表头又出现了一次，这一行未读取", at, expected="只有一行表头")
                continue
            if aside.takes(line, at):
                continue
            self.filled.add(table.name)
            if again.is_header(line):
                message = "从这一行起像是另一张表，未读取"
                self.log.error("second-table", message, at, expected="一张工作表只有一张表，第二张另放一张工作表")
                break
            elif all(cell is None or is_withdrawn(cell) for cell in line):
                message, expected = "整行划去（删除线）或看不见，未读取", "作废的行删去，其余的去掉删除线"
                self.log.error("struck-row", message, at, expected=expected)
            elif shape.fits(line, at):
                beside.look(number, line)
                found = self._line(table, layout, line, at, units)
                measures.look(line, found, at)
                kept += found
        aside.tell()
        beside.tell()
        if layout.suspected:
            units_here = {record.unit for record in kept[before:]}
            self.spoiled |= {(table.name, unit, each) for unit in units_here for each in layout.suspected}
        self._tell_title(grid, layout, kept[before:])

    def _tell_title(self, grid: Grid, layout: Layout, records: list[Record]) -> None:
        """A title that names one unit above the rows of another; an office may name itself above anybody's."""
        units = self.known_units()
        said = said_above(grid, layout.row, units)
        if not said or said in {each.id for each in self.names.scheme.departments}:
            return
        here = {units.meant(unit) or unit for unit in {record.unit for record in records}}
        if len(here) == 1 and said not in here:
            message = f"表头上方写的单位是 {said}，这里各行的单位却都是 {next(iter(here))}，照各行读取"
            self.log.warning("contradicting-name", message, Spot(grid.file, grid.sheet), expected="指同一个单位")

    def _line(self, table: Table, layout: Layout, line: list[Cell], at: Spot, units: UnitNames) -> list[Record]:
        cells = {name: line[i] if i < len(line) else None for name, i in layout.columns.items()}
        beside = {name: line[i] for name, i in layout.beside.items() if i < len(line) and line[i] is not None}
        if layout.across:
            found = self._wide(table, layout, cells, line, at, units)
        elif table.is_list and _only_nothing(cells):
            found = []
            self._nothing(layout, cells, at)
        elif any(cell is not None for name, cell in cells.items() if name not in table.given):
            found = self._tall(table, layout, cells, at)
        else:
            found = []
            self._tell_wordy(cells, at)
        for name in ("indicator_name", "metric_name"):
            if name in beside:
                found = [record for record in found if self._is_called(record, beside[name])]
        if "name" in beside:
            self._named += [(record, beside["name"]) for record in found]
        return found

    def _tell_wordy(self, cells: Mapping[str, Cell], at: Spot) -> None:
        """A row without any figure is one that is not handed in yet, if a unit stands in it; else it says something."""
        said, units = shown(cells.get("unit_id")).strip(), self.known_units()
        known = units.is_id(said) or units.find(said) or units.called(said)
        if said and units and not known:
            message = "这一行没有数据，单位一格也不是单位表里的单位，未读取"
            self.log.warning("no-data-row", message, at.at("", said), expected="单位编号；说明的话放到“说明”表")

    def _nothing(self, layout: Layout, cells: Mapping[str, Cell], at: Spot) -> None:
        """`C03 K6 无` in a list is no entry: the office of the indicator says that there is none."""
        scheme = self.names.scheme
        called = self.names.indicators_called(shown(cells["indicator"]))
        own = scheme.department_common
        supplier = scheme.indicators[called[0]].office if called else None
        office = supplier or (own.tasks_office if own else None) or scheme.collector
        said: dict[str, Cell] = {"unit_id": cells["unit_id"], "indicator": cells["indicator"], "office": office}
        found = self._tall(TABLES[NIL_REPORTS], layout, said, at)
        self.records.setdefault(NIL_REPORTS, []).extend(found)

    def _is_called(self, record: Record, cell: Cell) -> bool:
        """Whether the name beside an indicator's id is not that of another; tells where it is."""
        mine, scheme = record.subject, self.names.scheme
        if record.table.across == "metric":
            found = self.names.metric(shown(cell))
            others, called = [found] if found else [], scheme.metrics[mine].name
        else:
            others, called = self.names.indicators_called(shown(cell)), scheme.indicators[mine].name
        parts = (sorted((f"{mine}.", f"{each}."), key=len) for each in others)
        if not others or any(longer.startswith(shorter) for shorter, longer in parts):
            return True
        problem = f"指标编号是 {mine}（{called}），指标名称却是 {'、'.join(others)} 的"
        self._contradiction(record, "指标名称", cell, problem)
        return False

    def compare_unit_names(self) -> None:
        """Leaves out, and tells, rows in which the name beside a unit's id is that of another unit."""
        called: dict[str, dict[str, str]] = defaultdict(dict)
        for unit in self.records.get("units", []):
            called[parse.word(str(unit["name"] or ""))][unit.unit] = str(unit["name"])
        own = {unit: name for units in called.values() for unit, name in units.items()}
        wrong: set[int] = set()
        told: set[Spot] = set()
        meant: set[tuple[str, str, str]] = set()
        for record, cell in self._named:
            name = parse.word(shown(cell))
            others = called.get(name, {})
            if others and record.unit in own and record.unit not in others:
                if record.at not in told:  # once for all figures of a wide row
                    whose = "、".join([*islice(others, MOST_NAMED)]) + (" 等" if len(others) > MOST_NAMED else "")
                    problem = f"单位编号是 {record.unit}（{own[record.unit]}），单位名称却是 {whose} 的"
                    self._contradiction(record, UNIT_NAME.header, cell, problem)
                self.spoiled.add((record.table.name, record.unit, record.subject))
                meant.add((record.table.name, name, record.subject))
                told.add(record.at)
                wrong.add(id(record))
        self.spoiled |= {(table, unit, subject) for table, name, subject in meant for unit in called[name]}
        for name, records in self.records.items():
            self.records[name] = [record for record in records if id(record) not in wrong]

    def _contradiction(self, record: Record, column: str, cell: Cell, problem: str) -> None:
        self.spoiled.add((record.table.name, record.unit, record.subject))
        spot = record.at.at(column, shown(cell))
        self.log.error("contradicting-name", problem, spot, expected="编号与名称指同一个", unit=record.unit)

    def record(self, table: Table, cells: dict[str, Cell], at: Spot) -> Record | None:
        """One row by itself, its cells by column; None where it cannot be used or is not handed in."""
        table = self.names.table(table)
        headers = {column.name: column.header for column in table.columns}
        found = self._tall(table, Layout(0, {}, headers, {}, 0), cells, at)
        if table.gathered is not None:
            found = table.gathered(table, found, self.names.scheme, self.log, self.spoiled)
        return found[0] if found else None

    def _tall(self, table: Table, layout: Layout, cells: dict[str, Cell], at: Spot) -> list[Record]:
        draft = Draft(self, table, layout.headers, cells, at)
        for column in table.columns:
            draft.read(column)
        return draft.records()

    def _wide(
        self, table: Table, layout: Layout, cells: dict[str, Cell], line: list[Cell], at: Spot, units: UnitNames
    ) -> list[Record]:
        filled = {i: line[i] for i in layout.across if i < len(line) and line[i] is not None}
        if not filled:
            self._tell_wordy(cells, at)
            return []
        shared = Draft(self, table, layout.headers, cells, at)
        across, value = table.column[str(table.across)], table.column[str(table.value)]
        # An indicator that units share by name is read beside its unit.
        first = table.column["unit_id"] if layout.units_across else across
        each_time = [first, value] if first is across else [first, across, value]
        for column in table.columns:
            if column not in each_time:
                shared.read(column)
        if shared.failed:
            return []
        records = []
        for i, cell in filled.items():
            header = layout.across[i]
            named = units.find(header) if layout.units_across else header
            draft = shared.with_cells({first.name: named, value.name: cell}, header)
            for column in each_time:
                draft.read(column)
            records += draft.records()
        return records


def _only_nothing(cells: Mapping[str, Cell]) -> bool:
    """Whether a row says of an indicator that there is nothing, and no more."""
    more = [cell for name, cell in cells.items() if name not in ("unit_id", "indicator") and cell is not None]
    return cells["indicator"] is not None and bool(more) and all(map(says_nothing, more))
