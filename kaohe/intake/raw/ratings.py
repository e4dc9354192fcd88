"""评分: what one rater gives one unit on one indicator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.judgements import check_rating
from kaohe.intake.checks.rawtable import RawTable
from kaohe.intake.findings import Missing
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Key, Rating, Unit, YearData
from kaohe.intake.tables.shelves import many_by_subject
from kaohe.intake.tables.vocabulary import Codes, Column, Record, Table
from kaohe.scheme import Scheme

RATING = "评分"


def _shape(table: Table, scheme: Scheme) -> Table:
    unit, indicator, rater, *rest = table.columns
    judged = any(item.judged for item in scheme.indicators.values())
    return replace(table, columns=(unit, indicator, *columns.period(scheme), rater, *rest), required=judged)


def _codes(scheme: Scheme) -> Codes:
    return {"period": columns.periods(scheme)}


def _record(record: Record) -> Rating:
    more = (record["note"], bool(record["disputed"]), record.place, record["period"] or "")
    return Rating(record["rater"], record["points"], *more)


def _order(row: Rating) -> tuple[str, str]:
    return row.period, row.rater


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    found: dict[Key, list[Rating]] = defaultdict(list)
    for record in context.in_order(records):
        found[record.unit, record.subject].append(_record(record))
    return {"ratings": {key: tuple(sorted(rows, key=_order)) for key, rows in found.items()}}


def _missing(unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    """Any rating of an item will do, of every month or term of one that is scored in each."""
    for item, _, when in context.lacking(unit, data, rated=True):
        indicator = context.scheme.indicators[item]
        if not context.is_spoiled("ratings", unit, indicator.id):
            yield Missing(unit.unit_id, "rating", indicator.id, RATING, indicator.office or context.office, when)


TABLE = RawTable(
    "ratings",
    "评分",
    (
        columns.unit(),
        columns.indicator(),
        Column("rater", "评分人", "person", key=True),
        Column("points", "分值", "number", blank="absent", units=("分",), rated=True),
        columns.note(),
        columns.DISPUTED,
    ),
    required=True,
    across="indicator",
    value="points",
    place=40,
    shape=_shape,
    codes=_codes,
    by_unit=True,
    voice=("rater", "points"),
    record=_record,
    shelf=many_by_subject("ratings", "indicator", _order),
    input="rating",
    check=check_rating,
    hold=_hold,
    missing=_missing,
)
