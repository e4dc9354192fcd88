"""Tall sheets of a template: one row an achievement, an incident, a vote …; lists, formats and bounds by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.lists import Lists
from kaohe.exchange.notes import WITHIN, note_of
from kaohe.exchange.rowchecks import FIRST_ROW, Line, applied, fitting, longer_ones, marks
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
from kaohe.intake.checks.votes import highest_mark
from kaohe.intake.tables.described import VOTES, tables_of, votes_in
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import UNIT_NAME, Column, Table

BLANK_ROWS, PRINTED_ROWS = 300, 46
"""Rows ready for entries in a table whose length nobody knows, and how many of them fill two printed pages."""
MORE_VOTERS = 60
"""Blank rows for voters who were none last year."""

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


@dataclass(frozen=True)
class TallRows:
    """Rows filled in as far as known, their units locked; then blank ones."""

    given: Sequence[Mapping[str, str]] = ()
    blank: int = BLANK_ROWS

    @property
    def is_cut(self) -> bool:
        """Whether not all of them are printed."""
        return self.blank > PRINTED_ROWS


class TallSheet:
    """Writes one tall table. `lists`: where its rules look things up."""

    def __init__(self, asked: Asked, table: Table, lists: Lists) -> None:
        self._asked, self._table, self._lists = asked, table, lists
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
        fits = fitting(self._asked, self._table, line, self._lists)
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
                indicators = dict.fromkeys(each.id for _, each, _ in self._asked.pairs(self._table.name))
                return self._listed(tuple(indicators), "指标")
            case "id" if column.name == "unit_id":
                return self._listed(tuple(self._units()), "单位")
            case "number":
                return self._number(column)
        return Entry("text")

    def _units(self) -> dict[str, None]:
        """Those that the table can be about: any, or those to whom one of its indicators applies."""
        if "indicator" in self._table.column:
            return dict.fromkeys(unit.unit_id for unit, _, _ in self._asked.pairs(self._table.name))
        return dict.fromkeys(self._asked.context.units)

    def _date(self) -> Entry:
        """In the window, and beyond its end where all of the indicators count beyond it or each is looked at."""
        asked = self._asked
        first, last = asked.context.scheme.window.days(asked.context.year)
        if self._table.name not in WITHIN:  # what follows the year
            return Entry("date", since=first)
        indicators = {"achievements": asked.counting, "incidents": asked.costing}.get(self._table.name, {})
        return Entry("date", since=first, until=None if longer_ones(asked, indicators) else last)

    def _coded(self, column: Column) -> Entry:
        chinese = self._names.chinese((self._table.name, column.name))
        if (self._table.name, column.name) == ("achievements", "kind"):
            kinds = {kind for each in self._asked.counting.values() for kind in (*each.weights, *each.amounts)}
            chinese = {kind: self._asked.context.scheme.kinds.get(kind, chinese.get(kind, kind)) for kind in kinds}
            chinese = {kind: chinese[kind] for kind in (*self._asked.context.scheme.kinds, *kinds) if kind in chinese}
        words = tuple(dict.fromkeys(chinese.values()))
        listed = self._listed(words, column.header)
        return replace(listed, strict=column.kind == "code", weighted=self._table.name == "achievements")

    def _listed(self, words: tuple[str, ...], name: str) -> Entry:
        """A short list in the rule itself, a long one from the sheet 说明."""
        if fits_inline(words):
            return Entry("list", words=words)
        return Entry("list", source=self._lists.keep(f"{self._table.chinese}{name}", words))

    def _number(self, column: Column) -> Entry:
        nothing = Fraction(0)
        if column.name in self._table.options:
            return Entry("whole", nothing)
        if column.name == "count":
            return Entry("whole", Fraction(1))
        if column.name == "score":
            votes = (vote for vote in self._asked.context.scheme.votes.values() if vote.paper == "marks")
            return Entry("points", nothing, max(map(highest_mark, votes), default=Fraction(100)))
        return Entry("money", nothing) if column.name == "amount" else Entry("points")


def tall_rows(asked: Asked, table: Table, voters: Mapping[str, str]) -> TallRows:
    """The rows of a tall table. `voters`: name → code of the role, where they are known."""
    if table.name == "self_reports" or (table.name == "ballots" and table.keys == ("unit_id",)):
        return TallRows(_units_given(asked), 0)
    if table.name == "leader_ratings" and voters and {"vote", "facet"}.isdisjoint(table.column):
        return TallRows(_voters_given(asked, voters), MORE_VOTERS)
    return TallRows()


def _units_given(asked: Asked) -> list[dict[str, str]]:
    """A row a unit."""
    return [{"unit_id": unit.unit_id, "unit_name": unit.name} for unit in asked.context.units.values()]


def _voters_given(asked: Asked, voters: Mapping[str, str]) -> list[dict[str, str]]:
    """A row a unit and leader."""
    roles = Names(asked.context.scheme).chinese(("leader_ratings", "role"))
    return [
        {**row, "leader": leader, "role": roles.get(role, role)}
        for row in _units_given(asked)
        for leader, role in voters.items()
    ]


def tall_tables(asked: Asked) -> list[Table]:
    """The tall tables that the office fills in."""
    names = ["achievements"] if asked.counting else []
    names += ["incidents"] if asked.costing else []
    if asked.is_collector:
        names += ["ballots", "leader_ratings", "declarations", "vetoes", "awards", "exemptions"]
        names += ["self_reports", "decisions", "rectifications"]
    if asked.office is None:
        names.append("self_scores")
    scheme = asked.context.scheme
    results = scheme.results
    without = {
        "declarations": not results.declarations,
        "vetoes": not results.vetoes,
        "awards": not results.awards,
        "decisions": not results.grades,
        "rectifications": not results.grades,
        **{name: not votes_in(scheme, name) for name in VOTES},
    }
    return [table for name, table in tables_of(scheme).items() if name in names and not without.get(name)]
