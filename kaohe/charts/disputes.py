"""What hangs on disputed evidence: which figure, where it stands, and how far the unit's rank could move."""

from __future__ import annotations

from fractions import Fraction

from kaohe.analysis.breakdown import worth
from kaohe.charts.amounts import reached
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.cells import ScoreCell


def said_of(book: ScoreBook, cell: ScoreCell) -> str:
    """The disputed figure with its place, the points at stake and the ranks within reach."""
    figures = f"{'、'.join(cell.disputed)}；" if cell.disputed else ""
    return f"{figures}该项现得 {reached(book, cell)} 分。{_reach(book, cell)}"


def _reach(book: ScoreBook, cell: ScoreCell) -> str:
    """The rank if the item gave nothing, and if it gave everything; others are taken as they are."""
    best, worst = ranks_within_reach(book, cell)
    if best == worst:
        return f"该项不论得 0 分还是满分，都是第 {best} 名"
    return f"该项得满分为第 {best} 名，得 0 分为第 {worst} 名"


def ranks_within_reach(book: ScoreBook, cell: ScoreCell) -> tuple[int, int]:
    """Best and worst rank of the unit as the disputed item goes from its full mark to 0."""
    unit = book.unit(cell.unit)
    rate = worth(book, unit).get(cell.indicator, Fraction(0))
    points = cell.points or Fraction(0)
    others = [other.total for other in book.ranking(unit.group) if other.unit_id != unit.unit_id]
    best = unit.total + rate * cell.lost
    worst = unit.total - rate * max(points, Fraction(0))
    return 1 + sum(other > best for other in others), 1 + sum(other > worst for other in others)
