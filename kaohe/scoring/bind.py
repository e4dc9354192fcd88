"""Bind, then score: who is scored on what, out of how much, in which pool; nothing is computed here.

Structural readings, applicability, exemptions and missing inputs are settled once. A pool lists the
units that share a rule; a unit whose input is missing is in none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from kaohe.intake.data import Unit, YearData
from kaohe.intake.findings import Missing
from kaohe.rules import Rule
from kaohe.rules.achievements import Tally, tally, weight_of
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.numbers import Array
from kaohe.scheme import Indicator, Scheme
from kaohe.scheme.policies import Policies, Standing, standing

Cell = tuple[str, str]
"""(unit_id, indicator)."""


@dataclass(frozen=True)
class Pool:
    """The units scored together on one rule: positions in `BoundYear.units`. A vote has no indicator."""

    indicator: Indicator | None
    rule: Rule
    members: Array
    full: Fraction

    @property
    def size(self) -> int:
        return len(self.members)

    @property
    def name(self) -> str:
        return self.indicator.id if self.indicator else ""


@dataclass(frozen=True)
class BoundYear:
    """A year's data under a scheme and its structural policies, ready to be scored."""

    year: str
    scheme: Scheme
    policies: Policies
    data: YearData
    units: tuple[Unit, ...]
    pools: tuple[Pool, ...]
    standing: Mapping[Cell, Standing]
    missing: Mapping[Cell, tuple[Missing, ...]]
    without_ballot: frozenset[str]
    without_leaders: frozenset[str]

    @cached_property
    def position(self) -> dict[str, int]:
        return {unit.unit_id: place for place, unit in enumerate(self.units)}

    @cached_property
    def achievements(self) -> Mapping[Cell, tuple[Achievement, ...]]:
        """Rows that may count: inside the window, by the first author."""
        found: dict[Cell, list[Achievement]] = defaultdict(list)
        for row in self.data.achievements:
            if row.first_author and self._counts(row):
                found[row.unit, row.indicator].append(row)
        return {cell: tuple(rows) for cell, rows in found.items()}

    @cached_property
    def incidents(self) -> Mapping[Cell, tuple[Incident, ...]]:
        """Incidents inside the window."""
        found: dict[Cell, list[Incident]] = defaultdict(list)
        for row in self.data.incidents:
            if self._counts(row):
                found[row.unit, row.indicator].append(row)
        return {cell: tuple(rows) for cell, rows in found.items()}

    def _counts(self, row: Achievement | Incident) -> bool:
        """Whether its date lies in the year's window; materials of admissions count beyond its end."""
        return self.scheme.window.holds(row.date, row.indicator, self.year, self.data.words.admissions_until)

    def tally(self, unit: str, indicator: Indicator) -> Tally:
        """A unit's weighted count; kinds counted by their amount are left to their own rule."""
        rows = [row for row in self.achievements.get((unit, indicator.id), ()) if row.kind not in indicator.amounts]
        return tally(rows, lambda row: weight_of(indicator.weights, row))

    def members_of(self, group: str) -> Array:
        """Positions of a group's units."""
        return np.array(
            [place for place, unit in enumerate(self.units) if self.scheme.group_of(unit.category) == group], dtype=int
        )

    @cached_property
    def _marks(self) -> dict[tuple[str, str], dict[str, Fraction]]:
        """(component, standing) → the full marks of each unit's indicators of that standing, added up."""
        sums: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        marks = {name: full_mark(self.scheme, self.policies, each) for name, each in self.scheme.indicators.items()}
        for (unit, name), state in self.standing.items():
            sums[self.scheme.component_of(name), state][unit] += marks[name]
        return sums

    def own_full(self, component: str, *, stated: bool) -> list[Fraction]:
        """Each unit's full mark of a component: what applies to it; or as printed, less what is exempted."""
        if not stated:
            return [self._marks[component, "applies"][unit.unit_id] for unit in self.units]
        categories = self.scheme.categories
        return [
            categories[unit.category].stated.get(component, Fraction(0))
            - self._marks[component, "exempt"][unit.unit_id]
            for unit in self.units
        ]

    def applies(self, unit: str, indicator: str) -> bool:
        return self.standing.get((unit, indicator)) == "applies"

    def disputed(self, unit: str, indicator: Indicator) -> bool:
        """Whether evidence used for the cell is flagged as disputed."""
        metrics = (self.data.metrics.get((unit, name)) for name in rule_metrics(indicator, self, unit))
        return any(row is not None and row.disputed for row in metrics) or any(
            rating.disputed for rating in self.data.ratings.get((unit, indicator.id), ())
        )


