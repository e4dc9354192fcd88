from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.breakdown import attainment
from kaohe.charts.attainment import heatmap
from kaohe.charts.style import table_of
from tests.charts.books import full_marks, only


@pytest.mark.parametrize("group", ["yuanbu", "department"])
def test_every_cell_is_the_units_share_of_what_it_could_get(book, group):
    (grid,) = heatmap(book, group).data
    assert grid.meta["units"] == [unit.unit_id for unit in book.ranking(group)]
    together = {column: [Fraction(0), Fraction(0)] for column in grid.meta["columns"]}
    for unit, row in zip(grid.meta["units"], grid.z[:-1], strict=True):
        by_section = {section.id: cells for section, cells in book.sections_of(unit)}
        for column, value in zip(grid.meta["columns"], row, strict=True):
            cells = by_section.get(column, [])
            if not cells:
                assert value is None
                continue
            points, full = (
                sum((getattr(cell, what) for cell in cells), Fraction(0)) for what in ("points", "max_points")
            )
            assert value == float(points / full)
            together[column] = [together[column][0] + points, together[column][1] + full]
    assert list(grid.z[-1]) == [float(points / full) for points, full in together.values()]


@pytest.mark.parametrize("group", ["yuanbu", "department"])
def test_inside_a_component_the_weakest_heading_stands_first(book, group):
    (grid,) = heatmap(book, group).data
    columns = {column.id: column for column in attainment(book, group)[0]}
    for component in {columns[column].component for column in grid.meta["columns"]}:
        places = [place for place, column in enumerate(grid.meta["columns"]) if columns[column].component == component]
        shares = [grid.z[-1][place] for place in places]
        assert shares == sorted(shares)


def test_items_of_one_units_own_are_no_columns(book):
    (grid,) = heatmap(book, "department").data
    assert grid.meta["columns"]
    assert not any(column.task for column in attainment(book, "department")[0] if column.id in grid.meta["columns"])


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
