"""突出贡献奖: what is proposed for an award beside the grade, and whether it was approved."""

from __future__ import annotations

from kaohe.intake.checks.decided import check_dated
from kaohe.intake.checks.rawtable import RawTable, held_together
from kaohe.intake.tables import columns
from kaohe.intake.tables.data import Award
from kaohe.intake.tables.shelves import together
from kaohe.intake.tables.vocabulary import Codes, Column, Record
from kaohe.scheme import Scheme


def _codes(scheme: Scheme) -> Codes:
    return {"level": columns.levels(scheme)}


def _record(record: Record) -> Award:
    more = (record[name] for name in ("basis", "level", "review", "date"))
    return Award(record.unit, record["title"], record["approved"], record.place, *more)


TABLE = RawTable(
    "awards",
    "突出贡献奖",
    (
        columns.unit(key=False),
        columns.TITLE,
        Column("approved", "批准", "yes_no", blank="none"),
        columns.said("basis", "依据"),
        Column("level", "级别", "open_code", optional=True, blank="none"),
        columns.said("review", "评审意见"),
        columns.day(),
    ),
    place=100,
    codes=_codes,
    named_by=("unit_id", "title"),
    record=_record,
    shelf=together("awards"),
    check=check_dated,
    hold=held_together("awards", _record),
)
