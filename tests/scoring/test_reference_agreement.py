"""The library and the independent reference agree cell by cell, exactly, over random years and policies."""

import pytest
from hypothesis import given, settings

from kaohe.scheme import shipped
from kaohe.scheme.policies import resolve
from kaohe.scoring.assemble import score_data
from tests.reference.scorer import reference_scores
from tests.reference.years import incomplete_years, policy_sets, year_pairs, years
from tests.scoring.tables import year_data
from tests.units import RESULT_COLUMNS, column_of

pytestmark = pytest.mark.slow

SCHEME = shipped("lygtc-2018")


def assert_same_scores(book, reference):
    assert {(cell.unit, cell.indicator) for cell in book.cells} == set(reference.scores)
    for cell in book.cells:
        expected = reference.scores[cell.unit, cell.indicator]
        have = (cell.applicable, cell.max_points, cell.points, cell.raw, cell.deducted, cell.capped, cell.status)
        want = (
            expected.applicable, expected.max_points, expected.points,
            expected.raw, expected.deducted, expected.capped, expected.status,
        )  # fmt: skip
        assert have == want, (cell.unit, cell.indicator, cell.reason)


def assert_same_results(book, reference):
    for unit in book.units:
        expected = reference.results[unit.unit_id]
        for column in RESULT_COLUMNS[1:]:
            assert column_of(unit, column) == expected[column], (unit.unit_id, column)


@settings(max_examples=60, deadline=None)
@given(tables=years(), policies=policy_sets())
def test_complete_years_agree(tables, policies):
    book = score_data(SCHEME, resolve(SCHEME, overrides=policies), year_data(tables))
    reference = reference_scores(tables, policies, year="2018-2019")
    assert_same_scores(book, reference)
    assert_same_results(book, reference)


@settings(max_examples=25, deadline=None)
@given(tables=incomplete_years(), policies=policy_sets())
def test_provisional_years_agree(tables, policies):
    book = score_data(SCHEME, resolve(SCHEME, overrides=policies), year_data(tables), provisional=True)
    reference = reference_scores(tables, policies, provisional=True, year="2018-2019")
    assert_same_scores(book, reference)
    assert_same_results(book, reference)


@settings(max_examples=15, deadline=None)
@given(pair=year_pairs(), policies=policy_sets())
def test_last_two_years_agree(pair, policies):
    tables, before = pair
    earlier = score_data(SCHEME, resolve(SCHEME), year_data(before, "2018-2019"))
    data = year_data(tables, "2019-2020")
    book = score_data(SCHEME, resolve(SCHEME, overrides=policies), data, before=earlier)
    reference = reference_scores(tables, policies, before, year="2019-2020")
    assert_same_results(book, reference)
