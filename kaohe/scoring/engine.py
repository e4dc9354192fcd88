"""Scores a bound year: gathers each pool's evidence, lets its rule compute, keeps the outcome.

The same code runs on exact fractions, and in float64 for simulations (`draws`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from kaohe.intake.data import LeaderRating
from kaohe.rules import EXACT, Numbers, Outcome
from kaohe.rules.achievements import Tally, WeightTable
from kaohe.rules.base import PolicyReference
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.judged import TRIMMED_FROM
from kaohe.rules.numbers import Array
from kaohe.scheme.policies import PolicyValue
from kaohe.scoring.bind import BoundYear, Pool
from kaohe.scoring.readings import Readings


@dataclass(frozen=True)
class Draws:
    """Simulated evidence in place of the real: float arrays (scenarios, units of the year).

    `ratings` are the panels' aggregates in points, `tallies` weighted counts, by indicator.
    """

    size: int
    metrics: Mapping[str, Array] = field(default_factory=dict)
    ratings: Mapping[str, Array] = field(default_factory=dict)
    tallies: Mapping[str, Array] = field(default_factory=dict)
    ballots: Mapping[str, Array] = field(default_factory=dict)
    leaders: Mapping[str, Array] = field(default_factory=dict)

    def part(self, first: int, last: int) -> Draws:
        """Scenarios `first` up to `last`."""
        return Draws(
            min(last, self.size) - first,
            *({name: values[first:last] for name, values in group.items()} for group in self._groups()),
        )

    def _groups(self) -> tuple[Mapping[str, Array], ...]:
        return self.metrics, self.ratings, self.tallies, self.ballots, self.leaders


@dataclass(frozen=True)
class Scored:
    """What every pool's rule found, and the two votes of each group."""

    bound: BoundYear
    numbers: Numbers
    readings: Readings
    outcomes: tuple[tuple[Pool, Outcome], ...]
    votes: Mapping[tuple[str, str], tuple[Pool, Outcome]]  # (group, "ballot" | "leaders")


@dataclass(frozen=True, eq=False)
class PoolInputs:
    """One pool's evidence as its rule asks for it (see `kaohe.rules.base.Inputs`)."""

    bound: BoundYear
    pool: Pool
    numbers: Numbers
    readings: Readings
    draws: Draws | None = None

    @property
    def size(self) -> int:
        return self.pool.size

    @cached_property
    def units(self) -> list[str]:
        return [self.bound.units[place].unit_id for place in self.pool.members]

    @cached_property
    def full(self) -> Array:
        return self.numbers.full(self.size, self.pool.full)

    def metric(self, name: str) -> Array:
        if self.draws and name in self.draws.metrics:
            return self.draws.metrics[name][..., self.pool.members]
        rows = self.bound.data.metrics
        return self.numbers.array(rows[unit, name].value for unit in self.units)

    def ratings(self, how: str) -> Array:
        name = self.pool.name
        if self.draws and name in self.draws.ratings:
            return self.draws.ratings[name][..., self.pool.members]
        rows = self.bound.data.ratings
        return self.numbers.array(aggregate([row.points for row in rows[unit, name]], how) for unit in self.units)

    def panel(self) -> Array:
        rows = self.bound.data.ratings
        return _vector(tuple(row.points for row in rows[unit, self.pool.name]) for unit in self.units)

    def raters(self) -> Array:
        rows = self.bound.data.ratings
        return _vector(len(rows[unit, self.pool.name]) for unit in self.units)

    def achievements(self) -> list[list[Achievement]]:
        rows = self.bound.achievements
        return [list(rows.get((unit, self.pool.name), ())) for unit in self.units]

    def weights(self) -> WeightTable:
        return self.pool.indicator.weights if self.pool.indicator else {}

    @cached_property
    def _tallies(self) -> list[Tally]:
        indicator = self.pool.indicator
        return [self.bound.tally(unit, indicator) if indicator else Tally() for unit in self.units]

    def tally(self) -> tuple[Array, list[Tally]]:
        name = self.pool.name
        if self.draws and name in self.draws.tallies:
            return self.draws.tallies[name][..., self.pool.members], self._tallies
        return self.numbers.array(each.sum for each in self._tallies), self._tallies

    def incidents(self) -> list[list[Incident]]:
        rows = self.bound.incidents
        return [list(rows.get((unit, self.pool.name), ())) for unit in self.units]

    def incident_sum(self, of: Callable[[Incident], Fraction]) -> Array:
        return self.numbers.array(sum(map(of, rows), Fraction(0)) for rows in self.incidents())

    def ballots(self) -> Mapping[str, Array]:
        rows = self.bound.data.ballots
        names = ("excellent", "qualified", "unqualified")
        if self.draws and self.draws.ballots:
            return {name: self.draws.ballots[name][..., self.pool.members] for name in names}
        return {name: self.numbers.array(getattr(rows[unit], name) for unit in self.units) for name in names}

    def leader_score(self, role: str, how: str) -> Array:
        if self.draws and role in self.draws.leaders:
            return self.draws.leaders[role][..., self.pool.members]
        return self.numbers.array(aggregate([row.score for row in rows], how) for rows in self._leaders(role))

    def leaders(self, role: str) -> Array:
        return _vector(len(rows) for rows in self._leaders(role))

    def _leaders(self, role: str) -> list[list[LeaderRating]]:
        return [[row for row in self.bound.data.leader_ratings[unit] if row.role == role] for unit in self.units]

    def categories(self) -> Array:
        return _vector(self.bound.units[place].category for place in self.pool.members)

    def within(self, categories: Collection[str]) -> PoolInputs | None:
        members = self.pool.members[[each in categories for each in self.categories()]]
        return replace(self, pool=replace(self.pool, members=members)) if len(members) else None

    def choose(self, field: str | PolicyReference, ways: Mapping[str, Callable[[], Array]]) -> Array:
        return self.readings.choose(field, ways)

    def decided(self, field: str | PolicyReference) -> Array:
        return self.readings.each(field, lambda value: _vector([value] * self.size))


