"""The meeting's slides: four, the figures of their charts the year's, all inside the slide, words as on the brief."""

import io

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from kaohe.analysis.movement import movement
from kaohe.batch.brief import brief_of
from kaohe.batch.slides import MOST_BARS, slides_of
from kaohe.files.timeless import DAY
from tests.charts.books import scored, two_years
from tests.crowded import crowded
from tests.moments import moments


@pytest.fixture(scope="module")
def book():
    return two_years()


def opened(book):
    return Presentation(io.BytesIO(slides_of(book, brief_of(book))))


def charts(slide):
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def words(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_four_slides_verdict_ranking_moves_decisions(book):
    verdict, ranking, moved, decide = opened(book).slides
    brief = brief_of(book)
    for key, group in book.groups.items():
        best = [unit.name for unit in book.ranking(key) if unit.grade == book.top]
        assert all(name in words(verdict) for name in best)
        assert group.name in words(ranking)
    assert all(said in words(decide) for said in brief.decisions)
    assert all("内部资料" in words(slide) for slide in (verdict, ranking, moved, decide))


def test_the_bars_are_the_year_s_figures(book):
    _, ranking, moved, _ = opened(book).slides
    for chart, drawn, key in zip(charts(ranking), charts(moved), book.groups, strict=True):
        units = book.rated(key)
        sums = [sum(values) for values in zip(*(series.values for series in chart.plots[0].series), strict=True)]
        assert sums == pytest.approx([float(unit.total) for unit in units])
        assert [label.split()[0] for label in chart.plots[0].categories] == [str(unit.rank) for unit in units]
        gained = sorted((float(move.gained) for move in movement(book, key).moves), reverse=True)
        assert list(drawn.plots[0].series[0].values) == pytest.approx(gained)


def test_a_first_year_says_that_there_is_nothing_to_compare():
    _, _, moved, _ = opened(scored("2018-2019")).slides
    assert charts(moved) == []
    assert "没有上" in words(moved)


def test_too_much_of_everything_stays_on_its_slides(book):
    deck = opened(crowded(book))
    assert len(deck.slides) == 4
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
        assert all(len(list(chart.plots[0].categories)) <= MOST_BARS for chart in charts(slide))


def test_chinese_letters_have_their_font(book):
    runs = [run for slide in opened(book).slides for shape in slide.shapes if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]  # fmt: skip
    assert runs
    assert {run.font._rPr.find(qn("a:ea")).get("typeface") for run in runs} == {"Microsoft YaHei"}


def test_they_and_the_sheets_behind_their_charts_tell_no_moment_they_were_made(book):
    assert moments(slides_of(book, brief_of(book))) == {DAY}
