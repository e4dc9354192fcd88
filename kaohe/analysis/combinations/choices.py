"""Which readings there are, and where each acts: on figures, above them in the tree, or on grades alone.

Readings on figures are reduced to their effects (`effects`). Those that act above them (`outer`), that exclude each
other, or whose figures look at other items' points are taken one combination at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from kaohe.rules.base import Figure
from kaohe.rules.conditions import Condition, Fact
from kaohe.rules.inside import everything_in, policies_in
from kaohe.rules.scored import Attainable, CountItems, Score
from kaohe.scheme.model import Scheme
from kaohe.scheme.policies import Policies, PolicyError, PolicyValue, resolve, structural
from kaohe.scheme.tree import Node
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.mentions import looked_at
from kaohe.scoring.missing import resolved

Readings = dict[str, PolicyValue]


@dataclass(frozen=True)
class Choices:
    """Every policy's readings, sorted by where they act.

    A fraction has the one in force alone; those of `fractions`, which act on grades alone, some near it to look at,
    which are no named readings and enter no count.
    """

    bound: BoundYear
    values: Mapping[str, tuple[PolicyValue, ...]]
    outer: tuple[str, ...]
    figures: tuple[str, ...]
    grades: tuple[str, ...]
    binding: tuple[str, ...]
    """Of the outer ones those that decide who is scored on what, or act on figures: pools are scored for each."""
    fractions: tuple[str, ...] = ()

    @property
    def in_force(self) -> Policies:
        return self.bound.policies

    @property
    def combinations(self) -> int:
        """Of all readings named, whether they may stand together or not."""
        return prod(len(values) for name, values in self.values.items() if name not in self.fractions)

    def named(self) -> Choices:
        """Without what is only looked at beside the readings named."""
        only = {name: (self.in_force[name],) for name in self.fractions}
        return replace(self, values={**self.values, **only}, fractions=())

    def size(self, names: tuple[str, ...]) -> int:
        return prod(len(self.values[name]) for name in names)

    def each(self, names: tuple[str, ...]) -> Iterator[tuple[PolicyValue, ...]]:
        """Every combination of the readings of these."""
        return product(*(self.values[name] for name in names))

    def changed(self, names: tuple[str, ...], values: tuple[PolicyValue, ...]) -> int:
        """How many of them are not as in force."""
        return sum(value != self.in_force[name] for name, value in zip(names, values, strict=True))

    def with_readings(self, readings: Readings) -> Policies:
        """The readings in force but these; PolicyError where they may not stand together."""
        found = resolve(self.bound.scheme, overrides={**self.in_force.values, **readings})
        return replace(self.in_force, values=found.values)

    def refused(self, readings: Readings) -> str:
        """Why they may not stand together, beside the others as in force; empty where they may."""
        try:
            self.with_readings(readings)
        except PolicyError as error:
            return str(error)
        return ""


def choices_of(bound: BoundYear, *, one_by_one: bool = False) -> Choices:
    """The year's readings; `one_by_one`: those on figures are taken singly, too."""
    scheme = bound.scheme
    values: dict[str, tuple[PolicyValue, ...]] = {
        each.name: tuple(each.options) or (bound.policies[each.name],) for each in scheme.policies
    }
    pools = tuple(looked_at(pool) for pool in (*bound.pools, *bound.vote_pools))
    in_pools = _named(pools, values)
    outer = structural(scheme) | _exclusive(scheme) | _named(_above_figures(scheme), values)
    outer |= _named((group.then_by for group in scheme.groups.values()), values)
    graded = _named(_grading(scheme), values)
    if one_by_one or _mixes(bound):
        outer |= in_pools
    outer |= graded & in_pools
    lines = [each.name for each in scheme.policies if each.fraction and each.name in graded - outer]
    values |= {name: _near(bound.policies[name]) for name in lines}
    around = any(isinstance(each, Score | Attainable | CountItems) for each in everything_in(pools))
    several = {name for name, each in values.items() if len(each) > 1}
    in_order = [each.name for each in scheme.policies if each.name in several]
    return Choices(
        bound,
        values,
        outer=tuple(name for name in in_order if name in outer),
        figures=tuple(name for name in in_order if name in in_pools - outer),
        grades=tuple(name for name in in_order if name in graded - outer),
        binding=tuple(name for name in in_order if name in outer and (around or name in structural(scheme) | in_pools)),
        fractions=tuple(lines),
    )


