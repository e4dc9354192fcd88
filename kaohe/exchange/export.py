"""`kaohe export`: a scored year as a workbook: results, points by indicator, reasons; sums to add again live.

Every figure is written as a value, at the 16 digits a workbook keeps, so that a viewer that does not calculate
shows it. Formulas stand beside, in columns of their own: Excel, WPS and LibreOffice calculate them on opening.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.analysis.losses import CONVERSION, component_name, component_points
from kaohe.analysis.public import PublicYear
from kaohe.exchange.paper import (
    GIVEN_FILL,
    GREY_FILL,
    GRID,
    POINTS,
    WHOLE,
    WRAPPED,
    finish,
    header,
    put,
    put_formula,
    sheet_name,
)
from kaohe.intake.vocabulary import NO_TABLE
from kaohe.scoring.book import COMPONENT_NAMES, IndicatorInfo, ScoreBook, UnitResult
from kaohe.scoring.cells import STATUS_NAMES

FORMULA = "（公式）"
"""Marks the columns that are calculated when the workbook is opened."""

REASON_WIDTH, TEXT_WIDTH = 80, 90
RESULT_FLAGS = (
    ("declared", "申报认定"),
    ("vetoed", "有否决事项"),
    ("bonus_eligible", "享受奖励"),
    ("rectify", "限期整改"),
    ("last_two_years", "连续两年末位"),
    ("outstanding_award", "突出贡献奖"),
)
TALL = ("组别", "单位编号", "单位名称", "指标编号", "指标名称", "部分", "满分", "得分", "原始分", "扣分", "封顶扣减",
        f"验算{FORMULA}", "状态", "条款", "理由")  # fmt: skip


def export(book: ScoreBook, state: str) -> Workbook:
    """Everything, for the office's own use. `state`: whether it is final, in words."""
    made = _new(book.year, book.authority, state, book.synthetic, (
        "内部资料：理由中有单个评分人的评分，不得公开；公示请用 kaohe export --public。",
        "数值由系统精确计算后写入，不依赖 Excel 重算。",
        f"名称带“{FORMULA}”的列是活的公式，供核对加总：打开时由 Excel、WPS 或 LibreOffice 计算；",
        "只能预览的软件里这些列可能显示为空，旁边的数值不受影响。",
        "“差”应为 0；指标是否适用以深灰底色区别，深灰为不适用。",
    ))  # fmt: skip
    for key, group in book.groups.items():
        if book.ranking(key):
            _results(made.create_sheet(sheet_name(f"{group.name}结果")), book, book.ranking(key))
    for key, group in book.groups.items():
        if book.ranking(key):
            _wide(made.create_sheet(sheet_name(f"{group.name}逐项得分")), book, book.ranking(key))
    _tall(made.create_sheet("得分明细"), book)
    return made


def export_public(table: PublicYear, state: str) -> Workbook:
    """What everyone may see: rank, total and grade."""
    made = _new(table.year, table.authority, state, table.synthetic, ("公示内容：名次、总分、等次。",))
    for key, name in table.groups.items():
        rows = [row for row in table.rows if row.group == key]
        if not rows:
            continue
        page = made.create_sheet(sheet_name(f"{name}公示"))
        header(page, ("名次", "单位编号", "单位名称", "总分", "等次"))
        for at, row in enumerate(rows, start=2):
            _line(page, at, (row.rank, row.unit_id, row.name, row.total, row.grade))
        _close(page, frozen_columns=3, landscape=False)
    return made


def _new(year: str, authority: str, state: str, synthetic: bool, lines: Iterable[str]) -> Workbook:
    book = Workbook()
    page = book.worksheets[0]
    page.title = NO_TABLE
    head = [f"综合目标考核结果（{year} 学年）", authority, state]
    texts = [*head, *(["演示数据（合成），非真实考核结果"] if synthetic else []), *lines]
    for row, text in enumerate(texts, start=1):
        put(page, row, 1, text).alignment = WRAPPED
    page["A1"].font = Font(size=14, bold=True)
    page.column_dimensions["A"].width = TEXT_WIDTH
    return book


def _line(page: Worksheet, row: int, values: Sequence[Any]) -> None:
    for at, value in enumerate(values, start=1):
        if isinstance(value, Fraction):
            cell = put(page, row, at, float(value), POINTS)
        elif isinstance(value, bool):
            cell = put(page, row, at, "是" if value else "否")
        else:
            cell = put(page, row, at, value, WHOLE if isinstance(value, int) else None)
        cell.border = GRID


def _close(page: Worksheet, *, frozen_columns: int, landscape: bool = True) -> None:
    finish(page, frozen_columns=frozen_columns, landscape=landscape)
    page.auto_filter.ref = page.dimensions


