"""Where the rows of a table lie in a year's data: found again by unit, and put back when changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Placed = tuple[Mapping[str, str], Any]
"""A row as the year's data holds it: what only its place says of it, and the object."""


@dataclass(frozen=True)
class Shelf:
    """Where a table's rows lie in the year's data: in which fields of it (one, or several together), and how."""

    fields: tuple[str, ...]
    items: Callable[[Any, str], Iterator[Placed]]
    put: Callable[[Any, str, list[Placed]], Any]


def many_by_subject(field: str, column: str, order: Callable[[Any], Any]) -> Shelf:
    """(unit, subject) → several rows."""

    def items(held: Any, unit: str) -> Iterator[Placed]:
        return (({column: key[1]}, item) for key, several in held.items() if key[0] == unit for item in several)

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        found: dict[Any, list[Any]] = defaultdict(list)
        for values, item in rows:
            found[unit, values[column]].append(item)
        new = {key: tuple(sorted(several, key=order)) for key, several in found.items()}
        return exchanged(held, new, lambda key: key[0] == unit)

    return Shelf((field,), items, put)


def by_unit(field: str) -> Shelf:
    """unit → one row."""

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new = dict.fromkeys([unit], rows[-1][1]) if rows else {}
        return exchanged(held, new, lambda key: key == unit)

    return Shelf((field,), lambda held, unit: iter([({}, held[unit])] if unit in held else []), put)


def by_unit_and_kind(field: str) -> Shelf:
    """unit → kind → one row."""

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        new = {values["kind"]: item for values, item in rows}
        return exchanged(held, {unit: new} if new else {}, lambda key: key == unit)

    def items(held: Any, unit: str) -> Iterator[Placed]:
        return (({"kind": kind}, item) for kind, item in held.get(unit, {}).items())

    return Shelf((field,), items, put)


def together(field: str) -> Shelf:
    """The rows of all units in one tuple; a unit's stay where its first was."""

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        at = next((place for place, item in enumerate(held) if item.unit == unit), len(held))
        mine = tuple(item for _, item in rows)
        return (*held[:at], *mine, *(item for item in held[at:] if item.unit != unit))

    return Shelf((field,), lambda held, unit: (({}, item) for item in held if item.unit == unit), put)


def beside(table: str) -> Shelf:
    """table → unit → its rows, of tables that have no place of their own."""

    def put(held: Any, unit: str, rows: list[Placed]) -> Any:
        mine = {unit: tuple(item for _, item in rows)} if rows else {}
        return {**held, table: exchanged(held.get(table, {}), mine, lambda key: key == unit)}

    def items(held: Any, unit: str) -> Iterator[Placed]:
        return ((item.values, item) for item in held.get(table, {}).get(unit, ()))

    return Shelf(("others",), items, put)


def exchanged(held: Mapping[Any, Any], new: Mapping[Any, Any], mine: Callable[[Any], bool]) -> dict[Any, Any]:
    """`held` with a unit's own entries replaced by `new`, those that stay in their places."""
    kept = {key: new.get(key, item) for key, item in held.items() if not mine(key) or key in new}
    return {**kept, **{key: item for key, item in new.items() if key not in kept}}
