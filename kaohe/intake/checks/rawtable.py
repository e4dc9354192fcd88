"""A raw table in full: beside how it is read and held, how its rows are checked and what of it may be lacking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.findings import Missing
from kaohe.intake.tables.data import Unit, YearData
from kaohe.intake.tables.vocabulary import TABLES, Record, Table
from kaohe.intake.year.lastyear import LastYear

Records = Mapping[str, list[Record]]
"""Rows that passed, by table."""

Whole = Callable[[list[Record], LastYear, Context], None]
Hold = Callable[[list[Record], Context], Mapping[str, Any]]


def of_a_unit(record: Record, context: Context) -> bool:
    """A row that only has to be of a unit of this year."""
    return context.unit_of(record) is not None


def held_together(field: str, record: Callable[[Record], Any]) -> Hold:
    """All rows one after the other, also those that will not count."""
    return lambda records, context: {field: tuple(map(record, records))}


def held_by_unit(field: str, record: Callable[[Record], Any]) -> Hold:
    """unit → its one row."""
    return lambda records, context: {field: {each.unit: record(each) for each in context.in_order(records)}}


@dataclass(frozen=True)
class RawTable(Table):
    """`check`: whether a row can be used, by itself; whatever is wrong is told. `without`: the rows that are left once
    all tables are read. `whole`: what is asked about rows beside each other and beside the year before.
    """

    check: Callable[[Record, Context], bool] = of_a_unit
    without: Callable[[list[Record], Records, LastYear, Context], list[Record]] | None = None
    whole: Sequence[Whole] = ()

    hold: Hold | None = None
    """Fields of the year's data that its rows fill; None: they lie beside what has a place of its own."""

    missing: Callable[[Unit, YearData, Context], Iterator[Missing]] | None = None
    """What applies to a unit and was not handed in."""


def raw_table(name: str) -> RawTable:
    """A raw table by its name."""
    return next(table for table in raw_tables() if table.name == name)


def raw_tables() -> list[RawTable]:
    """Every raw table, in its order."""
    return [table for table in TABLES.values() if isinstance(table, RawTable)]
