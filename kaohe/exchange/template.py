"""`kaohe template`: a fill-in workbook of a year, of all offices or of one."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.workbook.protection import WorkbookProtection

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import forms
from kaohe.exchange.guide import write_guide
from kaohe.exchange.tall import TallSheet, tall_rows, tall_tables
from kaohe.intake import Intake
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.vocabulary import NO_TABLE


def template(asked: Asked, voters: Mapping[str, str]) -> Workbook:
    """Sheets for everything the office supplies. `voters`: name → role, where they are known."""
    book = new_book()
    own = tables_of(asked.context.scheme)
    wide = {name: write for name, form in forms().items() if form.wide and (write := form.wide(asked))}
    tall = {table: tall_rows(asked, table, voters) for table in tall_tables(asked)}
    sheets = [own[name].chinese for name in wide] + [table.chinese for table in tall]
    cut = [table.chinese for table, rows in tall.items() if rows.is_cut]
    lists = write_guide(book.create_sheet(NO_TABLE), asked, sheets, cut=cut)
    for name, write in wide.items():
        write(book.create_sheet(own[name].chinese), own[name])
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
