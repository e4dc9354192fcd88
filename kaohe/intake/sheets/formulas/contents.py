"""What stands in the cells of a workbook as its formulas see it, and what was found of those formulas so far."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.intake.sheets.cells import Cell
from kaohe.intake.sheets.formulas.arithmetic import Value, digits, value_of
from kaohe.intake.sheets.formulas.formula import Formula, NotUnderstoodError, Reference
from kaohe.intake.sheets.formulas.names import Names

MOST_VISITS = 3_000_000
"""Cells looked at in all of a workbook; its formulas reach over some thousands each."""
Place = tuple[str, int, int]
"""Sheet (in small letters), row and column from 1."""


class NotYetError(ValueError):
    """A formula that has to be done first; of those that stand in a circle none can."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True)
class Written:
    """A formula of a cell, and how far from there it was written: those of a column share one.

    `row` and `column` are the cell's, 0 where it stands in none; `piece`: which one of the results of a formula that
    calculates with whole areas is shown there, by row and column from 0.
    """

    formula: Formula
    text: str
    down: int = 0
    right: int = 0
    row: int = 0
    column: int = 0
    piece: tuple[int, int] | None = None


@dataclass(frozen=True)
class Outcome:
    """What a formula gives. `is_known`: it was done again, from `is_sure` cells if no other formula had to be believed.

    `fails`: Excel would show an error; `slack`: how far a program that calculates in doubles may be off; `overlooks`:
    numbers that are kept as texts did not count.
    """

    is_known: bool = False
    value: Value = None
    slack: Fraction = Fraction(0)
    fails: bool = False
    is_sure: bool = False
    is_volatile: bool = False
    overlooks: bool = False

    def agrees(self, saved: Value) -> bool:
        """Whether the saved result is this one, at the digits that Excel keeps."""
        if self.fails:
            return False
        mine = Fraction(0) if self.value is None else self.value
        if isinstance(mine, Fraction) and isinstance(saved, Fraction):
            return abs(mine - saved) <= self.slack or digits(mine) == digits(saved)
        return type(mine) is type(saved) and mine == saved


@dataclass
class Cells:
    """One sheet as its formulas see it; columns of `values` count from 0."""

    values: Mapping[int, Mapping[int, Cell]]
    formulas: Mapping[tuple[int, int], Written]
    hidden_rows: Collection[int] = ()


class Contents:
    """The sheets of a workbook; `done` holds what its formulas gave, `visits` how many cells were looked at."""

    def __init__(self, sheets: Mapping[str, Cells], names: Names | None = None, dates: bool = True) -> None:
        self.sheets = {name.casefold(): cells for name, cells in sheets.items()}
        self.names = names or Names()
        self.dates = dates
        self.done: dict[Place, Outcome] = {}
        self.visits = 0
        self._columns: dict[str, dict[int, list[int]]] = {}
        rows = [row for cells in sheets.values() for row in [*cells.values, *(row for row, _ in cells.formulas)]]
        self.deepest = max(rows, default=1)

    def is_exhausted(self) -> bool:
        """Whether the formulas reach over more cells than are looked at; the rest of them are not known."""
        return self.visits > MOST_VISITS

    def written(self, place: Place) -> Written | None:
        cells = self.sheets.get(place[0])
        return cells.formulas.get(place[1:]) if cells else None

    def value(self, place: Place) -> Value:
        """What a cell holds, without regard to formulas; NotUnderstoodError where it is no number, text or truth."""
        cells = self.sheets.get(place[0])
        if cells is None:
            raise NotUnderstoodError
        found = cells.values.get(place[1], {}).get(place[2] - 1)
        if found is None and place[1:] in cells.formulas:
            return ""
        return self.value_of(found)

    def value_of(self, cell: Cell) -> Value:
        """A cell as arithmetic takes it; days count from 1900, so that those of another calendar are not known."""
        return value_of(cell, self.dates)

    def places(self, reference: Reference, written: Written, sheet: str) -> Iterator[Place]:
        """The cells of an area that hold something, and none of a sheet that was not read."""
        for each in self.names.through(reference):
            yield from self._places(each, written, sheet)

    def _places(self, reference: Reference, written: Written, sheet: str) -> Iterator[Place]:
        name = reference.sheet.casefold() or sheet
        top, bottom, left, right = reference.area(written.down, written.right)
        cells = self.sheets.get(name)
        if cells is None:
            return
        if (top, left) == (bottom, right):
            yield name, top, left
            return
        filled = self.filled(name)
        rows = range(top, bottom + 1) if bottom - top < len(filled) else filled
        for row in rows:
            if self.is_exhausted():
                return
            self.visits += 1
            if top <= row <= bottom and row in filled:
                self.visits += len(filled[row])
                yield from ((name, row, column) for column in filled[row] if left <= column <= right)

    def filled(self, sheet: str) -> dict[int, list[int]]:
        """The columns of each row's cells, those whose formula gives nothing to see included."""
        if sheet not in self._columns:
            cells = self.sheets[sheet]
            found = {row: [at + 1 for at in line] for row, line in cells.values.items()}
            for row, column in cells.formulas:
                if column - 1 not in cells.values.get(row, {}):
                    found.setdefault(row, []).append(column)
            self._columns[sheet] = found
        return self._columns[sheet]
