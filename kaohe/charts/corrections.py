"""Why a year came out otherwise: the corrected cells, whom each moves, and what only all of them together explain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.attribution import Cause, CellMove, Difference, Share, UnitMove
from kaohe.charts.headings import heading
from kaohe.charts.html import Cell, Head, Html, Row, bullets, number, table
from kaohe.charts.notation import names, short, signed, two
from kaohe.charts.style import DOWN, STEP, UP, empty, figure, hover, rows
from kaohe.scheme.years import year_said

UNTOUCHED = "本单位数据未变"
SAME_EVIDENCE = "这项的数据未变"
ROW = 27
MOST_SHARES = 5
"""Corrections named for one unit or cell, and units named for one correction; of two years, everything moves all."""
MOST_EVIDENCE = 4
"""Raw cells named behind one indicator."""


def unit_said(found: Difference, move: UnitMove) -> str:
    """A unit's total, rank and grade, before and after."""
    total = " → ".join(dict.fromkeys(_pair(found, *move.total)))
    own = "" if move.own else f"（{UNTOUCHED}）"
    return f"{move.unit} {move.name}：{total} 分，{_ranks(move)}，{' → '.join(dict.fromkeys(move.grade))}{own}"


def cause_called(found: Difference, number: int, unit: str) -> str:
    """A cause beside what it moves: by its number; between two years by whose data it is."""
    cause = found.causes[number]
    if found.same_year:
        return f"改动 {number + 1}"
    if not cause.unit:
        return "规则不同"
    return "本单位的数据" if cause.unit == unit else f"{short(found.names.get(cause.unit, cause.unit), 12)}的数据"


def share_said(found: Difference, share: Share) -> str:
    """What one correction alone does to a unit."""
    parts = [f"总分 {signed(share.gained, found.decimals)}"] if share.gained else []
    parts += [f"{what} {_step(*map(str, pair))}" for what, pair in _steps(share)]
    return "，".join(parts)


def _steps(share: Share) -> list[tuple[str, tuple[object, object]]]:
    """Rank and grade, where it moves them."""
    pairs: list[tuple[str, tuple[object, object]]] = [("名次", share.rank), ("等次", share.grade)]
    return [(what, pair) for what, pair in pairs if pair[0] != pair[1]]


def shares_said(found: Difference, move: UnitMove) -> list[str]:
    """What each correction alone does: the unit's own first, then the largest; the others are summed up."""
    first = sorted(move.shares, key=lambda share: (found.causes[share.cause].unit != move.unit, -abs(share.gained)))
    said = [
        f"{cause_called(found, share.cause, move.unit)}单独：{share_said(found, share)}"
        for share in first[:MOST_SHARES]
    ]
    return [*said, *_others(found, first[MOST_SHARES:])]


def _others(found: Difference, shares: Sequence[Share]) -> list[str]:
    if not shares:
        return []
    gained = sum((share.gained for share in shares), Fraction(0))
    return [f"其余 {len(shares)} 处改动单独合计 {signed(gained, found.decimals) if gained else '不增不减'}"]


def together_said(rest: str) -> str:
    return f"几处改动共同作用（逐处相加得不到）：{rest}"


def cell_said(found: Difference, move: CellMove) -> str:
    """An indicator's points, before and after, what of its data changed, and because of which corrections."""
    why = _cell_why(found, move)
    reasons = f"（{'，'.join(why)}）" if why else ""
    head = f"{move.unit} {move.indicator} {move.name}：{' → '.join(_pair(found, *move.points))}"
    return f"{head}{reasons}　{evidence_said(move)}"


def evidence_said(move: CellMove) -> str:
    more = len(move.evidence) - MOST_EVIDENCE
    said = "；".join(move.evidence[:MOST_EVIDENCE])
    return f"{said} 等 {len(move.evidence)} 处" if more > 0 else said or SAME_EVIDENCE


def _cell_why(found: Difference, move: CellMove) -> list[str]:
    """The largest first, since between two years all may move a cell."""
    first = sorted(move.shares, key=lambda share: -abs(share.gained))
    why = [
        f"{cause_called(found, share.cause, move.unit)}：{signed(share.gained, found.decimals)}"
        for share in first[:MOST_SHARES]
    ]
    return [
        *why,
        *_others(found, first[MOST_SHARES:]),
        *([f"共同作用：{signed(move.rest, found.decimals)}"] if move.rest else []),
    ]


def _pair(found: Difference, before: Fraction | None, after: Fraction | None) -> tuple[str, str]:
    """Both in as many decimals as it takes to tell them apart."""
    others = [each for each in (before, after) if each is not None]
    then, now = ("不适用" if each is None else two(each, others, found.decimals) for each in (before, after))
    return then, now


