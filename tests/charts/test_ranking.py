import json
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest

from kaohe.analysis.breakdown import by_component, name_of
from kaohe.analysis.grades import passed_over, top_line
from kaohe.batch.figures import chart
from kaohe.charts.notation import width
from kaohe.charts.palette import component_colour
from kaohe.charts.ranking import Room, names_over, rank_labels, ranking, title
from tests.charts.books import all_equal, by_unit, changed, only, renamed, scored, traces

GROUPS = ["yuanbu", "department"]


@pytest.mark.parametrize("policies", [(), (("rescale", "combined"),)])
@pytest.mark.parametrize("group", GROUPS)
def test_every_bar_is_the_units_exact_component(group, policies):
    book = scored(policies=policies)
    figure = ranking(book, group)
    units = book.ranking(group)
    found = {unit.unit_id: {} for unit in units}
    for trace in figure.data[:-1]:
        rows = dict(zip(trace.meta["units"], trace.y, strict=True))
        for unit_id, value in by_unit(trace).items():
            found[unit_id][trace.meta["component"]] = value
            assert units[rows[unit_id]].unit_id == unit_id
    for unit in units:
        assert found[unit.unit_id] == {name: float(points) for name, points in by_component(book, unit).items()}


@pytest.mark.parametrize("group", GROUPS)
def test_totals_stand_beside_their_rows_with_the_grade(book, group):
    (total,) = traces(ranking(book, group), "total")
    units = book.ranking(group)
    assert total.meta["units"] == [unit.unit_id for unit in units]
    assert list(total.customdata) == [float(unit.total) for unit in units]
    assert all(unit.grade in text for unit, text in zip(units, total.text, strict=True))


@pytest.mark.parametrize("group", GROUPS)
def test_rows_are_by_rank_and_named(book, group):
    figure = ranking(book, group)
    units = book.ranking(group)
    assert [unit.rank for unit in units] == sorted(unit.rank for unit in units)
    assert list(figure.layout.yaxis.tickvals) == list(range(len(units)))
    for unit, label in zip(units, figure.layout.yaxis.ticktext, strict=True):
        assert label.endswith(unit.name)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # best on top


def test_ties_are_named_as_such(book):
    tied = all_equal(book)
    assert all(label.startswith("并列 1　") for label in rank_labels(tied.ranking("yuanbu")))
    assert "并列第一" in title(tied, "yuanbu")


def lines_named(figure):
    return {each.text.split()[0]: each.x for each in figure.layout.annotations if "■" not in each.text}


def bracket(figure):
    """(from, to, dotted) of the upright pieces of the bracket."""
    pieces = [shape for shape in figure.layout.shapes if shape.xsizemode == "pixel"]
    return [(round(each.y0, 2), round(each.y1, 2), each.line.dash == "dot") for each in pieces if each.x0 == each.x1]


def test_the_only_line_is_the_fail_line(book):
    units = book.ranking("yuanbu")
    placed = changed(book, {unit.unit_id: {"grade": "优秀" if unit in units[:2] else "合格"} for unit in units})
    assert lines_named(ranking(placed, "yuanbu")) == {"不合格线": float(units[0].fail_below)}


def test_no_place_given_draws_no_bracket(book):
    none = changed(book, {unit.unit_id: {"grade": "合格"} for unit in book.units})
    assert top_line(none, none.ranking("yuanbu")) is None
    assert bracket(ranking(none, "yuanbu")) == []


def test_a_bracket_holds_who_has_a_place_and_goes_dotted_past_who_has_not(book):
    """The first may be barred: places are told by who has them, not by a line under so many ranks."""
    units = book.ranking("yuanbu")
    grades = ["合格", "优秀", "合格", "优秀", *["合格"] * len(units[4:])]
    made = changed(book, {unit.unit_id: {"grade": grade} for unit, grade in zip(units, grades, strict=True)})
    figure = ranking(made, "yuanbu")
    assert bracket(figure) == [(0.64, 1.36, False), (2.64, 3.36, False), (1.36, 2.64, True)]
    assert f"名额 {book.groups['yuanbu'].quota} 个，用了 2 个" in figure.layout.meta["says"]
    assert "点线越过的不是优秀" in figure.layout.meta["says"]


