"""What moved between two years: ranks, totals and the components behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from kaohe.analysis.breakdown import Part, by_component, parts
from kaohe.analysis.exact import mean
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import forebears, was_last
from kaohe.scoring.slicing import of_the_year


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
    """One unit in two years. `by_component` adds up to `gained`, so do the `steps`, a heading or vote each.

    `before` is the unit itself or, where it was merged, each it was made of: held beside it by their mean.
    """

    unit: UnitResult
    before: tuple[UnitResult, ...]
    by_component: Mapping[str, Fraction]
    steps: tuple[Step, ...]

    @property
    def merged(self) -> bool:
        return len(self.before) > 1

    @property
    def total_before(self) -> Fraction:
        return mean(unit.total for unit in self.before)

    @property
    def climbed(self) -> int | None:
        """Ranks gained, negative where it fell; None where it was merged: nobody had its rank."""
        return None if self.merged else self.before[0].rank - self.unit.rank

    @property
    def gained(self) -> Fraction:
        return self.unit.total - self.total_before

    @property
    def mainly(self) -> Step | None:
        """The heading or vote that moved the total most in the direction it moved; None where it did not move."""
        if not self.gained:
            return None
        sign = 1 if self.gained > 0 else -1
        return max(self.steps, key=lambda step: sign * step.gained)


@dataclass(frozen=True)
class Pool:
    """How many units were ranked then and now, and why not the same: a rank among 9 is another among 21."""

    then: int
    now: int
    new: int
    gone: int
    merged: int

    @property
    def changed(self) -> bool:
        return bool(self.new or self.gone or self.merged or self.then != self.now)


def pool_of(then: Sequence[UnitResult], origins: Mapping[str, Sequence[UnitResult]]) -> Pool:
    """Of the units ranked then, and unit now → who it was then."""
    lived_on = {was.unit_id for found in origins.values() for was in found}
    return Pool(
        then=len(then),
        now=len(origins),
        new=sum(not found for found in origins.values()),
        gone=sum(unit.unit_id not in lived_on for unit in then),
        merged=sum(len(found) > 1 for found in origins.values()),
    )


def pool_between(before: ScoreBook, after: ScoreBook, group: str) -> Pool:
    """A group's units between two scored years."""
    units = after.rated(group)
    return pool_of(before.rated(group), {unit.unit_id: _forebears(before, after, unit.unit_id) for unit in units})


@of_the_year
def pool_since(book: ScoreBook, group: str) -> Pool | None:
    """A group's units since the book's previous year; None where it knows none."""
    return None if book.before is None else pool_between(book.before, book, group)


@dataclass(frozen=True)
class Movement:
    """A group between two years: units in both (or merged from such) in this year's order, new ones, those no more.

    Units without a score this year are in none of them but `unrated`; those that had none then count as new.
    """

    year: str
    before: str
    moves: tuple[Move, ...]
    new: tuple[UnitResult, ...]
    gone: tuple[UnitResult, ...]
    pool: Pool
    unrated: tuple[UnitResult, ...] = ()

    @property
    def climbers(self) -> list[Move]:
        """Most ranks gained first."""
        return self._ranked(1)

    @property
    def fallers(self) -> list[Move]:
        return self._ranked(-1)

    def _ranked(self, sign: int) -> list[Move]:
        found = [(sign * move.climbed, move) for move in self.moves if move.climbed is not None]
        return [move for ranks, move in sorted(found, key=lambda each: -each[0]) if ranks > 0]

    @property
    def mergers(self) -> list[Move]:
        return [move for move in self.moves if move.merged]


def movement(book: ScoreBook, group: str) -> Movement | None:
    """Since the book's previous year; None where it knows none."""
    return None if book.before is None else movement_between(book.before, book, group)


