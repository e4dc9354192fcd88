"""What a point is worth after the steps that follow an item: 95/41 where 41 are converted to 95."""

from __future__ import annotations

import numpy as np

from kaohe.rules.conditions import gate
from kaohe.rules.numbers import Array, safe_ratio
from kaohe.rules.plain import unlimited
from kaohe.scheme.tree import Node
from kaohe.scoring.evaluation import Evaluation, Member
from kaohe.scoring.nodevalues import NodeValues


def rates_of(evaluation: Evaluation, node: Node) -> Array:
    """For every unit of the year: conversions and coefficients multiplied; limits, bonuses and roundings left aside.

    Of steps that follow once a month or term, the mean of these.
    """
    values, over = evaluation.node(node.id), evaluation.bound.scheme.tree.over(node.id)
    if node.within is None or over is None:
        return _rates(evaluation, node, values, None)
    found = [_rates(evaluation, node, each, (over.each or "", name)) for name, each in values.members.items()]
    return np.asarray(sum(found) / evaluation.numbers.const(len(found)))


def _rates(evaluation: Evaluation, node: Node, values: NodeValues, member: Member | None) -> Array:
    numbers, inputs = evaluation.numbers, evaluation.everybody(node.item, member)
    rates: Array = numbers.full(inputs.size, 1)
    parts = list(values.parts)
    for step in node.item.then:
        figures = step.figures()
        found, parts = parts[: len(figures)], parts[len(figures) :]
        if step.how not in ("rescale", "times") or step.figure is None:
            continue
        by = found[0].points
        if step.how == "rescale":
            without = np.asarray(unlimited(step.figure, inputs), dtype=bool)
            by = numbers.where(without, 1, safe_ratio(numbers, by, found[1].points))
        where = gate(inputs, step.held, step.unless)
        rates = rates * (by if where is None else numbers.where(where, by, 1))
    return rates
