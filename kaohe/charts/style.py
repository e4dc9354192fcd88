"""The look all figures share: font, colours that colour-blind readers can tell apart, margins, titles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.grades import grade_kinds
from kaohe.charts.html import Html, paragraph
from kaohe.charts.notation import Marked, broken, figure_text, lines, marks, short, width
from kaohe.scoring.book import ScoreBook

FONT = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif'
INK, SOFT, GRID, FAINT, PAPER = "#1f2933", "#5b6773", "#dfe4ea", "#f1f3f6", "#ffffff"
BLANK = "#e9edf1"
"""Where a grid has no value."""

CONVERSION_COLOUR = "#8d97a2"
"""What conversion gives or takes."""
VOTE_COLOURS = ("#1f5f99", "#c3d7ea", "#b3400a")
"""The best option of a vote, the middle, the worst."""
MANY_VOTE_COLOURS = ("#1f5f99", "#7fb8e0", "#c3d7ea", "#f2b27c", "#b3400a")
GRADE_COLOURS = {"best": "#0b6e4f", "pass": SOFT, "fail": "#b3400a", "pending": "#6a3fa0"}
GRADE_SIGNS = {"best": "★", "pass": "", "fail": "▼", "pending": "？"}
VETO_SIGN = "⊘"
PENDING_FILL = "rgba(106,63,160,0.08)"
STEP = "#8b96a2"
"""Thin lines from step to step."""
UP, DOWN, STILL = "#1f5f99", "#c4570f", "#9aa5b1"
LOW_TO_FULL = [
    [0.0, "#a63a00"],
    [0.35, "#d9722b"],
    [0.6, "#f2b27c"],
    [0.8, "#fbe3cc"],
    [0.92, "#f4f7fa"],
    [1.0, "#c9dff0"],
]
FALL_TO_RISE = [[0.0, "#b3400a"], [0.35, "#f2b27c"], [0.5, "#fafafa"], [0.65, "#a9cbe6"], [1.0, "#1f5f99"]]

ROW = 31
"""Pixels a unit's row takes: a figure grows with its units."""

_AXIS = {
    "automargin": True,
    "gridcolor": GRID,
    "linecolor": GRID,
    "zeroline": False,
    "tickfont": {"size": 13, "color": INK},
    "title": {"font": {"size": 13, "color": SOFT}, "standoff": 12},
}
TEMPLATE: dict[str, Any] = {
    "layout": {
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "title": {"x": 0, "xref": "container", "xanchor": "left", "pad": {"l": 4}, "font": {"size": 16}},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hoverlabel": {"align": "left", "bgcolor": PAPER, "bordercolor": SOFT, "font": {"size": 13, "color": INK}},
        "hovermode": "closest",
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "traceorder": "normal",
            "font": {"size": 13},
            "itemclick": False,  # a page highlights what is clicked; nothing is taken out of a sum
            "itemdoubleclick": False,
        },
        "margin": {"l": 24, "r": 24, "t": 84, "b": 56},
        "bargap": 0.28,
        "uniformtext": {"minsize": 10, "mode": "hide"},
        "dragmode": False,
    }
}
CONFIG = {"displaylogo": False, "responsive": True, "displayModeBar": False, "locale": "zh-CN"}


def picture_config(title: str) -> dict[str, Any]:
    """In JupyterLab: plotly's own button that saves the figure, under its title's name; pages have one of theirs."""
    name = re.sub(r'[\\/:*?"<>|\s]+', "_", title)[:60] or "图"
    return {
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "scale": 2, "filename": name},
    }


_UNDER = f"font-size:12.5px;color:{SOFT}"


