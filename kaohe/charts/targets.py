"""Numbers the text names beside the ratings: a bullet an indicator, its points and how far each number was reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.charts import amounts
from kaohe.charts.evidence import checks_table, says_value
from kaohe.charts.headings import section_heading
from kaohe.charts.html import Html
from kaohe.charts.notation import names, percent, short
from kaohe.charts.palette import component_colour
from kaohe.charts.parts import task_heading
from kaohe.charts.style import DOWN, GRID, HOVER, INK, PAPER, empty, figure, hover, rows
from kaohe.scoring.book import CheckResult, ScoreBook
from kaohe.scoring.cells import ScoreCell
from kaohe.scoring.components import component_of
from kaohe.scoring.slicing import of_the_year

FURTHEST = Fraction(13, 10)
"""A number reached beyond this is drawn here; the hover says it exactly."""


def targets_heading(book: ScoreBook) -> Html:
    """Over the tasks and numbers; empty where the scheme has neither."""
    words = "有自己任务的单位列出全部任务，其他单位列出条文写明数字的指标；下表中没有达到却得满分的行标有底色。"
    return section_heading("任务与条文写明的数字", words) if has_targets(book) else Html("")


def targets_of(book: ScoreBook, unit_id: str) -> Iterator[go.Figure]:
    """The unit's targets, where the scheme has any."""
    if has_targets(book):
        yield targets(book, unit_id)


@of_the_year
def has_targets(book: ScoreBook, key: str = "") -> bool:
    """Whether the scheme has tasks of units' own, or names numbers beside the points."""
    return bool(book.checks) or any(node.unit for node in book.tree.values())


def targets(book: ScoreBook, unit_id: str) -> go.Figure:
    """A row a task of the unit's own, or an indicator whose text names a number: a bar up to its share of the full
    mark, a diamond where the number handed in stands against the one asked for (the line at 100 %)."""
    unit = book.unit(unit_id)
    cells = _rows(book, unit_id)
    if not cells:
        return empty([book], f"{unit.name}：没有可以核对的数字", "适用的指标都没有写明数字要求。")
    shares = [(cell.points or Fraction(0)) / cell.max_points if cell.max_points else Fraction(0) for cell in cells]
    colour = component_colour(book, unit.group, component_of(book, cells[0].indicator, unit.group))
    labels = [f"{cell.indicator.removeprefix(f'{unit_id}.')} {book.indicators[cell.indicator].name}" for cell in cells]
    checks = [
        (row, check)
        for row, cell in enumerate(cells)
        for check in book.checks_of(unit_id)
        if check.indicator == cell.indicator
    ]
    return figure(
        [
            _full(len(cells)),
            go.Bar(
                name="得分占满分",
                orientation="h",
                x=[float(share) for share in shares],
                y=list(range(len(cells))),
                width=0.42,
                marker={"color": colour},
                hovertext=[_hover(book, cell, share) for cell, share in zip(cells, shares, strict=True)],
                hoverinfo="text",
                meta={"indicators": [cell.indicator for cell in cells]},
            ),
            *(_reached(checks, met) for met in (True, False)),
        ],
        about=[book],
        title=title(book, unit_id, cells, shares),
        says="条形为得分占满分的比例；菱形为上报的数字相当于要求的比例，竖线为 100%"
        + (f"，超过 {percent(FURTHEST)} 的画在 {percent(FURTHEST)} 处" if _far(checks) else ""),
        height=rows(len(cells), row=29),
        table=checks_table(book, unit_id),
        row_labels=labels,
        barmode="overlay",
        xaxis={"range": [0, float(FURTHEST) + 0.06], "tickformat": ".0%", "nticks": 8, "fixedrange": True},
        shapes=[
            {"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": INK, "width": 1.2}}
        ],
        margin={"b": 80},
    )


def _rows(book: ScoreBook, unit_id: str) -> list[ScoreCell]:
    """A unit's own tasks; elsewhere the indicators whose text names a number, of which one was reported where any
    was: the others stand in the table."""
    checks = book.checks_of(unit_id)
    named = {check.indicator for check in checks if check.met is not None} or {check.indicator for check in checks}
    tasks = _tasks(book, unit_id)
    return [cell for cell in tasks or book.cells_of(unit_id) if cell.applicable and (tasks or cell.indicator in named)]


