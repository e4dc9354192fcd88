"""Tall sheets of a template: one row an achievement, an incident, a vote …; lists, formats and bounds by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import PRINTED_ROWS, TallRows, form_of, forms
from kaohe.exchange.lists import Lists
from kaohe.exchange.notes import note_of
from kaohe.exchange.rowchecks import FIRST_ROW, Line, applied, longer_ones, marks
from kaohe.exchange.sheetstyle import (
    GIVEN_FILL,
    GRID,
    UNLOCKED,
    dress,
    finish,
    fits_upright,
    footer,
    header,
    lock,
    mark,
    note,
    put,
)
from kaohe.exchange.validation import Entry, Validations, fits_inline
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import UNIT_NAME, Column, Table

WIDTHS = {
    "unit_id": 11,
    "name": 22,
    "indicator": 11,
    "kind": 24,
    "level": 9,
    "award": 9,
    "title": 44,
    "date": 13,
    "first_author": 12,
    "amount": 15,
    "count": 9,
    "points": 9,
    "note": 70,
    "leader": 16,
    "reason": 70,
    "basis": 30,
    "review": 40,
    "received_on": 13,
    "decided_on": 13,
    "grade": 10,
    "matter": 16,
    "responsible": 14,
    "cause": 40,
    "measures": 40,
    "due": 13,
    "done_on": 13,
}


class TallSheet:
    """Writes one tall table. `lists`: where its rules look things up."""

    def __init__(self, asked: Asked, table: Table, lists: Lists) -> None:
        self._asked, self._table, self._lists = asked, table, lists
        self._form = form_of(table)
        self._names = Names(asked.context.scheme)

    def write(self, page: Worksheet, rows: TallRows) -> None:
        columns = self._columns()
        header(page, [column.header for column in columns])
        letters = {column.name: get_column_letter(at) for at, column in enumerate(columns, start=1)}
        last = len(rows.given) + rows.blank + 1
        entries = {column.name: self._entry(column) for column in columns}
        self._rules(page, entries, columns, letters, last)
        for at, column in enumerate(columns, start=1):
            values = [row.get("unit_name" if column is UNIT_NAME else column.name) for row in rows.given]
            self._column(page, at, column, entries[column.name], [*values, *[None] * rows.blank])
        widths = {at: WIDTHS.get(column.name, 12) for at, column in enumerate(columns, start=1)}
        finish(page, frozen_columns=1, widths=widths, landscape=not fits_upright(widths.values()))
        page.auto_filter.ref = page.dimensions
        if rows.is_cut:
            shown = len(rows.given) + PRINTED_ROWS + 1
            page.print_area = f"A1:{get_column_letter(len(columns))}{shown}"
            footer(page, left=f"只印到第 {shown} 行，填得更多的请先清除打印区域", right="&A　第 &P 页，共 &N 页")
        lock(page)

    def _columns(self) -> list[Column]:
        """The table's columns; where units are given, their names for people."""
        columns = list(self._table.columns)
        return [columns[0], UNIT_NAME, *columns[1:]] if self._table.given else columns

    def _rules(
        self,
        page: Worksheet,
        entries: Mapping[str, Entry],
        columns: Sequence[Column],
        letters: Mapping[str, str],
        last: int,
    ) -> None:
        """What each column accepts, what its note says, and what is marked where it does not fit."""
        line = Line(letters)
        fits = self._form.fitting(self._asked, line, self._lists)
        entries = {name: applied(entry, name, fits) for name, entry in entries.items()}
        rules = Validations(page)
        for at, column in enumerate(columns, start=1):
            letter, entry = letters[column.name], entries[column.name]
            note(page, at, note_of(self._asked, self._table, column, entry))
            rules.add(entry, f"{letter}{FIRST_ROW}:{letter}{last}")
        rules.write()
        for name, formula, only_told in marks(self._table, line, fits, entries):
            mark(page, f"{letters[name]}{FIRST_ROW}:{letters[name]}{last}", formula, only_told=only_told)

    def _column(self, page: Worksheet, at: int, column: Column, entry: Entry, values: Sequence[str | None]) -> None:
        models: dict[bool, Cell] = {}
        for row, value in enumerate(values, start=FIRST_ROW):
            cell = put(page, row, at, value)
            known = value is not None and column.name in ("unit_id", UNIT_NAME.name)
            if known in models:
                dress(cell, models[known])
                continue
            models[known] = cell
            cell.border, cell.number_format = GRID, entry.number_format
            if known:
                cell.fill = GIVEN_FILL
            else:
                cell.protection = UNLOCKED

    def _entry(self, column: Column) -> Entry:
        match column.kind:
            case "code" | "open_code":
                return self._coded(column)
            case "yes_no":
                return Entry("list", words=("是", "否"))
            case "date":
                return self._date()
            case "indicator":
                indicators = dict.fromkeys(each.id for _, each, _ in self._form.pairs(self._asked))
                return self._listed(tuple(indicators), "指标")
            case "id" if column.name == "unit_id":
                return self._listed(tuple(self._units()), "单位")
            case "number":
                return self._number(column)
        return Entry("text")

    def _units(self) -> dict[str, None]:
        """Those that the table can be about: any, or those to whom one of its indicators applies."""
        if "indicator" in self._table.column:
            return dict.fromkeys(unit.unit_id for unit, _, _ in self._form.pairs(self._asked))
        return dict.fromkeys(self._asked.context.units)

    def _date(self) -> Entry:
        """In the window, and beyond its end where all of the indicators count beyond it or each is looked at."""
        asked = self._asked
        first, last = asked.context.scheme.window.days(asked.context.year)
        if self._form.dates == "after":
            return Entry("date", since=first)
        counted = self._form.pairs(asked) if self._form.dates == "counted" else ()
        longer = longer_ones(asked, dict.fromkeys(each.id for _, each, _ in counted))
        return Entry("date", since=first, until=None if longer else last)

    def _coded(self, column: Column) -> Entry:
        chinese = self._form.choices(self._asked, column)
        if chinese is None:
            chinese = self._names.chinese((self._table.name, column.name))
        words = tuple(dict.fromkeys(chinese.values()))
        listed = self._listed(words, column.header)
        return replace(listed, strict=column.kind == "code", weighted=self._form.weighted)

    def _listed(self, words: tuple[str, ...], name: str) -> Entry:
        """A short list in the rule itself, a long one from the sheet 说明."""
        if fits_inline(words):
            return Entry("list", words=words)
        return Entry("list", source=self._lists.keep(f"{self._table.chinese}{name}", words))

    def _number(self, column: Column) -> Entry:
        if column.name in self._table.options:
            return Entry("whole", Fraction(0))
        return self._form.entry(self._asked, column) or Entry("points")


def tall_rows(asked: Asked, table: Table, voters: Mapping[str, str]) -> TallRows:
    """The rows of a tall table. `voters`: name → code of the group, where they are known."""
    return form_of(table).rows(asked, table, voters)


def tall_tables(asked: Asked) -> list[Table]:
    """The tall tables that the office fills in."""
    own = tables_of(asked.context.scheme)
    return [own[name] for name, form in forms().items() if form.wide is None and form.offered(asked)]
