"""沿革: whom of the year before a unit follows, where it was renamed or merged."""

from __future__ import annotations

from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.rawtable import RawTable, Records
from kaohe.intake.checks.units import tell_predecessors, with_known_predecessors
from kaohe.intake.tables import columns
from kaohe.intake.tables.vocabulary import Column, Record
from kaohe.intake.year.lastyear import LastYear


def _without(records: list[Record], tables: Records, last: LastYear, context: Context) -> list[Record]:
    """By the ids of that year; from here on the year before knows them as its own."""
    found = with_known_predecessors(records, last, context)
    last.follow((each.unit, each["predecessor"]) for each in found)
    return found


def _whole(records: list[Record], last: LastYear, context: Context) -> None:
    tell_predecessors(records, last, context)


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    return {"predecessors": tuple((each.unit, each["predecessor"]) for each in records)}


TABLE = RawTable(
    "predecessors",
    "沿革",
    (columns.unit(), Column("predecessor", "原单位编号", "id", key=True), columns.note()),
    place=130,
    changeable=False,
    without=_without,
    whole=(_whole,),
    hold=_hold,
)
