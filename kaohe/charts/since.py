"""One unit since last year: from total to total, a step a heading or vote."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

import plotly.graph_objs as go

from kaohe.analysis.movement import Move, Pool, Step, move, pool_since
from kaohe.charts import amounts
from kaohe.charts.amounts import amount, gain, gain_cell, like_total
from kaohe.charts.change import MERGED, pool_said, step_name
from kaohe.charts.html import Cell, Head, Html, number, table
from kaohe.charts.notation import plain
from kaohe.charts.parts import heading_name
from kaohe.charts.style import DOWN, STEP, STILL, UP, empty, figure, hover, rows
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook, UnitResult


def since_last_year(book: ScoreBook, unit_id: str) -> go.Figure:
    """From last year's total to this year's, a step a heading or vote, gains first."""
    unit = book.unit(unit_id)
    moved = move(book.before, book, unit_id) if book.before else None
    if book.before is None or moved is None:
        why = book.uncompared or f"{unit.name}在{book.spoken.last}没有同组的、可以评分的数据。"
        return empty([book], f"没有{book.spoken.last}可比", why)
    steps = _gathered(book, moved.steps)
    before, year, past = moved.total_before, book.year, book.before.year
    labels = [f"{past} {'平均' if moved.merged else '总分'}", *(label for label, _, _ in steps), f"{year} 总分"]
    levels = list(accumulate([gained for _, gained, _ in steps], initial=before))
    low, high = min(levels), max(levels)
    space = max(float(high - low) * 0.25, float(book.groups[unit.group].full or high) / 100)
    first = like_total(book, unit.group, before, [unit.total])
    ends = {
        0: f"{first} 分（{'、'.join(_then(was, moved) for was in moved.before)}）",
        len(steps) + 1: f"{amounts.total(book, unit, [before])} 分（第 {unit.rank} 名）",
    }
    waterfall = go.Waterfall(
        orientation="h",
        measure=["absolute", *["relative"] * len(steps), "total"],
        x=[float(before), *(float(gained) for _, gained, _ in steps), 0],
        y=list(range(len(labels))),
        text=[ends[0], *(gain(book, gained) for _, gained, _ in steps), ends[len(steps) + 1]],
        textposition="outside",
        textfont={"size": 12},
        cliponaxis=False,
        hovertext=[
            hover(f"{labels[0]} {ends[0]}"),
            *(hover(f"{label} {gain(book, gained)} 分", said) for label, gained, said in steps),
            hover(f"{year} 总分 {ends[len(steps) + 1]}"),
        ],
        hoverinfo="text",
        increasing={"marker": {"color": UP}},
        decreasing={"marker": {"color": DOWN}},
        totals={"marker": {"color": STILL}},
        connector={"line": {"color": STEP, "width": 1, "dash": "dot"}},
        meta={"steps": [label for label, _, _ in steps]},
    )
    return figure(
        [waterfall],
        about=[book],
        title=_move_title(book, moved, pool_since(book, unit.group)),
        says=f"从 {year_said(past)}总分到 {year_said(year)}总分，各部分的增减（已折算到总分）；横轴不从 0 开始"
        + (f"；{MERGED}" if moved.merged else ""),
        height=rows(len(labels), row=ROW),
        table=_steps_table(book, moved),
        row_labels=labels,
        xaxis={"range": [float(low) - space, float(high) + space * 2], "title": {"text": "得分"}, "fixedrange": True},
        margin={"r": 60},
        showlegend=False,
        narrow={"layout": {"xaxis.title.text": ""}},
    )


ROW = 29
"""Pixels a step takes."""
MOST_STEPS = 12
"""Steps a waterfall names; what moved least is gathered into one."""


def _gathered(book: ScoreBook, steps: Sequence[Step]) -> list[tuple[str, Fraction, str]]:
    """Label, change and what the hover says; those that moved, gains first."""
    moved = sorted((step for step in steps if step.gained), key=lambda step: -abs(step.gained))
    named, rest = (moved, []) if len(moved) <= MOST_STEPS else (moved[: MOST_STEPS - 1], moved[MOST_STEPS - 1 :])
    out = [(_step_label(book, step), step.gained, _from_to(book, step)) for step in named]
    if rest:
        listed = "、".join(f"{_step_label(book, step)} {gain(book, step.gained)}" for step in rest)
        out.append((f"其余 {len(rest)} 部分", sum((step.gained for step in rest), Fraction(0)), listed))
    return sorted(out, key=lambda step: -step[1])


def _step_label(book: ScoreBook, step: Step) -> str:
    return heading_name(book, step.component, step.name)


def _from_to(book: ScoreBook, step: Step) -> str:
    then, now = (None if part is None else part.points for part in (step.then, step.now))
    if then is None or now is None:
        return f"{book.spoken.last if then is None else book.spoken.this}没有这一部分"
    full = f"，满分 {plain(step.now.full)}" if step.now else ""
    return f"{amount(book, then, [now])} → {amount(book, now, [then])} 分{full}"


def _steps_table(book: ScoreBook, moved: Move) -> Html:
    assert book.before is not None
    lines = [
        [
            Cell(_step_label(book, step), name="name"),
            number(step.then.points if step.then else None, (), book.finest),
            number(step.now.points if step.now else None, (), book.finest),
            gain_cell(book, step.gained),
        ]
        for step in moved.steps
    ]
    years = [Head(f"{year} 得分", number=True) for year in (book.before.year, book.year)]
    return table(["部分", *years, Head("增减", number=True)], lines)


def _then(was: UnitResult, moved: Move) -> str:
    return f"{was.name if moved.merged else ''}第 {was.rank} 名"


def _move_title(book: ScoreBook, moved: Move, pool: Pool | None) -> str:
    if moved.merged:
        origin = "、".join(was.name for was in moved.before)
        return _carried(book, f"{moved.unit.name}由{origin}合并，与合并前平均相比", moved)
    climbed, then, now = moved.climbed or 0, moved.before[0].rank, moved.unit.rank
    rank = f"升 {climbed} 位" if climbed > 0 else f"降 {-climbed} 位" if climbed < 0 else "名次不变"
    among = f"；{pool_said(pool)}" if pool and pool.changed else ""
    return _carried(book, f"{moved.unit.name}{rank}（第 {then} → 第 {now}{among}），", moved)


def _carried(book: ScoreBook, text: str, moved: Move) -> str:
    """How the total moved, and what carried it."""
    step = moved.mainly
    if step is None:
        return f"{text}总分{'没有变化' if moved.merged else f'与{book.spoken.last}相同'}"
    return (
        f"{text}总分 {gain(book, moved.gained)} 分，主要来自{step_name(book, step, moved)} {gain(book, step.gained)} 分"
    )
