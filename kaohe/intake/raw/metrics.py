"""指标数据: a figure a unit and metric, of the year, of a month or term, or of a year before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.figures import (
    check_metric,
    tell_hundredths,
    tell_larger_parts,
    tell_ones,
    tell_shared,
    without_zero_divisors,
)
from kaohe.intake.checks.magnitudes import tell_head_counts, tell_other_units
from kaohe.intake.checks.rawtable import RawTable, Records
from kaohe.intake.findings import Missing
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import MetricRow, Unit, YearData
from kaohe.intake.tables.shelves import Placed, Shelf, exchanged
from kaohe.intake.tables.vocabulary import Codes, Column, Record, Table
from kaohe.intake.tables.wanted import looks_back
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme import Scheme


def _shape(table: Table, scheme: Scheme) -> Table:
    year = (columns.more("year", "年度", "year", key=True, also=("学年", "年份")),) if looks_back(scheme) else ()
    unit, metric, *rest = table.columns
    return replace(table, columns=(unit, metric, *columns.period(scheme), *year, *rest), required=bool(scheme.metrics))


def _codes(scheme: Scheme) -> Codes:
    return {"period": columns.periods(scheme)}


def _record(record: Record) -> MetricRow:
    return MetricRow(record["value"], record["source"], record["note"], bool(record["disputed"]), record.place)


def _figures() -> Shelf:
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
            exchanged(whole, new[0], lambda key: key[0] == unit),
            exchanged(periods, new[1], lambda key: key[0] == unit),
            exchanged(earlier, new[2], lambda key: key[0] == unit and bool(earlier[key].place)),
        )

    return Shelf(("metrics", "periods", "earlier"), items, put)


def _without(records: list[Record], tables: Records, last: LastYear, context: Context) -> list[Record]:
    return without_zero_divisors(records, context)


def _whole(records: list[Record], last: LastYear, context: Context) -> None:
    figures = {(each.unit, each.subject): each for each in records if not each["period"] and not each["year"]}
    percentages = {(each.file, each.sheet) for each in context.log.sorted() if each.code == "percent-meant"}
    tell_larger_parts(figures, context)
    tell_ones(figures, percentages, context)
    tell_hundredths(figures, context)
    tell_shared(figures, context)
    tell_other_units(figures, last, context)
    tell_head_counts(figures, last, context)


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    whole = [each for each in records if not each["period"] and not each["year"]]
    return {
        "metrics": {(each.unit, each.subject): _record(each) for each in context.in_order(whole)},
        "periods": _when(records, "period"),
        "earlier": _when(records, "year"),
    }


def _when(records: Iterable[Record], column: str) -> dict[tuple[str, str, str], MetricRow]:
    """Figures of one month, or of a year before, by unit, metric and which."""
    return {(each.unit, each.subject, each[column]): _record(each) for each in records if each[column]}


def _missing(unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    for item, want, when in context.lacking(unit, data, rated=False):
        if not context.is_spoiled("metrics", unit, want.metric):
            office = context.scheme.metrics[want.metric].office
            yield Missing(unit.unit_id, "metric", item, want.metric, office, when)


TABLE = RawTable(
    "metrics",
    "指标数据",
    (
        columns.unit(),
        Column("metric", "指标名称", "metric", key=True, also=("指标",)),
        Column("value", "数值", "figure", blank="absent"),
        Column("source", "数据来源", "text", optional=True, blank="none", merge="note"),
        columns.note(),
        columns.DISPUTED,
    ),
    required=True,
    across="metric",
    value="value",
    place=20,
    shape=_shape,
    codes=_codes,
    by_unit=True,
    record=_record,
    shelf=_figures(),
    input="metric",
    check=check_metric,
    without=_without,
    whole=(_whole,),
    hold=_hold,
    missing=_missing,
)
