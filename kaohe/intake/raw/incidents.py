"""扣分事件: what happened and costs points; each row is an event."""

from __future__ import annotations

from dataclasses import replace

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.incidents import check_incident, check_sums, incident, tell_twice
from kaohe.intake.checks.rawtable import RawTable, held_together
from kaohe.intake.tables import columns
from kaohe.intake.tables.asked import Facts
from kaohe.intake.tables.shelves import together
from kaohe.intake.tables.vocabulary import Codes, Column, Record, Silence, Table
from kaohe.intake.year.lastyear import LastYear
from kaohe.rules.happened import Events
from kaohe.scheme import Item, Scheme


def _classes(scheme: Scheme) -> tuple[str, ...]:
    """Classes of events that some item tells apart."""
    rules = (rule for item in scheme.indicators.values() for rule in item.rules)
    return tuple(dict.fromkeys(name for rule in rules if isinstance(rule, Events) for name in rule.classes))


def _shape(table: Table, scheme: Scheme) -> Table:
    found = list(table.columns)
    extra = [columns.more("class", "等级", "code")] if _classes(scheme) else []
    extra += [replace(each, key=False) for each in columns.period(scheme)]
    return replace(table, columns=(*found[:3], *extra, *found[3:]))


def _codes(scheme: Scheme) -> Codes:
    return {"class": {name: name for name in _classes(scheme)}, "period": columns.periods(scheme)}


def _costs(item: Item, facts: Facts) -> bool:
    return facts.happenings


def _whole(records: list[Record], last: LastYear, context: Context) -> None:
    check_sums(records, context)
    tell_twice(records, context)


TABLE = RawTable(
    "incidents",
    "扣分事件",
    (
        columns.unit(key=False),
        columns.indicator(key=False),
        Column("date", "日期", "date"),
        Column("count", "次数", "number", units=("次", "起")),
        Column("points", "分值", "number", optional=True, blank="none", units=("分",)),
        columns.note(required=True),
    ),
    place=50,
    shape=_shape,
    codes=_codes,
    named_by=("unit_id", "indicator", "date"),
    repeats="events",
    silence=Silence(
        _costs, "no-incidents", "advisory", "{office}没有报 {items}的{table}{then}，都不扣分，请确认不是漏交"
    ),
    by_unit=True,
    record=incident,
    shelf=together("incidents"),
    check=check_incident,
    whole=(_whole,),
    hold=held_together("incidents", incident),
)
