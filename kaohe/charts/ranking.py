"""Who stands where, and why: totals by component, best first, with the lines that decide the grade."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.breakdown import CONVERSION, by_component, component_fulls, name_of
from kaohe.analysis.grades import below_line, passed_over, top_line
from kaohe.charts import amounts
from kaohe.charts.amounts import like_total
from kaohe.charts.notation import figure_text, names, percent, plain, width
from kaohe.charts.outcomes import beside_grade, said_eligible
from kaohe.charts.style import (
    FAINT,
    GRADE_COLOURS,
    PENDING_FILL,
    VETO_SIGN,
    component_colour,
    empty,
    figure,
    grade_colour,
    grade_sign,
    hover,
    on_component,
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

    Lines mark the total of the last place of the best grade and the fail line; who holds a place is marked before its
    bar, ties at the last one are framed.
    """
    units = book.rated(group)
    if not units:
        return nobody(book, group)
    line = top_line(book, units)
    ends, bars = _ends(book, units, line), _bars(book, group, units)
    low, high = _reach(book, group, units)
    marked = _lines(book, units, line, book.groups[group].quota)
    return figure(
        [*bars, _totals(book, units, high, ends)],
        about=[book],
        title=title(book, group),
        says=_how_to_read(book, group, units),
        height=rows(len(units)),
        table=ranking_table(book, group),
        row_labels=rank_labels(units),
        narrow=_narrow(book, units, len(bars), marked["annotations"]),
        above=24,
        barmode="relative",
        xaxis={
            "title": {"text": "得分"},
            "range": [low, high],
            "nticks": 11,
            "tickangle": 0,
            "fixedrange": True,
            "gridcolor": FAINT,
        },
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        margin={"b": 92, "r": 24 + round(13.5 * max(width(re.sub("<[^>]*>", "", end)) for end in ends))},
        **marked,
    )


def nobody(book: ScoreBook, group: str) -> go.Figure:
    """Why there is nothing to draw of a group."""
    name = book.groups[group].name
    if book.ranking(group):
        return empty([book], f"{name}：没有总分", f"{book.spoken.this}这一组的单位都没有总分。")
    return empty([book], f"{name}：没有单位", f"{book.spoken.this}没有这一组的单位。")


def _narrow(book: ScoreBook, units: list[UnitResult], totals: int, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    """On a phone the totals stand without the grades' words."""
    shown = [unit.total for unit in units]
    ends = [f" <b>{amounts.total(book, unit, shown)}</b>{_sign(book, unit)}" for unit in units]
    return {
        "layout": {
            "margin.r": 78,
            "xaxis.nticks": 5,
            "xaxis.title.text": "",
            "annotations": [each for each in annotations if each.get("yref") == "paper"],
        },
        "traces": {str(totals): {"text": ends}},
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
                textfont={"color": on_component(book, name), "size": 12},
                hovertext=[_component_hover(book, unit, name, value) for _, unit, value in mine],
                hoverinfo="text",
                marker={"color": component_colour(book, name), "line": {"color": "#ffffff", "width": 1}},
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
    return go.Scatter(
        x=[at] * len(units),
        y=list(range(len(units))),
        mode="text",
        text=[f" {end}" for end in ends],
        textposition="middle right",
        textfont={"size": 13, "color": [grade_colour(book, unit.grade) for unit in units]},
        hovertext=[
            hover(
                f"{unit.name}：总分 {amounts.total(book, unit, totals)}，第 {unit.rank} 名",
                f"等次：{unit.grade}" if unit.grade else "",
                *_facts(book, unit),
            )
            for unit in units
        ],
        hoverinfo="text",
        showlegend=False,
        cliponaxis=False,
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


def _lines(book: ScoreBook, units: list[UnitResult], line: Fraction | None, quota: int) -> dict[str, Any]:
    """The fail line, the line of the last best place, who holds one, ties across it."""
    shapes, annotations = _places(book, units) if quota else [], []
    fails = {unit.fail_below for unit in units}
    marked = []
    if line is not None and quota:  # without places it is the least total of the grade, and no line of the text
        marked.append((line, f"{book.top}线", GRADE_COLOURS["best"], "left"))
    if len(fails) == 1:
        marked += [(each, f"{book.fail}线", GRADE_COLOURS["fail"], "right") for each in fails if each and book.fail]
    else:
        shapes += [
            _rule(float(unit.fail_below), GRADE_COLOURS["fail"], y0=row - 0.45, y1=row + 0.45, yref="y")
            for row, unit in enumerate(units)
        ]
    for value, name, colour, side in marked:
        shapes.append(_rule(float(value), colour, y0=0, y1=1, yref="paper"))
        annotations.append(
            {
                "x": float(value),
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "xanchor": side,
                "text": f"{name} {like_total(book, units[0].group, value)}",
                "font": {"size": 12, "color": colour},
            }
        )
    return {"shapes": shapes, "annotations": annotations}


def _places(book: ScoreBook, units: list[UnitResult]) -> list[dict[str, Any]]:
    """A bar before each row that holds a place of the best grade; a frame around those that wait for one."""
    shapes: list[dict[str, Any]] = [
        {
            "type": "rect", "xref": "paper", "x0": -0.006, "x1": -0.001, "y0": row - 0.4, "y1": row + 0.4,
            "line": {"width": 0}, "fillcolor": GRADE_COLOURS["best"],
        }
        for row, unit in enumerate(units)
        if unit.grade == book.top
    ]  # fmt: skip
    tied = [row for row, unit in enumerate(units) if unit.grade == PENDING]
    if tied:
        frame = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": tied[0] - 0.48, "y1": tied[-1] + 0.48}
        line = {"color": GRADE_COLOURS["pending"], "width": 1.5}
        shapes.append({**frame, "line": line, "fillcolor": PENDING_FILL, "layer": "below"})
    return shapes


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
    held = sum(unit.grade == book.top for unit in units)
    parts += [f"绿条标出{book.top}的单位，名额 {info.quota} 个，用了 {held} 个"] if info.quota else []
    if any(unit.grade == PENDING for unit in units):
        parts.append("方框内总分并列，待审议")
    if len({unit.fail_below for unit in units}) > 1:
        parts.append(f"各单位{book.fail}线不同，以橙色点线标在各自的条形上")
    if unrated := len(book.ranking(group)) - len(units):
        parts.append(f"另有 {unrated} 个单位没有总分")
    return "；".join(parts)


def _reach(book: ScoreBook, group: str, units: list[UnitResult]) -> tuple[float, float]:
    """From the lowest bar to the full mark, or beyond it where a total is."""
    points = [by_component(book, unit).values() for unit in units]
    low = min(float(sum(value for value in each if value < 0)) for each in points)
    highest = float(max(unit.total for unit in units))
    return min(0, low), max(float(book.groups[group].full), highest) or 1.0
