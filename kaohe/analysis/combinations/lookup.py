"""What a combination of readings comes to, looked up: no rule is applied, and what was found by one code is read by
another (the decision page) from the same tables.

A table over many readings is stored as a decision diagram (`diagrams`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kaohe.analysis.combinations.diagrams import Diagram, diagram, sifted
from kaohe.analysis.combinations.enumeration import Outcomes
from kaohe.scheme.policies import PolicyValue


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
        self.outcomes = sifted(diagram(np.stack(found.which).reshape(len(space.above), *space.sizes)))
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
        return UnitTotals(groups, tuple(values), sifted(diagram(np.stack(parts))))

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
