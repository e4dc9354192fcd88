"""The header row: which column is which, and whether metrics or indicators run across."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile, zip_longest

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import Cell, Uncomputed, decimal, shown, word
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.aside import kind_of
from kaohe.intake.tables.headerwords import lookalike, meant, other_unit
from kaohe.intake.tables.instead import differing, may_be_instead
from kaohe.intake.tables.knownwords import known_words, words_present
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.unitnames import UnitNames
from kaohe.intake.tables.vocabulary import Column, Table

MOST_HEADERS = 1_000
"""Columns with a header; the widest table has a hundred or so."""

BESIDE = ("name", "indicator_name", "metric_name")
"""Columns of names beside 单位编号, 指标编号 and metrics' English names."""

MEASURES = {"计量单位", "单位", "数据单位", "金额单位", "数值单位", "量纲"}
YEARS = {"学年", "年度", "年份", "统计年度", "统计学年", "所属学年", "所属年度"}
LOOKED_AT = {"计量单位", "数据单位", "金额单位", "数值单位", "学年"}
"""Those of them that can be nothing else."""

NUMBERING = {"序号"}
"""Columns beside units across that nobody takes for one."""

MOST_IN_TITLE = 6
"""Cells of a line that is no row of data: 填报单位, 填表人 and 日期, each beside its answer."""

SEARCHED = 10
"""Rows among which the header may stand below titles."""


@dataclass(frozen=True)
class Layout:
    """The header's row, positions of the columns, and their headers as written; `across` are a wide table's columns."""

    row: int
    columns: dict[str, int]
    headers: dict[str, str]
    across: dict[int, str]
    width: int
    beside: dict[str, int] = field(default_factory=dict)
    """Names that stand beside ids, for people to read."""
    units_across: bool = False
    """`across` are the columns of units, and metrics or indicators run down."""
    measures: dict[int, str] = field(default_factory=dict)
    years: dict[int, str] = field(default_factory=dict)
    """Columns of units of measure and of years, which are no data but may contradict them."""
    said: dict[str, str] = field(default_factory=dict)
    """What stands in brackets in a header that was taken for another word, by the header."""
    suspected: frozenset[str] = frozenset()
    """Metrics or indicators that columns may be about whose headers name none."""


def find_layout(grid: Grid, table: Table, names: Names, log: Log, units: UnitNames) -> Layout | None:
    """How to read the grid's rows; None, with findings, where the header does not allow it."""
    first, *others = grid.rows[:SEARCHED]
    filled = sum(cell is not None for cell in first[1])
    if filled > MOST_HEADERS:
        message = f"第 {first[0]} 行有 {filled} 格，不是表头"
        log.error("too-large", message, Spot(grid.file, grid.sheet, first[0]), expected=f"不超过 {MOST_HEADERS} 列")
        return None
    others = [(row, cells) for row, cells in others if len(cells) <= MOST_HEADERS]
    header = _Header(grid, table, names, log, units, *first)
    if header.missing:
        below = [found for row in others if not (found := _Header(grid, table, names, log, units, *row)).missing]
        if len(below) == 1:
            below[0].tell_below(header)
            return below[0].layout()
        if not below and (both := _two_rows(grid, table, names, log, units)):
            return both.layout()
    return header.layout()


def _two_rows(grid: Grid, table: Table, names: Names, log: Log, units: UnitNames) -> _Header | None:
    """A header of two rows, groups above the columns; a cell that is blank below is the one above, as in merged cells.

    What stands above is held against unit and year as titles are.
    """
    for (_, above), (row, below) in pairwise(grid.rows[:SEARCHED]):
        if max(len(above), len(below)) > MOST_HEADERS:
            continue
        both = [under if under is not None else over for over, under in zip_longest(above, below)]
        header = _Header(grid, table, names, log, units, row, both)
        if not header.missing:
            message = f"表头占两行，按第 {row} 行读取，空着的格按上一行"
            log.warning("two-row-header", message, header.at, expected="只有一行表头")
            return header
    return None


