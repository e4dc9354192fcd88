"""What the text asks beside a rating, in lines for a form: own demand, numbers, time limits."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.intake.tables.data import Unit
from kaohe.rules.wording import quantity
from kaohe.scheme import Item, Scheme
from kaohe.scheme.deadlines import in_year

INNOVATIVE = "创新性工作"


def demands_of(scheme: Scheme, indicator: Item, unit: Unit, year: str) -> Iterator[str]:
    """`要求：…` (of that department alone) or `说明：…`, `目标：…`, `期限：…`, each where the text has one."""
    if indicator.note:
        yield f"{'要求' if scheme.is_own_demand(indicator) else '说明'}：{in_year(indicator.note, year)}"
    bounds: dict[str, list[str]] = {}
    for check in indicator.checks:
        if check.concerns(unit.category, unit.traits):
            sign, bound = check.bound
            bounds.setdefault(check.metric, []).append(f"{sign}{quantity(bound, scheme.terms[check.metric])}")
    if bounds:
        numbers = (f"{scheme.metrics[name].name} {'、'.join(found)}" for name, found in bounds.items())
        yield f"目标：{'；'.join(numbers)}"
    if indicator.due:
        yield f"期限：{'；'.join(_says_due(scheme, indicator, year))}"


def _says_due(scheme: Scheme, indicator: Item, year: str) -> Iterator[str]:
    for due in indicator.due:
        deadline = scheme.deadlines[due.by]
        yield f"{deadline.name}（{deadline.date(year)}）" + (f"：{due.what}" if due.what else "")
