"""What differs between two readings of a year's raw data, cell by cell, each as its office wrote it, with its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from kaohe.intake.places import Log
from kaohe.intake.reading import RawYear
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import Names
from kaohe.intake.tables.sourcerows import cell_text, named_by
from kaohe.intake.tables.unite import SEPARATOR, by_key, differing, unite
from kaohe.intake.tables.vocabulary import TABLES, Column, Record, Table
from kaohe.scheme import Scheme

Key = tuple[str, ...]
"""Table, column, and what names the row."""

Rows = Mapping[str, list[Record]]
"""Rows by table, as they stand in the files."""

Kind = Literal["new", "changed", "gone", "conflict", "unusable"]
"""`conflict`: two places say differently; `unusable`: what stands there now is in error."""

NOTHING_MORE = "（空）"
"""A row that says no more than what names it: its first other cell stands for it."""


@dataclass(frozen=True)
class RawCell:
    """A filled cell: typed, as written, and the row it stands in."""

    value: Any
    text: str
    file: str
    place: str


Cells = dict[Key, list[RawCell]]
"""Cells by what they are about: one each, or those that contradict each other."""


@dataclass(frozen=True)
class Change:
    """A cell that differs. `about` names its row: `C01 招生人数`.

    Of a conflict, `old` and `new` both stand there now; `old` is the one that stood there before, where one did.
    """

    kind: Kind
    table: str
    unit: str
    about: str
    column: str
    old: RawCell | None
    new: RawCell | None
    title: str
    """The table's Chinese name."""


def changes(before: RawYear, after: RawYear, scheme: Scheme) -> list[Change]:
    """Every cell that differs, in the order of the tables; a row that only moved to another place does not differ."""
    names = Names(scheme)
    old, new = cells(before.rows, names), cells(after.rows, names)
    order = {name: place for place, name in enumerate(TABLES)}
    spoiled = set(after.spoiled) - set(before.spoiled)
    found = [each for key in dict.fromkeys((*new, *old)) if (each := _change(key, old, new, spoiled, names))]
    return sorted(found, key=lambda change: order[change.table])


def _change(
    key: Key, before: Cells, after: Cells, spoiled: Container[tuple[str, str, str]], names: Names
) -> Change | None:
    old, new = before.get(key, []), after.get(key, [])
    if [each.value for each in old] == [each.value for each in new]:
        return None
    kind: Kind
    was, now = next(iter(old), None), next(iter(new), None)
    if len(new) > 1:
        kind = "conflict"
        was = next((each for each in new if old and each.value == old[0].value), new[0])
        now = next(each for each in new if each.value != was.value)
    elif was and now:
        kind = "changed"
        was = next(each for each in old if each.value != now.value)
    elif now:
        kind = "new"
    else:
        kind = "unusable" if _address(key, names) in spoiled else "gone"
    table, column, unit, *more = key
    spec = tables_of(names.scheme)[table]
    chosen = [spec.column[name] for name in named_by(spec)][1:]
    shown = [_shown(part, place, names) for part, place in zip(more, [*chosen, None], strict=True) if part]
    about = " ".join(filter(None, [unit, *shown]))
    return Change(kind, table, unit, about, spec.column[column].header, was, now, spec.chinese)


def _address(key: Key, names: Names) -> tuple[str, str, str]:
    """Table, unit and metric or indicator, as the reading names what it cannot use."""
    table, _, unit, *more = key
    named = dict(zip(named_by(tables_of(names.scheme)[table])[1:], more, strict=False))
    return table, unit, named.get("metric") or named.get("indicator") or ""


def _shown(part: str, column: Column | None, names: Names) -> str:
    if column is None:
        return f"（第 {part} 条）" if part != "1" else ""
    if column.kind == "metric":
        return names.scheme.metrics[part].name
    return f"{part} {names.scheme.indicators[part].name}" if column.kind == "indicator" else part


def cells(rows: Rows, names: Names) -> Cells:
    """Every filled cell of the rows but those that only name their row; what is said twice is there once."""
    found: Cells = {}
    for name, records in rows.items():
        table = tables_of(names.scheme)[name]
        seen: dict[Key, int] = defaultdict(int)
        for same in _same(table, records):
            naming = named_by(table)
            named = tuple(cell_text(table.column[each], same[0][each], table, names) for each in naming)
            seen[named] += 1
            for column, several in _filled(table, naming, same):
                found[name, column.name, *named, str(seen[named])] = several
    return found


def _same(table: Table, records: list[Record]) -> Iterable[list[Record]]:
    """Rows of one key together; those without a key each by itself, as often as they are counted."""
    if not table.keys:
        return ([record] for record in unite(table, records, Log(), set()))
    return by_key(records)


def _filled(table: Table, naming: Iterable[str], same: list[Record]) -> Iterator[tuple[Column, list[RawCell]]]:
    others = [column for column in table.columns if column.name not in naming]
    filled = [(column, several) for column in others if (several := _several(column, same))]
    yield from filled or [(others[0], [RawCell(None, NOTHING_MORE, same[0].at.file, same[0].place)])]


def _several(column: Column, same: list[Record]) -> list[RawCell]:
    """What the rows say in a column: one cell, or those that contradict each other; notes are joined."""
    is_mark = column.optional and column.kind == "yes_no"  # one that is not set says nothing
    found = [_cell(column, record) for record in differing(column, same) if record[column.name] or not is_mark]
    if column.merge == "value" or is_mark:
        return found[:1] if is_mark else found
    texts = dict.fromkeys(each.text for each in found)
    return [replace(found[0], value=tuple(texts), text=SEPARATOR.join(texts))] if found else []


def _cell(column: Column, record: Record) -> RawCell:
    return RawCell(record[column.name], record.spot(column.name).value, record.at.file, record.place)
