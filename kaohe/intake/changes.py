"""What differs between two readings of a year's raw data, cell by cell, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kaohe.intake.data import YearData
from kaohe.intake.ledger import CHANGEABLE, cell_text, named_by, rows_of
from kaohe.intake.names import Names
from kaohe.intake.vocabulary import TABLES, Column
from kaohe.scheme import Scheme

Key = tuple[str, ...]
"""Table, column, and what names the row."""


@dataclass(frozen=True)
class CellText:
    """A cell of the raw data as text, and the row it stands in."""

    text: str
    place: str


@dataclass(frozen=True)
class Change:
    """A cell that is new (`old` None), gone (`new` None) or another. `about` names the row: `C01 招生人数`."""

    table: str
    unit: str
    about: str
    column: str
    old: CellText | None
    new: CellText | None

    @property
    def title(self) -> str:
        """The table's Chinese name."""
        return TABLES[self.table].chinese


def changes(before: YearData | None, after: YearData | None, scheme: Scheme) -> list[Change]:
    """Every cell that differs, in the order of the tables; a row that only moved to another place does not differ."""
    names = Names(scheme)
    old = cells(before, names) if before else {}
    new = cells(after, names) if after else {}
    order = {name: place for place, name in enumerate(TABLES)}
    found = []
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        if (was and was.text) != (now and now.text):
            found.append(_change(key, was, now, names))
    return sorted(found, key=lambda change: order[change.table])


def _change(key: Key, was: CellText | None, now: CellText | None, names: Names) -> Change:
    table, column, unit, *more = key
    spec = TABLES[table]
    chosen = [spec.column[name] for name in named_by(spec)][1:]
    shown = [_shown(part, place, names) for part, place in zip(more, [*chosen, None], strict=True) if part]
    return Change(table, unit, " ".join([unit, *shown]), spec.column[column].header, was, now)


def _shown(part: str, column: Column | None, names: Names) -> str:
    if column is None:
        return f"（第 {part} 条）" if part != "1" else ""
    if column.kind == "metric":
        return names.scheme.metrics[part].name
    return f"{part} {names.scheme.indicators[part].name}" if column.kind == "indicator" else part


def cells(data: YearData, names: Names) -> dict[Key, CellText]:
    """Every filled cell of the year but those that only name their row."""
    return {key: cell for key, cell in _cells(data, names) if cell.text}


def _cells(data: YearData, names: Names) -> Iterator[tuple[Key, CellText]]:
    for name, unit, values, which, place in _rows(data):
        table = TABLES[name]
        naming = named_by(table)
        named = [cell_text(table.column[each], values.get(each), table, names) for each in naming[1:]]
        for column in table.columns:
            if column.name not in naming:
                key = (name, column.name, unit, *named, str(which))
                value = values.get(column.name)
                blank = column.optional and value is False  # a mark that was not set
                yield key, CellText("" if blank else cell_text(column, value, table, names), place)


def _rows(data: YearData) -> Iterator[tuple[str, str, Mapping[str, Any], int, str]]:
    """Table, unit, values by column, which of its name, place."""
    for unit in data.units:
        yield "units", unit.unit_id, vars(unit), 1, unit.place
    for name in CHANGEABLE:
        for unit in data.units:
            for row in rows_of(data, name, unit.unit_id):
                yield name, unit.unit_id, row.values, row.which, row.place
    for (unit_id, indicator), reason in data.exemptions.items():
        yield "exemptions", unit_id, {"indicator": indicator, "reason": reason or "（没有写理由）"}, 1, ""
    for (unit_id, indicator), points in data.self_scores.items():
        yield "self_scores", unit_id, {"indicator": indicator, "points": points}, 1, ""
