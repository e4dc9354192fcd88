"""What is known of the sheet of a raw table in a fill-in workbook; each is described in a module of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Fitting, Line
from kaohe.exchange.validation import Entry
from kaohe.intake.tables.asked import Facts
from kaohe.intake.tables.data import Unit
from kaohe.intake.tables.vocabulary import TABLES, Column, Record, Table, described_in
from kaohe.scheme import Item, Scheme

Pairs = Sequence[tuple[Unit, Item, Facts]]

BLANK_ROWS, PRINTED_ROWS = 300, 46
"""Rows ready for entries in a table whose length nobody knows, and how many of them fill two printed pages."""

FEW = 15
"""So many indicators or units are named in a note; more stand on the sheet 说明."""


@dataclass(frozen=True)
class TallRows:
    """Rows filled in as far as known, their units locked; then blank ones."""

    given: Sequence[Mapping[str, str]] = ()
    blank: int = BLANK_ROWS

    @property
    def is_cut(self) -> bool:
        """Whether not all of them are printed."""
        return self.blank > PRINTED_ROWS


Wide = Callable[[Worksheet, Table], None]
"""Writes a sheet with units down, and metrics or indicators across."""


def collected(asked: Asked) -> bool:
    """Who collects votes and decisions fills it in."""
    return asked.is_collector


def never(asked: Asked) -> bool:
    return False


def applying(asked: Asked) -> Pairs:
    return list(asked.applying)


def blank_rows(asked: Asked, table: Table, voters: Mapping[str, str]) -> TallRows:
    return TallRows()


def a_row_a_unit(asked: Asked, table: Table, voters: Mapping[str, str]) -> TallRows:
    return TallRows(units_given(asked), 0)


def units_given(asked: Asked) -> list[dict[str, str]]:
    return [{"unit_id": unit.unit_id, "unit_name": unit.name} for unit in asked.context.units.values()]


def no_more(asked: Asked, column: Column) -> Iterable[str]:
    return ()


def nothing_fits(asked: Asked, line: Line, lists: Lists) -> Fitting:
    return Fitting()


def no_entry(asked: Asked, column: Column) -> Entry | None:
    return None


def no_words(scheme: Scheme) -> Mapping[str, str]:
    return {}


def of_indicator(record: Record, scheme: Scheme) -> str | None:
    """Rows come from the office of their indicator."""
    return scheme.indicators[record.subject].office


def of_collector(record: Record, scheme: Scheme) -> str | None:
    return None


def clauses_of(indicators: Iterable[Item]) -> Iterable[str]:
    """Theirs, as many as a note can hold."""
    clauses = [each.clause for each in indicators]
    yield from clauses if len(clauses) <= FEW else ("各指标的条款见“说明”表",)


@dataclass(frozen=True)
class Form:
    """`offered`: whether an office fills it in; `pairs`: the units and indicators that its rows may be about."""

    table: str
    offered: Callable[[Asked], bool] = collected
    pairs: Callable[[Asked], Pairs] = applying
    wide: Callable[[Asked], Wide | None] | None = None
    """Of a sheet with units down and something across: who writes it; None where nothing is asked."""

    rows: Callable[[Asked, Table, Mapping[str, str]], TallRows] = blank_rows
    """Rows of a tall sheet; with voters, name → group, where they are known."""

    says: Mapping[str, str] = field(default_factory=dict)
    """What a column is for; `{deciders}` and what `words` adds are filled in."""

    words: Callable[[Scheme], Mapping[str, str]] = no_words
    needed: Mapping[str, str] = field(default_factory=dict)
    """When a column must be filled in, where its blank cells do not say so."""

    more: Callable[[Asked, Column], Iterable[str]] = no_more
    """Further lines of a column's note."""

    clauses: Callable[[Asked], Iterable[str]] | None = None
    """By which clauses it is asked for; None: those of its indicators."""

    dates: Literal["counted", "within", "after"] = "after"
    """Whether its dates lie in the year, and count nowhere else; or may follow it."""

    choices: Callable[[Asked, Column], Mapping[str, str] | None] = lambda asked, column: None
    """Codes to choose from, where not all that the scheme declares."""

    entry: Callable[[Asked, Column], Entry | None] = no_entry
    """What a column of numbers takes, where it is no number of points."""

    weighted: bool = False
    """A word of an open list has points only where the scheme gives it a weight."""

    fitting: Callable[[Asked, Line, Lists], Fitting] = nothing_fits
    """What must fit together in a row."""

    uncounted: bool = False
    """Nobody knows how many rows there should be: those there are are counted."""

    advice: str = ""
    """What an office is told of the sheet on the sheet 说明; `{collector}` is filled in."""

    supplier: Callable[[Record, Scheme], str | None] = of_collector
    """Which office a row comes from; None: the one that collects."""

    def asks(self, asked: Asked, table: Table) -> Iterable[str]:
        """The clauses by which the sheet is asked for."""
        if self.clauses is not None:
            return self.clauses(asked)
        if "indicator" not in table.column:
            return ()
        return clauses_of({each.id: each for _, each, _ in self.pairs(asked)}.values())


@cache
def forms() -> Mapping[str, Form]:
    """The form of each table that has one, in the tables' order."""
    found: dict[str, Form] = {form.table: form for form in described_in("kaohe.exchange.forms", "FORM")}
    return {name: found[name] for name in TABLES if name in found}


def form_of(table: Table) -> Form:
    return forms()[table.name]
