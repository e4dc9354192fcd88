"""The records that passed every check, as a year's data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from kaohe.intake.checks.context import Context, Kept
from kaohe.intake.checks.rawtable import RawTable, Records, raw_tables
from kaohe.intake.tables.data import Key, MetricRow, YearData
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.vocabulary import Record
from kaohe.intake.year.files import YearFiles
from kaohe.scheme.policies import Decision


def kept(tables: Records) -> Kept:
    """The records by what they are about."""
    return Kept(
        metrics=_one(each for each in tables["metrics"] if not each["period"] and not each["year"]),
        ratings=_many(tables["ratings"]),
        self_scores=_one(tables["self_scores"]),
        incidents=_many(tables["incidents"]),
        marks=_by_unit(tables["leader_ratings"]),
    )


def _one(records: Iterable[Record]) -> dict[Key, Record]:
    return {(record.unit, record.subject): record for record in records}


def _many(records: Iterable[Record]) -> dict[Key, list[Record]]:
    found: dict[Key, list[Record]] = defaultdict(list)
    for record in records:
        found[record.unit, record.subject].append(record)
    return dict(found)


def _by_unit(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.unit].append(record)
    return dict(found)


def year_data(
    context: Context,
    tables: Records,
    decisions: Mapping[str, Decision],
    files: YearFiles,
    uncompared: str = "",
    earlier: Mapping[tuple[str, str, str], Fraction] = MappingProxyType({}),
) -> YearData:
    """Everything typed and in an order that does not depend on how it was spread over files. `earlier`: figures that
    folders of years before hold; what was handed in goes before them."""
    held: dict[str, Any] = {}
    for table in raw_tables():
        held |= (
            _others(table, tables[table.name], held) if table.hold is None else table.hold(tables[table.name], context)
        )
    data = YearData(
        year=context.year,
        **held,
        decisions=dict(decisions),
        tables=tables_of(context.scheme),
        synthetic=files.synthetic,
        uncompared=uncompared,
        files=dict(sorted(files.hashes.items())),
    )
    return replace(data, earlier={**{key: MetricRow(value) for key, value in earlier.items()}, **data.earlier})


def _others(table: RawTable, records: Iterable[Record], held: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of a table that has no place of its own, beside those of others."""
    mine = {unit: tuple(map(table.record, rows)) for unit, rows in _by_unit(records).items()}
    others: Mapping[str, Any] = held.get("others", {})
    return {"others": {**others, table.name: mine} if mine else others}