class Again:
    """Knows a header when it comes again below the first: where a unit or a number belongs, a column is named."""

    def __init__(self, grid: Grid, table: Table, layout: Layout, names: Names) -> None:
        self.table, self.names, self.units_across = table, names, layout.units_across
        self.words = known_words(table, set())
        self.unit = layout.columns.get("unit_id")
        kinds = {at: table.column[name].kind for name, at in layout.columns.items()}
        self.places = {self.unit, *(at for at, kind in kinds.items() if kind in ("figure", "number", "date"))}
        self.places |= layout.across.keys()
        self.first = [word(shown(cell)) for cell in next(cells for row, cells in grid.rows if row == layout.row)]

    def is_header(self, line: list[Cell]) -> bool:
        if self.units_across:
            return self.is_same(line)
        unit = line[self.unit] if self.unit is not None and self.unit < len(line) else None
        if unit is not None:  # beside a unit it is just a wrong number
            return isinstance(unit, str) and self._names(self.unit, unit)
        return any(self._names(at, cell) for at, cell in enumerate(line) if isinstance(cell, str) and at in self.places)

    def is_same(self, line: list[Cell]) -> bool:
        """Whether it is the first header over again, as on printed pages."""
        if len(line) != len(self.first) or word(shown(line[0])) != self.first[0]:
            return False  # nearly every row
        return all(word(shown(cell)) == first for cell, first in zip(line, self.first, strict=True))

    def _names(self, at: int | None, text: str) -> bool:
        if word(text) in self.words:
            return True
        # An id of a unit may be one of an indicator as well.
        return names_one(text, self.table, self.names) and (at != self.unit or not text.isascii())


def names_one(text: str, table: Table, names: Names) -> bool:
    """Whether a header names a metric or an indicator of a wide table."""
    if table.across == "metric":
        return names.metric(text) is not None
    return table.across is not None and bool(names.indicators_called(text))


def is_title(cells: list[Cell]) -> bool:
    """A line of words only, some three at most: a title, who filled it in and when."""
    filled = [cell for cell in cells if cell is not None]
    words = [cell for cell in filled if isinstance(cell, datetime.date) or _is_words(cell)]
    return len(words) == len(filled) <= MOST_IN_TITLE


def _is_words(cell: Cell) -> bool:
    return isinstance(cell, str) and decimal(cell) is None


