"""Who stands where, and why: totals by component, best first, with the lines that decide the grade."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.grades import EXCELLENT, FAIL, PENDING, below_line, excellent_line, passed_over
from kaohe.analysis.losses import CONVERSION, component_fulls, component_name, component_points
from kaohe.charts.saying import figure_text, names, percent, plain, two, width
from kaohe.charts.style import (
    COMPONENT_COLOURS,
    FAINT,
    GRADE_COLOURS,
    GRADE_SIGNS,
    INK,
    ON_COLOUR,
    PENDING_FILL,
    SOFT,
    VETO_SIGN,
    empty,
    figure,
    hover,
    rows,
)
from kaohe.charts.tables import ranking_table
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.decided import says_eligible, says_vetoes


def ranking(book: ScoreBook, group: str) -> go.Figure:
    """A row a unit, best first: its components stacked to its total, its grade at the end.

    Lines mark the total of the last 优秀 place, the fail line and the quota; ties at the quota are framed.
    """
    units = book.ranking(group)
    if not units:
        return empty([book], f"{book.groups[group].name}：没有单位", "本学年没有这一组的单位。")
    full = book.groups[group].full
    line = excellent_line(units)
    ends, bars = _ends(book, units, line), _bars(book, units)
    marked = _lines(units, line, book.groups[group].quota)
    return figure(
        [*bars, _totals(units, float(full), ends)],
        about=[book],
        title=title(book, group),
        says=_how_to_read(book, group, units),
        height=rows(len(units)),
        table=ranking_table(book, group),
        row_labels=rank_labels(units),
        narrow=_narrow(units, len(bars), marked["annotations"]),
        above=24,
        barmode="relative",
        xaxis={
            "title": {"text": "得分"},
            "range": [min(0, _lowest(units)), float(full)],
            "nticks": 11,
            "tickangle": 0,
            "fixedrange": True,
            "gridcolor": FAINT,
        },
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        margin={"b": 92, "r": 24 + round(13.5 * max(width(re.sub("<[^>]*>", "", end)) for end in ends))},
        **marked,
    )


def _narrow(units: list[UnitResult], totals: int, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    """On a phone the totals stand without the grades' words, and the quota's line without its label."""
    shown = [unit.total for unit in units]
    ends = [f" <b>{two(unit.total, shown)}</b>{_sign(unit)}" for unit in units]
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
    """The finding: who leads, who is 优秀, what is still open."""
    units = book.ranking(group)
    first = [unit for unit in units if unit.rank == 1]
    total = two(first[0].total, [unit.total for unit in units])
    lead = f"{names(unit.name for unit in first)}{'并列第一' if len(first) > 1 else '居首'}（{total} 分）"
    parts = [f"{book.groups[group].name}：{lead}"]
    for grade in (EXCELLENT, PENDING, FAIL):
        having = [unit.name for unit in units if unit.grade == grade]
        if having:
            parts.append(f"{grade}：{names(having, 4)}")
    return "；".join(parts)


def rank_labels(units: list[UnitResult]) -> list[str]:
    """`3 名称`, `并列 3 名称` for ties."""
    ranks = [unit.rank for unit in units]
    return [f"{'并列 ' if ranks.count(unit.rank) > 1 else ''}{unit.rank}　{unit.name}" for unit in units]


def _bars(book: ScoreBook, units: list[UnitResult]) -> list[go.Bar]:
    points = [component_points(unit) for unit in units]
    found = {name for each in points for name in each}
    traces = []
    for name in [*(name for name in COMPONENT_COLOURS if name != CONVERSION and name in found), CONVERSION]:
        if name not in found:
            continue
        mine = [
            (row, unit, each[name]) for row, (unit, each) in enumerate(zip(units, points, strict=True)) if name in each
        ]
        traces.append(
            go.Bar(
                name=component_name(name),
                orientation="h",
                x=[float(value) for _, _, value in mine],
                y=[row for row, _, _ in mine],
                text=[two(value) for _, _, value in mine],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": ON_COLOUR[name], "size": 12},
                hovertext=[_component_hover(book, unit, name, value) for _, unit, value in mine],
                hoverinfo="text",
                marker={"color": COMPONENT_COLOURS[name], "line": {"color": "#ffffff", "width": 1}},
                meta={"component": name, "units": [unit.unit_id for _, unit, _ in mine]},
            )
        )
    return traces


def _component_hover(book: ScoreBook, unit: UnitResult, name: str, value: Fraction) -> str:
    if name == CONVERSION:
        why = "目标考核按本单位满分合并折算，与各部分原始分之和的差"
        return hover(f"{unit.name}：折算 {two(value)} 分", why)
    full = component_fulls(book, unit)[name]
    head = f"{unit.name}：{component_name(name)} {two(value)} 分"
    share = f"满分 {plain(full)}，得到 {percent(value / full, 1)}" if full else ""
    raw = {"base": unit.base_raw, "key": unit.key_raw}.get(name)
    own = unit.own_full.get(name)
    converted = raw is not None and own is not None and (raw, own) != (value, full)
    how = (
        f"各项合计 {two(raw)}，本单位满分 {plain(own)}，折算为 {plain(full)} 分制" if converted and raw and own else ""
    )
    status = {"ballot": unit.ballot_status, "leader": unit.leader_status}.get(name)
    return hover(head, share, how, "数据尚未上报，暂按 0 分计" if status == "missing" else "")


def _ends(book: ScoreBook, units: list[UnitResult], line: Fraction | None) -> list[str]:
    """What stands beside each row: total, grade, why a total that would do is not 优秀, and what is missing."""
    totals = [unit.total for unit in units]
    lacking = Counter(cell.unit for cell in book.cells if cell.status == "missing")
    ends = []
    for unit in units:
        missing = (unit.ballot_status, unit.leader_status).count("missing") + lacking[unit.unit_id]
        veto = f"{VETO_SIGN}有否决事项" if unit.vetoed else passed_over(unit, line)
        notes = [note for note in (veto, f"缺 {missing} 项得分" if missing else "") if note]
        grade = f"{GRADE_SIGNS.get(unit.grade, '')}{unit.grade}" + (f"（{'，'.join(notes)}）" if notes else "")
        ends.append(f"<b>{two(unit.total, totals)}</b>  {figure_text(grade)}")
    return ends


def _sign(unit: UnitResult) -> str:
    return VETO_SIGN if unit.vetoed else GRADE_SIGNS.get(unit.grade, "")


def _totals(units: list[UnitResult], at: float, ends: list[str]) -> go.Scatter:
    """Totals and grades, one under the other beside the bars, where no line crosses them."""
    totals = [unit.total for unit in units]
    return go.Scatter(
        x=[at] * len(units),
        y=list(range(len(units))),
        mode="text",
        text=[f" {end}" for end in ends],
        textposition="middle right",
        textfont={"size": 13, "color": [GRADE_COLOURS.get(unit.grade, INK) for unit in units]},
        hovertext=[
            hover(
                f"{unit.name}：总分 {two(unit.total, totals)}，第 {unit.rank} 名", f"等次：{unit.grade}", *_facts(unit)
            )
            for unit in units
        ],
        hoverinfo="text",
        showlegend=False,
        cliponaxis=False,
        customdata=[float(unit.total) for unit in units],
        meta={"component": "total", "units": [unit.unit_id for unit in units]},
    )


def _facts(unit: UnitResult) -> list[str]:
    found = [
        says_eligible(unit),
        f"{says_vetoes(unit)}，不得评优" if unit.vetoed else "",
        f"低于不合格线 {two(unit.fail_below, [unit.total])} 分" if below_line(unit) else "",
        "等次经审议决定" if unit.ruling else "",
        "连续两年排在末位" if unit.last_two_years else "",
        "获突出贡献奖" if unit.outstanding_award else "",
    ]
    return [fact for fact in found if fact]


def _lines(units: list[UnitResult], line: Fraction | None, quota: int) -> dict[str, Any]:
    """The fail line, the line of the last 优秀 place, the quota under the last rank inside it, ties across it."""
    shapes, annotations = _quota(units, quota)
    fails = {unit.fail_below for unit in units}
    marked = [(line, "优秀线", GRADE_COLOURS[EXCELLENT], "left")] if line is not None else []
    if len(fails) == 1:
        marked.append((fails.pop(), "不合格线", GRADE_COLOURS[FAIL], "right"))
    else:
        shapes += [
            _rule(float(unit.fail_below), GRADE_COLOURS[FAIL], y0=row - 0.45, y1=row + 0.45, yref="y")
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
                "text": f"{name} {two(value)}",
                "font": {"size": 12, "color": colour},
            }
        )
    return {"shapes": shapes, "annotations": annotations}


def _quota(units: list[UnitResult], quota: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    inside = sum(unit.rank <= quota for unit in units)
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": inside - 0.5, "y1": inside - 0.5}
    shapes = [{**across, "line": {"color": SOFT, "width": 1.2, "dash": "dash"}}]
    label = {
        "xref": "paper", "x": 1, "xanchor": "right", "y": inside - 0.5, "yanchor": "bottom", "showarrow": False,
        "text": f"优秀名额 {quota} 个", "font": {"size": 12, "color": SOFT},
    }  # fmt: skip
    tied = [row for row, unit in enumerate(units) if unit.grade == PENDING]
    if tied:
        frame = {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": tied[0] - 0.48, "y1": tied[-1] + 0.48}
        line = {"color": GRADE_COLOURS[PENDING], "width": 1.5}
        shapes.append({**frame, "line": line, "fillcolor": PENDING_FILL, "layer": "below"})
    return shapes, [label] if inside < len(units) else []


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
    parts = [
        f"条形为各部分得分，末端为总分和等次；满分 {plain(info.full)} 分；横虚线以上在优秀名额 {info.quota} 个之内"
    ]
    if any(unit.grade == PENDING for unit in units):
        parts.append("方框内总分并列，待审议")
    if len({unit.fail_below for unit in units}) > 1:
        parts.append("各单位不合格线不同，以橙色点线标在各自的条形上")
    return "；".join(parts)


def _lowest(units: list[UnitResult]) -> float:
    return min(float(sum(value for value in component_points(unit).values() if value < 0)) for unit in units)
