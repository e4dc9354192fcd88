"""What is different between two books of the same year: units whose result moved, cells whose points did."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.analysis.movement import Move, movement_between
from kaohe.scoring.book import ScoreBook


@dataclass(frozen=True)
class CellShift:
    """One cell with other points than before; None where it has none."""

    unit: str
    indicator: str
    before: Fraction | None
    after: Fraction | None

    @property
    def gained(self) -> Fraction:
        return (self.after or Fraction(0)) - (self.before or Fraction(0))


def moves_of(before: ScoreBook, after: ScoreBook, group: str) -> list[Move]:
    """The group's units in the new order, moved or not."""
    return list(movement_between(before, after, group).moves)


def moved(before: ScoreBook, after: ScoreBook, group: str) -> list[Move]:
    """Those whose total, rank or grade is another."""
    return [
        move
        for move in moves_of(before, after, group)
        if move.gained or move.climbed or move.unit.grade != move.before.grade
    ]


def cell_shifts(before: ScoreBook, after: ScoreBook) -> list[CellShift]:
    """Cells with other points, in the units' order and the regulation's."""
    then, now = before.points, after.points
    order = {key: place for place, key in enumerate(dict.fromkeys((*now, *then)))}
    units = {unit.unit_id: place for place, unit in enumerate(after.units)}
    found = [CellShift(*key, then.get(key), now.get(key)) for key in order if then.get(key) != now.get(key)]
    return sorted(found, key=lambda each: (units.get(each.unit, -1), order[each.unit, each.indicator]))
