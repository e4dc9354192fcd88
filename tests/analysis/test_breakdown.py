from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.breakdown import (
    attainment,
    by_component,
    component_fulls,
    lost_points,
    parts,
    sections,
    worth,
)
from tests.charts.books import scored

READINGS = [
    (),
    (("rescale", "combined"),),
    (("rescale", "none"),),
    (("full_marks", "stated"),),
    (("component_cap", "cap"),),
    (("rescale", "combined"), ("full_marks", "stated")),
]


@pytest.fixture(scope="module", params=READINGS, ids=lambda policies: "-".join(map("=".join, policies)) or "default")
def book(request):
    return scored(policies=request.param)


def test_components_add_up_to_the_total_and_their_fulls_to_the_groups(book):
    for unit in book.units:
        assert sum(by_component(book, unit).values()) == unit.total
        assert sum(component_fulls(book, unit).values()) == book.groups[unit.group].full


def test_parts_add_up_to_the_total_and_the_full_mark(book):
    for unit in book.units:
        found = parts(book, unit.unit_id)
        assert sum(part.points for part in found) == unit.total
        assert sum(part.full for part in found) == book.groups[unit.group].full
        assert sum(part.lost for part in found) == book.groups[unit.group].full - unit.total


def test_a_headings_loss_is_that_of_its_indicators(book):
    for unit in book.units:
        lost = {part.id: part.lost for part in parts(book, unit.unit_id)}
        rates = worth(book, unit)
        for section, cells in book.sections_of(unit.unit_id):
            if section.id in lost:  # one indicator that is its own heading is told by what it stands under
                assert lost[section.id] == sum(
                    (rates[cell.indicator] * (cell.max_points - cell.points) for cell in cells), Fraction(0)
                )


def test_proportional_points_are_worth_what_conversion_makes_of_them():
    book = scored()
    ideology = book.unit("SZ")
    key = ideology.nodes["key"]
    rates = {rate for item, rate in worth(book, ideology).items() if item.startswith("K")}
    assert rates == {Fraction(95) / key.own_full}
    assert key.raw * rates.pop() == key.points


def test_without_rescaling_a_raw_point_is_a_point_and_what_does_not_apply_is_named():
    book = scored(policies=(("rescale", "none"),))
    unit = book.unit("SZ")
    assert set(worth(book, unit).values()) == {1}
    rest = next(part for part in parts(book, "SZ") if part.component == "conversion")
    assert (rest.full, rest.points) == (150 - unit.nodes["base"].own_full - unit.nodes["key"].own_full, 0)


def test_lost_points_are_sorted_and_leave_out_what_costs_nothing(book):
    for unit in book.units:
        found = lost_points(book, unit.unit_id)
        assert [each.lost for each in found] == sorted((each.lost for each in found), reverse=True)
        losing = {cell.indicator for cell in book.cells_of(unit.unit_id) if cell.applicable and cell.lost}
        assert {each.cell.indicator for each in found} == losing


def test_sections_hold_the_units_own_full_marks(book):
    for unit in book.units:
        found = sections(book, unit.unit_id)
        for section, cells in book.sections_of(unit.unit_id):
            assert found[section.id].full == sum(cell.max_points for cell in cells)
            assert found[section.id].points == sum(cell.points for cell in cells)


def test_a_departments_tasks_are_columns_of_their_own():
    columns, grid = attainment(scored(), "department")
    tasks = [column.id for column in columns if column.task]
    assert tasks[0] == "T05"
    assert tasks == sorted(tasks)
    assert {column.id for column in columns} >= {"W1", "W2", "W3", "W4", "T"}
    book = scored()
    for unit, row in grid.items():
        for name, share in row.items():
            if name in tasks:
                cell = book.cell(unit, f"{unit}.{name}")
                assert (share.points, share.full, share.cells) == (cell.points, cell.max_points, (cell,))


def test_yuanbu_columns_are_headings_alone():
    columns, _ = attainment(scored(), "yuanbu")
    assert [column.component for column in columns] == ["base"] * 15 + ["key"] * 8
    assert not any(column.task for column in columns)


def test_what_does_not_apply_is_absent(book):
    _, grid = attainment(book, "yuanbu")
    assert "B-05" not in grid["SZ"]
    assert "B-05" in grid["JX"]


def test_a_heading_without_full_mark_is_left_out():
    book = scored()
    none = replace(
        book, cells=tuple(replace(cell, max_points=Fraction(0)) if cell.unit == "C1" else cell for cell in book.cells)
    )
    assert sections(none, "C1") == {}
