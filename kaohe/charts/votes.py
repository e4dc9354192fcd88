"""What people voted: the shares of the options, or how far the marks are apart. For internal pages only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.charts.html import Cell, Head, Html, number, table
from kaohe.charts.notation import names, percent, plain
from kaohe.charts.ranking import rank_labels
from kaohe.charts.style import (
    GRID,
    INK,
    PAPER,
    VOTE_COLOURS,
    empty,
    figure,
    hover,
    rows,
    vote_colour,
)
from kaohe.scoring.book import ScoreBook, UnitResult, VoteInfo
from kaohe.scoring.components import has, points_of

SYMBOLS = ("diamond", "circle", "square", "triangle-up", "star")
"""Marks of the groups of voters, in the scheme's order."""


def votes_on(book: ScoreBook, group: str) -> list[str]:
    """The items of a group that are voted on."""
    return [item for item in book.votes if any(has(book, unit, item) for unit in book.ranking(group))]


def vote(book: ScoreBook, group: str, item: str) -> go.Figure:
    """A row a unit by rank: the shares of its votes, or every voter's mark."""
    return _counted(book, group, item) if book.votes[item].paper == "counts" else _marked(book, group, item)


def _counted(book: ScoreBook, group: str, item: str) -> go.Figure:
    info = book.votes[item]
    name = f"{book.groups[group].name}{info.name}"
    units = [unit for unit in book.ranking(group) if item in unit.cast and unit.cast[item].votes]
    if not units:
        return empty([book], f"{name}：没有选票", f"{info.name}的票数还没有上报。")
    options = list(info.options)
    traces = []
    for place, option in enumerate(options):
        word = info.options[option]
        counts = [unit.cast[item].counts.get(option, Fraction(0)) for unit in units]
        shares = [count / unit.cast[item].votes for count, unit in zip(counts, units, strict=True)]
        colour = vote_colour(place, len(options))
        traces.append(
            go.Bar(
                name=word,
                orientation="h",
                x=[float(share) for share in shares],
                y=list(range(len(units))),
                text=[percent(share) if share else "" for share in shares],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"size": 12, "color": PAPER if colour in (VOTE_COLOURS[0], VOTE_COLOURS[-1]) else INK},
                hovertext=[
                    hover(f"{unit.name}：{word} {plain(count)} 票，占 {percent(share, 1)}", *_said(unit, item)[-1:])
                    for unit, count, share in zip(units, counts, shares, strict=True)
                ],
                hoverinfo="text",
                marker={"color": colour, "line": {"color": PAPER, "width": 1}},
                meta={"vote": word, "units": [unit.unit_id for unit in units]},
            )
        )
    return figure(
        traces,
        about=[book],
        title=count_title(name, units, item, info),
        says=f"各单位{_count(len(options))}种票的比例，单位按总名次排列；内部资料，不得公开",
        height=rows(len(units)),
        table=_count_table(book, units, item),
        row_labels=rank_labels(units),
        row_units=[unit.unit_id for unit in units],
        barmode="stack",
        xaxis={"range": [0, 1], "tickformat": ".0%", "nticks": 6, "fixedrange": True},
        margin={"b": 80},
    )


def _count(number: int) -> str:
    return "一两三四五六七八九十"[number - 1] if number <= 10 else f" {number} "


def count_title(name: str, units: Sequence[UnitResult], item: str, info: VoteInfo) -> str:
    """Whose share of the first option is highest, and who got most votes of the last."""
    first, *_, last = (*info.options, *info.options)
    good, poor = info.options[first], info.options[last]
    best = {unit.unit_id: unit.cast[item].counts.get(first, Fraction(0)) / unit.cast[item].votes for unit in units}
    worst = {unit.unit_id: unit.cast[item].counts.get(last, Fraction(0)) / unit.cast[item].votes for unit in units}
    high, low, most = max(best.values()), min(best.values()), max(worst.values())
    if high == low:
        said = f"{good}票都占 {percent(high)}"
    else:
        leading = names(unit.name for unit in units if best[unit.unit_id] == high)
        said = f"{leading}{good}票比例最高（{percent(high)}），最低 {percent(low)}"
    if first == last:
        return f"{name}：{said}"
    if not most:
        return f"{name}：{said}；没有{poor}票"
    disliked = names(unit.name for unit in units if worst[unit.unit_id] == most)
    return f"{name}：{said}；{disliked}{poor}票最多（{percent(most)}）"


