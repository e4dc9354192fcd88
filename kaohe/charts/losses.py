"""Where points were lost, heading by heading: one sorted bar each, with the peers' median ticked."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.breakdown import CONVERSION, LostPoints, Part, adds_up, full_total, lost_points, name_of
from kaohe.analysis.exact import mean
from kaohe.analysis.lost import Loss, dearest_of, losses_in, losses_of
from kaohe.charts import amounts
from kaohe.charts.amounts import amount, gain, gain_cell
from kaohe.charts.html import Cell, Head, Html, number, table
from kaohe.charts.notation import figure_text, names, plain, short
from kaohe.charts.palette import component_marker, rows_by_component
from kaohe.charts.parts import heading_name
from kaohe.charts.style import INK, PAPER, SOFT, beside_rows, empty, figure, hover, room_beside, rows
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.components import component_of

ROW = 27
MOST_ROWS = 26
"""Headings drawn one by one; of more, those that cost least are left to the table."""


def losses(book: ScoreBook, unit_id: str) -> go.Figure:
    """A bar a heading, dearest first; the tick is what its peers lost of it at the median."""
    unit = book.unit(unit_id)
    every = losses_of(book, unit_id)
    found = [each for each in every if each.points]
    if not found or found[0].points < 0:
        return empty([book], loss_title(book, unit_id), _no_losses(book, unit))
    dear, group = lost_points(book, unit_id), book.groups[unit.group].name
    shown = found[:MOST_ROWS]
    hovers = [
        hover(*_part_hover(book, each.part, dear), f"{group}中位数 {gain(book, -each.middle)} 分") for each in shown
    ]
    ends = [f"<b>{gain(book, -each.points)}</b>  中位 {gain(book, -each.middle)}" for each in shown]
    left = _left_out(
        [f"没有失分的 {len(every) - len(found)} 部分" if len(every) > len(found) else "", _further(found, shown)]
    )
    return _bars(
        book,
        unit.group,
        shown,
        hovers,
        ends,
        middle=f"{group}中位数",
        title=loss_title(book, unit_id),
        says=f"条形为各部分在总分中少得的分（已折算），从多到少；竖线为{group}中位数{left}",
        table=_unit_table(book, every, group),
    )


def group_losses(book: ScoreBook, group: str) -> go.Figure:
    """A bar a heading: the points the group's units lost of it on average; the tick is the median."""
    every = losses_in(book, group)
    found = [each for each in every if each.points]
    if not found or found[0].points < 0:
        return empty([book], f"{book.groups[group].name}：没有可列的失分", _nothing_in(book, group))
    shown = found[:MOST_ROWS]
    hovers = [
        hover(
            f"{_label(book, each.part)}：平均 {gain(book, -each.points)} 分",
            f"中位数 {gain(book, -each.middle)} 分",
            f"失分最多：{_most(each)} {gain(book, -each.at_most)} 分",
        )
        for each in shown
    ]
    ends = [
        f"<b>{gain(book, -each.points)}</b>  最多 {figure_text(_first(each))} {gain(book, -each.at_most)}"
        for each in shown
    ]
    return _bars(
        book,
        group,
        shown,
        hovers,
        ends,
        middle="中位数",
        title=group_title(book, group),
        says=f"条形为 {len(book.rated(group))} 个单位在总分中平均少得的分（已折算），从多到少；竖线为中位数；"
        f"末端为失分最多的单位{_left_out([_further(found, shown)])}",
        table=_group_table(book, every),
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
    if lost > 0 and not adds_up(book, unit.group):
        return f"{unit.name}总分 {amounts.total(book, unit)} 分，{full_total(book, unit)}"
    found = losses_of(book, unit_id)
    most = dearest_of(found)
    if not most:
        return f"{unit.name}没有失分"
    if len(found) == 1 and found[0].part.id == book.groups[unit.group].score:
        return f"{unit.name}距满分 {amount(book, lost)} 分"
    dearest = f"失分最多的是{_listed(book, most)}，{_each(most)} {amount(book, most[0].points)} 分"
    if lost > 0:
        return f"{unit.name}距满分 {amount(book, lost)} 分，其中{dearest}"
    return f"{unit.name}总分{f'高出满分 {amount(book, -lost)} 分' if lost else '等于满分'}，{dearest}"


def group_title(book: ScoreBook, group: str) -> str:
    """How much the group's units lost on average, and of which heading most."""
    units, most = book.rated(group), dearest_of(losses_in(book, group))
    lost = book.groups[group].full - mean([unit.total for unit in units])
    return (
        f"{book.groups[group].name} {len(units)} 个单位平均失分 {amount(book, lost)} 分，"
        f"失分最多的是{_listed(book, most)}，平均{'各' if len(most) > 1 else ''} {amount(book, most[0].points)} 分"
    )


def _listed(book: ScoreBook, found: Sequence[Loss]) -> str:
    return names((f"“{short(_label(book, each.part))}”" for each in found), 3, of="部分")


def _each(found: Sequence[Loss]) -> str:
    return "各" if len(found) > 1 else "为"


def _most(loss: Loss) -> str:
    return names((unit.name for unit in loss.most), 3)


def _first(loss: Loss) -> str:
    """Who lost most, beside a bar: a long name is cut, not how many there are."""
    return names((short(unit.name, 9) for unit in loss.most), 1, of="个")


def _left_out(said: Sequence[str]) -> str:
    told = "、".join(each for each in said if each)
    return f"；{told}未画出" if told else ""


def _further(found: Sequence[Loss], shown: Sequence[Loss]) -> str:
    return f"另外 {len(found) - len(shown)} 部分" if len(found) > len(shown) else ""


def _bars(
    book: ScoreBook,
    group: str,
    shown: Sequence[Loss],
    hovers: Sequence[str],
    ends: Sequence[str],
    *,
    middle: str,
    title: str,
    says: str,
    table: Html,
) -> go.Figure:
    traces: list[go.Bar | go.Scatter] = []
    for component, mine in rows_by_component(book, [_shown_as(book, group, each.part) for each in shown]):
        traces.append(
            go.Bar(
                name=name_of(book, component),
                orientation="h",
                x=[float(shown[row].points) for row in mine],
                y=mine,
                hovertext=[hovers[row] for row in mine],
                hoverinfo="text",
                marker=component_marker(book, group, component),
                meta={"component": component, "parts": [shown[row].part.id for row in mine]},
            )
        )
    every = list(range(len(shown)))
    middles = [float(each.middle) for each in shown]
    for colour, thick in ((PAPER, 6), (INK, 2.5)):  # an edge, so that it is seen on a dark bar
        traces.append(
            go.Scatter(
                name=middle,
                x=middles,
                y=every,
                mode="markers",
                marker={"symbol": "line-ns", "size": 16, "color": colour, "line": {"color": colour, "width": thick}},
                hovertext=list(hovers),
                hoverinfo="text",
                cliponaxis=False,
                showlegend=colour == INK,
                meta={"middle": [each.part.id for each in shown]} if colour == INK else None,
            )
        )
    values = [value for each in shown for value in (each.points, each.middle)]
    high, low = float(max(values)), float(min(Fraction(0), *values))
    reach = high + (high - low) * 0.02
    traces.append(beside_rows(ends, reach, size=12, meta={"ends": [each.part.id for each in shown]}))
    labels = [_label(book, each.part) for each in shown]
    return figure(
        traces,
        about=[book],
        title=title,
        says=says,
        height=rows(len(shown), row=ROW),
        table=table,
        row_labels=labels,
        narrow={
            "layout": {"xaxis.title.text": "", "xaxis.nticks": 4, "margin.r": 56},
            "traces": {str(len(traces) - 1): {"text": [f" <b>{gain(book, -each.points)}</b>" for each in shown]}},
        },
        xaxis={
            "range": [low, reach],
            "title": {"text": "失分"},
            "fixedrange": True,
            "zeroline": low < 0,
            "zerolinecolor": SOFT,
        },
        margin={"b": 92, "r": room_beside(ends, 12)},
    )


def _shown_as(book: ScoreBook, group: str, part: Part) -> str:
    """The component in whose colour a part is drawn."""
    return part.component if part.component == CONVERSION else component_of(book, part.component, group)


def _label(book: ScoreBook, part: Part) -> str:
    return heading_name(book, part.component, part.name)


def _no_losses(book: ScoreBook, unit: UnitResult) -> str:
    """Why there is no bar."""
    full = book.groups[unit.group].full
    if not unit.rated:
        return "缺少计算总分所需的数据。"
    if not full:
        return "办法没有规定总分的满分，不逐项列出失分。"
    if not adds_up(book, unit.group):
        return f"总分不是各部分相加得来，各部分的失分不能加成总分的失分；{full_total(book, unit)}。"
    how = "高于" if unit.total > full else "等于"
    return f"总分{how}满分 {plain(full)} 分，没有一部分失分。"


def _nothing_in(book: ScoreBook, group: str) -> str:
    if not book.rated(group):
        return f"{book.spoken.this}没有这一组的、有总分的单位。"
    if not book.groups[group].full:
        return "办法没有规定总分的满分，不逐项列出失分。"
    if not adds_up(book, group):
        return "总分不是各部分相加得来，各部分的失分不能加成总分的失分。"
    return "各单位的各部分平均都没有失分。"


def _part_hover(book: ScoreBook, part: Part, dear: Sequence[LostPoints]) -> list[str]:
    head = f"{_label(book, part)}：{gain(book, -part.lost)} 分"
    if part.component == CONVERSION:
        return [head, "本单位满分与条文满分不同、封顶等造成的差额"]
    reached = f"{amount(book, part.points, [part.full])} / {amount(book, part.full)} 分"
    mine = [each for each in dear if book.indicators[each.cell.indicator].section == part.id]
    lost = [f"{book.indicators[each.cell.indicator].name} {gain(book, -each.lost)}" for each in mine[:6]]
    more = f"等 {len(mine)} 项" if len(mine) > 6 else ""
    return [head, reached, "、".join(lost) + more]


def _unit_table(book: ScoreBook, found: Sequence[Loss], group: str) -> Html:
    lines = [
        [
            Cell(_label(book, each.part), name="name"),
            number(each.part.full),
            number(each.part.points, [each.part.full], book.finest),
            gain_cell(book, -each.points),
            gain_cell(book, -each.middle),
        ]
        for each in found
    ]
    heads = ("满分", "得分", "失分", f"{group}失分中位数")
    return table(["部分", *(Head(name, number=True) for name in heads)], lines, caption="已折算到总分")


def _group_table(book: ScoreBook, found: Sequence[Loss]) -> Html:
    lines = [
        [
            Cell(_label(book, each.part), name="name"),
            gain_cell(book, -each.points),
            gain_cell(book, -each.middle),
            gain_cell(book, -each.at_most),
            _most(each),
        ]
        for each in found
    ]
    heads = [*(Head(name, number=True) for name in ("平均失分", "中位数", "最多")), "失分最多的单位"]
    return table(["部分", *heads], lines, caption="已折算到总分")
