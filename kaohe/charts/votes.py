"""民主测评 and 领导班子评价: the shares of the votes, and how far the leaders are apart. For internal pages only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.charts.html import Cell, Head, Html, number, table
from kaohe.charts.ranking import rank_labels
from kaohe.charts.saying import names, percent, plain
from kaohe.charts.style import (
    GRID,
    INK,
    PAPER,
    VOTE_COLOURS,
    empty,
    figure,
    hover,
    rows,
)
from kaohe.scoring.book import COMPONENT_NAMES, ScoreBook, UnitResult

VOTES = ("优秀", "合格", "不合格")
ROLES = {"chief": "正职", "deputy": "副职"}
SYMBOLS = {"chief": "diamond", "deputy": "circle"}


def ballots(book: ScoreBook, group: str) -> go.Figure:
    """A row a unit by rank: the share of its votes 优秀, 合格 and 不合格."""
    name = f"{book.groups[group].name}{COMPONENT_NAMES['ballot']}"
    units = [unit for unit in book.ranking(group) if unit.voters]
    if not units:
        return empty([book], f"{name}：没有选票", "民主测评的票数还没有上报。")
    traces = []
    for place, vote in enumerate(VOTES):
        shares = [unit.ballots[place] / unit.voters for unit in units]
        traces.append(
            go.Bar(
                name=vote,
                orientation="h",
                x=[float(share) for share in shares],
                y=list(range(len(units))),
                text=[percent(share) if share else "" for share in shares],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"size": 12, "color": [PAPER, INK, PAPER][place]},
                hovertext=[
                    hover(f"{unit.name}：{vote} {plain(unit.ballots[place])} 票，占 {percent(share, 1)}", *_said(unit))
                    for unit, share in zip(units, shares, strict=True)
                ],
                hoverinfo="text",
                marker={"color": VOTE_COLOURS[place], "line": {"color": PAPER, "width": 1}},
                meta={"vote": vote, "units": [unit.unit_id for unit in units]},
            )
        )
    return figure(
        traces,
        about=[book],
        title=ballot_title(name, units),
        says="各单位三种票的比例，单位按总名次排列；内部资料，不得公开",
        height=rows(len(units)),
        table=_ballot_table(units),
        row_labels=rank_labels(units),
        barmode="stack",
        xaxis={"range": [0, 1], "tickformat": ".0%", "nticks": 6, "fixedrange": True},
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        margin={"b": 80},
    )


def ballot_title(name: str, units: Sequence[UnitResult]) -> str:
    """Whose share of 优秀 is highest, and who got most 不合格."""
    best = {unit.unit_id: unit.ballots[0] / unit.voters for unit in units}
    worst = {unit.unit_id: unit.ballots[2] / unit.voters for unit in units}
    high, low, most = max(best.values()), min(best.values()), max(worst.values())
    if high == low:
        said = f"优秀票都占 {percent(high)}"
    else:
        leaders = names(unit.name for unit in units if best[unit.unit_id] == high)
        said = f"{leaders}优秀票比例最高（{percent(high)}），最低 {percent(low)}"
    if not most:
        return f"{name}：{said}；没有不合格票"
    disliked = names(unit.name for unit in units if worst[unit.unit_id] == most)
    return f"{name}：{said}；{disliked}不合格票最多（{percent(most)}）"


def leaders(book: ScoreBook, group: str) -> go.Figure:
    """A row a unit by rank: every leader's score, the span between them, and the mean of each role."""
    name = f"{book.groups[group].name}{COMPONENT_NAMES['leader']}"
    units = [unit for unit in book.ranking(group) if unit.leader_scores]
    if not units:
        return empty([book], f"{name}：没有评分", "校领导的评分还没有上报。")
    spans = [_span(unit) for unit in units]
    traces = [
        go.Scatter(
            x=[value for low, high in spans for value in (float(low), float(high), None)],
            y=[value for row in range(len(units)) for value in (row, row, None)],
            mode="lines",
            line={"color": GRID, "width": 7},
            hoverinfo="skip",
            name="最低到最高",
        ),
        *(_role(units, role) for role in ROLES),
    ]
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    return figure(
        traces,
        about=[book],
        title=leader_title(name, units),
        says="每个点为一位校领导的评分（不记名），灰条从最低到最高；单位按总名次排列；内部资料，不得公开",
        height=rows(len(units)),
        table=_leader_table(units),
        row_labels=rank_labels(units),
        xaxis={
            "range": [max(float(low) - 2, -1), min(float(high) + 2, 101)],
            "title": {"text": "评分（百分制）"},
            "fixedrange": True,
        },
        legend={"y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal"},
        margin={"b": 92},
        narrow={"layout": {"xaxis.title.text": ""}},
    )