def test_components_are_named_over_their_places_in_the_first_bar(book):
    figure = ranking(book, "yuanbu")
    first = by_component(book, book.ranking("yuanbu")[0])
    named = [each.text.rpartition(" ")[2] for each in figure.layout.annotations if "■" in each.text]
    assert named == [name_of(book, name) for name in first]
    start, high = 0.0, figure.layout.xaxis.range[1]
    for each, (name, points) in zip(figure.layout.annotations, first.items(), strict=False):
        assert component_colour(book, "yuanbu", name) in each.text
        assert start - high / 15 < each.x < start + float(points) + high / 15
        start += float(points)


@pytest.mark.parametrize("pixels", [120, 300, 800])
def test_names_over_the_first_bar_never_overlap(book, pixels):
    unit = book.ranking("yuanbu")[0]
    found = names_over(book, unit, 0, 200, Room(pixels, 31, 12))
    for one, other in combinations(found.annotations, 2):
        if one["yshift"] == other["yshift"]:
            wide = sum(width(each["text"].rpartition(" ")[2]) + 1.6 for each in (one, other)) * 12 / 2
            assert abs(one["x"] - other["x"]) * pixels / 200 >= wide - 1e-6
    assert found.pixels > max(each["yshift"] for each in found.annotations)


def test_a_pending_tie_is_framed_and_said(book):
    units = book.ranking("yuanbu")
    tied = changed(book, {unit.unit_id: {"grade": "待审议"} for unit in units[1:3]})
    figure = ranking(tied, "yuanbu")
    (frame,) = [shape for shape in figure.layout.shapes if shape.type == "rect" and shape.x0 == 0]
    assert (frame.y0, frame.y1) == (0.52, 2.48)
    assert "方框内总分并列" in figure.layout.meta["says"]
    none = changed(book, {unit.unit_id: {"grade": "合格"} for unit in book.units})
    assert not [shape for shape in ranking(none, "yuanbu").layout.shapes if shape.type == "rect"]


def test_on_a_phone_the_reason_stands_under_the_total(book):
    first, second = book.ranking("yuanbu")[:2]
    made = changed(book, {first.unit_id: {"grade": "合格", "vetoed": True}, second.unit_id: {"grade": "优秀"}})
    figure = ranking(made, "yuanbu")
    texts = figure.layout.meta["narrow"]["traces"][str(len(figure.data) - 1)]["text"]
    assert "有否决事项" in texts[0]
    assert "<br>" not in texts[1]


def test_the_rows_lead_to_the_units_pages(book):
    units = book.ranking("yuanbu")
    figure = ranking(book, "yuanbu").to_plotly_json()
    assert figure["layout"]["meta"]["rows"] == [unit.unit_id for unit in units]
    drawn = chart(figure, 0, {units[0].unit_id: "units/x.html"})
    assert json.loads(drawn.source)["links"][:2] == ["units/x.html", ""]
    assert 'role="group"' in drawn.division
    assert "links" not in json.loads(chart(figure, 0).source)


def test_a_veto_is_marked_whatever_the_total(book):
    last = book.ranking("yuanbu")[-1]
    vetoed = changed(book, {unit.unit_id: {"vetoed": unit is last} for unit in book.units})
    (total,) = traces(ranking(vetoed, "yuanbu"), "total")
    assert [key for key, text in by_unit(total, "text").items() if "⊘有否决事项" in text] == [last.unit_id]


