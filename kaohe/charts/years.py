"""Years side by side: how ranks and totals went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import plotly.graph_objs as go

from kaohe.analysis.exact import mean
from kaohe.analysis.movement import last_two_years, origins, pool_of
from kaohe.charts import amounts
from kaohe.charts.amounts import gain, like_total
from kaohe.charts.change import pool_said
from kaohe.charts.notation import figure_text, names, short, width
from kaohe.charts.outcomes import repeating
from kaohe.charts.ranking import rank_labels
from kaohe.charts.style import (
    DOWN,
    FAINT,
    GRADE_COLOURS,
    GRID,
    INK,
    PAPER,
    STILL,
    UP,
    empty,
    figure,
    hover,
    rows,
    year_shades,
)
from kaohe.charts.tables import years_table
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import forebears

FAR = 3
"""Ranks a unit has to move, first year to last, to be drawn in colour."""


def rank_history(books: Sequence[ScoreBook], group: str) -> go.Figure:
    """A line a unit over the years, its rank in each mark."""
    books = sorted(books, key=lambda book: book.year)
    name = books[-1].groups[group].name if group in books[-1].groups else group
    orders = [book.rated(group) if group in book.groups else [] for book in books]
    ids = list(dict.fromkeys(unit.unit_id for order in reversed(orders) for unit in order))
    if len(books) < 2 or not ids:
        return empty(
            books,
            f"{name}：只有{books[-1].spoken.count('一')}，没有可比的名次",
            f"有{books[-1].spoken.count('两')}以上的数据后，这里画出名次的变化。",
        )
    places = [{unit.unit_id: row for row, unit in enumerate(order)} for order in orders]
    repeated = repeating(books)
    twice = last_two_years(list(books)) if repeated else {}
    squares = f"，方块为{repeated.heading}" if repeated else ""
    traces = []
    for unit_id in ids:
        mine = [(x, orders[x][place[unit_id]], place[unit_id]) for x, place in enumerate(places) if unit_id in place]
        traces.append(_history(unit_id, mine, books, twice.get(unit_id, [])))
    traces += _mergers(books, orders, places)
    traces.sort(key=lambda trace: trace.line.color != STILL)
    ends = [_names(orders[0], 0, "middle left"), _names(orders[-1], len(books) - 1, "middle right")]
    room = [round(13.5 * max((width(text) for text in trace.text), default=0)) + 24 for trace in ends]
    count = max(len(order) for order in orders)
    return figure(
        [*traces, *ends],
        about=books,
        title=history_title(books, group),
        says=f"圆点内为当年名次{squares}；蓝线首尾相比上升 {FAR} 位以上，橙线下降 {FAR} 位以上"
        + ("，虚线为合并" if any(trace.line.dash for trace in traces) else ""),
        height=rows(count, row=34),
        table=years_table(books, group),
        narrow={
            "layout": {"margin.l": 76, "margin.r": 76},
            "traces": {
                str(len(traces)): {"text": [f"{name}    " for name in _short_names(orders[0])]},
                str(len(traces) + 1): {"text": [f"    {name}" for name in _short_names(orders[-1])]},
            },
        },
        above=20,
        xaxis={
            "range": [0, len(books) - 1],
            "tickmode": "array",
            "tickvals": list(range(len(books))),
            "ticktext": [f"<b>{book.year}</b>{_if_invented(book, books)}" for book in books],
            "side": "top",
            "showgrid": False,
            "fixedrange": True,
        },
        yaxis={"range": [count - 0.5, -0.5], "visible": False, "fixedrange": True},
        margin={"l": room[0], "r": room[1], "b": 20},
        showlegend=False,
    )


def totals(books: Sequence[ScoreBook], group: str) -> go.Figure:
    """A row a unit by the last year's rank, a dot a year."""
    books = sorted(books, key=lambda book: book.year)
    latest = books[-1]
    name = latest.groups[group].name if group in latest.groups else group
    units = latest.rated(group)
    if not units:
        return empty(books, f"{name}：没有单位", f"{latest.spoken.latest}没有这一组的、有总分的单位。")
    by_year = origins(books, group)
    every = [each.total for year in by_year for found in year.values() for each in found if each.rated]
    low, high = float(min(every)), float(max(every))
    space = max((high - low) * 0.06, float(latest.groups[group].full or high) / 200)
    traces = [_spans(units, by_year)]
    for book, found, colour in zip(books, by_year, year_shades(len(books)), strict=True):
        mine = [(row, each) for row, unit in enumerate(units) for each in found.get(unit.unit_id, ()) if each.rated]
        traces.append(
            go.Scatter(
                name=year_said(book.year),
                x=[float(unit.total) for _, unit in mine],
                y=[row for row, _ in mine],
                mode="markers",
                marker={"size": 13, "color": colour, "line": {"color": PAPER, "width": 1}},
                hovertext=[
                    hover(
                        units[row].name,
                        f"{year_said(book.year)}{_if_other(unit, units[row])}",
                        "，".join(
                            filter(
                                None,
                                [
                                    f"{amounts.total(book, unit)} 分",
                                    f"第 {unit.rank} 名",
                                    unit.grade,
                                ],
                            )
                        ),
                    )
                    for row, unit in mine
                ],
                hoverinfo="text",
                cliponaxis=False,
                meta={"year": book.year, "units": [unit.unit_id for _, unit in mine]},
            )
        )
    return figure(
        traces,
        about=books,
        title=totals_title(books, group),
        says=f"每个圆点为{latest.spoken.count('一')}的总分，颜色越醒目年份越近；单位按{latest.spoken.latest}的名次排列"
        + ("，合并而成的单位画出合并前各单位" if any(len(f) > 1 for y in by_year for f in y.values()) else ""),
        height=rows(len(units)),
        table=years_table(books, group),
        row_labels=rank_labels(units),
        xaxis={"range": [low - space, high + space], "title": {"text": "总分"}, "fixedrange": True},
        yaxis={"showgrid": True, "gridcolor": FAINT},
        margin={"b": 92},
    )


