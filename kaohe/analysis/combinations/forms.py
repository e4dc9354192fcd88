"""A unit's score as a function of the effects that touch it: exact, up the tree, added up as late as possible.

A form is a sum of parts, each a table over some groups of readings. Plain sums keep the parts apart; a step that
converts or caps, or children combined otherwise, lays them out, and the tree's own code (`Evaluation`) is asked once
for every distinct figure.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm, prod
from typing import Any

import numpy as np

from kaohe.analysis.combinations.choices import policies_above_figures
from kaohe.rules.inside import policies_in
from kaohe.rules.numbers import Array
from kaohe.scheme.tree import Node
from kaohe.scoring.evaluation import Evaluation

MOST_LAID_OUT = 2_000_000
"""Combinations of the effects on one unit that are laid out."""

SAFE = 2**62


class TooManyError(ValueError):
    """One unit's score turns on too many effects to be laid out."""


@dataclass(frozen=True)
class Table:
    """A figure by the effects of some groups: `values` are its distinct values, `index` has an axis a group."""

    groups: tuple[int, ...]
    values: tuple[Any, ...]
    index: Array

    def wide(self, codes: Array, among: Sequence[int], sizes: Sequence[int]) -> Array:
        """Something by effect of these groups (`index`, or codes like it) with an axis for each of `among`: of length
        one where the figure does not turn on it."""
        return codes.reshape(tuple(sizes[group] if group in self.groups else 1 for group in among))


@dataclass(frozen=True)
class Form:
    """A sum of tables over different groups."""

    parts: Mapping[tuple[int, ...], Array]

    @cached_property
    def groups(self) -> tuple[int, ...]:
        return tuple(sorted({group for groups in self.parts for group in groups}))

    def key(self) -> tuple[Any, ...]:
        """Equal for forms that are the same sum of the same tables."""
        return tuple((groups, tuple(array.reshape(-1).tolist())) for groups, array in sorted(self.parts.items()))

    def table(self, sizes: Sequence[int]) -> Table:
        """Laid out over all its groups. `sizes`: effects of each group. TooManyError beyond what is laid out."""
        groups = self.groups
        if prod(sizes[group] for group in groups) > MOST_LAID_OUT:
            raise TooManyError
        flat = [value for array in self.parts.values() for value in array.reshape(-1)]
        whole = all(isinstance(value, Fraction) for value in flat)
        common = lcm(*(value.denominator for value in flat)) if whole else 1
        arrays = [(names, _scaled(array, common) if whole else array) for names, array in self.parts.items()]
        most = sum(max(abs(value) for value in array.reshape(-1)) for _, array in arrays) if whole else SAFE
        kind: Any = np.int64 if most < SAFE else object
        shape = tuple(sizes[group] for group in groups)
        total: Any = np.zeros(shape, dtype=kind)
        for names, array in arrays:
            wide = array.astype(kind).reshape(tuple(sizes[g] if g in names else 1 for g in groups))
            total = np.asarray(total + wide, dtype=kind)  # numpy takes a sole object out of its array
        values, index = _distinct(total.reshape(-1))
        found = tuple(Fraction(int(value), common) for value in values) if whole else tuple(values)
        return Table(groups, found, index.reshape(shape))