def movement_between(before: ScoreBook, after: ScoreBook, group: str) -> Movement:
    """Between any two scored years."""
    units, then = after.rated(group), before.rated(group)
    known = {unit.unit_id: _forebears(before, after, unit.unit_id) for unit in units}
    lived_on = {was.unit_id for found in known.values() for was in found}
    return Movement(
        after.year,
        before.year,
        tuple(_move(before, after, unit, known[unit.unit_id]) for unit in units if known[unit.unit_id]),
        tuple(unit for unit in units if not known[unit.unit_id]),
        tuple(unit for unit in then if unit.unit_id not in lived_on),
        pool_of(then, known),
        tuple(unit for unit in after.ranking(group) if not unit.rated),
    )


def _forebears(before: ScoreBook, after: ScoreBook, unit_id: str) -> tuple[UnitResult, ...]:
    """Who a unit was; nobody where one of them had no score: there is no total to hold beside it."""
    found = forebears(before, after, unit_id)
    return found if all(was.rated for was in found) else ()


def move(before: ScoreBook, after: ScoreBook, unit_id: str) -> Move | None:
    """One unit between two scored years; None for a new one or one without a score. KeyError for an unknown one."""
    unit, found = after.unit(unit_id), _forebears(before, after, unit_id)
    return _move(before, after, unit, found) if found and unit.rated else None


def _move(before: ScoreBook, after: ScoreBook, unit: UnitResult, was: tuple[UnitResult, ...]) -> Move:
    now, then = by_component(after, unit), [by_component(before, each) for each in was]
    zero = Fraction(0)
    names = dict.fromkeys([*now, *(name for each in then for name in each)])
    return Move(
        unit,
        was,
        {name: now.get(name, zero) - mean(each.get(name, zero) for each in then) for name in names},
        steps(mean_parts([parts(before, each.unit_id) for each in was]), parts(after, unit.unit_id)),
    )


def mean_parts(several: Sequence[Sequence[Part]]) -> list[Part]:
    """Part by part; one that a unit does not have is 0 of 0 there, so that the parts still add up to the mean total."""
    found: dict[str, list[Part]] = {}
    for each in several:
        for part in each:
            found.setdefault(part.id, []).append(part)
    count = len(several)
    return [
        replace(
            same[0],
            full=sum((part.full for part in same), Fraction(0)) / count,
            points=sum((part.points for part in same), Fraction(0)) / count,
        )
        for same in found.values()
    ]


def steps(then: Iterable[Part], now: Iterable[Part]) -> tuple[Step, ...]:
    """Part by part, in the order of `now`; what is only in `then` comes last."""
    was, here = {part.id: part for part in then}, {part.id: part for part in now}
    every = [*here.values(), *(part for key, part in was.items() if key not in here)]
    return tuple(Step(part.id, part.name, part.component, here.get(part.id), was.get(part.id)) for part in every)


def origins(books: Sequence[ScoreBook], group: str) -> list[dict[str, list[UnitResult]]]:
    """Year by year: unit of the last year → who it was then, several where it was merged from them."""
    found = [{unit.unit_id: [unit] for unit in books[-1].ranking(group)}]
    for before, after in reversed(list(pairwise(books))):
        found.append(
            {
                key: list(
                    {was.unit_id: was for unit in units for was in forebears(before, after, unit.unit_id)}.values()
                )
                for key, units in found[-1].items()
            }
        )
    return found[::-1]


def last_two_years(books: list[ScoreBook]) -> dict[str, list[str]]:
    """Unit → the years (each the second of two running) in which it was last of its group.

    Read from the books, so it holds also where a book was scored without its predecessor; never concluded from an
    invented year about a real one, or the other way round.
    """
    from kaohe.scheme import previous_year  # a page of one unit reads no scheme

    out: dict[str, list[str]] = {}
    by_year = {book.year: book for book in books}
    for book in books:
        other = by_year.get(previous_year(book.year))
        other = other if other is not None and other.synthetic == book.synthetic else None
        for unit in book.units:
            told = any(unit.consequences.get(name) is not None for name in book.back)
            before = book.before if told else other
            if before is not None and unit.last and was_last(before, book.predecessors, unit.unit_id):
                out.setdefault(unit.unit_id, []).append(book.year)
    return out
