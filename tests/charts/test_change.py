from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.movement import movement
from kaohe.charts.change import pool_said, rank_change, rank_title, step_name, total_change, total_title
from tests.charts.books import by_unit, changed, merged, traces, with_before
from tests.units import column_of, unit_with

GROUPS = ["yuanbu", "department"]


def unmoved(book):
    """The book whose previous year was the same as this one."""
    return replace(book, before=replace(book, year="2018-2019", before=None))


@pytest.mark.parametrize("group", GROUPS)
def test_a_line_a_unit_from_last_years_place_to_this_years(book, group):
    figure = rank_change(book, group)
    lines = {trace.meta["unit"]: trace for trace in figure.data if "unit" in (trace.meta or {})}
    units = book.ranking(group)
    before = sorted(
        (book.previous[unit.unit_id] for unit in units),
        key=lambda unit: (unit.rank, [each.unit_id for each in units].index(unit.unit_id)),
    )
    assert set(lines) == {unit.unit_id for unit in units}
    for row, unit in enumerate(units):
        line = lines[unit.unit_id]
        assert line.meta["ranks"] == [book.previous[unit.unit_id].rank, unit.rank]
        assert line.y[1] == row
        assert before[line.y[0]].unit_id == unit.unit_id


@pytest.mark.parametrize("group", GROUPS)
def test_changes_are_exact_by_component_and_in_all(book, group):
    figure = total_change(book, group)
    moves = {move.unit.unit_id: move for move in movement(book, group).moves}
    (total,) = traces(figure, "total")
    gains = list(total.customdata)
    assert gains == sorted(gains, reverse=True)
    assert dict(zip(total.meta["units"], gains, strict=True)) == {
        key: float(move.gained) for key, move in moves.items()
    }
    for trace in figure.data[:-1]:
        name = trace.meta["component"]
        assert by_unit(trace) == {key: float(move.by_component.get(name, 0)) for key, move in moves.items()}


def test_without_a_previous_year_both_say_so(alone):
    for figure in (rank_change(alone, "yuanbu"), total_change(alone, "yuanbu")):
        assert len(figure.data) == 0
        assert "没有上一学年可比" in figure.layout.title.text


def test_units_that_are_new_are_marked(book):
    fewer = with_before(book, (unit for unit in book.before.units if unit.unit_id != "C1"))
    labels = rank_change(fewer, "yuanbu").data[-1]
    assert "本学年新增" in by_unit(labels, "text")["C1"]
    assert "C1" not in traces(total_change(fewer, "yuanbu"), "total")[0].meta["units"]


def test_no_unit_in_both_years_says_so(book):
    assert "没有两个学年都有的单位" in rank_change(with_before(book, ()), "yuanbu").layout.title.text


def test_the_rank_title_says_who_moved_most_and_why(book):
    found = movement(book, "yuanbu")
    climber, faller = found.climbers[0], found.fallers[0]
    said = rank_title(book, found, "院部")
    assert f"升 {climber.climbed} 位" in said
    assert f"降 {-faller.climbed} 位" in said
    assert climber.unit.name in said


def test_the_rank_title_puts_a_climb_down_to_the_heading_that_carried_it(book):
    """The finding leaders ask for: who went up, and which work did it."""
    unit = book.ranking("yuanbu")[0]

    def said(cells=book.cells, **was):
        """Last year was as this one but for these results and cells of the unit."""
        before = replace(changed(book, {unit.unit_id: {"rank": unit.rank + 4, **was}}), before=None, cells=cells)
        return rank_title(book, movement(replace(book, before=before), "yuanbu"), "院部")

    votes = said(total=unit.total - 4, leader_points=unit.points("leader") - 4)
    assert votes == f"院部：{unit.name}升 4 位，主要来自领导班子评价 +4.00 分"
    cells = [
        replace(cell, points=cell.points - 5) if (cell.unit, cell.indicator) == (unit.unit_id, "K6") else cell
        for cell in book.cells
    ]
    five = {name: column_of(unit, name) - 5 for name in ("total", "key_points", "key_raw", "target_points")}
    assert "升 4 位，主要来自科研工作 +" in said(cells, **five)


