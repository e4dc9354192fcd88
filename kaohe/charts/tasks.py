"""Units judged by items of their own, which no other unit has: each a dot on its unit's strip, the worst named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.breakdown import Share, attainment
from kaohe.charts.amounts import amount
from kaohe.charts.html import Cell, Head, Html, number, table
from kaohe.charts.notation import LONGEST_NAME, figure_text, percent, plain, short
from kaohe.charts.palette import component_colour
from kaohe.charts.parts import task_heading
from kaohe.charts.ranking import rank_labels
from kaohe.charts.style import FAINT, HOVER, INK, SOFT, beside_rows, figure, hover, room_beside, rows
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.components import component_of

ROW = 36
"""Pixels of a strip: dots of one share stand over each other in it."""
NEAR = Fraction(1, 80)
"""Shares closer than this would hide each other."""
STEP = 0.17
"""How far apart two such dots stand, in rows."""


@dataclass(frozen=True)
class Task:
    """An item of one unit's own: the row it is drawn in, how far from its middle, and what was reached of it."""

    unit: UnitResult
    row: int
    id: str
    name: str
    share: Share
    off: float

    @property
    def called(self) -> str:
        return f"{self.id} {self.name}" if self.name != self.id else self.id


def task_strips(book: ScoreBook, group: str) -> Iterator[go.Figure]:
    """The group's strips, where its units have items of their own."""
    units, found = _tasks(book, group)
    if found:
        yield _strips(book, group, units, found)


def _tasks(book: ScoreBook, group: str) -> tuple[list[UnitResult], list[Task]]:
    """Units that have such items, by rank, and the items, strip by strip."""
    columns, grid = attainment(book, group)
    own = [column.id for column in columns if column.task]
    units = [unit for unit in book.ranking(group) if any(name in grid[unit.unit_id] for name in own)]
    found = []
    for row, unit in enumerate(units):
        mine = sorted(
            ((name, grid[unit.unit_id][name]) for name in own if name in grid[unit.unit_id]),
            key=lambda each: (each[1].share, each[0]),
        )
        for (name, share), off in zip(mine, _apart([share.share for _, share in mine]), strict=True):
            found.append(Task(unit, row, name, book.indicators[share.cells[0].indicator].name, share, off))
    return units, found


def _apart(shares: Sequence[Fraction]) -> list[float]:
    """Offsets of dots, least first, that would hide each other: as many up as down."""
    out: list[float] = []
    start = 0
    for place in range(1, len(shares) + 1):
        if place < len(shares) and shares[place] - shares[place - 1] < NEAR and place - start < 5:
            continue
        count = place - start
        out += [(each - (count - 1) / 2) * STEP for each in range(count)]
        start = place
    return out


