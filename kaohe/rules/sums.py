"""Many figures added up: exact ones over a common denominator, one fraction a unit instead of one an addition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import add
from typing import Any

import numpy as np

from kaohe.rules.numbers import Array, Numbers


def exact_sum(values: Sequence[Any]) -> Any:
    """The sum of exact numbers."""
    if len(values) == 1:
        return values[0]
    try:
        parts = [value.as_integer_ratio() for value in values]
    except AttributeError:  # a `Real` is no ratio
        return sum(values, Fraction(0))
    common = lcm(*[bottom for _, bottom in parts])
    return Fraction(sum([top * (common // bottom) for top, bottom in parts]), common)


def exact_mean(values: Sequence[Fraction]) -> Fraction:
    """The mean of some fractions."""
    return Fraction(*_mean_as_ratio(values))


def mean_of(values: Sequence[Fraction], numbers: Numbers) -> Any:
    """The mean of some fractions as a number of that kind: the nearest double to it without making the fraction."""
    if numbers.exact:
        return exact_mean(values)
    top, bottom = _mean_as_ratio(values)
    return top / bottom


def _mean_as_ratio(values: Sequence[Fraction]) -> tuple[int, int]:
    parts = [value.as_integer_ratio() for value in values]
    bottoms = {bottom for _, bottom in parts}
    if len(bottoms) == 1:
        return sum([top for top, _ in parts]), bottoms.pop() * len(parts)
    common = lcm(*bottoms)
    return sum([top * (common // bottom) for top, bottom in parts]), common * len(parts)


def added_up(values: Sequence[Array], numbers: Numbers) -> Array:
    """Arrays added up, one at least; with scenario axes they spread over each other."""
    if len(values) < 2 or not numbers.exact or any(each.shape != values[0].shape for each in values):
        return reduce(add, values)
    out = np.empty(values[0].size, dtype=object)
    out[:] = [exact_sum(column) for column in zip(*(each.ravel().tolist() for each in values), strict=True)]
    return out.reshape(values[0].shape)


Places = slice | Array
"""Some places of an axis, to index with: a slice copies nothing."""


def side_by_side(places: Array) -> Places:
    """Places as a slice where they are one after the other, without a gap."""
    found = places.tolist()
    if found and found[-1] - found[0] == len(found) - 1 and found == list(range(found[0], found[-1] + 1)):
        return slice(found[0], found[-1] + 1)
    return places


def scattered(parts: Iterable[tuple[Places, Array]], size: int, numbers: Numbers) -> Array:
    """Points (..., members) of several pools added up at the places of their members, of so many places."""
    if not numbers.exact:
        alike: dict[Any, tuple[Places, list[Array]]] = {}  # pools of the same units are added up before they are placed
        for at, points in parts:
            key = (at.start, at.stop) if isinstance(at, slice) else at.tobytes()
            alike.setdefault(key, (at, []))[1].append(points)
        return reduce(
            lambda sums, each: placed(sums, each[0], reduce(add, each[1])), alike.values(), numbers.full(size)
        )
    columns: list[list[Any]] = [[] for _ in range(size)]
    spread = []
    for at, points in parts:
        if points.ndim > 1:
            spread.append((at, points))
            continue
        members = range(size)[at] if isinstance(at, slice) else at.tolist()
        each = points.tolist()
        for place, point in zip(members, each if len(each) == len(members) else each * len(members), strict=True):
            columns[place].append(point)
    sums = numbers.array(exact_sum(column) for column in columns)
    return reduce(lambda sums, part: placed(sums, *part), spread, sums)


def placed(sums: Array, at: Places, points: Array) -> Array:
    """`sums` with points added at some places; grows the scenario axes where needed."""
    if points.ndim > 1 and points.shape[:-1] != sums.shape[:-1]:
        lead = np.broadcast_shapes(sums.shape[:-1], points.shape[:-1])
        sums = np.broadcast_to(sums, (*lead, sums.shape[-1])).copy()
    sums[..., at] += points
    return sums
