"""Why a year came out otherwise: the corrected cells, whom each moves, and what only all of them together explain."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.attribution import Cause, CellMove, Difference, Share, UnitMove
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Head, Html, Row, bullets, number, table
from kaohe.charts.saying import names, signed, two
from kaohe.charts.style import DOWN, STEP, UP, empty, figure, hover, rows

UNTOUCHED = "本单位数据未变，受其他单位影响"
ROW = 27


def unit_said(move: UnitMove, same_year: bool) -> str:
    """A unit's total, rank and grade, before and after."""
    rank = f"第 {move.rank[0]} → {move.rank[1]} 名" if move.rank[0] != move.rank[1] else f"第 {move.rank[1]} 名"
    total = " → ".join(dict.fromkeys(_pair(*move.total)))
    own = f"（{UNTOUCHED}）" if same_year and not move.own else ""
    return f"{move.unit} {move.name}：{total} 分，{rank}，{' → '.join(dict.fromkeys(move.grade))}{own}"


def share_said(share: Share, move: UnitMove) -> str:
    """What one correction alone does to a unit."""
    parts = [f"总分 {signed(share.gained)}"] if share.gained else []
    if share.rank != move.rank[0]:
        parts.append(f"名次 {move.rank[0]} → {share.rank}")
    if share.grade != move.grade[0]:
        parts.append(f"等次 {move.grade[0]} → {share.grade}")
    return f"改动 {share.cause + 1} 单独：{'，'.join(parts)}"


def together_said(rest: str) -> str:
    return f"几处改动共同作用（逐处相加得不到）：{rest}"


def cell_said(move: CellMove, same_year: bool) -> str:
    """An indicator's points, before and after, and because of which corrections."""
    why = [f"改动 {share.cause + 1}：{signed(share.gained)}" for share in move.shares]
    why += [f"共同作用：{signed(move.rest)}"] if move.rest else []
    reasons = f"（{'，'.join(why)}）" if why else ""
    own = f"（{UNTOUCHED}）" if same_year and not move.own else ""
    return f"{move.unit} {move.indicator} {move.name}：{' → '.join(_pair(*move.points))}{reasons}{own}"


def _pair(before: Fraction | None, after: Fraction | None) -> tuple[str, str]:
    """Both in as many decimals as it takes to tell them apart."""
    others = [each for each in (before, after) if each is not None]
    then, now = ("不适用" if each is None else two(each, others) for each in (before, after))
    return then, now


def difference_heading(found: Difference) -> Html:
    """The head of the page: which two are held side by side."""
    return heading(f"{found.year} 学年", (f"{found.before} → {found.after}",), found)


def difference_says(found: Difference) -> Html:
    """What it comes down to, in sentences."""
    moved = [move for move in found.units if move.moved]
    ranks = [move for move in moved if move.rank[0] != move.rank[1]]
    grades = [f"{move.name}（{' → '.join(move.grade)}）" for move in moved if move.grade[0] != move.grade[1]]
    untouched = [move.name for move in moved if not move.own]
    said = [
        f"从“{found.before}”到“{found.after}”：{len(found.causes)} 处改动，{len(moved)} 个单位的总分、名次或等次有变"
    ]
    said += [f"名次有变：{names([move.name for move in ranks])}"] if ranks else ["没有单位的名次变动"]
    said += [f"等次有变：{'、'.join(grades)}"] if grades else ["没有单位的等次变动"]
    if found.same_year and untouched:
        said.append(f"自己的数据没有改、因同组比较而变动：{names(untouched)}")
    rest = [move.name for move in found.units if move.rest]
    if rest:
        said.append(f"逐处改动相加不等于合计、要几处一起看的：{names(rest)}")
    if not found.same_year:
        said.append("两个学年的数据各不相同，只列结果，不逐格归因")
    return bullets([*said, *(f"另有：{each}（不逐格归因）" for each in found.elsewhere)])


def gains(found: Difference) -> go.Figure:
    """A bar a unit: what the total gained or lost; pale where the unit's own data did not change."""
    moved = sorted((move for move in found.units if move.moved), key=lambda move: move.gained, reverse=True)
    if not moved:
        return empty([found], "没有单位变动", "两次评分中各单位的总分、名次、等次都相同。")
    return figure(
        [_bars(name, [(row, move) for row, move in enumerate(moved) if move.own is own], own) for name, own in _KINDS],
        about=[found],
        title=_gains_title(moved),
        says="每行一个单位，条长为总分的变动，右侧写明名次；浅色为本单位数据未变、受其他单位影响",
        height=rows(len(moved), row=ROW),
        table=units_table(found),
        row_labels=[move.name for move in moved],
        xaxis={"title": {"text": "总分变动"}, "zeroline": True, "fixedrange": True, "range": _room(moved)},
        legend={"y": 0, "yref": "container", "yanchor": "bottom"},
        margin={"b": 76, "r": 90},
    )


