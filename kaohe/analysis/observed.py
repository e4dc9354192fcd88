"""Scored years as observations: each item's points of each unit in each year, and what they come to in the total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.analysis.breakdown import rates_in_total
from kaohe.scoring.book import NodeInfo, ScoreBook, UnitResult

Place = tuple[str, str]
"""(year, unit)."""


@dataclass(frozen=True)
class Seen:
    """One unit in one year: `cohort` are those it is ranked with (year and group), `like` those of its category too."""

    year: str
    unit: str
    name: str
    group: str
    category: str
    total: Fraction
    full: Fraction

    @property
    def cohort(self) -> tuple[str, str]:
        return self.year, self.group

    @property
    def like(self) -> tuple[str, str, str]:
        return self.year, self.group, self.category


@dataclass(frozen=True)
class Observed:
    """What several years say of one item: points, full marks and what they bring to the total, by place.

    `worth` holds only places whose total is a sum in which the item counts.
    """

    id: str
    name: str
    points: Mapping[Place, Fraction] = field(default_factory=dict)
    fulls: Mapping[Place, Fraction] = field(default_factory=dict)
    worth: Mapping[Place, Fraction] = field(default_factory=dict)  # what one point is worth in the total

    def brings(self, place: Place) -> Fraction:
        """Points of the total."""
        return self.points[place] * self.worth[place]

    @property
    def units(self) -> int:
        """How many different units: a unit's years repeat each other."""
        return len({unit for _, unit in self.points})


@dataclass(frozen=True)
class Years:
    """Several scored years, the last of which says what the items are.

    `strangers`: items of earlier years that the last has not, or has under another name; they are left out.
    """

    books: tuple[ScoreBook, ...]
    seen: Mapping[Place, Seen]
    items: Mapping[str, Observed]
    strangers: Mapping[str, str]

    @property
    def last(self) -> ScoreBook:
        return self.books[-1]


def observed(books: Sequence[ScoreBook]) -> Years:
    """The years in their order; units without a score are left out."""
    ordered = tuple(sorted(books, key=lambda book: book.year))
    last = ordered[-1]
    names = {node.id: node.name for node in _leaves(last)}
    points: dict[str, dict[Place, Fraction]] = defaultdict(dict)
    fulls: dict[str, dict[Place, Fraction]] = defaultdict(dict)
    worth: dict[str, dict[Place, Fraction]] = defaultdict(dict)
    strangers, seen = {}, {}
    for book in ordered:
        known = {}
        for node in _leaves(book):
            if names.get(node.id) == node.name:
                known[node.id] = node
            else:
                strangers[f"{book.year} {node.id}"] = node.name
        for unit in book.units:
            if not unit.rated:
                continue
            place = (book.year, unit.unit_id)
            full = book.groups[unit.group].full
            seen[place] = Seen(book.year, unit.unit_id, unit.name, unit.group, unit.category, unit.total, full)
            rates = dict(rates_in_total(book, unit))
            for item, given, most in _scores(book, unit):
                if item in known:
                    points[item][place] = given
                    if most:
                        fulls[item][place] = most
                    if item in rates:
                        worth[item][place] = rates[item]
    items = {
        name: Observed(name, called, points.get(name, {}), fulls.get(name, {}), worth.get(name, {}))
        for name, called in names.items()
    }
    return Years(ordered, seen, items, strangers)


def _leaves(book: ScoreBook) -> Iterator[NodeInfo]:
    """Everything that is scored or voted, in the regulation's order."""
    return (node for node in book.tree.values() if node.leaf or node.vote)


def _scores(book: ScoreBook, unit: UnitResult) -> Iterator[tuple[str, Fraction, Fraction | None]]:
    """Item, points and full mark; nothing of what was not handed in."""
    for name, cell in book.cells_by_item(unit.unit_id).items():
        if cell.applicable and cell.status != "missing" and cell.points is not None:
            yield name, cell.points, cell.max_points
    for name, node in unit.nodes.items():
        if book.tree[name].vote and node.points is not None and node.status != "missing":
            yield name, node.points, node.full
