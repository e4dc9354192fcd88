"""Areas whose cells are looked at one by one, of a sheet or of constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from kaohe.intake.sheets.formulas.arithmetic import NoResultError, Value
from kaohe.intake.sheets.formulas.formula import NotUnderstoodError

Bounds = tuple[int, int, int, int]
"""First and last row, first and last column."""
Spot = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """An area; its own rows and columns count from 0.

    `places` gives what is filled between bounds; `held` the value of a place.
    """

    bounds: Bounds
    places: Callable[[Bounds], list[Spot]]
    held: Callable[[Spot], Value]

    @property
    def rows(self) -> int:
        return self.bounds[1] - self.bounds[0] + 1

    @property
    def columns(self) -> int:
        return self.bounds[3] - self.bounds[2] + 1

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def size(self) -> int:
        return self.rows * self.columns

    @cached_property
    def filled(self) -> list[Spot]:
        top, _, left, _ = self.bounds
        return [(row - top, column - left) for row, column in dict.fromkeys(self.places(self.bounds))]

    def at(self, row: int, column: int) -> Value:
        return self.held((self.bounds[0] + row, self.bounds[2] + column))

    def along(self, place: int) -> Value:
        """Of a line the value at that place."""
        return self.at(*((0, place) if self.columns > 1 else (place, 0)))

    def values(self) -> Iterator[tuple[Spot, Value | None, bool]]:
        """What stands there, and whether it is an error."""
        for place in self.filled:
            try:
                yield place, self.at(*place), False
            except NoResultError:
                yield place, None, True

    def line(self, number: int, across: bool) -> Block:
        """One of its rows or columns."""
        top, bottom, left, right = self.bounds
        in_row, in_column = (top + number, top + number, left, right), (top, bottom, left + number, left + number)
        return Block(in_row if across else in_column, self.places, self.held)

    def as_line(self) -> Block:
        if 1 not in self.shape:
            raise NotUnderstoodError
        return self


def of_constants(rows: list[list[Value]]) -> Block:
    def places(bounds: Bounds) -> list[Spot]:
        top, bottom, left, right = bounds
        return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    return Block((0, len(rows) - 1, 0, len(rows[0]) - 1), places, lambda spot: rows[spot[0]][spot[1]])
