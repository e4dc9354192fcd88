"""`kaohe template --rater`: one rater's 评分表, filled in on the screen or on A4 paper and signed."""

from __future__ import annotations

from openpyxl import Workbook

from kaohe.exchange.asking import Asked
from kaohe.exchange.guide import write_guide
from kaohe.exchange.paper import CENTRED, GIVEN_FILL, GRID, UNLOCKED, WRAPPED, finish, footer, header, lock, put
from kaohe.exchange.template import new_book
from kaohe.exchange.validation import Validations
from kaohe.exchange.wide import note, rating_entry
from kaohe.intake.vocabulary import NO_TABLE, TABLES

HEADERS = ("单位编号", "单位名称", "指标编号", "指标名称", "评分人", "分值", "备注")
WIDTHS = (9, 20, 10, 40, 10, 9, 24)
SIGNATURE = "评分人签字：______________　____年__月__日"
POINTS_AT, NOTE_AT = 6, 7


def rating_form(asked: Asked, rater: str) -> Workbook:
    """A row for each unit and indicator that is rated, the full mark beside the indicator's name."""
    book = new_book()
    table = TABLES["ratings"].chinese
    write_guide(book.create_sheet(NO_TABLE), asked, [table], rater)
    page = book.create_sheet(table)
    header(page, HEADERS)
    rules = Validations(page)
    for row, (unit, indicator, facts) in enumerate(asked.judged, start=2):
        entry = rating_entry(indicator, facts, tell=False)
        name = f"{indicator.name}（{entry.says.removeprefix('数，')} 分）"
        for at, text in enumerate((unit.unit_id, unit.name, indicator.id, name, rater), start=1):
            cell = put(page, row, at, text)
            cell.fill, cell.border, cell.alignment = GIVEN_FILL, GRID, WRAPPED
        for at, number_format in ((POINTS_AT, entry.number_format), (NOTE_AT, None)):
            cell = put(page, row, at, None, number_format)
            cell.protection, cell.border, cell.alignment = UNLOCKED, GRID, WRAPPED
        rules.add(entry, f"F{row}")
    rules.write()
    note(page, POINTS_AT, "分值\n单位：分\n范围见指标名称后的括号；不打分的留空")
    note(page, NOTE_AT, "备注\n扣分的理由，公布得分时用；可不填")
    finish(page, frozen_columns=4, landscape=False)
    for at, width in enumerate(WIDTHS):
        page.column_dimensions["ABCDEFG"[at]].width = width
    for cell in page[1]:
        cell.alignment = CENTRED
    footer(page, left=f"综合目标考核评分表　{asked.desk.year} 学年", center=SIGNATURE, right="第 &P 页，共 &N 页")
    lock(page)
    return book
