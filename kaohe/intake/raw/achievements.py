"""成果: what a unit achieved, a row each; no key, as nobody knows how many there are."""

from __future__ import annotations

from kaohe.intake.checks.achievements import (
    achievement,
    check_achievement,
    tell_last_years,
    tell_repeated,
    tell_similar,
    tell_wrong_year,
)
from kaohe.intake.checks.context import Context
from kaohe.intake.checks.magnitudes import tell_amounts
from kaohe.intake.checks.rawtable import RawTable, held_together
from kaohe.intake.tables import columns
from kaohe.intake.tables.asked import Facts
from kaohe.intake.tables.shelves import together
from kaohe.intake.tables.vocabulary import Codes, Column, Record, Silence
from kaohe.intake.year.lastyear import LastYear
from kaohe.scheme import Item, Scheme


def _codes(scheme: Scheme) -> Codes:
    """Those that some indicator counts are known, too."""
    kinds = dict.fromkeys(kind for item in scheme.indicators.values() for kind in (*item.weights, *item.amounts))
    return {
        "kind": columns.declared(scheme.kinds, kinds),
        "level": columns.levels(scheme),
        "award": columns.declared(scheme.awards, columns.used_worths(scheme)[1]),
    }


def _counted(item: Item, facts: Facts) -> bool:
    return item.counts_achievements


def _whole(records: list[Record], last: LastYear, context: Context) -> None:
    tell_amounts(records, context)
    tell_wrong_year(records, context)
    tell_repeated(records, context)
    tell_similar(records, context)
    tell_last_years(records, last, context)


TABLE = RawTable(
    "achievements",
    "成果",
    (
        columns.unit(key=False),
        columns.indicator(key=False),
        Column("kind", "类型", "open_code"),
        Column("level", "级别", "open_code", blank="none"),
        Column("award", "奖项", "open_code", blank="none"),
        Column("title", "项目名称", "text", also=("名称",)),
        Column("date", "日期", "date"),
        Column("first_author", "第一完成人", "yes_no"),
        Column("amount", "金额", "number", blank="none", units=("元",)),
    ),
    place=30,
    codes=_codes,
    named_by=("unit_id", "indicator", "title"),
    repeats="all",  # a title entered twice is counted once by the rules themselves
    silence=Silence(
        _counted,
        "no-achievements",
        "warning",
        "{office}没有报一项{table}{then}：{items}的{table}都按 0 项计，请确认不是漏交",
        by_unit=True,
    ),
    by_unit=True,
    record=achievement,
    shelf=together("achievements"),
    check=check_achievement,
    whole=(_whole,),
    hold=held_together("achievements", achievement),
)
