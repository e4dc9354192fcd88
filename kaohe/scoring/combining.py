"""How several items become one: arrays (..., units), each with where it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import Any

import numpy as np

from kaohe.rules import Numbers
from kaohe.rules.folding import folded
from kaohe.rules.numbers import Array, safe_ratio
from kaohe.rules.roots import geometric_mean
from kaohe.rules.sums import added_up


@dataclass(frozen=True)
class Part:
    """One item of several: its points, for which units it is left out, and its weight where it has one.

    `times`: the weight where it is one number for everybody.
    """

    points: Array
    gone: Array
    weight: Array | None = None
    times: Fraction = Fraction(1)


def combined(how: str, parts: Sequence[Part], numbers: Numbers, size: int) -> Array:
    """The points of the item that these make up; 0 where all of them are left out."""
    zero: Array = numbers.full(size)
    if not parts:
        return zero
    ways = {"sum": _sum, "mean": _mean, "product": _product, "geometric_mean": _rooted, "median": _median}
    return ways.get(how, lambda parts, numbers, zero: _chosen(how, parts, numbers, zero))(parts, numbers, zero)


def _sum(parts: Sequence[Part], numbers: Numbers, zero: Array) -> Array:
    return added_up(
        [zero, *(part.points if part.weight is None else part.points * part.weight for part in parts)], numbers
    )


def _mean(parts: Sequence[Part], numbers: Numbers, zero: Array) -> Array:
    weights = [
        numbers.where(part.gone, 0, numbers.full(len(zero), 1) if part.weight is None else part.weight)
        for part in parts
    ]
    weighted = [part.points * weight for part, weight in zip(parts, weights, strict=True)]
    return safe_ratio(numbers, added_up([zero, *weighted], numbers), added_up([zero, *weights], numbers))


def _product(parts: Sequence[Part], numbers: Numbers, zero: Array) -> Array:
    whole = reduce(lambda one, other: one * other, (numbers.where(part.gone, 1, part.points) for part in parts))
    return numbers.where(np.all([part.gone for part in parts], axis=0), 0, whole)


def _rooted(parts: Sequence[Part], numbers: Numbers, zero: Array) -> Array:
    """The root of a product by how many there are for each unit, each as often as its weight says."""
    often = _as_often([part.times for part in parts])
    powers = (_power(numbers.where(part.gone, 1, part.points), many) for part, many in zip(parts, often, strict=True))
    whole = reduce(lambda one, other: one * other, powers)
    count = sum((~part.gone * many for part, many in zip(parts, often, strict=True)), np.zeros(len(zero), dtype=int))
    out: Array = 0 * whole
    for many in sorted(set(count.tolist()) - {0}):
        found = geometric_mean([whole, *[numbers.full(1, 1)] * (many - 1)], numbers)
        out = numbers.where(count == many, found, out)
    return out


def _as_often(weights: Sequence[Fraction]) -> list[int]:
    """Weights as whole numbers: 1/3, 1/6 → 2, 1."""
    common = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * common) for weight in weights]
    least = gcd(*whole) or 1
    return [each // least for each in whole]


def _power(value: Array, many: int) -> Array:
    return reduce(lambda one, other: one * other, [value] * many) if many else 0 * value + 1


def _median(parts: Sequence[Part], numbers: Numbers, zero: Array) -> Array:
    shape = np.broadcast_shapes(*(part.points.shape for part in parts))
    out: Array = np.broadcast_to(zero, shape).copy()
    gone = np.array([part.gone for part in parts])
    for pattern in {tuple(column) for column in gone.T.tolist()}:
        here = np.all(pattern == gone.T, axis=1)
        there = [part for part, left_out in zip(parts, pattern, strict=True) if not left_out]
        if there:
            values = [np.broadcast_to(part.points, shape)[..., here] for part in there]
            out[..., here] = folded(values, "median", numbers)
    return out


def _chosen(how: str, parts: Sequence[Part], numbers: Numbers, zero: Array) -> Array:
    """The best, the worst, or the first one that there is."""
    out: Any = parts[0].points
    none = np.array(parts[0].gone)
    for part in parts[1:]:
        ahead = none
        if how != "first":
            better = part.points > out if how == "best" else part.points < out
            ahead = np.asarray(better, dtype=bool) | none
        out = numbers.where(ahead & ~part.gone, part.points, out)
        none = none & part.gone
    return numbers.where(none, 0, out)
