"""A unit's total line by line: votes, indicators, conversion, sub-totals; what counts adds up to the total.

Under a mean, a product or a best of several the lines of the parts count nothing themselves; what they come to does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from kaohe.analysis.breakdown import name_of
from kaohe.analysis.figures import Figures
from kaohe.rules.wording import number
from kaohe.scoring.book import NodeInfo, ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell
from kaohe.scoring.components import component_of, components
from kaohe.scoring.unrated import UNRATED, why_unrated

Kind = Literal["vote", "indicator", "conversion", "combined", "subtotal", "total"]
KIND_NAMES: Mapping[Kind, str] = {
    "vote": "测评",
    "indicator": "指标",
    "conversion": "折算",
    "combined": "合成",
    "subtotal": "小计",
    "total": "总分",
}
ZERO = Fraction(0)


@dataclass(frozen=True)
class Line:
    """One line. `points` of those that count add up to the total; sub-totals repeat them.

    `within`: it is part of what is no sum, and counts nothing by itself.
    """

    kind: Kind
    component: str
    section: str
    item: str
    name: str
    full: Fraction | None
    points: Fraction | None
    status: str = ""
    clause: str = ""
    figures: str = ""
    reason: str = ""
    cell: ScoreCell | None = None
    within: bool = False

    @property
    def counted(self) -> Fraction | None:
        """What the line adds to the total; None for one that adds nothing."""
        adds = self.kind in ("vote", "indicator", "conversion", "combined") and not self.within
        return self.points if adds else None


def lines_of(book: ScoreBook, unit_id: str, figures: Figures) -> Iterator[Line]:
    """The unit's total from the first line to the sum, in the regulation's order; what does not apply, too."""
    unit = book.unit(unit_id)
    group = book.groups[unit.group]
    if group.score in book.tree:
        yield from _Lines(book, unit, figures).of(group.score)
    if unit.rated:
        yield Line("total", "", "", "", "总分", group.full, unit.total)
    else:
        yield Line("total", "", "", "", "总分", group.full, None, UNRATED, reason=why_unrated(book, unit))


class _Lines:
    """The lines of one unit, item by item from the score down."""

    def __init__(self, book: ScoreBook, unit: UnitResult, figures: Figures) -> None:
        self.book, self.unit, self.figures = book, unit, figures
        self.cells = {cell.indicator: cell for cell in book.cells_of(unit.unit_id)}
        self.components = components(book, unit.group)
        self.score = book.groups[unit.group].score

    def of(self, item: str) -> Iterator[Line]:
        """What an item's parts give, what its steps give or take, and what it comes to."""
        info = self.book.tree[item]
        if info.leaf or info.vote:
            yield from self._leaf(info)
            return
        node = self.unit.nodes.get(item)
        sums = info.combine == "sum"
        for child in self._parts(item):
            lines = self.of(child.id)
            yield from lines if sums and child.counts else (replace(line, within=True) for line in lines)
        if node is None:
            return
        if sums:
            yield from self._converted(info)
        if sums and item != self.score and not self._repeats(info):
            yield self._subtotal(info)
        if not sums:
            word, heading, status = self._word(item), self._heading(item), STATUS_NAMES[node.status]
            yield Line("combined", word, heading, item, info.name, self._full(info), node.points, status, info.clause,
                       reason=node.reason)  # fmt: skip

    def _parts(self, item: str) -> list[NodeInfo]:
        """What an item is made of for the unit: what is there, and scored leaves that do not apply."""
        return [child for child in self.book.below.get(item, ()) if child.id in self.unit.nodes or self._shown(child)]

    def _shown(self, info: NodeInfo) -> bool:
        if info.leaf:
            return info.id in self.cells
        return any(self._shown(child) for child in self.book.below.get(info.id, ()))

    def _leaf(self, info: NodeInfo) -> Iterator[Line]:
        why = self.figures.get((self.unit.unit_id, info.id), "")
        if info.id in self.cells:
            cell = self.cells[info.id]
            yield Line("indicator", self._word(info.id), self._heading(info.id), info.id, info.name, cell.max_points,
                       cell.points, STATUS_NAMES[cell.status], cell.clause, why, cell.reason, cell)  # fmt: skip
        elif info.id in self.unit.nodes:
            node = self.unit.nodes[info.id]
            yield Line("vote", self._word(info.id), "", "", info.name, self._full(info), node.points,
                       STATUS_NAMES[node.status], "", why, node.reason)  # fmt: skip

    def _converted(self, info: NodeInfo) -> Iterator[Line]:
        """What weights and steps make of the sum of an item's parts, where that is not the sum itself."""
        node = self.unit.nodes[info.id]
        summed = sum((self._points(child) or ZERO for child in self._parts(info.id) if child.counts), ZERO)
        if node.points is None or node.points == summed:
            return
        named = self.book.tree[info.parent] if info.parent and self._repeats(info) else info
        full, own = self._full(info), node.own_full
        if any(child.id in self.components for child in self._parts(info.id)) and node.raw == summed:
            how = f"各部分合计 {number(summed)}，折算为 {number(node.points)}"
        elif info.raw and own is not None and full is not None:
            said = f"各项合计 {number(summed)}，本单位满分 {number(own)}"
            how = f"{said}，条文满分 {number(full)}，计 {number(node.points)}"
        else:
            how = node.reason
        step = f"{number(summed)} → {number(node.points)}"
        yield Line("conversion", self._word(info.id), "", "", f"{named.name}折算", None, node.points - summed,
                   figures=step, reason=how)  # fmt: skip

    def _subtotal(self, info: NodeInfo) -> Line:
        word, node = self._word(info.id), self.unit.nodes[info.id]
        cells = [self.cells[child.id] for child in self._parts(info.id) if child.id in self.cells]
        here = [cell for cell in cells if cell.applicable]
        if not here:
            return Line("subtotal", word, "", "", f"{info.name}小计", self._full(info), node.points)
        full = sum((cell.max_points or ZERO for cell in here), ZERO)
        section = "" if info.id in self.components else info.name
        return Line("subtotal", word, section, "", f"{info.name}小计", full, node.points, clause=info.clause)

    def _repeats(self, info: NodeInfo) -> bool:
        """Whether an item that holds no indicators itself is all that its parent is made of for the unit."""
        above = [child for child in self._parts(info.parent or "") if child.counts]
        indicators = any(child.id in self.cells for child in self._parts(info.id))
        return info.parent not in (None, self.score) and len(above) == 1 and not indicators

    def _points(self, info: NodeInfo) -> Fraction | None:
        if info.id in self.cells:
            return self.cells[info.id].points
        node = self.unit.nodes.get(info.id)
        return None if node is None else node.points

    def _full(self, info: NodeInfo) -> Fraction | None:
        return self.book.groups[self.unit.group].fulls.get(info.id)

    def _heading(self, item: str) -> str:
        """The heading an indicator stands under; none where that is the score or a component."""
        parent = self.book.tree[item].parent
        return "" if parent is None or parent in (self.score, *self.components) else self.book.tree[parent].name

    def _word(self, item: str) -> str:
        """What the item belongs to: its component; of one above them its own name."""
        found = component_of(self.book, item, self.unit.group)
        if found != self.score:
            return name_of(self.book, found)
        here = item
        while (parent := self.book.tree[here].parent) not in (None, self.score):
            here = parent or here
        return self.book.tree[here].name
