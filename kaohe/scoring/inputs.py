"""A pool's evidence, gathered as its rule asks for it; simulated evidence in its place."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np

from kaohe.intake.tables.data import Mark, Rating, Unit
from kaohe.intake.tables.wanted import lacking
from kaohe.rules import EXACT, Figure, Numbers
from kaohe.rules.achievements import Tally, WeightTable
from kaohe.rules.base import PolicyReference
from kaohe.rules.evidence import Achievement, Incident
from kaohe.rules.judged import TRIMMED_FROM
from kaohe.rules.numbers import Array
from kaohe.rules.plain import laid_out
from kaohe.rules.scored import Score
from kaohe.rules.sums import mean_of
from kaohe.scheme.wants import parts_of, wants_of
from kaohe.scoring.axes import Axes
from kaohe.scoring.bind import BoundYear, Past, Pool


@dataclass(frozen=True)
class Draws:
    """Simulated evidence in place of the real: float arrays (scenarios, units of the year).

    `ratings` are the panels' aggregates in points, by item and month or term (empty where it has none); `tallies`
    weighted counts, by item; `ballots` counts of papers, by vote, facet, group of voters and option; `marks` what
    voters gave, made one, by vote, facet and group; `weights` by how much more an item counts in the one above it.
    """

    size: int
    metrics: Mapping[str, Array] = field(default_factory=dict)
    ratings: Mapping[tuple[str, str], Array] = field(default_factory=dict)
    tallies: Mapping[str, Array] = field(default_factory=dict)
    ballots: Mapping[tuple[str, str, str, str], Array] = field(default_factory=dict)
    marks: Mapping[tuple[str, str, str], Array] = field(default_factory=dict)
    weights: Mapping[str, Array] = field(default_factory=dict)

    def part(self, first: int, last: int) -> Draws:
        """Scenarios `first` up to `last`."""
        groups: tuple[Mapping[Any, Array], ...] = (
            self.metrics, self.ratings, self.tallies, self.ballots, self.marks, self.weights,
        )  # fmt: skip
        parts = ({name: values[first:last] for name, values in group.items()} for group in groups)
        return Draws(min(last, self.size) - first, *parts)


NOTHING = Fraction(0)
"""In place of a figure that was not handed in: of units it decides nothing for, or that are told to lack it."""


class Scores(Protocol):
    """The tree as a figure may ask for it while a pool is scored: see `Evaluation`."""

    def score(self, item: str, stage: str, member: tuple[str, str] | None = None) -> Array: ...

    def known(self, item: str) -> Array: ...

    def own_full(self, item: str) -> Array: ...

    def stated(self, item: str) -> Array: ...

    def fact(self, fact: str, name: str) -> Array: ...


@dataclass(frozen=True, eq=False)
class PoolInputs:
    """One pool's evidence as its rule asks for it (see `kaohe.rules.base.Inputs`)."""

    bound: BoundYear
    pool: Pool
    numbers: Numbers
    axes: Axes
    draws: Draws | None = None
    scores: Scores | None = None
    member: tuple[str, str] | None = None  # the month or term at hand
    ago: int = 0

    @property
    def size(self) -> int:
        return self.pool.size

    @cached_property
    def units(self) -> list[str]:
        ids = self.bound.ids
        return [ids[place] for place in self.pool.members.tolist()]

    @property
    def full(self) -> Array:
        item = self.pool.indicator
        if item is None or item.full is None or isinstance(item.full, Fraction):
            return self.pool.marks(self.numbers)
        return self._full_found

    @cached_property
    def _full_found(self) -> Array:
        """A full mark that is a figure."""
        item = self.pool.indicator
        assert item is not None
        assert isinstance(item.full, Figure)
        return laid_out(item.full.of_units(self), self)

    def metric(self, name: str) -> Array:
        if self.draws and name in self.draws.metrics and not self.ago:
            return self.draws.metrics[name][..., self.pool.at]
        data = self.bound.data
        rows = data.metrics
        if self.ago:
            past = self.bound.past.get(self.ago, Past()).metrics
            return self.numbers.array(past.get((unit, name), NOTHING) for unit in self.units)
        found = (rows.get((unit, name)) for unit in self.units)
        if self.member:
            own, member = data.periods, self.member[1]
            found = (own.get((unit, name, member)) or rows.get((unit, name)) for unit in self.units)
        return self.numbers.array(NOTHING if row is None else row.value for row in found)

    def ratings(self, how: str) -> Array:
        return self.of_panels(partial(aggregate, how=how, numbers=self.numbers))

    def of_panels(self, made_one: Callable[[list[Fraction]], Any]) -> Array:
        if self.draws:
            name = (self.pool.name, self.member[1] if self.member else "")
            if name in self.draws.ratings:
                return self.draws.ratings[name][..., self.pool.at]
        return self.numbers.array([made_one([row.points for row in rows]) for rows in self._ratings()])

    def _ratings(self) -> list[Sequence[Rating]]:
        """Each unit's ratings; of the month or term at hand, where they say of which they are."""
        found, name = self.bound.data.ratings, self.pool.name
        rows: list[Sequence[Rating]] = [found[unit, name] for unit in self.units]
        if self.member is None:
            return rows
        return [[row for row in each if row.period in ("", self.member[1])] for each in rows]

    def panel(self) -> Array:
        return _vector(tuple(row.points for row in rows) for rows in self._ratings())

    def raters(self) -> Array:
        return _vector(map(len, self._ratings()))

    def achievements(self) -> list[list[Achievement]]:
        rows, name = self.bound.achievements, self.pool.name
        return [list(rows.get((unit, name), ())) for unit in self.units]

    def weights(self) -> WeightTable:
        return self.pool.indicator.weights if self.pool.indicator else {}

    @cached_property
    def _tallies(self) -> list[Tally]:
        indicator = self.pool.indicator
        return [self.bound.tally(unit, indicator) if indicator else Tally() for unit in self.units]

    def tally(self) -> tuple[Array, list[Tally]]:
        name = self.pool.name
        if self.draws and name in self.draws.tallies:
            return self.draws.tallies[name][..., self.pool.at], self._tallies
        return self.numbers.array(each.sum for each in self._tallies), self._tallies

    def incidents(self) -> list[list[Incident]]:
        rows, name = self.bound.incidents, self.pool.name
        found = [list(rows.get((unit, name), ())) for unit in self.units]
        if self.member is None:
            return found
        return [[row for row in each if row.period in ("", self.member[1])] for each in found]

    def incident_sum(self, of: Callable[[Incident], Fraction]) -> Array:
        return self.numbers.array(sum(map(of, rows), Fraction(0)) for rows in self.incidents())

    def votes(self, vote: str, facet: str | None) -> Mapping[tuple[str, str], Array]:
        rows = self.bound.data.votes
        definition = self.bound.scheme.votes[vote]
        names = [(group, name) for group in definition.groups for name in definition.options]
        drawn = self.draws.ballots if self.draws else {}
        return {
            each: drawn[vote, facet or "", *each][..., self.pool.at]
            if (vote, facet or "", *each) in drawn
            else self.numbers.array(rows[unit, vote, facet or ""].counts.get(each, 0) for unit in self.units)
            for each in names
        }

    def marks(self, vote: str, facet: str | None, group: str, how: str) -> Array:
        if self.draws and (vote, facet or "", group) in self.draws.marks:
            return self.draws.marks[vote, facet or "", group][..., self.pool.at]
        fewest = self.bound.scheme.votes[vote].combine.fewest
        marks = self._marks(vote, facet, group)
        return self.numbers.array(aggregate([row.mark for row in rows], how, fewest, self.numbers) for rows in marks)

    def voters(self, vote: str, facet: str | None, group: str) -> Array:
        return _vector(len(rows) for rows in self._marks(vote, facet, group))

    def _marks(self, vote: str, facet: str | None, group: str) -> list[list[Mark]]:
        rows = self.bound.data.marks
        return [[row for row in rows.get((unit, vote, facet or ""), ()) if row.group == group] for unit in self.units]

    def at(self, dimension: str, member: str) -> PoolInputs:
        return replace(self, member=(dimension, member))

    def earlier(self, ago: int) -> PoolInputs:
        return replace(self, ago=self.ago + ago)

    def given(self, figure: Figure) -> Array:
        """For each unit whether all is there that a figure looks at of it, of the month and year at hand."""
        key, kept = (id(figure), self.member, self.ago), self.bound.given
        if key not in kept:
            given = np.array([self._is_given(figure, unit) for unit in self.bound.units], dtype=bool)
            for item in figure.rests_on({}) if not self.ago else ():
                given = given & self._is_there(item)
            kept[key] = figure, given
        return kept[key][1][self.pool.members]

    def _is_given(self, figure: Figure, unit: Unit) -> bool:
        scheme, member = self.bound.scheme, self.member[1] if self.member else ""
        about = scheme.categories[unit.category]
        who = {"category": unit.category, "group": about.group, "class": about.class_ or unit.category}
        who |= dict([self.member] if self.member else [])
        wants = wants_of(figure, who, member, self.ago)
        if lacking(self.bound.data, scheme, unit.unit_id, self.pool.name, wants):
            return False
        looks_back = (each for each in parts_of(figure, who, member, self.ago) if isinstance(each.figure, Score))
        return all(
            (unit.unit_id, each.figure.of) in self.bound.past.get(ago, Past()).points
            for each in looks_back
            if isinstance(each.figure, Score) and (ago := each.ago + each.figure.ago)
        )

    def _is_there(self, item: str) -> Array:
        """For each unit of the year whether an item is not missing, of the month at hand."""
        assert self.scores is not None
        present, known = (self.scores.score(item, stage, self.member) for stage in ("present", "known"))
        return np.asarray(known | ~present, dtype=bool)

    def only(self, units: Array) -> PoolInputs:
        return replace(self, pool=replace(self.pool, members=self.pool.members[units]))

    def trait(self, name: str) -> Array:
        units = [self.bound.units[place] for place in self.pool.members]
        categories = self.bound.scheme.categories
        if name == "category":
            return _vector(unit.category for unit in units)
        if name == "group":
            return _vector(categories[unit.category].group for unit in units)
        if name == "class":
            return _vector(categories[unit.category].class_ or unit.category for unit in units)
        if name in self.bound.scheme.dimensions and name not in self.bound.scheme.traits:
            return _vector([self.member[1] if self.member and self.member[0] == name else ""] * len(units))
        return _vector(unit.traits.get(name, "") for unit in units)

    def pools(self, among: str) -> Array:
        if among in ("", "pool", "all"):
            return np.zeros(self.size, dtype=int)
        names = [str(each) for each in self.trait(among)]
        order = {name: place for place, name in enumerate(dict.fromkeys(names))}
        return np.array([order[name] for name in names], dtype=int)

    def score(self, item: str, stage: str) -> Array:
        if self.ago:
            past = self.bound.past.get(self.ago, Past())
            points = {**past.points, **past.raw} if stage == "raw" else past.points
            return self.numbers.array(points.get((unit, item), Fraction(0)) for unit in self.units)
        assert self.scores is not None
        return self.scores.score(item, stage, self.member)[..., self.pool.at]

    def leaves(self, item: str) -> tuple[str, ...]:
        tree = self.bound.scheme.tree
        return tuple(node.id for node in tree.below(item) if node.is_leaf)

    def own_full(self) -> Array:
        assert self.scores is not None
        assert self.pool.indicator is not None
        return self.scores.own_full(self.pool.indicator.id)[..., self.pool.at]

    def stated(self) -> Array:
        assert self.scores is not None
        assert self.pool.indicator is not None
        return self.scores.stated(self.pool.indicator.id)[..., self.pool.at]

    def day(self, written: str) -> Fraction:
        if len(written) > len("03-31"):
            return Fraction(datetime.date.fromisoformat(written).toordinal())
        first = self.bound.scheme.window.days(self.bound.data.year)[0]
        day = datetime.date.fromisoformat(f"{first.year}-{written}")
        return Fraction((day if day >= first else day.replace(year=first.year + 1)).toordinal())

    def holds(self, fact: str, name: str) -> Array:
        if self.ago:
            past = self.bound.past.get(self.ago, Past())
            if fact == "last":
                return np.isin(self.units, sorted(past.last))
            if fact == "grade":
                named = self.bound.scheme.results.grade_named
                had = (named.get(past.grades.get(unit, "")) for unit in self.units)
                return np.array([grade is not None and grade is named[name] for grade in had], dtype=bool)
            return np.zeros(self.size, dtype=bool)
        if fact in ("grade", "last"):
            assert self.scores is not None
            return self.scores.fact(fact, name)[..., self.pool.at]
        return known_fact(self.bound, fact, name)[self.pool.members]

    def categories(self) -> Array:
        return _vector(self.bound.units[place].category for place in self.pool.members)

    def within(self, categories: Collection[str]) -> PoolInputs | None:
        members = self.pool.members[[each in categories for each in self.categories()]]
        return replace(self, pool=replace(self.pool, members=members)) if len(members) else None

    def choose(self, field: str | PolicyReference, ways: Mapping[str, Callable[[], Array]]) -> Array:
        return self.axes.choose(field, ways)

    def read(self, policy: PolicyReference, way: Callable[[Any], Array]) -> Array:
        return self.axes.each(policy, way)

    def decided(self, field: str | PolicyReference) -> Array:
        return self.axes.each(field, lambda value: _vector([value] * self.size))


