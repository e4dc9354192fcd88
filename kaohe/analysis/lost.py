"""Points lost by heading, in points of the total: a unit's beside its peers', and a whole group's, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from kaohe.analysis.breakdown import Part, adds_up, parts
from kaohe.analysis.exact import mean
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.slicing import of_the_year

ZERO = Fraction(0)


@dataclass(frozen=True)
class Loss:
    """A heading (a vote, what conversion takes) and what it costs: `points` a unit lost of it, or a group's units on
    average, negative where it gave more than its full mark; `middle` the median of the peers. `most`: the units of a
    group that lost most of it, and how much each."""

    part: Part
    points: Fraction
    middle: Fraction
    most: tuple[UnitResult, ...] = ()
    at_most: Fraction = ZERO


def losses_of(book: ScoreBook, unit_id: str) -> list[Loss]:
    """A unit's headings, dearest first; the median is that of the group's units to which a heading applies, itself
    among them. Empty where the total is no sum of them."""
    unit = book.unit(unit_id)
    if not unit.rated or not book.groups[unit.group].full or not adds_up(book, unit.group):
        return []
    middles = middles_of(book, unit_id)
    return _sorted([Loss(part, part.lost, middles[part.id]) for part in parts(book, unit_id)])


@of_the_year
def middles_of(book: ScoreBook, unit_id: str) -> Mapping[str, Fraction]:
    """Heading of a unit → the median of what the units of its group lost of it."""
    others = [_lost(book, other) for other in book.rated(book.unit(unit_id).group)]
    mine = _lost(book, book.unit(unit_id))
    return {part: median(each[part] for each in others if part in each) for part in mine}


def losses_in(book: ScoreBook, group: str) -> list[Loss]:
    """A group's headings by the points that its units lost of them on average, dearest first.

    All rated units count, with nothing where a heading is not theirs: so the headings add up to what lacks to the
    full mark on average. Empty where the total is no sum of them.
    """
    units = book.rated(group)
    if not units or not book.groups[group].full or not adds_up(book, group):
        return []
    known = {part.id: part for unit in units for part in parts(book, unit.unit_id)}
    lost = [(unit, _lost(book, unit)) for unit in units]
    found = []
    for key, part in known.items():
        values = [(unit, each.get(key, ZERO)) for unit, each in lost]
        at_most = max(value for _, value in values)
        most = tuple(unit for unit, value in values if value == at_most)
        amounts = [value for _, value in values]
        found.append(Loss(part, mean(amounts), median(amounts), most, at_most))
    return _sorted(found)


def dearest_of(found: Sequence[Loss]) -> list[Loss]:
    """All that cost most; none where nothing was lost."""
    most = max((each.points for each in found), default=ZERO)
    return [each for each in found if each.points == most] if most > 0 else []


def _sorted(found: list[Loss]) -> list[Loss]:
    return sorted(found, key=lambda each: -each.points)


def _lost(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """Heading → points; kept with the book, as every page of the group asks."""
    known: dict[str, dict[str, Fraction]] = book.__dict__.setdefault("_lost", {})
    if unit.unit_id not in known:
        known[unit.unit_id] = {part.id: part.lost for part in parts(book, unit.unit_id)}
    return known[unit.unit_id]
