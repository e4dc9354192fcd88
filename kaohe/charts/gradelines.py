"""The lines that decide grades, across the rows of a ranking: the fail line, places of the best grade, ties."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from kaohe.charts.amounts import like_total
from kaohe.charts.style import GRADE_COLOURS, PAPER, PENDING_FILL
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.marks import PENDING


def grade_lines(book: ScoreBook, units: list[UnitResult]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The fail line, who holds a place of the best grade, ties at the last one; and the line's name."""
    shapes = _places(units, book.top) if book.top else []
    fails = {unit.fail_below for unit in units}
    if len(fails) != 1:
        for row, unit in enumerate(units):
            shapes += _rule(float(unit.fail_below), GRADE_COLOURS["fail"], y0=row - 0.45, y1=row + 0.45, yref="y")
        return shapes, []
    (value,) = fails
    if not value or not book.fail:
        return shapes, []
    shapes += _rule(float(value), GRADE_COLOURS["fail"], y0=0, y1=1, yref="paper")
    name = {
        "x": float(value),
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "xanchor": "center",
        "text": f"{book.fail}线 {like_total(book, units[0].group, value)}",
        "font": {"size": 12, "color": GRADE_COLOURS["fail"]},
    }
    return shapes, [name]


def _places(units: list[UnitResult], top: str) -> list[dict[str, Any]]:
    """A bracket before the rows of those who have the best grade, dotted past those between them who have not; a frame
    around those that wait for a decision."""
    held = [row for row, unit in enumerate(units) if unit.grade == top]
    shapes = []
    if held:
        first, last = held[0] - 0.36, held[-1] + 0.36
        shapes += [_stroke(-10, -10, row - 0.36, row + 0.36) for row in held]
        shapes += [_stroke(-10, -10, row + 0.36, after - 0.36, after - row > 1) for row, after in pairwise(held)]
        shapes += [_stroke(-10, -3, end, end) for end in (first, last)]
    tied = [row for row, unit in enumerate(units) if unit.grade == PENDING]
    if tied:
        frame = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": tied[0] - 0.48, "y1": tied[-1] + 0.48}
        line = {"color": GRADE_COLOURS["pending"], "width": 1.5}
        shapes.append({**frame, "line": line, "fillcolor": PENDING_FILL, "layer": "below"})
    return shapes


def _stroke(x0: int, x1: int, y0: float, y1: float, dotted: bool = False) -> dict[str, Any]:
    """A piece of the bracket, so many pixels from where the bars begin."""
    where = {"type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": 0, "x0": x0, "x1": x1}
    look = {"color": GRADE_COLOURS["best"], "width": 2.5, "dash": "dot" if dotted else "solid"}
    return {**where, "y0": y0, "y1": y1, "line": look}


def _rule(x: float, colour: str, **where: Any) -> list[dict[str, Any]]:
    """Across the bars, parted from them, so that it is seen on every colour."""
    line = {"type": "line", "x0": x, "x1": x, **where}
    return [
        {**line, "line": {"color": PAPER, "width": 3.5}},
        {**line, "line": {"color": colour, "width": 2, "dash": "dot"}},
    ]


def bracket_passes(units: list[UnitResult], top: str) -> bool:
    """Whether the bracket goes past a unit that has another grade."""
    held = [row for row, unit in enumerate(units) if unit.grade == top]
    return held[-1] - held[0] + 1 > len(held)
