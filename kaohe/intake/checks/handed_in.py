"""Who has not handed in what yet: in full, and summed up by office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from kaohe.intake.checks.context import Context
from kaohe.intake.findings import Missing
from kaohe.intake.tables.data import Unit, YearData, voted
from kaohe.intake.tables.names import codes_of
from kaohe.intake.tables.wanted import lacking
from kaohe.intake.year.unread import OF_KIND
from kaohe.scheme import Item
from kaohe.scheme.tree import handled

RATING = "评分"


def missing_inputs(data: YearData, context: Context) -> tuple[Missing, ...]:
    """Inputs that apply and were not handed in; what was handed in wrongly has its own finding."""
    return tuple(
        missing
        for unit in context.units.values()
        for missing in (
            *_of_indicators(unit, data, context),
            *_beside(unit, data, context),
            *_votes(unit, data, context),
        )
    )


def _of_indicators(unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    for indicator in context.applicable(unit):
        if handled(context.scheme.tree, context.scheme.tree[indicator.id]):
            continue
        facts = context.facts(unit, indicator.id)
        for want, when in lacking(data, context.scheme, unit.unit_id, indicator.id, facts.wants):
            if want.metric and not _spoiled(context, "metrics", unit, want.metric):
                office = context.scheme.metrics[want.metric].office
                yield Missing(unit.unit_id, "metric", indicator.id, want.metric, office, when)
            elif not want.metric and not _spoiled(context, "ratings", unit, indicator.id):
                yield Missing(unit.unit_id, "rating", indicator.id, RATING, indicator.office or context.office, when)


def _beside(unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    """What follows after items, and the results, ask for beside what leaves rest on."""
    tree = context.scheme.tree
    for name, _, facts in context.beside(unit):
        if name in tree and handled(tree, tree[name]):
            continue
        for want, when in lacking(data, context.scheme, unit.unit_id, name, facts.wants):
            if not _spoiled(context, "metrics", unit, want.metric):
                office = context.scheme.metrics[want.metric].office
                yield Missing(unit.unit_id, "metric", name, want.metric, office, when)


def _votes(unit: Unit, data: YearData, context: Context) -> Iterator[Missing]:
    for item, rule in context.scheme.votes_on(unit.category).items():
        kind: Literal["ballot", "leaders"] = "ballot" if rule.definition.paper == "counts" else "leaders"
        if voted(rule, data, unit.unit_id) or _spoiled(context, OF_KIND[kind], unit):
            continue
        name = context.scheme.tree[item].item.name
        yield Missing(unit.unit_id, kind, "", name, rule.definition.by or context.office)


def _spoiled(context: Context, table: str, unit: Unit, subject: str = "") -> bool:
    return (table, unit.unit_id, subject) in context.spoiled


@dataclass
class _Heap:
    """Missing inputs told together: one thing for many units, or many things of one unit."""

    office: str
    what: str
    units: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    of_unit: bool = False


def tell_missing(missing: tuple[Missing, ...], present: set[str], context: Context) -> None:
    """One warning an office and metric, indicator or vote; of a table without a row it has been said already."""
    heaps: dict[tuple[str, ...], _Heap] = {}
    for each in missing:
        if OF_KIND[each.kind] in present:
            _heap(each, heaps, context)
    for heap in heaps.values():
        units = list(dict.fromkeys(heap.units))
        names = "、".join(f"{unit} {context.units[unit].name}" for unit in units)
        ids = list(dict.fromkeys(heap.indicators))
        message = f"尚未报送（{heap.office}）：{heap.what}；{len(units)} 个单位：{names}"
        if heap.of_unit:
            message = f"尚未报送（{heap.office}）：{names}的{heap.what} {'、'.join(ids)}"
        context.log.warning(
            "missing",
            message,
            expected="报送的数据；不适用的在 exemptions 表中登记",
            office=heap.office,
            unit=units[0] if len(units) == 1 else "",
            indicator=ids[0] if len(ids) == 1 else "",
        )


def _heap(each: Missing, heaps: dict[tuple[str, ...], _Heap], context: Context) -> None:
    indicator = context.scheme.indicators.get(each.indicator)
    own = indicator is not None and indicator.unit is not None and each.kind == "rating"
    key = (each.office, each.kind, each.unit if own else _subject(each))
    heap = heaps.setdefault(key, _Heap(each.office, _says(each, indicator, context, own), of_unit=own))
    heap.units.append(each.unit)
    heap.indicators += [each.indicator] if each.indicator else []


def _subject(each: Missing) -> str:
    return f"{each.indicator if each.kind == 'rating' else each.what}@{each.period}"


def _says(each: Missing, indicator: Item | None, context: Context, own: bool) -> str:
    period = codes_of(context.scheme)["metrics", "period"].get(each.period, each.period)
    when = f"（{period}）" if period else ""
    if each.kind == "metric":
        return f"指标数据“{context.scheme.metrics[each.what].name}”（{each.what}）{when}"
    if own or indicator is None:
        return each.what + when
    return f"{indicator.id} {indicator.name}的{each.what}{when}"
