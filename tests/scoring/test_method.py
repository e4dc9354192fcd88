"""What the book tells pages of the method, and of disputed evidence."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from kaohe.intake import read_year
from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from kaohe.scoring.method import category_fulls
from tests.units import own_fulls

RAW = Path(__file__).parents[2] / "data" / "raw"
SCHEME = shipped("lygtc-2018")


@cache
def intake():
    return read_year(RAW, "2020-2021")


def scored(**changes):
    found = intake()
    return score_data(found.scheme, found.policies, replace(found.data, **changes))


def test_every_indicator_carries_how_it_is_scored_its_office_and_marks():
    for info in scored().indicators.values():
        assert info.how, info.id
        assert info.office, info.id
        assert info.fulls, info.id


@pytest.mark.parametrize("category", ["college", "continuing", "foundation", "ideology"])
def test_marks_by_category_add_up_to_the_units_own_full_marks(category):
    book = scored()
    for unit in book.units:
        if unit.category == category:
            for component in ("base", "key"):
                mine = [info for info in book.indicators.values() if info.component == component]
                assert sum(info.fulls.get(category, Fraction(0)) for info in mine) == own_fulls(unit)[component]


def test_a_policy_takes_an_indicator_from_a_category():
    indicator = SCHEME.indicators["K1.4"]
    assert "foundation" not in category_fulls(indicator, SCHEME, resolve(SCHEME))
    assert "foundation" in category_fulls(indicator, SCHEME, resolve(SCHEME, overrides={"teaching_depts": "included"}))


def test_both_votes_are_described():
    for group in scored().groups.values():
        assert any("90" in said for said in group.how["ballot"])
        assert any("20" in said for said in group.how["leader"])


def test_a_disputed_figure_is_told_with_its_place():
    (cell,) = [cell for cell in scored().cells if cell.status == "disputed"]
    row = intake().data.metrics[cell.unit, "training_income"]
    assert row.disputed
    assert len(cell.disputed) == 1
    assert f"{row.value} 元（{row.place}）" in cell.disputed[0]


def test_of_a_disputed_rating_the_place_is_told_not_what_was_given():
    data = intake().data
    key = next(key for key in data.ratings if key[0] == "C01")
    first, *rest = data.ratings[key]
    odd = replace(first, points=Fraction("0.314159"), disputed=True)
    cell = scored(ratings={**data.ratings, key: (odd, *rest)}).cell(*key)
    assert cell.disputed == (f"一位评分人的评分（{first.place}）",)


def test_what_is_not_disputed_has_no_such_words():
    assert all((cell.status == "disputed") == bool(cell.disputed) for cell in scored().cells)
