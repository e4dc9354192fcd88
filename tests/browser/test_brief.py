"""The brief is one A4 sheet: in every demonstration year, and in a year that has too much of everything."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kaohe.analysis.readings import with_effects
from kaohe.batch.brief import FOR_MESSAGES, MOST_LINES, WIDE, brief_of
from kaohe.batch.export import Page, page_of_template
from kaohe.intake import read_year
from kaohe.scoring.score import score_intake, year_before
from tests.crowded import crowded

RAW = Path(__file__).parents[2] / "data" / "raw"


@cache
def book_of(year):
    intake = read_year(RAW, year)
    return with_effects(score_intake(intake, before=year_before(RAW, year)), intake)


def sheets(page, book, folder):
    return printed(
        page, brief_of(book), Page("会议汇报", synthetic=book.synthetic, provisional=book.provisional), folder
    )


def printed(page, brief, shell, folder):
    """Pages of the printed brief, by the PDF's own page objects."""
    path = folder / "brief.html"
    path.write_text(page_of_template("brief.html.j2", shell, brief=brief), encoding="utf-8")
    page.goto(path.as_uri())
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    (box,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert [round(float(side)) for side in box] == [595, 842]
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("year", ["2018-2019", "2019-2020", "2020-2021"])
def test_a_demonstration_year_is_one_sheet(page, tmp_path, year):
    assert sheets(page, book_of(year), tmp_path) == 1


def test_too_much_of_everything_is_one_sheet(page, tmp_path):
    assert sheets(page, crowded(book_of("2020-2021")), tmp_path) == 1


def test_every_line_full_is_one_sheet(page, tmp_path):
    """The budget of lines is what the sheet holds, both marks over it."""
    brief = brief_of(crowded(book_of("2020-2021")))
    full = replace(
        brief,
        decisions=tuple("国" * (2 * WIDE) for _ in range((MOST_LINES - FOR_MESSAGES) // 2)),
        messages=tuple("国" * WIDE for _ in range(FOR_MESSAGES)),
    )
    assert printed(page, full, Page("会议汇报", synthetic=True, provisional=True), tmp_path) == 1
