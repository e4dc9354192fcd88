"""The page of the panel's meeting: raters from strict to lenient, where they differ most, whose marks decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.answered import Answered
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Head, Html, bullets, estimate, join, table
from kaohe.charts.notation import figure_text, hundredths, tenths
from kaohe.charts.robustwords import MARKS, raters_said, signed_short
from kaohe.charts.style import FAINT, INK, PAPER, SOFT, UP, empty, figure, hover, rows
from kaohe.scheme.years import year_said

Found = Mapping[str, Any]
MARKED = "#c4570f"
SEEN = 0.05
"""A difference, in points of a hundred, that one decimal shows."""


def calibration_heading(answered: Answered) -> Html:
    """The question, then its answer in sentences."""
    found = answered.answer
    about = ["定稿之前供评审小组核对", "评分人以字母代替" if found["letters"] else "含评分人姓名，只供内部"]
    head = heading(year_said(answered.year), about, answered)
    return join([head, bullets([*raters_said(found), *_items_said(found)])])


def _items_said(found: Found) -> list[str]:
    if not found["items"]:
        return []
    apart = [each for each in found["items"][:3] if each["spread"] >= SEEN]
    if not apart:
        return ["各项评分人之间都没有分歧"]
    listed = "、".join(f"{each['id']} {each['name']}（相差 {each['spread']:.1f} 分）" for each in apart)
    return [f"分歧最大的项目：{listed}；相差为各评分人之间的标准差（百分制），取各单位平均"]


def severities(answered: Answered) -> go.Figure:
    """A row a rater, from the strictest: how far below or above the middle of the panel, and by how much apart."""
    found = answered.answer
    known = [each for each in found["raters"] if each["severity"] is not None]
    if not known:
        return empty([answered], "没有可以比较的评分人", "每处不足 3 位评分人，不作宽严的比较。")
    strict = found["strict_from"]
    far = max(strict * 1.3, *(abs(each["severity"]) for each in known)) * 1.15
    marked = [any(name in each["marks"] for name in ("strict", "lenient", "flat", "contrary")) for each in known]
    return figure(
        [
            go.Bar(
                x=[-each["severity"] for each in known],
                y=list(range(len(known))),
                orientation="h",
                marker={"color": [MARKED if on else UP for on in marked]},
                text=[signed_short(-each["severity"]) for each in known],
                textposition="outside",
                textfont={"size": 13, "color": INK},
                cliponaxis=False,
                hovertext=[_hover(each) for each in known],
                hoverinfo="text",
                showlegend=False,
                meta={"raters": [each["letter"] for each in known]},
            )
        ],
        about=[answered],
        title=_title(known, strict),
        says="同一处评分中，比全体评分人的中位数平均高（+）或低（−）多少分，百分制；橙色为有标记的，虚线外为偏严、偏宽",
        height=rows(len(known), row=30),
        table=severity_table(found),
        row_labels=[_called(found, each) for each in known],
        xaxis={"range": [-far, far], "title": {"text": "← 偏严　　　偏宽 →"}, "fixedrange": True, "nticks": 9},
        yaxis={"showgrid": True, "gridcolor": FAINT},
        narrow={"layout": {"xaxis.range": [-far * 1.4, far * 1.4], "xaxis.nticks": 5}},
        shapes=[_line(at, "dash" if at else "solid") for at in (-strict, 0, strict)],
        plot_bgcolor=PAPER,
    )


def _line(at: float, dash: str) -> dict[str, Any]:
    line = {"color": SOFT, "width": 1, "dash": dash}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _title(known: Sequence[Mapping[str, Any]], from_: float) -> str:
    strict = [each for each in known if "strict" in each["marks"]]
    lenient = [each for each in known if "lenient" in each["marks"]]
    parts = [
        f"{each['rater']} {said} {abs(each['severity']):.1f} 分"
        for some, said in ((strict, "偏严"), (lenient, "偏宽"))
        for each in some
    ]
    if parts:
        return f"{'、'.join(parts)}：与同处评分的中位数平均相差 {from_:.0f} 分以上"
    widest = max(abs(each["severity"]) for each in known)
    if widest < SEEN:
        return f"{len(known)} 位评分人宽严没有差别"
    return f"{len(known)} 位评分人宽严相近：与中位数的平均差都在 {widest:.1f} 分以内"


def _called(found: Found, each: Mapping[str, Any]) -> str:
    return each["letter"] if found["letters"] else f"{each['letter']}　{each['rater']}"


def _hover(each: Mapping[str, Any]) -> str:
    agree = "" if each["agreement"] is None else f"与其他人的相关系数 {hundredths(each['agreement'])}"
    return hover(
        f"{each['rater']}（{each['name']}）",
        f"评了 {each['n']} 处",
        f"拉开程度（标准差）{each['spread']:.1f} 分",
        agree,
        "、".join(MARKS[name] for name in each["marks"]),
    )


def severity_table(found: Found) -> Html:
    """The numbers behind the drawing, group by group."""
    groups = [key for key in found["groups"] if any(key in each["groups"] for each in found["raters"])]
    heads: list[Head | str] = ["评分人", "评的是", Head("评了几处", number=True), Head("严（+）宽（−）", number=True)]
    heads += [Head(found["groups"][key]["name"], number=True) for key in groups]
    heads += [Head("拉开程度", number=True), Head("与他人一致", number=True), "标记"]
    return table(
        heads,
        [
            [
                Cell(_called(found, each), name="name"),
                each["name"],
                Cell(each["n"], number=True),
                estimate(each["severity"], signed_short),
                *(estimate(each["groups"].get(key, {}).get("severity"), signed_short) for key in groups),
                estimate(each["spread"], tenths),
                estimate(each["agreement"], hundredths),
                "、".join(MARKS[name] for name in each["marks"]) or each["why"],
            ]
            for each in found["raters"]
        ],
    )


def items_table(answered: Answered) -> Html:
    """Where raters lie furthest apart: a criterion that each reads in another way."""
    found = answered.answer
    lines = [
        [
            Cell(f"{each['id']} {each['name']}", name="name"),
            Cell(each["units"], number=True),
            estimate(each["spread"], tenths),
            figure_text(found["units"][each["widest"]]["name"]),
            estimate(each["range"], tenths),
        ]
        for each in found["items"]
    ]
    heads: list[Head | str] = ["项目", Head("单位", number=True), Head("评分人相差", number=True), "相差最大的单位"]
    return table([*heads, Head("最高与最低相差", number=True)], lines, empty="没有三人以上评的项目。")


def calibration_limits(answered: Answered) -> Html:
    """What the figures do not say."""
    said = [
        "偏严、偏宽不等于评错：只说明与同一处其他评分人的中位数相差多少；是否复核由评审小组决定。",
        f"相差 {answered.answer['strict_from']:.0f} 分（百分制）以上才标记；不足 3 位评分人的地方不作比较。",
        "“去掉一位”是其余评分按原办法合成后全部重新评分，等次为审议决定之前的。",
        *(f"没有计算：{each['what']}，{each['why']}。" for each in answered.answer["not_computed"]),
    ]
    return bullets(said)
