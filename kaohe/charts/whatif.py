"""What a scenario moves: everyone's total and rank beside what they are by the real data, or by another scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objs as go

from kaohe.analysis.difference import CellShift, Shift, shifts
from kaohe.analysis.grades import grade_kinds
from kaohe.charts import amounts
from kaohe.charts.amounts import gain, gain_cell
from kaohe.charts.html import Cell, Head, Html, Row, grade, number, table
from kaohe.charts.notation import arrow, figure_text, short
from kaohe.charts.style import DOWN, FAINT, INK, SOFT, STILL, UP, beside_rows, empty, figure, hover, room_beside, rows
from kaohe.scoring.book import ScoreBook

ROW = 29


@dataclass(frozen=True)
class Called:
    """What the two sides are called: `now` what is looked at, `than` what it is held against."""

    now: str = "试算"
    than: str = "真实数据"


TRIAL = Called()


@dataclass(frozen=True)
class Note:
    """What is said of a unit's rank: behind it in brackets, and in full where one points at it."""

    short: str
    full: str


def shifted(
    before: ScoreBook,
    after: ScoreBook,
    group: str,
    *,
    chosen: str = "",
    only: Collection[str] | None = None,
    notes: Mapping[str, Note] | None = None,
    called: Called = TRIAL,
) -> go.Figure:
    """A row a unit in the new order: its total, where it was as a hollow mark, the ranks it moved; `chosen` in bold.

    `only`: the units shown, of all by default; `notes`: unit → what is said beside its rank.
    """
    moves = [move for move in shifts(before, after, group) if only is None or move.unit.unit_id in only]
    if not moves:
        return empty([after], f"{after.groups[group].name}：没有单位", f"{after.spoken.this}没有这一组的单位。")
    ends = [_end(after, move, moves) for move in moves]
    totals = [float(total) for move in moves for total in (move.unit.total, move.before.total)]
    least, most = min(totals), max(totals)
    room = max(most - least, 1.0) * 0.06
    ranks = {each.unit.unit_id: f"{each.unit.rank}{_bracketed(each, notes)}" for each in moves}
    return figure(
        [
            _paths(moves),
            _ghosts(after, moves, called),
            _totals(after, moves, called, notes or {}),
            beside_rows(ends, most + room, size=12.5, colour=[_end_colour(move) for move in moves]),
        ],
        about=[after],
        title=shifted_title(before, after, group, called),
        says=f"实心圆为{called.now}的总分，空心菱形为{called.than}的总分；▲▼ 为名次升降"
        + ("；名次后的括号为名次区间，* 表示换一种读法等次就变" if notes else ""),
        height=rows(len(moves), row=ROW),
        table=shifted_table(before, after, group, only=only, called=called),
        row_labels=[f"{ranks[move.unit.unit_id]}　{move.unit.name}" for move in moves],
        yaxis={"ticktext": [_label(move, ranks[move.unit.unit_id], chosen) for move in moves]},
        xaxis={
            "title": {"text": "总分（分）"},
            "range": [least - room, most + room],
            "nticks": 8,
            "fixedrange": True,
            "gridcolor": FAINT,
        },
        showlegend=False,
        margin={"b": 48, "r": room_beside(ends, 12.5)},
    )


def _bracketed(move: Shift, notes: Mapping[str, Note] | None) -> str:
    note = (notes or {}).get(move.unit.unit_id)
    return f"（{note.short}）" if note else ""


def shifted_title(before: ScoreBook, after: ScoreBook, group: str, called: Called = TRIAL) -> str:
    """The finding: who rose and fell, whose grade is another; or that nothing did."""
    moves = shifts(before, after, group)
    name = after.groups[group].name
    rose = sorted((move for move in moves if move.climbed > 0), key=lambda move: -move.climbed)
    fell = sorted((move for move in moves if move.climbed < 0), key=lambda move: move.climbed)
    grades = [move for move in moves if move.unit.grade != move.before.grade]
    parts = []
    if rose:
        parts.append("、".join(f"{move.unit.name}升 {move.climbed} 位" for move in rose[:2]) + _and_more(rose))
    if fell:
        parts.append("、".join(f"{move.unit.name}降 {-move.climbed} 位" for move in fell[:2]) + _and_more(fell))
    parts += [f"{move.unit.name}由{move.before.grade}变为{move.unit.grade}" for move in grades[:2]]
    if len(grades) > 2:
        parts.append(f"共 {len(grades)} 个单位等次变化")
    if parts:
        return f"{name}：{'；'.join(parts)}"
    gained = sorted((move for move in moves if move.gained), key=lambda move: -abs(move.gained))
    if gained:
        most = gained[0]
        many = (
            f"{len(gained)} 个单位总分有变（{most.unit.name} {gain(after, most.gained)} 分）"
            if len(gained) > 1
            else (f"{most.unit.name}总分 {gain(after, most.gained)}")
        )
        return f"{name}：{many}，名次和等次不变"
    return f"{name}：名次、总分、等次与{called.than}相同"


def _and_more(moves: Sequence[Shift]) -> str:
    return f"等 {len(moves)} 个单位" if len(moves) > 2 else ""


def _label(move: Shift, rank: str, chosen: str) -> str:
    label = figure_text(f"{rank}　{short(move.unit.name, 14)}")
    return f"<b>{label}</b>" if move.unit.unit_id == chosen else label


