"""How far an input may be turned: which turns are tried, and where between them it is looked further."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kaohe.scoring.levers import AmountLever, Lever, MetricLever, ProjectsLever

TINY = 1e-9
"""What float64 may be off; decided exactly afterwards."""
PIECES = 12
"""Turns looked at on each side of the best one in a round."""


def samples(lever: Lever) -> set[int]:
    """Turns to begin with: near ones close together, and figures 5 % apart as far as 20 times what there is."""
    if isinstance(lever, AmountLever | ProjectsLever):
        return {turn for turn in (0, 1, 2, 3, 5, 8, 16, 32, 64) if turn < lever.most} | {lever.most}
    found, turn = {0, lever.most}, 1.0
    while turn < lever.most:
        found.add(int(turn))
        turn *= 1.5
    grain = lever.grain if isinstance(lever, MetricLever) else Fraction(1)
    start = float(abs(lever.start) / grain)
    ways = (start * (1.05**step - 1) for step in range(1, 62)) if lever.value(1) > lever.start else (
        start * (1 - 0.95**step) for step in range(1, 60))  # fmt: skip
    found.update(int(turn) for turn in ways if 1 <= turn < lever.most)
    return found


def nearer(known: dict[int, tuple[float, float]], what: int) -> Iterator[int]:
    """Turns on both sides of the first of the best, as long as there are any between it and its neighbours."""
    turns = sorted(known)
    top = max(value[what] for value in known.values())
    at = next(place for place, turn in enumerate(turns) if known[turn][what] >= top - TINY)
    if at:
        yield from turns_between(turns[at - 1], turns[at], PIECES)
    if at + 1 < len(turns) and known[turns[at + 1]][what] < top - TINY:
        yield from turns_between(turns[at], turns[at + 1], PIECES)


def top_of(known: dict[int, tuple[float, float]], what: int) -> int:
    """The first turn that gives the most; 0 where that is no more than today."""
    top = max(value[what] for value in known.values())
    return min(turn for turn, value in known.items() if value[what] >= top - TINY)


def turns_between(low: int, high: int, count: int) -> Iterator[int]:
    pieces = min(count + 1, high - low)
    for piece in range(1, pieces):
        yield low + (high - low) * piece // pieces
