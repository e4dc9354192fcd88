"""Tables over many readings as decision diagrams: a level for each reading in turn, equal rests of the table once.

Following one takes a step a level. How many nodes there are turns on which reading is asked when: `sifted` tries each
at every level (Rudell's sifting), by exchanges of neighbours that leave all other levels as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kaohe.rules.numbers import Array


@dataclass(frozen=True)
class Diagram:
    """`levels[n]` (nodes, choices): where each choice leads, a node of the next level or, at the last, a result;
    `axes[n]`: whose choice is asked there."""

    levels: tuple[Array, ...]
    axes: tuple[int, ...]

    def follow(self, choices: Sequence[int]) -> int:
        at = 0
        for level, axis in zip(self.levels, self.axes, strict=True):
            at = int(level[at, choices[axis]])
        return at

    @property
    def size(self) -> int:
        return sum(level.size for level in self.levels)


def diagram(table: Array) -> Diagram:
    """A table of whole numbers as a diagram of its axes in turn."""
    levels: list[Array] = []
    rest = table
    while rest.ndim > 1:
        rows, index = _distinct(rest.reshape(-1, rest.shape[-1]))
        levels.insert(0, rows)
        rest = index.reshape(rest.shape[:-1])
    return Diagram((rest.reshape(1, -1), *levels), tuple(range(table.ndim)))


def _distinct(rows: Array) -> tuple[Array, Array]:
    """The distinct rows, and which of them each row is; column by column, which sorts numbers instead of rows."""
    which = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        _, which = np.unique(which * (int(column.max()) + 1) + column, return_inverse=True)
    _, first, which = np.unique(which, return_index=True, return_inverse=True)
    return rows[first], which


def merged(found: Diagram, results: Array) -> Diagram:
    """The diagram with other results, `results[old]`, of which some may be alike now."""
    levels: list[Array] = []
    for level in reversed(found.levels[1:]):
        rows, results = _distinct(results[level])
        levels.insert(0, rows)
    return Diagram((results[found.levels[0]], *levels), found.axes)


def sifted(found: Diagram) -> Diagram:
    """The same table by the order of its axes that has fewest entries where each is moved in turn, the widest first."""
    wide = {axis: level.shape[1] for axis, level in zip(found.axes, found.levels, strict=True)}
    for axis in sorted(wide, key=lambda axis: -wide[axis]):
        found = min([found, *_moved(found, axis, 1), *_moved(found, axis, -1)], key=lambda each: each.size)
    return found


def _moved(found: Diagram, axis: int, step: int) -> Iterator[Diagram]:
    """With the axis a level further at a time, to the last or to the first."""
    while 0 <= (to := found.axes.index(axis) + step) < len(found.axes):
        found = _exchanged(found, min(to, to - step))
        yield found


def _exchanged(found: Diagram, at: int) -> Diagram:
    """With a level and the one below it in each other's place."""
    upper, lower = found.levels[at : at + 2]
    wide, deep = upper.shape[1], lower.shape[1]
    both = lower[upper].transpose(0, 2, 1)  # (nodes, choices of the lower, choices of the upper)
    rows, which = _distinct(both.reshape(-1, wide))
    levels, axes = list(found.levels), list(found.axes)
    levels[at : at + 2] = [which.reshape(len(upper), deep), rows]
    axes[at : at + 2] = axes[at + 1], axes[at]
    return Diagram(tuple(levels), tuple(axes))


def in_order_met(found: Diagram) -> tuple[Diagram, Array]:
    """The same with nodes, and at last results, numbered as they are first met; and which result was each of them."""
    levels, nodes = [], np.zeros(1, dtype=np.int64)
    for level in found.levels:
        entries = level[nodes]
        met, first, which = np.unique(entries, return_index=True, return_inverse=True)
        nodes = met[np.argsort(first)]
        number = np.empty(len(met), dtype=np.int64)
        number[np.argsort(first)] = np.arange(len(met))
        levels.append(number[which].reshape(entries.shape))
    return Diagram(tuple(levels), found.axes), nodes