def _scaled(array: Array, common: int) -> Array:
    return np.frompyfunc(lambda value: value.numerator * (common // value.denominator), 1, 1)(array)


def _distinct(values: Array) -> tuple[list[Any], Array]:
    """Distinct values and where each stands among them."""
    if values.dtype != object:
        found, index = np.unique(values, return_inverse=True)
        return found.tolist(), np.asarray(index, dtype=np.int32).reshape(-1)
    order = sorted(range(len(values)), key=values.__getitem__)
    index = np.zeros(len(values), dtype=np.int32)
    distinct: list[Any] = []
    for at in order:
        if not distinct or values[at] != distinct[-1]:
            distinct.append(values[at])
        index[at] = len(distinct) - 1
    return distinct, index


def constant(value: Any) -> Form:
    return Form({(): _cells([value])})


def _cells(values: Sequence[Any]) -> Array:
    out = np.empty(len(values), dtype=object)
    out[:] = list(values)
    return out


@dataclass
class Kept:
    """Forms found under one reading that hold under others: of items by the readings that act on them or below, and
    of what steps made of a form."""

    items: dict[Hashable, dict[int, Form]] = field(default_factory=dict)
    steps: dict[Hashable, Form] = field(default_factory=dict)
    turns_on: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Forms:
    """The forms of every item, for some units under one reading of what acts above the figures.

    `kept` is what was found before: of items under the same `known_by`, of steps for units `scored_on` the same.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        units: Sequence[int],
        sizes: Sequence[int],
        points: Mapping[tuple[str, int], tuple[int, Array]],
        kept: Kept,
        known_by: Hashable,
        scored_on: Sequence[Hashable],
    ) -> None:
        self.kept, self.known_by, self.scored_on = kept, known_by, scored_on
        self.evaluation, self.units, self.sizes, self.points = evaluation, tuple(units), tuple(sizes), points

    def of(self, name: str) -> dict[int, Form]:
        """Each unit's form of an item."""
        policies = self.evaluation.bound.policies
        key = (self.known_by, name, tuple(policies[each] for each in self._turns_on(name)))
        if key not in self.kept.items:
            node = self.evaluation.bound.scheme.tree[name]
            self.kept.items[key] = self._leaf(node) if node.is_leaf else self._inner(node)
        return self.kept.items[key]

    def _turns_on(self, name: str) -> tuple[str, ...]:
        """Policies that act on an item or below it, those inside the leaves' figures apart."""
        if name not in self.kept.turns_on:
            scheme = self.evaluation.bound.scheme
            found = dict.fromkeys(policies_above_figures(scheme, name))
            for child in scheme.tree[name].children:
                found |= dict.fromkeys(self._turns_on(child))
            self.kept.turns_on[name] = tuple(found)
        return self.kept.turns_on[name]

    def _leaf(self, node: Node) -> dict[int, Form]:
        known = self.evaluation.node(node.id).points
        out = {}
        for unit in self.units:
            if (node.id, unit) in self.points:
                group, values = self.points[node.id, unit]
                out[unit] = Form({(group,): values})
            else:
                out[unit] = constant(known[unit])
        return out

    def _inner(self, node: Node) -> dict[int, Form]:
        tree = self.evaluation.bound.scheme.tree
        children = [child for name in node.children if (child := tree[name]).item.counts]
        plain = node.item.combine == "sum" and all(child.weight is None for child in children)
        values = self.evaluation.node(node.id)
        below = {child.id: self.of(child.id) for child in children}
        if not plain:
            return self._laid_out(node, children, below, values.points)
        sums = {unit: _added([below[child.id][unit] for child in children]) for unit in self.units}
        fixed = ~values.present | ~values.known
        out = {unit: constant(values.points[unit]) for unit in self.units}
        out |= {unit: form for unit, form in sums.items() if form.groups and not fixed[unit]}
        turning = [unit for unit, form in out.items() if form.groups]
        if node.item.then and turning:
            untouched = self.evaluation.untouched(node.id)
            out |= self._after(node, {unit: out[unit] for unit in turning if not untouched[unit]})
        return out

    def _after(self, node: Node, forms: Mapping[int, Form]) -> dict[int, Form]:
        """What the steps after an item make of each distinct figure of each unit; found once for the same readings."""
        readings = tuple(self.evaluation.bound.policies[name] for name in policies_in(node.item.then))
        keys = {unit: (node.id, readings, unit, self.scored_on[unit], form.key()) for unit, form in forms.items()}
        new = [unit for unit, key in keys.items() if key not in self.kept.steps]
        tables = {unit: forms[unit].table(self.sizes) for unit in new}
        if new:
            raw = _cells([value for table in tables.values() for value in table.values])
            members = np.repeat(new, [len(table.values) for table in tables.values()])
            made = self.evaluation.following(node.id, raw, members)
            start = 0
            for unit, table in tables.items():
                one = made[start : start + len(table.values)]
                start += len(table.values)
                same = all(before == after for before, after in zip(table.values, one, strict=True))
                self.kept.steps[keys[unit]] = forms[unit] if same else Form({table.groups: one[table.index]})
        return {unit: self.kept.steps[key] for unit, key in keys.items()}

    def _laid_out(
        self, node: Node, children: Sequence[Node], below: Mapping[str, Mapping[int, Form]], points: Array
    ) -> dict[int, Form]:
        """Children that are not just added up: every combination of the effects on each unit."""
        out = {unit: constant(points[unit]) for unit in self.units}
        columns: dict[str, dict[int, Table]] = {child.id: {} for child in children}
        shapes = {}
        for unit in self.units:
            groups = tuple(sorted({group for child in children for group in below[child.id][unit].groups}))
            if not groups:
                continue
            shape = tuple(self.sizes[group] for group in groups)
            if prod(shape) > MOST_LAID_OUT:
                raise TooManyError
            shapes[unit] = groups, shape
            for child in children:
                table = below[child.id][unit].table(self.sizes)
                flat = np.broadcast_to(table.wide(table.index, groups, self.sizes), shape).reshape(-1)
                columns[child.id][unit] = Table(groups, tuple(_cells(table.values)[flat]), flat)
        if not shapes:
            return out
        given = {child.id: _columns(self.evaluation.node(child.id).points, columns[child.id]) for child in children}
        after = self.evaluation.supposing(node.id, given).points
        for unit, (groups, shape) in shapes.items():
            out[unit] = Form({groups: after[: prod(shape), unit].reshape(shape)})
        return out


def _added(forms: Sequence[Form]) -> Form:
    parts: dict[tuple[int, ...], Array] = {}
    for form in forms:
        for groups, array in form.parts.items():
            parts[groups] = parts[groups] + array if groups in parts else array
    return Form(parts)


def _columns(base: Array, tables: Mapping[int, Table]) -> Array:
    """Arrays (most values, units): each unit's distinct values, the last one again where it has less."""
    most = max((len(table.values) for table in tables.values()), default=1)
    out = np.broadcast_to(base, (most, base.shape[-1])).copy()
    for unit, table in tables.items():
        column = _cells(table.values)
        out[:, unit] = column[np.minimum(np.arange(most), len(column) - 1)]
    return out
