"""What a total would be with the full mark of one item: of totals that are no sum, whose losses add up to nothing."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from kaohe.scoring.book import NodeInfo, ScoreBook, UnitResult
from kaohe.scoring.components import parts_of, points_of

ONE, NONE = Fraction(1), Fraction(0)


def _way_up(book: ScoreBook, item: str, group: str) -> list[NodeInfo]:
    """What an item stands under, up to and with the group's score; empty where the score does not count it."""
    out: list[NodeInfo] = []
    node, score = book.tree.get(item), book.groups[group].score
    while node is not None and node.id != score:
        parent = book.tree.get(node.parent or "")
        if parent is None or not node.counts:
            return []
        out.append(parent)
        node = parent
    return out


def if_full(book: ScoreBook, unit: UnitResult, item: str, full: Fraction) -> Fraction | None:
    """The unit's total, had it the full mark of one item and all else as it is; limits and roundings left out."""
    points, below = full, item
    for node in _way_up(book, item, unit.group):
        now = unit.nodes.get(node.id)
        parts = [
            (points if part.id == below else had, part.weight)
            for part in parts_of(book, node.id, frozenset({unit.category}))
            if (had := points_of(book, unit, part.id)) is not None
        ]
        raw = _as_one(node.combine, [value for value, _ in parts], [ONE if by is None else by for _, by in parts])
        if now is None or now.raw is None or now.points is None or raw is None:
            return None
        points, below = now.points + (raw - now.raw) * now.rate, node.id
    return points


def _as_one(combine: str, values: list[Fraction], weights: list[Fraction]) -> Fraction | None:
    """Several points as one, roots as nearest doubles; None where nothing can be said."""
    if not values or combine in ("median", "first"):
        return None
    if combine in ("best", "worst"):
        return (max if combine == "best" else min)(values)
    if combine == "product":
        return prod(values, start=ONE)
    if combine == "geometric_mean":
        whole = sum(weights)
        return Fraction(prod(float(value) ** float(by / whole) for value, by in zip(values, weights, strict=True)))
    total = sum((value * by for value, by in zip(values, weights, strict=True)), NONE)
    return total / sum(weights) if combine == "mean" else total