def _near(value: PolicyValue) -> tuple[PolicyValue, ...]:
    """A fraction and the twentieths within a tenth of it."""
    assert isinstance(value, Fraction)
    tenth, twentieths = Fraction(1, 10), (Fraction(many, 20) for many in range(21))
    return tuple(sorted({value, *(each for each in twentieths if abs(each - value) <= tenth)}))


def _named(parts: Any, known: Mapping[str, Any]) -> set[str]:
    return {name for part in parts for name in policies_in(part) if name in known}


def _exclusive(scheme: Scheme) -> set[str]:
    """Policies some reading of which excludes a reading of another."""
    pairs = ((policy.name, other) for policy in scheme.policies for row in policy.conflicts.values() for other in row)
    return {name for pair in pairs for name in pair}


def _above_figures(scheme: Scheme) -> Iterator[Any]:
    """What stands in the tree beside the leaves' figures."""
    for node in scheme.tree.nodes.values():
        yield from _beside_figures(node)


def _beside_figures(node: Node) -> Iterator[Any]:
    item = node.item
    yield from (item.full, item.weight, node.weight, item.attainable, item.coverage)
    if not node.is_leaf:
        yield item.then


def policies_above_figures(scheme: Scheme, name: str) -> tuple[str, ...]:
    """Policies that act on an item, its own figure apart; all where it looks at what others come to."""
    parts = tuple(_beside_figures(scheme.tree[name]))
    if any(isinstance(each, Score | Attainable | CountItems) for each in everything_in(parts)):
        return tuple(scheme.policy)
    return tuple(policies_in(parts))


def _grading(scheme: Scheme) -> Iterator[Any]:
    yield scheme.results.grades
    yield tuple(scheme.results.limits.values())


def _mixes(bound: BoundYear) -> bool:
    """Whether points of one item or unit enter others above the pools: then nothing is reduced."""
    scheme = bound.scheme
    figures = [pool.rule for pool in (*bound.pools, *bound.vote_pools)]
    if any(map(_looks_at_points, (*figures, *_above_figures(scheme), *_conditions_of_grades(scheme)))):
        return True
    if any(each.compares() for part in _above_figures(scheme) for each in _figures_in(part)):
        return True
    bounds = (bound for grade in scheme.results.grades for bound in grade.bounds.values())
    if any(figure.compares() or _looks_at_points(figure) for figure in bounds):
        return True
    if any(_looks_at_points(group.then_by) for group in scheme.groups.values()):
        return True
    return any(resolved(scheme.tree, node) == "peer_mean" for node in scheme.tree.leaves)


def _conditions_of_grades(scheme: Scheme) -> Iterator[Any]:
    for grade in scheme.results.grades:
        yield from (grade.held, grade.unless)
    for limit in scheme.results.limits.values():
        yield from (limit.held, limit.unless)


def _figures_in(part: Any) -> Iterator[Figure]:
    return (each for each in everything_in(part) if isinstance(each, Figure))


def _looks_at_points(part: Any) -> bool:
    """Whether it asks for other items' points of this year, for grades, or who is last."""
    return any(
        isinstance(each, CountItems)
        or (isinstance(each, Score) and not each.ago)
        or (isinstance(each, Fact) and not each.ago and each.fact in ("grade", "last"))
        for each in everything_in(part)
        if isinstance(each, Figure | Condition)
    )


def unmoved_by(scheme: Scheme, policies: Collection[str]) -> tuple[str, ...]:
    """Items on which these policies do not act, nor on anything below them."""
    moved: set[str] = set()
    for node in reversed(tuple(scheme.tree.nodes.values())):  # children before their parents
        if set(policies_above_figures(scheme, node.id)) & set(policies) or moved.intersection(node.children):
            moved.add(node.id)
    return tuple(name for name in scheme.tree.nodes if name not in moved)
