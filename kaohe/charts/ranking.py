"""Who stands where, and why: totals by component, best first, with the lines that decide the grade."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.breakdown import CONVERSION, by_component, component_fulls, name_of
from kaohe.analysis.grades import below_line, passed_over, top_line
from kaohe.charts import amounts
from kaohe.charts.amounts import like_total
from kaohe.charts.gradelines import bracket_passes, grade_lines
from kaohe.charts.notation import figure_text, fixed, names, percent, plain, short, width
from kaohe.charts.outcomes import beside_grade, said_eligible
from kaohe.charts.palette import component_colour, component_marker, on_component
from kaohe.charts.style import (
    FAINT,
    INK,
    ROW,
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
from kaohe.scoring.exactly import near
from kaohe.scoring.marks import PENDING
from kaohe.scoring.unitresult import says_vetoes

ZERO = Fraction(0)


@dataclass(frozen=True)
class Room:
    """How much of a page a ranking has: pixels its bars have at least, its rows, its letters.

    `close`: bars end where the longest does, and what keeps a total from its grade stands instead of the grade.
    """

    bars: int
    row: int
    size: int
    close: bool = False


WIDE, HALF, HAND = Room(560, ROW, 12), Room(230, 23, 11, close=True), Room(150, 22, 10, close=True)
"""Alone on a desk, one of two side by side, on a phone."""


def ranking(book: ScoreBook, group: str, room: Room = WIDE) -> go.Figure:
    """A row a unit, best first: its components stacked to its total, its grade at the end.

    The components are named over the first bar; on a page a click on a name lights its bars up. A line marks the fail
    line; a bracket holds together who has a place of the best grade, ties at the last one are framed.
    """
    units = book.rated(group)
    if not units:
        return nobody(book, group)
    line = top_line(book, units)
    ends, bars = _ends(book, units, line, room), _bars(book, group, units, room)
    low, high = _reach(book, group, units, room)
    shapes, lines = grade_lines(book, units)
    over = names_over(book, units[0], low, high, room) if len(bars) > 1 else Over([], 0)
    axis: dict[str, Any] = {"nticks": 6} if room.close else {"nticks": 11, "title": {"text": "得分"}}
    axis["tickfont"] = {"size": room.size}
    return figure(
        [*bars, _totals(book, units, high, ends, room)],
        about=[book],
        title=title(book, group),
        says=_how_to_read(book, group, units),
        height=rows(len(units), row=room.row),
        table=ranking_table(book, group),
        row_labels=rank_labels(units),
        row_units=[unit.unit_id for unit in units],
        narrow={**_narrow(book, units, lines, len(bars)), **({"onPaper": 0.84} if room.close else {})},
        above=over.pixels + (18 if lines else 0) + 6,
        barmode="relative",
        bargap=0.1 if room.close else 0.28,
        xaxis={"range": [low, high], "tickangle": 0, "fixedrange": True, "gridcolor": FAINT, **axis},
        yaxis={"ticklabelstandoff": 16},
        margin={"b": 40 if room.close else 60, "r": room_beside(ends, room.size + 1)},
        showlegend=False,
        shapes=shapes,
        annotations=[*over.annotations, *_lifted(lines, over.pixels)],
    )


@dataclass(frozen=True)
class Over:
    """What stands over the first bar, and the pixels it takes."""

    annotations: list[dict[str, Any]]
    pixels: int


def names_over(book: ScoreBook, unit: UnitResult, low: float, high: float, room: Room) -> Over:
    """The components' names over their places in a unit's bar, one over the other where they would overlap."""
    start, placed = 0.0, []
    ends: list[float] = []
    pixels, size = room.bars, room.size
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
            "name": name_of(book, name),
            "captureevents": True,
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


def _narrow(book: ScoreBook, units: list[UnitResult], lines: list[dict[str, Any]], bars: int) -> dict[str, Any]:
    """On a phone the totals stand without the grades' words, but with what keeps a total from its grade; components
    have as many digits as find room in their bars."""
    shown, line = [unit.total for unit in units], top_line(book, units)
    ends = []
    for unit in units:
        why = "有否决事项" if unit.vetoed else passed_over(book, unit, line)
        under = f"<br><span style='font-size:9px'> {figure_text(short(why, 8))}</span>" if why else ""
        ends.append(f" <b>{amounts.total(book, unit, shown)}</b>{_sign(book, unit)}{under}")
    low, high = _reach(book, units[0].group, units, HAND)
    over = names_over(book, units[0], low, high, HAND) if bars > 1 else Over([], 0)
    above, below = over.pixels + (18 if lines else 0) + 6, 44
    numbers = enumerate(_bars(book, units[0].group, units, HAND))
    return {
        "layout": {
            "margin.r": 84,
            "margin.t": above,
            "margin.b": below,
            "height": rows(len(units), row=HAND.row) + above + below,
            "uniformtext.minsize": 8,
            "bargap": 0.14,
            "xaxis.nticks": 4,
            "yaxis.tickfont.size": HAND.size + 1,
            "xaxis.range": [low, high],
            "xaxis.title.text": "",
            "annotations": [*over.annotations, *_lifted(lines, over.pixels)],
        },
        "traces": {
            str(bars): {"text": ends, "x": [high] * len(units), "textfont.size": 12},
            **{str(place): {"text": list(bar.text), "textfont.size": HAND.size} for place, bar in numbers},
        },
    }


def _digits(book: ScoreBook, name: str, value: Fraction, room: Room) -> str:
    """A component's points, as many digits of them as find room in a bar; the hover and the table have them all."""
    if not room.close:
        return amounts.points(book, name, value)
    exact = near(value)
    whole = len(str(abs(int(exact)))) if abs(exact) >= 1 else 0
    return fixed(exact, min(max(0, (2 if room is HAND else 3) - whole), book.decimals(name)))


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


