"""What the year's data lack of what the scheme asks of each unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaohe.intake.findings import Missing
from kaohe.intake.tables.data import Unit, YearData, voted
from kaohe.intake.tables.wanted import lacking
from kaohe.rules.votes import VoteRule
from kaohe.scheme import Scheme
from kaohe.scheme.policies import Applicability

Cell = tuple[str, str]
"""(unit_id, indicator)."""


def unvoted(rule: VoteRule, data: YearData, units: tuple[Unit, ...]) -> frozenset[str]:
    """Units without any paper, or without one of some group of voters."""
    return frozenset(unit.unit_id for unit in units if not voted(rule, data, unit.unit_id))


def missing_of(
    scheme: Scheme, data: YearData, units: tuple[Unit, ...], stands: Mapping[Cell, Applicability]
) -> dict[Cell, tuple[Missing, ...]]:
    """What each applicable cell lacks: a metric of its rule, or any rating."""
    categories = {unit.unit_id: unit.category for unit in units}
    out: dict[Cell, tuple[Missing, ...]] = {}
    for (unit, name), state in stands.items():
        if state != "applies":
            continue
        indicator = scheme.indicators[name]
        wants = scheme.by_category.wants(indicator, categories[unit])
        lacks = [
            Missing(unit, "metric", name, want.metric, scheme.metrics[want.metric].office, when)
            if want.metric
            else Missing(unit, "rating", name, "评分", indicator.office or "", when)
            for want, when in lacking(data, scheme, unit, name, wants)
        ]
        if lacks:
            out[unit, name] = tuple(lacks)
    for unit, name, lacks in _missing_beside(scheme, data, categories):
        out[unit, name] = (*out.get((unit, name), ()), *lacks)
    return out


def _missing_beside(
    scheme: Scheme, data: YearData, categories: Mapping[str, str]
) -> Iterator[tuple[str, str, list[Missing]]]:
    """What is lacking of what other items, and the results, look at."""
    for name, each in scheme.beside.items():
        for unit, category in categories.items():
            lacks = [
                Missing(unit, "metric", name, want.metric, scheme.metrics[want.metric].office, when)
                for want, when in lacking(data, scheme, unit, name, each.wants.get(category, ()))
            ]
            if lacks:
                yield unit, name, lacks
