"""Two units of a year, or one unit in two years, heading by heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.breakdown import Part, name_of, parts
from kaohe.analysis.exact import mean
from kaohe.analysis.movement import Step, mean_parts, steps
from kaohe.charts.amounts import amount, gain, gain_cell
from kaohe.charts.html import Cell, Head, Html, Row, number, table
from kaohe.charts.notation import percent, plain
from kaohe.charts.palette import component_colour
from kaohe.charts.parts import heading_name
from kaohe.charts.style import DOWN, FAINT, SOFT, UP, empty, figure, hover, rows
from kaohe.scoring.book import ScoreBook, UnitResult

ROW = 25


@dataclass(frozen=True)
class Side:
    """A unit in a book, and how it is called beside the other; with `more` units, all of them by their mean."""

    book: ScoreBook
    unit: str
    name: str
    more: tuple[str, ...] = ()

    @property
    def units(self) -> list[UnitResult]:
        return [self.book.unit(each) for each in (self.unit, *self.more)]

    @property
    def total(self) -> Fraction:
        return mean(unit.total for unit in self.units)

    @property
    def parts(self) -> list[Part]:
        if not self.more:
            return parts(self.book, self.unit)
        return mean_parts([parts(self.book, unit.unit_id) for unit in self.units])


def pairs(left: Side, right: Side) -> tuple[Step, ...]:
    """The headings of either, in the regulation's order: `now` is the left, `then` the right."""
    return steps(right.parts, left.parts)


def beside(left: Side, right: Side) -> go.Figure:
    """A row a heading: what share of its full mark either reached."""
    found = [pair for pair in pairs(left, right) if _share(pair.now) is not None or _share(pair.then) is not None]
    about = [left.book] if left.book is right.book else [left.book, right.book]
    if not found:
        return empty(about, beside_title(left, right), "两者没有可以对照的部分。")
    shares = [float(share) for pair in found for part in (pair.now, pair.then) if (share := _share(part)) is not None]
    return figure(
        [_lines(found), _marks(found, right, "then"), _marks(found, left, "now")],
        about=about,
        title=beside_title(left, right),
        says=f"每行一个部分，横轴为得到满分的百分比；圆点为{left.name}，菱形为{right.name}，右侧为两者在总分中的差",
        height=rows(len(found), row=ROW),
        table=beside_table(left, right),
        row_labels=[heading_name(left.book, pair.component, pair.name) for pair in found],
        xaxis={
            "tickformat": ".0%",
            "range": [min(0.0, *shares) - 0.02, max(1.0, *shares) + 0.03],
            "nticks": 8,
            "fixedrange": True,
            "gridcolor": FAINT,
        },
        annotations=[
            {
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 8,
                "y": row,
                "showarrow": False,
                "text": gain(left.book, pair.gained) if pair.gained else "–",
                "font": {"size": 12.5, "color": UP if pair.gained > 0 else DOWN if pair.gained < 0 else SOFT},
            }
            for row, pair in enumerate(found)
        ],
        legend={"traceorder": "reversed"},
        margin={"b": 76, "r": 72},
    )


def beside_title(left: Side, right: Side) -> str:
    """The finding: who is ahead by how much, and where most of it comes from."""
    gap = left.total - right.total
    if not gap:
        return f"{left.name}与{right.name}总分相同"
    sign = 1 if gap > 0 else -1
    most = max(pairs(left, right), key=lambda pair: sign * pair.gained)
    word = "高" if gap > 0 else "低"
    mainly = (
        f"，主要在{heading_name(left.book, most.component, most.name)}（{gain(left.book, most.gained)}）"
        if sign * most.gained > 0
        else ""
    )
    return f"{left.name}比{right.name}{word} {amount(left.book, abs(gap))} 分{mainly}"


def beside_table(left: Side, right: Side) -> Html:
    """Points of the total by heading, and the difference."""
    lines: list[Row] = []
    component = ""
    for pair in pairs(left, right):
        if pair.component != component:
            component = pair.component
            lines.append(Row([Cell(name_of(left.book, component), span=4)], "section"))
        lines.append(Row([pair.name, _cell(left, pair.now), _cell(right, pair.then), _apart(left, pair.gained)]))
    lines.append(
        Row(
            [
                "总分",
                number(left.total, (), left.book.finest),
                number(right.total, (), right.book.finest),
                _apart(left, left.total - right.total),
            ],
            "section",
        )
    )
    ranks = (Cell("、".join(str(unit.rank) for unit in side.units), number=True) for side in (left, right))
    lines.append(Row(["名次", *ranks, ""]))
    if left.book.grading or right.book.grading:
        lines.append(Row(["等次", *("、".join(unit.grade for unit in side.units) for side in (left, right)), ""]))
    heads = ["部分", Head(left.name, number=True), Head(right.name, number=True), Head("相差", number=True)]
    return table(heads, lines, sortable=False)


def _cell(side: Side, part: Part | None) -> Cell:
    return number(part.points if part else None, [part.full] if part else [], side.book.finest)


def _apart(side: Side, value: Fraction) -> Cell:
    return gain_cell(side.book, value, zero="–")


def _share(part: Part | None) -> Fraction | None:
    return part.points / part.full if part and part.full > 0 else None


def _lines(found: Sequence[Step]) -> go.Scatter:
    x: list[Any] = []
    y: list[Any] = []
    for row, pair in enumerate(found):
        ends = [_share(pair.now), _share(pair.then)]
        if None not in ends:
            x += [*(float(end) for end in ends if end is not None), None]
            y += [row, row, None]
    return go.Scatter(
        x=x, y=y, mode="lines", line={"color": SOFT, "width": 1.5}, hoverinfo="skip", showlegend=False
    )  # fmt: skip


def _marks(found: Sequence[Step], side: Side, which: str) -> go.Scatter:
    here = [
        (row, pair, part, share)
        for row, pair in enumerate(found)
        if (part := getattr(pair, which)) is not None and (share := _share(part)) is not None
    ]
    colours = [component_colour(side.book, side.book.unit(side.unit).group, pair.component) for _, pair, _, _ in here]
    look = {"size": 11, "color": colours if which == "now" else SOFT}
    return go.Scatter(
        name=side.name,
        x=[float(share) for _, _, _, share in here],
        y=[row for row, _, _, _ in here],
        mode="markers",
        marker=look if which == "now" else {**look, "symbol": "diamond-open", "line": {"width": 1.5}},
        hovertext=[
            hover(
                f"{side.name}：{pair.name}",
                f"{amount(side.book, part.points)} 分，满分 {plain(part.full)}（{percent(share, 1)}）",
            )
            for _, pair, part, share in here
        ],
        hoverinfo="text",
        meta={"side": which, "unit": side.unit},
    )