def _strips(book: ScoreBook, group: str, units: Sequence[UnitResult], found: Sequence[Task]) -> go.Figure:
    strips = [[each for each in found if each.row == row] for row in range(len(units))]
    worst = [min(strip, key=lambda each: each.share.share) for strip in strips]
    together = [_together(strip) for strip in strips]
    ends = [f"<b>{percent(each.share.share)}</b>  {figure_text(short(each.called, 18))}" for each in worst]
    low = min([Fraction(1, 2), *(each.share.share for each in found)])
    high = max([Fraction(1), *(each.share.share for each in found)])
    left = max(0.0, float(low) - 0.05) if low >= 0 else float(low) - 0.05
    colour = component_colour(book, group, component_of(book, found[0].share.cells[0].indicator, group))
    rest = [each for each in found if each not in worst]
    return figure(
        [
            _dots("各项", rest, colour, book),
            _dots("最低的一项", worst, INK, book),
            go.Scatter(
                name="全部合计",
                x=[float(share) for share in together],
                y=list(range(len(units))),
                mode="markers",
                marker={"symbol": "line-ns", "size": 22, "color": SOFT, "line": {"color": SOFT, "width": 2}},
                hovertext=[
                    hover(f"{unit.name}：合计 {percent(share, 1)}") for unit, share in zip(units, together, strict=True)
                ],
                hoverinfo="text",
                meta={"together": [unit.unit_id for unit in units]},
            ),
            beside_rows(ends, float(high) + 0.02, size=12, meta={"ends": [unit.unit_id for unit in units]}),
        ],
        about=[book],
        title=title(book, group, found),
        says="每点为一项，横轴为得分占这一项满分的比例；深色点为该单位最低的一项，写在右边；竖线为全部合计；"
        "各单位的项目不同，不逐项比较"
        + (f"；横轴从 {percent(Fraction(left).limit_denominator(100))} 开始" if left > 0 else ""),
        height=rows(len(units), row=ROW),
        table=_table(book, found),
        row_labels=rank_labels(list(units)),
        row_units=[unit.unit_id for unit in units],
        xaxis={"range": [left, float(high) + 0.02], "tickformat": ".0%", "nticks": 8, "fixedrange": True},
        yaxis={"showgrid": True, "gridcolor": FAINT},
        margin={"b": 80, "r": room_beside(ends, 12)},
        narrow={
            "layout": {"xaxis.nticks": 3, "margin.r": 84},
            "traces": {"3": {"text": [_in_hand(each) for each in worst]}},
        },
    )


def _in_hand(worst: Task) -> str:
    """What stands beside a strip on a phone."""
    name = figure_text(short(worst.name, 8))
    head = f" <b>{percent(worst.share.share)}</b> {figure_text(short(worst.id, 5))}"
    return f"{head}<br><span style='font-size:9px'> {name}</span>" if worst.name != worst.id else head


def _dots(name: str, found: Sequence[Task], colour: str, book: ScoreBook) -> go.Scatter:
    return go.Scatter(
        name=name,
        x=[float(each.share.share) for each in found],
        y=[each.row + each.off for each in found],
        mode="markers",
        marker={"size": 11, "color": colour, "line": {"color": SOFT, "width": 1}},
        hovertext=[
            hover(
                f"{each.unit.name}：{each.called} {amount(book, each.share.points)} / {plain(each.share.full)} 分"
                f"（{percent(each.share.share, 1)}）",
                short(each.share.cells[0].reason, HOVER),
            )
            for each in found
        ],
        hoverinfo="text",
        cliponaxis=False,
        showlegend=bool(found),
        meta={"tasks": [each.share.cells[0].indicator for each in found]},
    )


def _together(strip: Sequence[Task]) -> Fraction:
    """What a unit reached of all its own items together."""
    full = sum((each.share.full for each in strip), Fraction(0))
    return sum((each.share.points for each in strip), Fraction(0)) / full


def title(book: ScoreBook, group: str, found: Sequence[Task]) -> str:
    """Of which item of whom least was reached."""
    what = task_heading(book, group)
    head = f"{book.groups[group].name}各自的 {len(found)} 项{what}"
    least = min(each.share.share for each in found)
    if least == max(each.share.share for each in found):
        return f"{head}：得分率都是 {percent(least)}"
    worst = [each for each in found if each.share.share == least]
    listed = [f"{short(each.unit.name, LONGEST_NAME)}的“{short(each.called, LONGEST_NAME)}”" for each in worst]
    said = "、".join(listed[:2]) + (f" 等 {len(listed)} 项" if len(listed) > 2 else "")
    return f"{head}：得分率最低的是{said}（{percent(least)}）"


def _table(book: ScoreBook, found: Sequence[Task]) -> Html:
    lines = [
        [
            Cell(each.unit.name, name="name"),
            Cell(each.id, name="tight"),
            each.name,
            number(each.share.points, [each.share.full], book.finest),
            number(each.share.full),
            Cell(percent(each.share.share, 1), sort=float(each.share.share), number=True),
        ]
        for each in found
    ]
    heads = ["单位", "编号", "项目", *(Head(name, number=True) for name in ("得分", "满分", "得分率"))]
    return table(heads, lines)
