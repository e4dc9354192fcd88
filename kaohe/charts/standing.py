"""One unit beside its group: its share of each part, the median and the best."""

from __future__ import annotations

from fractions import Fraction
from statistics import median

import plotly.graph_objs as go

from kaohe.analysis.losses import component_fulls, component_name, component_points, sections
from kaohe.charts.html import Cell, Head, Html, table
from kaohe.charts.saying import figure_text, percent, short
from kaohe.charts.style import COMPONENT_COLOURS, FAINT, GRID, INK, PAPER, SOFT, figure, hover, rows
from kaohe.charts.unit import heading_name
from kaohe.scoring.book import ScoreBook, UnitResult


def standing(book: ScoreBook, unit_id: str) -> go.Figure:
    """The unit beside its group: for each component and heading its share, the group's median and best."""
    unit = book.unit(unit_id)
    entries = _standings(book, unit)
    rows_of = list(range(len(entries)))
    name = book.groups[unit.group].name
    traces = [
        go.Scatter(
            x=[value for entry in entries for value in (float(entry.low), float(entry.best), None)],
            y=[value for row in rows_of for value in (row, row, None)],
            mode="lines", line={"color": GRID, "width": 7}, hoverinfo="skip", name=f"{name}最低到最高",
        ),
        go.Scatter(
            x=[float(entry.middle) for entry in entries], y=rows_of, mode="markers", name=f"{name}中位数",
            marker={"symbol": "line-ns", "size": 15, "line": {"color": INK, "width": 2}},
            hovertext=[_standing_hover(entry, name) for entry in entries], hoverinfo="text",
        ),
        go.Scatter(
            x=[float(entry.best) for entry in entries], y=rows_of, mode="markers", name=f"{name}最高",
            marker={"symbol": "diamond-open", "size": 9, "color": SOFT, "line": {"width": 1.5}},
            hovertext=[_standing_hover(entry, name) for entry in entries], hoverinfo="text",
        ),
        go.Scatter(
            x=[float(entry.share) for entry in entries], y=rows_of, mode="markers", name=figure_text(short(unit.name)),
            marker={
                "size": 13, "color": [COMPONENT_COLOURS[entry.component] for entry in entries],
                "line": {"color": PAPER, "width": 1.5},
            },
            hovertext=[_standing_hover(entry, name) for entry in entries], hoverinfo="text",
            meta={"entries": [entry.id for entry in entries]},
        ),
    ]  # fmt: skip
    lowest = min([Fraction(0), *(entry.low for entry in entries)])
    highest = max([Fraction(1), *(entry.best for entry in entries)])
    votes = sum(entry.id in ("ballot", "leader", *book.groups[unit.group].parts) for entry in entries)
    return figure(
        traces,
        about=[book],
        title=_standing_title(book, unit, entries),
        says=f"得分占满分的比例；只与{name}中适用该部分的单位比较",
        height=rows(len(entries), row=27),
        table=_standing_table(entries, name),
        row_labels=[entry.label for entry in entries],
        narrow={"layout": {"xaxis.title.text": "", "xaxis.nticks": 5}},
        xaxis={
            "tickformat": ".0%", "range": [float(lowest) - 0.02, float(highest) + 0.03],
            "title": {"text": "得分占满分的比例"}, "fixedrange": True,
        },
        yaxis={"showgrid": True, "gridcolor": FAINT},
        shapes=[
            {
                "type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": votes - 0.5, "y1": votes - 0.5,
                "line": {"color": SOFT, "width": 1},
            }
        ] if votes < len(entries) else [],
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "reversed"},
        margin={"b": 92},
    )  # fmt: skip


def _standing_table(entries: list[_Standing], group: str) -> Html:
    heads = ["部分", *(Head(name, number=True) for name in ("得分占满分", "名次", f"{group}中位数", "最高", "最低"))]
    lines = [
        [
            Cell(entry.label, name="name"),
            _share(entry.share),
            Cell(f"{entry.place} / {entry.count}", sort=entry.place, number=True),
            *(_share(value) for value in (entry.middle, entry.best, entry.low)),
        ]
        for entry in entries
    ]
    return table(heads, lines)


def _share(value: Fraction) -> Cell:
    return Cell(percent(value, 1), sort=float(value), number=True)


class _Standing:
    """One row of the unit's standing: its share and those of the units to which the part applies."""

    def __init__(self, key: str, label: str, component: str, share: Fraction, others: list[Fraction]) -> None:
        self.id, self.label, self.component, self.share = key, label, component, share
        self.low, self.middle, self.best = min(others), median(others), max(others)
        self.count = len(others)
        self.place = 1 + sum(other > share for other in others)


def _standings(book: ScoreBook, unit: UnitResult) -> list[_Standing]:
    group = book.ranking(unit.group)
    fulls = {other.unit_id: component_fulls(book, other) for other in group}
    points = {other.unit_id: component_points(other) for other in group}
    out = []
    for name, full in fulls[unit.unit_id].items():
        if not full:
            continue
        others = [points[other.unit_id].get(name, Fraction(0)) / full for other in group]
        mine = points[unit.unit_id].get(name, Fraction(0)) / full
        out.append(_Standing(name, component_name(name), name, mine, others))
    shares = {other.unit_id: sections(book, other.unit_id) for other in group}
    for section in book.sections:
        own = shares[unit.unit_id].get(section.id)
        if own is None:
            continue
        others = [row[section.id].share for row in shares.values() if section.id in row]
        label = heading_name(section.component, section.name)
        out.append(_Standing(section.id, label, section.component, own.share, others))
    return out


def _standing_title(book: ScoreBook, unit: UnitResult, entries: list[_Standing]) -> str:
    name = book.groups[unit.group].name
    headings = [entry for entry in entries if entry.count > 1]
    below = [entry for entry in headings if entry.share < entry.middle]
    leading = [entry for entry in headings if entry.share == entry.best and entry.low < entry.best]
    if not headings:
        return f"{unit.name}：{name}中没有可比的单位"
    if not below:
        return f"{unit.name}各部分都不低于{name}中位数，{len(leading)} 部分为最高"
    far = max(below, key=lambda entry: entry.middle - entry.share)
    gap = percent(far.middle - far.share, 1).rstrip("%")
    return f"{unit.name}有 {len(below)} 部分低于{name}中位数，差距最大的是{far.label}（低 {gap} 个百分点）"


def _standing_hover(entry: _Standing, group: str) -> str:
    return hover(
        f"{entry.label}：{percent(entry.share, 1)}，{entry.count} 个单位中第 {entry.place}",
        f"{group}中位数 {percent(entry.middle, 1)}",
        f"最高 {percent(entry.best, 1)}，最低 {percent(entry.low, 1)}",
    )
