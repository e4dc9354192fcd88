"""One unit: the indicators that cost it most."""

from __future__ import annotations

from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.breakdown import LostPoints, lost_points, name_of
from kaohe.charts import amounts
from kaohe.charts.amounts import amount, gain
from kaohe.charts.notation import names, percent, short
from kaohe.charts.palette import component_marker, rows_by_component
from kaohe.charts.points import if_full_table, losses_table
from kaohe.charts.style import HOVER, INK, empty, figure, hover, rows
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.components import component_of

ROW = 29


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
    for component, mine in rows_by_component(book, [_component(book, each) for each in shown]):
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
                marker=component_marker(book, book.unit(unit_id).group, component),
                meta={"component": component, "indicators": [shown[row].cell.indicator for row in mine]},
            )
        )
    most = [book.indicators[each.cell.indicator].name for each in found if each.lost == found[0].lost]
    said = names((f"“{short(name)}”" for name in most), 3, of="项")
    first = f"最多的是{said}，{'各' if len(most) > 1 else '为'} {amount(book, found[0].lost)} 分"
    if len(shown) == len(found):
        title = f"{len(found)} 项指标失分，合计 {amount(book, total)} 分；{first}"
    else:
        title = f"{len(found)} 项指标失分；图中 {len(shown)} 项占其中 {percent(covered / total)}，{first}"
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
        showlegend=len(traces) > 1,
        margin={"b": 92 if len(traces) > 1 else 60, "r": 48},
    )


def _no_losses(book: ScoreBook, unit_id: str) -> go.Figure:
    """Nothing was lost; or nobody can say how much of the total: then what the total would be is in the table."""
    if any(cell.lost for cell in book.cells_of(unit_id)):
        says = "总分不是各项相加得来，各项的失分不能折成总分的失分；下表列出某一项得满分时的总分。"
        return empty([book], "各项失分不能折成总分的失分", says, table=if_full_table(book, unit_id))
    if not any(cell.max_points for cell in book.cells_of(unit_id) if cell.applicable):
        return empty([book], "没有可列的失分", "各项没有规定满分。")
    return empty([book], "没有失分的指标", "各项适用指标均得满分或超过满分。")


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
