"""Cells are assembled unit by unit when asked for, and stay what they are when the book is copied or slimmed."""

from dataclasses import replace

import pytest

from kaohe.scoring.cells import Cells, ScoreCell
from tests.charts.books import scored, two_years


def cell(unit, indicator):
    return ScoreCell(unit, indicator, "scored", "")


def test_a_units_cells_are_assembled_once_and_only_when_asked_for():
    asked = []

    def assemble(unit):
        asked.append(unit)
        return cell(unit, "K1"), cell(unit, "K2")

    cells = Cells(["A", "B"], assemble)
    assert asked == []
    assert list(cells.of("B")) == ["K1", "K2"]
    assert cells.of("B")["K2"].unit == "B"
    assert asked == ["B"]
    assert [(each.unit, each.indicator) for each in cells] == [("A", "K1"), ("A", "K2"), ("B", "K1"), ("B", "K2")]
    assert asked == ["B", "A"]
    assert len(cells) == 4
    assert cells[-1] == cell("B", "K2")
    assert cells.of("C") == {}


def test_ready_cells_are_the_same_cells():
    rows = (cell("A", "K1"), cell("B", "K1"))
    assert Cells.ready(rows) == Cells(["A", "B"], lambda unit: tuple(row for row in rows if row.unit == unit))
    assert Cells.ready(rows) != Cells.ready(rows[:1])
    assert tuple(Cells.ready(rows)) == rows


def test_a_slim_book_keeps_the_points_and_drops_the_words():
    book = two_years()
    slim = book.slim()
    assert [each.points for each in slim.cells] == [each.points for each in book.cells]
    assert any(each.sentences for each in book.cells)
    assert not any(each.sentences or each.ahead or each.trace for each in slim.cells)
    assert not any(node.sentences or node.trace for unit in slim.units for node in unit.nodes.values())
    assert slim.before is None
    assert [unit.total for unit in slim.units] == [unit.total for unit in book.units]


def test_what_lies_ahead_is_said_only_where_points_were_lost():
    book = scored()
    assert any(each.ahead for each in book.cells)
    for each in book.cells:
        if not each.applicable or each.points >= each.max_points:
            assert each.ahead == ()


def test_a_cell_of_a_unit_or_indicator_that_is_not_there_is_a_key_error():
    book = scored()
    with pytest.raises(KeyError):
        book.cell("C1", "K99")
    with pytest.raises(KeyError):
        book.cell("X", "K6")


def test_last_years_results_are_those_of_the_book_before():
    book = two_years()
    assert book.previous_year == book.before.year
    assert set(book.previous) == {unit.unit_id for unit in book.before.units}
    assert replace(book, before=None).previous == {}
