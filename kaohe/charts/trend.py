"""Pick an item and see every unit over the years: a dot a year on a line, and the points in columns beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.movement import origins
from kaohe.analysis.trend import Item, Reached, items_of, reached, unlike
from kaohe.charts.html import Cell, Content, Head, Html, number, small, table
from kaohe.charts.notation import figure_text, names, plain, short, two
from kaohe.charts.ranking import rank_labels
from kaohe.charts.style import FAINT, GRID, INK, PAPER, SOFT, empty, figure, hover, rows, year_shades
from kaohe.scheme.years import year_said, years_said
from kaohe.scoring.book import ScoreBook, UnitResult

Points = Mapping[tuple[str, str], Reached]
Year = dict[str, list[tuple[UnitResult, Points]]]
"""Unit of the latest year → who it was in a year (several where it was merged), with all points."""

SPLIT = (0.6, 0.64)
"""Where the dots end and the columns begin."""
MENU = 46
"""Pixels above the drawing for what one picks from."""
MADE_UP = "（演示）"
OTHER = "※"
"""Marks points that are not of the same kind as the latest year's."""


def trend(books: Sequence[ScoreBook], group: str) -> go.Figure:
    """Rows are the units of the latest year by rank; renamed and merged ones are followed back."""
    books = sorted(books, key=lambda book: book.year)
    latest = books[-1]
    name = latest.groups[group].name if group in latest.groups else group
    units = latest.ranking(group)
    if not units:
        return empty(books, f"{name}：没有单位", f"{latest.spoken.latest}没有这一组的单位。")
    years = _years(books, group)
    items = items_of(books, group)
    looks = [_Look(books, years, units, group, item) for item in items]
    first = looks[0]
    return figure(
        [_line(first), *_dots(first), *_columns(first)],
        about=books,
        title=f"{name}：各单位历年的每一项得分",
        says=_says(books, years),
        height=rows(len(units)) + 26,
        table=trend_table(books, group),
        row_labels=rank_labels(units),
        above=MENU + 30,
        updatemenus=[
            {
                "buttons": [_button(look) for look in looks],
                "direction": "down",
                "x": 0,
                "xanchor": "left",
                "y": 1,
                "yanchor": "bottom",
                "pad": {"b": 30, "l": 4},
                "bgcolor": PAPER,
                "bordercolor": SOFT,
                "font": {"size": 13, "color": INK},
                "showactive": True,
            }
        ],
        annotations=[first.note],
        xaxis={"domain": [0, SPLIT[0]], "title": {"text": "得分"}, "fixedrange": True, "nticks": 7},
        xaxis2={
            "domain": [SPLIT[1], 1],
            "anchor": "y",
            "side": "top",
            "range": [-0.5, len(books) - 0.5],
            "tickmode": "array",
            "tickvals": list(range(len(books))),
            "ticktext": [f"<b>{_year(book)}</b>" for book in books],
            "showgrid": False,
            "fixedrange": True,
        },
        yaxis={"showgrid": True, "gridcolor": FAINT},
        margin={"b": 116},
        narrow={
            "layout": {
                "xaxis.title.text": "",
                "xaxis.domain": [0, 0.4],
                "xaxis.nticks": 3,
                "xaxis2.domain": [0.44, 1],
                "xaxis2.ticktext": [f"{book.year[2:4]}-{book.year[7:9]}" for book in books],
            }
        },
    )


def trend_table(books: Sequence[ScoreBook], group: str) -> Html:
    """Every item of every unit, a column a year: to sort, to filter and to take along as CSV."""
    books = sorted(books, key=lambda book: book.year)
    units, years = books[-1].ranking(group), _years(books, group)
    lines = []
    for item in items_of(books, group):
        said = small(
            "；".join(f"{year_said(book.year)}{why}" for book in books if (why := _unlike(books, group, item, book)))
        )
        for unit in units:
            values = [[all_points.get((item.kind, item.id)) for _, all_points in year[unit.unit_id]] for year in years]
            if any(any(each) for each in values):
                lines.append([item.name, Cell(unit.name, name="name"), *map(_cell, values), said])
    heads: list[Head | str] = ["项目", "单位", *(Head(_year(book), number=True) for book in books), "可比性"]
    return table(heads, lines, empty="没有这一组的单位。")


def _cell(values: Sequence[Reached | None]) -> Cell | Content:
    found = [value.points for value in values if value is not None]
    if len(found) == 1:
        return number(found[0])
    return Cell("、".join(map(two, found)) or "–", sort=float(max(found, default=Fraction(-1))), number=True)


