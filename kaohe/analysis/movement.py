"""What moved between two years: ranks, totals and the components behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kaohe.analysis.losses import Part, component_points, parts
from kaohe.scoring.book import ScoreBook, UnitResult


@dataclass(frozen=True)
class Step:
    """A heading or vote (or what conversion does) now and then, in points of the total; None where it was not.

    Then and now are two years of a unit, or two units of a year.
    """

    id: str
    name: str
    component: str
    now: Part | None
    then: Part | None

    @property
    def gained(self) -> Fraction:
        zero = Fraction(0)
        return (self.now.points if self.now else zero) - (self.then.points if self.then else zero)


@dataclass(frozen=True)
class Move:
    """One unit in two years. `by_component` adds up to `gained`, so do the `steps`, a heading or vote each."""

    unit: UnitResult
    before: UnitResult
    by_component: Mapping[str, Fraction]
    steps: tuple[Step, ...]

    @property
    def climbed(self) -> int:
        """Ranks gained; negative where it fell."""
        return self.before.rank - self.unit.rank

    @property
    def gained(self) -> Fraction:
        return self.unit.total - self.before.total

    @property
    def mainly(self) -> Step | None:
        """The heading or vote that moved the total most in the direction it moved; None where it did not move."""
        if not self.gained:
            return None
        sign = 1 if self.gained > 0 else -1
        return max(self.steps, key=lambda step: sign * step.gained)


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
    return None if book.before is None else movement_between(book.before, book, group)


def movement_between(before: ScoreBook, after: ScoreBook, group: str) -> Movement:
    """Between any two scored years."""
    units = after.ranking(group)
    known = {unit.unit_id for unit in before.ranking(group)}
    here = {unit.unit_id for unit in units}
    return Movement(
        after.year,
        before.year,
        tuple(move(before, after, unit.unit_id) for unit in units if unit.unit_id in known),
        tuple(unit for unit in units if unit.unit_id not in known),
        tuple(unit for unit in before.ranking(group) if unit.unit_id not in here),
    )


def move(before: ScoreBook, after: ScoreBook, unit_id: str) -> Move:
    """One unit between two scored years. KeyError where it is not in both."""
    unit, was = after.unit(unit_id), before.unit(unit_id)
    now, then = component_points(unit), component_points(was)
    zero = Fraction(0)
    return Move(
        unit,
        was,
        {name: now.get(name, zero) - then.get(name, zero) for name in {**now, **then}},
        steps(parts(before, unit_id), parts(after, unit_id)),
    )


def steps(then: Iterable[Part], now: Iterable[Part]) -> tuple[Step, ...]:
    """Part by part, in the order of `now`; what is only in `then` comes last."""
    was, here = {part.id: part for part in then}, {part.id: part for part in now}
    every = [*here.values(), *(part for key, part in was.items() if key not in here)]
    return tuple(Step(part.id, part.name, part.component, here.get(part.id), was.get(part.id)) for part in every)


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