def leader_title(name: str, units: Sequence[UnitResult]) -> str:
    """Over whom the leaders differ most, and least."""
    widths = {unit.unit_id: high - low for unit in units for low, high in (_span(unit),)}
    most, least = max(widths.values()), min(widths.values())
    if not most:
        return f"{name}：校领导对每个单位的评分都一致"
    apart = [unit for unit in units if widths[unit.unit_id] == most]
    low, high = _span(apart[0])
    said = f"{name}：意见最不一致的是{names(unit.name for unit in apart)}"
    said += (
        f"（{plain(low)}～{plain(high)}，相差 {plain(most)} 分）" if len(apart) == 1 else f"（相差 {plain(most)} 分）"
    )
    if most == least:
        return f"{name}：校领导对每个单位的评分都相差 {plain(most)} 分"
    agreed = names(unit.name for unit in units if widths[unit.unit_id] == least)
    return f"{said}；最一致的是{agreed}（{plain(least)} 分）"


def _role(units: Sequence[UnitResult], role: str) -> go.Scatter:
    found = [
        (row, unit, each.score) for row, unit in enumerate(units) for each in unit.leader_scores if each.role == role
    ]
    return go.Scatter(
        name=ROLES[role],
        x=[float(score) for _, _, score in found],
        y=[row for row, _, _ in found],
        mode="markers",
        marker={
            "symbol": SYMBOLS[role],
            "size": 11 if role == "chief" else 10,
            "color": VOTE_COLOURS[0] if role == "chief" else VOTE_COLOURS[1],
            "line": {"color": INK, "width": 1},
        },
        hovertext=[hover(f"{unit.name}：{ROLES[role]} {plain(score)} 分", *_led(unit)) for _, unit, score in found],
        hoverinfo="text",
        meta={"role": role, "units": [unit.unit_id for _, unit, _ in found]},
    )


def _span(unit: UnitResult) -> tuple[Fraction, Fraction]:
    scores = [each.score for each in unit.leader_scores]
    return min(scores), max(scores)


def _said(unit: UnitResult) -> list[str]:
    return [sentence.text for sentence in unit.ballot_sentences[-1:]]


def _led(unit: UnitResult) -> list[str]:
    return [sentence.text for sentence in unit.leader_sentences]


def _ballot_table(units: Sequence[UnitResult]) -> Html:
    lines = [
        [
            Cell(unit.name, name="name"),
            *(Cell(plain(count), sort=float(count), number=True) for count in unit.ballots),
            *(_percent(count / unit.voters) for count in unit.ballots),
            number(unit.ballot_points),
        ]
        for unit in units
    ]
    heads = ["单位", *(Head(f"{vote}（票）", number=True) for vote in VOTES)]
    return table([*heads, *(Head(vote, number=True) for vote in VOTES), Head("得分", number=True)], lines)


def _percent(share: Fraction) -> Cell:
    return Cell(percent(share, 1), sort=float(share), number=True)


def _leader_table(units: Sequence[UnitResult]) -> Html:
    lines = []
    for unit in units:
        low, high = _span(unit)
        means = []
        for role in ROLES:
            scores = [each.score for each in unit.leader_scores if each.role == role]
            means.append(number(sum(scores, Fraction(0)) / len(scores) if scores else None))
        lines.append([Cell(unit.name, name="name"), *means, number(low), number(high), number(high - low),
                      number(unit.leader_points)])  # fmt: skip
    heads = [f"{name}平均" for name in ROLES.values()]
    return table(["单位", *(Head(head, number=True) for head in (*heads, "最低", "最高", "相差", "得分"))], lines)
