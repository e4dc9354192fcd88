"""All combinations of readings: which clause has to be decided, who can stand where, what flips a grade, what never
matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.answered import Answered
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Content, Head, Html, bullets, fold, join, paragraph, small, table
from kaohe.charts.notation import percent
from kaohe.charts.readingwords import REACHES, findings, limits, many_said, reach_said, set_said, span
from kaohe.charts.style import DOWN, FAINT, PAPER, SOFT, UP, empty, figure, hover, rows
from kaohe.scheme.years import year_said

MOST_SETS = 4
"""Smallest sets of a flip that are listed; the rest is counted."""


def readings_heading(answered: Answered) -> Html:
    """What is asked, then the answer."""
    way = Html('<p class="kh"><a href="decide.html">打开审议页，逐处改选看结果</a></p>')
    head = heading(year_said(answered.year), ("所有读法的全部组合",), answered)
    return join(
        [head, bullets(findings(answered.answer)), way if answered.rests_on and answered.answer.get("decide") else ""]
    )


def rank_ranges(answered: Answered, group: str) -> go.Figure:
    """A row a unit: from its best to its worst rank over all combinations, and its rank as now."""
    found = answered.answer
    units = sorted(
        (each for each in found["units"].values() if each["group"] == group and each["rank"]),
        key=lambda each: each["rank"],
    )
    name = found["groups"][group]
    if not units:
        return empty([answered], f"{name}：没有名次可画", "没有算出这一组。")
    moving = [each for each in units if each["rank_min"] < each["rank_max"]]
    title = (
        f"{name}：{len(moving)} 个单位的名次随读法变动，{len(units) - len(moving)} 个怎样读都不变"
        if moving
        else f"{name}：所有组合下名次都不变"
    )
    places = list(range(len(units)))
    told = [
        hover(each["name"], f"现第 {each['rank']} 名", f"所有组合：{span(each)}", f"等次：{_grades(each)}")
        for each in units
    ]
    return figure(
        [
            go.Bar(
                y=places,
                base=[each["rank_min"] - 0.3 for each in units],
                x=[each["rank_max"] - each["rank_min"] + 0.6 for each in units],
                orientation="h",
                width=0.55,
                marker={"color": [DOWN if len(each["grades"]) > 1 else FAINT for each in units],
                        "line": {"color": SOFT, "width": 1}},
                hovertext=told, hoverinfo="text", showlegend=False,
            ),
            go.Scatter(
                y=places, x=[each["rank"] for each in units], mode="markers",
                marker={"color": UP, "size": 11, "line": {"color": PAPER, "width": 1.5}},
                hovertext=told, hoverinfo="text", showlegend=False,
            ),
        ],
        about=[answered],
        title=title,
        says="横条是所有组合中最好到最差的名次，圆点是现在的名次；橙色的单位等次也可能不同。",
        height=rows(len(units), row=28),
        table=ranges_table(found, group),
        row_labels=[each["name"] for each in units],
        xaxis={"range": [0.4, len(units) + 0.6], "dtick": 1, "title": {"text": "名次"}, "fixedrange": True},
    )  # fmt: skip


def _grades(unit: Mapping[str, Any]) -> str:
    return "、".join(unit["grades"]) or "不评"


def ranges_table(found: Mapping[str, Any], group: str) -> Html:
    """Each unit's rank and grade as now, and over all combinations with their number."""
    units = sorted((each for each in found["units"].values() if each["group"] == group), key=lambda each: each["rank"])
    return table(
        [Head("现名次", number=True), "单位", "所有组合的名次", "现等次", "所有组合的等次"],
        [
            [Cell(each["rank"] or "–", number=True), each["name"], span(each), each["grade"] or "–",
             "、".join(_counted(name, count) for name, count in each["grades"].items() if name) or "–"]
            for each in units
        ],
    )  # fmt: skip


def _counted(grade: str, count: int | None) -> str:
    return grade if count is None else f"{grade}（{many_said(count)}种组合）"


def flips_table(answered: Answered) -> Html:
    """The smallest sets of readings that change a grade."""
    found = answered.answer
    if not found["graded"]:
        return paragraph("办法不评等次。")
    flips = sorted(found["flips"], key=lambda flip: len(flip["sets"][0]))
    return table(
        ["单位", "等次", Head("同时改几处", number=True), Head("怎样改（其余按现行）", wide=True)],
        [
            [
                found["units"][flip["unit"]]["name"],
                f"{flip['from']} → {flip['to']}",
                Cell(len(flip["sets"][0]), number=True),
                _sets(found, flip["sets"]),
            ]
            for flip in flips
        ],
        empty="所有组合下没有一个单位的等次改变。",
        sortable=False,
    )


def _sets(found: Mapping[str, Any], sets: Sequence[Sequence[Mapping[str, str]]]) -> Content:
    said = [set_said(found, each) for each in sets]
    shown = bullets(said[:MOST_SETS]) if len(said) > 1 else Html(join(said))
    if len(said) <= MOST_SETS:
        return shown
    return Html(shown + fold(f"另外 {len(said) - MOST_SETS} 种同样少的改法", bullets(said[MOST_SETS:])))


def policies_table(answered: Answered) -> Html:
    """Every reading of the year with how far it reaches, the farthest first."""
    found, order = answered.answer, list(REACHES)
    policies = sorted(
        found["policies"], key=lambda each: order.index(each["moves"]) if each["moves"] in order else len(order)
    )
    return table(
        ["处", Head("未明之处", wide=True), Head("现行读法", wide=True), "在所有组合中"],
        [
            [
                each["id"],
                Html(f"{join([each['question']])}<br>{small(each['clause'])}"),
                Html(
                    join(
                        [
                            each["says"].get(each["in_force"], each["in_force"]),
                            small("（已决定）" if each["decided"] else ""),
                        ]
                    )
                ),
                reach_said(each),
            ]
            for each in policies
        ],
        sortable=False,
    )


def lines_table(answered: Answered) -> Html:
    """The fail line at which each unit's grade changes."""
    found = answered.answer
    lines = sorted((Fraction(line), unit) for unit, line in found["fail_lines"].items())
    units = found["units"]
    return table(
        ["单位", Head("线高于多少就低于线", number=True)],
        [
            [units.get(unit, {}).get("name", unit), Cell(percent(line, 2), sort=float(line), number=True)]
            for line, unit in lines
        ],
        empty="办法没有按比例画出的线。",
    )


def limits_list(answered: Answered) -> Html:
    return bullets(limits(answered.answer))
