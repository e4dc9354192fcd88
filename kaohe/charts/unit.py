"""One unit: where its points were lost, how it stands in its group, what moved since last year."""

from __future__ import annotations

from fractions import Fraction
from statistics import median

import plotly.graph_objs as go

from kaohe.analysis.losses import (
    CONVERSION,
    LostPoints,
    Part,
    component_fulls,
    component_name,
    component_points,
    lost_points,
    parts,
    sections,
)
from kaohe.analysis.movement import Move, move
from kaohe.charts.saying import broken, figure_text, percent, plain, short, signed, two
from kaohe.charts.style import (
    COMPONENT_COLOURS,
    GRID,
    INK,
    PAPER,
    SOFT,
    empty,
    figure,
    hover,
    row_axis,
    rows,
)
from kaohe.scoring.book import ScoreBook, UnitResult

ROW = 29


def losses(book: ScoreBook, unit_id: str) -> go.Figure:
    """From the full mark down to the total, a step a heading, dearest first inside each component."""
    unit = book.unit(unit_id)
    found = parts(book, unit_id)
    steps = [part for part in _by_component(found) if part.lost]
    full = book.groups[unit.group].full
    if not steps:
        return empty([book], loss_title(book, unit_id), f"总分等于满分 {plain(full)} 分。")
    labels = [f"满分 {plain(full)}", *(_part_label(part) for part in steps), f"总分 {two(unit.total)}"]
    starts, level = [], full
    for part in steps:
        level -= part.lost
        starts.append(level)
    low = min(*starts, unit.total, full)
    left = max(0, (low.__floor__() - 8) // 10 * 10) if low > 0 else float(low) - 5
    dear = lost_points(book, unit_id)
    traces = []
    for component in COMPONENT_COLOURS:
        mine = [row for row, part in enumerate(steps) if part.component == component]
        if mine:
            traces.append(
                go.Bar(
                    name=component_name(component),
                    orientation="h",
                    base=[float(starts[row]) for row in mine],
                    x=[float(steps[row].lost) for row in mine],
                    y=[row + 1 for row in mine],
                    text=[signed(-steps[row].lost) for row in mine],
                    textposition="auto",
                    insidetextanchor="middle",
                    textangle=0,
                    textfont={"size": 12},
                    hovertext=[_part_hover(book, steps[row], dear) for row in mine],
                    hoverinfo="text",
                    marker={"color": COMPONENT_COLOURS[component]},
                    cliponaxis=False,
                    meta={"component": component, "parts": [steps[row].id for row in mine]},
                )
            )
    traces.append(
        _ends([(full, 0, f"满分 {plain(full)} 分"), (unit.total, len(steps) + 1, f"总分 {two(unit.total)} 分")])
    )
    kept = len(found) - len(steps)
    return figure(
        traces,
        about=[book],
        title=loss_title(book, unit_id),
        says="从满分逐项减到总分（已按本单位满分折算）"
        + (f"；横轴从 {left:g} 分开始" if left else "")
        + (f"；未失分的 {kept} 部分未列出" if kept else ""),
        height=rows(len(labels), row=ROW),
        xaxis={
            "range": [left, float(full) + (float(full) - left) * 0.05],
            "title": {"text": "得分"},
            "fixedrange": True,
        },
        yaxis=row_axis(labels, fixedrange=True),
        shapes=_connectors(full, starts),
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        showlegend=True,
        margin={"b": 92, "r": 40},
    )


def dearest(book: ScoreBook, unit_id: str, top: int = 15) -> go.Figure:
    """The indicators that cost the unit most, with the reason in the hover."""
    found = lost_points(book, unit_id)
    if not found:
        return empty([book], "没有失分的指标", "各项适用指标均得满分或超过满分。")
    shown = found[:top]
    total = sum((each.lost for each in found), Fraction(0))
    covered = sum((each.lost for each in shown), Fraction(0))
    labels = [f"{_local(book, each)} {book.indicators[each.cell.indicator].name}" for each in shown]
    traces = []
    for component in COMPONENT_COLOURS:
        mine = [row for row, each in enumerate(shown) if _component(book, each) == component]
        if mine:
            traces.append(
                go.Bar(
                    name=component_name(component),
                    orientation="h",
                    x=[float(shown[row].lost) for row in mine],
                    y=mine,
                    text=[signed(-shown[row].lost) for row in mine],
                    textposition="outside",
                    textfont={"size": 12, "color": INK},
                    cliponaxis=False,
                    hovertext=[_lost_hover(book, shown[row]) for row in mine],
                    hoverinfo="text",
                    marker={"color": COMPONENT_COLOURS[component]},
                    meta={"component": component, "indicators": [shown[row].cell.indicator for row in mine]},
                )
            )
    first = book.indicators[found[0].cell.indicator].name
    if len(shown) == len(found):
        title = f"{len(found)} 项指标失分，合计 {two(total)} 分；最多的是“{first}”"
    else:
        title = f"{len(found)} 项指标失分；最多的 {len(shown)} 项占 {percent(covered / total)}，首位是“{first}”"
    return figure(
        traces,
        about=[book],
        title=title,
        says="条形长度为该指标少得的分（已折算到总分）；光标停留可看理由，下表列出全文",
        height=rows(len(shown), row=ROW),
        xaxis={"title": {"text": "失分"}, "range": [0, float(shown[0].lost) * 1.12], "fixedrange": True},
        yaxis=row_axis(labels, fixedrange=True),
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        showlegend=len(traces) > 1,
        margin={"b": 92 if len(traces) > 1 else 60, "r": 48},
    )


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
        xaxis={
            "tickformat": ".0%", "range": [float(lowest) - 0.02, float(highest) + 0.03],
            "title": {"text": "得分占满分的比例"}, "fixedrange": True,
        },
        yaxis=row_axis([entry.label for entry in entries], fixedrange=True, showgrid=True, gridcolor="#f1f3f6"),
        shapes=[
            {
                "type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": votes - 0.5, "y1": votes - 0.5,
                "line": {"color": SOFT, "width": 1},
            }
        ] if votes < len(entries) else [],
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "reversed"},
        margin={"b": 92},
    )  # fmt: skip


