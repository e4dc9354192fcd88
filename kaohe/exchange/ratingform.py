"""`kaohe template --rater`: one rater's 评分表, filled in on the screen or on A4 paper and signed."""

from __future__ import annotations

import math

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.demands import INNOVATIVE, demands_of
from kaohe.exchange.guide import due_says, write_guide
from kaohe.exchange.sheetstyle import (
    BOTTOM,
    GIVEN_FILL,
    GRID,
    LINE,
    LONG_SIDE,
    MIDDLE,
    TOP,
    UNLOCKED,
    finish,
    footer,
    header,
    lines_of,
    literal,
    lock,
    note,
    put,
    top_line,
)
from kaohe.exchange.template import new_book
from kaohe.exchange.validation import Entry, Validations
from kaohe.exchange.wide import rating_entry
from kaohe.intake.tables.vocabulary import NO_TABLE, TABLES
from kaohe.scheme.years import year_said

HEADERS = ("单位编号", "单位名称", "指标编号", "指标名称", "评分人", "分值", "备注")
WIDTHS = (9, 14, 9, 32, 9, 8, 22)
SIGNATURE = "评分人签字：__________________　　____年__月__日"
POINTS_AT, NOTE_AT = 6, 7
LONGEST_NAME = 60
LOWEST, HIGHEST = 30, 44
"""A row for handwriting, in points: 8 mm even where the page is printed smaller, and no more than fills it well."""

NOTES = {
    "单位编号": "单位的编号，已填好",
    "单位名称": "单位的名称，已填好",
    "指标编号": "评哪项指标，已填好\n条款见“说明”表",
    "指标名称": "指标的名称，括号里是分值的范围；下面是条文写的要求、目标和期限；已填好",
    "评分人": "评分人的姓名，已填好",
    "分值": "单位：分\n范围见指标名称后的括号；不打分的留空",
    "备注": "扣分的理由，文字；公布得分时用，可不填",
}


def rating_form(asked: Asked, rater: str) -> Workbook:
    """A row for each unit and indicator that is rated, the full mark beside the indicator's name."""
    book = new_book()
    table = TABLES["ratings"].chinese
    write_guide(book.create_sheet(NO_TABLE), asked, [table], rater=rater, footing=SIGNATURE)
    page = book.create_sheet(table)
    header(page, HEADERS)
    rules = Validations(page)
    names = []
    for row, (unit, indicator, facts) in enumerate(asked.judged, start=2):
        entry = rating_entry(indicator, facts, tell=False)
        mark = f"（{INNOVATIVE}）" if indicator.innovative else ""
        told = [f"{indicator.name}{mark}", f"（{entry.says.removeprefix('数，')} 分）"]
        names.append("\n".join([*told, *demands_of(asked.context.scheme, indicator, unit, asked.context.year)]))
        for at, text in enumerate((unit.unit_id, unit.name, indicator.id, names[-1], rater), start=1):
            cell = put(page, row, at, text)
            cell.fill, cell.border, cell.alignment = GIVEN_FILL, GRID, MIDDLE
        for at, kind in ((POINTS_AT, entry), (NOTE_AT, Entry("text"))):
            cell = put(page, row, at, None, kind.number_format)
            cell.protection, cell.border, cell.alignment = UNLOCKED, GRID, MIDDLE
        rules.add(entry, f"F{row}")
    rules.write()
    for at, head in enumerate(HEADERS, start=1):
        note(page, at, f"{head}\n{NOTES[head]}")
    finish(page, frozen_columns=4, widths=dict(enumerate(WIDTHS, start=1)), landscape=False)
    _heights(page, names)
    whose = f"评分人：{literal(rater, LONGEST_NAME)}"
    top_line(
        page,
        left=f"{asked.context.scheme.whole_called}评分表",
        center=f"{year_said(asked.context.year)}　{whose}",
        right=due_says(asked),
    )
    footer(page, left=SIGNATURE, right="第 &P 页，共 &N 页")
    lock(page)
    return book


def _heights(page: Worksheet, names: list[str]) -> None:
    """Rows high enough for a pen, and a little more where that fills the last page."""
    room = LONG_SIDE - TOP - LINE - BOTTOM - (page.row_dimensions[1].height or 0)
    pages = math.ceil(len(names) * LOWEST / room)
    height = min(HIGHEST, max(LOWEST, math.floor(room / math.ceil(len(names) / pages))))
    for row, name in enumerate(names, start=2):
        page.row_dimensions[row].height = max(height, 4 + LINE * lines_of(name, WIDTHS[3] - 1))