class _Header:
    def __init__(
        self, grid: Grid, table: Table, names: Names, log: Log, units: UnitNames, row: int, header: list[Cell]
    ) -> None:
        self.grid, self.table, self.names, self.log, self.units = grid, table, names, log, units
        self.at = Spot(grid.file, grid.sheet, row)
        self.written = {at: shown(cell).strip() for at, cell in enumerate(header) if cell is not None}
        self.formulas = {at for at, cell in enumerate(header) if isinstance(cell, Uncomputed)}
        self.words = words_present(table, self.written.values())
        self.places: dict[str, list[int]] = defaultdict(list)
        self.others: dict[int, str] = {}
        self.guessed: dict[int, str] = {}
        self.said: dict[int, str] = {}
        self.suspected: set[str] = set()
        for at, text in self.written.items():
            column = self.words.get(word(text)) or self._meant(at, text)
            if column:
                self.places[column.name].append(at)
            else:
                self.others[at] = text
        self.units_across = self._has_units_across(set(self.places))
        self._meant_across()
        self.wide = self.units_across or self._is_wide(set(self.places))
        self.missing = self._missing()

    def _meant(self, at: int, text: str) -> Column | None:
        """The column of a header that has a mark, a unit or a break in it; None where it is none of them."""
        found = meant(text, self.words.get)
        if found:
            self.guessed[at], self.said[at] = found[0].header, found[2]
        return found[0] if found else None

    def _meant_across(self) -> None:
        """The same of metrics and indicators that run across."""
        if self.units_across or not self.table.across:
            return
        for at, text in self.others.items():
            found = None if self._names_one(text) else meant(text, lambda each: each if self._names_one(each) else None)
            if found:
                self.others[at] = self.guessed[at] = found[1]
                self.said[at] = found[2]

    def tell_below(self, first: _Header) -> None:
        """The header is not in the first row; what stands above it is told, unless it is plainly a title."""
        above = [cells for _, cells in takewhile(lambda each: each[0] != self.at.row, self.grid.rows)]
        if not all(map(is_title, above)):
            message = f"表头在第 {self.at.row} 行，第 {first.at.row} 行起到它为止的内容未读取"
            self.log.warning("header-below", message, self.at, expected="第一行就是表头")

    def layout(self) -> Layout | None:
        across = self._across(self.places) if self.wide else {}
        self._tell_guessed()
        self._tell_unknown({at: text for at, text in self.others.items() if at not in across})
        self._tell_headless(set(self.written))
        self._tell_repeated(self.places)
        if self.missing:
            self._tell_missing()
            return None
        columns = {name: at[0] for name, at in self.places.items() if name in self.table.column}
        headers = {name: self.written[at] for name, at in columns.items()}
        beside = {name: self.places[name][0] for name in BESIDE if name in self.places and name not in columns}
        width = max(self.written) + 1
        others = {at: text for at, text in self.others.items() if at not in across}
        measures = {at: text for at, text in others.items() if word(text) in MEASURES}
        years = {at: text for at, text in others.items() if word(text) in YEARS}
        return Layout(
            self.at.row or 0,
            columns,
            headers,
            across,
            width,
            beside,
            self.units_across,
            measures,
            years,
            {self.written[at]: said for at, said in self.said.items() if said},
            frozenset(self.suspected),
        )

    def _has_units_across(self, found: set[str]) -> bool:
        """The key column is there, neither units nor values have one, and some header names a unit."""
        across, value = self.table.across, self.table.value
        there = across in found and not {"unit_id", value} & found
        return bool(across and there and any(self.units.find(text) for text in self.others.values()))

    def _is_wide(self, found: set[str]) -> bool:
        """Neither the key column nor the value column is there, and some header names a metric or an indicator."""
        across, value = self.table.across, self.table.value
        return bool(across and not {across, value} & found and any(map(self._names_one, self.others.values())))

    def _names_one(self, text: str) -> bool:
        if self.units_across:
            return self.units.find(text) is not None
        return names_one(text, self.table, self.names)

    def _ids_of(self, text: str) -> list[str]:
        if self.table.across != "metric":
            return self.names.indicators_called(text)
        found = self.names.metric(text)
        return [found] if found else []

    def _across(self, places: dict[str, list[int]]) -> dict[int, str]:
        """The columns of metrics or indicators; two of the same one are repeated columns."""
        across: dict[int, str] = {}
        seen: dict[str, int] = {}
        for at, text in self.others.items():
            if not self._names_one(text):
                continue
            named = self.names.metric(text) if self.table.across == "metric" else None
            one = (self.units.find(text) if self.units_across else named) or word(text)
            across[at] = text
            if one in seen:
                places[f"{text}（{self.others[seen[one]]}）"] += [seen[one], at]
                del across[at]
            seen.setdefault(one, at)
        return across

    def _tell_guessed(self) -> None:
        """Headers that were taken for another word; a unit in one that is not the scheme's is asked about."""
        taken = []
        for at, name in self.guessed.items():
            text = self.written[at]
            unit = self._foreign_unit(at)
            if unit:
                message = f"表头说这一列以“{unit}”计，数字却按方案的单位读取"
                expected = f"按方案的单位填写，表头只写“{name}”"
                self.log.error("unit-above", message, self.at.at(text, text), expected=expected)
            else:
                taken.append(at)
        if taken:
            text = self.written[taken[0]]
            listed = "、".join(f"“{self.written[at]}”读作“{self.guessed[at]}”" for at in taken)
            self.log.warning("header-taken", f"表头{listed}", self.at.at(text, text), expected="只写列名，不加别的")

    def _foreign_unit(self, at: int) -> str:
        """The unit that a header names and that is not the one of its metric."""
        said, metric = self.said[at], self.names.metric(self.others.get(at, ""))
        if "%" in said:  # 85% is clear without it, 0.85 is not with it
            return "%" if any(isinstance(cell, int | float) for cell in self._below(at)) else ""
        unit = other_unit(said)
        return "" if metric and self.names.scheme.metrics[metric].unit == unit else unit

    def _below(self, at: int) -> Iterator[Cell]:
        """What stands below a header; a number that a CSV file writes is one."""
        for row, cells in self.grid.rows:
            if row > (self.at.row or 0) and len(cells) > at:
                cell = cells[at]
                number = decimal(cell) if isinstance(cell, str) else None
                yield cell if number is None else float(number)

    def _holds_data(self, at: int) -> bool:
        below = (cells for row, cells in self.grid.rows if row > (self.at.row or 0))
        return any(len(cells) > at and cells[at] is not None and not kind_of(cells) for cells in below)

    def _tell_unknown(self, others: dict[int, str]) -> None:
        """An unknown column is left out; across a wide table, with data in it, it is an unknown metric or indicator."""
        for at, text in others.items():
            spot = self.at.at(text, text)
            if word(text) in LOOKED_AT:
                continue
            if other_unit(text) and not self._holds_data(at):
                message = f"表头这一行说数字以“{other_unit(text)}”计，下面的数字却按方案的单位读取"
                self.log.error("unit-above", message, spot, expected="按方案的单位填写，并删去这一格")
            elif at in self.formulas:
                self.log.error("formula-without-value", "表头是公式，没有保存计算结果", spot, expected="文字")
            elif self.units_across and self._holds_data(at) and word(text) not in NUMBERING:
                message = "单位写在表头，单位表中却没有这个单位"
                self.log.error("unknown-unit", message, spot, expected="单位表中的编号或名称；不是单位的列请删去")
            elif self.wide and not self.units_across and self._holds_data(at):
                kind = self.table.across or ""
                what = "指标数据" if kind == "metric" else "指标"
                near = lookalike(text, lambda each: each if self._names_one(each) else None)
                hint, meant_ids = (f"，是否指 {near}？", self._ids_of(near)) if near else self.names.similar(text, kind)
                self.suspected |= set(meant_ids)
                self.log.error(f"unknown-{kind}", f"方案中没有这项{what}", spot, expected=f"方案中的{what}{hint}")
            else:
                if self._tell_instead(at, text):
                    continue
                near = lookalike(text, self.words.get)
                asks = f"是否指“{near}”？若是，只写“{near}”；本表有" if near else ""
                self.log.warning("unknown-column", "本表没有这一列，未读取", spot, expected=asks + self._expected())

    def _tell_instead(self, at: int, text: str) -> bool:
        """A column that may hold the figures that count, and differs from the one that is read."""
        kinds = {column.name: column.kind for column in self.table.columns}
        values = {name: at[0] for name, at in self.places.items() if kinds.get(name) in ("figure", "number")}
        if self.wide or not values or not may_be_instead(text):
            return False
        named = {column.name for called, column in self.words.items() if called in word(text)}
        against = [place for name, place in values.items() if name in named] or list(values.values())
        other = differing(self.grid, self.at.row or 0, against, at)
        if other:
            read = "、".join(self.written[place] for place in against)
            message = f"“{text}”列有 {len(other)} 行的数与“{read}”列不同，不知以哪一列为准"
            expected = f"只有一列数，名为“{read}”；另一列删去"
            self.log.error("other-figures", message, replace(self.at, row=other[0]).at(text), expected=expected)
        return bool(other)

    def _tell_headless(self, named: set[int]) -> None:
        width = max(named) + 1
        if self.grid.sheet:  # in a CSV file a field too many is told at its row
            width = max(len(cells) for _, cells in self.grid.rows)
        for at in range(width):
            if at in named or not self._holds_data(at):
                continue
            letter = column_letter(at)
            message, spot = f"{letter} 列有内容而没有表头，未读取", self.at.at(letter)
            if self.wide:  # figures of a metric, an indicator or a unit that nobody names
                self.log.error("unknown-column", message, spot, expected="每列都有表头")
            else:
                self.log.warning("unknown-column", message, spot)

    def _tell_repeated(self, places: dict[str, list[int]]) -> None:
        for positions in places.values():
            if len(positions) > 1:
                texts = "、".join(f"{column_letter(at)} 列“{self.written[at]}”" for at in positions)
                text = self.written[positions[-1]]
                message = f"同一列出现了 {len(positions)} 次：{texts}"
                self.log.error("duplicate-column", message, self.at.at(text, text), expected="每列只出现一次")

    def _missing(self) -> list[Column]:
        needed = [column for column in self.table.columns if not column.optional]
        if self.wide:
            given = {"unit_id" if self.units_across else self.table.across, self.table.value}
            needed = [column for column in needed if column.name not in given]
        return [column for column in needed if column.name not in self.places]

    def _tell_missing(self) -> None:
        listed = "、".join(column.header for column in self.missing)
        hint = "" if set(self.places) & set(self.table.column) else "；第一行应为表头"
        self.log.error("missing-column", f"缺少必需的列：{listed}{hint}", self.at, expected=self._expected())

    def _expected(self) -> str:
        return "以下各列：" + "、".join(column.header for column in self.table.columns)


def column_letter(at: int) -> str:
    """How a spreadsheet calls the column at a place."""
    from openpyxl.utils import get_column_letter  # with all of openpyxl, which a year of CSV files does without

    return str(get_column_letter(at + 1))