def _marked(book: ScoreBook, group: str, item: str) -> go.Figure:
    """Every voter's mark, the span between them, and the mean of each group of voters."""
    info = book.votes[item]
    name = f"{book.groups[group].name}{info.name}"
    units = [unit for unit in book.ranking(group) if item in unit.cast and unit.cast[item].marks]
    if not units:
        return empty([book], f"{name}：没有评分", f"{info.voter}的评分还没有上报。")
    spans = [_span(unit, item) for unit in units]
    traces = [
        go.Scatter(
            x=[value for low, high in spans for value in (float(low), float(high), None)],
            y=[value for row in range(len(units)) for value in (row, row, None)],
            mode="lines",
            line={"color": GRID, "width": 7},
            hoverinfo="skip",
            name="最低到最高",
        ),
        *(_voters(units, item, info, place) for place in range(len(info.voters))),
    ]
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    most = info.out_of
    out_of = "百分制" if most == 100 else f"满分 {plain(most)}" if most else ""
    return figure(
        traces,
        about=[book],
        title=mark_title(name, units, item, info),
        says=f"每个点为一位{info.voter}的评分（不记名），灰条从最低到最高；单位按总名次排列；内部资料，不得公开",
        height=rows(len(units)),
        table=_mark_table(book, units, item),
        row_labels=rank_labels(units),
        row_units=[unit.unit_id for unit in units],
        xaxis={
            "range": [max(float(low) - 2, -1), min(float(high) + 2, float(most) + 1) if most else float(high) + 2],
            "title": {"text": f"评分（{out_of}）" if out_of else "评分"},
            "fixedrange": True,
        },
        margin={"b": 92},
        narrow={"layout": {"xaxis.title.text": ""}},
    )


def mark_title(name: str, units: Sequence[UnitResult], item: str, info: VoteInfo) -> str:
    """Over whom the voters differ most, and least."""
    widths = {unit.unit_id: high - low for unit in units for low, high in (_span(unit, item),)}
    most, least = max(widths.values()), min(widths.values())
    if not most:
        return f"{name}：{info.voter}对每个单位的评分都一致"
    apart = [unit for unit in units if widths[unit.unit_id] == most]
    low, high = _span(apart[0], item)
    said = f"{name}：意见最不一致的是{names(unit.name for unit in apart)}"
    said += (
        f"（{plain(low)}～{plain(high)}，相差 {plain(most)} 分）" if len(apart) == 1 else f"（相差 {plain(most)} 分）"
    )
    if most == least:
        return f"{name}：{info.voter}对每个单位的评分都相差 {plain(most)} 分"
    agreed = names(unit.name for unit in units if widths[unit.unit_id] == least)
    return f"{said}；最一致的是{agreed}（{plain(least)} 分）"


def _voters(units: Sequence[UnitResult], item: str, info: VoteInfo, place: int) -> go.Scatter:
    """The marks of one group of voters; the first stands out."""
    group = list(info.voters)[place]
    word = info.voters[group]
    found = [(row, unit, mark) for row, unit in enumerate(units) for by, mark in unit.cast[item].marks if by == group]
    return go.Scatter(
        name=word,
        x=[float(mark) for _, _, mark in found],
        y=[row for row, _, _ in found],
        mode="markers",
        marker={
            "symbol": SYMBOLS[place % len(SYMBOLS)],
            "size": 10 if place else 11,
            "color": VOTE_COLOURS[1] if place else VOTE_COLOURS[0],
            "line": {"color": INK, "width": 1},
        },
        hovertext=[hover(f"{unit.name}：{word} {plain(mark)} 分", *_said(unit, item)) for _, unit, mark in found],
        hoverinfo="text",
        meta={"role": group, "units": [unit.unit_id for _, unit, _ in found]},
    )


def _span(unit: UnitResult, item: str) -> tuple[Fraction, Fraction]:
    marks = [mark for _, mark in unit.cast[item].marks]
    return min(marks), max(marks)


def _said(unit: UnitResult, item: str) -> list[str]:
    return [sentence.text for sentence in unit.nodes[item].sentences]


def _count_table(book: ScoreBook, units: Sequence[UnitResult], item: str) -> Html:
    options = book.votes[item].options
    lines = []
    for unit in units:
        counts = [unit.cast[item].counts.get(option, Fraction(0)) for option in options]
        lines.append(
            [
                Cell(unit.name, name="name"),
                *(Cell(plain(count), sort=float(count), number=True) for count in counts),
                *(_percent(count / unit.cast[item].votes) for count in counts),
                number(points_of(book, unit, item), (), book.decimals(item)),
            ]
        )
    heads = ["单位", *(Head(f"{word}（票）", number=True) for word in options.values())]
    return table([*heads, *(Head(word, number=True) for word in options.values()), Head("得分", number=True)], lines)


def _percent(share: Fraction) -> Cell:
    return Cell(percent(share, 1), sort=float(share), number=True)


def _mark_table(book: ScoreBook, units: Sequence[UnitResult], item: str) -> Html:
    voters = book.votes[item].voters
    lines = []
    for unit in units:
        low, high = _span(unit, item)
        means = []
        for group in voters:
            marks = [mark for by, mark in unit.cast[item].marks if by == group]
            means.append(number(sum(marks, Fraction(0)) / len(marks) if marks else None))
        lines.append([Cell(unit.name, name="name"), *means, number(low), number(high), number(high - low),
                      number(points_of(book, unit, item), (), book.decimals(item))])  # fmt: skip
    heads = [f"{word}平均" for word in voters.values()]
    return table(["单位", *(Head(head, number=True) for head in (*heads, "最低", "最高", "相差", "得分"))], lines)
