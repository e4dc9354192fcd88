from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.breakdown import attainment
from kaohe.charts.headingchange import heading_change
from kaohe.charts.tables import years_table
from kaohe.charts.years import history_title, rank_history, totals, totals_title
from tests.charts.books import changed, merged, only, scored, with_before

GROUPS = ["yuanbu", "department"]


@pytest.mark.parametrize("group", GROUPS)
def test_every_mark_is_the_units_rank_of_its_year(books, group):
    figure = rank_history(list(reversed(books)), group)
    lines = {trace.meta["unit"]: trace for trace in figure.data if "unit" in (trace.meta or {})}
    assert set(lines) == {unit.unit_id for book in books for unit in book.ranking(group)}
    for unit, line in lines.items():
        assert line.meta["ranks"] == [book.unit(unit).rank for book in books]
        assert list(line.text) == [str(book.unit(unit).rank) for book in books]
        for x, row in zip(line.x, line.y, strict=True):
            assert books[x].ranking(group)[row].unit_id == unit


def test_last_twice_running_is_a_square(books):
    before, after = books
    before = changed(before, {unit.unit_id: {"last": unit.unit_id == "C1"} for unit in before.units})
    last = {unit.unit_id: dict.fromkeys(("last_two_years", "last"), unit.unit_id == "C1") for unit in after.units}
    after = with_before(changed(after, last), before.units)
    lines = {trace.meta["unit"]: trace for trace in rank_history([before, after], "yuanbu").data if trace.meta}
    assert list(lines["C1"].marker.symbol) == ["circle", "square"]
    assert list(lines["C2"].marker.symbol) == ["circle", "circle"]
    assert "连续两年末位" in history_title([before, after], "yuanbu")


@pytest.mark.parametrize("group", GROUPS)
def test_every_dot_is_a_total(books, group):
    dots = {trace.meta["year"]: trace for trace in totals(books, group).data if trace.meta}
    for book in books:
        dot = dots[book.year]
        assert dict(zip(dot.meta["units"], dot.x, strict=True)) == {
            unit.unit_id: float(unit.total) for unit in book.ranking(group)
        }
        latest = [unit.unit_id for unit in books[-1].ranking(group)]
        assert [latest[row] for row in dot.y] == dot.meta["units"]


def test_the_means_are_said(books):
    before, after = books
    mean = sum(unit.total for unit in after.ranking("yuanbu")) / len(after.ranking("yuanbu"))
    assert f"{float(mean):.2f} 分" in totals_title(books, "yuanbu")
    assert before.year in totals_title(books, "yuanbu")


@pytest.mark.parametrize("group", GROUPS)
def test_a_cell_is_the_change_of_the_share(books, group):
    (grid,) = heading_change(books, group).data
    _, old = attainment(books[0], group)
    _, new = attainment(books[1], group)
    assert grid.meta["units"] == [unit.unit_id for unit in books[1].ranking(group)]
    for unit, row in zip(grid.meta["units"], grid.z, strict=True):
        for column, value in zip(grid.meta["columns"], row, strict=True):
            if column in old[unit] and column in new[unit]:
                assert value == float(new[unit][column].share - old[unit][column].share)
            else:
                assert value is None


def test_no_change_is_a_dot_and_said(books):
    same = [replace(books[1], year="2018-2019"), books[1]]
    figure = heading_change(same, "department")
    assert "没有变化" in figure.layout.title.text
    assert {text for row in figure.data[0].text for text in row} <= {"·", "–"}
    assert "名次没有变化" in history_title(same, "yuanbu")


def test_a_small_change_keeps_its_direction(books):
    before = replace(books[1], year="2018-2019")
    after = replace(
        books[1],
        cells=tuple(
            replace(cell, points=cell.points + Fraction(1, 10**5))
            if cell.indicator == "D03.W1" and cell.applicable
            else cell
            for cell in books[1].cells
        ),
    )
    (grid,) = heading_change([before, after], "department").data
    assert grid.text[grid.meta["units"].index("D03")][grid.meta["columns"].index("W1")] == "+0.0001"


def test_one_year_alone_says_so(books):
    for figure in (rank_history(books[:1], "yuanbu"), heading_change(books[:1], "yuanbu")):
        assert len(figure.data) == 0
        assert "只有一个学年" in figure.layout.title.text
    assert len(totals(books[:1], "yuanbu").data) == 2


def test_units_of_one_year_only_are_drawn_where_they_are(books):
    before = only(books[0], *(unit.unit_id for unit in books[0].units if unit.unit_id != "C1"))
    lines = {trace.meta["unit"]: trace for trace in rank_history([before, books[1]], "yuanbu").data if trace.meta}
    assert list(lines["C1"].x) == [1]
    (grid,) = heading_change([before, books[1]], "yuanbu").data
    assert "C1" not in grid.meta["units"]


def test_no_group_in_common_says_so():
    before = only(scored("2018-2019", 5), "D03")
    after = only(scored(), "C1")
    assert len(heading_change([before, after], "yuanbu").data) == 0


def test_merged_units_are_followed_to_where_they_went():
    after = merged()
    books = [scored("2018-2019", 5), after]
    joins = [trace for trace in rank_history(books, "yuanbu").data if "merged" in (trace.meta or {})]
    assert [trace.meta["merged"] for trace in joins] == [["C2", "C1"], ["C3", "C1"]]
    assert all(trace.line.dash == "dot" for trace in joins)
    before = next(trace for trace in totals(books, "yuanbu").data if (trace.meta or {}).get("year") == "2018-2019")
    assert {"C1", "C2", "C3"} <= set(before.meta["units"])
    (grid,) = heading_change(books, "yuanbu").data
    row = grid.z[grid.meta["units"].index("C1")]
    _, old = attainment(books[0], "yuanbu")
    _, new = attainment(after, "yuanbu")
    for column, value in zip(grid.meta["columns"], row, strict=True):
        shares = [old[unit][column] for unit in ("C1", "C2", "C3") if column in old[unit]]
        if value is not None:
            share = sum(each.points for each in shares) / sum(each.full for each in shares)
            assert value == float(new["C1"][column].share - share)
    table = years_table(books, "yuanbu")
    assert f"（并入{after.unit('C1').name}）" in table
    assert "合并）" in table