def since_last_year(book: ScoreBook, unit_id: str) -> go.Figure:
    """From last year's total to this year's, a step a component."""
    unit, before = book.unit(unit_id), book.previous.get(unit_id)
    if before is None or book.previous_year is None:
        return empty([book], "没有上一学年可比", f"{unit.name}在上一学年没有可以评分的数据。")
    moved = move(unit, before)
    steps = [(name, value) for name, value in moved.by_component.items() if value]
    labels = [f"{book.previous_year} 总分", *(component_name(name) for name, _ in steps), f"{book.year} 总分"]
    level, bases = before.total, []
    for _, value in steps:
        bases.append(level)
        level += value
    levels = [before.total, *(base + value for base, (_, value) in zip(bases, steps, strict=True)), unit.total]
    low, high = min(levels), max(levels)
    space = max(float(high - low) * 0.25, 2.0)
    bars = go.Bar(
        orientation="h",
        base=[float(base) for base in bases],
        x=[float(value) for _, value in steps],
        y=list(range(1, len(steps) + 1)),
        text=[signed(value) for _, value in steps],
        textposition="auto",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": 12},
        cliponaxis=False,
        hovertext=[
            hover(f"{component_name(name)} {signed(value)} 分", _from_to(unit, before, name)) for name, value in steps
        ],
        hoverinfo="text",
        marker={"color": [COMPONENT_COLOURS[name] for name, _ in steps]},
        showlegend=False,
        meta={"components": [name for name, _ in steps]},
    )
    ends = [
        (before.total, 0, f"{two(before.total, [unit.total])} 分（第 {before.rank} 名）"),
        (unit.total, len(steps) + 1, f"{two(unit.total, [before.total])} 分（第 {unit.rank} 名）"),
    ]
    return figure(
        [bars, _ends(ends)],
        about=[book],
        title=_move_title(moved),
        says=f"从 {book.previous_year} 学年总分到 {book.year} 学年总分，各部分的增减；横轴只画有变化的一段",
        height=rows(len(labels), row=34),
        xaxis={"range": [float(low) - space, float(high) + space * 2], "title": {"text": "得分"}, "fixedrange": True},
        yaxis=row_axis(labels, fixedrange=True),
        shapes=_connectors(before.total, levels[1:-1]),
        margin={"r": 60},
    )


