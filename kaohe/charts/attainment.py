"""Where units fall short: unit × heading, as the share of what the unit could get there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.breakdown import Column, Share, attainment, joined
from kaohe.charts.amounts import amount
from kaohe.charts.html import Cell, Head, Html, table
from kaohe.charts.notation import figure_text, names, percent, plain, short
from kaohe.charts.parts import component_prefix, short_prefix
from kaohe.charts.ranking import rank_labels
from kaohe.charts.style import BLANK, INK, LOW_TO_FULL, SOFT, empty, figure, hover, rows
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES
from kaohe.scoring.components import item_name

Grid = dict[str, dict[str, Share]]
ALL = "合计"
"""The row of all units together."""


def heatmap(book: ScoreBook, group: str) -> go.Figure:
    """A row a unit by rank and one of them all together, a column a heading; blank where it does not apply.

    Inside each component the heading of which least was reached stands first, so that the dark cells gather at the
    left. Tasks of units' own are no columns: no two units share one (`kaohe.charts.tasks`).
    """
    units = book.ranking(group)
    columns, grid = attainment(book, group)
    columns = weakest_first([column for column in columns if not column.task], grid)
    if not units or not columns:
        known = any(full for info in book.indicators.values() for full in info.fulls.values())
        why = f"{book.spoken.this}这一组没有适用的指标。" if known else "各部分没有规定满分，不能比较得分占满分的比例。"
        return empty([book], f"{book.groups[group].name}：没有可比的得分", why)
    shares = [[grid[unit.unit_id].get(column.id) for column in columns] for unit in units]
    texts = [[_number(share) for share in row] for row in shares]
    hovers = [
        [_hover(book, unit, column, share) for column, share in zip(columns, row, strict=True)]
        for unit, row in zip(units, shares, strict=True)
    ]
    z = [[None if share is None else float(share.share) for share in row] for row in shares]
    if len(units) > 1:
        together = joined(grid, units)
        z.append([float(together[column.id].share) for column in columns])
        texts.append([_number(together[column.id]) for column in columns])
        hovers.append([_hover_all(book, column, together[column.id], len(units)) for column in columns])
    return figure(
        [grid_cells(units, columns, z, texts, hovers, zmin=0, zmax=1, colorscale=LOW_TO_FULL)],
        about=[book],
        title=title(book, group, columns, grid),
        says=_how_to_read(len(units)),
        height=rows(len(z)) + 8,
        table=_table(book, units, columns, grid),
        row_units=[unit.unit_id for unit in units],
        row_labels=[*rank_labels(units), *([ALL] if len(units) > 1 else [])],
        **column_layout(book, columns),
    )


def grid_cells(
    units: list[UnitResult],
    columns: list[Column],
    z: list[list[float | None]],
    texts: list[list[str]],
    hovers: list[list[str]],
    **colours: Any,
) -> go.Heatmap:
    """The cells of a unit × heading grid, row by row; `colours`: what its colours run from and to."""
    return go.Heatmap(
        x=list(range(len(columns))),
        y=list(range(len(z))),
        z=z,
        showscale=False,
        text=texts,
        texttemplate="%{text}",
        textfont={"size": 11 if _slanted(columns) else 12},
        hovertext=hovers,
        hoverinfo="text",
        hoverongaps=True,
        xgap=2,
        ygap=2,
        meta={"units": [unit.unit_id for unit in units], "columns": [column.id for column in columns]},
        **colours,
    )


def weakest_first(columns: list[Column], grid: Grid) -> list[Column]:
    """Components stay in the regulation's order."""
    order = list(dict.fromkeys(column.component for column in columns))
    pooled = {column.id: _pooled(column, grid) for column in columns}
    return sorted(columns, key=lambda each: (order.index(each.component), pooled[each.id]))


def _pooled(column: Column, grid: Grid) -> Fraction:
    """What the group reached of a heading together: of the full marks of all to whom it applies."""
    mine = [row[column.id] for row in grid.values() if column.id in row]
    full = sum((share.full for share in mine), Fraction(0))
    return sum((share.points for share in mine), Fraction(0)) / full if full else Fraction(1)


def weakest(columns: list[Column], grid: Grid) -> tuple[list[Column], Fraction] | None:
    """The headings of which the group reached the smallest share; None where nothing is lost."""
    pooled = [(column, _pooled(column, grid)) for column in columns]
    least = min((share for _, share in pooled), default=Fraction(1))
    return ([column for column, share in pooled if share == least], least) if least < 1 else None


def title(book: ScoreBook, group: str, columns: list[Column], grid: Grid) -> str:
    """The column of which least was reached, as the row of all together has it, and how many units are under half."""
    name, found = book.groups[group].name, weakest(columns, grid)
    if found is None:
        return f"{name}：各部分均得满分"
    least, share = found
    low = [unit for unit in book.ranking(group) if any(_is_low(grid[unit.unit_id].get(each.id)) for each in least)]
    more = f"，其中 {len(low)} 个单位不到一半" if low else ""
    said = names((f"{_above(book, each)}“{short(each.name, 12)}”" for each in least), 3, of="部分")
    asked = sum(any(each.id in row for each in least) for row in grid.values())
    return f"{name}得分率最低的是{said}：适用的 {asked} 个单位合计得到满分的 {percent(share)}{more}"


def _above(book: ScoreBook, column: Column) -> str:
    return "" if column.component == column.id else component_prefix(book, column.component)


def _is_low(share: Share | None) -> bool:
    return share is not None and share.share * 2 < 1


def _how_to_read(count: int) -> str:
    says = "格内为得分占该单位该部分满分的百分比，颜色越醒目得分率越低，“–”为不适用；单位按名次、各部分按得分率排列"
    return f"{says}；末行为 {count} 个单位合计" if count > 1 else says