def history_title(books: Sequence[ScoreBook], group: str) -> str:
    """Who went up or down most from the first year to the last, and who is last twice running."""
    books = sorted(books, key=lambda book: book.year)
    name = books[-1].groups[group].name
    first = origins(books, group)[0]
    moved = [(was.rank - unit.rank, unit) for unit in books[-1].rated(group) for was in _alone(first[unit.unit_id])]
    parts = []
    for sign, word in ((1, "升"), (-1, "降")):
        far = max((sign * climbed for climbed, _ in moved), default=0)
        if far > 0:
            parts.append(f"{names(unit.name for climbed, unit in moved if sign * climbed == far)}{word} {far} 位")
    repeated = repeating(books)
    twice = last_two_years(list(books)) if repeated else {}
    last = [unit.name for unit in books[-1].ranking(group) if books[-1].year in twice.get(unit.unit_id, ())]
    parts += [f"{names(last)}{repeated.name}"] if last and repeated else []
    pool = pool_of(books[0].ranking(group), first)
    ending = f"；{pool_said(pool)}" if pool.changed else ""
    span = f"{books[0].year} 至 {books[-1].year}"
    return f"{name} {span}：{'；'.join(parts) if parts else '名次没有变化'}{ending}"


def _alone(found: Sequence[UnitResult]) -> Sequence[UnitResult]:
    """Who a unit was, where it was one: nobody had the rank of one that was merged."""
    return found if len(found) == 1 else ()


def totals_title(books: Sequence[ScoreBook], group: str) -> str:
    """How the group's mean total went."""
    books = sorted(books, key=lambda book: book.year)
    name = books[-1].groups[group].name
    means = [(book.year, mean([unit.total for unit in book.rated(group)])) for book in books if book.rated(group)]
    if not means:
        return f"{name}：没有总分"
    if len(means) < 2:
        return f"{name}：平均总分 {like_total(books[-1], group, means[-1][1])} 分"
    (first, then), (last, now) = means[0], means[-1]
    means_said = (like_total(books[-1], group, one, [other]) for one, other in ((then, now), (now, then)))
    ends = (f"{year_said(year)} {said} 分" for year, said in zip((first, last), means_said, strict=True))
    return f"{name}平均总分 {'，'.join(ends)}（{gain(books[-1], now - then)}）"


