"""What may leave the office: nothing of single people, nor anything they could be found from."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from kaohe.analysis.coarse import WITHHELD
from kaohe.analysis.public import (
    HOLDS_WITHHELD,
    VOTES_WITHHELD,
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
from tests.units import unit_with

SCHEME = shipped("lygtc-2018")


def scored(tables):
    return score_data(SCHEME, resolve(SCHEME), year_data(tables))


def with_raters(tables, count, only=None):
    """The tables with `count` raters everywhere, or only for one indicator and three for the others."""
    rows = []
    for row in tables["ratings"]:
        here = count if only is None or row["indicator"] == only else 3
        rows += [{**row, "rater": f"评分人{number}"} for number in range(here)]
    third = [{**row, "leader": "丙"} for row in tables["leader_ratings"] if row["role"] == "deputy"]
    return {**tables, "ratings": rows, "leader_ratings": [*tables["leader_ratings"], *third]}


@pytest.fixture
def tables():
    return plain_year(C1="college", D01="department")


def test_everyone_sees_rank_total_and_grade_only(tables):
    table = json.loads(write_public(public_year(scored(tables))))
    assert set(table["rows"][0]) == {"unit_id", "name", "group", "rank", "total", "grade", "decided", "why", "decimals"}


def test_ratings_of_three_are_told_in_steps_and_of_two_withheld(tables):
    three = public_unit(scored(with_raters(tables, 3)), "C1")
    judged = [item for item in three.items if item.id.startswith("B")]
    assert all(item.points is None and item.reasons[0] == "评审小组评分不低于满分的一半" for item in judged)
    two = public_unit(scored(with_raters(tables, 2)), "C1")
    judged = [item for item in two.items if item.id.startswith("B")]
    assert all(item.points is None and item.reasons == (WITHHELD,) for item in judged)
    for unit in (three, two):
        assert next(item for item in unit.items if item.id == "K2a").points is not None


def test_what_is_computed_is_exact_and_what_holds_a_rating_is_not(tables):
    unit = public_unit(scored(with_raters(tables, 3)), "C1")
    assert [section.id for section in unit.sections if section.points is not None] == ["K-2", "K-4", "K-6"]
    base = next(item for item in unit.components if item.id == "base")
    assert (base.points, base.reasons) == (None, ("评审的 54 项合计不低于满分的一半",))


def test_a_withheld_point_takes_the_sums_it_is_in_with_it(tables):
    unit = public_unit(scored(with_raters(tables, 1, only="B05")), "C1")
    assert [item.id for item in unit.items if item.reasons == (WITHHELD,)] == ["B05"]
    around = [item for item in (*unit.sections, *unit.components) if item.reasons == (HOLDS_WITHHELD,)]
    assert all(item.points is None for item in around)
    assert "base" in {item.id for item in around}


@pytest.mark.parametrize(("deputies", "said"), [(1, WITHHELD), (2, VOTES_WITHHELD)])
def test_votes_are_never_shown_one_by_one(tables, deputies, said):
    leaders = [
        {"unit_id": unit, "leader": f"{role}{n}", "role": role, "score": Fraction(80 + n)}
        for unit in ("C1", "D01")
        for role, count in (("chief", 1), ("deputy", deputies))
        for n in range(count)
    ]
    unit = public_unit(scored({**with_raters(tables, 3), "leader_ratings": leaders}), "C1")
    votes = {item.id: (item.points, item.reasons) for item in unit.components if item.id in ("leader", "ballot")}
    assert votes == {"leader": (None, (said,)), "ballot": (None, (VOTES_WITHHELD,))}


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
    unit = unit_with(book.unit("C1"), ballot_status="missing", leader_status="missing", cast={})
    shown = public_unit(replace(book, units=(unit,)), "C1")
    assert {item.points is None for item in shown.components if item.id in ("ballot", "leader")} == {False}
