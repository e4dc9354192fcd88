"""`kaohe template`: a fill-in workbook of a year, of all offices or of one."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from kaohe.exchange.asking import Asked
from kaohe.exchange.guide import write_guide
from kaohe.exchange.tall import TallSheet, leaders_given, tall_tables, votes_given
from kaohe.exchange.wide import ROUNDS, metric_fields, rating_fields, write_wide
from kaohe.intake import Intake
from kaohe.intake.vocabulary import NO_TABLE, TABLES

MORE_LEADERS = 60
"""Blank rows for leaders who were none last year."""


def template(asked: Asked, leaders: Mapping[str, str]) -> Workbook:
    """Sheets for everything the office supplies. `leaders`: name → role, where they are known."""
    book = new_book()
    metrics, ratings = metric_fields(asked), rating_fields(asked)
    tall = tall_tables(asked)
    sheets = [TABLES[name].chinese for name, fields in (("metrics", metrics), ("ratings", ratings)) if fields]
    lists = write_guide(book.create_sheet(NO_TABLE), asked, [*sheets, *(table.chinese for table in tall)])
    units = tuple(asked.desk.units.values())
    if metrics:
        write_wide(book.create_sheet(TABLES["metrics"].chinese), "metrics", units, metrics)
    if ratings:
        write_wide(book.create_sheet(TABLES["ratings"].chinese), "ratings", units, ratings, ROUNDS)
    for table in tall:
        page, sheet = book.create_sheet(table.chinese), TallSheet(asked, table, lists)
        if table.name == "ballots":
            sheet.write(page, votes_given(asked), blank_rows=0)
        elif table.name == "leader_ratings" and leaders:
            sheet.write(page, leaders_given(asked, leaders), MORE_LEADERS)
        else:
            sheet.write(page)
    return book


def new_book() -> Workbook:
    """An empty workbook whose sheets cannot be moved or renamed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.security = WorkbookProtection(lockStructure=True)
    return book


def known_leaders(intake: Intake) -> dict[str, str]:
    """Leaders of a year and their roles."""
    found = intake.data.leader_ratings.values() if intake.data else ()
    return {rating.leader: rating.role for ratings in found for rating in ratings}
