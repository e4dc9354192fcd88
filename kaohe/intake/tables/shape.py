"""Rows that lie otherwise than the header says: under merged cells, or moved by a comma that is not in quotes."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from kaohe.intake.places import Log, Spot
from kaohe.intake.sheets.cells import Cell, plain, shown
from kaohe.intake.sheets.grid import Grid
from kaohe.intake.tables.aside import kind_of
from kaohe.intake.tables.headers import Layout
from kaohe.intake.tables.vocabulary import UNIT_NAME, Table

MOST_SPANS = 10
"""Merged areas of a column that a finding lists."""

MOST_AREAS = 1_000
"""Merged areas that are told of; a sheet with more is no table."""

_SPLIT = re.compile(r"(人民币)? ?¥? ?[+-]?([1-9]\d{0,2},\d{3}(\.\d+)?|0,\d+) ?(元整?|人次?|次|分|票)?")
"""Thousands, or a decimal comma; with the units that may stand beside a number."""


class Shape:
    """Says which rows of a grid can be read as the header says."""

    def __init__(self, grid: Grid, table: Table, layout: Layout, log: Log) -> None:
        self.grid, self.table, self.layout, self.log = grid, table, layout, log
        self.is_csv = not grid.sheet
        self.covered = self._merged()
        self._splittable = tuple(self._may_be_split())
        self.width = self._width()
        self.has_full_rows = any(len(cells) >= layout.width for row, cells in grid.rows if row > layout.row)

    def _width(self) -> int:
        """Fields of a row: the header's, or one more where a program ends all other rows with a comma."""
        header, *below = (len(cells) for row, cells in self.grid.rows if row >= self.layout.row)
        return below[0] if len(below) > 1 and set(below) == {header + 1} else header

    def fits(self, line: list[Cell], at: Spot) -> bool:
        if at.row in self.covered:
            return False
        return not self.is_csv or not (
            self._too_long(line, at)
            or self._has_split_number(line, at)
            or self._breaks_off(line, at)
            or self._too_short(line, at)
        )

    def _aside(self) -> set[int]:
        """Rows that are none of the table: who signs in merged cells takes nothing from it."""
        found: set[int] = set()
        kind = ""
        for row, cells in self.grid.rows:
            kind = kind_of(cells, kind)
            if kind:
                found.add(row)
        return found

    def _merged(self) -> set[int]:
        """Tells of merged cells; rows whose cells are swallowed by one above are left out."""
        covered: set[int] = set()
        areas: list[tuple[int, int]] = []
        told: dict[str, list[tuple[int, int]]] = {}
        used = {*self.layout.columns.values(), *self.layout.across}
        headers = {at: self.layout.headers[name] for name, at in self.layout.columns.items()} | self.layout.across
        numbers = [row for row, _ in self.grid.rows]
        aside = self._aside() if self.grid.merged else set()
        data = [row for row in numbers if row not in aside]
        if len(self.grid.merged) > MOST_AREAS:
            at = Spot(self.grid.file, self.grid.sheet)
            self.log.error("merged-cells", f"有 {len(self.grid.merged)} 处合并单元格", at, expected="不合并的单元格")
        for first, last, left, right in self.grid.merged[:MOST_AREAS]:
            swallowed = sorted(at for at in used if left <= at <= right)
            is_aside = first in aside and bisect_left(data, first) == bisect_right(data, last)  # a note, a signature
            of_header = last == self.layout.row and left == right  # its first row and its second
            if not swallowed or last < self.layout.row or of_header or is_aside:
                continue
            told.setdefault(headers[swallowed[0]], []).append((first, last))
            areas.append((bisect_right(numbers, first), bisect_right(numbers, last)))
        for header, spans in told.items():
            listed = "、".join(f"第 {first}～{last} 行" for first, last in spans[:MOST_SPANS])
            more = f" 等 {len(spans)} 处" if len(spans) > MOST_SPANS else ""
            message = f"有合并单元格（{listed}{more}），除左上角外都是空的"
            at = Spot(self.grid.file, self.grid.sheet, spans[0][0], header)
            self.log.error("merged-cells", message, at, expected="不合并的单元格，逐格填写")
        reached = 0
        for start, end in sorted(areas):  # thousands may cover the same rows
            covered |= set(numbers[max(start, reached) : end])
            reached = max(reached, end)
        return covered

    def _too_long(self, line: list[Cell], at: Spot) -> bool:
        """More fields than the header, be they blank: a comma moved all that follow it to the right."""
        if len(line) <= self.layout.width <= self.width:
            return False
        over = [cell for cell in line[self.layout.width :] if cell is not None]
        if not over and len(line) <= self.width:
            return False
        expected = f"{self.layout.width} 个字段；含逗号的内容应加引号"
        value = shown(over[0]) if over else ""
        self.log.error("too-many-fields", "这一行的字段比表头多", at.at("", value), expected=expected)
        return True

    def _too_short(self, line: list[Cell], at: Spot) -> bool:
        """Fewer fields than the header where other rows have them all: what follows the gap stands too far left."""
        if len(line) >= self.layout.width or not self.has_full_rows:
            return False
        expected = f"{self.layout.width} 个字段；空着的也要有逗号"
        self.log.error("too-few-fields", "这一行的字段比表头少", at, expected=expected)
        return True

    def _breaks_off(self, line: list[Cell], at: Spot) -> bool:
        """The last row of a file that ends without a line end: cut off where it is shorter than all others."""
        if not self.grid.open_end or at.row != self.grid.rows[-1][0]:
            return False
        if len(line) < min(len(cells) for _, cells in self.grid.rows[:-1]):
            self.log.error("cut-off", "最后一行不完整，文件可能没有传完", at, expected="完整的文件")
            return True
        last = len(line) - 1
        name = next((name for name, place in self.layout.columns.items() if place == last), self.table.value or "")
        if last in self.layout.across or self.table.column.get(name, UNIT_NAME).kind in ("figure", "number"):
            spot = at.at(self.layout.headers.get(name, ""), shown(line[last]))
            self.log.warning("open-end", "文件末尾没有换行，请核对最后一个数是否完整", spot, expected="末尾有换行")
        return False

    def _may_be_split(self) -> Iterator[tuple[str, int]]:
        """Columns of numbers with one of text behind them, and their places."""
        kinds = {place: self.table.column[name].kind for name, place in self.layout.columns.items()}
        for name, place in self.layout.columns.items():
            if kinds[place] in ("figure", "number") and kinds.get(place + 1) == "text":
                yield name, place

    def _has_split_number(self, line: list[Cell], at: Spot) -> bool:
        """`1,234` or `0,85` without quotes where the row is not too long: `1`, and beside it `234` as its source."""
        for name, place in self._splittable:
            rest = plain(shown(line[place + 1])) if place + 1 < len(line) else ""
            if not rest[:1].isdigit():
                continue
            figure = plain(shown(line[place]))
            if _SPLIT.fullmatch(f"{figure},{rest}"):
                spot = at.at(self.layout.headers[name], f"{figure},{rest}")
                self.log.error(
                    "split-number", "像是一个数被逗号（千分位或小数点）分成了两格", spot, expected="加引号，或不写逗号"
                )
                return True
        return False