def loss_title(book: ScoreBook, unit_id: str) -> str:
    """How much was lost, and where most."""
    unit = book.unit(unit_id)
    lost = book.groups[unit.group].full - unit.total
    if lost <= 0:
        return f"{unit.name}没有失分"
    headings = [part for part in parts(book, unit_id) if part.component != CONVERSION]
    most = max(headings, key=lambda part: part.lost)
    return f"{unit.name}距满分 {two(lost)} 分，其中{_part_label(most)}失分最多，为 {two(most.lost)} 分"


def _by_component(found: list[Part]) -> list[Part]:
    """Components in the regulation's order, inside each the dearest heading first."""
    order = list(dict.fromkeys(part.component for part in found))
    return sorted(found, key=lambda part: (order.index(part.component), -part.lost))


def _part_label(part: Part) -> str:
    if part.component in ("base", "key"):
        return f"{component_name(part.component)[:2]}·{part.name}"
    return part.name


def _part_hover(book: ScoreBook, part: Part, dear: list[LostPoints]) -> str:
    head = f"{_part_label(part)}：{signed(-part.lost)} 分"
    if part.component == CONVERSION:
        return hover(head, "本单位满分与条文满分不同、封顶等造成的差额")
    reached = f"{two(part.points, [part.full])} / {two(part.full)} 分"
    mine = [each for each in dear if book.indicators[each.cell.indicator].section == part.id]
    lost = [f"{book.indicators[each.cell.indicator].name} {signed(-each.lost)}" for each in mine[:6]]
    more = f"等 {len(mine)} 项" if len(mine) > 6 else ""
    return hover(head, reached, "、".join(lost) + more)


def _ends(points: list[tuple[Fraction, int, str]]) -> go.Scatter:
    """The two totals of a waterfall: marks, not bars, for the axis need not start at 0."""
    return go.Scatter(
        x=[float(value) for value, _, _ in points],
        y=[row for _, row, _ in points],
        mode="markers",
        marker={"symbol": "diamond", "size": 13, "color": INK},
        hovertext=[broken(text) for _, _, text in points],
        hoverinfo="text",
        cliponaxis=False,
        showlegend=False,
        meta={"component": "total"},
    )


def _connectors(start: Fraction, levels: list[Fraction]) -> list[dict]:
    """Thin lines from step to step."""
    marks = [start, *levels]
    return [
        {
            "type": "line",
            "x0": float(value),
            "x1": float(value),
            "y0": row,
            "y1": row + 1,
            "layer": "below",
            "line": {"color": STEP, "width": 1, "dash": "dot"},
        }
        for row, value in enumerate(marks)
    ]


STEP = "#8b96a2"


def _component(book: ScoreBook, each: LostPoints) -> str:
    return book.indicators[each.cell.indicator].component


def _local(book: ScoreBook, each: LostPoints) -> str:
    """D03.T12 → T12: the unit is known."""
    return each.cell.indicator.removeprefix(f"{each.cell.unit}.")


def _lost_hover(book: ScoreBook, each: LostPoints) -> str:
    cell, info = each.cell, book.indicators[each.cell.indicator]
    raw = f"得 {two(cell.points or Fraction(0))} 分，满分 {plain(cell.max_points or Fraction(0))} 分"
    converted = f"，折算到总分少 {two(each.lost)} 分" if each.lost != cell.lost else ""
    return hover(f"{_local(book, each)} {info.name}", raw + converted, short(cell.reason, 170), info.clause)


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
        label = _part_label(Part(section.id, section.name, section.component, Fraction(0), Fraction(0)))
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


def _from_to(unit: UnitResult, before: UnitResult, name: str) -> str:
    then, now = component_points(before).get(name, Fraction(0)), component_points(unit).get(name, Fraction(0))
    return f"{two(then, [now])} → {two(now, [then])} 分"


def _move_title(moved: Move) -> str:
    climbed = moved.climbed
    rank = f"升 {climbed} 位" if climbed > 0 else f"降 {-climbed} 位" if climbed < 0 else "名次不变"
    text = f"{moved.unit.name}{rank}（第 {moved.before.rank} → 第 {moved.unit.rank}），总分 {signed(moved.gained)} 分"
    if moved.mainly is None:
        return text.replace(f"，总分 {signed(moved.gained)} 分", "，总分与上一学年相同")
    return f"{text}，主要来自{component_name(moved.mainly)} {signed(moved.by_component[moved.mainly])} 分"
