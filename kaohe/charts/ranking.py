"""Who stands where, and why: totals by component, best first, with the lines that decide the grade."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.breakdown import CONVERSION, by_component, component_fulls, name_of
from kaohe.analysis.grades import below_line, passed_over, top_line
from kaohe.charts import amounts
from kaohe.charts.amounts import like_total
from kaohe.charts.notation import figure_text, names, percent, plain, short, width
from kaohe.charts.outcomes import beside_grade, said_eligible
from kaohe.charts.palette import component_colour, component_marker, on_component
from kaohe.charts.style import (
    FAINT,
    GRADE_COLOURS,
    INK,
    PENDING_FILL,
    VETO_SIGN,
    beside_rows,
    empty,
    figure,
    grade_colour,
    grade_sign,
    hover,
    room_beside,
    rows,
)
from kaohe.charts.tables import ranking_table
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.components import components, missing_votes, rescaled
from kaohe.scoring.marks import PENDING
from kaohe.scoring.unitresult import says_vetoes

ZERO = Fraction(0)


def ranking(book: ScoreBook, group: str) -> go.Figure:
    """A row a unit, best first: its components stacked to its total, its grade at the end.

    The components are named over the first bar. A line marks the fail line; a bracket holds together who has a place
    of the best grade, ties at the last one are framed.
    """
    units = book.rated(group)
    if not units:
        return nobody(book, group)
    line = top_line(book, units)
    ends, bars = _ends(book, units, line), _bars(book, group, units)
    low, high = _reach(book, group, units)
    shapes, lines = _lines(book, units)
    wide = names_over(book, units[0], low, high, DESK, 12) if len(bars) > 1 else Over([], 0)
    over = wide.pixels + (18 if lines else 0)
    return figure(
        [*bars, _totals(book, units, high, ends)],
        about=[book],
        title=title(book, group),
        says=_how_to_read(book, group, units),
        height=rows(len(units)),
        table=ranking_table(book, group),
        row_labels=rank_labels(units),
        row_units=[unit.unit_id for unit in units],
        narrow=_narrow(book, units, bars, (low, high), lines),
        above=over + 6,
        barmode="relative",
        xaxis={
            "title": {"text": "得分"},
            "range": [low, high],
            "nticks": 11,
            "tickangle": 0,
            "fixedrange": True,
            "gridcolor": FAINT,
        },
        yaxis={"ticklabelstandoff": 16},
        margin={"b": 92, "r": room_beside(ends)},
        shapes=shapes,
        annotations=[*wide.annotations, *_lifted(lines, wide.pixels)],
    )


DESK, HAND = 780, 150
"""Pixels the bars have at least, on a desk and on a phone."""


@dataclass(frozen=True)
class Over:
    """What stands over the first bar, and the pixels it takes."""

    annotations: list[dict[str, Any]]
    pixels: int


def names_over(book: ScoreBook, unit: UnitResult, low: float, high: float, pixels: int, size: int) -> Over:
    """The components' names over their places in a unit's bar, one over the other where they would overlap."""
    start, placed = 0.0, []
    ends: list[float] = []
    scale = pixels / (high - low)
    for name, value in by_component(book, unit).items():
        if value <= 0:
            continue
        said = short(name_of(book, name), 9)
        half = (width(said) + 1.6) * size / 2
        middle = min(max((start + float(value) / 2 - low) * scale, half), max(pixels - half, half))
        start += float(value)
        level = next((place for place, end in enumerate(ends) if middle - half >= end), len(ends))
        ends[level : level + 1] = [middle + half]
        placed.append((name, said, middle, level))
    row = size + 5
    annotations = [
        {
            "x": low + middle / scale,
            "y": 1,
            "yref": "paper",
            "yanchor": "bottom",
            "yshift": level * row,
            "showarrow": False,
            "text": f"<span style='color:{component_colour(book, unit.group, name)}'>■</span> {figure_text(said)}",
            "font": {"size": size, "color": INK},
        }
        for name, said, middle, level in placed
    ]
    return Over(annotations, row * len(ends))


def _lifted(lines: list[dict[str, Any]], pixels: int) -> list[dict[str, Any]]:
    """The names of lines, over the names of components."""
    return [{**line, "yshift": pixels} for line in lines]


def nobody(book: ScoreBook, group: str) -> go.Figure:
    """Why there is nothing to draw of a group."""
    name = book.groups[group].name
    if book.ranking(group):
        return empty([book], f"{name}：没有总分", f"{book.spoken.this}这一组的单位都没有总分。")
    return empty([book], f"{name}：没有单位", f"{book.spoken.this}没有这一组的单位。")


def _narrow(
    book: ScoreBook,
    units: list[UnitResult],
    bars: list[go.Bar],
    reach: tuple[float, float],
    lines: list[dict[str, Any]],
) -> dict[str, Any]:
    """On a phone the totals stand without the grades' words, but with what keeps a total from its grade; a component's
    points are rounded, so that the number finds room in its bar."""
    totals, rounded = len(bars), [[f"{value:.0f}" for value in bar.x] for bar in bars]
    shown, line = [unit.total for unit in units], top_line(book, units)
    ends = []
    for unit in units:
        why = "有否决事项" if unit.vetoed else passed_over(book, unit, line)
        under = f"<br><span style='font-size:9px'> {figure_text(short(why, 8))}</span>" if why else ""
        ends.append(f" <b>{amounts.total(book, unit, shown)}</b>{_sign(book, unit)}{under}")
    over = names_over(book, units[0], *reach, HAND, 10) if totals > 1 else Over([], 0)
    above, below = over.pixels + (18 if lines else 0) + 6, 34
    return {
        "layout": {
            "margin.r": 84,
            "margin.t": above,
            "margin.b": below,
            "height": rows(len(units)) + above + below,
            "showlegend": False,
            "uniformtext.minsize": 8,
            "xaxis.nticks": 4,
            "xaxis.title.text": "",
            "annotations": [*over.annotations, *_lifted(lines, over.pixels)],
        },
        "traces": {
            str(totals): {"text": ends},
            **{str(place): {"text": each, "textfont.size": 10} for place, each in enumerate(rounded)},
        },
    }


def title(book: ScoreBook, group: str) -> str:
    """The finding: who leads, who has the best grade, what is still open."""
    units = book.rated(group)
    first = [unit for unit in units if unit.rank == 1]
    total = like_total(book, group, first[0].total, [unit.total for unit in units])
    lead = f"{names(unit.name for unit in first)}{'并列第一' if len(first) > 1 else '居首'}（{total} 分）"
    parts = [f"{book.groups[group].name}：{lead}"]
    for grade in (book.top, PENDING, book.fail):
        having = [unit.name for unit in units if grade and unit.grade == grade]
        if having:
            parts.append(f"{grade}：{names(having, 4)}")
    return "；".join(parts)


def rank_labels(units: list[UnitResult]) -> list[str]:
    """`3 名称`, `并列 3 名称` for ties."""
    ranks = [unit.rank for unit in units]
    return [f"{'并列 ' if ranks.count(unit.rank) > 1 else ''}{unit.rank}　{unit.name}" for unit in units]


def _bars(book: ScoreBook, group: str, units: list[UnitResult]) -> list[go.Bar]:
    points = [by_component(book, unit) for unit in units]
    found = {name for each in points for name in each}
    traces = []
    for name in (*components(book, group), CONVERSION):
        if name not in found:
            continue
        mine = [
            (row, unit, each[name]) for row, (unit, each) in enumerate(zip(units, points, strict=True)) if name in each
        ]
        traces.append(
            go.Bar(
                name=name_of(book, name),
                orientation="h",
                x=[float(value) for _, _, value in mine],
                y=[row for row, _, _ in mine],
                text=[amounts.points(book, name, value) for _, _, value in mine],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": on_component(book, group, name), "size": 12},
                hovertext=[_component_hover(book, unit, name, value) for _, unit, value in mine],
                hoverinfo="text",
                marker=component_marker(book, group, name),
                meta={"component": name, "units": [unit.unit_id for _, unit, _ in mine]},
            )
        )
    return traces


def _component_hover(book: ScoreBook, unit: UnitResult, name: str, value: Fraction) -> str:
    if name == CONVERSION:
        return hover(
            f"{unit.name}：{name_of(book, name)} {amounts.points(book, name, value)} 分", _why_converted(book, unit)
        )
    full = component_fulls(book, unit).get(name)
    head = f"{unit.name}：{name_of(book, name)} {amounts.points(book, name, value)} 分"
    share = f"满分 {plain(full)}，得到 {percent(value / full, 1)}" if full else ""
    raw, own = rescaled(book, unit).get(name, (None, None))
    how = (
        f"各项合计 {amounts.points(book, name, raw)}，本单位满分 {plain(own)}，折算为 {plain(full or ZERO)} 分制"
        if raw and own
        else ""
    )
    lacks = name in missing_votes(book, unit)
    return hover(head, share, how, "数据尚未上报，暂按 0 分计" if lacks else "")


def _why_converted(book: ScoreBook, unit: UnitResult) -> str:
    """What stands between the components and the total: an item they are parts of, or what follows after all."""
    score = book.groups[unit.group].score
    inner = [book.tree[name].parent for name in components(book, unit.group) if name != score]
    whole = next((parent for parent in inner if parent not in (None, score)), None)
    if whole is None or book.tree[score].steps:
        return "总分按办法另有折算、加减或限额，与各部分之和的差"
    return f"{book.tree[whole].name}按本单位满分合并折算，与各部分原始分之和的差"


def _ends(book: ScoreBook, units: list[UnitResult], line: Fraction | None) -> list[str]:
    """What stands beside each row: total, grade, why a total that would do has no better one, and what is missing."""
    totals = [unit.total for unit in units]
    lacking = Counter(cell.unit for cell in book.cells if cell.status == "missing")
    ends = []
    for unit in units:
        missing = len(missing_votes(book, unit)) + lacking[unit.unit_id]
        veto = f"{VETO_SIGN}有否决事项" if unit.vetoed else passed_over(book, unit, line)
        notes = [note for note in (veto, f"缺 {missing} 项得分" if missing else "") if note]
        grade = f"{grade_sign(book, unit.grade)}{unit.grade}" + (f"（{'，'.join(notes)}）" if notes else "")
        ends.append(f"<b>{amounts.total(book, unit, totals)}</b>  {figure_text(grade)}".rstrip())
    return ends


def _sign(book: ScoreBook, unit: UnitResult) -> str:
    return VETO_SIGN if unit.vetoed else grade_sign(book, unit.grade)


def _totals(book: ScoreBook, units: list[UnitResult], at: float, ends: list[str]) -> go.Scatter:
    """Totals and grades, one under the other beside the bars, where no line crosses them."""
    totals = [unit.total for unit in units]
    return beside_rows(
        ends,
        at,
        colour=[grade_colour(book, unit.grade) for unit in units],
        hovertext=[
            hover(
                f"{unit.name}：总分 {amounts.total(book, unit, totals)}，第 {unit.rank} 名",
                f"等次：{unit.grade}" if unit.grade else "",
                *_facts(book, unit),
            )
            for unit in units
        ],
        hoverinfo="text",
        customdata=[float(unit.total) for unit in units],
        meta={"component": "total", "units": [unit.unit_id for unit in units]},
    )


def _facts(book: ScoreBook, unit: UnitResult) -> list[str]:
    found = [
        said_eligible(book, unit),
        "，".join([says_vetoes(unit), *unit.effects]) if unit.vetoed else "",
        *unit.limits,
        f"低于{book.fail}线 {like_total(book, unit.group, unit.fail_below, [unit.total])} 分"
        if below_line(unit)
        else "",
        "等次经审议决定" if unit.ruling else "",
        *beside_grade(book, unit),
    ]
    return [fact for fact in found if fact]


def _lines(book: ScoreBook, units: list[UnitResult]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The fail line, who holds a place of the best grade, ties at the last one; and the line's name."""
    shapes = _places(units, book.top) if book.top else []
    fails = {unit.fail_below for unit in units}
    if len(fails) != 1:
        shapes += [
            _rule(float(unit.fail_below), GRADE_COLOURS["fail"], y0=row - 0.45, y1=row + 0.45, yref="y")
            for row, unit in enumerate(units)
        ]
        return shapes, []
    (value,) = fails
    if not value or not book.fail:
        return shapes, []
    shapes.append(_rule(float(value), GRADE_COLOURS["fail"], y0=0, y1=1, yref="paper"))
    name = {
        "x": float(value),
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "xanchor": "center",
        "text": f"{book.fail}线 {like_total(book, units[0].group, value)}",
        "font": {"size": 12, "color": GRADE_COLOURS["fail"]},
    }
    return shapes, [name]