def _results(page: Worksheet, book: ScoreBook, units: Sequence[UnitResult]) -> None:
    """One row a unit, best first; the components add up to the total."""
    parts = list(dict.fromkeys(name for unit in units for name in component_points(unit)))
    parts.sort(key=[*COMPONENT_NAMES, CONVERSION].index)
    names = ["ballot", *(name for name in parts if name not in ("ballot", "leader")), "leader"]
    heads = ["名次", "单位编号", "单位名称", "类别", *map(component_name, names), "总分"]
    first, total = 5, 5 + len(names)
    header(page, [*heads, f"合计{FORMULA}", f"差{FORMULA}", "等次", *(head for _, head in RESULT_FLAGS)])
    for row, unit in enumerate(units, start=2):
        points = component_points(unit)
        flags = [getattr(unit, name) for name, _ in RESULT_FLAGS]
        values = [unit.rank, unit.unit_id, unit.name, book.categories.get(unit.category, unit.category)]
        values += [points.get(name, Fraction(0)) for name in names]
        _line(page, row, [*values, unit.total, None, None, unit.grade, *flags])
        span = f"{get_column_letter(first)}{row}:{get_column_letter(total - 1)}{row}"
        put_formula(page, row, total + 1, f"=SUM({span})")
        put_formula(page, row, total + 2, _difference(total, total + 1, row))
    _close(page, frozen_columns=3)


def _difference(value: int, formula: int, row: int) -> str:
    """Value less formula; binary fractions apart, 0."""
    return f"=ROUND({get_column_letter(value)}{row}-{get_column_letter(formula)}{row},6)"


def _wide(page: Worksheet, book: ScoreBook, units: Sequence[UnitResult]) -> None:
    """Units down, indicators across, after each component its sum as value and as formula."""
    columns = _columns(book, units)
    header(page, ["名次", "单位编号", "单位名称", *(head for head, _, _ in columns)])
    for row, unit in enumerate(units, start=2):
        _line(page, row, (unit.rank, unit.unit_id, unit.name))
        cells = {_short(book, cell.indicator): cell for cell in book.cells_of(unit.unit_id)}
        raw = {"base": unit.base_raw, "key": unit.key_raw}
        begun = 4
        for at, (_, kind, name) in enumerate(columns, start=4):
            if kind == "formula":
                put_formula(page, row, at, f"=SUM({get_column_letter(begun)}{row}:{get_column_letter(at - 2)}{row})")
                begun = at + 1
                continue
            cell = cells.get(name)
            points = cell.points if cell and cell.applicable else None
            if kind == "sum":
                points = raw.get(name) if raw.get(name) is not None else unit.target_points
            written = put(page, row, at, None if points is None else float(points), POINTS)
            written.border = GRID
            if points is None:
                written.fill = GREY_FILL
            elif kind == "sum":
                written.fill = GIVEN_FILL
    _close(page, frozen_columns=3)


def _columns(book: ScoreBook, units: Sequence[UnitResult]) -> list[tuple[str, str, str]]:
    """(header, points, sum or formula, indicator or component) across."""
    infos: dict[str, list[IndicatorInfo]] = {}
    for unit in units:
        for cell in book.cells_of(unit.unit_id):
            found = infos.setdefault(_short(book, cell.indicator), [])
            found.append(book.indicators[cell.indicator])
    order = {name: place for place, name in enumerate(COMPONENT_NAMES)}
    columns: list[tuple[str, str, str]] = []
    for component in sorted({info[0].component for info in infos.values()}, key=order.__getitem__):
        for name, several in infos.items():
            if several[0].component == component:
                names = {info.name for info in several}
                columns.append((f"{name} {names.pop()}" if len(names) == 1 else name, "points", name))
        word = COMPONENT_NAMES[component]
        columns.append((f"{word}原始分" if component != "target" else word, "sum", component))
        columns.append((f"{word}合计{FORMULA}", "formula", component))
    return columns


def _short(book: ScoreBook, indicator: str) -> str:
    """Departments share columns: the id after the department's."""
    target = book.indicators[indicator].component == "target"
    return indicator.partition(".")[2] if target else indicator


def _tall(page: Worksheet, book: ScoreBook) -> None:
    """One row a unit and indicator, with the reason; points are raw less deducted less capped."""
    header(page, TALL)
    row = 1
    for key, group in book.groups.items():
        for unit in book.ranking(key):
            for cell in book.cells_of(unit.unit_id):
                row += 1
                info = book.indicators[cell.indicator]
                part = COMPONENT_NAMES[info.component]
                _line(page, row, (
                    group.name, unit.unit_id, unit.name, info.id, info.name, part, cell.max_points, cell.points,
                    cell.raw, cell.deducted, cell.capped, None, STATUS_NAMES[cell.status], cell.clause, cell.reason,
                ))  # fmt: skip
                if cell.applicable:
                    put_formula(page, row, 12, f"=I{row}-J{row}-K{row}")
    _close(page, frozen_columns=5)
    page.column_dimensions["O"].width = REASON_WIDTH
    put(page, row + 1, 3, "可见行合计").font = Font(bold=True)
    for at in (7, 8):
        letter = get_column_letter(at)
        put_formula(page, row + 1, at, f"=SUBTOTAL(109,{letter}2:{letter}{row})")
