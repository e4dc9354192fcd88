"""Whom a unit follows from one year to the next, so that comparisons go on when units are renamed or merged.

A unit renamed carries its new id in the earlier years, too. Of one that several were merged into (or that took others
in), those years know each of them: nobody has its rank of last year, their points are held beside it by their mean.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from kaohe.intake.tables.forebears import forebears_of
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import Cells


def renames_of(book: ScoreBook) -> dict[str, str]:
    """Id the year before → id now, for units with one predecessor that has no other successor."""
    return renames(book.predecessors, {unit.unit_id for unit in book.units})


def renames(predecessors: Sequence[tuple[str, str]], units: Collection[str]) -> dict[str, str]:
    """The same of a year's (unit, an id it follows) and its units."""
    new = [unit for unit, _ in predecessors]
    old = [predecessor for _, predecessor in predecessors]
    return {
        predecessor: unit
        for unit, predecessor in predecessors
        if new.count(unit) == old.count(predecessor) == 1 and predecessor not in units
    }


def renamed(book: ScoreBook, names: Mapping[str, str]) -> ScoreBook:
    """The book with ids changed; a name that another unit of it carries already is left alone."""
    names = {old: new for old, new in names.items() if book.has_unit(old) and not book.has_unit(new)}
    if not names:
        return book
    back = {new: old for old, new in names.items()}
    cells = book.cells
    assert isinstance(cells, Cells)

    def assembled(unit: str) -> tuple:
        return tuple(replace(cell, unit=unit) for cell in cells.of(back.get(unit, unit)).values())

    return replace(
        book,
        units=tuple(replace(unit, unit_id=names.get(unit.unit_id, unit.unit_id)) for unit in book.units),
        cells=Cells(
            [names.get(unit.unit_id, unit.unit_id) for unit in book.units],
            assembled,
            lambda: {(names.get(unit, unit), name): points for (unit, name), points in cells.points.items()},
        ),
        checks=tuple(replace(check, unit=names.get(check.unit, check.unit)) for check in book.checks),
        predecessors=tuple((names.get(unit, unit), old) for unit, old in book.predecessors),
    )


def followed(books: Sequence[ScoreBook]) -> list[ScoreBook]:
    """Books of several years, earliest first, each renamed unit under the id it has in the latest."""
    found: list[ScoreBook] = []
    names: dict[str, str] = {}
    for book in reversed(books):
        found.append(renamed(book, names))
        names = names | {old: names.get(new, new) for old, new in renames_of(book).items()}
    return found[::-1]


def forebears(before: ScoreBook, book: ScoreBook, unit_id: str) -> tuple[UnitResult, ...]:
    """Who the unit was the year before: itself, and those of its group merged into it; empty for a new one."""
    unit = book.unit(unit_id)
    ids = forebears_of(unit_id, book.predecessors)
    found = (before.unit(each) for each in ids if before.has_unit(each))
    return tuple(each for each in found if each.group == unit.group)


def successors(after: ScoreBook, before: ScoreBook, unit_id: str) -> tuple[UnitResult, ...]:
    """Who the unit became the year after: itself, or those of its group that were renamed or merged from it."""
    group = before.unit(unit_id).group
    return tuple(
        unit for unit in after.units
        if unit.group == group and unit_id in {was.unit_id for was in forebears(before, after, unit.unit_id)}
    )  # fmt: skip


def traced(books: Sequence[ScoreBook], unit_id: str) -> tuple[UnitResult, ...]:
    """Who a unit of the first book is in the last, book by book, forwards or backwards; empty where it is not there."""
    found: tuple[UnitResult, ...] = (books[0].unit(unit_id),)
    for here, there in pairwise(books):
        if there.year < here.year:
            each = [was for unit in found for was in forebears(there, here, unit.unit_id)]
        else:
            each = [now for unit in found for now in successors(there, here, unit.unit_id)]
        found = tuple({unit.unit_id: unit for unit in each}.values())
    return found


def was_last(before: ScoreBook, predecessors: Sequence[tuple[str, str]], unit_id: str) -> bool:
    """Whether the unit was last of its group the year before; one that took others in is another unit than then."""
    known = [each for each in forebears_of(unit_id, predecessors) if before.has_unit(each)]
    return known == [unit_id] and before.unit(unit_id).last
