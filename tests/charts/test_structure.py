from dataclasses import replace

import pytest

from kaohe.charts.structure import nodes_of, structure, uneven
from kaohe.charts.style import table_of
from tests.charts.books import full_marks, only

GROUPS = ["yuanbu", "department"]


@pytest.mark.parametrize("group", GROUPS)
def test_every_part_is_as_large_as_its_full_mark(book, group):
    _, nodes = nodes_of(book, group)
    by_id = {node.id: node for node in nodes}
    info = book.groups[group]
    assert by_id[group].full == info.full
    assert by_id["ballot"].full == info.fulls["ballot"]
    for name in set(by_id) & {"base", "key", "target"}:
        assert by_id[name].full == info.fulls[name]
    for node in nodes:
        if node.id in book.indicators:
            assert node.full == max(
                cell.max_points for cell in book.cells if cell.indicator == node.id and cell.applicable
            )


@pytest.mark.parametrize("group", GROUPS)
def test_children_fill_their_parents(book, group):
    """In the shipped scheme everything adds up, and nothing is said of it."""
    _, nodes = nodes_of(book, group)
    sizes = drawn(structure(book, group))
    assert {node.id: sizes[node.id] for node in nodes if node.counted is None} == {
        node.id: pytest.approx(float(node.full), abs=1) for node in nodes if node.counted is None
    }
    assert len({node.id for node in nodes}) == len(nodes)
    assert uneven(nodes) == []
    assert "满分加不拢" not in structure(book, group).layout.meta["says"]


def drawn(figure):
    """id → how large plotly draws it: its own value and those below it."""
    (trace,) = figure.data
    sizes = dict(zip(trace.ids, trace.values, strict=True))
    for key, parent in reversed(list(zip(trace.ids, trace.parents, strict=True))):
        if parent:
            sizes[parent] += sizes[key]
    return sizes


def marked(book, **fulls):
    """The book with other full marks of components printed for the colleges."""
    group = book.groups["yuanbu"]
    return replace(book, groups={**book.groups, "yuanbu": replace(group, fulls={**group.fulls, **fulls})})


@pytest.mark.parametrize(("more", "how"), [(-3, "按合计画"), (3, "差额留白")])
def test_full_marks_that_do_not_add_up_are_drawn_and_named(book, more, how):
    """61 of 58: plotly must not leave the picture blank, and the reader is told."""
    full = book.groups["yuanbu"].fulls["key"]
    made = marked(book, key=full + more)
    figure = structure(made, "yuanbu")
    sizes = drawn(figure)
    assert all(value >= 0 for value in figure.data[0].values)
    assert sizes["key"] == pytest.approx(float(max(full, full + more)))
    assert f"“重点指标”满分 {full + more} 分，其下各项合计 {full} 分（{how}）" in figure.layout.meta["says"]
    assert figure.data[0].branchvalues == "remainder"


def test_attainment_is_that_of_the_colleges_together(book):
    units, nodes = nodes_of(book, "yuanbu")
    assert {unit.category for unit in units} == {"college"}
    cells = [book.cell(unit.unit_id, "K6") for unit in units]
    (k6,) = [node for node in nodes if node.id == "K6"]
    assert k6.share == sum(cell.points for cell in cells) / sum(cell.max_points for cell in cells)


def test_the_title_names_the_heading_where_least_was_reached(book):
    _, nodes = nodes_of(book, "yuanbu")
    sections = {section.id for section in book.sections}
    low = min((node for node in nodes if node.id in sections), key=lambda node: node.share)
    assert f"“{low.name}”" in structure(book, "yuanbu").layout.meta["title"]


def test_full_marks_everywhere_is_said(book):
    best = full_marks(only(book, "C1"), "C1")
    assert "各部分均得满分" in structure(best, "yuanbu").layout.meta["title"]


def test_a_group_without_units_says_so(book):
    assert "没有单位" in structure(only(book, "D03"), "yuanbu").layout.meta["title"]


def test_tasks_of_many_departments_stay_one_part_and_those_of_one_are_shown(book):
    _, many = nodes_of(book, "department")
    assert not [node for node in many if node.parent == "T"]
    _, one = nodes_of(only(book, "D03"), "department")
    assert {node.id for node in one if node.parent == "T"} == {
        cell.indicator for cell in book.cells_of("D03") if cell.applicable and ".T" in cell.indicator
    }


def test_an_exemption_does_not_break_the_picture(book):
    fewer = replace(book, cells=[cell for cell in book.cells if (cell.unit, cell.indicator) != ("C1", "K1.1")])
    _, nodes = nodes_of(fewer, "yuanbu")
    inside = sum(node.full for node in nodes if node.parent == "K-1")
    assert drawn(structure(fewer, "yuanbu"))["K-1"] == pytest.approx(float(inside))


def test_the_table_lists_every_part(book):
    table = table_of(structure(book, "yuanbu"))
    for name in ("民主测评", "K6", "科研工作"):
        assert name in table
