"""What moved since last year: ranks, and the change of the total by component."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.breakdown import CONVERSION, name_of
from kaohe.analysis.movement import Move, Movement, Pool, Step, movement
from kaohe.charts.amounts import amount, gain, gain_cell
from kaohe.charts.html import Cell, Head, Html, table
from kaohe.charts.notation import arrow, figure_text, merged_from, names, short, width
from kaohe.charts.palette import component_marker, on_component
from kaohe.charts.parts import heading_name
from kaohe.charts.style import (
    DOWN,
    INK,
    SOFT,
    STILL,
    UP,
    beside_rows,
    empty,
    figure,
    hover,
    room_beside,
    rows,
)
from kaohe.scheme.years import spoken, year_said
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.components import all_components

MOST_FAR = 3
"""Units named with their reasons that climbed or fell alike."""
MERGED = "合并而成的单位与合并前各单位的平均相比"


def rank_change(book: ScoreBook, group: str) -> go.Figure:
    """Last year's order on the left, this year's on the right, a line a unit."""
    found = movement(book, group)
    name = book.groups[group].name
    if found is None:
        return empty(
            [book],
            f"{name}：没有{book.spoken.last}可比",
            book.uncompared or _no_year(book),
        )
    if not found.moves:
        return empty(
            [book],
            f"{name}：没有{book.spoken.count('两')}都有的单位",
            f"{found.before} 与 {year_said(found.year)}没有相同的单位。",
        )
    before = sorted([*(was for move in found.moves for was in move.before), *found.gone], key=_by_rank(found))
    now = book.rated(group)
    left = {unit.unit_id: row for row, unit in enumerate(before)}
    right = {unit.unit_id: row for row, unit in enumerate(now)}
    lines = [
        _line(book, move, was, left[was.unit_id], right[move.unit.unit_id])
        for move in reversed(found.moves)
        for was in move.before
    ]
    ends = [
        _ends(0, [(left[unit.unit_id], unit, _left_label(unit, before), _end_colour(unit, found)) for unit in before]),
        _ends(
            1, [(right[unit.unit_id], unit, _right_label(unit, now, found), _end_colour(unit, found)) for unit in now]
        ),
    ]
    room = [round(13.5 * max(width(text) for text in trace.text)) + 24 for trace in ends]
    count = max(len(before), len(now))
    return figure(
        [*lines, *ends],
        about=[book],
        title=rank_title(book, found, name),
        says=f"每条线为一个单位：左为{book.spoken.last}名次，右为{book.spoken.this}名次；蓝线上升，橙线下降，灰线未变"
        + ("，虚线合并为一个单位" if found.mergers else ""),
        height=rows(count),
        table=moves_table(book, found),
        narrow={
            "layout": {"margin.l": 106, "margin.r": 118},
            "traces": {
                str(len(lines)): _in_hand([f"{short(unit.name, 6)} {unit.rank} " for unit in before]),
                str(len(lines) + 1): _in_hand([f" {unit.rank} {short(unit.name, 6)}" for unit in now]),
            },
        },
        above=20,
        xaxis={
            "range": [0, 1],
            "tickmode": "array",
            "tickvals": [0, 1],
            "ticktext": [f"<b>{year_said(found.before)}</b>", f"<b>{year_said(found.year)}</b>"],
            "side": "top",
            "showgrid": False,
            "fixedrange": True,
        },
        yaxis={"range": [count - 0.5, -0.5], "visible": False, "fixedrange": True},
        margin={"l": room[0], "r": room[1], "b": 20},
        showlegend=False,
    )


def _in_hand(texts: Sequence[str]) -> dict[str, Any]:
    """Names on a phone."""
    return {"text": [figure_text(text) for text in texts], "textfont.size": 11}


def _no_year(book: ScoreBook) -> str:
    return f"找不到{book.spoken.last}可以评分的数据，因此不作比较。"


def total_change(book: ScoreBook, group: str) -> go.Figure:
    """A row a unit, greatest gain first: the change of its total, by component."""
    found = movement(book, group)
    name = book.groups[group].name
    if found is None or not found.moves:
        why = book.uncompared or f"{book.spoken.last}没有可以评分的数据，或没有相同的单位。"
        return empty([book], f"{name}：总分没有{book.spoken.last}可比", why)
    moves = sorted(found.moves, key=lambda move: -move.gained)
    labels = [f"{move.unit.name}{'（合并）' if move.merged else ''}" for move in moves]
    ends = [f"<b>{gain(book, move.gained)}</b>" for move in moves]
    most = max(
        max(
            sum((value for value in move.by_component.values() if value * sign > 0), Fraction(0)) * sign
            for move in moves
        )
        for sign in (1, -1)
    )
    reach = max(float(most), float(book.groups[group].full) / 200) * 1.04
    return figure(
        [
            *component_bars(book, group, [(move.unit, move.by_component) for move in moves]),
            beside_rows(
                ends,
                reach,
                colour=[_colour(move.gained) for move in moves],
                hovertext=[_move_hover(book, move) for move in moves],
                hoverinfo="text",
                customdata=[float(move.gained) for move in moves],
                meta={"component": "total", "units": [move.unit.unit_id for move in moves]},
            ),
        ],
        about=[book],
        title=total_title(book, found, name),
        says=f"与 {year_said(found.before)}相比各部分得分的增减，末端为总分的增减；按总分增减排列"
        + (f"；{MERGED}" if found.mergers else ""),
        height=rows(len(moves)),
        table=moves_table(book, found),
        row_labels=labels,
        row_units=[move.unit.unit_id for move in moves],
        narrow={"layout": {"xaxis.title.text": "", "margin.r": 64}},
        barmode="relative",
        xaxis={
            "title": {"text": "分数增减"},
            "range": [-reach, reach],
            "zeroline": True,
            "zerolinecolor": SOFT,
            "fixedrange": True,
        },
        margin={"b": 92, "r": room_beside(ends)},
    )


def component_bars(book: ScoreBook, group: str, changes: Sequence[tuple[UnitResult, Any]]) -> list[go.Bar]:
    """A trace a component; a row each of `changes`: unit, component → points."""
    found = {name for _, by_component in changes for name in by_component}
    traces = []
    for name in (*all_components(book), CONVERSION):
        if name not in found or not any(by_component.get(name) for _, by_component in changes):
            continue
        values = [by_component.get(name, Fraction(0)) for _, by_component in changes]
        traces.append(
            go.Bar(
                name=name_of(book, name),
                orientation="h",
                x=[float(value) for value in values],
                y=list(range(len(changes))),
                text=[gain(book, value) if value else "" for value in values],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": on_component(book, group, name), "size": 12},
                hovertext=[
                    hover(f"{unit.name}：{name_of(book, name)} {gain(book, value)} 分")
                    for (unit, _), value in zip(changes, values, strict=True)
                ],
                hoverinfo="text",
                marker=component_marker(book, group, name),
                meta={"component": name, "units": [unit.unit_id for unit, _ in changes]},
            )
        )
    return traces


def rank_title(book: ScoreBook, found: Movement, group: str) -> str:
    """Who climbed and fell most, and which heading or vote carried them."""
    pool = f"；{pool_said(found.pool)}" if found.pool.changed else ""
    if not found.climbers and not found.fallers:
        return f"{group}：各单位名次与{book.spoken.last}相同{pool}"
    parts = []
    for moves, word in ((found.climbers, "升"), (found.fallers, "降")):
        if moves:
            most = moves[0].climbed or 0
            far = [move for move in moves if move.climbed == most]
            said = f"{names(move.unit.name for move in far)}{word} {abs(most)} 位"
            parts.append(said + (_carried(book, far[0]) if len(far) == 1 else ""))
    return f"{group}：{'；'.join(parts)}{pool}"


def movers_said(book: ScoreBook, found: Movement) -> str:
    """Who climbed and fell most, each with what carried it in brackets: `甲升 6 位（教学 +5.85）；乙降 3 位（…）`."""
    parts = []
    for moves, word in ((found.climbers, "升"), (found.fallers, "降")):
        if moves:
            far = [move for move in moves if move.climbed == moves[0].climbed]
            by = f"{word} {abs(moves[0].climbed or 0)} 位"
            if len(far) == 1:
                parts.append(f"{far[0].unit.name}{by}（{_why(book, far[0])}）")
                continue
            more = f" 等 {len(far)} 个" if len(far) > MOST_FAR else ""
            who = "、".join(f"{move.unit.name}（{_why(book, move)}）" for move in far[:MOST_FAR])
            parts.append(f"{who}{more}各{by}")
    return "；".join(parts)


def _why(book: ScoreBook, move: Move) -> str:
    """The heading or vote that carried a move; of one that moved against its total, the total."""
    step = move.mainly
    if step is None or (move.gained > 0) != ((move.climbed or 0) > 0):
        return f"总分 {gain(book, move.gained)}，其他单位变得更多"
    return f"{heading_name(book, step.component, step.name)} {gain(book, step.gained)}"


def pool_said(pool: Pool) -> str:
    """Why ranks of two years are not among the same units: who came, went and was merged."""
    counts = ((pool.new, "新增", "个"), (pool.gone, "不再参评", "个"), (pool.merged, "合并", "处"))
    why = "、".join(f"{word} {count} {of}" for count, word, of in counts if count)
    size = f"由 {pool.then} 个变为 {pool.now} 个" if pool.then != pool.now else f"仍为 {pool.now} 个"
    return f"参加排名的单位{size}{f'（{why}）' if why else ''}"


def _carried(book: ScoreBook, move: Move) -> str:
    """The component that carried a move, if the total moved the same way as the rank."""
    step = move.mainly
    if step is None or (move.gained > 0) != ((move.climbed or 0) > 0):
        return f"（总分 {gain(book, move.gained)}）"
    return f"，主要来自{step_name(book, step, move)} {gain(book, step.gained)} 分"


def step_name(book: ScoreBook, step: Step, move: Move) -> str:
    """A heading's name; with its component where two headings of the unit share a name."""
    same = sum(other.name == step.name for other in move.steps) > 1
    return f"{name_of(book, step.component)}的{step.name}" if same else step.name


