"""How sure the ranking is: rank intervals of a group, who changes places, raters, what one rater or item decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.answered import Answered
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Content, Head, Html, badge, bullets, estimate, join, paragraph, small, table, text
from kaohe.charts.notation import figure_text, hundredths, tenths
from kaohe.charts.robustwords import (
    MARKS,
    definite,
    findings,
    limits,
    places_said,
    ranks_said,
    share,
    signed_short,
    sources_said,
    span,
    units_of,
)
from kaohe.charts.style import FAINT, GRADE_COLOURS, PAPER, SOFT, UP, beside_rows, empty, figure, hover, rows
from kaohe.scheme.years import year_said
from kaohe.scoring.marks import PENDING

Found = Mapping[str, Any]
MOST = 25
"""Rows of a table that are worth a look."""
CLOSE = 0.99
"""A share of draws from which on an order is not doubted."""


def robust_heading(answered: Answered) -> Html:
    """The question, then its answer in sentences."""
    about = ("重抽样敏感性，不是某个名次为真的概率", "含评分人姓名，只供内部")
    head = heading(year_said(answered.year), about, answered)
    return join([head, bullets(findings(answered.answer))])


def rank_intervals(answered: Answered, group: str) -> go.Figure:
    """A row a unit: its rank, and the rank confidence set it is in; who shares of the draws in the quota beside it."""
    found = answered.answer
    units, about = units_of(found, group), found["groups"][group]
    if len(units) < 2 or not found["drawn"]:
        why = "只有一个单位" if len(units) < 2 else "没有可以重抽样的评分、打分或选票"
        return empty([answered], f"{about['name']}：没有名次区间可画", f"{why}。")
    grade = found["quota_grade"]
    last = len(units)
    return figure(
        [_sets(units), _ranks(units, grade), beside_rows([_end(unit, grade) for unit in units], last + 0.7)],
        about=[answered],
        title=places_said(found, group) or ranks_said(found, group),
        says=_reads(found, group),
        height=rows(len(units), row=27),
        table=_units_table(found, units),
        row_labels=[f"{unit['rank']}　{unit['name']}" for unit in units],
        xaxis={
            "range": [0.4, last + 0.6 + last * 0.2], "title": {"text": "名次"}, "fixedrange": True,
            "tickmode": "array", "tickvals": list(range(1, last + 1)),
        },
        yaxis={"showgrid": True, "gridcolor": FAINT},
        shapes=_quota(about["places"]) if _in_places(units, about["places"], grade) else [],
        margin={"b": 92},
        narrow={
            "layout": {"xaxis.range": [0.4, last + 0.6], "xaxis.title.text": ""},
            "traces": {"2": {"visible": False}},
        },
    )  # fmt: skip


def _reads(found: Found, group: str) -> str:
    said = f"点为现在的名次，横条为名次区间（{share(found['level'])}）"
    grade, places = found["quota_grade"], found["groups"][group]["places"]
    if not grade:
        return f"{said}；右侧为区间"
    line = f"，虚线左边为{grade}名额" if _in_places(units_of(found, group), places, grade) else ""
    return f"{said}，绿点为{grade}{line}；右侧为区间和得{grade}的抽样"


def _sets(units: Sequence[Mapping[str, Any]]) -> go.Scatter:
    return go.Scatter(
        x=[x for unit in units for x in (unit["low"], unit["high"], None)],
        y=[y for row in range(len(units)) for y in (row, row, None)],
        mode="lines", line={"color": "#a9cbe6", "width": 11}, name="名次区间", hoverinfo="skip",
    )  # fmt: skip


def _ranks(units: Sequence[Mapping[str, Any]], grade: str) -> go.Scatter:
    colours = [
        GRADE_COLOURS["pending"] if unit["grade"] == PENDING
        else GRADE_COLOURS["best"] if grade and unit["grade"] == grade
        else UP
        for unit in units
    ]  # fmt: skip
    return go.Scatter(
        x=[unit["rank"] for unit in units],
        y=list(range(len(units))),
        mode="markers",
        name="现在的名次",
        marker={"size": 12, "color": colours, "line": {"color": PAPER, "width": 1.5}},
        hovertext=[
            hover(
                f"{unit['name']}：第 {unit['rank']} 名{'，' + unit['grade'] if unit['grade'] else ''}",
                f"名次区间 {span(unit)}",
                f"重抽样中总分多在 {_middle(unit)}",
                "" if unit["in_quota"] is None else f"{share(unit['in_quota'])} 的抽样在{grade}名额之内",
            )
            for unit in units
        ],
        hoverinfo="text",
        meta={"units": [unit["id"] for unit in units]},
    )


def _end(unit: Mapping[str, Any], grade: str) -> str:
    """What stands beside the row."""
    inside = f"　{share(unit['in_quota'])}" if grade and unit["in_quota"] else ""
    return figure_text(f"{span(unit)}{inside}")


def _in_places(units: Sequence[Mapping[str, Any]], places: int, grade: str) -> bool:
    """Whether the first ranks have the places of the quota, and nobody behind them."""
    having = {unit["rank"] <= places for unit in units if unit["grade"] == grade}
    return (
        bool(grade)
        and 0 < places < len(units)
        and False not in having
        and all(unit["grade"] in (grade, PENDING) for unit in units if unit["rank"] <= places)
    )


def _quota(places: int) -> list[dict[str, Any]]:
    line = {"color": SOFT, "width": 1.2, "dash": "dash"}
    return [{"type": "line", "x0": places + 0.5, "x1": places + 0.5, "yref": "paper", "y0": 0, "y1": 1, "line": line}]


def _units_table(found: Found, units: Sequence[Mapping[str, Any]]) -> Html:
    grade = found["quota_grade"]
    heads: list[Head | str] = [Head("名次", number=True), "单位", *(["等次"] if grade else [])]
    heads += [Head(name, number=True) for name in ("名次区间", *([f"得{grade}的抽样"] if grade else []), "总分多在")]
    lines = [
        [
            Cell(unit["rank"], number=True),
            Cell(unit["name"], name="name"),
            *([unit["grade"]] if grade else []),
            Cell(span(unit), sort=unit["high"] - unit["low"], number=True),
            *([Cell(share(unit["in_quota"]), sort=unit["in_quota"], number=True)] if grade else []),
            Cell(_middle(unit), sort=unit["score_low"], number=True),
        ]
        for unit in units
    ]
    return table(heads, lines)


def pairs_table(answered: Answered) -> Html:
    """Who changes places with whom, the closest first."""
    found = answered.answer
    units = found["units"]
    close = [pair for pair in found["pairs"] if pair["share"] < CLOSE]
    close.sort(key=lambda pair: pair["share"])
    lines = [
        [
            found["groups"][units[pair["above"]]["group"]]["name"],
            Cell(f"{units[pair['above']]['rank']}　{units[pair['above']]['name']}", name="name"),
            Cell(f"{units[pair['below']]['rank']}　{units[pair['below']]['name']}", name="name"),
            Cell(share(pair["share"]), sort=pair["share"], number=True),
        ]
        for pair in close[:MOST]
    ]
    more = f"另有 {len(close) - MOST} 对也会换位，只列在 JSON 中。" if len(close) > MOST else ""
    heads = ["组", "名次在前的", "名次在后的", Head("前者仍在前的抽样", number=True)]
    shown = table(heads, lines, empty="没有哪两个单位在 1% 以上的抽样中换过位。")
    return join([shown, paragraph(more, "kh-note") if more else ""])


def raters_table(answered: Answered) -> Html:
    """A row a rater: strict or lenient, how far apart, with the others, and what is marked."""
    found = answered.answer
    lines = [
        [
            Cell(each["rater"], name="name"),
            each["name"],
            Cell(each["n"], number=True),
            estimate(each["severity"], signed_short),
            estimate(each["spread"], tenths),
            estimate(each["agreement"], hundredths),
            marks_said(found, each),
        ]
        for each in found["raters"]
    ]
    heads: list[Head | str] = ["评分人", "评的是"]
    heads += [Head(name, number=True) for name in ("评了几处", "严（+）宽（−）", "拉开程度", "与他人一致")]
    return table([*heads, Head("标记", wide=True)], lines, empty="没有逐人的评分或打分。")


def marks_said(found: Found, each: Mapping[str, Any]) -> Content:
    """Badges, and whose grade turns on the rater."""
    if each["why"]:
        return small(each["why"])
    kinds = {"strict": "fail", "lenient": "fail", "flat": "open", "contrary": "open", "decides": "pending"}
    units = [found["units"][key]["name"] for key in each["decides"]]
    groups = [found["groups"][key]["name"] for key, one in each["groups"].items() if one["flat"]]
    more = [f"去掉后等次会变：{'、'.join(units)}" if units else "", f"对{'、'.join(groups)}" if groups else ""]
    return join(
        [*(badge(MARKS[name], kinds[name]) for name in each["marks"]), small("；".join(filter(None, more)))], " "
    )


def left_out_table(answered: Answered, name: str) -> Html:
    """What becomes of ranks and grades without one rater or item: those that change a grade first."""
    found = answered.answer
    moving = [each for each in found[name] if each["moved"]]
    moving.sort(key=lambda each: (not any(map(definite, each["moved"])), -len(each["moved"])))
    lines = [
        [
            Cell(" ".join(dict.fromkeys(filter(None, _called(each)))), name="name"),
            Cell(len(each["moved"]), number=True),
            join((_moved(found, shift) for shift in each["moved"]), "；"),
        ]
        for each in moving[:MOST]
    ]
    heads = ["去掉的", Head("变动的单位", number=True), Head("名次、等次怎样变", wide=True)]
    still = len(found[name]) - len(moving)
    told = [f"另有 {still} 个去掉后名次、等次都不变。"] if still else []
    told += [f"还有 {len(moving) - MOST} 个只列在 JSON 中。"] if len(moving) > MOST else []
    shown = table(heads, lines, empty="逐一去掉后，名次、等次都不变。" if found[name] else "没有可以去掉的。")
    return join([shown, paragraph("".join(told), "kh-note") if told and moving else ""])


def _called(each: Mapping[str, Any]) -> tuple[str, ...]:
    """A letter before the name where there is one, and what was voted or rated after it."""
    return each.get("letter", ""), each["out"], each.get("name", "")


def _moved(found: Found, shift: Mapping[str, Any]) -> Html:
    parts = [found["units"][shift["unit"]]["name"]]
    if not shift["rank_then"]:
        return Html(f"{text(parts[0])} 没有总分")
    if shift["rank"] != shift["rank_then"]:
        parts.append(f"第 {shift['rank']} → {shift['rank_then']} 名")
    said: list[Content] = [" ".join(parts)]
    if shift["grade"] != shift["grade_then"]:
        said.append(badge(f"{shift['grade']} → {shift['grade_then']}", "pending"))
    return join(said, " ")


def agreement_table(answered: Answered) -> Html:
    """How far the raters agree, by group and by what is rated."""
    found = answered.answer
    lines = []
    for group, about in found["agreement"].items():
        votes = about.get("votes", {})
        for each in [about] * ("name" in about) + list(votes.values()):
            lines.append([
                found["groups"].get(group, {"name": group})["name"], each["name"],
                Cell(each["units"], number=True), Cell(each["raters"], number=True),
                *(estimate(each[name], hundredths) for name in ("kendall_w", "icc2", "icc2k", "icc3", "icc3k")),
                small(each["why"]),
            ])  # fmt: skip
    heads: list[Head | str] = ["组", "评的是", Head("单位", number=True), Head("评分人", number=True)]
    heads += [
        Head(name, number=True)
        for name in ("肯德尔 W", "ICC2（单人）", "ICC2k（平均）", "ICC3（单人）", "ICC3k（平均）")
    ]
    return table([*heads, ""], lines, empty="没有可比的评分。")


def robust_limits(answered: Answered) -> Html:
    """What the figures rest on, and do not say."""
    return bullets(filter(None, [sources_said(answered.answer), *limits(answered.answer)]))


def _middle(unit: Found) -> str:
    """Between which totals most draws lie: `86.31～89.02`."""
    return "～".join(f"{unit[end]:.{unit['decimals']}f}" for end in ("score_low", "score_high"))
