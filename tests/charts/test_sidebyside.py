from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.charts.sidebyside import Side, beside, beside_title, pairs
from kaohe.charts.style import table_of
from tests.charts.books import changed, scored


@pytest.fixture(scope="module")
def book():
    return scored("2019-2020")


def side(book, unit, name=""):
    return Side(book, unit, name or book.unit(unit).name)


@pytest.mark.parametrize("group", ["yuanbu", "department"])
def test_headings_add_up_to_the_difference_of_totals(book, group):
    one, *others = book.ranking(group)
    for other in others:
        found = pairs(side(book, one.unit_id), side(book, other.unit_id))
        assert sum(pair.gained for pair in found) == one.total - other.total


def test_a_mark_a_heading_for_either(book):
    one, other = (unit.unit_id for unit in book.ranking("yuanbu")[:2])
    figure = beside(side(book, one), side(book, other))
    marks = {trace.meta["side"]: trace for trace in figure.data if trace.meta}
    for which, trace in marks.items():
        shares = {
            row: getattr(pair, which)
            for row, pair in enumerate(pairs(side(book, one), side(book, other)))
            if getattr(pair, which) and getattr(pair, which).full > 0
        }
        assert list(trace.x) == [float(part.points / part.full) for part in shares.values()]
    assert "总分" in table_of(figure)


def test_the_title_says_who_is_ahead_and_where(book):
    one, other = (unit.unit_id for unit in book.ranking("yuanbu")[::3][:2])
    said = beside_title(side(book, one), side(book, other))
    assert f"{book.unit(one).name}比{book.unit(other).name}高" in said
    assert "主要在" in said
    assert "低" in beside_title(side(book, other), side(book, one))


def test_the_same_twice_says_so(book):
    one = book.ranking("yuanbu")[0].unit_id
    assert "总分相同" in beside_title(side(book, one, "甲"), side(book, one, "乙"))
    assert all(each.text == "–" for each in beside(side(book, one), side(book, one)).layout.annotations)


def test_two_years_of_a_unit(book):
    before = scored("2018-2019", 5)
    unit = book.ranking("yuanbu")[0].unit_id
    figure = beside(side(book, unit, "今年"), side(before, unit, "去年"))
    gap = book.unit(unit).total - before.unit(unit).total
    assert ("高" if gap > 0 else "低") in figure.layout.meta["title"]


def test_a_total_beyond_its_headings_is_still_explained(book):
    unit = book.ranking("yuanbu")[0]
    more = changed(
        book, {unit.unit_id: {"total": unit.total + 1, "target_points": unit.points("target") + Fraction(1)}}
    )
    found = pairs(side(replace(more, cells=book.cells), unit.unit_id), side(book, unit.unit_id))
    assert sum(pair.gained for pair in found) == 1