def vote_colour(place: int, count: int) -> str:
    """Of the option at `place` of so many, the best first."""
    if count <= len(VOTE_COLOURS):
        return VOTE_COLOURS[place if place < count - 1 or not place else -1]
    return MANY_VOTE_COLOURS[place * (len(MANY_VOTE_COLOURS) - 1) // (count - 1)]


def grade_kind(book: ScoreBook, name: str) -> str:
    """How a grade is shown, by what it means: `best`, `pass`, `fail` or `pending`."""
    return grade_kinds(book).get(name, "pass")


def grade_colour(book: ScoreBook, name: str) -> str:
    return GRADE_COLOURS[grade_kind(book, name)]


def grade_sign(book: ScoreBook, name: str) -> str:
    return GRADE_SIGNS[grade_kind(book, name)]


def figure(
    traces: Sequence[Any],
    *,
    about: Sequence[Marked],
    title: str,
    says: str = "",
    height: int,
    table: Html | str = "",
    row_labels: Sequence[str] | None = None,
    row_units: Sequence[str] = (),
    narrow: Mapping[str, Any] | None = None,
    **layout: Any,
) -> go.Figure:
    """A figure with the shared look. `title` is the finding, `says` how to read it; both plain text.

    The height excludes title and margins. `row_labels` name the rows of a chart that has a row a unit or heading,
    `row_units` are the ids of the units whose pages a page's labels lead to.
    `layout.meta` holds what a page needs beside the drawing: `text` (the text alternative), `title`, `says`, `marks`,
    `head` (pixels the drawn title takes), `table` (HTML, the figures behind the drawing), `rows` (ids of units) and
    `narrow`: what is set instead on a phone, by dotted path, in the layout and in traces by number; `onPaper` in it is
    the share of their height that rows, low already, keep on paper.
    """
    found = marks(*about)
    head, above = head_of(title, "　".join([*found, says]).strip())
    top = above + layout.pop("above", 0)
    margin = {"t": top, **layout.pop("margin", {})}
    slim = {"layout": {}, "traces": {}, **(narrow or {})}
    if row_labels is not None:
        layout["yaxis"] = row_axis(row_labels, **layout.pop("yaxis", {}))
        slim["layout"] = {"yaxis.ticktext": _ticks(row_labels, 9), **slim["layout"]}
    drawn = go.Figure(
        data=list(traces),
        layout={
            "template": TEMPLATE,
            "title": head,
            "height": height + top + margin.get("b", 56),
            "margin": margin,
            "meta": {
                "text": "。".join(part.rstrip("。") for part in (title, *found, says) if part) + "。",
                "title": title,
                "says": says,
                "marks": found,
                "head": above,
                "narrow": slim,
                "table": str(table),
                "rows": list(row_units),
            },
            **layout,
        },
    )
    return drawn


def head_of(title: str, under: str) -> tuple[dict[str, Any], int]:
    """The title as it is drawn, with what stands in small letters under it, and the pixels both take."""
    head = broken(title, 43)
    parts = [figure_text(line) for line in lines(under, 54)]
    count = head.count("<br>") + 1 + len(parts)
    drawn = {
        "text": "<br>".join([f"<b>{head}</b>", *(f"<span style='{_UNDER}'>{part}</span>" for part in parts)]),
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"t": 10 if count == 1 else 24, "l": 4},  # plotly sets several lines from their first baseline
    }
    return drawn, 20 + 21 * count


def rows(count: int, *, least: int = 3, row: int = ROW) -> int:
    """The height of so many rows."""
    return row * max(count, least)


def row_axis(labels: Sequence[str], **more: Any) -> dict[str, Any]:
    """Rows from the top, one a label; by position, so that two units of one name stay two rows."""
    count = len(labels)
    return {
        "tickmode": "array",
        "tickvals": list(range(count)),
        "ticktext": _ticks(labels, 20),
        "range": [count - 0.5, -0.5],
        "showgrid": False,
        "fixedrange": True,
        "ticks": "",
        "ticklabelstandoff": 6,
        **more,
    }


def _ticks(labels: Sequence[str], most: float) -> list[str]:
    return [figure_text(short(label, most)) for label in labels]


def beside_rows(texts: Sequence[str], at: float, *, size: float = 13, colour: Any = INK, **more: Any) -> go.Scatter:
    """What stands right of each row, one under the other from `at`, where nothing drawn crosses it; plotly's HTML.

    `colour`: one of all or one a row. How much margin it takes says `room_beside`.
    """
    return go.Scatter(
        **{
            "x": [at] * len(texts),
            "y": list(range(len(texts))),
            "mode": "text",
            "text": [f" {text}" for text in texts],
            "textposition": "middle right",
            "textfont": {"size": size, "color": colour},
            "hoverinfo": "skip",
            "cliponaxis": False,
            "showlegend": False,
            **more,
        }
    )


def room_beside(texts: Sequence[str], size: float = 13) -> int:
    """Pixels of margin such texts take at most; their tags take none."""
    return 24 + round((size + 0.5) * max((width(re.sub("<[^>]*>", "", text)) for text in texts), default=0))


HOVER = 40
"""Chinese characters of a reason in a hover: the table below has it whole."""


def hover(*parts: str, most: float = 36) -> str:
    """A hover text: the first part in bold, then one a line, each escaped and broken."""
    first, *rest = [broken(part, most) for part in parts if part]
    return "<br>".join([f"<b>{first}</b>", *rest])


def empty(about: Sequence[Marked], title: str, says: str, table: Html | None = None) -> go.Figure:
    """A figure that says why there is nothing to draw; `table` where something can be listed all the same."""
    return figure(
        [],
        about=about,
        title=title,
        table=paragraph(says) if table is None else table,
        height=60,
        margin={"b": 12},
        xaxis={"visible": False},
        yaxis={"visible": False},
        annotations=[{"text": broken(says), "showarrow": False, "x": 0, "xref": "paper", "xanchor": "left", "y": 0.5}],
    )


def text_of(figure: go.Figure) -> str:
    """The figure's text alternative: what it finds and how to read it."""
    return str((figure.layout.meta or {}).get("text", ""))


def table_of(figure: go.Figure) -> Html:
    """The table behind the figure; empty where it has none."""
    return Html((figure.layout.meta or {}).get("table", ""))


YEAR_COLOURS = ("#c3d7ea", "#7fb8e0", "#3f86c0", "#1f5f99", "#123a5e")


def year_shades(count: int) -> list[str]:
    """Light to dark; the last year always darkest but one."""
    if count == 1:
        return [YEAR_COLOURS[3]]
    spread = (len(YEAR_COLOURS) - 1) / (count - 1)
    return [YEAR_COLOURS[round(place * spread)] for place in range(count)]
