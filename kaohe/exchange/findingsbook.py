"""`kaohe check --out`: what was found and what is lacking as a workbook, all together and a sheet an office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.sheetstyle import (
    GRID,
    LETTERS,
    MARK_AMBER,
    MARK_RED,
    TITLE_FONT,
    WRAPPED,
    finish,
    fit_row,
    header,
    put,
    sheet_name,
)
from kaohe.intake import Intake
from kaohe.intake.findings import SEVERITY_NAMES, Finding, Missing, by_input, tally
from kaohe.intake.grouping import in_order
from kaohe.intake.tables.vocabulary import NO_TABLE
from kaohe.scheme.root import COLLECTOR
from kaohe.scheme.years import year_said

HEADS = ("级别", "文件", "工作表", "行", "列", "单位", "指标", "现为", "问题", "应为")
WIDTHS = (12, 6, 20, 11, 6, 10, 14, 8, 14, 38, 30)
LACKING = "尚缺"
ALL = "全部问题"
INK = {"error": MARK_RED[0], "warning": MARK_AMBER[0]}
MOST_LETTERS = 1000
"""No more of a cell's text than can be read in one."""

REPEATED = "missing"
"""The code of the warnings that sum up what is lacking: an office's sheet lists that line by line."""


@dataclass(frozen=True)
class _Row:
    """A row of a sheet: whose it is, how serious, and what stands in the other columns."""

    office: str
    severity: str
    cells: tuple[Any, ...]
    code: str = ""


def findings_book(intake: Intake) -> Workbook:
    """Everything on one sheet, and each office's own on another; texts stay texts."""
    names = {unit.unit_id: unit.name for unit in intake.data.units} if intake.data else {}
    known = _offices(intake)
    found = [_of_finding(each, names, known, _collector(intake)) for each in in_order(intake.findings)]
    lacking = [_of_missing(each, others, names, intake) for each, *others in by_input(intake.missing).values()]
    book = Workbook()
    about = book.worksheets[0]
    about.title = NO_TABLE
    _about(about, intake, len(lacking))
    called = intake.offices_called
    _sheet(book.create_sheet(ALL), [*found, *lacking], called)
    mine = [row for row in (*found, *lacking) if row.code != REPEATED]
    for office in sorted({row.office for row in mine}):
        page = book.create_sheet(_free(sheet_name(office), book))
        _sheet(page, [row for row in mine if row.office == office], called)
    return book


def _collector(intake: Intake) -> str:
    """Who is told what no other office can mend."""
    return intake.scheme.collector if intake.scheme else COLLECTOR


def _offices(intake: Intake) -> set[str]:
    """Offices by the names their folders have."""
    scheme = intake.scheme
    if scheme is None:
        return set()
    named = {each.office for each in scheme.metrics.values()} | {each.office for each in scheme.indicators.values()}
    return {office for office in named if office}


def _of_finding(each: Finding, names: Mapping[str, str], offices: set[str], collector: str) -> _Row:
    folder = each.file.partition("/")[0]
    office = each.office or (folder if folder in offices else collector)
    cells = (
        SEVERITY_NAMES[each.severity], each.file, each.sheet, each.row, each.column,
        f"{each.unit} {names.get(each.unit, '')}".strip(), each.indicator, each.value, each.message, each.expected,
    )  # fmt: skip
    return _Row(office, each.severity, cells, each.code)


def _of_missing(each: Missing, others: Sequence[Missing], names: Mapping[str, str], intake: Intake) -> _Row:
    metrics = intake.scheme.metrics if intake.scheme else {}
    what = metrics[each.what].name if each.kind == "metric" and each.what in metrics else each.what
    indicators = "、".join(one.indicator for one in (each, *others) if one.indicator)
    unit = f"{each.unit} {names.get(each.unit, '')}".strip()
    cells = (LACKING, "", "", None, "", unit, indicators, "", f"尚未报送：{what}", "报送；不适用的请告知登记")
    return _Row(each.office or _collector(intake), "", cells)


def _about(page: Worksheet, intake: Intake, lacking: int) -> None:
    counts = tally(intake.findings)
    told = "，".join(f"{name} {counts[severity]} 处" for severity, name in SEVERITY_NAMES.items())
    called = intake.offices_called
    lines = (
        f"数据检查（{year_said(intake.year)}）",
        f"{told}；尚缺 {lacking} 项。",
        f"“{ALL}”是全部，一行一处；其余各页是各{called}自己的，可以单独发给该{called}。",
        "错误改正之前不能评分；警告请核对，确实如此的不必改；提示供参考；尚缺的请报送。",
        "请在原来的表里改，文件名不变，再交一次；不要在本表里改。",
    )
    for row, text in enumerate(lines, start=1):
        put(page, row, 1, text)
    page["A1"].font = TITLE_FONT
    page.column_dimensions["A"].width = 88


def _sheet(page: Worksheet, rows: Sequence[_Row], called: str) -> None:
    header(page, [called, *HEADS])
    for at, row in enumerate(rows, start=2):
        _line(page, at, (row.office, *row.cells), INK.get(row.severity))
    finish(page, frozen_columns=2, widths=dict(enumerate(WIDTHS, start=1)), row_height=None)
    page.auto_filter.ref = page.dimensions


def _line(page: Worksheet, at: int, values: Iterable[Any], ink: str | None) -> None:
    texts = [value[:MOST_LETTERS] if isinstance(value, str) else value for value in values]
    for column, text in enumerate(texts, start=1):
        cell = put(page, at, column, text or None)
        cell.border, cell.alignment = GRID, WRAPPED
        if column == 2 and ink:
            cell.font = Font(LETTERS, 11, bold=True, color=ink)
    fit_row(page, at, texts, WIDTHS)


def _free(name: str, book: Workbook) -> str:
    """The name, or one like it that no sheet has: two long names may begin alike."""
    taken = {title.casefold() for title in book.sheetnames}
    tries = (name, *(f"{name[:28]}{number}" for number in range(2, 200)))
    return next(each for each in tries if each.casefold() not in taken)
