"""Who has not handed in what yet: in full, and summed up by office."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaohe.intake.checks.context import Context
from kaohe.intake.checks.rawtable import raw_tables
from kaohe.intake.findings import Missing
from kaohe.intake.tables.data import Unit, YearData
from kaohe.intake.tables.names import codes_of
from kaohe.intake.year.unread import table_of_input
from kaohe.scheme import Item


def missing_inputs(data: YearData, context: Context) -> tuple[Missing, ...]:
    """Inputs that apply and were not handed in; what was handed in wrongly has its own finding."""
    return tuple(missing for unit in context.units.values() for missing in _of_unit(unit, data, context))


def _of_unit(unit: Unit, data: YearData, context: Context) -> list[Missing]:
    """Whatever a table says of what is lacking: in the order of the unit's items, then of its votes."""
    tables = [table for table in raw_tables() if table.missing is not None]
    found = [missing for table in tables if table.missing for missing in table.missing(unit, data, context)]
    if not found:
        return []
    items = {each.id: (0, place) for place, each in enumerate(context.applicable(unit))}
    votes = [context.scheme.tree[item].item.name for item in context.scheme.votes_on(unit.category)]
    places = {name: (1, place) for place, name in enumerate(votes)}
    last = (2, 0)
    return sorted(found, key=lambda each: items.get(each.indicator) or places.get(each.what, last))


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
    of_input = table_of_input()
    for each in missing:
        if of_input[each.kind] in present:
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