def moves_table(book: ScoreBook, found: Movement) -> Html:
    """Every unit of both years: ranks, totals, and what changed by component."""
    components = [
        name for name in (*all_components(book), CONVERSION) if any(move.by_component.get(name) for move in found.moves)
    ]
    lines = [
        [
            Cell(_with_origin(move), name="name"),
            Cell(ranks_before(move), sort=move.before[0].rank, number=True),
            Cell(str(move.unit.rank), sort=move.unit.rank, number=True),
            *(gain_cell(book, move.by_component.get(name, Fraction(0))) for name in components),
            gain_cell(book, move.gained),
        ]
        for move in found.moves
    ]
    heads = ["单位", *(Head(f"{year} 名次", number=True) for year in (found.before, found.year))]
    return table([*heads, *(Head(name_of(book, name), number=True) for name in components),
                  Head("总分", number=True)], lines)  # fmt: skip


def ranks_before(move: Move) -> str:
    """Last year's rank, or those of all it was merged from."""
    return "、".join(str(was.rank) for was in move.before)


def _with_origin(move: Move) -> str:
    return f"{move.unit.name}{merged_from(was.name for was in move.before) if move.merged else ''}"


def total_title(book: ScoreBook, found: Movement, group: str) -> str:
    """How many totals rose and fell, and which most."""
    gains = {move.gained for move in found.moves}
    if len(gains) == 1:
        (gained,) = gains
        same = f"与{spoken(found.year).last}相同" if not gained else f"都变化 {gain(book, gained)} 分"
        return f"{group}：{'各单位' if len(found.moves) > 1 else found.moves[0].unit.name}总分{same}"
    rose = sum(move.gained > 0 for move in found.moves)
    fell = sum(move.gained < 0 for move in found.moves)
    return f"{group}：{rose} 个单位总分上升、{fell} 个下降；{'；'.join(farthest_gains(book, found))}"


