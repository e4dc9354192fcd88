"""One unit beside its group: its share of each part, the median and the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import plotly.graph_objs as go

from kaohe.analysis.breakdown import Share, sections
from kaohe.charts.html import Cell, Head, Html, table
from kaohe.charts.notation import figure_text, percent, short
from kaohe.charts.palette import component_colour
from kaohe.charts.parts import heading_name
from kaohe.charts.style import FAINT, GRID, INK, SOFT, empty, figure, hover, rows
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.components import component_of, components, first_parts, full_of, has, item_name, points_of
from kaohe.scoring.slicing import of_the_year


def beside_group(book: ScoreBook, unit_id: str) -> go.Figure:
    """The unit beside its group: for each component and heading its share, the group's median and best."""
    unit = book.unit(unit_id)
    entries = beside_of(book, unit_id)
    if not entries:
        return empty([book], f"{unit.name}：没有可比的部分", "各部分没有规定满分，不能比较得分占满分的比例。")
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
            hovertext=[_hover(entry, name) for entry in entries], hoverinfo="text",
        ),
        go.Scatter(
            x=[float(entry.best) for entry in entries], y=rows_of, mode="markers", name=f"{name}最高",
            marker={"symbol": "diamond-open", "size": 9, "color": SOFT, "line": {"width": 1.5}},
            hovertext=[_hover(entry, name) for entry in entries], hoverinfo="text",
        ),
        go.Scatter(
            x=[float(entry.share) for entry in entries], y=rows_of, mode="markers", name=figure_text(short(unit.name)),
            marker={
                "size": 13, "color": [component_colour(book, unit.group, entry.component) for entry in entries],
                "line": {"color": INK, "width": 1},
            },
            hovertext=[_hover(entry, name) for entry in entries], hoverinfo="text",
            meta={"entries": [entry.id for entry in entries]},
        ),
    ]  # fmt: skip
    lowest = min([Fraction(0), *(entry.low for entry in entries)])
    highest = max([Fraction(1), *(entry.best for entry in entries)])
    votes = sum(entry.id in shown_parts(book, unit.group) for entry in entries)
    return figure(
        traces,
        about=[book],
        title=_title(book, unit, entries),
        says=f"得分占满分的比例；只与{name}中适用该部分的单位比较",
        height=rows(len(entries), row=27),
        table=_table(entries, name),
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
        legend={"traceorder": "reversed"},
        margin={"b": 92},
    )  # fmt: skip


def _table(entries: Sequence[Beside], group: str) -> Html:
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


@dataclass(frozen=True)
class Beside:
    """One row of a unit beside its group: its share, its `place` among the `count` units to which the part applies, and
    their lowest, median and highest share."""

    id: str
    label: str
    component: str
    share: Fraction
    low: Fraction
    middle: Fraction
    best: Fraction
    count: int
    place: int


def _beside(key: str, label: str, component: str, share: Fraction, others: Sequence[Fraction]) -> Beside:
    place = 1 + sum(other > share for other in others)
    return Beside(
        key, label, component, share, min(others), median(others), max(others), count=len(others), place=place
    )


def shown_parts(book: ScoreBook, group: str) -> tuple[str, ...]:
    """The parts a unit is held beside others by: the components, or what a total is made of that is no sum."""
    found = components(book, group)
    return first_parts(book, group) if found == (book.groups[group].score,) else found


@of_the_year
def beside_of(book: ScoreBook, unit_id: str) -> tuple[Beside, ...]:
    """The unit's parts and headings in the regulation's order."""
    unit = book.unit(unit_id)
    group = book.ranking(unit.group)
    out = []
    parts = shown_parts(book, unit.group)
    for name in parts:
        full, mine = full_of(book, unit, name), points_of(book, unit, name)
        if not full or mine is None or not has(book, unit, name):
            continue
        given = [points for other in group if (points := points_of(book, other, name)) is not None]
        component = component_of(book, name, unit.group)
        out.append(_beside(name, item_name(book, name), component, mine / full, [each / full for each in given]))
    shares = {other.unit_id: _shares(book, other.unit_id) for other in group}
    for section in book.sections:
        own = shares[unit.unit_id].get(section.id)
        if own is None or section.id in parts:
            continue
        others = [row[section.id].share for row in shares.values() if section.id in row]
        component = component_of(book, section.id, unit.group)
        label = heading_name(book, component, section.name)
        out.append(_beside(section.id, label, component, own.share, others))
    return tuple(out)


def _shares(book: ScoreBook, unit_id: str) -> Mapping[str, Share]:
    """Kept with the book, as every page of the group asks."""
    known: dict[str, Mapping[str, Share]] = book.__dict__.setdefault("_shares", {})
    if unit_id not in known:
        known[unit_id] = sections(book, unit_id)
    return known[unit_id]


def _title(book: ScoreBook, unit: UnitResult, entries: Sequence[Beside]) -> str:
    name = book.groups[unit.group].name
    headings = [entry for entry in entries if entry.count > 1]
    below = [entry for entry in headings if entry.share < entry.middle]
    leading = [entry for entry in headings if entry.share == entry.best and entry.low < entry.best]
    if not headings:
        return f"{unit.name}：{name}中没有可比的单位"
    if not below:
        best = f"，{len(leading)} 部分为最高" if leading else ""
        return f"{unit.name}各部分都不低于{name}中位数{best}"
    far = max(below, key=lambda entry: entry.middle - entry.share)
    gap = percent(far.middle - far.share, 1).rstrip("%")
    return f"{unit.name}有 {len(below)} 部分低于{name}中位数，差距最大的是{far.label}（低 {gap} 个百分点）"


def _hover(entry: Beside, group: str) -> str:
    return hover(
        f"{entry.label}：{percent(entry.share, 1)}，{entry.count} 个单位中第 {entry.place}",
        f"{group}中位数 {percent(entry.middle, 1)}",
        f"最高 {percent(entry.best, 1)}，最低 {percent(entry.low, 1)}",
    )
