"""Pages of any scheme: one component, five levels, forty items, totals that are no sum, units without a score."""

import json

import pytest

from kaohe.analysis.breakdown import sections
from kaohe.charts.attainment import heatmap
from kaohe.charts.beside import beside_group
from kaohe.charts.decisions import decisions_table
from kaohe.charts.keymessages import key_messages
from kaohe.charts.losses import group_losses, losses
from kaohe.charts.method import components_table
from kaohe.charts.palette import DARK, LIGHT
from kaohe.charts.points import points_table
from kaohe.charts.ranking import ranking
from kaohe.charts.sentences import unit_findings, unit_heading, votes_heading
from kaohe.charts.style import table_of, text_of
from kaohe.charts.tables import consequences_table, ranking_table
from kaohe.charts.unit import dearest
from kaohe.charts.votes import votes_on
from kaohe.scoring.bookfile import frozen, thawed
from kaohe.scoring.components import components
from tests.scoring.anyscheme import scored

UNITS = {f"U{i}": {"a": i, "b": 10 - i, "c": 3 + i % 3} for i in range(1, 5)}


def leaf(name, figure="a", more=""):
    return f"{{id: {name}, name: 项{name}, full: 10, {more} rule: {figure}}}"


def inner(name, *inside):
    return f"{{id: {name}, name: 部{name}, items: [{', '.join(inside)}]}}"


def book_of(*inside, more="", after="", units=None):
    text = f"items: [{{id: total, name: 总分, {more} items: [{', '.join(inside)}]}}]\n{after}"
    return thawed(frozen(scored(text, units or UNITS)))


SCHEMES = {
    "one component": lambda: book_of(leaf("A")),
    "five levels": lambda: book_of(inner("P", inner("Q", inner("R", leaf("A"), leaf("B")), leaf("C"))), leaf("D", "b")),
    "forty items": lambda: book_of(*(leaf(f"A{place}", "abc"[place % 3]) for place in range(40))),
    "mean": lambda: book_of(leaf("A"), leaf("B", "b"), more="combine: mean, full: 10,"),
    "product": lambda: book_of(leaf("A"), leaf("B", "b"), more="combine: product,"),
    "root": lambda: book_of(leaf("A"), leaf("B", "c"), more="combine: geometric_mean, full: 10,"),
    "unrated": lambda: book_of(leaf("A", more="missing: unrated,"), leaf("B", "b"), units={**UNITS, "U9": {"b": 3}}),
    "grades": lambda: book_of(
        leaf("A"), leaf("B", "b"), after="results: {grades: [{name: 甲, at_least: 12}, {name: 丙, colour: fail}]}"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMES)
def test_every_page_of_any_scheme_is_drawn(name):
    book = SCHEMES[name]()
    unit = book.units[-1].unit_id
    figures = [draw(book, "all") for draw in (ranking, heatmap, group_losses)]
    figures += [draw(book, unit) for draw in (losses, dearest, beside_group)]
    for figure in figures:
        assert "NaN" not in json.dumps(figure.to_plotly_json(), allow_nan=False)
        assert text_of(figure)
    for html in (ranking_table(book, "all"), consequences_table(book, "all"), unit_heading(book, unit)):
        assert book.units[-1].name in html or "本办法没有等次" in html
    for html in (components_table(book), decisions_table(book), unit_findings(book, unit)):
        assert "None" not in html
    assert key_messages(book)
    assert votes_on(book, "all") == []
    assert votes_heading(book) == ""


@pytest.mark.parametrize(
    ("name", "bars"),
    [("one component", ["项A"]), ("five levels", ["部P", "项D"]), ("forty items", ["总分"]), ("mean", ["总分"])],
)
def test_a_bar_shows_what_adds_up_and_can_be_read(name, bars):
    book = SCHEMES[name]()
    drawn = [trace for trace in ranking(book, "all").data if trace.type == "bar"]
    assert [trace.name for trace in drawn] == bars
    assert [trace.marker.color for trace in drawn] == [DARK[0], LIGHT[1]][: len(bars)]
    assert len(components(book, "all")) == len(bars)


def test_what_is_no_sum_has_no_steps_from_the_full_mark():
    book = SCHEMES["mean"]()
    assert not any(trace.type == "bar" for trace in losses(book, "U1").data)
    assert "满分时总分为 10" in text_of(losses(book, "U1"))


def test_a_unit_without_a_score_is_told_so_and_not_ranked():
    book = SCHEMES["unrated"]()
    assert "U9没有总分" in text_of(losses(book, "U9"))
    assert "另有 1 个单位没有总分" in text_of(ranking(book, "all"))
    (total,) = (trace for trace in ranking(book, "all").data if trace.meta and trace.meta["component"] == "total")
    assert "U9" not in total.meta["units"]


def test_the_first_grade_is_the_best_and_colours_are_the_schemes_own():
    book = SCHEMES["grades"]()
    table = ranking_table(book, "all")
    assert 'kh-fail">丙' in table
    assert "等次" not in ranking_table(SCHEMES["mean"](), "all")


def test_a_heading_that_is_no_sum_has_its_own_points_and_full_mark():
    mean = "{id: M, name: 部M, full: 10, combine: mean, items: [" + f"{leaf('A')}, {leaf('B', 'b')}]}}"
    book = book_of(mean, leaf("C", "c"))
    assert sections(book, "U2")["M"].points == 5  # (2 + 8) / 2, not 10 of 20
    assert sections(book, "U2")["M"].full == 10
    (head,) = (row for row in points_table(book, "U2").split("<tr") if "部M" in row)
    assert ">5.00<" in head
    assert ">10.00<" in head


def test_what_is_rounded_and_no_sum_is_not_said_to_be_converted():
    book = book_of(leaf("A"), leaf("B", "c"), more="combine: geometric_mean, full: 10, then: [{round: 0.1}],")
    assert "折算" not in points_table(book, "U1")


def test_without_places_the_grade_is_told_by_its_bounds_and_no_line_is_drawn():
    book = book_of(leaf("A"), after="results: {grades: [{name: 甲, at_least: 3}, {name: 丙, colour: fail}]}")
    assert "甲线" not in json.dumps(ranking(book, "all").to_plotly_json(), ensure_ascii=False)
    assert "丙：未达到甲（至少 3）。" in unit_findings(book, "U2")
    assert "甲：至少 3。" in unit_findings(book, "U3")


def test_of_a_total_that_is_no_sum_the_table_says_what_it_would_be():
    book = SCHEMES["mean"]()
    assert book.unit("U1").total == 5  # of 1 and 9
    drawn = dearest(book, "U1")
    assert "没有失分" not in text_of(drawn)
    assert ">9.50<" in table_of(drawn)  # of 10 and 9
    assert ">5.50<" in table_of(drawn)  # of 1 and 10