def farthest_gains(book: ScoreBook, found: Movement) -> list[str]:
    """Whose total rose most and whose fell most, all that did so alike; empty where none moved."""
    said = []
    for sign, word in ((1, "升"), (-1, "降")):
        most = max((sign * move.gained for move in found.moves), default=Fraction(0))
        if most > 0:
            far = [move for move in found.moves if sign * move.gained == most]
            said.append(f"总分{word}得最多的是{names(move.unit.name for move in far)}（{gain(book, sign * most)}）")
    return said


def _by_rank(found: Movement) -> Any:
    """Last year's rank; ties there in this year's order, so that lines do not cross without need."""
    order = {was.unit_id: row for row, move in enumerate(found.moves) for was in move.before}
    return lambda unit: (unit.rank, order.get(unit.unit_id, len(order)))


def _line(book: ScoreBook, move: Move, was: UnitResult, left: int, right: int) -> go.Scatter:
    climbed = move.climbed or 0
    return go.Scatter(
        x=[0, 1],
        y=[left, right],
        mode="lines+markers",
        line={
            "color": _colour(climbed),
            "width": 3 if abs(climbed) >= 3 else 1.6,
            "dash": "dot" if move.merged else "solid",
        },
        marker={"size": 8, "color": _colour(climbed)},
        hovertext=[_move_hover(book, move)] * 2,
        hoverinfo="text",
        cliponaxis=False,
        showlegend=False,
        meta={"unit": move.unit.unit_id, "ranks": [was.rank, move.unit.rank]},
    )