def _tasks(book: ScoreBook, unit_id: str) -> list[ScoreCell]:
    """The unit's own items under a heading that has several of them."""
    own = [cell for cell in book.cells_of(unit_id) if book.tree[cell.indicator].unit == unit_id]
    count = Counter(book.indicators[cell.indicator].section for cell in own)
    return [cell for cell in own if count[book.indicators[cell.indicator].section] > 1]


def title(book: ScoreBook, unit_id: str, cells: list[ScoreCell], shares: list[Fraction]) -> str:
    """Which numbers were not reached; where all were, how much of the points was."""
    name, shown = book.unit(unit_id).name, {cell.indicator for cell in cells}
    full = sum((cell.max_points or Fraction(0) for cell in cells), Fraction(0))
    got = sum((cell.points or Fraction(0) for cell in cells), Fraction(0))
    tasks = cells[0] in _tasks(book, unit_id)
    checks = [check for check in book.checks_of(unit_id) if not tasks or check.indicator in shown]
    missed = list(dict.fromkeys(book.indicators[check.indicator].name for check in checks if check.met is False))
    lacking = sum(check.met is None for check in checks)
    said = (
        f"{name} {len(cells)} 项{task_heading(book, book.unit(unit_id).group)}得到 {percent(got / full)}"
        if tasks and full
        else f"{name} {len(checks)} 处数字要求"
    )
    if missed:
        listed = names((f"“{short(each, 14)}”" for each in missed), 3, of="项")
        apart = f"；另有 {lacking} 处数字未上报" if lacking else ""
        return f"{said}，其中 {sum(check.met is False for check in checks)} 处数字未达到：{listed}{apart}"
    if lacking:
        return f"{said}，{lacking} 处数字未上报，其余都达到"
    if checks:
        return f"{said}，写明的 {len(checks)} 处数字都达到" if tasks else f"{said}都达到"
    worst = min(range(len(cells)), key=lambda row: shares[row])
    if shares[worst] == 1:
        return f"{said}，项项满分"
    return f"{said}，最低的是“{short(book.indicators[cells[worst].indicator].name, 14)}”（{percent(shares[worst])}）"


def _full(count: int) -> go.Bar:
    return go.Bar(
        orientation="h", x=[1] * count, y=list(range(count)), width=0.72, marker={"color": GRID},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip


def _reached(checks: list[tuple[int, CheckResult]], met: bool) -> go.Scatter:
    mine = [(row, check) for row, check in checks if check.met is met and check.share is not None]
    return go.Scatter(
        name="数字达到要求" if met else "数字未达到",
        x=[float(min(check.share or Fraction(0), FURTHEST)) for _, check in mine],
        y=[row for row, _ in mine],
        mode="markers",
        marker={
            "symbol": "diamond" if met else "x", "size": 11, "color": PAPER if met else DOWN,
            "line": {"color": INK if met else DOWN, "width": 1.6},
        },
        hovertext=[_check_hover(check) for _, check in mine],
        hoverinfo="text",
        cliponaxis=False,
        showlegend=bool(mine),
        meta={"checks": [check.indicator for _, check in mine]},
    )  # fmt: skip


def _far(checks: list[tuple[int, CheckResult]]) -> bool:
    return any(check.share is not None and check.share > FURTHEST for _, check in checks)


def _check_hover(check: CheckResult) -> str:
    assert check.share is not None
    return hover(f"要求：{check.text}", f"实际 {says_value(check)}，相当于 {percent(check.share)}")


def _hover(book: ScoreBook, cell: ScoreCell, share: Fraction) -> str:
    info = book.indicators[cell.indicator]
    head = f"{info.name}：{amounts.reached(book, cell)} 分（{percent(share)}）"
    return hover(head, "创新性工作" if info.innovative else "", short(cell.reason, HOVER))
