"""Which days a year has, of school years, calendar years and years that begin on another day."""

import pytest

from tests.scoring.anyscheme import scheme_of


@pytest.mark.parametrize(
    ("year", "year_is", "first", "last"),
    [
        ("", "2018-2019", "2018-09-01", "2019-08-31"),
        ("year: {kind: calendar}\n", "2024", "2024-01-01", "2024-12-31"),
        ('year: {starts: "08-01"}\n', "2018-2019", "2018-08-01", "2019-07-31"),
        ('year: {kind: calendar}\nwindow: {from: "02-01", to: "11-30"}\n', "2024", "2024-02-01", "2024-11-30"),
    ],
)
def test_without_a_window_what_happened_in_the_year_counts(year, year_is, first, last):
    scheme = scheme_of(f"{year}items: [{{id: total, name: 总分, rule: a}}]\n")
    assert [str(day) for day in scheme.window.days(year_is)] == [first, last]
