"""All figures: colours told apart by everyone, texts marked and escaped, JSON that a browser reads, odd groups."""

import json
from dataclasses import replace
from itertools import combinations

import pytest

from kaohe.charts.attainment import heatmap
from kaohe.charts.beside import beside_group
from kaohe.charts.change import rank_change, total_change
from kaohe.charts.headingchange import heading_change
from kaohe.charts.losses import group_losses, losses
from kaohe.charts.notation import PROVISIONAL
from kaohe.charts.palette import COMPONENT_COLOURS, DARK, LIGHT, ON_DARK, ON_LIGHT
from kaohe.charts.ranking import ranking
from kaohe.charts.since import since_last_year
from kaohe.charts.style import (
    CONVERSION_COLOUR,
    DOWN,
    GRADE_COLOURS,
    INK,
    STILL,
    UP,
    VOTE_COLOURS,
    room_beside,
    table_of,
    text_of,
)
from kaohe.charts.targets import targets
from kaohe.charts.tasks import task_strips
from kaohe.charts.trend import trend
from kaohe.charts.unit import dearest
from kaohe.charts.votes import vote
from kaohe.charts.years import rank_history, totals
from kaohe.scoring.marks import INVENTED
from tests.charts.books import all_equal, only, renamed, scored

pytestmark = pytest.mark.slow


def ballots(book, group):
    return vote(book, group, "ballot")


def leaders(book, group):
    return vote(book, group, "leader")


GROUP_FIGURES = [ranking, heatmap, rank_change, total_change, group_losses, ballots, leaders]
UNIT_FIGURES = [losses, dearest, beside_group, since_last_year, targets]
YEARS_FIGURES = [rank_history, totals, heading_change, trend]

PAIRS = [*((ON_DARK, colour) for colour in DARK), *((ON_LIGHT, colour) for colour in LIGHT), (INK, CONVERSION_COLOUR)]

# Machado, Oliveira and Fernandes 2009, severity 1.
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def linear(colour):
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]


def lab(rgb):
    red, green, blue = (min(1, max(0, value)) for value in rgb)

    def root(value):
        return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116

    x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one, other, seen):
    """How far apart two colours look (ΔE 1976) to eyes of one kind."""
    sides = [
        lab([sum(weight * value for weight, value in zip(row, linear(colour), strict=True)) for row in seen])
        for colour in (one, other)
    ]
    return sum((a - b) ** 2 for a, b in zip(*sides, strict=True)) ** 0.5


@pytest.mark.parametrize("seen", BLINDNESS.values(), ids=BLINDNESS)
@pytest.mark.parametrize(
    "palette",
    [(*COMPONENT_COLOURS, CONVERSION_COLOUR), GRADE_COLOURS.values(), (UP, DOWN, STILL), VOTE_COLOURS],
    ids=["part", "grade", "move", "vote"],
)
def test_colours_are_told_apart_by_colour_blind_readers(palette, seen):
    assert min(distance(one, other, seen) for one, other in combinations(palette, 2)) > 11


@pytest.mark.parametrize(("words", "colour"), PAIRS)
def test_words_are_read_on_light_bars(words, colour):
    """4.5:1, as WCAG asks of small text."""
    lighter, darker = sorted((luminance(words), luminance(colour)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour):
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def every_figure(book, books=()):
    for group in book.groups:
        yield from (draw(book, group) for draw in GROUP_FIGURES)
        yield from task_strips(book, group)
        if books:
            yield from (draw(list(books), group) for draw in YEARS_FIGURES)
    for unit in ("C1", "SZ", "D03"):
        if book.has_unit(unit):
            yield from (draw(book, unit) for draw in UNIT_FIGURES)


def assert_sound(figure):
    """JSON without NaN, a title, a text alternative, a table (or a word why there is none), a height; on a phone
    only traces that are there are set otherwise."""
    text = json.dumps(figure.to_plotly_json(), allow_nan=False)
    assert "NaN" not in text
    assert figure.layout.title.text
    assert text_of(figure)
    assert "<table" in table_of(figure) or "<p" in table_of(figure)
    assert all(0 <= int(number) < len(figure.data) for number in figure.layout.meta["narrow"]["traces"])
    assert figure.layout.height >= 60


def test_every_figure_is_sound(book, books):
    for figure in every_figure(book, books):
        assert_sound(figure)


def test_every_figure_says_what_is_synthetic_or_provisional(book, books):
    marked = replace(book, synthetic=True, provisional=True)
    for figure in every_figure(marked, [books[0], marked]):
        assert INVENTED in figure.layout.title.text
        assert PROVISIONAL in figure.layout.title.text
        assert INVENTED in text_of(figure)
    for figure in every_figure(book, books):
        assert INVENTED not in figure.layout.title.text
        assert PROVISIONAL not in figure.layout.title.text


LONG = "一个名字长得不能再长的、承担着许多职能并且还挂着好几块牌子的二级学院（含产业学院和继续教育部）"


@pytest.mark.parametrize(
    "odd",
    [
        lambda book: only(book, "C1", "D03"),
        lambda book: only(book, "D03"),
        lambda book: only(book, "SZ"),
        all_equal,
        lambda book: renamed(book, {unit.unit_id: LONG for unit in book.units}),
        lambda book: renamed(book, {unit.unit_id: "<script>alert(1)</script>&amp;" for unit in book.units}),
        lambda book: replace(book, cells=(), checks=()),
        lambda book: replace(book, units=(), cells=(), checks=()),
    ],
    ids=["one-each", "one-department", "one-without-many", "all-equal", "long-names", "markup", "no-cells", "no-units"],
)
def test_odd_years_are_drawn_too(book, books, odd):
    made = odd(book)
    for figure in every_figure(made, [books[0], made]):
        assert_sound(figure)
        assert "<script>" not in json.dumps(figure.to_plotly_json()["data"])
        assert "<script>" not in figure.layout.title.text


def test_a_provisional_year_with_missing_inputs_is_drawn():
    from random import Random

    from kaohe.scheme import shipped
    from kaohe.scheme.policies import resolve
    from kaohe.scoring.assemble import score_data
    from tests.reference.years import Shape, build, drop_inputs
    from tests.scoring.tables import year_data

    scheme = shipped("lygtc-2018")
    tables = drop_inputs(build(Shape(3, 3, departments=("D03",))), Random(1), 40)
    book = score_data(scheme, resolve(scheme), year_data(tables), provisional=True)
    assert any(cell.status == "missing" for cell in book.cells)
    for figure in every_figure(book):
        assert_sound(figure)


def test_heights_grow_with_the_units():
    few, many = scored(colleges=2), scored(colleges=5)
    for draw in (ranking, heatmap):
        assert draw(many, "yuanbu").layout.height > draw(few, "yuanbu").layout.height


def test_the_margin_right_of_rows_goes_by_the_widest_text_without_its_tags():
    assert room_beside(["一", "<b>一二</b>"]) == room_beside(["一二"]) > room_beside(["一"])
