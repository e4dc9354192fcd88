"""What a combination of readings comes to, looked up: no rule is applied, and what was found by one code is read by
another (the decision page) from the same tables.

A table over many readings is stored as a decision diagram: a level for each reading in turn, equal rests of the table
once. Following it takes one step a level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaohe.analysis.combinations.enumeration import Outcomes
from kaohe.rules.numbers import Array
from kaohe.scheme.policies import PolicyValue


@dataclass(frozen=True)
class Diagram:
    """`levels[n]` (nodes, choices): where each choice leads, a node of the next level or, at the last, a result."""

    levels: tuple[Array, ...]

    def follow(self, choices: tuple[int, ...]) -> int:
        at = 0
        for level, choice in zip(self.levels, choices, strict=True):
            at = int(level[at, choice])
        return at


def diagram(table: Array) -> Diagram:
    """A table of whole numbers as a diagram of its axes in turn."""
    levels: list[Array] = []
    rest = table
    while rest.ndim > 1:
        rows, index = np.unique(rest.reshape(-1, rest.shape[-1]), axis=0, return_inverse=True)
        levels.insert(0, rows)
        rest = np.asarray(index).reshape(rest.shape[:-1])
    return Diagram((rest.reshape(1, -1), *levels))


@dataclass(frozen=True)
class UnitTotals:
    """A unit's totals: `values` by a diagram over what acts above the figures, then the unit's own groups."""

    groups: tuple[int, ...]
    values: tuple[Any, ...]
    diagram: Diagram


class Lookup:
    """The results of a group of units under any combination of readings."""

    def __init__(self, found: Outcomes) -> None:
        self.found, space = found, found.space
        self.outcomes = diagram(np.stack(found.which).reshape(len(space.above), *space.sizes))
        self.totals = [self._totals(place) for place in range(len(space.units))]

    def _totals(self, place: int) -> UnitTotals:
        """The tables of all readings above the figures as one."""
        space = self.found.space
        tables = [above.tables[place] for above in space.above]
        groups = tuple(sorted({group for table in tables for group in table.groups}))
        values: dict[Any, int] = {}
        parts = []
        for table in tables:
            own = np.array([values.setdefault(value, len(values)) for value in table.values])
            wide = table.wide(table.index, groups, space.sizes)
            parts.append(np.broadcast_to(own[wide], tuple(space.sizes[group] for group in groups)))
        return UnitTotals(groups, tuple(values), diagram(np.stack(parts)))

    def at(self, readings: Mapping[str, PolicyValue]) -> dict[str, tuple[Any, int, str]] | None:
        """Unit → total, rank, grade, the readings not named as in force; None where they may not stand together."""
        space, choices = self.found.space, self.found.space.choices

        def setting(names: tuple[str, ...]) -> tuple[PolicyValue, ...]:
            return tuple(readings.get(name, choices.in_force[name]) for name in names)

        above = space.home.get(setting(choices.outer))
        if above is None:
            return None
        effects = tuple(group.by_setting[setting(group.names)] for group in space.groups)
        outcome = self.outcomes.follow((above, *effects))
        graded = tuple(
            choices.values[name].index(value)
            for name, value in zip(choices.grades, setting(choices.grades), strict=True)
        )
        out = {}
        for place, unit in enumerate(space.units):
            own = self.totals[place]
            total = own.values[own.diagram.follow((above, *(effects[group] for group in own.groups)))]
            rank = int(self.found.rank[outcome, place])
            out[choices.bound.units[unit].unit_id] = total, rank, str(self.found.grade[(outcome, *graded, place)])
        return out