def _hover_all(book: ScoreBook, column: Column, share: Share, count: int) -> str:
    head = f"{count} 个单位合计：{column.name} {amount(book, share.points)} / {plain(share.full)} 分"
    return hover(f"{head}（{percent(share.share, 1)}）", "不适用的单位不计入")


def _table(book: ScoreBook, units: list[UnitResult], columns: list[Column], grid: Grid) -> Html:
    lines = [[_text(grid[unit.unit_id].get(column.id)) for column in columns] for unit in units]
    named = [unit.name for unit in units]
    if len(units) > 1:
        together = joined(grid, units)
        lines.append([_text(together[column.id]) for column in columns])
        named.append(ALL)
    return grid_table(book, named, columns, lines)


def _hover(book: ScoreBook, unit: UnitResult, column: Column, share: Share | None) -> str:
    if share is None:
        return hover(f"{unit.name}：{column.name}", _why_absent(book, unit, column))
    got = f"{amount(book, share.points)} / {plain(share.full)} 分（{percent(share.share, 1)}）"
    head = f"{unit.name}：{column.name} {got}"
    losses = sorted((cell for cell in share.cells if cell.lost), key=lambda cell: -cell.lost)
    lost = [f"{book.indicators[cell.indicator].name} {amount(book, -cell.lost)}" for cell in losses[:4]]
    if len(losses) > 4:
        lost.append(f"等 {len(losses)} 项")
    states = {cell.status for cell in share.cells} & {"missing", "disputed"}
    return hover(
        head,
        f"失分：{'、'.join(lost)}" if lost else "没有失分",
        *(f"其中有{STATUS_NAMES[state]}的指标" for state in sorted(states)),
    )


def _why_absent(book: ScoreBook, unit: UnitResult, column: Column) -> str:
    """By the text, by a reading, by an exemption."""
    mine = [cell for cell in book.cells_of(unit.unit_id) if book.indicators[cell.indicator].section == column.id]
    reasons = dict.fromkeys(cell.reason for cell in mine if cell.reason)
    return "；".join(["不适用", *reasons]) if mine else "没有这一项"


def _number(share: Share | None) -> str:
    """What stands in a cell: a percentage without its sign, so that many columns fit on a page."""
    if share is None:
        return "–"
    return "满" if share.share == 1 else percent(share.share).rstrip("%")


def _text(share: Share | None) -> str:
    return "–" if share is None else percent(share.share, 1)


def grid_table(book: ScoreBook, named: list[str], columns: list[Column], texts: list[list[str]]) -> Html:
    """A unit × heading grid as a table of the same texts."""
    heads = ["单位", *(Head(column_name(book, column), number=True) for column in columns)]
    lines = [[name, *(Cell(text, number=True) for text in row)] for name, row in zip(named, texts, strict=True)]
    return table(heads, lines)


def column_name(book: ScoreBook, column: Column) -> str:
    before = "" if column.component == column.id else short_prefix(book, column.component)
    return f"{before}·{column.name}" if before else column.name


def _slanted(columns: list[Column]) -> bool:
    return len(columns) > 8


def column_layout(book: ScoreBook, columns: list[Column]) -> dict[str, Any]:
    """The layout of a grid's columns: names over them, components under them and divided by lines.

    On a phone the page turns the grid: headings down, units across.
    """
    longest = max(len(short(column.name, 9)) for column in columns)
    return {
        "narrow": {"turned": True},
        "above": round(9.5 * longest) + 22 if _slanted(columns) else 30,
        "xaxis": {
            "side": "top",
            "tickmode": "array",
            "tickvals": list(range(len(columns))),
            "ticktext": [figure_text(short(column.name, 9)) for column in columns],
            "tickangle": -50 if _slanted(columns) else 0,
            "range": [-0.5, len(columns) - 0.5],
            "showgrid": False,
            "fixedrange": True,
            "tickfont": {"size": 12},
            "ticklabeloverflow": "allow",
        },
        "plot_bgcolor": BLANK,
        "shapes": _dividers(book, columns),
        "annotations": _component_heads(book, columns),
        "margin": {"b": 44 if len(_spans(book, columns)) > 1 else 20, "r": 72 if _slanted(columns) else 24},
    }


def _spans(book: ScoreBook, columns: list[Column]) -> list[tuple[str, int, int]]:
    """Runs of columns that belong together: name, first, last."""
    spans: list[tuple[str, int, int]] = []
    for place, column in enumerate(columns):
        name = _span_name(book, column)
        if spans and spans[-1][0] == name:
            spans[-1] = (name, spans[-1][1], place)
        else:
            spans.append((name, place, place))
    return spans


def _span_name(book: ScoreBook, column: Column) -> str:
    """A column's component; none where every column is a component of its own."""
    return "" if column.component == column.id else item_name(book, column.component)


def _dividers(book: ScoreBook, columns: list[Column]) -> list[dict[str, Any]]:
    return [
        {
            "type": "line",
            "x0": first - 0.5,
            "x1": first - 0.5,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": INK, "width": 2},
        }
        for _, first, _ in _spans(book, columns)[1:]
    ]


def _component_heads(book: ScoreBook, columns: list[Column]) -> list[dict[str, Any]]:
    """The components' names, under the grid."""
    spans = _spans(book, columns)
    if len(spans) < 2:
        return []
    return [
        {
            "x": (first + last) / 2,
            "y": 0,
            "yref": "paper",
            "yanchor": "top",
            "yshift": -6,
            "showarrow": False,
            "text": f"<b>{figure_text(short(name, max(3, 3 * (last - first + 1))))}</b>",
            "font": {"size": 13, "color": SOFT},
        }
        for name, first, last in spans
    ]
