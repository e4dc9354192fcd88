from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.breakdown import attainment
from kaohe.charts.attainment import heatmap, weakest, weakest_first
from kaohe.charts.style import table_of
from tests.charts.books import full_marks, only


@pytest.mark.parametrize("group", ["yuanbu", "department"])
def test_every_cell_is_the_units_share_of_what_it_could_get(book, group):
    (grid,) = heatmap(book, group).data
    assert grid.meta["units"] == [unit.unit_id for unit in book.ranking(group)]
    for unit, row in zip(grid.meta["units"], grid.z, strict=True):
        by_section = {section.id: cells for section, cells in book.sections_of(unit)}
        for column, value in zip(grid.meta["columns"], row, strict=True):
            if column[0] == "T" and column != "T":
                try:
                    cells = [book.cell(unit, f"{unit}.{column}")]
                except KeyError:
                    cells = []
                cells = [cell for cell in cells if cell.applicable]
            else:
                cells = by_section.get(column, [])
            if not cells:
                assert value is None
                continue
            points = sum((cell.points for cell in cells), Fraction(0))
            assert value == float(points / sum(cell.max_points for cell in cells))


@pytest.mark.parametrize("group", ["yuanbu", "department"])
def test_inside_a_component_the_weakest_heading_stands_first(book, group):
    (grid,) = heatmap(book, group).data
    columns, shares = attainment(book, group)
    ordered = weakest_first(columns, shares)
    assert grid.meta["columns"] == [column.id for column in ordered]

    def pooled(column):
        mine = [row[column.id] for row in shares.values() if column.id in row]
        return sum(share.points for share in mine) / sum(share.full for share in mine)

    for component in {column.component for column in columns}:
        own = [pooled(column) for column in ordered if column.component == component and not column.task]
        assert own == sorted(own)
    tasks = [column.id for column in ordered if column.task]
    assert tasks == sorted(tasks)
    assert [column.task for column in ordered] == sorted(column.task for column in ordered)


def test_the_table_behind_says_the_same_as_the_cells(book):
    (grid,) = heatmap(book, "yuanbu").data
    table = table_of(heatmap(book, "yuanbu"))
    for unit in book.ranking("yuanbu"):
        assert unit.name in table
    assert table.count("<tr>") == len(grid.z) + 1


def test_what_does_not_apply_is_blank_with_a_word(book):
    (grid,) = heatmap(book, "yuanbu").data
    row, column = grid.meta["units"].index("SZ"), grid.meta["columns"].index("B-05")
    assert grid.z[row][column] is None
    assert grid.text[row][column] == "–"
    assert "不适用" in grid.hovertext[row][column]


def test_a_task_is_named_in_its_hover(book):
    (grid,) = heatmap(book, "department").data
    row = grid.meta["units"].index("D03")
    for column, name in enumerate(grid.meta["columns"][5:], start=5):
        hover = grid.hovertext[row][column].replace("<br>", "")
        if book.cell("D03", f"D03.{name}").applicable:
            assert book.indicators[f"D03.{name}"].name in hover
        else:
            assert "不适用" in hover
    absent = grid.meta["units"].index("D06"), grid.meta["columns"].index("T20")
    assert "没有这一项" in grid.hovertext[absent[0]][absent[1]]


def test_base_and_key_are_divided_and_named(book):
    layout = heatmap(book, "yuanbu").layout
    assert [shape.x0 for shape in layout.shapes] == [14.5]
    assert [annotation.text for annotation in layout.annotations] == ["<b>基础指标</b>", "<b>重点指标</b>"]


def test_full_marks_are_a_word_and_almost_full_ones_are_not(book):
    unit = book.ranking("yuanbu")[0].unit_id
    (grid,) = heatmap(full_marks(book, unit), "yuanbu").data
    assert {text for text in grid.text[0] if text != "–"} == {"满"}
    almost = replace(
        book,
        cells=tuple(
            replace(cell, points=cell.max_points * Fraction(999, 1000))
            if cell.unit == unit and cell.applicable
            else cell
            for cell in book.cells
        ),
    )
    (grid,) = heatmap(almost, "yuanbu").data
    assert {text for text in grid.text[0] if text != "–"} == {"99.90"}


def test_the_title_names_the_heading_where_most_is_lost(book):
    columns, grid = attainment(book, "yuanbu")
    column, share = weakest(columns, grid)
    pooled = {}
    for candidate in columns:
        mine = [row[candidate.id] for row in grid.values() if candidate.id in row]
        pooled[candidate.id] = sum(each.points for each in mine) / sum(each.full for each in mine)
    assert share == min(pooled.values()) == pooled[column.id]
    assert f"“{column.name}”" in heatmap(book, "yuanbu").layout.title.text


def test_nothing_lost_is_said(book):
    unit = book.ranking("yuanbu")[0].unit_id
    assert "各部分均得满分" in heatmap(only(full_marks(book, unit), unit), "yuanbu").layout.title.text


def test_missing_and_disputed_evidence_shows_in_the_hover(book):
    unit = book.ranking("yuanbu")[0].unit_id
    doubtful = replace(
        book,
        cells=tuple(
            replace(cell, status="disputed") if cell.unit == unit and cell.indicator == "B01" else cell
            for cell in book.cells
        ),
    )
    (grid,) = heatmap(doubtful, "yuanbu").data
    assert "数据有争议" in grid.hovertext[0][grid.meta["columns"].index("B-01")]


def test_a_group_without_units_says_so(book):
    assert len(heatmap(only(book, "D03"), "yuanbu").data) == 0
