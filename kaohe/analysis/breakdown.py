"""Where a unit's points were lost: from the full mark to its total, heading by heading, exactly.

Losses add up only where a total is a sum: what stands under a mean, a product, or a best of several is told whole, and
no loss of an indicator below it is turned into points of the total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kaohe.rules.wording import number
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.components import (
    component_of,
    components,
    first_parts,
    full_of,
    fulls_in_total,
    has,
    in_total,
    is_sum,
    item_name,
    points_of,
    subtotal,
)

CONVERSION = "conversion"
"""What conversion gives or takes beyond a unit's own headings (unequal full marks, caps)."""
ZERO, ONE = Fraction(0), Fraction(1)


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


def by_component(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """The total by component, in the regulation's order; they add up to the total. Empty without a score.

    `conversion` is there only where the total is not the sum of its components.
    """
    found = in_total(book, unit)
    if not found:
        return {}
    rest = unit.total - sum(found.values(), ZERO)
    if not rest:
        return found
    place = _after_split(book, unit, list(found))
    given = list(found.items())
    return dict([*given[:place], (CONVERSION, rest), *given[place:]])


def _after_split(book: ScoreBook, unit: UnitResult, names: list[str]) -> int:
    """Where conversion stands: behind the components that together are converted, else at the end."""
    score = book.groups[unit.group].score
    split = [place for place, name in enumerate(names) if name != score and book.tree[name].parent != score]
    return split[-1] + 1 if split else len(names)


def total_columns(book: ScoreBook, group: str) -> list[str]:
    """What a table shows before the group's totals: components that some unit has, and conversion where it stands in
    any unit's total; nothing where that is the total itself."""
    totals = [by_component(book, unit) for unit in book.ranking(group)]
    out = [name for name in components(book, group) if any(name in each for each in totals)]
    converted = next((list(each) for each in totals if CONVERSION in each), None)
    if converted is not None:
        place = converted.index(CONVERSION)
        out.insert(out.index(converted[place - 1]) + 1 if place else 0, CONVERSION)
    return [] if out == [book.groups[group].score] else out


def name_of(book: ScoreBook, component: str) -> str:
    return "折算" if component == CONVERSION else item_name(book, component)


def component_fulls(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """The printed full mark of each component that has one."""
    return fulls_in_total(book, unit)


def adds_up(book: ScoreBook, group: str) -> bool:
    """Whether what units lose of the parts adds up to what they lose of the total."""
    return is_sum(book, group)


def full_total(book: ScoreBook, unit: UnitResult) -> str:
    """Said in place of losses that add up to nothing: how much the total would be."""
    full = book.groups[unit.group].full
    return f"满分时总分为 {number(full)}" if full else ""


def worth(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """Indicator → what one of its points is worth in the total: 95/41 where 41 are converted to 95.

    Only of those from which the total is reached by sums alone.
    """
    return {item: rate for item, rate in rates_in_total(book, unit) if book.tree[item].leaf}


def rates_in_total(book: ScoreBook, unit: UnitResult) -> Iterator[tuple[str, Fraction]]:
    """The same of every scored leaf and of every vote."""
    score = book.groups[unit.group].score

    def below(item: str, rate: Fraction) -> Iterator[tuple[str, Fraction]]:
        node, result = book.tree[item], unit.nodes.get(item)
        if node.leaf or node.vote:
            yield item, rate
        elif node.combine == "sum" and result is not None:
            for child in book.below.get(item, ()):
                if child.counts and child.weight is not None and unit.category in child.categories:
                    yield from below(child.id, rate * result.rate * child.weight)

    if score in book.tree:
        yield from below(score, ONE)


def parts(book: ScoreBook, unit_id: str) -> list[Part]:
    """The unit's votes and headings in the regulation's order; points add up to the total, fulls to the group's.

    Empty where the unit has no score; the total alone where it is no sum.
    """
    unit = book.unit(unit_id)
    group = book.groups[unit.group]
    if not unit.rated:
        return []
    if not is_sum(book, unit.group):
        return [Part(group.score, item_name(book, group.score), group.score, group.full, unit.total)]
    rates, out, place = worth(book, unit), [], 0
    below = _headings(book, unit, rates)
    for first in first_parts(book, unit.group):
        if not has(book, unit, first):
            continue
        headings = below.get(first, [])
        if headings:
            out += headings
            place = len(out)
        else:
            full, points = full_of(book, unit, first) or ZERO, points_of(book, unit, first) or ZERO
            out.append(Part(first, item_name(book, first), first, full * _rate(book, unit, first),
                            points * _rate(book, unit, first)))  # fmt: skip
    full, points = (sum((getattr(part, what) for part in out), ZERO) for what in ("full", "points"))
    rest = Part(CONVERSION, "折算与封顶", CONVERSION, group.full - full, unit.total - points)
    if rest.full or rest.points:
        out.insert(place or len(out), rest)
    return out


def _rate(book: ScoreBook, unit: UnitResult, item: str) -> Fraction:
    """What a point of an item directly under the score is worth in the total."""
    node, score = book.tree[item], unit.nodes.get(book.tree[item].parent or "")
    return (node.weight or ONE) * (score.rate if score is not None else ONE)


def _headings(book: ScoreBook, unit: UnitResult, rates: Mapping[str, Fraction]) -> dict[str, list[Part]]:
    """Item directly under the score → its headings, where all of what it is made of is added up."""
    out: dict[str, list[Part]] = {}
    whole: set[str] = set()
    for section, cells in book.sections_of(unit.unit_id):
        first = _first(book, unit, cells[0].indicator)
        if first is None or first == cells[0].indicator:
            continue
        if any(cell.indicator not in rates for cell in cells):
            whole.add(first)
            continue
        full = sum((rates[cell.indicator] * (cell.max_points or ZERO) for cell in cells), ZERO)
        points = sum((rates[cell.indicator] * (cell.points or ZERO) for cell in cells), ZERO)
        component = component_of(book, section.id, unit.group)
        mixed = any(not child.leaf for child in book.below.get(section.id, ()))  # headings stand under it, too
        name = f"{section.name}（直接列的项）" if mixed else section.name
        out.setdefault(first, []).append(Part(section.id, name, component, full, points))
    return {name: found for name, found in out.items() if name not in whole}


def _first(book: ScoreBook, unit: UnitResult, item: str) -> str | None:
    """The item directly under the group's score that this one belongs to."""
    score, here = book.groups[unit.group].score, item
    while here in book.tree:
        parent = book.tree[here].parent
        if parent == score:
            return here
        if parent is None:
            return None
        here = parent
    return None


def lost_points(book: ScoreBook, unit_id: str) -> list[LostPoints]:
    """The unit's indicators by what they cost it, dearest first; those that cost nothing are left out.

    Those whose loss is no loss of the total are not among them.
    """
    rates = worth(book, book.unit(unit_id))
    found = [
        LostPoints(cell, rates[cell.indicator] * cell.lost)
        for cell in book.cells_of(unit_id)
        if cell.lost and cell.indicator in rates
    ]
    return sorted(found, key=lambda each: -each.lost)


@dataclass(frozen=True)
class Column:
    """A column of the attainment grid: a heading, or one task of a unit's own."""

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
    unit, out = book.unit(unit_id), {}
    for section, cells in book.sections_of(unit_id):
        points, full = subtotal(book, unit, section.id, cells)
        if full:
            out[section.id] = Share(points, full, tuple(cells))
    return out


def attainment(book: ScoreBook, group: str) -> tuple[list[Column], dict[str, dict[str, Share]]]:
    """Unit × heading: the group's columns, and unit → column → share. What does not apply is not in it.

    Where a heading's indicators are each unit's own (a unit's own tasks), they follow as columns of their own.
    """
    grid = {unit.unit_id: dict(sections(book, unit.unit_id)) for unit in book.ranking(group)}
    used = {column for row in grid.values() for column in row}
    columns = [
        Column(section.id, section.name, component_of(book, section.id, group))
        for section in book.sections
        if section.id in used
    ]
    tasks: dict[str, str] = {}
    for unit_id, row in grid.items():
        for name, share in list(_own_tasks(book, unit_id)):
            row[name] = share
            tasks[name] = component_of(book, share.cells[0].indicator, group)
    return [*columns, *(Column(name, name, tasks[name], task=True) for name in sorted(tasks))], grid


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
        own = [cell for cell in cells if book.tree[cell.indicator].unit == unit_id]
        if len(own) > 1:
            for cell in own:
                if cell.max_points:
                    share = Share(cell.points or ZERO, cell.max_points, (cell,))
                    yield cell.indicator.partition(".")[2] or cell.indicator, share