def test_units_with_fail_lines_of_their_own_have_them_on_their_rows():
    book = scored(policies=(("rescale", "none"),))
    units = book.ranking("yuanbu")
    assert len({unit.fail_below for unit in units}) > 1
    figure = ranking(book, "yuanbu")
    own = [shape for shape in figure.layout.shapes if shape.yref == "y" and shape.line.dash]
    assert [shape.x0 for shape in own] == [float(unit.fail_below) for unit in units]
    assert "不合格线不同" in figure.layout.meta["text"]


def test_why_a_unit_over_the_line_is_not_excellent(book):
    first, second, third = book.ranking("yuanbu")[:3]
    made = changed(
        book,
        {
            first.unit_id: {"grade": "合格", "vetoed": True},
            second.unit_id: {"grade": "合格", "vetoed": False, "declared": False},
            third.unit_id: {"grade": "优秀"},
        },
    )
    units = made.ranking("yuanbu")
    line = third.total
    assert [passed_over(made, unit, line) for unit in units[:3]] == ["有否决事项", "未具备申报条件", ""]
    (total,) = traces(ranking(made, "yuanbu"), "total")
    assert "有否决事项" in total.text[0]
    assert "未具备申报条件" in total.text[1]


@pytest.mark.parametrize("grade", ["优秀", "待审议", "不合格"])
def test_the_title_names_who_has_a_grade(book, grade):
    units = book.ranking("yuanbu")
    made = changed(book, {unit.unit_id: {"grade": grade if unit is units[1] else "合格"} for unit in units})
    assert title(made, "yuanbu").endswith(f"{grade}：{units[1].name}")


def test_the_title_is_silent_on_grades_nobody_has(book):
    made = changed(book, {unit.unit_id: {"grade": "合格"} for unit in book.units})
    assert "；" not in title(made, "yuanbu")


def test_totals_that_only_look_equal_get_more_decimals(book):
    first, second = book.ranking("department")[:2]
    close = changed(
        book,
        {
            first.unit_id: {"total": Fraction("150.0012"), "rank": 1},
            second.unit_id: {"total": Fraction("150.0008"), "rank": 2},
        },
    )
    (total,) = traces(ranking(only(close, first.unit_id, second.unit_id), "department"), "total")
    assert "150.0012" in total.text[0]
    assert "150.0008" in total.text[1]


def test_a_missing_vote_says_so(book):
    unit = book.ranking("yuanbu")[0]
    made = changed(book, {unit.unit_id: {"ballot_status": "missing"}})
    (ballot,) = traces(ranking(made, "yuanbu"), "ballot")
    assert "尚未上报" in ballot.hovertext[0]


def test_missing_inputs_are_counted_beside_the_total(book):
    unit = book.ranking("yuanbu")[0]
    made = changed(book, {unit.unit_id: {"leader_status": "missing"}})
    cells = tuple(
        replace(cell, status="missing") if (cell.unit, cell.indicator) == (unit.unit_id, "B01") else cell
        for cell in made.cells
    )
    (total,) = traces(ranking(replace(made, cells=cells), "yuanbu"), "total")
    assert "缺 2 项得分" in total.text[0]
    assert not any("缺" in text for text in total.text[1:])


def test_names_are_text_not_markup(book):
    unit = book.ranking("yuanbu")[0]
    figure = ranking(renamed(book, {unit.unit_id: "<b>x</b>"}), "yuanbu")
    text = str([figure.to_plotly_json()["data"], figure.layout.title.text, figure.layout.yaxis.ticktext])
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text


def test_two_units_of_one_name_stay_two_rows(book):
    units = book.ranking("yuanbu")
    same = renamed(book, {unit.unit_id: "同名学院" for unit in units})
    assert len(set(ranking(same, "yuanbu").layout.yaxis.tickvals)) == len(units)


def test_a_group_without_units_says_so(book):
    figure = ranking(only(book, "D03"), "yuanbu")
    assert len(figure.data) == 0
    assert "没有单位" in figure.layout.title.text
