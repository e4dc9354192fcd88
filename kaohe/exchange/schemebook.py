"""`kaohe scheme doc`: a scheme in words as a workbook, a sheet a subject, for discussion; texts stay texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.sheetstyle import GRID, TITLE_FONT, WRAPPED, finish, fit_row, header, put
from kaohe.files import whole_file
from kaohe.scheme.differing import FAMILIES
from kaohe.scheme.outline import ItemRow, NamedRow, Outline

ITEM_HEADS = ("序号", "编号", "项目", "满分", "怎样得分", "适用", "由谁负责", "条款", "讨论意见")
ITEM_WIDTHS = (9, 9, 26, 10, 60, 18, 14, 18, 24)
NAMED_HEADS = ("编号", "名称", "内容", "条款", "讨论意见")
NAMED_WIDTHS = (16, 24, 70, 18, 24)
INDENT = 2
"""How far a level of the tree stands in."""


def write_book(out: Path, about: Outline) -> None:
    """Write the workbook, whole or not at all."""
    with whole_file(out) as part:
        scheme_book(about).save(part)


def scheme_book(about: Outline) -> Workbook:
    """What the scheme says; the last column of each sheet is empty, for remarks."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = "说明"
    lines = (
        about.title,
        f"{about.authority}，自 {about.in_force_from} 起施行（方案 {about.id}）",
        "由方案文件生成，供讨论；修改请改方案文件，或写在各页最后一栏“讨论意见”里。",
    )
    for row, text in enumerate(lines, start=1):
        put(first, row, 1, text)
    first["A1"].font = TITLE_FONT
    first.column_dimensions["A"].width = 90
    _items(book.create_sheet(FAMILIES["items"]), about.items)
    for family, title in FAMILIES.items():
        rows: Sequence[Any] = getattr(about, family)
        if rows and family != "items":
            _named(book.create_sheet(title), rows)
    return book


def _items(page: Worksheet, rows: Sequence[ItemRow]) -> None:
    header(page, ITEM_HEADS)
    for at, row in enumerate(rows, start=2):
        texts = (row.place, row.id, row.name, row.full, "\n".join(row.rules), row.applies, row.office, row.clause, "")
        _line(page, at, texts, ITEM_WIDTHS)
        page.cell(at, 3).alignment = Alignment(wrap_text=True, vertical="top", indent=INDENT * row.depth)
    finish(page, frozen_columns=3, widths=dict(enumerate(ITEM_WIDTHS, start=1)), row_height=None)


def _named(page: Worksheet, rows: Sequence[NamedRow]) -> None:
    header(page, NAMED_HEADS)
    for at, row in enumerate(rows, start=2):
        _line(page, at, (row.id, row.name, "\n".join(row.says), row.clause, ""), NAMED_WIDTHS)
    finish(page, frozen_columns=2, widths=dict(enumerate(NAMED_WIDTHS, start=1)), row_height=None)


def _line(page: Worksheet, at: int, texts: Sequence[str], widths: Sequence[int]) -> None:
    for column, text in enumerate(texts, start=1):
        cell = put(page, at, column, text or None)
        cell.border, cell.alignment = GRID, WRAPPED
    fit_row(page, at, texts, widths)