def _ends(x: int, labels: Sequence[tuple[int, UnitResult, str, str]]) -> go.Scatter:
    return go.Scatter(
        x=[x] * len(labels),
        y=[row for row, *_ in labels],
        mode="text",
        text=[f"   {text}" if x else f"{text}   " for _, _, text, _ in labels],
        textposition="middle right" if x else "middle left",
        textfont={"size": 13, "color": [colour for *_, colour in labels]},
        hoverinfo="skip",
        cliponaxis=False,
        showlegend=False,
        meta={"units": [unit.unit_id for _, unit, _, _ in labels]},
    )


def _rank(unit: UnitResult, among: Sequence[UnitResult]) -> str:
    tied = sum(other.rank == unit.rank for other in among) > 1
    return f"{'并列 ' if tied else ''}{unit.rank}"


def _left_label(unit: UnitResult, among: Sequence[UnitResult]) -> str:
    return figure_text(f"{short(unit.name, 12)}　{_rank(unit, among)}")


def _right_label(unit: UnitResult, among: Sequence[UnitResult], found: Movement) -> str:
    move = next((move for move in found.moves if move.unit is unit), None)
    told = f"{spoken(found.year).this}新增" if move is None else "合并" if move.merged else arrow(move.climbed)
    return figure_text("　".join(filter(None, [_rank(unit, among), short(unit.name, 12), told])))


def _end_colour(unit: UnitResult, found: Movement) -> str:
    move = next((move for move in found.moves if move.unit.unit_id == unit.unit_id), None)
    return INK if move is None or not move.climbed else _colour(move.climbed)


def _colour(value: Fraction | int) -> str:
    return UP if value > 0 else DOWN if value < 0 else STILL


def _move_hover(book: ScoreBook, move: Move) -> str:
    ranks = f"名次：第 {ranks_before(move)} → 第 {move.unit.rank}"
    then, now = move.total_before, move.unit.total
    ends = f"{amount(book, then, [now])} → {amount(book, now, [then])}"
    totals = f"{'合并前平均' if move.merged else ''}总分：{ends}"
    changes = [f"{name_of(book, name)} {gain(book, value)}" for name, value in move.by_component.items() if value]
    return hover(move.unit.name, ranks, f"{totals}（{gain(book, move.gained)}）", "、".join(changes))
