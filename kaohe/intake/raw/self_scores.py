"""自评: the points that a unit gives itself."""

from __future__ import annotations

from typing import Any

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.judgements import check_self_score
from kaohe.intake.checks.rawtable import RawTable
from kaohe.intake.tables import columns
from kaohe.intake.tables.vocabulary import Column, Record


def _hold(records: list[Record], context: Context) -> dict[str, Any]:
    return {"self_scores": {(each.unit, each.subject): each["points"] for each in context.in_order(records)}}


TABLE = RawTable(
    "self_scores",
    "自评",
    (columns.unit(), columns.indicator(), Column("points", "分值", "number", blank="absent", units=("分",))),
    place=140,
    changeable=False,
    check=check_self_score,
    hold=_hold,
)
