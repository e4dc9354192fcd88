"""Notices to a unit as a page to be printed: a sheet each, blanks where the data say nothing."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.analysis.notice import Notice
from kaohe.batch.export import Page, marked, page_of_template
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook


def notice_page(book: ScoreBook, unit_id: str, found: Sequence[Notice], status_line: str = "") -> str:
    """The page; whatever the data say is escaped by the template."""
    unit = book.unit(unit_id)
    titles = "、".join(notice.title for notice in found)
    page = Page(
        title=f"{unit.name} {year_said(book.year)}{titles}",
        **marked([book]),
        provisional=book.provisional,
        status_line=status_line,
    )
    return page_of_template(
        "notice.html.j2", page, notices=found, year=book.year, whole=book.whole, basis=book.scheme_title
    )
