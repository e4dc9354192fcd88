"""What is different between two books of the same year: units whose result moved, cells whose points did."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.scoring.book import ScoreBook, UnitResult


@dataclass(frozen=True)
class Shift:
    """One unit's result in both. Its headings are not looked at: no cell has to be assembled for it."""

    unit: UnitResult
    before: UnitResult

    @property
    def climbed(self) -> int:
        """Ranks gained; negative where it fell."""
        return self.before.rank - self.unit.rank

    @property
    def gained(self) -> Fraction:
        return self.unit.total - self.before.total

    @property
    def changed(self) -> bool:
        return bool(self.gained or self.climbed or self.unit.grade != self.before.grade)


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


def shifts(before: ScoreBook, after: ScoreBook, group: str) -> list[Shift]:
    """The group's units in the new order, moved or not."""
    return [
        Shift(unit, before.unit(unit.unit_id)) for unit in after.ranking(group) if before.has_unit(unit.unit_id)
    ]  # fmt: skip


def shifted(before: ScoreBook, after: ScoreBook, group: str) -> list[Shift]:
    """Those whose total, rank or grade is another."""
    return [shift for shift in shifts(before, after, group) if shift.changed]


def cell_shifts(before: ScoreBook, after: ScoreBook) -> list[CellShift]:
    """Cells with other points, in the units' order and the regulation's."""
    then, now = before.points, after.points
    order = {key: place for place, key in enumerate(dict.fromkeys((*now, *then)))}
    units = {unit.unit_id: place for place, unit in enumerate(after.units)}
    found = [CellShift(*key, then.get(key), now.get(key)) for key in order if then.get(key) != now.get(key)]
    return sorted(found, key=lambda each: (units.get(each.unit, -1), order[each.unit, each.indicator]))