def rule_metrics(indicator: Indicator, bound: BoundYear, unit: str) -> tuple[str, ...]:
    """Metrics the unit's own variant of the rule needs."""
    category = bound.units[bound.position[unit]].category
    return needed_metrics(indicator, category)


def needed_metrics(indicator: Indicator, category: str) -> tuple[str, ...]:
    """Metrics an indicator needs of a unit of `category`."""
    return indicator.needs.get(category, ())


def bind(scheme: Scheme, policies: Policies, data: YearData) -> BoundYear:
    """Settle who is scored on what. Units keep their order in the data."""
    units = data.units
    stands = {
        (unit.unit_id, indicator.id): standing(
            scheme, policies, indicator, unit.category, unit.unit_id, (unit.unit_id, indicator.id) in data.exemptions
        )
        for unit in units
        for indicator in own_indicators(scheme, unit)
    }
    missing = _missing(scheme, data, units, stands)
    pools = []
    for indicator in scheme.indicators.values():
        full = full_mark(scheme, policies, indicator)
        for variant in indicator.pools:
            members = [
                place
                for place, unit in enumerate(units)
                if unit.category in variant.applies
                and stands.get((unit.unit_id, indicator.id)) == "applies"
                and (unit.unit_id, indicator.id) not in missing
            ]
            if members:
                pools.append(Pool(indicator, variant.rule, np.array(members, dtype=int), full))
    return BoundYear(
        year=data.year,
        scheme=scheme,
        policies=policies,
        data=data,
        units=units,
        pools=tuple(pools),
        standing=stands,
        missing=missing,
        without_ballot=frozenset(unit.unit_id for unit in units if unit.unit_id not in data.ballots),
        without_leaders=frozenset(unit.unit_id for unit in units if not _has_all_roles(scheme, data, unit)),
    )


def own_indicators(scheme: Scheme, unit: Unit) -> list[Indicator]:
    """Every indicator of the unit's group, also those that do not apply to it; a department's only its own."""
    if scheme.group_of(unit.category) == "department":
        return scheme.applicable(unit.category, unit.unit_id)
    return [indicator for indicator in scheme.indicators.values() if indicator.unit is None]


def full_mark(scheme: Scheme, policies: Policies, indicator: Indicator) -> Fraction:
    """The indicator's full mark; a task's share by weight where the policy says so."""
    common = scheme.department_common
    if indicator.unit is None or policies.read(common.shares) != "weights":
        return indicator.full
    tasks = {f"{indicator.unit}.{task.id}": task for task in scheme.department[indicator.unit].tasks}
    if indicator.id not in tasks:
        return indicator.full
    weights = {name: task.weight or Fraction(0) for name, task in tasks.items()}
    return common.tasks_full * weights[indicator.id] / sum(weights.values(), Fraction(0))


def _has_all_roles(scheme: Scheme, data: YearData, unit: Unit) -> bool:
    rule = scheme.groups[scheme.group_of(unit.category)].leaders.rule
    have = {rating.role for rating in data.leader_ratings.get(unit.unit_id, ())}
    return set(rule.shares) <= have


def _missing(
    scheme: Scheme, data: YearData, units: tuple[Unit, ...], stands: Mapping[Cell, Standing]
) -> dict[Cell, tuple[Missing, ...]]:
    """What each applicable cell lacks: a metric of its rule, or any rating."""
    categories = {unit.unit_id: unit.category for unit in units}
    judged = {name for name, indicator in scheme.indicators.items() if indicator.judged}
    needs: dict[tuple[str, str], tuple[str, ...]] = {}
    out: dict[Cell, tuple[Missing, ...]] = {}
    for (unit, name), state in stands.items():
        if state != "applies":
            continue
        indicator = scheme.indicators[name]
        kind = (name, categories[unit])
        if kind not in needs:
            needs[kind] = needed_metrics(indicator, categories[unit])
        lacks = [
            Missing(unit, "metric", name, metric, scheme.metrics[metric].office)
            for metric in needs[kind]
            if (unit, metric) not in data.metrics
        ]
        if name in judged and not data.ratings.get((unit, name)):
            lacks.append(Missing(unit, "rating", name, "评分", indicator.office or ""))
        if lacks:
            out[unit, name] = tuple(lacks)
    return out
