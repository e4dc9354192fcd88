"""A year whose ballots come in a workbook of their own, changed as a test wants it."""

from collections.abc import Callable
from typing import Any

from openpyxl import Workbook

from kaohe.intake import Intake
from kaohe.intake.findings import Finding
from tests.intake.packages import BOOK, changed, saved, with_cell
from tests.intake.yearbook import YearBook, only, sheet_rows, workbook

HEADER = ["unit_id", "excellent", "qualified", "unqualified"]


AUTO = ('<calcPr calcId="124519" fullCalcOnLoad="1"', '<calcPr calcId="124519"')
"""What openpyxl writes, and what a program that calculates does."""


def ballots(year: YearBook, *, chinese: bool = False) -> list[list[Any]]:
    """The year's ballots as rows of a sheet; the year no longer has them."""
    rows = sheet_rows("ballots", year.tables["ballots"], chinese=chinese)
    year.without("ballots")
    return rows


def put_ballots(year: YearBook, change: Callable[[bytes], bytes] = lambda content: content) -> Intake:
    """The year with its ballots in a workbook of their own whose bytes were changed."""
    year.put("票.xlsx", change(saved(workbook({"ballots": ballots(year)}))))
    return year.read()


def refused(intake: Intake, code: str) -> Finding:
    finding = only(intake, code)
    assert (finding.severity, finding.file) == ("error", "票.xlsx")
    return finding


def read(year: YearBook, book: Workbook, *cells: tuple[str, str], calculation: tuple[str, str] = AUTO) -> Intake:
    """The year with a workbook of which some cells are written as XML, saved by a program that calculates."""
    content = saved(book)
    for place, xml in cells:
        content = with_cell(content, place, f'<c r="{place}" {xml}</c>')
    year.put("票.xlsx", changed(content, BOOK, calculation))
    return year.read()
