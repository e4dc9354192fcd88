"""A year's data as the rows it was read from: found by what they are about, shown as text, put back when changed.

What a row is about names it: its key; where a table has none, the columns in `NAMED_BY` and which of several it is.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kaohe.intake.tables.data import Votes, YearData
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.vocabulary import TABLES, Column, Table

NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "achievements": ("unit_id", "indicator", "title"),
    "incidents": ("unit_id", "indicator", "date"),
    "vetoes": ("unit_id", "kind"),
    "awards": ("unit_id", "title"),
}
"""Columns that name the rows of a table without a key; several of one name are counted from 1."""

Placed = tuple[Mapping[str, str], Any]
"""A row as the year's data holds it: what only its place says of it, and the object."""


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
    return table.keys or NAMED_BY[table.name]


def table_of(data: YearData, name: str) -> Table:
    """A raw table as the year's scheme has it."""
    return data.tables.get(name) or TABLES[name]


def rows_of(data: YearData, name: str, unit: str) -> list[Row]:
    """A unit's rows of a table, in the data's order."""
    table = table_of(data, name)
    seen: dict[tuple[Any, ...], int] = defaultdict(int)
    rows = []
    for known, item in _SHELVES[name].items(_held(data, name), unit):
        values = {**known, **{column.name: _value(column.name, known, item, unit) for column in table.columns}}
        about = tuple(values[column] for column in named_by(table))
        seen[about] += 1
        rows.append(Row(table, values, item, seen[about]))
    return rows


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
    found, fields = _SHELVES[name].put(_held(data, name), unit, list(items)), _HELD_AS.get(name, name)
    return replace(data, **({fields: found} if isinstance(fields, str) else dict(zip(fields, found, strict=True))))


def _held(data: YearData, name: str) -> Any:
    """What the year's data holds of a table; of one that it holds in several parts all of them."""
    fields = _HELD_AS.get(name, name)
    return getattr(data, fields) if isinstance(fields, str) else tuple(getattr(data, each) for each in fields)


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


@dataclass(frozen=True)
class _Shelf:
    """Where a table's rows lie in the year's data."""

    items: Callable[[Any, str], Iterator[Placed]]
    put: Callable[[Any, str, list[Placed]], Any]


def _figures() -> _Shelf:
    """(unit, metric) → the figure of the year; (unit, metric, which) → of a month or term, and of a year before.

    Figures that were looked up in folders of years before are none of the table's: they have no place in it.
    """

    def items(held: Any, unit: str) -> Iterator[Placed]:
        whole, periods, earlier = held
        yield from (({"metric": key[1]}, item) for key, item in whole.items() if key[0] == unit)
        yield from (({"metric": key[1], "period": key[2]}, item) for key, item in periods.items() if key[0] == unit)
        yield from (
            ({"metric": key[1], "year": key[2]}, item) for key, item in earlier.items() if key[0] == unit and item.place
        )

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        whole, periods, earlier = held
        new: tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]] = ({}, {}, {})
        for values, item in rows:
            key, period, year = (unit, values["metric"]), values.get("period"), values.get("year")
            if period or year:
                new[1 if period else 2][*key, period or year] = item
            else:
                new[0][key] = item
        return (
            _exchanged(whole, new[0], lambda key: key[0] == unit),
            _exchanged(periods, new[1], lambda key: key[0] == unit),
            _exchanged(earlier, new[2], lambda key: key[0] == unit and bool(earlier[key].place)),
        )

    return _Shelf(items, put)


def _many_by_subject(column: str, order: Callable[[Any], Any]) -> _Shelf:
    """(unit, subject) → several rows."""

    def items(held: Any, unit: str) -> Iterator[Placed]:
        return (({column: key[1]}, item) for key, several in held.items() if key[0] == unit for item in several)

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        found: dict[Any, list[Any]] = defaultdict(list)
        for values, item in rows:
            found[unit, values[column]].append(item)
        new = {key: tuple(sorted(several, key=order)) for key, several in found.items()}
        return _exchanged(held, new, lambda key: key[0] == unit)

    return _Shelf(items, put)