def _history(
    unit_id: str, mine: list[tuple[int, UnitResult, int]], books: Sequence[ScoreBook], twice: list[str]
) -> go.Scatter:
    climbed = mine[0][1].rank - mine[-1][1].rank
    colour = UP if climbed >= FAR else DOWN if climbed <= -FAR else STILL
    flagged = [books[x].year in twice for x, _, _ in mine]
    return go.Scatter(
        x=[x for x, _, _ in mine],
        y=[row for _, _, row in mine],
        mode="lines+markers+text",
        line={"color": colour, "width": 3 if colour != STILL else 1.6},
        marker={
            "size": 22,
            "symbol": ["square" if flag else "circle" for flag in flagged],
            "color": [GRADE_COLOURS["fail"] if flag else colour if colour != STILL else FAINT for flag in flagged],
            "line": {"color": PAPER, "width": 1},
        },
        text=[str(unit.rank) for _, unit, _ in mine],
        textposition="middle center",
        textfont={
            "size": 12,
            "color": [PAPER if flag or colour != STILL else INK for flag in flagged],
        },
        hovertext=[
            hover(
                f"{unit.name}：{year_said(books[x].year)}第 {unit.rank} 名",
                "，".join(filter(None, [f"总分 {amounts.total(books[x], unit)}", unit.grade])),
                "连续两年排在末位" if flag else "",
            )
            for (x, unit, _), flag in zip(mine, flagged, strict=True)
        ],
        hoverinfo="text",
        cliponaxis=False,
        showlegend=False,
        meta={"unit": unit_id, "ranks": [unit.rank for _, unit, _ in mine]},
    )


def _names(order: list[UnitResult], x: int, where: str) -> go.Scatter:
    return go.Scatter(
        x=[x] * len(order),
        y=list(range(len(order))),
        mode="text",
        text=[
            f"     {figure_text(short(unit.name, 12))}"
            if where.endswith("right")
            else f"{figure_text(short(unit.name, 12))}     "
            for unit in order
        ],
        textposition=where,
        textfont={"size": 13},
        hoverinfo="skip",
        cliponaxis=False,
        showlegend=False,
    )


def _short_names(order: list[UnitResult]) -> list[str]:
    return [figure_text(short(unit.name, 5)) for unit in order]


def _mergers(
    books: Sequence[ScoreBook], orders: list[list[UnitResult]], places: list[dict[str, int]]
) -> Iterator[go.Scatter]:
    """A dotted line from each unit to the one it was merged into the year after."""
    for x, (before, after) in enumerate(pairwise(books)):
        for unit in orders[x + 1]:
            for was in forebears(before, after, unit.unit_id):
                if was.unit_id != unit.unit_id:
                    yield go.Scatter(
                        x=[x, x + 1],
                        y=[places[x][was.unit_id], places[x + 1][unit.unit_id]],
                        mode="lines",
                        line={"color": STILL, "width": 1.6, "dash": "dot"},
                        hovertext=[hover(f"{was.name}并入{unit.name}", f"合并前第 {was.rank} 名")] * 2,
                        hoverinfo="text",
                        showlegend=False,
                        meta={"merged": [was.unit_id, unit.unit_id]},
                    )


def _if_invented(book: ScoreBook, among: Sequence[ScoreBook]) -> str:
    """What marks an invented year beside real ones."""
    return "（演示）" if book.synthetic and not all(each.synthetic for each in among) else ""


def _if_other(unit: UnitResult, now: UnitResult) -> str:
    """The name it had, for one merged into another since."""
    return f" {unit.name}" if unit.unit_id != now.unit_id else ""


def _spans(units: list[UnitResult], by_year: list[dict[str, list[UnitResult]]]) -> go.Scatter:
    x: list[float | None] = []
    y: list[int | None] = []
    for row, unit in enumerate(units):
        values = [float(each.total) for year in by_year for each in year[unit.unit_id]]
        x += [min(values), max(values), None]
        y += [row, row, None]
    return go.Scatter(x=x, y=y, mode="lines", line={"color": GRID, "width": 4}, hoverinfo="skip", showlegend=False)
