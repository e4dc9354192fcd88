"""Two years side by side: which headings rose or fell."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import plotly.graph_objs as go

from kaohe.analysis.breakdown import Column, Share, attainment, joined
from kaohe.charts.attainment import column_layout, grid_cells, grid_table
from kaohe.charts.notation import MINUS, fixed, percent, signed, two
from kaohe.charts.parts import component_prefix
from kaohe.charts.ranking import rank_labels
from kaohe.charts.style import (
    FALL_TO_RISE,
    empty,
    figure,
    hover,
    rows,
)
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import forebears


def heading_change(books: Sequence[ScoreBook], group: str) -> go.Figure:
    """Unit × heading: percentage points gained or lost between the last two years, where it applies in both."""
    *_, after = books = sorted(books, key=lambda book: book.year)
    name = after.groups[group].name
    if len(books) < 2:
        return empty(
            books,
            f"{name}：只有{after.spoken.count('一')}，没有可比的部分",
            f"有{after.spoken.count('两')}以上的数据后，这里画出各部分的升降。",
        )
    before = books[-2]
    before_of = {unit.unit_id: forebears(before, after, unit.unit_id) for unit in after.ranking(group)}
    units = [unit for unit in after.ranking(group) if before_of[unit.unit_id]]
    old_columns, old = attainment(before, group)
    new_columns, new = attainment(after, group)
    old |= {key: joined(old, found) for key, found in before_of.items() if len(found) > 1}
    known = {column.id for column in old_columns}
    columns = [column for column in new_columns if column.id in known and not column.task]
    changes = [[_change(old, new, unit, column) for column in columns] for unit in units]
    if not units or not columns:
        both = after.spoken.count("两")
        return empty([before, after], f"{name}：{both}没有可比的部分", f"没有{both}都适用的单位和部分。")
    reach = float(max([Fraction(1, 10), *(abs(value) for row in changes for value in row if value is not None)]))
    texts = [[_points(value) for value in row] for row in changes]
    hovers = [
        [_change_hover(after, unit, column, value, old, new) for column, value in zip(columns, row, strict=True)]
        for unit, row in zip(units, changes, strict=True)
    ]
    return figure(
        [
            grid_cells(
                units,
                columns,
                [[None if value is None else float(value) for value in row] for row in changes],
                texts,
                hovers,
                zmin=-reach,
                zmax=reach,
                colorscale=FALL_TO_RISE,
            )
        ],
        about=[before, after],
        title=change_title(after, name, units, columns, changes),
        says=f"{before.year} 到 {year_said(after.year)}完成率增减的百分点：蓝升橙降，“·”未变，“–”不可比",
        height=rows(len(units)) + 8,
        table=grid_table(after, [unit.name for unit in units], columns, texts),
        row_labels=rank_labels(units),
        row_units=[unit.unit_id for unit in units],
        **column_layout(after, columns),
    )


def change_title(
    book: ScoreBook, group: str, units: list[UnitResult], columns: list[Column], changes: list[list[Fraction | None]]
) -> str:
    """The largest rise and fall of one unit under one heading."""
    cells = [
        (value, unit, column)
        for unit, row in zip(units, changes, strict=True)
        for column, value in zip(columns, row, strict=True)
        if value
    ]
    if not cells:
        return f"{group}：各部分完成率没有变化"
    parts = []
    for sign, word in ((1, "升幅最大"), (-1, "降幅最大")):
        value, unit, column = max(cells, key=lambda cell: sign * cell[0])
        if sign * value > 0:
            heading = f"{component_prefix(book, column.component)}“{column.name}”"
            parts.append(f"{word}的是{unit.name}的{heading}（{_points(value)} 个百分点）")
    return f"{group}：{'；'.join(parts)}"


def _change(
    old: dict[str, dict[str, Share]], new: dict[str, dict[str, Share]], unit: UnitResult, column: Column
) -> Fraction | None:
    before, after = old.get(unit.unit_id, {}).get(column.id), new[unit.unit_id].get(column.id)
    return None if before is None or after is None else after.share - before.share


def _points(value: Fraction | None) -> str:
    """Percentage points without decimals; a small change still shows its direction."""
    if value is None:
        return "–"
    if not value:
        return "·"
    size = abs(value) * 100
    shown = two(size, [Fraction(0)]) if size < Fraction(1, 20) else fixed(size, 0 if size >= 1 else 1)
    return f"{'+' if value > 0 else MINUS}{shown}"


def _change_hover(
    book: ScoreBook,
    unit: UnitResult,
    column: Column,
    value: Fraction | None,
    old: dict[str, dict[str, Share]],
    new: dict[str, dict[str, Share]],
) -> str:
    head = f"{unit.name}：{component_prefix(book, column.component)}“{column.name}”"
    if value is None:
        return hover(head, f"至少有{book.spoken.count('一')}不适用，不可比")
    then, now = old[unit.unit_id][column.id].share, new[unit.unit_id][column.id].share
    return hover(head, f"{percent(then, 1)} → {percent(now, 1)}（{signed(value * 100)} 个百分点）")
