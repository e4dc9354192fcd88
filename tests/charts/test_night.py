"""Every figure can be shown on a dark screen: each of its colours has one, and what is to be read can be read."""

import json
import re

import pytest

from kaohe.charts.night import NIGHT
from kaohe.charts.palette import COMPONENT_COLOURS
from kaohe.charts.style import (
    CONVERSION_COLOUR,
    DOWN,
    GRADE_COLOURS,
    INK,
    PAPER,
    SOFT,
    STILL,
    UP,
    VOTE_COLOURS,
)
from tests.charts.test_style import PAIRS, every_figure, luminance

pytestmark = pytest.mark.slow


def contrast(one, other):
    """As WCAG has it, of the dark colours for two light ones."""
    light, dark = sorted((luminance(NIGHT[one]), luminance(NIGHT[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_every_figure_has_its_own_by_night(book, books):
    found = set()
    for figure in every_figure(book, books):
        content = figure.to_plotly_json()
        content["layout"].pop("meta")
        found |= set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)", json.dumps(content)))
    assert len(found) > 10
    assert found <= NIGHT.keys()


@pytest.mark.parametrize("colour", [INK, SOFT, *GRADE_COLOURS.values(), UP, DOWN])
def test_words_are_read_on_dark_paper(colour):
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("colour", [*COMPONENT_COLOURS, CONVERSION_COLOUR, *VOTE_COLOURS, STILL])
def test_marks_stand_out_from_dark_paper(colour):
    assert contrast(colour, PAPER) >= 3


@pytest.mark.parametrize(("words", "colour"), PAIRS)
def test_words_are_read_on_dark_bars(words, colour):
    assert contrast(words, colour) >= 4.5


def test_no_two_components_look_alike():
    assert len({NIGHT[colour] for colour in COMPONENT_COLOURS}) == len(COMPONENT_COLOURS)
