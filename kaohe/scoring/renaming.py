"""Units that carried another id the year before: comparisons follow a unit that was renamed.

One that several others were merged into has nobody's rank of last year, so it counts as new; of one that was split,
whoever kept the id is the same unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kaohe.intake.data import YearData
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.cells import Cells


def renames_of(data: YearData) -> dict[str, str]:
    """Id the year before → id now, for units with one predecessor that has no other successor."""
    units = {unit.unit_id for unit in data.units}
    new = [unit for unit, _ in data.predecessors]
    old = [predecessor for _, predecessor in data.predecessors]
    return {
        predecessor: unit
        for unit, predecessor in data.predecessors
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
    )


def followed(books: Sequence[ScoreBook]) -> list[ScoreBook]:
    """Books of several years, earliest first, each unit under the id it has in the latest."""
    found: list[ScoreBook] = []
    names: dict[str, str] = {}
    for book in reversed(books):
        found.append(renamed(book, names))
        names = names | {old: names.get(new, new) for old, new in book.renames.items()}
    return found[::-1]
