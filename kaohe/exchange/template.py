"""`kaohe template`: a fill-in workbook of a year, of all offices or of one."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from kaohe.exchange.asking import Asked
from kaohe.exchange.guide import write_guide
from kaohe.exchange.tall import TallSheet, tall_rows, tall_tables
from kaohe.exchange.wide import ROUNDS, metric_fields, periods_of, rating_fields, write_wide
from kaohe.intake import Intake
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.vocabulary import NO_TABLE, TABLES


def template(asked: Asked, voters: Mapping[str, str]) -> Workbook:
    """Sheets for everything the office supplies. `voters`: name → role, where they are known."""
    book = new_book()
    metrics, ratings = metric_fields(asked), rating_fields(asked)
    tall = {table: tall_rows(asked, table, voters) for table in tall_tables(asked)}
    sheets = [TABLES[name].chinese for name, fields in (("metrics", metrics), ("ratings", ratings)) if fields]
    sheets += [table.chinese for table in tall]
    cut = [table.chinese for table, rows in tall.items() if rows.is_cut]
    lists = write_guide(book.create_sheet(NO_TABLE), asked, sheets, cut=cut)
    units = tuple(asked.context.units.values())
    own = tables_of(asked.context.scheme)
    if metrics:
        page = book.create_sheet(own["metrics"].chinese)
        write_wide(page, own["metrics"], units, metrics, periods=periods_of(asked, rated=False))
    if ratings:
        page = book.create_sheet(own["ratings"].chinese)
        write_wide(page, own["ratings"], units, ratings, ROUNDS, periods_of(asked, rated=True))
    for table, rows in tall.items():
        TallSheet(asked, table, lists).write(book.create_sheet(table.chinese), rows)
    return book


def new_book() -> Workbook:
    """An empty workbook whose sheets cannot be moved or renamed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.security = WorkbookProtection(lockStructure=True)
    return book


def known_voters(intake: Intake) -> dict[str, str]:
    """Voters of a year who gave marks, and their groups; only where there is one such vote."""
    marks = intake.data.marks if intake.data else {}
    votes = {vote for _, vote, _ in marks}
    found = marks.values() if len(votes) == 1 else ()
    return {mark.voter: mark.group for several in found for mark in several}
