"""审议决定: what was decided of a unit's grade."""

from __future__ import annotations

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.decided import check_decision, check_decisions
from kaohe.intake.checks.rawtable import RawTable, Records, held_by_unit
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Ruling
from kaohe.intake.tables.shelves import by_unit
from kaohe.intake.tables.vocabulary import Codes, Column, Record
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme import Scheme

MATTERS = {"tie": "并列", "grade": "等次"}


def _codes(scheme: Scheme) -> Codes:
    return {"grade": {grade.key: grade.name for grade in scheme.results.grades}, "matter": MATTERS}


def _record(record: Record) -> Ruling:
    return Ruling(record["grade"], record["matter"], record["reason"], record["decided_on"], record.place)


def _without(records: list[Record], tables: Records, last: LastYear, context: Context) -> list[Record]:
    return check_decisions(records, tables["vetoes"], context)


TABLE = RawTable(
    "decisions",
    "审议决定",
    (
        columns.unit(),
        Column("grade", "结论", "code"),
        Column("matter", "事项", "open_code", optional=True, blank="none"),
        Column("reason", "理由", "text", merge="note"),
        Column("decided_on", "日期", "date"),
    ),
    place=160,
    codes=_codes,
    record=_record,
    shelf=by_unit("rulings"),
    check=check_decision,
    without=_without,
    hold=held_by_unit("rulings", _record),
)
