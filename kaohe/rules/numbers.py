"""One arithmetic, two kinds of number.

A rule is written once over NumPy arrays. Real years run on exact fractions (object arrays), so no
rounding decides a band, a rank or a tie; large simulations run the same code in float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kaohe.rules.enclosed import Real

Array = NDArray[Any]

EXACT_NUMBERS = (Fraction, Real)


@dataclass(frozen=True)
class Numbers:
    """Makes arrays and constants of one kind of number."""

    exact: bool

    def const(self, value: Fraction | int) -> Any:
        """The number as this kind has it: a Fraction, or the nearest double."""
        if not self.exact:
            return float(value)
        return value if type(value) is Fraction else Fraction(value)

    def array(self, values: Iterable[Any]) -> Array:
        """A vector of this kind from exact values."""
        values = list(values)
        if not self.exact:
            return np.array(
                [value.numerator / value.denominator if type(value) is Fraction else float(value) for value in values],
                dtype=np.float64,
            )
        out = np.empty(len(values), dtype=object)
        out[:] = [value if isinstance(value, EXACT_NUMBERS) else Fraction(value) for value in values]
        return out

    def full(self, shape: tuple[int, ...] | int, value: Fraction | int = 0) -> Array:
        """An array of one constant."""
        return np.full(shape, self.const(value), dtype=object if self.exact else np.float64)

    def where(self, condition: Array, yes: Any, no: Any) -> Array:
        """Elementwise choice; a plain int in either branch becomes a number of this kind."""
        yes = self.const(yes) if isinstance(yes, int | Fraction) else yes
        no = self.const(no) if isinstance(no, int | Fraction) else no
        return np.where(condition, yes, no)


EXACT = Numbers(exact=True)
FLOAT = Numbers(exact=False)


def at(values: Any, place: int) -> Any:
    """One unit's number; of several scenarios the first's."""
    return np.asarray(values)[..., place].reshape(-1)[0]


def total(values: Array) -> Array:
    """Sum over the units (the last axis), kept as an axis of length one."""
    return np.sum(values, axis=-1, keepdims=True)


def mean(values: Array) -> Array:
    """Mean over the units (the last axis), kept as an axis of length one."""
    return total(values) / values.shape[-1]


def in_order(values: Sequence[Array]) -> list[Array]:
    """The figures of each unit from the lowest to the highest."""
    return list(np.sort(np.stack(np.broadcast_arrays(*values)), axis=0))


def middle(values: Sequence[Array]) -> Array:
    """The median of each unit's figures."""
    ordered, half = in_order(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def ranks(values: Array, *, lowest_first: bool = False) -> Array:
    """Competition ranks 1, 2, 2, 4 along the last axis; ties share the better rank."""
    if values.dtype == object:
        return _placed(values, dense=False, lowest_first=lowest_first)
    mine, others = values[..., None, :], values[..., :, None]  # added up along the longer stride: three times as fast
    ahead = others < mine if lowest_first else others > mine
    return 1 + np.sum(ahead, axis=-2)


def dense_ranks(values: Array, *, lowest_first: bool = False) -> Array:
    """Ranks 1, 2, 2, 3 along the last axis: who is tied takes up one place together."""
    if values.dtype == object:
        return _placed(values, dense=True, lowest_first=lowest_first)
    mine, others = values[..., :, None], values[..., None, :]
    ahead = others < mine if lowest_first else others > mine
    repeated = np.any(np.tril(np.equal(mine, others).astype(bool), k=-1), axis=-1)
    return 1 + np.sum(ahead.astype(bool) & ~repeated[..., None, :], axis=-1)


def _placed(values: Array, *, dense: bool, lowest_first: bool) -> Array:
    """Each value's place: exact ones are sorted, not compared two by two.

    Neighbours are held against each other: numbers made differently may be equal and yet no key of the other.
    """
    out = np.zeros(values.shape, dtype=int)
    for at in np.ndindex(values.shape[:-1]):
        row = list(values[at])
        order = sorted(range(len(row)), key=row.__getitem__, reverse=not lowest_first)
        place = 0
        for count, unit in enumerate(order, start=1):
            if count == 1 or row[unit] != row[order[count - 2]]:
                place = place + 1 if dense else count
            out[(*at, unit)] = place
    return out


def orders(values: Array) -> list[Array]:
    """For each two units whether one is at least level with the other, and ahead of it: shape (..., 1)."""
    pairs = combinations(np.split(values, values.shape[-1], axis=-1), 2)
    return [np.asarray(order, dtype=int) for one, other in pairs for order in (one >= other, one > other)]


def safe_ratio(numbers: Numbers, of: Array, to: Array) -> Array:
    """`of / to`, and 0 where `to` is 0: a pool whose reference is 0 gives nothing to anyone."""
    zero = np.equal(to, 0).astype(bool)
    return numbers.where(zero, 0, of / numbers.where(zero, 1, to))


def passed(values: Any, bounds: Iterable[Fraction], numbers: Numbers) -> Array:
    """How many of the bounds each value has reached, and passed: grows with the value, and with nothing else."""
    values = np.asarray(values)
    out = np.zeros(values.shape, dtype=int)
    for bound in map(numbers.const, bounds):
        out = out + np.asarray(values >= bound, dtype=int) + np.asarray(values > bound, dtype=int)
    return out
