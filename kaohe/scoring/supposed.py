"""A pool scored with other inputs of one of its units: the rule itself, many suppositions at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from kaohe.intake.tables.data import YearData
from kaohe.rules import EXACT, Numbers, Outcome, Trace
from kaohe.rules.achievements import Tally
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.numbers import Array, at
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, Pool
from kaohe.scoring.engine import PoolInputs
from kaohe.scoring.levers import AmountLever, IncidentsLever, Lever, MetricLever, ProjectsLever, RowsLever

Setting = Mapping[Lever, int]
"""How far each input is turned from what was handed in; all others stay."""


@dataclass(frozen=True, eq=False)
class Supposed(PoolInputs):
    """The pool's evidence under several settings of the unit at `place`: arrays (settings, units)."""

    place: int = 0
    settings: Sequence[Setting] = ()
    plain: PoolInputs | None = None
    figures: dict[tuple[str, tuple[str, str] | None, int], Array] = field(default_factory=dict)

    def metric(self, name: str) -> Array:
        """Asked for several times by one rule: once for its figure, once as its evidence."""
        key = name, self.member, self.ago
        if key not in self.figures:
            self.figures[key] = self._metric(name)
        return self.figures[key]

    def _metric(self, name: str) -> Array:
        assert self.plain
        values = self.plain.metric(name)
        if not self._of_the_year(name):
            return values
        for lever in self._turned(MetricLever):
            if lever.metric == name:
                values = self._with(values, [lever.value(setting.get(lever, 0)) for setting in self.settings], lever)
        return values

    def _of_the_year(self, name: str) -> bool:
        """Whether it is the year's own figure, not an earlier one, nor a month's or term's."""
        unit = self.units[self.place]
        return not self.ago and not (self.member and (unit, name, self.member[1]) in self.bound.data.periods)

    def at(self, dimension: str, member: str) -> PoolInputs:
        assert self.plain
        return replace(self, plain=self.plain.at(dimension, member), member=(dimension, member))

    def earlier(self, ago: int) -> PoolInputs:
        assert self.plain
        return replace(self, plain=self.plain.earlier(ago), ago=self.ago + ago)

    def tally(self) -> tuple[Array, list[Tally]]:
        assert self.plain
        values, lists = self.plain.tally()
        for lever in self._turned(RowsLever):
            more = [lever.weight * setting.get(lever, 0) for setting in self.settings]
            values = self._spread(values)
            values[:, self.place] = values[:, self.place] + self.numbers.array(more)
        return values, lists

    def achievements(self) -> list[list[Achievement]]:
        assert self.plain
        rows = self.plain.achievements()
        for lever in self._listed():
            rows[self.place] = self._with_rows(rows[self.place], lever, self.settings[0].get(lever, 0))
        return rows

    def _with_rows(
        self, rows: Sequence[Achievement], lever: AmountLever | ProjectsLever, turn: int
    ) -> list[Achievement]:
        if isinstance(lever, ProjectsLever):
            day = self.bound.scheme.window.days(self.bound.year)[0]
            return [*rows, *lever.rows(turn, self.units[self.place], day)]
        return [replace(row, amount=lever.value(turn)) if row is lever.row else row for row in rows]

    def incidents(self) -> list[list[Incident]]:
        assert self.plain
        rows = self.plain.incidents()
        for lever in self._turned(IncidentsLever) if len(self.settings) == 1 else ():
            rows[self.place] = lever.left(rows[self.place], self.settings[0].get(lever, 0))
        return rows

    def incident_sum(self, of: Callable[[Incident], Fraction]) -> Array:
        assert self.plain
        values = self.plain.incident_sum(of)
        rows = self.plain.incidents()[self.place]
        for lever in self._turned(IncidentsLever):
            left = [lever.left(rows, setting.get(lever, 0)) for setting in self.settings]
            values = self._with(values, [sum(map(of, each), Fraction(0)) for each in left], lever)
        return values

    def within(self, categories: Collection[str]) -> PoolInputs | None:
        """The unit has another place among fewer; where it is not among them, nothing of it is supposed."""
        assert self.plain
        plain, member = self.plain.within(categories), self.pool.members[self.place]
        if plain is None or member not in plain.pool.members:
            return plain
        place = list(plain.pool.members).index(member)
        return replace(self, pool=plain.pool, plain=plain, place=place, figures={})

    def only(self, units: Array) -> PoolInputs:
        assert self.plain
        plain = self.plain.only(units)
        if not units[self.place]:
            return plain
        return replace(self, pool=plain.pool, plain=plain, place=int(np.sum(units[: self.place])), figures={})

    @cached_property
    def _levers(self) -> tuple[Lever, ...]:
        """Those that turn something here: a metric, or rows under the indicator at hand."""
        found = dict.fromkeys(lever for setting in self.settings for lever in setting)
        return tuple(lever for lever in found if lever.item in ("", self.pool.name))

    def _turned(self, kind: type[Any]) -> list[Any]:
        return [lever for lever in self._levers if type(lever) is kind]

    def _with(self, values: Array, mine: list[Fraction], lever: Lever) -> Array:
        """The unit's own figure in place, where a setting turns it."""
        values = self._spread(values)
        turned = np.array([lever in setting for setting in self.settings])
        values[:, self.place] = np.where(turned, self.numbers.array(mine), values[:, self.place])
        return values

    def _spread(self, values: Array) -> Array:
        return np.array(np.broadcast_to(values, (len(self.settings), self.size)))

    def _listed(self) -> list[AmountLever | ProjectsLever]:
        """Levers of rows that are lists, not arrays: there must be one setting alone."""
        rows: list[AmountLever | ProjectsLever] = [*self._turned(AmountLever), *self._turned(ProjectsLever)]
        assert not rows or len(self.settings) == 1
        return rows


