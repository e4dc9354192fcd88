"""One unit: from the full mark to its total, and the indicators that cost it most."""

from __future__ import annotations

from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.breakdown import (
    CONVERSION,
    LostPoints,
    Part,
    adds_up,
    full_total,
    lost_points,
    name_of,
    parts,
)
from kaohe.charts import amounts
from kaohe.charts.amounts import amount, gain
from kaohe.charts.html import Cell, Head, Html, number, table
from kaohe.charts.notation import broken, percent, plain, short, signed
from kaohe.charts.parts import heading_name
from kaohe.charts.points import if_full_table, losses_table
from kaohe.charts.style import (
    HOVER,
    INK,
    STEP,
    component_colour,
    empty,
    figure,
    hover,
    rows,
)
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.components import all_components, component_of

ROW = 29


def losses(book: ScoreBook, unit_id: str) -> go.Figure:
    """From the full mark down to the total, a step a heading, dearest first inside each component."""
    unit = book.unit(unit_id)
    full = book.groups[unit.group].full
    if not unit.rated or not full or not adds_up(book, unit.group):
        return empty([book], loss_title(book, unit_id), _no_steps(book, unit))
    found = parts(book, unit_id)
    steps = [part for part in _by_component(found) if part.lost]
    if not any(part.lost > 0 for part in steps):
        how = "高于" if unit.total > full else "等于"
        return empty([book], loss_title(book, unit_id), f"总分{how}满分 {plain(full)} 分，没有一部分失分。")
    labels = [
        f"满分 {plain(full)}",
        *(_part_label(book, part) for part in steps),
        f"总分 {amounts.total(book, unit)}",
    ]
    starts, level = [], full
    for part in steps:
        level -= part.lost
        starts.append(level)
    low = min(*starts, unit.total, full)
    left = max(0, (low.__floor__() - 8) // 10 * 10) if low > 0 else float(low) - 5
    dear = lost_points(book, unit_id)
    traces = []
    belongs = [_shown_as(book, unit.group, part) for part in steps]
    for component in dict.fromkeys(belongs):
        mine = [row for row, each in enumerate(belongs) if each == component]
        if mine:
            traces.append(
                go.Bar(
                    name=name_of(book, component),
                    orientation="h",
                    base=[float(starts[row]) for row in mine],
                    x=[float(steps[row].lost) for row in mine],
                    y=[row + 1 for row in mine],
                    text=[gain(book, -steps[row].lost) for row in mine],
                    textposition="auto",
                    insidetextanchor="middle",
                    textangle=0,
                    textfont={"size": 12},
                    hovertext=[_part_hover(book, steps[row], dear) for row in mine],
                    hoverinfo="text",
                    marker={"color": component_colour(book, component)},
                    cliponaxis=False,
                    meta={"component": component, "parts": [steps[row].id for row in mine]},
                )
            )
    traces.append(
        _ends(
            [
                (full, 0, f"满分 {plain(full)} 分"),
                (unit.total, len(steps) + 1, f"总分 {amounts.total(book, unit)} 分"),
            ]
        )
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
        table=_parts_table(book, found),
        row_labels=labels,
        narrow={"layout": {"xaxis.title.text": ""}},
        xaxis={
            "range": [left, float(full) + (float(full) - left) * 0.05],
            "title": {"text": "得分"},
            "fixedrange": True,
        },
        shapes=_connectors(full, starts),
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        showlegend=True,
        margin={"b": 92, "r": 40},
    )


def dearest(book: ScoreBook, unit_id: str, top: int = 15) -> go.Figure:
    """The indicators that cost the unit most, with the reason in the hover."""
    found = lost_points(book, unit_id)
    if not found:
        return _no_losses(book, unit_id)
    shown = found[:top]
    total = sum((each.lost for each in found), Fraction(0))
    covered = sum((each.lost for each in shown), Fraction(0))
    labels = [f"{_local(each)} {book.indicators[each.cell.indicator].name}" for each in shown]
    traces = []
    components = [_component(book, each) for each in shown]
    for component in [name for name in all_components(book) if name in components]:
        mine = [row for row, each in enumerate(components) if each == component]
        if mine:
            traces.append(
                go.Bar(
                    name=name_of(book, component),
                    orientation="h",
                    x=[float(shown[row].lost) for row in mine],
                    y=mine,
                    text=[gain(book, -shown[row].lost) for row in mine],
                    textposition="outside",
                    textfont={"size": 12, "color": INK},
                    cliponaxis=False,
                    hovertext=[_lost_hover(book, shown[row]) for row in mine],
                    hoverinfo="text",
                    marker={"color": component_colour(book, component)},
                    meta={"component": component, "indicators": [shown[row].cell.indicator for row in mine]},
                )
            )
    first = book.indicators[found[0].cell.indicator].name
    if len(shown) == len(found):
        title = f"{len(found)} 项指标失分，合计 {amount(book, total)} 分；最多的是“{first}”"
    else:
        title = f"{len(found)} 项指标失分；最多的 {len(shown)} 项占 {percent(covered / total)}，首位是“{first}”"
    return figure(
        traces,
        about=[book],
        title=title,
        says="条形长度为该指标少得的分（已折算到总分）；光标停留可看理由，下表列出全文",
        height=rows(len(shown), row=ROW),
        table=losses_table(book, unit_id),
        row_labels=labels,
        narrow={"layout": {"xaxis.title.text": ""}},
        xaxis={"title": {"text": "失分"}, "range": [0, float(shown[0].lost) * 1.12], "fixedrange": True},
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        showlegend=len(traces) > 1,
        margin={"b": 92 if len(traces) > 1 else 60, "r": 48},
    )


def loss_title(book: ScoreBook, unit_id: str) -> str:
    """How much was lost, and where most."""
    unit = book.unit(unit_id)
    if not unit.rated:
        return f"{unit.name}没有总分"
    full = book.groups[unit.group].full
    if not full:
        return f"{unit.name}总分 {amounts.total(book, unit)} 分"
    lost = full - unit.total
    if lost <= 0:
        return f"{unit.name}没有失分"
    if not adds_up(book, unit.group):
        return f"{unit.name}总分 {amounts.total(book, unit)} 分，{full_total(book, unit)}"
    headings = [part for part in parts(book, unit_id) if part.component != CONVERSION]
    most = max(headings, key=lambda part: part.lost)
    if len(headings) == 1 and most.id == book.groups[unit.group].score:
        return f"{unit.name}距满分 {amount(book, lost)} 分"
    mostly = f"其中{_part_label(book, most)}失分最多，为 {amount(book, most.lost)} 分"
    return f"{unit.name}距满分 {amount(book, lost)} 分，{mostly}"


def _shown_as(book: ScoreBook, group: str, part: Part) -> str:
    """The component in whose colour a part is drawn."""
    return part.component if part.component == CONVERSION else component_of(book, part.component, group)


def _no_steps(book: ScoreBook, unit: UnitResult) -> str:
    """Why nothing leads from the full mark to the total, step by step."""
    if not unit.rated:
        return "缺少计算总分所需的数据。"
    if not book.groups[unit.group].full:
        return "办法没有规定总分的满分，不逐项列出失分。"
    return f"总分不是各部分相加得来，各部分的失分不能加成总分的失分；{full_total(book, unit)}。"


def _no_losses(book: ScoreBook, unit_id: str) -> go.Figure:
    """Nothing was lost; or nobody can say how much of the total: then what the total would be is in the table."""
    if any(cell.lost for cell in book.cells_of(unit_id)):
        says = "总分不是各项相加得来，各项的失分不能折成总分的失分；下表列出某一项得满分时的总分。"
        return empty([book], "各项失分不能折成总分的失分", says, table=if_full_table(book, unit_id))
    if not any(cell.max_points for cell in book.cells_of(unit_id) if cell.applicable):
        return empty([book], "没有可列的失分", "各项没有规定满分。")
    return empty([book], "没有失分的指标", "各项适用指标均得满分或超过满分。")


def _by_component(found: list[Part]) -> list[Part]:
    """Components in the regulation's order, inside each the dearest heading first."""
    order = list(dict.fromkeys(part.component for part in found))
    return sorted(found, key=lambda part: (order.index(part.component), -part.lost))


def _part_label(book: ScoreBook, part: Part) -> str:
    return heading_name(book, part.component, part.name)


def _part_hover(book: ScoreBook, part: Part, dear: list[LostPoints]) -> str:
    head = f"{_part_label(book, part)}：{gain(book, -part.lost)} 分"
    if part.component == CONVERSION:
        return hover(head, "本单位满分与条文满分不同、封顶等造成的差额")
    reached = f"{amount(book, part.points, [part.full])} / {plain(part.full)} 分"
    mine = [each for each in dear if book.indicators[each.cell.indicator].section == part.id]
    lost = [f"{book.indicators[each.cell.indicator].name} {gain(book, -each.lost)}" for each in mine[:6]]
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


def _parts_table(book: ScoreBook, found: list[Part]) -> Html:
    lines = [
        [
            Cell(_part_label(book, part), name="name"),
            number(part.full),
            number(part.points, [part.full], book.finest),
            _lost(part.lost),
        ]
        for part in found
    ]
    return table(["部分", *(Head(name, number=True) for name in ("满分", "得分", "失分"))], lines,
                 caption="已折算到总分")  # fmt: skip


def _lost(value: Fraction) -> Cell:
    return Cell(signed(-value), sort=float(-value), number=True)


def _component(book: ScoreBook, each: LostPoints) -> str:
    return component_of(book, each.cell.indicator, book.unit(each.cell.unit).group)


def _local(each: LostPoints) -> str:
    """D03.T12 → T12: the unit is known."""
    return each.cell.indicator.removeprefix(f"{each.cell.unit}.")


def _lost_hover(book: ScoreBook, each: LostPoints) -> str:
    cell, info = each.cell, book.indicators[each.cell.indicator]
    raw = f"得 {amounts.reached(book, cell)} 分"
    converted = f"，折算到总分少 {amount(book, each.lost)} 分" if each.lost != cell.lost else ""
    return hover(
        f"{_local(each)} {info.name}", raw + converted, short(cell.reason, HOVER), *cell.ahead[:1], info.clause
    )