def _places(units: list[UnitResult], top: str) -> list[dict[str, Any]]:
    """A bracket before the rows of those who have the best grade, dotted past those between them who have not; a frame
    around those that wait for a decision."""
    held = [row for row, unit in enumerate(units) if unit.grade == top]
    shapes = []
    if held:
        first, last = held[0] - 0.36, held[-1] + 0.36
        shapes += [_stroke(-10, -10, row - 0.36, row + 0.36) for row in held]
        shapes += [_stroke(-10, -10, row + 0.36, after - 0.36, after - row > 1) for row, after in pairwise(held)]
        shapes += [_stroke(-10, -3, end, end) for end in (first, last)]
    tied = [row for row, unit in enumerate(units) if unit.grade == PENDING]
    if tied:
        frame = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": tied[0] - 0.48, "y1": tied[-1] + 0.48}
        line = {"color": GRADE_COLOURS["pending"], "width": 1.5}
        shapes.append({**frame, "line": line, "fillcolor": PENDING_FILL, "layer": "below"})
    return shapes


def _stroke(x0: int, x1: int, y0: float, y1: float, dotted: bool = False) -> dict[str, Any]:
    """A piece of the bracket, so many pixels from where the bars begin."""
    where = {"type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": 0, "x0": x0, "x1": x1}
    look = {"color": GRADE_COLOURS["best"], "width": 2.5, "dash": "dot" if dotted else "solid"}
    return {**where, "y0": y0, "y1": y1, "line": look}


