"""Units without a score, and why they have none."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.scoring.book import ScoreBook, UnitResult

UNRATED = "不计分"
"""In place of rank, total and grade."""


def why_unrated(book: ScoreBook, unit: UnitResult) -> str:
    """What is lacking, from the score down; empty where the unit has a score."""
    if unit.rated:
        return ""
    score = book.groups[unit.group].score
    node = unit.nodes.get(score)
    if node is not None and node.reason:
        return "；".join(dict.fromkeys([node.reason, *_below(book, unit, score)]))
    return "没有适用的考核内容"


def _below(book: ScoreBook, unit: UnitResult, item: str) -> Iterator[str]:
    """What is said of missing leaves under an item."""
    for child in book.below.get(item, ()):
        if unit.category not in child.categories:
            continue
        if child.id in unit.nodes:
            yield from _below(book, unit, child.id)
        elif child.leaf and child.unit in (None, unit.unit_id):
            cell = book.cell(unit.unit_id, child.id)
            if cell.applicable and cell.points is None:
                yield cell.reason