@dataclass(frozen=True, eq=False)
class Trial:
    """One unit of a pool, to be scored under any settings of its inputs."""

    bound: BoundYear
    pool: Pool
    place: int
    _plain: dict[bool, PoolInputs] = field(default_factory=dict)

    @cached_property
    def full(self) -> Fraction:
        """The unit's full mark."""
        plain = PoolInputs(self.bound, self.pool, EXACT, Axes(self.bound.policies))
        found: Fraction = at(plain.full, self.place)
        return found

    def outcome(self, settings: Sequence[Setting], numbers: Numbers = EXACT) -> Outcome:
        """What the rule gives; a setting with further projects must be the only one."""
        if numbers.exact not in self._plain:
            self._plain[numbers.exact] = PoolInputs(self.bound, self.pool, numbers, Axes(self.bound.policies))
        plain = self._plain[numbers.exact]
        return self.pool.rule.points(
            Supposed(self.bound, self.pool, numbers, plain.axes, place=self.place, settings=settings, plain=plain)
        )

    def figures(self, settings: Sequence[Setting], numbers: Numbers = EXACT) -> Array:
        """The unit's points under each setting, below them the whole numbers that tell where they may turn."""
        if any(isinstance(lever, AmountLever | ProjectsLever) for setting in settings for lever in setting):
            return np.concatenate([self._figures([setting], numbers) for setting in settings], axis=1)
        return self._figures(settings, numbers)

    def _figures(self, settings: Sequence[Setting], numbers: Numbers) -> Array:
        outcome = self.outcome(settings, numbers)
        rows = [outcome.points, *self.pool.rule.turns(outcome, numbers)]
        shape = (len(settings), self.pool.size)
        return np.array([np.broadcast_to(row, shape)[:, self.place] for row in rows])

    def trace(self, setting: Setting) -> Trace:
        return self.outcome([setting]).trace(self.pool.rule, self.place)


def supposed(bound: BoundYear, unit: str, setting: Setting) -> YearData:
    """The year's data with the setting made true, to be scored as any other year."""
    data, day = bound.data, bound.scheme.window.days(bound.year)[0]
    for lever, turn in setting.items():
        if isinstance(lever, MetricLever):
            key = (unit, lever.metric)
            data = replace(data, metrics={**data.metrics, key: replace(data.metrics[key], value=lever.value(turn))})
        elif isinstance(lever, RowsLever | ProjectsLever):
            data = replace(data, achievements=(*data.achievements, *lever.rows(turn, unit, day)))
        elif isinstance(lever, AmountLever):
            rows = (replace(row, amount=lever.value(turn)) if row is lever.row else row for row in data.achievements)
            data = replace(data, achievements=tuple(rows))
        elif isinstance(lever, IncidentsLever):
            mine = bound.incidents.get((unit, lever.item), ())
            others = (row for row in data.incidents if not any(row is each for each in mine))
            data = replace(data, incidents=(*others, *lever.left(mine, turn)))
    return data
