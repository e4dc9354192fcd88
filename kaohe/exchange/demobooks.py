"""Demonstration tables as files: CSV, or workbooks as an office would format them (header band, widths, percentages).

Their bytes depend on their contents alone: no clock, no machine in them.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.files.timeless import timeless
from kaohe.intake.tables.described import tables_of
from kaohe.intake.tables.names import codes_of
from kaohe.intake.tables.vocabulary import NO_TABLE, Column
from kaohe.scheme.demo.asked import scheme
from kaohe.scheme.demo.layout import Book, Sheet
from kaohe.scheme.demo.tables import LEFT_OUT

SAVED_AT = (2021, 9, 1, 8, 0, 0)

HEADER_FONT, HEADER_FILL = Font(size=11, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F4E79")
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
PERCENT, MONEY, DAY = "0.00%", "#,##0", "yyyy-mm-dd"


def columns_of(table: str) -> dict[str, Column]:
    """The columns that the demonstration years write."""
    left_out = LEFT_OUT.get(table, ())
    return {name: each for name, each in tables_of(scheme())[table].column.items() if name not in left_out}


def csv_bytes(table: str, rows: list[dict]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads the Chinese."""
    text, columns = io.StringIO(), list(columns_of(table))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_value(row.get(column)) for column in columns] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _csv_value(value: object) -> object:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def workbook_bytes(book: Book, year: str) -> bytes:
    """Saved with the moment of saving replaced by a fixed one, in the properties and in the archive."""
    saved = io.BytesIO()
    _workbook(book, year).save(saved)
    return timeless(saved.getvalue(), SAVED_AT)


def _workbook(book: Book, year: str) -> Workbook:
    """A sheet 说明 and one sheet a table."""
    made = Workbook()
    made.remove(made.worksheets[0])
    _explain(made.create_sheet(NO_TABLE), book, year)
    for sheet in book.sheets:
        page = made.create_sheet(tables_of(scheme())[sheet.table].chinese)
        _wide(page, sheet) if sheet.wide else _tall(page, sheet)
    return made


def _explain(page: Worksheet, book: Book, year: str) -> None:
    lines = [
        f"综合目标考核原始数据（{year}学年）",
        "演示数据（合成）：单位、人员与数字均为虚构，不是任何学校的真实数据。",
        f"填报单位：{book.office}",
        f"内容：{book.about}",
        "填写要求：不改动表名与表头；比率用百分数；日期用日期格式；不适用的单元格留空。",
    ]
    for at, line in enumerate(lines, start=1):
        page.cell(at, 1, line).alignment = Alignment(wrap_text=True, vertical="center")
    page["A1"].font = Font(size=14, bold=True)
    page["A2"].font = Font(size=11, bold=True, color="C00000")
    page.column_dimensions["A"].width = 80


def _tall(page: Worksheet, sheet: Sheet) -> None:
    columns = columns_of(sheet.table)
    _header(page, [column.header for column in columns.values()])
    for line, row in enumerate(sheet.rows, start=2):
        for at, name in enumerate(columns, start=1):
            value = row.get(name)
            _put(page, line, at, _in_chinese(sheet.table, name, value), _number_format(name, value, row.get("metric")))
    _finish(page, header_height=22, frozen_columns=1)
    page.auto_filter.ref = page.dimensions


def _wide(page: Worksheet, sheet: Sheet) -> None:
    """One line a unit (and rater), one column a metric or indicator; what does not apply stays empty."""
    table = tables_of(scheme())[sheet.table]
    name, value = table.across or "", table.value or ""
    keys = [key for key in table.keys if key != name]
    across = list(dict.fromkeys(row[name] for row in sheet.rows))
    if name == "indicator":
        across.sort()
    lines: dict[tuple, dict] = {}
    for row in sheet.rows:
        lines.setdefault(tuple(row[key] for key in keys), {})[row[name]] = row[value]
    _header(page, [table.column[key].header for key in keys])
    _header(page, [_in_chinese(sheet.table, name, each) for each in across], start=len(keys) + 1)
    for line, (key, values) in enumerate(lines.items(), start=2):
        for at, part in enumerate(key, start=1):
            _put(page, line, at, part)
        for at, each in enumerate(across, start=len(keys) + 1):
            _put(page, line, at, values.get(each), _number_format(value, values.get(each), each))
    _finish(page, header_height=48, frozen_columns=len(keys))


def _in_chinese(table: str, column: str, value: Any) -> Any:
    """A value as the office writes it; free text, numbers and dates stay as they are."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column == "metric":
        return scheme().metrics[value].name
    short = {code: said for said, code in reversed(scheme().also.get(table, {}).items())} if column == "kind" else {}
    return {**codes_of(scheme()).get((table, column), {}), **short}.get(value, value)


def _number_format(column: str, value: Any, metric: str | None) -> str | None:
    if isinstance(value, date):
        return DAY
    if column == "amount":
        return MONEY
    kind = scheme().metrics[metric].kind if column == "value" and metric else ""
    return {"rate": PERCENT, "money": MONEY}.get(kind)


def _put(page: Worksheet, line: int, at: int, value: Any, number_format: str | None = None) -> None:
    if value is not None:
        cell = page.cell(line, at, value)
        if number_format:
            cell.number_format = number_format


def _header(page: Worksheet, headers: list[str], start: int = 1) -> None:
    for at, header in enumerate(headers, start):
        cell = page.cell(1, at, header)
        cell.font = HEADER_FONT
        cell.fill = HEADER_FILL
        cell.alignment = CENTRED


def _finish(page: Worksheet, header_height: int, frozen_columns: int) -> None:
    page.freeze_panes = f"{get_column_letter(frozen_columns + 1)}2"
    page.row_dimensions[1].height = header_height
    for at, column in enumerate(page.iter_cols(values_only=True), start=1):
        page.column_dimensions[get_column_letter(at)].width = _width(column)


def _width(values: Iterable[object]) -> float:
    """Wide enough for the longest text, where Chinese signs count twice; a tall header breaks into lines."""
    header, *texts = ("" if value is None else str(value) for value in values)
    longest = max((_signs(text) for text in texts), default=0)
    return min(60, max(11, _signs(header) / 2 + 2, longest + 3))


def _signs(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