def _rule(x: float, colour: str, **where: Any) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "line": {"color": colour, "width": 1.5, "dash": "dot"},
        "layer": "below",
        **where,
    }


def _how_to_read(book: ScoreBook, group: str, units: list[UnitResult]) -> str:
    info = book.groups[group]
    bars = "条形为各部分得分" if len(components(book, group)) > 1 else "条形为总分"
    parts = [f"{bars}，末端为总分{'和等次' if book.grading else ''}"]
    parts += [f"满分 {plain(info.full)} 分"] if info.full else []
    held = sum(unit.grade == book.top for unit in units) if book.top else 0
    if held:
        places = f"，名额 {info.quota} 个，用了 {held} 个" if info.quota else ""
        past = f"，点线越过的不是{book.top}" if _passes(units, book.top) else ""
        parts.append(f"左侧括号内为{book.top}{places}{past}")
    elif info.quota:
        parts.append(f"{book.top}名额 {info.quota} 个，用了 0 个")
    if any(unit.grade == PENDING for unit in units):
        parts.append("方框内总分并列，待审议")
    if len({unit.fail_below for unit in units}) > 1:
        parts.append(f"各单位{book.fail}线不同，以橙色点线标在各自的条形上")
    if unrated := len(book.ranking(group)) - len(units):
        parts.append(f"另有 {unrated} 个单位没有总分")
    return "；".join(parts)


def _passes(units: list[UnitResult], top: str) -> bool:
    """Whether the bracket goes past a unit that has another grade."""
    held = [row for row, unit in enumerate(units) if unit.grade == top]
    return held[-1] - held[0] + 1 > len(held)


def _reach(book: ScoreBook, group: str, units: list[UnitResult]) -> tuple[float, float]:
    """From the lowest bar to the full mark, or beyond it where a total is."""
    points = [by_component(book, unit).values() for unit in units]
    low = min(float(sum(value for value in each if value < 0)) for each in points)
    highest = float(max(unit.total for unit in units))
    return min(0, low), max(float(book.groups[group].full), highest) or 1.0
