"""Many scenarios of one year in float64, in chunks so that memory stays small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kaohe.rules import FLOAT
from kaohe.rules.numbers import Array
from kaohe.scoring.bind import BoundYear
from kaohe.scoring.engine import Draws, run
from kaohe.scoring.results import results


class Scenarios(Protocol):
    """`Draws`, or what makes them part by part."""

    @property
    def size(self) -> int: ...

    def part(self, first: int, last: int) -> Draws: ...


@dataclass(frozen=True)
class Simulated:
    """Totals, ranks in the group and grades: arrays (scenarios, units of the year).

    `by_points` are the grades before the decisions on them.
    """

    total: Array
    rank: Array
    grade: Array
    by_points: Array


def simulate(bound: BoundYear, draws: Scenarios, *, chunk: int = 500) -> Simulated:
    """Score every scenario of `draws`; the same rules as for the real year, in float64."""
    parts = []
    for first in range(0, draws.size, chunk):
        some = draws.part(first, first + chunk)
        found = results(run(bound, FLOAT, draws=some))
        shape = (some.size, len(bound.units))
        parts.append(
            [np.broadcast_to(values, shape) for values in (found.total, found.rank, found.grade, found.by_points)]
        )
    total, rank, grade, by_points = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Simulated(total, rank, grade, by_points)
