"""What a total is made of, as pages show it: the items that a group's score is the sum of, and what stands under each.

The components of a group are the items its score is made of; an item whose parts are headings themselves gives way to
them, as long as a bar of them can be read. Where a total is no sum, or of too many items, nothing adds up to it that
could be shown: then it has one component, itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from kaohe.scoring.book import NodeInfo, ScoreBook, UnitResult
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.slicing import of_the_year

MOST = 8
"""Components that a bar shows one by one."""

ONE, NONE = Fraction(1), Fraction(0)


def item_name(book: ScoreBook, item: str) -> str:
    """An item's name; its id where the tree does not have it."""
    return book.tree[item].name if item in book.tree else item


def parts_of(book: ScoreBook, item: str, categories: frozenset[str]) -> list[NodeInfo]:
    """The items it is made of for units of some categories: those that count, and are not one unit's own."""
    return [
        node
        for node in book.below.get(item, ())
        if node.counts and node.unit is None and categories.intersection(node.categories)
    ]


@of_the_year
def categories_of(book: ScoreBook, group: str) -> frozenset[str]:
    return frozenset(unit.category for unit in book.units if unit.group == group)


def is_sum(book: ScoreBook, group: str) -> bool:
    """Whether what units lose of the items adds up to what they lose of the total."""
    score = book.tree.get(book.groups[group].score)
    if score is None or score.combine != "sum":
        return False
    return all(node.weight is not None for node in parts_of(book, score.id, categories_of(book, group)))


def first_parts(book: ScoreBook, group: str) -> tuple[str, ...]:
    """The items the group's score is made of directly, be it their sum or not; itself where it has none."""
    score = book.groups[group].score
    found = tuple(node.id for node in parts_of(book, score, categories_of(book, group)))
    return found or ((score,) if score in book.tree else ())


def components(book: ScoreBook, group: str) -> tuple[str, ...]:
    """What a bar of the group's totals is made of, in the regulation's order."""
    known: dict[str, tuple[str, ...]] = book.__dict__.setdefault("_components", {})
    if group not in known:
        known[group] = tuple(_components(book, group))
    return known[group]


def _components(book: ScoreBook, group: str) -> Iterator[str]:
    score, first = book.groups[group].score, first_parts(book, group)
    if not is_sum(book, group) or len(first) > MOST:
        yield from [score] if score in book.tree else []
        return
    split = {name: inner for name in first if (inner := _headings(book, name, categories_of(book, group)))}
    while sum(len(split.get(name, (name,))) for name in first) > MOST:
        split.pop(max(split, key=lambda name: len(split[name])))
    for name in first:
        yield from split.get(name, (name,))


def _headings(book: ScoreBook, item: str, categories: frozenset[str]) -> tuple[str, ...]:
    """The headings an item is the sum of, where it is; empty where it is better shown whole."""
    parts = parts_of(book, item, categories)
    whole = book.tree[item].combine == "sum" and all(node.weight is not None and not node.leaf for node in parts)
    return tuple(node.id for node in parts) if whole and len(parts) > 1 else ()


def all_components(book: ScoreBook) -> tuple[str, ...]:
    """Those of every group, parts before what they are part of: the order in which colours are given."""
    used = {name for group in book.groups for name in components(book, group)}
    return tuple(name for node in inside_out(book) if (name := node.id) in used)


def inside_out(book: ScoreBook) -> Iterator[NodeInfo]:
    """Every item after all that it is made of."""

    def below(node: NodeInfo) -> Iterator[NodeInfo]:
        for child in book.below.get(node.id, ()):
            yield from below(child)
        yield node

    for node in book.tree.values():
        if node.parent is None:
            yield from below(node)


def component_of(book: ScoreBook, item: str, group: str) -> str:
    """The group's component that an item belongs to; the group's score where it belongs to none."""
    found, here = components(book, group), item
    while here not in found:
        parent = book.tree[here].parent if here in book.tree else None
        if parent is None:
            return book.groups[group].score
        here = parent
    return here


