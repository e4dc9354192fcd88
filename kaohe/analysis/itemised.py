"""A unit's total line by line: votes, indicators, conversion, sub-totals; what counts adds up to the total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kaohe.analysis.figures import Figures
from kaohe.rules import Sentence
from kaohe.rules.wording import number
from kaohe.scoring.book import COMPONENT_NAMES, ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES, ScoreCell, Status

Kind = Literal["vote", "indicator", "conversion", "subtotal", "total"]
KIND_NAMES: Mapping[Kind, str] = {
    "vote": "测评",
    "indicator": "指标",
    "conversion": "折算",
    "subtotal": "小计",
    "total": "总分",
}
ZERO = Fraction(0)


@dataclass(frozen=True)
class Line:
    """One line. `points` of votes, indicators and conversions add up to the total; sub-totals repeat them."""

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

    @property
    def counted(self) -> Fraction | None:
        """What the line adds to the total; None for one that adds nothing."""
        return self.points if self.kind in ("vote", "indicator", "conversion") else None


def lines_of(book: ScoreBook, unit_id: str, figures: Figures) -> Iterator[Line]:
    """The unit's total from the first vote to the sum, in the regulation's order; indicators that do not apply, too."""
    unit = book.unit(unit_id)
    group = book.groups[unit.group]
    yield _vote("ballot", group.ballot_full, unit.ballot_points, unit.ballot_sentences, unit.ballot_status,
                figures.get((unit_id, "ballot"), ""))  # fmt: skip
    summed = ZERO
    for component in group.parts:
        yield from _component(book, unit, component, figures)
        summed += _points(unit, component)
    if unit.target_points != summed or len(group.parts) > 1:
        yield from _target(unit, summed, group.target_full)
    yield _vote("leader", group.leader_full, unit.leader_points, unit.leader_sentences, unit.leader_status,
                figures.get((unit_id, "leader"), ""))  # fmt: skip
    yield Line("total", "", "", "", "总分", group.full, unit.total)


def _vote(
    component: str, full: Fraction, points: Fraction, sentences: Sequence[Sentence], status: Status, figures: str
) -> Line:
    name, said = COMPONENT_NAMES[component], "；".join(sentence.text for sentence in sentences)
    return Line("vote", name, "", "", name, full, points, STATUS_NAMES[status], "", figures, said)


def _component(book: ScoreBook, unit: UnitResult, component: str, figures: Figures) -> Iterator[Line]:
    """Its headings with their indicators, then what conversion gives or takes, then what it comes to."""
    word, raw = COMPONENT_NAMES[component], ZERO
    by_section: dict[str, list[ScoreCell]] = {}
    for cell in book.cells_of(unit.unit_id):
        if book.indicators[cell.indicator].component == component:
            by_section.setdefault(book.indicators[cell.indicator].section, []).append(cell)
    for section in book.sections:
        cells = by_section.get(section.id, [])
        for cell in cells:
            info, why = book.indicators[cell.indicator], figures.get((cell.unit, cell.indicator), "")
            yield Line("indicator", word, section.name, info.id, info.name, cell.max_points, cell.points,
                       STATUS_NAMES[cell.status], cell.clause, why, cell.reason, cell)  # fmt: skip
        applicable = [cell for cell in cells if cell.applicable]
        points = sum((cell.points or ZERO for cell in applicable), ZERO)
        if applicable:
            full = sum((cell.max_points or ZERO for cell in applicable), ZERO)
            yield Line("subtotal", word, section.name, "", f"{section.name}小计", full, points, clause=section.clause)
        raw += points
    own, full, points = unit.own_full[component], book.groups[unit.group].parts[component], _points(unit, component)
    if points != raw:
        how = f"各项合计 {number(raw)}，本单位满分 {number(own)}，条文满分 {number(full)}，计 {number(points)}"
        step = f"{number(raw)} → {number(points)}"
        yield Line("conversion", word, "", "", f"{word}折算", None, points - raw, figures=step, reason=how)
    yield Line("subtotal", word, "", "", f"{word}小计", full, points)


def _points(unit: UnitResult, component: str) -> Fraction:
    """What the component counts in the total, before the target is converted as a whole."""
    found = {"base": unit.base_points, "key": unit.key_points}.get(component)
    return unit.target_points if found is None else found


def _target(unit: UnitResult, summed: Fraction, full: Fraction) -> Iterator[Line]:
    """The components together: converted as a whole in some readings."""
    word = COMPONENT_NAMES["target"]
    if unit.target_points != summed:
        step = f"{number(summed)} → {number(unit.target_points)}"
        how = f"各部分合计 {number(summed)}，折算为 {number(unit.target_points)}"
        yield Line(
            "conversion", word, "", "", f"{word}折算", None, unit.target_points - summed, figures=step, reason=how
        )
    yield Line("subtotal", word, "", "", f"{word}小计", full, unit.target_points)
