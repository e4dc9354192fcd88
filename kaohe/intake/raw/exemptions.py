"""不适用: an indicator that was decided not to apply to a unit."""

from __future__ import annotations

from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.decided import check_exemption
from kaohe.intake.checks.rawtable import RawTable
from kaohe.intake.tables import columns
from kaohe.intake.tables.vocabulary import Column, Record


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    return {"exemptions": {(each.unit, each.subject): each["reason"] for each in records}}


TABLE = RawTable(
    "exemptions",
    "不适用",
    (columns.unit(), columns.indicator(), Column("reason", "理由", "text", blank="warning", merge="note")),
    place=110,
    changeable=False,
    check=check_exemption,
    hold=_hold,
)
