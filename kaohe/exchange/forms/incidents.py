"""扣分事件: what an event costs, by its indicator: a price, or what the panel finds between two figures."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import Form, Pairs, of_indicator
from kaohe.exchange.lists import Lists
from kaohe.exchange.rowchecks import Condition, Fitting, Line, apply, in_time, keep_pairs
from kaohe.exchange.validation import Entry
from kaohe.intake.tables.vocabulary import Column
from kaohe.rules.judged import Incidents
from kaohe.rules.wording import number as say

OFTEN = Fraction(10**6)
"""More incidents than a year has."""


def _offered(asked: Asked) -> bool:
    return bool(asked.costing)


def _pairs(asked: Asked) -> Pairs:
    return asked.costed


def _more(asked: Asked, column: Column) -> Iterable[str]:
    return _prices(asked) if column.name in ("count", "points") else ()


def _prices(asked: Asked) -> Iterable[str]:
    for each in asked.costing.values():
        rule = each.incidents
        if rule is not None and rule.each is not None:
            yield f"{each.id}：每起扣 {say(rule.each)} 分，次数填起数，分值可不填"
        elif rule is not None:
            yield f"{each.id}：酌情扣 {say(rule.least or 0)}～{say(rule.most or 0)} 分，每行一起"


def _entry(asked: Asked, column: Column) -> Entry | None:
    return Entry("whole", Fraction(1)) if column.name == "count" else None


def _fitting(asked: Asked, line: Line, lists: Lists) -> Fitting:
    """By unit and indicator: the least and most points of one incident, and how many a row may hold."""
    costed = asked.costed
    keep_pairs(costed, lists, "扣分配对")
    bounds = [cost_of(facts.incidents) for _, _, facts in costed if facts.incidents]
    for name, at in (("每起最少", 0), ("每起最多", 1), ("每行起数", 2)):
        lists.keep(name, [each[at] for each in bounds])
    key, count, points = line.key("unit_id", "indicator"), line.cell("count"), line.cell("points")
    least, most, rows = (f"SUMIF(扣分配对,{key},{name})" for name in ("每起最少", "每起最多", "每行起数"))
    year = f"SUMIFS({line.every('points')},{line.alike('unit_id')},{line.alike('indicator')})"
    pair = ("unit_id", "indicator")
    one_row = Condition(
        f"{count}<={rows}",
        "酌情扣分的每行一起，填 1；这项指标须考核这个单位",
        (*pair, "count"),
        ("count",),
        ("count",),
    )
    priced = Condition(  # at discretion, the figures of all rows together stay below the printed one
        f"ROUND({points}-{least}*{count},6)>=0,ROUND({most}*{count}-IF({rows}=1,{year},{points}),6)>=0",
        "按起扣分的等于每起分值乘次数，也可不填；酌情扣分的在规定范围内，全年合计也是",
        (*pair, "count", "points"),
        ("points",),
        ("points",),
    )
    applies = apply(line, "扣分配对", ("date",))
    return Fitting(
        (applies, one_row, priced, *in_time(asked, line, asked.costing, lists, "扣分延期")), {"points": f"{rows}=1"}
    )


def cost_of(rule: Incidents) -> tuple[Fraction, Fraction, Fraction]:
    """The least and most points of one incident, and how many of them a row may tell of."""
    if rule.each is not None:
        return rule.each, rule.each, OFTEN
    return rule.least or Fraction(0), rule.most or Fraction(0), Fraction(1)


FORM = Form(
    "incidents",
    offered=_offered,
    pairs=_pairs,
    says={
        "unit_id": "哪个单位的事件",
        "indicator": "在哪项指标上扣分",
        "date": "事件发生的日期",
        "count": "单位：起",
        "points": "单位：分，填正数",
        "note": "事件经过和依据，公布得分时作为理由",
    },
    needed={"points": "酌情扣分的必填，其他可不填"},
    more=_more,
    dates="counted",
    entry=_entry,
    fitting=_fitting,
    uncounted=True,
    supplier=of_indicator,
)