def _bars(book: ScoreBook, group: str, units: list[UnitResult], room: Room) -> list[go.Bar]:
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
                text=[_digits(book, name, value, room) for _, _, value in mine],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": on_component(book, group, name), "size": room.size},
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


def _ends(book: ScoreBook, units: list[UnitResult], line: Fraction | None, room: Room) -> list[str]:
    """What stands beside each row: total, grade, why a total that would do has no better one, and what is missing."""
    totals = [unit.total for unit in units]
    lacking = Counter(cell.unit for cell in book.cells if cell.status == "missing")
    ends = []
    for unit in units:
        missing = len(missing_votes(book, unit)) + lacking[unit.unit_id]
        veto = f"{VETO_SIGN}有否决事项" if unit.vetoed else passed_over(book, unit, line)
        notes = [note for note in (veto, f"缺 {missing} 项得分" if missing else "") if note]
        grade = f"{grade_sign(book, unit.grade)}{unit.grade}"
        if veto and room.close:
            grade = "，".join(notes)
        elif notes:
            grade += f"（{'，'.join(notes)}）"
        ends.append(f"<b>{amounts.total(book, unit, totals)}</b>  {figure_text(grade)}".rstrip())
    return ends


def _sign(book: ScoreBook, unit: UnitResult) -> str:
    return VETO_SIGN if unit.vetoed else grade_sign(book, unit.grade)


def _totals(book: ScoreBook, units: list[UnitResult], at: float, ends: list[str], room: Room) -> go.Scatter:
    """Totals and grades, one under the other beside the bars, where no line crosses them."""
    totals = [unit.total for unit in units]
    return beside_rows(
        ends,
        at,
        size=room.size + 1,
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


def _how_to_read(book: ScoreBook, group: str, units: list[UnitResult]) -> str:
    info = book.groups[group]
    bars = "条形为各部分得分" if len(components(book, group)) > 1 else "条形为总分"
    parts = [f"{bars}，末端为总分{'和等次' if book.grading else ''}"]
    parts += [f"满分 {plain(info.full)} 分"] if info.full else []
    held = sum(unit.grade == book.top for unit in units) if book.top else 0
    if held:
        places = f"，名额 {info.quota} 个，用了 {held} 个" if info.quota else ""
        past = f"，点线越过的不是{book.top}" if bracket_passes(units, book.top) else ""
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


def _reach(book: ScoreBook, group: str, units: list[UnitResult], room: Room) -> tuple[float, float]:
    """From the lowest bar to the full mark, or beyond it where a total is; where room is dear, to what is drawn."""
    points = [by_component(book, unit).values() for unit in units]
    low = min(float(sum(value for value in each if value < 0)) for each in points)
    highest = float(max(unit.total for unit in units))
    if room.close:
        return min(0, low), 1.015 * max(highest, *(float(unit.fail_below) for unit in units)) or 1.0
    return min(0, low), max(float(book.groups[group].full), highest) or 1.0
