"""How far each unit of a group is from the next rank and the next grade, drawn from the JSON of `kaohe goal` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.answered import Answered
from kaohe.charts.goal import changes_said, goal_said, goals_table, group_says, total_said
from kaohe.charts.notation import figure_text, short
from kaohe.charts.style import (
    FAINT,
    GRADE_COLOURS,
    INK,
    PAPER,
    SOFT,
    UP,
    beside_rows,
    empty,
    figure,
    hover,
    room_beside,
    rows,
)

Found = Mapping[str, Any]

ROW = 27
SHADES = {1: UP, 2: "#5d93c4", 3: "#a9cbe6"}
"""Where one change leads, two, three: the fewer, the darker."""


@dataclass(frozen=True)
class _Row:
    """A unit: its place now, and what its goals take."""

    name: str
    now: Found
    rank: Found | None
    grade: Found | None

    @property
    def goals(self) -> list[Found]:
        return [each for each in (self.rank, self.grade) if each is not None]


def goals_chart(answered: Answered, group: str) -> go.Figure:
    """A row a unit by rank: its total, and where the fewest changes lead, numbered by how many they are."""
    answer = answered.answer
    found = _rows(answer, group)
    title = group_says(answer, group)
    if not any(way for row in found for each in row.goals if (way := _way(each))):
        why = "各单位的得分由人评定，或没有自己可以改的数，改哪一处数据都不能再得分。"
        return empty([answered], title, why, goals_table(answer, group))
    ends = [figure_text(_end(row)) for row in found]
    ranks, grades = [each.rank for each in found], [each.grade for each in found]
    totals = [float(row.now["total_rounded"]) for row in found]
    totals += [float(way["total_rounded"]) for row in found for each in row.goals if (way := _way(each))]
    room = max(max(totals) - min(totals), 1.0) * 0.06
    return figure(
        [
            _lines(found), _now(found), _then(found, ranks, "rank"), _then(found, grades, "grade"),
            beside_rows(ends, max(totals) + room, size=12.5),
        ],
        about=[answered],
        title=title,
        says="灰点为现在；圆为前进一名，方为上一等次，数为最少改几处；空心的到不了，是三处以内最近的",
        height=rows(len(found), row=ROW),
        table=goals_table(answer, group),
        row_labels=[f"{row.now['rank']}　{row.name}" for row in found],
        xaxis={
            "title": {"text": "总分（分）"}, "range": [min(totals) - room, max(totals) + room],
            "nticks": 8, "fixedrange": True, "gridcolor": FAINT,
        },
        yaxis={"ticktext": [figure_text(f"{row.now['rank']}　{short(row.name, 14)}") for row in found]},
        showlegend=False,
        margin={"b": 48, "r": room_beside(ends, 12.5)},
        narrow={"layout": {"margin.r": 16}, "traces": {"4": {"visible": False}}},
    )  # fmt: skip


def _rows(answer: Found, group: str) -> list[_Row]:
    out = []
    for unit in answer["groups"][group]:
        if unit not in answer["now"]:
            continue
        goals = answer["units"].get(unit, [])
        rank = next((each for each in goals if "rank" in each["goal"]), None)
        grade = next((each for each in goals if "grade" in each["goal"]), None)
        out.append(_Row(answer["names"][unit], answer["now"][unit], rank, grade))
    return out


def _way(goal: Found) -> Found | None:
    """The fewest changes that reach the goal, else the nearest to it."""
    way: Found | None = goal["sets"][0] if goal["sets"] else goal["nearest"]
    return way


def _end(row: _Row) -> str:
    """What stands beside the row."""
    if not row.goals:
        return "已是最前"
    said = [f"改 {each['size']} 处到{goal_said(each)}" for each in row.goals if each["size"]]
    return "；".join(said) or ("凭得分到不了" if all(each["barred"] for each in row.goals) else "三处以内到不了")


def _lines(found: Sequence[_Row]) -> go.Scatter:
    x: list[Any] = []
    y: list[Any] = []
    for place, row in enumerate(found):
        for each in row.goals:
            if way := _way(each):
                x += [row.now["total_rounded"], way["total_rounded"], None]
                y += [place, place, None]
    return go.Scatter(x=x, y=y, mode="lines", line={"color": SOFT, "width": 1.5}, hoverinfo="skip")


def _now(found: Sequence[_Row]) -> go.Scatter:
    return go.Scatter(
        x=[row.now["total_rounded"] for row in found],
        y=list(range(len(found))),
        mode="markers",
        marker={"size": 11, "color": SOFT, "line": {"color": PAPER, "width": 1}},
        hovertext=[
            hover(
                f"{row.name}：第 {row.now['rank']} 名，{total_said(row.now, row.now)} 分",
                row.now["grade"],
            )
            for row in found
        ],
        hoverinfo="text",
    )


def _then(found: Sequence[_Row], goals: Sequence[Found | None], kind: str) -> go.Scatter:
    """Where the goals of one kind lead; a grade that the same changes reach as the rank is drawn once, with the rank's
    number."""
    drawn = [
        (place, row, goal, way)
        for place, (row, goal) in enumerate(zip(found, goals, strict=True))
        if goal is not None and (way := _way(goal)) and not (kind == "grade" and _same(row))
    ]
    shape = "circle" if kind == "rank" else "square"
    return go.Scatter(
        x=[way["total_rounded"] for _, _, _, way in drawn],
        y=[place for place, _, _, _ in drawn],
        mode="markers+text",
        marker={
            "opacity": 1,
            "symbol": [shape if goal["size"] else f"{shape}-open" for _, _, goal, _ in drawn],
            "size": [17 if goal["size"] else 10 for _, _, goal, _ in drawn],
            "color": [_colour(goal) for _, _, goal, _ in drawn],
            "line": {"width": 1.5, "color": [_edge(goal) for _, _, goal, _ in drawn]},
        },
        text=[str(goal["size"] or "") for _, _, goal, _ in drawn],
        textfont={"size": 11, "color": [_number_on(_colour(goal)) for _, _, goal, _ in drawn]},
        hovertext=[
            hover(
                f"{row.name}：{'' if goal['size'] else '离'}{goal_said(goal)}{'' if goal['size'] else '最近的'}",
                changes_said(way),
                f"{total_said(goal, way)} 分，第 {way['rank']} 名{'，' + way['grade'] if way['grade'] else ''}",
                most=40,
            )
            for _, row, goal, way in drawn
        ],
        hoverinfo="text",
    )


def _same(row: _Row) -> bool:
    """Whether rank and grade are reached, or come nearest to, by the same changes."""
    return row.rank is not None and row.grade is not None and _way(row.rank) == _way(row.grade)


def _colour(goal: Found) -> str:
    if not goal["size"]:
        return SOFT
    return GRADE_COLOURS["best"] if "grade" in goal["goal"] else SHADES[goal["size"]]


def _number_on(colour: str) -> str:
    """The colour of the number in a mark: dark on the palest shade alone."""
    return INK if colour == SHADES[max(SHADES)] else PAPER


def _edge(goal: Found) -> str:
    return PAPER if goal["size"] else SOFT
