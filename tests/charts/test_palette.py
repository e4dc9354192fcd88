"""Components: never the hues of what rises and falls, neighbours told apart by lightness, by day and by night."""

import colorsys
from itertools import pairwise, product

import pytest

from kaohe.charts.night import NIGHT
from kaohe.charts.palette import DARK, LIGHT, component_colour, component_marker
from kaohe.charts.style import DOWN, UP
from kaohe.scoring.components import components
from tests.charts.test_anyscheme import SCHEMES, book_of, leaf
from tests.charts.test_style import BLINDNESS, linear, luminance

HUES_APART = 28
"""Degrees of the colour circle between a component and what says up or down."""


def by_day(colour):
    return colour


def by_night(colour):
    return NIGHT[colour]


def hue(colour):
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)[0] * 360


def seen_luminance(colour, seen):
    red, green, blue = (
        min(1, max(0, sum(weight * value for weight, value in zip(row, linear(colour), strict=True)))) for row in seen
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other, seen):
    lighter, darker = sorted((seen_luminance(each, seen) for each in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("turned", [by_day, by_night])
@pytest.mark.parametrize("seen", ["none", "protanopia", "deuteranopia"])
def test_any_dark_and_light_component_differ_three_to_one(turned, seen):
    least = min(contrast(turned(dark), turned(light), BLINDNESS[seen]) for dark, light in product(DARK, LIGHT))
    assert least >= 3


@pytest.mark.parametrize("turned", [by_day, by_night])
def test_the_darker_of_two_components_is_the_darker_by_night(turned):
    assert max(luminance(turned(each)) for each in DARK) < min(luminance(turned(each)) for each in LIGHT)


@pytest.mark.parametrize("turned", [by_day, by_night])
def test_no_component_has_the_hue_of_up_or_down(turned):
    for colour, move in product((*DARK, *LIGHT), (UP, DOWN)):
        apart = abs(hue(turned(colour)) - hue(turned(move)))
        assert min(apart, 360 - apart) >= HUES_APART


def assert_neighbours_differ(book):
    for group in book.groups:
        colours = [component_colour(book, group, name) for name in components(book, group)]
        assert len(set(colours)) == len(colours)
        for one, other in pairwise(colours):
            assert (one in DARK) != (other in DARK)


def test_in_every_bar_neighbours_are_dark_and_light(book):
    assert_neighbours_differ(book)
    assert_neighbours_differ(book_of(*(leaf(f"A{place}") for place in range(8))))
    for name in SCHEMES:
        assert_neighbours_differ(SCHEMES[name]())


def test_a_component_keeps_its_hue_in_every_group(book):
    shared = set(components(book, "yuanbu")) & set(components(book, "department"))
    assert shared
    for name in shared:
        places = {
            (DARK if colour in DARK else LIGHT).index(colour)
            for group in book.groups
            for colour in [component_colour(book, group, name)]
        }
        assert len(places) == 1


def test_no_colour_stands_for_two_components_of_one_page(book):
    colours = {}
    for group in book.groups:
        for name in components(book, group):
            colours.setdefault(component_colour(book, group, name), set()).add(name)
    assert [names for names in colours.values() if len(names) > 1] == []


def test_what_conversion_gives_is_hatched_and_no_component(book):
    marker = component_marker(book, "yuanbu", "conversion")
    assert marker["pattern"]["shape"]
    assert marker["color"] not in (*DARK, *LIGHT)