def points_of(book: ScoreBook, unit: UnitResult, item: str) -> Fraction | None:
    """A unit's points of any item, scored leaves too; None where it has none."""
    if item == book.groups[unit.group].score:
        return unit.total if unit.rated else None
    if item in unit.nodes:
        return unit.nodes[item].points
    return book.points.get((unit.unit_id, item))


def full_of(book: ScoreBook, unit: UnitResult, item: str) -> Fraction | None:
    """The printed full mark of any item for a unit's group or, of a leaf, for the unit; None where there is none."""
    group = book.groups[unit.group]
    if item in group.fulls:
        return group.fulls[item]
    if item in book.indicators:
        return book.indicators[item].fulls.get(unit.category)
    return None


def weight_of(book: ScoreBook, item: str, group: str) -> Fraction:
    """How often an item's points count in the group's total, where that is a sum."""
    out, here, score = ONE, item, book.groups[group].score
    while here != score and here in book.tree:
        node = book.tree[here]
        out, here = out * (ONE if node.weight is None else node.weight), node.parent or score
    return out


def added_below(book: ScoreBook, unit: UnitResult, item: str) -> Fraction | None:
    """The points of a unit's scored leaves under an item, where it is nothing but their sum before what follows after
    it; None where it is anything else."""
    found = NONE
    for child in book.below.get(item, ()):
        there = (unit.unit_id, child.id) in book.points if child.leaf and not child.vote else child.id in unit.nodes
        if not child.counts or not there:
            continue
        value = book.points.get((unit.unit_id, child.id)) if child.leaf else added_below(book, unit, child.id)
        if value is None or child.weight != ONE:
            return None
        found += value
    return found if item in unit.nodes and book.tree[item].combine == "sum" else None


def has(book: ScoreBook, unit: UnitResult, item: str) -> bool:
    """Whether the item is for units like this one."""
    return item in book.tree and unit.category in book.tree[item].categories


def in_total(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """Component → its points in the unit's total; empty where the unit has no score."""
    if not unit.rated:
        return {}
    return {
        name: (points_of(book, unit, name) or NONE) * weight_of(book, name, unit.group)
        for name in components(book, unit.group)
        if has(book, unit, name)
    }


def fulls_in_total(book: ScoreBook, unit: UnitResult) -> dict[str, Fraction]:
    """Component → its printed full mark in the total, of those that have one."""
    return {
        name: full * weight_of(book, name, unit.group)
        for name in components(book, unit.group)
        if has(book, unit, name) and (full := full_of(book, unit, name)) is not None
    }


def missing_votes(book: ScoreBook, unit: UnitResult) -> list[str]:
    """Items on which nobody voted yet."""
    return [name for name in book.votes if name in unit.nodes and unit.nodes[name].status == "missing"]


def rescaled(book: ScoreBook, unit: UnitResult) -> Mapping[str, tuple[Fraction, Fraction]]:
    """Component → its sum and the unit's own full mark, where that is converted into something else."""
    out = {}
    for name in components(book, unit.group):
        node = unit.nodes.get(name)
        if node is None or book.tree[name].combine != "sum":
            continue  # a rounded mean has raw points, too, and they are no sum of anything
        if node.raw is not None and node.own_full is not None and node.raw != node.points:
            out[name] = (node.raw, node.own_full)
    return out


def subtotal(book: ScoreBook, unit: UnitResult, heading: str, cells: Sequence[ScoreCell]) -> tuple[Fraction, Fraction]:
    """A heading's points and full mark: sums over its cells that apply; of one that is no such sum, its own."""
    node = book.tree.get(heading)
    if (
        node is None
        or node.leaf
        or (node.combine == "sum" and all(child.weight == ONE for child in book.below.get(heading, ()) if child.leaf))
    ):
        points, fulls = ([getattr(cell, what) or NONE for cell in cells] for what in ("points", "max_points"))
        return sum(points, NONE), sum(fulls, NONE)
    return points_of(book, unit, heading) or NONE, full_of(book, unit, heading) or NONE