def _vector(values: Any) -> Array:
    values = list(values)
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def aggregate(ratings: list[Fraction], how: str, fewest: int = TRIMMED_FROM, numbers: Numbers = EXACT) -> Any:
    """A panel's ratings as one: mean, median, or mean without one highest and lowest where there are enough.

    0 where there is none: then it has no share. A fraction, or the double nearest to it.
    """
    if not ratings:
        return Fraction(0)
    if how == "median":
        ordered, middle = sorted(ratings), len(ratings) // 2
        return ordered[middle] if len(ratings) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    if how == "trimmed" and len(ratings) >= fewest:
        ratings = sorted(ratings)[1:-1]
    return mean_of(ratings, numbers)


def known_fact(bound: BoundYear, fact: str, name: str) -> Array:
    """For each unit of the year what its data say: declared and accepted, vetoed, awarded."""
    data = bound.data

    def holds(unit: str) -> bool:
        if fact == "declared":
            rows = data.declarations.get(unit, {})
            return any(row.accepted for kind, row in rows.items() if name in ("", kind))
        if fact == "vetoed":
            return any(row.unit == unit and name in ("", row.kind) for row in data.vetoes)
        return any(row.unit == unit and row.approved is True for row in data.awards)

    return np.array([holds(unit.unit_id) for unit in bound.units], dtype=bool)