class _Look:
    """The figure's numbers for one item."""

    def __init__(
        self, books: Sequence[ScoreBook], years: Sequence[Year], units: Sequence[UnitResult], group: str, item: Item
    ) -> None:
        self.books, self.units, self.item = books, units, item
        key = (item.kind, item.id)
        self.unlike = [_unlike(books, group, item, book) for book in books]
        self.values = [
            [(row, was, points.get(key)) for row, unit in enumerate(units) for was, points in year[unit.unit_id]]
            for year in years
        ]

    @property
    def span(self) -> list[float | None]:
        """From the least to the most of each row."""
        x: list[float | None] = []
        for row in range(len(self.units)):
            mine = [float(each.points) for year in self.values for at, _, each in year if at == row and each]
            x += [min(mine), max(mine), None] if mine else [None, None, None]
        return x

    def dots(self, year: int) -> list[float | None]:
        return [float(each.points) if each else None for _, _, each in self.values[year]]

    def symbol(self, year: int) -> str:
        return "circle-open" if self.unlike[year] else "circle"

    def fulls(self, year: int) -> list[str]:
        return [plain(each.full) if each else "" for _, _, each in self.values[year]]

    def texts(self, year: int) -> list[str]:
        """A row each; of a merged unit all it was."""
        by_row: dict[int, list[Fraction]] = {}
        for row, _, each in self.values[year]:
            if each:
                by_row.setdefault(row, []).append(each.points)
        mark = OTHER if self.unlike[year] else ""
        return [f"{'、'.join(map(two, by_row[row]))}{mark}" if row in by_row else "–" for row in range(len(self.units))]

    @property
    def note(self) -> dict[str, Any]:
        """Below the drawing: which years are not of the same kind."""
        told = [
            f"{OTHER} {year_said(book.year)}{why}" for book, why in zip(self.books, self.unlike, strict=True) if why
        ]
        return {
            "text": "<br>".join(figure_text(short(each, 46)) for each in told[:2]) or " ",
            "showarrow": False,
            "align": "left",
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 0,
            "yref": "paper",
            "yanchor": "top",
            "yshift": -46,
            "font": {"size": 12, "color": SOFT},
        }


def _button(look: _Look) -> dict[str, Any]:
    """What picking the item changes: of the line, of each year's dots, of each year's column."""
    count = len(look.books)
    years = range(count)
    nothing: list[Any] = [None]
    change = {
        "x": [look.span, *map(look.dots, years), *([row] * len(look.units) for row in years)],
        "customdata": [nothing, *map(look.fulls, years), *nothing * count],
        "marker.symbol": ["circle", *map(look.symbol, years), *["circle"] * count],
        "text": [nothing, *([""] for _ in years), *map(look.texts, years)],
    }
    layout = {"annotations": [look.note], "xaxis.autorange": True}
    return {"label": figure_text(short(look.item.name, 24)), "method": "update", "args": [change, layout]}


def _line(look: _Look) -> go.Scatter:
    y = [place for row in range(len(look.units)) for place in (row, row, None)]
    return go.Scatter(
        x=look.span, y=y, mode="lines", line={"color": GRID, "width": 4}, hoverinfo="skip", showlegend=False
    )


def _dots(look: _Look) -> list[go.Scatter]:
    return [
        go.Scatter(
            name=f"{year_said(book.year)}{MADE_UP if book.synthetic else ''}",
            x=look.dots(year),
            y=[row for row, _, _ in look.values[year]],
            mode="markers",
            marker={
                "size": 13,
                "color": colour,
                "symbol": look.symbol(year),
                "line": {"color": PAPER if not look.unlike[year] else colour, "width": 1},
            },
            customdata=look.fulls(year),
            hovertext=[
                hover(look.units[row].name, _then(book, was, look.units[row])) for row, was, _ in look.values[year]
            ],
            hovertemplate=f"%{{hovertext}}<br>%{{x:.{book.finest}f}} 分，满分 %{{customdata}}<extra></extra>",
            cliponaxis=False,
            meta={"year": book.year, "units": [was.unit_id for _, was, _ in look.values[year]]},
        )
        for year, (book, colour) in enumerate(zip(look.books, year_shades(len(look.books)), strict=True))
    ]


def _columns(look: _Look) -> list[go.Scatter]:
    return [
        go.Scatter(
            x=[year] * len(look.units),
            y=list(range(len(look.units))),
            xaxis="x2",
            mode="text",
            text=look.texts(year),
            textfont={"size": 12, "color": INK},
            hoverinfo="skip",
            showlegend=False,
            meta={"column": book.year},
        )
        for year, book in enumerate(look.books)
    ]


def _years(books: Sequence[ScoreBook], group: str) -> list[Year]:
    return [
        {key: [(unit, reached(book, unit)) for unit in found] for key, found in year.items()}
        for book, year in zip(books, origins(books, group), strict=True)
    ]


def _unlike(books: Sequence[ScoreBook], group: str, item: Item, book: ScoreBook) -> str:
    return "" if book is books[-1] else unlike(book, books[-1], group, item)


def _then(book: ScoreBook, was: UnitResult, now: UnitResult) -> str:
    return f"{year_said(book.year)}{f'（{was.name}）' if was.name != now.name else ''}"


def _year(book: ScoreBook) -> str:
    return f"{book.year}{MADE_UP if book.synthetic else ''}"


def _says(books: Sequence[ScoreBook], years: Sequence[Year]) -> str:
    latest = books[-1]
    every, last = latest.spoken.every, latest.spoken.latest
    said = [f"在左上方选一项；圆点为{every}的得分，颜色越醒目年份越近，右侧是同样的得分；单位按{last}的总分名次排列"]
    others = [
        book.year for book in books if (book.scheme_id, book.scheme_title) != (latest.scheme_id, latest.scheme_title)
    ]
    if others:
        said.append(f"{years_said(others)}的考核方案与 {year_said(latest.year)}不同")
    said.append(f"空心点和{OTHER}：满分或计分方法与{last}不同，不宜直接比较")
    merged = {key for year in years for key, found in year.items() if len(found) > 1}
    if merged:
        listed = names(latest.unit(key).name for key in merged)
        said.append(f"{listed}由几个单位合并，合并前各单位分别画出")
    return "；".join(said)
