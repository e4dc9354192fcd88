"""The answer to an appeal as a page of its own: one A4 sheet, everything inside."""

from __future__ import annotations

from kaohe.analysis.appeal import Answer
from kaohe.batch.export import Page, page_of_template


def appeal_page(answer: Answer, status_line: str = "") -> str:
    """The page; whatever the data say is escaped by the template."""
    page = Page(
        title=f"{answer.unit_name} {answer.indicator} {answer.name}得分说明",
        synthetic=answer.synthetic,
        provisional=answer.provisional,
        status_line=status_line,
        public=not answer.internal,
    )
    return page_of_template("appeal.html.j2", page, answer=answer)
