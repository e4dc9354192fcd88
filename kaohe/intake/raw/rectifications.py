"""整改: who puts right what, why it went wrong, how and by when."""

from __future__ import annotations

from kaohe.intake.checks.rawtable import RawTable, held_by_unit
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Rectification
from kaohe.intake.tables.vocabulary import Record


def _record(record: Record) -> Rectification:
    names = ("responsible", "cause", "measures", "due", "done_on", "note")
    return Rectification(**{name: record[name] for name in names}, place=record.place)


TABLE = RawTable(
    "rectifications",
    "整改",
    (
        columns.unit(),
        columns.said("responsible", "责任人"),
        columns.said("cause", "原因"),
        columns.said("measures", "措施"),
        columns.day("due", "期限"),
        columns.day("done_on", "完成日期"),
        columns.note(),
    ),
    place=170,
    changeable=False,
    record=_record,
    hold=held_by_unit("rectifications", _record),
)