def _room(moved: list[UnitMove]) -> list[float]:
    """Room beside the bars for what is written at their ends."""
    low, high = min(0.0, *(float(move.gained) for move in moved)), max(0.0, *(float(move.gained) for move in moved))
    space = (high - low or 1.0) * 0.4
    return [low - space * (low < 0), high + space * (high > 0 or low == 0)]


_KINDS = (("本单位数据有改动", True), ("本单位数据未变", False))


def _gains_title(moved: list[UnitMove]) -> str:
    best, worst = moved[0], moved[-1]
    parts = [f"{best.name} {signed(best.gained)}"] if best.gained > 0 else []
    parts += [f"{worst.name} {signed(worst.gained)}"] if worst.gained < 0 else []
    return f"变动最大：{'，'.join(parts)}" if parts else "总分没有变，名次或等次有变"


def _bars(name: str, moves: list[tuple[int, UnitMove]], own: bool) -> go.Bar:
    return go.Bar(
        name=name,
        orientation="h",
        x=[float(move.gained) for _, move in moves],
        y=[row for row, _ in moves],
        text=[f"{signed(move.gained)}　{_ranks(move)}" for _, move in moves],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [UP if move.gained >= 0 else DOWN for _, move in moves] if own else STEP},
        hovertext=[
            hover(move.name, unit_said(move, True), *(share_said(share, move) for share in move.shares))
            for _, move in moves
        ],
        hoverinfo="text",
        meta={"units": [move.unit for _, move in moves]},
    )


def _ranks(move: UnitMove) -> str:
    return f"第 {move.rank[0]} → {move.rank[1]} 名" if move.rank[0] != move.rank[1] else f"第 {move.rank[1]} 名"


def causes_table(found: Difference) -> Html:
    """Every corrected cell: what it was and is, where it stands, whom it moves by itself."""
    lines = [
        [str(place), cell.unit, found.names.get(cell.unit, ""), cell.table, cell.row, cell.column or "整行",
         cell.before or "（空）", cell.after or "（空）", cell.place, _moves_of(found, place - 1, cause)]
        for place, cause in enumerate(found.causes, 1)
        for cell in cause.cells
    ]  # fmt: skip
    heads = ["改动", "编号", "单位", "表", "行", "列", "原为", "现为", "位置", Head("单独的影响", wide=True)]
    return table(heads, lines, empty="原始数据、读法没有不同。")


def _moves_of(found: Difference, number: int, cause: Cause) -> str:
    if cause.alone:
        return f"不能单独试算：{cause.alone}"
    said = [
        f"{move.name}：{share_said(share, move).partition('：')[2]}"
        for move in found.units
        for share in move.shares
        if share.cause == number
    ]
    return "；".join(said) or "单独不改变任何单位的总分、名次、等次"


def units_table(found: Difference) -> Html:
    """Every unit that moved, and because of what."""
    lines = [
        Row(
            [move.unit, move.name, move.group, *_numbers(move), _step(*map(str, move.rank)), _step(*move.grade),
             Cell("是" if move.own else UNTOUCHED), _why(move.shares, move.rest, move)]
        )
        for move in found.units
    ]  # fmt: skip
    heads = [
        "编号", "单位", "组", Head("原总分", number=True), Head("现总分", number=True), Head("变动", number=True),
        "名次", "等次", "数据有改动", Head("原因", wide=True),
    ]  # fmt: skip
    return table(heads, lines, empty="没有单位变动。")


def _numbers(move: UnitMove) -> Iterable[Cell]:
    yield number(move.total[0], move.total)
    yield number(move.total[1], move.total)
    yield Cell(signed(move.gained), sort=float(move.gained), number=True)


def _step(then: str, now: str) -> str:
    return now if then == now else f"{then} → {now}"


def _why(shares: tuple[Share, ...], rest: Fraction, move: UnitMove) -> str:
    said = [share_said(share, move) for share in shares]
    return "；".join([*said, together_said(signed(rest))] if rest else said)


def cells_table(found: Difference) -> Html:
    """Every indicator with other points, and because of what."""
    lines = [
        [move.unit, found.names.get(move.unit, ""), Cell(move.indicator.removeprefix(f"{move.unit}."), name="tight"),
         move.name, *(number(each, [other for other in move.points if other is not None]) for each in move.points),
         "" if move.own else UNTOUCHED,
         "，".join([f"改动 {share.cause + 1}：{signed(share.gained)}" for share in move.shares]
                   + ([f"共同作用：{signed(move.rest)}"] if move.rest else []))]
        for move in found.cells
    ]  # fmt: skip
    heads = [
        "编号", "单位", "指标", "名称", Head("原得分", number=True), Head("现得分", number=True), "说明",
        Head("原因", wide=True),
    ]  # fmt: skip
    return table(heads, lines, empty="没有指标的得分变动。")
