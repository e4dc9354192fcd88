"""申报: what a unit declares for the best grade, and whether it was accepted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.decided import check_dated
from kaohe.intake.checks.rawtable import RawTable
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Declaration
from kaohe.intake.tables.shelves import by_unit_and_kind
from kaohe.intake.tables.vocabulary import Codes, Column, Record, Table
from kaohe.scheme import Scheme


def _shape(table: Table, scheme: Scheme) -> Table:
    """Called by the best grade, where there is one."""
    return replace(table, chinese=f"{scheme.top.name}{table.chinese}") if scheme.top is not None else table


def _codes(scheme: Scheme) -> Codes:
    return {"kind": {code: name or code for code, name in scheme.results.declarations.items()}}


def _record(record: Record) -> Declaration:
    return Declaration(record["title"], record["accepted"], record.place, record["date"])


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    found: dict[str, dict[str, Declaration]] = defaultdict(dict)
    for each in records:
        found[each.unit][each["kind"]] = _record(each)
    return {"declarations": dict(found)}


TABLE = RawTable(
    "declarations",
    "申报",
    (
        columns.unit(),
        Column("kind", "类型", "code", key=True),
        columns.TITLE,
        Column("accepted", "认定通过", "yes_no"),
        columns.day(),
    ),
    place=80,
    prefixed=True,
    shape=_shape,
    codes=_codes,
    record=_record,
    shelf=by_unit_and_kind("declarations"),
    check=check_dated,
    hold=_hold,
)
