"""Who is asked for what in a year: offices, their metrics, and the ratings, achievements and incidents they enter."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kaohe.intake import Intake
from kaohe.intake.checks.context import Context
from kaohe.intake.checks.handed_in import missing_inputs
from kaohe.intake.checks.lists import is_part
from kaohe.intake.findings import Missing
from kaohe.intake.places import Log
from kaohe.intake.sheets.cells import plain
from kaohe.intake.tables.asked import Facts
from kaohe.intake.tables.data import Unit, YearData
from kaohe.scheme import Item
from kaohe.scheme.years import year_said


class AskError(ValueError):
    """A year or an office that nothing can be asked of; says why in Chinese."""


def context_of(intake: Intake) -> Context:
    """What checks work with: the year's units, and who is assessed on what. AskError where there are none."""
    if intake.scheme is None or intake.policies is None:
        raise AskError(f"{year_said(intake.year)}的考核方案不能使用，请先运行 kaohe check {intake.year}")
    if intake.data is None or not intake.data.units:
        raise AskError(f"{year_said(intake.year)}还没有可用的单位表，请先填好单位表（可用 kaohe new-year 生成）")
    context = Context(intake.year, intake.scheme, intake.policies, Log(), set())
    context.units = {unit.unit_id: unit for unit in intake.data.units}
    context.exempt_from(set(intake.data.exemptions))
    context.admissions_until = intake.data.words.admissions_until
    return context


@dataclass(frozen=True)
class Asked:
    """What one office supplies, by `due` where a day is set; everything where `office` is None."""

    context: Context
    office: str | None = None
    due: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.office is not None and not any(map(self.supplies, offices(self.context))):
            called, known = self.context.scheme.offices_called, "、".join(offices(self.context))
            raise AskError(f"没有名为 {self.office} 的{called}；有：{known}")

    def supplies(self, supplier: str | None) -> bool:
        """Whether the office is the supplier; one that supplies nothing itself stands for its parts, or is a part."""
        if self.office is None:
            return True
        mine, theirs = plain(self.office), plain(supplier or self.context.office)
        return mine == theirs if mine in self._suppliers else is_part(theirs, mine)

    @cached_property
    def _suppliers(self) -> set[str]:
        return {plain(each) for each in offices(self.context)}

    @cached_property
    def is_collector(self) -> bool:
        """Whether it collects the votes and decisions that belong to no other office."""
        return self.supplies(self.context.office)

    @cached_property
    def applying(self) -> Sequence[tuple[Unit, Item, Facts]]:
        """Every unit with what it is assessed on, policies and exemptions considered."""
        return [
            (unit, indicator, self.context.facts(unit, indicator.id))
            for unit in self.context.units.values()
            for indicator in self.context.applicable(unit)
        ]

    @cached_property
    def judged(self) -> list[tuple[Unit, Item, Facts]]:
        """What is rated, by unit."""
        return [each for each in self.applying if each[2].judged and self.supplies(each[1].office)]

    def supplies_metric(self, name: str) -> bool:
        """Whether it hands in a metric; ratings, whose name is empty, are none."""
        return bool(name) and self.supplies(self.context.scheme.metrics[name].office)

    @cached_property
    def metrics(self) -> dict[str, dict[str, list[Item]]]:
        """Metric → unit → the indicators that use it, in the catalogue's order."""
        found: dict[str, dict[str, list[Item]]] = {}
        for unit, indicator, facts in self.applying:
            for name in facts.useful:
                if self.supplies_metric(name):
                    found.setdefault(name, {}).setdefault(unit.unit_id, []).append(indicator)
        for unit in self.context.units.values():
            for _, item, facts in self.context.beside(unit):
                for name in filter(self.supplies_metric, facts.metrics):
                    users = found.setdefault(name, {}).setdefault(unit.unit_id, [])
                    users += [item] if item not in users else []
        return {name: found[name] for name in self.context.scheme.metrics if name in found}

    def needs(self, unit: str, metric: str) -> bool:
        """Whether the metric is required of the unit, not only looked at."""
        return any(metric in facts.metrics for facts in self._facts(unit, metric))

    def _facts(self, unit: str, metric: str) -> Iterator[Facts]:
        """What those ask who use the metric of a unit."""
        about, leaves = self.context.units[unit], self.context.scheme.indicators
        for each in self.metrics[metric].get(unit, []):
            if each.id in leaves:
                yield self.context.facts(about, each.id)
        yield from (facts for _, _, facts in self.context.beside(about))

    def divides(self, unit: str, metric: str) -> bool:
        """Whether something of the unit's own is divided by the metric."""
        return any(metric in facts.denominators for facts in self._facts(unit, metric))

    @cached_property
    def counted(self) -> list[tuple[Unit, Item, Facts]]:
        """What counts achievements, by unit."""
        return [each for each in self.applying if each[1].counts_achievements and self.supplies(each[1].office)]

    @cached_property
    def costed(self) -> list[tuple[Unit, Item, Facts]]:
        """What incidents take points from, by unit."""
        return [each for each in self.applying if each[2].happenings and self.supplies(each[1].office)]

    @cached_property
    def counting(self) -> dict[str, Item]:
        """Indicators that count achievements."""
        return {each.id: each for _, each, _ in self.counted}

    @cached_property
    def costing(self) -> dict[str, Item]:
        """Indicators from which incidents take points."""
        return {each.id: each for _, each, _ in self.costed}

    def by_text(self) -> Iterator[tuple[Unit, Item, Facts]]:
        """Every unit with what the text gives to it, before policies and exemptions."""
        for unit in self.context.units.values():
            for indicator in self.context.by_text(unit):
                yield unit, indicator, self.context.facts(unit, indicator.id)


def offices(context: Context) -> list[str]:
    """Every office that supplies something this year; who collects the rest comes last."""
    asked = Asked(context)
    metrics = {context.scheme.metrics[name].office for name in asked.metrics}
    others = {each.office or context.office for _, each, _ in asked.judged}
    others |= {each.office or context.office for each in (*asked.counting.values(), *asked.costing.values())}
    return [*sorted((metrics | others) - {context.office}), context.office]


def wanted(context: Context) -> tuple[Missing, ...]:
    """Every input that applies this year: what would be missing if nothing had been handed in."""
    return missing_inputs(YearData(context.year, tuple(context.units.values())), context)
