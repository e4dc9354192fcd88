"""A unit's score as a function of the effects that touch it: exact, up the tree, added up as late as possible.

A form is a sum of parts, each a table over some groups of readings. Plain sums keep the parts apart; a step that
converts or caps, or children combined otherwise, lays them out, and the tree's own code (`Evaluation`) is asked once
for every distinct figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm, prod
from typing import Any

import numpy as np

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
            total = total + array.astype(kind).reshape(tuple(sizes[g] if g in names else 1 for g in groups))
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
    index, distinct = np.zeros(len(values), dtype=np.int32), []
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


class Forms:
    """The forms of every item, for some units under one reading of what acts above the figures."""

    def __init__(
        self,
        evaluation: Evaluation,
        units: Sequence[int],
        sizes: Sequence[int],
        points: Mapping[tuple[str, int], tuple[int, Array]],
    ) -> None:
        self.evaluation, self.units, self.sizes, self.points = evaluation, tuple(units), tuple(sizes), points
        self._found: dict[str, dict[int, Form]] = {}

    def of(self, name: str) -> dict[int, Form]:
        """Each unit's form of an item."""
        if name not in self._found:
            node = self.evaluation.bound.scheme.tree[name]
            self._found[name] = self._leaf(node) if node.is_leaf else self._inner(node)
        return self._found[name]

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
        lacking = values.present & ~values.known
        turning = [unit for unit in self.units if sums[unit].groups]
        if not node.item.then and not lacking.any():
            return {unit: sums[unit] if sums[unit].groups else constant(values.points[unit]) for unit in self.units}
        tables = {unit: sums[unit].table(self.sizes) for unit in turning}
        first, *others = [child.id for child in children]
        zero = self.evaluation.numbers.full(len(values.present))
        raw = _columns(np.asarray(values.raw), tables)
        after = self.evaluation.supposing(node.id, {first: raw, **dict.fromkeys(others, zero)}).points
        out = {unit: constant(values.points[unit]) for unit in self.units}
        for unit, table in tables.items():
            made = after[: len(table.values), unit]
            same = all(one == other for one, other in zip(made, table.values, strict=True))
            out[unit] = sums[unit] if same else Form({table.groups: made[table.index]})
        return out

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
                wide = table.index.reshape(tuple(self.sizes[g] if g in table.groups else 1 for g in groups))
                flat = np.broadcast_to(wide, shape).reshape(-1)
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
    """Arrays (most values, units): each unit's distinct values below each other, the last one again where it has less."""
    most = max((len(table.values) for table in tables.values()), default=1)
    out = np.broadcast_to(base, (most, base.shape[-1])).copy()
    for unit, table in tables.items():
        column = _cells(table.values)
        out[:, unit] = column[np.minimum(np.arange(most), len(column) - 1)]
    return out