def difference_heading(found: Difference) -> Html:
    """The head of the page: which two are held side by side."""
    return heading(year_said(found.year), (f"{found.before} → {found.after}",), found)


def difference_says(found: Difference) -> Html:
    """What it comes down to, in sentences."""
    moved = [move for move in found.units if move.moved]
    ranks = [move for move in moved if move.rank[0] != move.rank[1]]
    grades = [f"{move.name}（{' → '.join(move.grade)}）" for move in moved if move.grade[0] != move.grade[1]]
    untouched = [move.name for move in moved if not move.own]
    changed = f"{len(found.causes)} 处改动" if found.same_year else f"{_units_of(found)} 个单位的数据不同"
    said = [f"从“{found.before}”到“{found.after}”：{changed}，{len(moved)} 个单位的总分、名次或等次有变"]
    said += [f"名次有变：{names([move.name for move in ranks])}"] if ranks else ["没有单位的名次变动"]
    said += [f"等次有变：{'、'.join(grades)}"] if grades else ["没有单位的等次变动"]
    if untouched:
        said.append(f"自己的数据没有改、受其他改动影响：{names(untouched)}")
    said += _taken_along(found)
    rest = [move.name for move in found.units if move.rest]
    if rest:
        said.append(f"逐处改动相加不等于合计、要几处一起看的：{names(rest)}")
    if not found.same_year:
        said.append(BY_UNIT)
    return bullets([*said, *(f"另有：{each}（不逐格归因）" for each in found.elsewhere)])


BY_UNIT = "两年逐单位归因：把一个单位的数据全部换成后一年的、其余不动，重新评分，就是它单独的影响"


def _units_of(found: Difference) -> int:
    return sum(bool(cause.unit) for cause in found.causes)


def _taken_along(found: Difference) -> Iterator[str]:
    """Between two years: whose total the others' data moved most."""
    if found.same_year:
        return
    others = [(sum((s.gained for s in move.shares if found.causes[s.cause].unit != move.unit), Fraction(0)), move)
              for move in found.units]  # fmt: skip
    least = min(others, key=lambda each: each[0], default=None)
    most = max(others, key=lambda each: each[0], default=None)
    for each in (most, least):
        if each and each[0] and each[1].gained:
            gained, move = each
            all_, theirs = (signed(each, found.decimals) for each in (move.gained, gained))
            yield f"{move.name}的总分 {all_} 分中，别的单位的数据和规则单独合计 {theirs} 分"
        if most is least:
            return


def gains(found: Difference) -> go.Figure:
    """A bar a unit: what the total gained or lost; pale where the unit's own data did not change."""
    moved = sorted((move for move in found.units if move.moved), key=lambda move: move.gained, reverse=True)
    if not moved:
        return empty([found], "没有单位变动", "两次评分中各单位的总分、名次、等次都相同。")
    return figure(
        [
            _bars(found, name, [(row, move) for row, move in enumerate(moved) if move.own is own], own)
            for name, own in _KINDS
        ],
        about=[found],
        title=_gains_title(found, moved),
        says="每行一个单位，条长为总分的变动，右侧写明名次；浅色为本单位数据未变、受其他改动影响",
        height=rows(len(moved), row=ROW),
        table=units_table(found),
        row_labels=[move.name for move in moved],
        xaxis={"title": {"text": "总分变动"}, "zeroline": True, "fixedrange": True, "range": _room(moved)},
        margin={"b": 76, "r": 90},
    )


def _room(moved: list[UnitMove]) -> list[float]:
    """Room beside the bars for what is written at their ends."""
    low, high = min(0.0, *(float(move.gained) for move in moved)), max(0.0, *(float(move.gained) for move in moved))
    space = (high - low or 1.0) * 0.4
    return [low - space * (low < 0), high + space * (high > 0 or low == 0)]


_KINDS = (("本单位数据有改动", True), ("本单位数据未变", False))


def _gains_title(found: Difference, moved: list[UnitMove]) -> str:
    best, worst = moved[0], moved[-1]
    parts = [f"{best.name} {signed(best.gained, found.decimals)}"] if best.gained > 0 else []
    parts += [f"{worst.name} {signed(worst.gained, found.decimals)}"] if worst.gained < 0 else []
    return f"变动最大：{'，'.join(parts)}" if parts else "总分没有变，名次或等次有变"