def _end(book: ScoreBook, move: Shift, moves: Sequence[Shift]) -> str:
    """Total, what it gained, rank arrow and grade; in bold where something is changed."""
    total = amounts.total(book, move.unit, [other.unit.total for other in moves])
    gained = f"（{gain(book, move.gained)}）" if move.gained else ""
    grade_now = f"{'★' if move.unit.grade == book.top else ''}{move.unit.grade}"  # ▼ stands for ranks here
    other = f"（原{move.before.grade}）" if move.before.grade != move.unit.grade else ""
    parts = (f"{total}{gained}", arrow(move.climbed), f"{grade_now}{other}")
    said = figure_text(" ".join(part for part in parts if part))
    return f"<b>{said}</b>" if move.changed else said


def _end_colour(move: Shift) -> str:
    return _colour(move) if _colour(move) != STILL else INK


def _colour(move: Shift) -> str:
    if move.climbed:
        return UP if move.climbed > 0 else DOWN
    return STILL if not move.gained else UP if move.gained > 0 else DOWN


def _hover(book: ScoreBook, move: Shift, called: Called, note: Note | None = None) -> str:
    rank = f"第 {move.before.rank} 名 → 第 {move.unit.rank} 名" if move.climbed else f"第 {move.unit.rank} 名，不变"
    before = amounts.total(book, move.before, [move.unit.total])
    return hover(
        f"{move.unit.name}：{amounts.total(book, move.unit, [move.before.total])} 分",
        f"{called.than} {before} 分，{gain(book, move.gained)}",
        rank,
        f"等次：{move.before.grade} → {move.unit.grade}" if move.before.grade != move.unit.grade else "",
        note.full if note else "",
    )


def _paths(moves: Sequence[Shift]) -> go.Scatter:
    """From what was to what would be."""
    x: list[Any] = []
    y: list[Any] = []
    for row, move in enumerate(moves):
        x += [float(move.before.total), float(move.unit.total), None]
        y += [row, row, None]
    return go.Scatter(x=x, y=y, mode="lines", line={"color": SOFT, "width": 1.5}, hoverinfo="skip")


def _ghosts(book: ScoreBook, moves: Sequence[Shift], called: Called) -> go.Scatter:
    return go.Scatter(
        x=[float(move.before.total) for move in moves],
        y=list(range(len(moves))),
        mode="markers",
        marker={"symbol": "diamond-open", "size": 11, "color": SOFT, "line": {"width": 1.5}},
        hovertext=[_hover(book, move, called) for move in moves],
        hoverinfo="text",
        meta={"component": "before", "units": [move.unit.unit_id for move in moves]},
    )


def _totals(book: ScoreBook, moves: Sequence[Shift], called: Called, notes: Mapping[str, Note]) -> go.Scatter:
    return go.Scatter(
        x=[float(move.unit.total) for move in moves],
        y=list(range(len(moves))),
        mode="markers",
        marker={"size": 11, "color": [_colour(move) for move in moves]},
        hovertext=[_hover(book, move, called, notes.get(move.unit.unit_id)) for move in moves],
        hoverinfo="text",
        meta={"component": "total", "units": [move.unit.unit_id for move in moves]},
    )


def shifted_table(
    before: ScoreBook,
    after: ScoreBook,
    group: str,
    *,
    only: Collection[str] | None = None,
    called: Called = TRIAL,
) -> Html:
    """Everyone's rank, total and grade, before and after; those that moved have a coloured row."""
    moves = [move for move in shifts(before, after, group) if only is None or move.unit.unit_id in only]
    totals, kinds = [move.unit.total for move in moves], grade_kinds(after)
    graded, name = bool(after.grading), after.groups[group].name
    lines = [
        Row(
            [
                Cell(str(move.unit.rank), sort=move.unit.rank, number=True),
                Cell(arrow(move.climbed, "–"), sort=-move.climbed, number=True),
                Cell(move.unit.name, name="name"),
                number(move.unit.total, totals, after.total_decimals(group)),
                gain_cell(after, move.gained, zero="–"),
                *([grade(move.unit.grade, kinds)] if graded else []),
                *([grade(move.before.grade, kinds) if move.before.grade != move.unit.grade else "–"] if graded else []),
            ],
            "self" if move.changed else "",
        )
        for move in moves
    ]
    heads = [Head("名次", number=True), Head("升降", number=True), "单位", Head("总分", number=True),
             Head(f"比{called.than}", number=True), *(["等次", "原等次"] if graded else [])]  # fmt: skip
    caption = f"{name}试算结果" if called == TRIAL else f"{name}：{called.now}，对照{called.than}"
    return table(heads, lines, caption=caption, empty=f"{after.spoken.this}没有这一组的单位。")


def _both(after: ScoreBook, each: CellShift) -> tuple[Cell, Cell]:
    """An item's points before and after, in as many decimals as it takes to tell them apart."""
    ends = [point for point in (each.before, each.after) if point is not None]
    digits = after.decimals(each.indicator)
    return number(each.before, ends, digits), number(each.after, ends, digits)


def cells_table(after: ScoreBook, found: Sequence[CellShift], most: int = 40, called: Called | None = None) -> Html:
    """The cells with other points: what they were, what they would be; by sign, not by colour alone."""
    lines = [
        Row(
            [
                after.unit(each.unit).name,
                Cell(each.indicator.removeprefix(f"{each.unit}."), name="tight"),
                after.indicators[each.indicator].name,
                *_both(after, each),
                Cell(f"{'▲' if each.gained > 0 else '▼'} {gain(after, each.gained)}", float(each.gained), number=True,
                     name="kh-up" if each.gained > 0 else "kh-down"),
            ]
        )
        for each in found[:most]
    ]  # fmt: skip
    names = ("原得分", "试算得分") if called is None else (called.than, called.now)
    numbers = (Head(name, number=True) for name in (*names, "变动"))
    heads = ["单位", "编号", "指标", *numbers]
    more = f"只列前 {most} 项，共 {len(found)} 项" if len(found) > most else ""
    return table(heads, lines, caption=more, empty="没有一项得分变动。")
