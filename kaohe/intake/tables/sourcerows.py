"""A year's data as the rows it was read from: found by what they are about, shown as text, put back when changed.

What a row is about names it: its key; where a table has none, columns that its description names, and which it is.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kaohe.intake.tables.data import YearData
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.shelves import Shelf, beside
from kaohe.intake.tables.vocabulary import TABLES, Column, Table
from kaohe.intake.tables.voting import vote_tables
from kaohe.rules.votes import VoteRule


@dataclass(frozen=True)
class Row:
    """One row as read: typed values by column, the object that holds it, and which of its name it is."""

    table: Table
    values: Mapping[str, Any]
    item: Any
    which: int = 1

    @property
    def place(self) -> str:
        return str(self.item.place)


def named_by(table: Table) -> tuple[str, ...]:
    """The columns that say which row is meant."""
    return table.keys or table.named_by or ("unit_id",)


def table_of(data: YearData, name: str) -> Table:
    """A raw table as the year's scheme has it."""
    return data.tables.get(name) or TABLES[name]


def rows_of(data: YearData, name: str, unit: str) -> list[Row]:
    """A unit's rows of a table, in the data's order."""
    table = table_of(data, name)
    seen: dict[tuple[Any, ...], int] = defaultdict(int)
    rows = []
    for known, item in _shelf(name).items(_held(data, name), unit):
        values = {**known, **{column.name: _value(column.name, known, item, unit) for column in table.columns}}
        about = tuple(values[column] for column in named_by(table))
        seen[about] += 1
        rows.append(Row(table, values, item, seen[about]))
    return rows


def voted_rows(data: YearData, rule: VoteRule, unit: str) -> list[Row]:
    """What was voted on a unit: a row that names no vote is of the only one there is."""
    about = (rule.vote, rule.facet or "")
    rows = rows_of(data, vote_tables()[rule.definition.paper].name, unit)
    return [row for row in rows if (row.values.get("vote") or rule.vote, row.values.get("facet") or "") == about]


def rows_about(data: YearData, unit: str) -> Iterator[Row]:
    """A unit's rows that are each a fact about an indicator: all but opinions."""
    for table in TABLES.values():
        if table.changeable and "indicator" in table.column and table.voice is None:
            yield from rows_of(data, table.name, unit)


def when_of(row: Row, names: Names) -> str:
    """Of which month, term or year before a figure is, in brackets; empty for one of the whole year."""
    period, year = row.values.get("period"), row.values.get("year")
    said = cell_text(row.table.column["period"], period, row.table, names) if period else year
    return f"（{said}）" if said else ""


def _value(column: str, known: Mapping[str, str], item: Any, unit: str) -> Any:
    if column == "unit_id":
        return unit
    if column in known:
        return known[column]
    found = getattr(item, HELD.get(column, column), None)
    return None if column in OPTIONAL and not found else found


def with_items(data: YearData, name: str, unit: str, items: Iterable[tuple[Mapping[str, Any], Any]]) -> YearData:
    """The year's data in which `items` (values by column, object) are all the unit's rows of a table."""
    shelf = _shelf(name)
    found = shelf.put(_held(data, name), unit, list(items))
    parts = (found,) if len(shelf.fields) == 1 else found
    return replace(data, **dict(zip(shelf.fields, parts, strict=True)))


def _shelf(name: str) -> Shelf:
    return TABLES[name].shelf or beside(name)


def _held(data: YearData, name: str) -> Any:
    """What the year's data holds of a table; of one that it holds in several parts all of them."""
    parts = tuple(getattr(data, each) for each in _shelf(name).fields)
    return parts[0] if len(parts) == 1 else parts


def cell_text(column: Column, value: Any, table: Table, names: Names) -> str:
    """A typed value as it may be typed again: exact, in Chinese; empty where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Fraction():
            return decimal_text(value)
        case datetime.date():
            return value.isoformat()
    if column.kind in ("code", "open_code"):
        return names.chinese((table.name, column.name)).get(value) or str(value)
    return str(value)


def decimal_text(value: Fraction) -> str:
    """A number that was read from decimals, with all its digits; `1/3` where it has no end."""
    digits, rest = 0, value.denominator
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest //= 10 if rest % 10 == 0 else 2 if rest % 2 == 0 else 5
        digits += 1
    if rest != 1:
        return str(value)
    whole = str(abs(value.numerator) * 10**digits // value.denominator).rjust(digits + 1, "0")
    text = f"{whole[:-digits]}.{whole[-digits:]}".rstrip("0").rstrip(".") if digits else whole
    return f"-{text}" if value < 0 else text


HELD = {"class": "class_"}
OPTIONAL = ("period", "class")
"""Columns that a scheme adds: blank where the object says nothing."""
