"""What of a scheme is a unit's: its items, their full marks, the metrics they need of its category."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kaohe.intake.tables.data import Unit
from kaohe.scheme import Item, Scheme
from kaohe.scheme.policies import Policies
from kaohe.scheme.tree import own_id


def needed_metrics(indicator: Item, category: str) -> tuple[str, ...]:
    """Metrics an indicator needs of a unit of `category`."""
    return indicator.needs.get(category, ())


def own_indicators(scheme: Scheme, unit: Unit) -> tuple[Item, ...]:
    """Every indicator of the unit's group, also those that do not apply to it; of a unit's own items only its."""
    return scheme.by_category.items(scheme.group_of(unit.category), unit.unit_id)


def full_mark(scheme: Scheme, policies: Policies, indicator: Item) -> Any:
    """The indicator's full mark; a task's share by weight where the policy says so. A figure where it is no number."""
    common = scheme.department_common
    if indicator.unit is None or common is None or policies.read(common.shares) != "weights":
        return indicator.full
    tasks = {own_id(indicator.unit, task.id): task for task in scheme.department[indicator.unit].tasks}
    if indicator.id not in tasks:
        return indicator.full
    weights = {name: task.weight or Fraction(0) for name, task in tasks.items()}
    return common.tasks_full * weights[indicator.id] / sum(weights.values(), Fraction(0))
