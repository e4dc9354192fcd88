"""Where a unit's points were lost: from the full mark to its total, heading by heading, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.scoring.book import COMPONENT_NAMES, ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell

CONVERSION = "conversion"
"""What conversion gives or takes beyond a unit's own headings (unequal full marks, caps)."""


@dataclass(frozen=True)
class Part:
    """A heading (or a vote, or what conversion takes) in points of the total, not of the raw score."""

    id: str
    name: str
    component: str
    full: Fraction
    points: Fraction

    @property
    def lost(self) -> Fraction:
        """Negative where the regulation gave more than the full mark."""
        return self.full - self.points


@dataclass(frozen=True)
class LostPoints:
    """One indicator's loss in points of the total."""

    cell: ScoreCell
    lost: Fraction


def component_points(unit: UnitResult) -> dict[str, Fraction]:
    """The total by component, in the regulation's order; they add up to the total.

    `conversion` is there only where the target is not the sum of its parts.
    """
    given = {"base": unit.base_points, "key": unit.key_points}
    parts = {name: points for name, points in given.items() if points is not None}
    parts = parts or {"target": unit.target_points}
    rest = unit.target_points - sum(parts.values(), Fraction(0))
    between = {**parts, CONVERSION: rest} if rest else parts
    return {"ballot": unit.ballot_points, **between, "leader": unit.leader_points}


def component_name(component: str) -> str:
    return "折算" if component == CONVERSION else COMPONENT_NAMES[component]


def component_fulls(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """The printed full mark of each component."""
    group = book.groups[unit.group]
    return {"ballot": group.ballot_full, **group.parts, "leader": group.leader_full}


def worth(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """What one raw point of each part is worth in the total: 95/41 where 41 are converted to 95."""
    group = book.groups[unit.group]
    votes = group.ballot_full + group.leader_full
    own = {name: unit.own_full[name] for name in group.parts}
    whole = sum(own.values(), Fraction(0))
    if unit.attainable == votes + whole:
        return dict.fromkeys(own, Fraction(1))
    if CONVERSION in component_points(unit):
        return dict.fromkeys(own, group.target_full / whole if whole else Fraction(0))
    return {name: group.parts[name] / full if full else Fraction(0) for name, full in own.items()}


def parts(book: ScoreBook, unit_id: str) -> list[Part]:
    """The unit's votes and headings in the regulation's order; points add up to the total, fulls to the group's."""
    unit = book.unit(unit_id)
    group, rates = book.groups[unit.group], worth(book, unit)
    votes = {
        "ballot": Part("ballot", COMPONENT_NAMES["ballot"], "ballot", group.ballot_full, unit.ballot_points),
        "leader": Part("leader", COMPONENT_NAMES["leader"], "leader", group.leader_full, unit.leader_points),
    }
    headings = [
        Part(
            section.id,
            section.name,
            section.component,
            rates[section.component] * sum((cell.max_points or Fraction(0) for cell in cells), Fraction(0)),
            rates[section.component] * sum((cell.points or Fraction(0) for cell in cells), Fraction(0)),
        )
        for section, cells in book.sections_of(unit_id)
    ]
    rest = Part(
        CONVERSION,
        "折算与封顶",
        CONVERSION,
        group.target_full - sum((part.full for part in headings), Fraction(0)),
        unit.target_points - sum((part.points for part in headings), Fraction(0)),
    )
    between = [*headings, rest] if rest.full or rest.points else headings
    return [votes["ballot"], *between, votes["leader"]]


def lost_points(book: ScoreBook, unit_id: str) -> list[LostPoints]:
    """The unit's indicators by what they cost it, dearest first; those that cost nothing are left out."""
    unit = book.unit(unit_id)
    rates = worth(book, unit)
    found = [
        LostPoints(cell, rates[book.indicators[cell.indicator].component] * cell.lost)
        for cell in book.cells_of(unit_id)
        if cell.lost
    ]
    return sorted(found, key=lambda each: -each.lost)


@dataclass(frozen=True)
class Column:
    """A column of the attainment grid: a heading, or one task of a department's year."""

    id: str
    name: str
    component: str
    task: bool = False


@dataclass(frozen=True)
class Share:
    """Points of a heading and its full mark for one unit, raw; `points` may exceed `full` or be negative."""

    points: Fraction
    full: Fraction
    cells: tuple[ScoreCell, ...]

    @property
    def share(self) -> Fraction:
        return self.points / self.full


def sections(book: ScoreBook, unit_id: str) -> Mapping[str, Share]:
    """Heading → what the unit reached of what it could get; headings that do not apply are not in it."""
    return {section.id: share for section, cells in book.sections_of(unit_id) if (share := _share(cells)) is not None}


def _share(cells: list[ScoreCell]) -> Share | None:
    full = sum((cell.max_points or Fraction(0) for cell in cells), Fraction(0))
    points = sum((cell.points or Fraction(0) for cell in cells), Fraction(0))
    return Share(points, full, tuple(cells)) if full else None


def attainment(book: ScoreBook, group: str) -> tuple[list[Column], dict[str, dict[str, Share]]]:
    """Unit × heading: the group's columns, and unit → column → share. What does not apply is not in it.

    Where a heading's indicators are each unit's own (a department's tasks), they follow as columns of their own.
    """
    grid = {unit.unit_id: dict(sections(book, unit.unit_id)) for unit in book.ranking(group)}
    used = {column for row in grid.values() for column in row}
    columns = [Column(section.id, section.name, section.component) for section in book.sections if section.id in used]
    tasks: set[str] = set()
    for unit_id, row in grid.items():
        for name, share in list(_own_tasks(book, unit_id)):
            row[name] = share
            tasks.add(name)
    return [*columns, *(Column(name, name, "target", task=True) for name in sorted(tasks))], grid


def joined(grid: dict[str, dict[str, Share]], units: Sequence[UnitResult]) -> dict[str, Share]:
    """What several units together reached of what they could."""
    columns = dict.fromkeys(column for unit in units for column in grid[unit.unit_id])
    found = {}
    for column in columns:
        shares = [grid[unit.unit_id][column] for unit in units if column in grid[unit.unit_id]]
        found[column] = Share(
            sum((share.points for share in shares), Fraction(0)),
            sum((share.full for share in shares), Fraction(0)),
            tuple(cell for share in shares for cell in share.cells),
        )
    return found


def _own_tasks(book: ScoreBook, unit_id: str) -> Iterator[tuple[str, Share]]:
    """Indicators that only this unit has, by the name under the unit (D03.T12 → T12); headings of one are no tasks."""
    for _, cells in book.sections_of(unit_id):
        own = [cell for cell in cells if cell.indicator.startswith(f"{unit_id}.")]
        if len(own) > 1:
            for cell in own:
                share = _share([cell])
                if share is not None:
                    yield cell.indicator.partition(".")[2], share
