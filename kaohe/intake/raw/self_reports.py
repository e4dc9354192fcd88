"""自查报告: the report in which a unit assesses itself has come."""

from __future__ import annotations

from kaohe.intake.checks.decided import check_received
from kaohe.intake.checks.rawtable import RawTable, held_by_unit
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import SelfReport
from kaohe.intake.tables.vocabulary import Column, Record


def _record(record: Record) -> SelfReport:
    return SelfReport(record["received_on"], record["note"], record.place)


TABLE = RawTable(
    "self_reports",
    "自查报告",
    (columns.unit(), Column("received_on", "收到日期", "date", blank="absent"), columns.note()),
    given=("unit_id",),
    place=150,
    changeable=False,
    record=_record,
    check=check_received,
    hold=held_by_unit("self_reports", _record),
)
