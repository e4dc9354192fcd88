"""Full marks of items, and what could be attained on paper: arrays (..., units) beside their points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from kaohe.rules.numbers import Array, Numbers
from kaohe.rules.plain import unlimited
from kaohe.scheme import Item
from kaohe.scheme.tree import Node, times_counted
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.combining import Part, combined
from kaohe.scoring.inputs import PoolInputs
from kaohe.scoring.nodevalues import NodeValues
from kaohe.scoring.owned import full_mark


def of_leaf(bound: BoundYear, numbers: Numbers, node: Node, everybody: Callable[[Item], PoolInputs]) -> Array:
    """The full mark of a leaf for every unit that has it; 0 elsewhere. `everybody`: what its figure may ask of them."""
    full, present = full_mark(bound.scheme, bound.policies, node.item), bound.present(node)
    if full is None:
        return numbers.full(len(bound.units))
    if isinstance(full, Fraction):
        return numbers.where(present, full, 0)
    return numbers.where(present, full.of_units(everybody(node.item)), 0)


def of_item(node: Node, counted: Sequence[tuple[Node, NodeValues]], inputs: PoolInputs, present: Array) -> Array:
    """The full mark of an item above others: as said, or what those of its children come to."""
    full, where = node.item.full, inputs.numbers.where
    if isinstance(full, Fraction):
        return where(present, full, 0)
    if full is not None:
        return where(present, full.of_units(inputs), 0)
    return _of_children(node, [(child, values.full, values.present) for child, values in counted], inputs)


def _of_children(node: Node, children: Sequence[tuple[Node, Array, Array]], inputs: PoolInputs) -> Array:
    """Children's full marks combined as their points are, of those a unit has; of `first` the largest of them."""
    parts = [
        Part(inputs.numbers.where(present, values, 0), ~present, weight_of(child, inputs), times_of(child))
        for child, values, present in children
    ]
    how = "best" if node.item.combine == "first" else node.item.combine
    return combined(how, parts, inputs.numbers, inputs.size)


def attainable(
    node: Node, counted: Sequence[tuple[Node, NodeValues]], inputs: PoolInputs, full: Array, present: Array
) -> Array:
    """What each unit could attain here on paper: as said, or what its children allow, converted as they are.

    What a conversion is of says how much the leaves below come to on paper; left as it is, that much is attainable.
    """
    numbers, scheme, said = inputs.numbers, inputs.bound.scheme, node.item.attainable
    if said is not None:
        return numbers.full(inputs.size, said) if isinstance(said, Fraction) else said.of_units(inputs)
    if node.item.full is not None and not any(step.rescale is not None for step in node.item.then):
        return full

    def of_children() -> Array:
        found = _of_children(node, [(child, values.attainable, values.present) for child, values in counted], inputs)
        times = 1 if inputs.member else times_counted(scheme, node.item)
        return found if times == 1 else found * numbers.const(times)

    out: Array | None = None
    for step in node.item.then:
        if step.rescale is None or step.of is None:
            continue
        of_leaves = all(scheme.tree[name].is_leaf or name in scheme.tree.headings for name in node.children)
        left = step.of.of_units(inputs) if of_leaves else of_children() if out is None else out
        out = numbers.where(unlimited(step.rescale, inputs), left, step.rescale.of_units(inputs))
    return numbers.where(present, of_children() if out is None else out, 0)


def weight_of(child: Node, inputs: PoolInputs) -> Array | None:
    """The weight of an item in the one above it, for each unit; None where it has none."""
    if child.weight is None:
        return None
    if isinstance(child.weight, Fraction):
        return inputs.numbers.full(inputs.size, child.weight)
    return np.asarray(child.weight.of_units(inputs))


def times_of(child: Node) -> Fraction:
    """A weight that is one number for everybody."""
    return child.weight if isinstance(child.weight, Fraction) else Fraction(1)