def _vector(values: Any) -> Array:
    values = list(values)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def aggregate(ratings: list[Fraction], how: str) -> Fraction:
    """A panel's ratings as one: mean, median, or mean without one highest and lowest where there are enough."""
    if how == "median":
        ordered, middle = sorted(ratings), len(ratings) // 2
        return ordered[middle] if len(ratings) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    if how == "trimmed" and len(ratings) >= TRIMMED_FROM:
        ratings = sorted(ratings)[1:-1]
    common = lcm(*(rating.denominator for rating in ratings))  # one fraction instead of one a rating
    return Fraction(sum(rating.numerator * (common // rating.denominator) for rating in ratings), common * len(ratings))


def run(
    bound: BoundYear,
    numbers: Numbers = EXACT,
    several: Mapping[str, Sequence[Any]] | None = None,
    draws: Draws | None = None,
) -> Scored:
    """Score every pool. `several` puts more than one reading of a policy side by side.

    A policy that decides who is in which pool (`BoundYear`) cannot be among `several`: bind again.
    """
    readings = Readings(bound.policies, _side_by_side(bound, several or {}), draws is not None)
    outcomes = tuple((pool, _outcome(bound, pool, numbers, readings, draws)) for pool in bound.pools)
    votes = {}
    for group, kind, pool in _vote_pools(bound):
        votes[group, kind] = (pool, _outcome(bound, pool, numbers, readings, draws))
    return Scored(bound, numbers, readings, outcomes, votes)


def _side_by_side(bound: BoundYear, several: Mapping[str, Sequence[Any]]) -> dict[str, tuple[PolicyValue, ...]]:
    """The readings to score together; ValueError for an unknown, structural or contradictory one."""
    scheme = bound.scheme
    structural = {scheme.results.exemptions.policy, getattr(scheme.department_common.shares, "policy", "")}
    wrong = set(several) & structural
    if wrong:
        raise ValueError(f"structural policies are bound, not scored side by side: {', '.join(sorted(wrong))}")
    unknown = set(several) - set(scheme.policy)
    if unknown:
        raise ValueError(f"no such policy: {', '.join(sorted(unknown))}")
    parsed = {name: tuple(scheme.policy[name].parse(value) for value in values) for name, values in several.items()}
    in_force = {name: (value,) for name, value in bound.policies.values.items()} | parsed
    for policy in scheme.policies:
        for option, others in policy.conflicts.items():
            for other, value in others.items():
                if option in in_force[policy.name] and value in in_force[other]:
                    raise ValueError(f"contradictory readings: {policy.name}={option} with {other}={value}")
    return parsed


def _outcome(bound: BoundYear, pool: Pool, numbers: Numbers, readings: Readings, draws: Draws | None) -> Outcome:
    return pool.rule.points(PoolInputs(bound, pool, numbers, readings, draws))


def _vote_pools(bound: BoundYear) -> list[tuple[str, str, Pool]]:
    """Each group's units that have ballots, and those that have leaders' scores."""
    found = []
    for key, group in bound.scheme.groups.items():
        members = bound.members_of(key)
        for kind, component, without in (
            ("ballot", group.ballot, bound.without_ballot),
            ("leaders", group.leaders, bound.without_leaders),
        ):
            here = np.array([place for place in members if bound.units[place].unit_id not in without], dtype=int)
            if len(here):
                found.append((key, kind, Pool(None, component.rule, here, component.full)))
    return found