def _by_unit() -> _Shelf:
    """unit → one row."""

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new = dict.fromkeys([unit], rows[-1][1]) if rows else {}
        return _exchanged(held, new, lambda key: key == unit)

    return _Shelf(lambda held, unit: iter([({}, held[unit])] if unit in held else []), put)


def _papers() -> _Shelf:
    """(unit, vote, facet) → the votes of all groups of voters; one row a group."""

    def items(held: Any, unit: str) -> Iterator[Placed]:
        for (mine, vote, facet), found in held.items():
            if mine == unit:
                for group in dict.fromkeys(group for group, _ in found.counts):
                    counts = {name: votes for (whose, name), votes in found.counts.items() if whose == group}
                    known = {"vote": vote, "facet": facet, "group": group, **counts}
                    yield known, Votes(found.counts, {"": found.places.get(group, "")})

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new: dict[Any, Votes] = {}
        for values, item in rows:
            key = (unit, values["vote"], values["facet"])
            group = values["group"]
            mine = {(whose, name): votes for (whose, name), votes in item.counts.items() if whose == group}
            known = new.get(key, Votes({}))
            new[key] = Votes({**known.counts, **mine}, {**known.places, group: item.place})
        return _exchanged(held, new, lambda key: key[0] == unit)

    return _Shelf(items, put)


def _marks() -> _Shelf:
    """(unit, vote, facet) → the marks of its voters."""

    def items(held: Any, unit: str) -> Iterator[Placed]:
        for (mine, vote, facet), marks in held.items():
            for each in marks if mine == unit else ():
                known = {"vote": vote, "facet": facet, "leader": each.voter, "role": each.group, "score": each.mark}
                yield known, each

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new: dict[Any, list[Any]] = defaultdict(list)
        for values, item in rows:
            new[unit, values["vote"], values["facet"]].append(item)
        made = {key: tuple(sorted(marks, key=lambda row: (row.group, row.voter))) for key, marks in new.items()}
        return _exchanged(held, made, lambda key: key[0] == unit)

    return _Shelf(items, put)


def _by_unit_and_kind() -> _Shelf:
    """unit → kind → one row."""

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new = {values["kind"]: item for values, item in rows}
        return _exchanged(held, {unit: new} if new else {}, lambda key: key == unit)

    return _Shelf(lambda held, unit: (({"kind": kind}, item) for kind, item in held.get(unit, {}).items()), put)


def _together() -> _Shelf:
    """The rows of all units in one tuple; a unit's stay where its first was."""

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        at = next((place for place, item in enumerate(held) if item.unit == unit), len(held))
        mine = tuple(item for _, item in rows)
        return (*held[:at], *mine, *(item for item in held[at:] if item.unit != unit))

    return _Shelf(lambda held, unit: (({}, item) for item in held if item.unit == unit), put)


def _exchanged(held: Mapping[Any, Any], new: Mapping[Any, Any], mine: Callable[[Any], bool]) -> dict[Any, Any]:
    """`held` with a unit's own entries replaced by `new`, those that stay in their places."""
    kept = {key: new.get(key, item) for key, item in held.items() if not mine(key) or key in new}
    return {**kept, **{key: item for key, item in new.items() if key not in kept}}


_SHELVES: Mapping[str, _Shelf] = {
    "metrics": _figures(),
    "ratings": _many_by_subject("indicator", lambda row: (row.period, row.rater)),
    "ballots": _papers(),
    "leader_ratings": _marks(),
    "declarations": _by_unit_and_kind(),
    "achievements": _together(),
    "incidents": _together(),
    "vetoes": _together(),
    "awards": _together(),
    "decisions": _by_unit(),
}
_HELD_AS: Mapping[str, str | tuple[str, ...]] = {
    "decisions": "rulings",
    "ballots": "votes",
    "leader_ratings": "marks",
    "metrics": ("metrics", "periods", "earlier"),
}
"""Tables that the year's data holds under another name, or under several: its `decisions` are those on readings."""

HELD = {"class": "class_"}
OPTIONAL = ("period", "class")
"""Columns that a scheme adds: blank where the object says nothing."""

CHANGEABLE = tuple(_SHELVES)
"""Tables whose rows can be changed: all figures and judgements. Who is assessed on what is not among them."""
