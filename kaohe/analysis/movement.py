"""What moved between two years: ranks, totals and the components behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.analysis.losses import component_points
from kaohe.scoring.book import ScoreBook, UnitResult


@dataclass(frozen=True)
class Move:
    """One unit in two years. `by_component` adds up to `gained`."""

    unit: UnitResult
    before: UnitResult
    by_component: Mapping[str, Fraction]

    @property
    def climbed(self) -> int:
        """Ranks gained; negative where it fell."""
        return self.before.rank - self.unit.rank

    @property
    def gained(self) -> Fraction:
        return self.unit.total - self.before.total

    @property
    def mainly(self) -> str | None:
        """The component that moved the total most in the direction it moved; None where it did not move."""
        if not self.gained:
            return None
        sign = 1 if self.gained > 0 else -1
        return max(self.by_component, key=lambda name: sign * self.by_component[name])


@dataclass(frozen=True)
class Movement:
    """A group between two years: units in both in this year's order, new ones, and those that are no more."""

    year: str
    before: str
    moves: tuple[Move, ...]
    new: tuple[UnitResult, ...]
    gone: tuple[UnitResult, ...]

    @property
    def climbers(self) -> list[Move]:
        """Most ranks gained first."""
        return sorted((move for move in self.moves if move.climbed > 0), key=lambda move: -move.climbed)

    @property
    def fallers(self) -> list[Move]:
        return sorted((move for move in self.moves if move.climbed < 0), key=lambda move: move.climbed)


def movement(book: ScoreBook, group: str) -> Movement | None:
    """Since the book's previous year; None where it knows none."""
    if book.previous_year is None:
        return None
    return _movement(book.year, book.previous_year, book.ranking(group), book.previous.values(), group)


def movement_between(before: ScoreBook, after: ScoreBook, group: str) -> Movement:
    """Between any two scored years."""
    return _movement(after.year, before.year, after.ranking(group), before.units, group)


def _movement(
    year: str, year_before: str, units: list[UnitResult], all_before: Iterable[UnitResult], group: str
) -> Movement:
    before = {unit.unit_id: unit for unit in all_before if unit.group == group}
    here = {unit.unit_id for unit in units}
    return Movement(
        year,
        year_before,
        tuple(move(unit, before[unit.unit_id]) for unit in units if unit.unit_id in before),
        tuple(unit for unit in units if unit.unit_id not in before),
        tuple(sorted((unit for key, unit in before.items() if key not in here), key=lambda unit: unit.rank)),
    )


def move(unit: UnitResult, before: UnitResult) -> Move:
    now, then = component_points(unit), component_points(before)
    names = [*now, *(name for name in then if name not in now)]
    zero = Fraction(0)
    return Move(unit, before, {name: now.get(name, zero) - then.get(name, zero) for name in names})


def last_two_years(books: list[ScoreBook]) -> dict[str, list[str]]:
    """Unit → the years (each the second of two running) in which it was last of its group.

    Read from the books, so it holds also where a book was scored without its predecessor.
    """
    out: dict[str, list[str]] = {}
    by_year = {book.year: book for book in books}
    for book in books:
        first = int(book.year[:4])
        before = by_year.get(f"{first - 1}-{first}")
        for unit in book.units:
            flag = unit.last_two_years
            if flag is None and before is not None and before.has_unit(unit.unit_id):
                flag = unit.last and before.unit(unit.unit_id).last
            if flag:
                out.setdefault(unit.unit_id, []).append(book.year)
    return out