def test_headings_of_the_same_name_are_told_apart(book):
    (move, *_) = movement(book, "yuanbu").moves
    by_id = {step.id: step for step in move.steps}
    assert step_name(book, by_id["K-6"], move) == "科研工作"
    assert step_name(book, by_id["K-1"], move) == "重点指标的教学工作"


def test_a_climb_is_not_put_down_to_a_component_when_the_total_fell(book):
    unit = book.ranking("yuanbu")[0]
    before = [unit_with(unit, rank=unit.rank + 2, total=unit.total + 5, leader_points=unit.points("leader") + 5)]
    said = rank_title(book, movement(with_before(book, before), "yuanbu"), "院部")
    assert "升 2 位（总分 −5.00）" in said
    assert "主要来自" not in said


def test_nothing_moved_is_said(book):
    still = unmoved(book)
    assert rank_title(book, movement(still, "yuanbu"), "院部") == "院部：各单位名次与上一学年相同"
    assert total_title(still, movement(still, "yuanbu"), "院部") == "院部：各单位总分与上一学年相同"
    assert len(total_change(still, "yuanbu").data) == 1  # the totals alone, no bars of nothing


def test_all_moved_alike_is_said(book):
    lower = [unit_with(unit, total=unit.total - 1, leader_points=unit.points("leader") - 1) for unit in book.units]
    assert total_title(book, movement(with_before(book, lower), "yuanbu"), "院部") == "院部：各单位总分都变化 +1.00 分"


def test_a_change_too_small_to_see_is_not_shown_as_none(book):
    unit = book.ranking("yuanbu")[0]
    tiny = Fraction(1, 100000)
    less = {
        "total": unit.total - tiny,
        "key_points": unit.points("key") - tiny,
        "target_points": unit.points("target") - tiny,
    }
    made = replace(book, before=changed(replace(book, year="2018-2019", before=None), {unit.unit_id: less}))
    (total,) = traces(total_change(made, "yuanbu"), "total")
    assert "+0.00001" in by_unit(total, "text")[unit.unit_id]


def test_a_merged_unit_has_a_dotted_line_from_each_it_was():
    book = merged()
    figure = rank_change(book, "yuanbu")
    lines = [trace for trace in figure.data if (trace.meta or {}).get("unit") == "C1"]
    assert [line.line.dash for line in lines] == ["dot"] * 3
    assert {line.meta["ranks"][0] for line in lines} == {book.previous[unit].rank for unit in ("C1", "C2", "C3")}
    assert "合并" in by_unit(figure.data[-1], "text")["C1"]
    assert "虚线" in figure.layout.meta["says"]
    one, two, three = (book.previous[unit].name for unit in ("C1", "C2", "C3"))
    assert f"由{one}、{two}、{three}合并" in figure.layout.meta["table"]
    total = total_change(book, "yuanbu")
    assert "C1" in traces(total, "total")[0].meta["units"]
    assert "合并前各单位的平均" in total.layout.meta["says"]
    assert book.unit("C1").name not in rank_title(book, movement(book, "yuanbu"), "")


def test_the_rank_title_says_that_the_pool_is_another(book):
    """A fall among units that joined is no fall of the unit's own."""
    units = [unit for unit in book.before.units if unit.unit_id not in ("C1", "C2")]
    found = movement(with_before(book, units), "yuanbu")
    now = len(book.ranking("yuanbu"))
    assert rank_title(book, found, "院部").endswith(f"参加排名的单位由 {now - 2} 个变为 {now} 个（新增 2 个）")
    assert "参加排名的单位" not in rank_title(book, movement(book, "yuanbu"), "院部")
    gone = movement(replace(book, units=tuple(unit for unit in book.units if unit.unit_id != "C1")), "yuanbu")
    assert pool_said(gone.pool) == f"参加排名的单位由 {now} 个变为 {now - 1} 个（不再参评 1 个）"
    assert pool_said(movement(merged(), "yuanbu").pool) == f"参加排名的单位由 {now} 个变为 {now - 2} 个（合并 1 处）"