def _bars(found: Difference, name: str, moves: list[tuple[int, UnitMove]], own: bool) -> go.Bar:
    return go.Bar(
        name=name,
        orientation="h",
        x=[float(move.gained) for _, move in moves],
        y=[row for row, _ in moves],
        text=[f"{signed(move.gained, found.decimals)}　{_ranks(move)}" for _, move in moves],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [UP if move.gained >= 0 else DOWN for _, move in moves] if own else STEP},
        hovertext=[hover(move.name, unit_said(found, move), *shares_said(found, move)) for _, move in moves],
        hoverinfo="text",
        meta={"units": [move.unit for _, move in moves]},
    )


def _ranks(move: UnitMove) -> str:
    return f"第 {move.rank[0]} → {move.rank[1]} 名" if move.rank[0] != move.rank[1] else f"第 {move.rank[1]} 名"


def causes_table(found: Difference) -> Html:
    """Every corrected cell: what it was and is, where it stands, whom it moves by itself."""
    if not found.same_year:
        return _causes_by_unit(found)
    lines = [
        [str(place), cell.unit, found.names.get(cell.unit, ""), cell.table, cell.row, cell.column or "整行",
         cell.before or "（空）", cell.after or "（空）", cell.place,
         "与上一行同一处改动，影响不重复计" if nth else _moves_of(found, place - 1, cause)]
        for place, cause in enumerate(found.causes, 1)
        for nth, cell in enumerate(cause.cells)
    ]  # fmt: skip
    heads = ["改动", "编号", "单位", "表", "行", "列", "原为", "现为", "位置", Head("单独的影响", wide=True)]
    return table(heads, lines, empty="原始数据、读法没有不同。")


def _causes_by_unit(found: Difference) -> Html:
    """A line a unit: what of its data is different, and whom that moves."""
    lines = [
        [str(place), cause.name, str(len(cause.cells)), _moves_of(found, place - 1, cause)]
        for place, cause in enumerate(found.causes, 1)
    ]
    heads = ["改动", "内容", Head("原始数据不同处", number=True), Head("单独的影响", wide=True)]
    return table(heads, lines, empty="两年的原始数据没有不同。")


def _moves_of(found: Difference, number: int, cause: Cause) -> str:
    if cause.alone:
        return f"不能单独试算：{cause.alone}"
    moved = [(share, move) for move in found.units for share in move.shares if share.cause == number]
    moved.sort(key=lambda each: (each[1].unit != cause.unit, -abs(each[0].gained)))
    said = [f"{move.name}：{share_said(found, share)}" for share, move in moved[:MOST_SHARES]]
    said += [f"另动了 {len(moved) - MOST_SHARES} 个单位"] if len(moved) > MOST_SHARES else []
    return "；".join(said) or "单独不改变任何单位的总分、名次、等次"


def units_table(found: Difference) -> Html:
    """Every unit that moved, and because of what."""
    lines = [
        Row(
            [move.unit, move.name, move.group, *_numbers(found, move), Cell(_step(*map(str, move.rank)), name="tight"),
             _step(*move.grade), Cell("是" if move.own else UNTOUCHED), _why(found, move)]
        )
        for move in found.units
    ]  # fmt: skip
    heads = [
        "编号", "单位", "组", Head("原总分", number=True), Head("现总分", number=True), Head("变动", number=True),
        "名次", "等次", "数据有改动", Head("原因", wide=True),
    ]  # fmt: skip
    return table(heads, lines, empty="没有单位变动。")


def _numbers(found: Difference, move: UnitMove) -> Iterable[Cell]:
    yield number(move.total[0], move.total, found.decimals)
    yield number(move.total[1], move.total, found.decimals)
    yield Cell(signed(move.gained, found.decimals), sort=float(move.gained), number=True)


def _step(then: str, now: str) -> str:
    return now if then == now else f"{then} → {now}"


def _why(found: Difference, move: UnitMove) -> str:
    said = shares_said(found, move)
    return "；".join([*said, together_said(signed(move.rest, found.decimals))] if move.rest else said)


def _ends(found: Difference, move: CellMove) -> list[Cell]:
    known = [point for point in move.points if point is not None]
    return [number(point, known, found.decimals) for point in move.points]


def cells_table(found: Difference) -> Html:
    """Every indicator with other points, and because of what."""
    lines = [
        [move.unit, found.names.get(move.unit, ""), Cell(move.indicator.removeprefix(f"{move.unit}."), name="tight"),
         move.name, *_ends(found, move),
         evidence_said(move), "，".join(_cell_why(found, move))]
        for move in found.cells
    ]  # fmt: skip
    heads = [
        "编号", "单位", "指标", "名称", Head("原得分", number=True), Head("现得分", number=True),
        Head("原始数据", wide=True), Head("原因", wide=True),
    ]  # fmt: skip
    return table(heads, lines, empty="没有指标的得分变动。")
