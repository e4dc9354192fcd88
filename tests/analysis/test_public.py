"""What may leave the office: nothing of single people, nor anything they could be found from."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.public import (
    WITHHELD,
    WITHHELD_TOO,
    public_unit,
    public_year,
    read_public_unit,
    read_public_year,
    write_public,
)
from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.reference.plain import plain_year
from tests.scoring.tables import year_data

SCHEME = shipped("lygtc-2018")


def scored(tables):
    return score_data(SCHEME, resolve(SCHEME), year_data(tables))


def with_raters(tables, count, only=None):
    """The tables with `count` raters everywhere, or only for one indicator and three for the others."""
    rows = []
    for row in tables["ratings"]:
        here = count if only is None or row["indicator"] == only else 3
        rows += [{**row, "rater": f"评分人{number}"} for number in range(here)]
    return {**tables, "ratings": rows}


@pytest.fixture
def tables():
    return plain_year(C1="college", D01="department")


def test_everyone_sees_rank_total_and_grade_only(tables):
    table = json.loads(write_public(public_year(scored(tables))))
    assert set(table["rows"][0]) == {"unit_id", "name", "group", "rank", "total", "grade"}


def test_means_of_three_are_shown_and_of_two_withheld(tables):
    three = public_unit(scored(with_raters(tables, 3)), "C1")
    assert all(item.points is not None for item in three.items)
    two = public_unit(scored(with_raters(tables, 2)), "C1")
    judged = [item for item in two.items if item.id.startswith("B")]
    assert all(item.points is None and item.reasons == (WITHHELD,) for item in judged)
    assert next(item for item in two.items if item.id == "K2a").points is not None


def test_one_withheld_point_takes_a_second_with_it(tables):
    unit = public_unit(scored(with_raters(tables, 1, only="B05")), "C1")
    hidden = [item for item in unit.items if item.points is None]
    assert [item.id for item in hidden if item.reasons == (WITHHELD,)] == ["B05"]
    assert [item.reasons for item in hidden if item.id != "B05"] == [(WITHHELD_TOO,)]
    assert {item.id[0] for item in hidden} == {"B"}
    sections = {item.section for item in hidden}
    assert all(section.points is None for section in unit.sections if section.id in sections)


@pytest.mark.parametrize(("chiefs", "shown"), [(1, False), (2, True)])
def test_leaders_points_need_three_leaders_and_hide_the_ballot_with_them(tables, chiefs, shown):
    leaders = [
        {"unit_id": unit, "leader": f"{role}{n}", "role": role, "score": Fraction(80 + n)}
        for unit in ("C1", "D01")
        for role, count in (("chief", chiefs), ("deputy", 1))
        for n in range(count)
    ]
    unit = public_unit(scored({**with_raters(tables, 3), "leader_ratings": leaders}), "C1")
    points = {item.id: item.points for item in unit.components}
    assert (points["leader"] is not None) == shown
    assert (points["ballot"] is not None) == shown
    assert points["base"] is not None


def test_numbers_are_rounded_so_that_no_fraction_tells_how_many_voted(tables):
    unit = public_unit(scored(with_raters(tables, 3)), "C1")
    for item in (*unit.items, *unit.sections, *unit.components):
        assert item.points is None or 100 % item.points.denominator == 0
    assert 100 % unit.total.denominator == 0


def test_no_confidential_sentence_or_veto_note_is_in_it(tables):
    tables = {
        **with_raters(tables, 3),
        "vetoes": [{"unit_id": "C1", "kind": "safety", "note": "SENTINEL-VETO"}],
    }
    book = scored(tables)
    text = write_public(public_unit(book, "C1")) + write_public(public_year(book))
    assert "SENTINEL" not in text
    secrets = [each.text for cell in book.cells for each in cell.sentences if each.confidential]
    assert secrets
    assert not any(secret in text for secret in secrets)


def test_the_filtered_tables_survive_their_files(tables, tmp_path):
    book = scored(tables)
    (tmp_path / "year.json").write_text(write_public(public_year(book)), encoding="utf-8")
    (tmp_path / "unit.json").write_text(write_public(public_unit(book, "D01")), encoding="utf-8")
    assert read_public_year(tmp_path / "year.json") == public_year(book)
    assert read_public_unit(tmp_path / "unit.json") == public_unit(book, "D01")


def test_a_unit_without_votes_shows_the_zeros_it_was_given(tables):
    book = scored(tables)
    unit = replace(book.unit("C1"), ballot_status="missing", leader_status="missing", ballots=(), leader_scores=())
    shown = public_unit(replace(book, units=(unit,)), "C1")
    assert all(item.points is not None for item in shown.components)
