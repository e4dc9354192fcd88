"""`kaohe export`: a scored year as a workbook: results, points by indicator, reasons; sums to add again live.

Every figure is written as a value, at the 16 digits a workbook keeps, so that a viewer that does not calculate
shows it. Formulas stand beside, in columns of their own: Excel, WPS and LibreOffice calculate them on opening.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.analysis.breakdown import by_component, name_of, total_columns
from kaohe.analysis.figures import Figures
from kaohe.analysis.public import PublicRow, PublicYear
from kaohe.exchange.itemised import FORMULA, ITEMISED, itemised
from kaohe.exchange.sheetstyle import (
    CENTRED,
    GIVEN_FILL,
    GREY_FILL,
    GRID,
    LETTERS,
    MARK_RED,
    ROW_HEIGHT,
    TITLE_FONT,
    WHOLE,
    broken,
    finish,
    footer,
    header,
    literal,
    note,
    points_format,
    printed,
    put,
    put_formula,
    sheet_name,
)
from kaohe.intake.tables.vocabulary import NO_TABLE
from kaohe.rules.enclosed import Real
from kaohe.rules.wording import number
from kaohe.scheme.digits import USUAL
from kaohe.scheme.years import year_said
from kaohe.scoring.book import IndicatorInfo, ScoreBook, UnitResult
from kaohe.scoring.components import added_below, component_of, components, item_name
from kaohe.scoring.decided import says_declared
from kaohe.scoring.finality import Finality
from kaohe.scoring.marks import NOT_REAL, TRIAL, invented
from kaohe.scoring.unrated import UNRATED

TEXT_WIDTH, PUBLIC_WIDTHS, POSTED_HEIGHT = 88, (9, 12, 34, 14, 14), 24
RULING = ("审议前等次", "审议事项", "审议理由", "审议日期")
RANK_WIDTH, LONGEST_FOOT = 6, 200


def export(book: ScoreBook, stands: Finality, figures: Figures | None = None) -> Workbook:
    """Everything, for the office's own use; the sheet 说明 says where it differs from what was scored before."""
    title = f"{book.whole}{TRIAL if book.trial else ''}结果"
    made = _new(title, book.year, book.authority, stands.inside, book.synthetic, (
        *_compared(book),
        "内部资料：理由中有单个评分人的评分，不得公开；公示请用 kaohe export --public。",
        "数值由系统精确计算后写入，不依赖 Excel 重算。",
        f"名称带“{FORMULA}”的列是活的公式，供核对加总：打开时由 Excel、WPS 或 LibreOffice 计算；"
        "只能预览的软件里这些列可能显示为空，旁边的数值不受影响。",
        "“差”应为 0；指标是否适用以深灰底色区别，深灰为不适用。",
        "“得分明细”中每个单位“计入总分”一列加起来就是总分：测评、指标和折算计入，小计和总分不重复计入；"
        "“折算”行是各项合计折算成条文满分后增减的分数。",
        *_own_items(book),
    ))  # fmt: skip
    for key, group in book.groups.items():
        if book.ranking(key):
            name = f"{group.name}{TRIAL if book.trial else ''}结果"
            _results(made.create_sheet(sheet_name(name)), book, key)
    for key, group in book.groups.items():
        if book.ranking(key):
            _wide(made.create_sheet(sheet_name(f"{group.name}逐项得分")), book, key)
    itemised(made.create_sheet(ITEMISED), book, figures or {})
    for page in made.worksheets:
        footer(page, left=_foot(stands, book.synthetic), right="&A　第 &P 页，共 &N 页")
    return made


def _own_items(book: ScoreBook) -> Iterator[str]:
    """Where columns of a group mean another item for each unit."""
    for key, group in book.groups.items():
        own = {_short(book, each) for unit in book.ranking(key) for each in _own(book, unit)}
        if own:
            first = "、".join(sorted(own)[:2])
            yield (
                f"“{group.name}逐项得分”的 {first}……各{group.name}不同，表头的批注列出各{group.name}的名称；"
                "打印看“得分明细”。"
            )


def _own(book: ScoreBook, unit: UnitResult) -> Iterator[str]:
    """The unit's own items that others do not share."""
    cells = (cell.indicator for cell in book.cells_of(unit.unit_id))
    return (each for each in cells if book.tree[each].unit is not None)


OF_A_TIE = "（审议）"
"""Beside the grade that the leading group gave one of several that tied."""


def export_public(table: PublicYear, stands: Finality) -> Workbook:
    """What everyone may see: rank, total and grade; a page a group, to be posted."""
    still = (f"{name}：{why}" for group, name in table.groups.items() for why in _open(table, group))
    title, content = f"{table.whole}结果", ("公示内容：名次、总分、等次。", *still)
    made = _new(title, table.year, table.authority, stands.line, table.synthetic, content)
    for key, name in table.groups.items():
        rows = [row for row in table.rows if row.group == key]
        if rows:
            _posted(made.create_sheet(sheet_name(f"{name}公示")), table, key, rows, stands)
    return made


def _open(table: PublicYear, group: str) -> list[str]:
    """Why nothing is told of the group's totals yet; nothing where they are."""
    return [f"{table.open[group]}。"] if group in table.open else []


def _posted(page: Worksheet, table: PublicYear, group: str, rows: Sequence[PublicRow], stands: Finality) -> None:
    """A page that says by itself whose results it shows, and how they stand."""
    heads = [
        (f"{table.authority}", TITLE_FONT),
        (f"{year_said(table.year)}{table.whole}结果公示（{table.groups[group]}）", TITLE_FONT),
        *([(NOT_REAL, Font(LETTERS, 12, bold=True, color=MARK_RED[0]))] if table.synthetic else []),
        *((line, Font(LETTERS, 10)) for line in broken(stands.line, 84)),
        *((line, Font(LETTERS, 10)) for why in _open(table, group) for line in broken(why, 84)),
    ]
    for row, (text, font) in enumerate(heads, start=1):
        cell = put(page, row, 1, text)
        cell.font, cell.alignment = font, CENTRED
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(PUBLIC_WIDTHS))
        page.row_dimensions[row].height = 28 if font is TITLE_FONT else ROW_HEIGHT
    top = len(heads) + 2
    header(page, ("名次", "单位编号", "单位名称", f"总分\n（满分 {number(table.fulls[group])}）", "等次"), top)
    for at, unit in enumerate(rows, start=top + 1):
        grade = f"{unit.grade}{OF_A_TIE * unit.decided}"
        _line(page, at, (unit.rank, unit.unit_id, unit.name, unit.total, grade), unit.decimals)
        page.row_dimensions[at].height = POSTED_HEIGHT
        for cells in page.iter_cols(min_row=at, max_row=at):
            cells[0].alignment = CENTRED
    end = top + len(rows)
    finish(page, frozen_columns=3, widths=dict(enumerate(PUBLIC_WIDTHS, start=1)), landscape=False, row=top)
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(PUBLIC_WIDTHS))}{end}"
    page.print_title_rows, page.print_options.horizontalCentered = f"1:{top}", True
    end = _period(page, table, end)
    signed = table.notice.get("signature", table.authority), table.notice.get("signed_on", "______年____月____日")
    for row, text in enumerate(signed, start=end + 2):
        put(page, row, 3, text).alignment = CENTRED
        page.merge_cells(start_row=row, end_row=row, start_column=3, end_column=len(PUBLIC_WIDTHS))
    footer(page, center="第 &P 页，共 &N 页")


def _compared(book: ScoreBook) -> Iterator[str]:
    """What has to be said of the year before: invented beside a real year, or missing."""
    said = invented(book)
    if said and not book.synthetic:
        names = "、".join(f"“{info.name}”" for info in book.follows.values() if info.back)
        yield f"{said}：{names or '对比'}据此得出，不是真实的考核结论。"
    if book.uncompared:
        yield f"{book.uncompared}。"


def _period(page: Worksheet, table: PublicYear, end: int) -> int:
    """How long it is posted and whom to ask, below the table; returns the last row."""
    for text in broken(table.period, 84) if table.period else ():
        end += 1
        put(page, end, 1, text)
        page.merge_cells(start_row=end, end_row=end, start_column=1, end_column=len(PUBLIC_WIDTHS))
    return end


def _foot(stands: Finality, synthetic: bool) -> str:
    """How it stands, on every printed page."""
    return literal("　".join(["内部资料", *([NOT_REAL] if synthetic else []), stands.line]), LONGEST_FOOT)


def _new(title: str, year: str, authority: str, state: str, synthetic: bool, lines: Iterable[str]) -> Workbook:
    book = Workbook()
    page = book.worksheets[0]
    page.title = NO_TABLE
    head = [f"{title}（{year_said(year)}）", authority, state]
    texts = [*head, *([NOT_REAL] if synthetic else []), *lines]
    for row, text in enumerate((line for each in texts for line in broken(each, TEXT_WIDTH - 6)), start=1):
        put(page, row, 1, text)
    page["A1"].font = TITLE_FONT
    page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = ROW_HEIGHT, True
    page.row_dimensions[1].height = 24
    page.column_dimensions["A"].width = TEXT_WIDTH
    printed(page, 1, landscape=False)
    return book


def _line(page: Worksheet, row: int, values: Sequence[Any], decimals: int = USUAL) -> None:
    for at, value in enumerate(values, start=1):
        if isinstance(value, Fraction | Real):
            cell = put(page, row, at, value, points_format(decimals))
        elif isinstance(value, bool):
            cell = put(page, row, at, "是" if value else "否")
        else:
            cell = put(page, row, at, value, WHOLE if isinstance(value, int) else None)
        if isinstance(value, int):
            cell.alignment = CENTRED
        cell.border = GRID


def _close(page: Worksheet, *, frozen_columns: int) -> None:
    finish(page, frozen_columns=frozen_columns, widths={1: RANK_WIDTH})
    page.auto_filter.ref = page.dimensions


def _results(page: Worksheet, book: ScoreBook, group: str) -> None:
    """One row a unit, best first; the components add up to the total."""
    units, names = book.ranking(group), total_columns(book, group)
    first, total = 5, 5 + len(names)
    sums = [f"合计{FORMULA}", f"差{FORMULA}"] if names else []
    heads = ["名次", "单位编号", "单位名称", "类别", *(name_of(book, name) for name in names), "总分", *sums]
    ruled = any(unit.ruling for unit in units)
    header(page, [*heads, *(head for head, _ in _outcome(book, units[0], ruled=ruled))])
    for row, unit in enumerate(units, start=2):
        points = by_component(book, unit)
        values: list[Any] = [unit.rank if unit.rated else UNRATED, unit.unit_id, unit.name]
        values += [book.categories.get(unit.category, unit.category)]
        values += [points.get(name, Fraction(0)) if unit.rated else None for name in names]
        values += [unit.total if unit.rated else None, *(None for _ in sums)]
        _line(page, row, [*values, *(value for _, value in _outcome(book, unit, ruled=ruled))], book.finest)
        if names and unit.rated:
            span = f"{get_column_letter(first)}{row}:{get_column_letter(total - 1)}{row}"
            put_formula(page, row, total + 1, f"=SUM({span})", book.finest)
            put_formula(page, row, total + 2, _difference(total, total + 1, row), book.finest)
    _close(page, frozen_columns=3)


def _outcome(book: ScoreBook, unit: UnitResult, *, ruled: bool) -> Iterator[tuple[str, Any]]:
    """Head → what follows from the total, as far as the scheme knows such a thing; never the notes of a veto."""
    if book.grading:
        yield "等次", unit.grade
    if "declared" in book.facts:
        yield "申报认定", unit.declared
    if "vetoed" in book.facts:
        yield "有否决事项", unit.vetoed
    for name, info in book.follows.items():
        yield info.heading, unit.consequences.get(name)
    if "declared" in book.facts:
        yield "申报内容", "；".join(map(says_declared, unit.declarations)) or None
    if "vetoed" in book.facts:
        yield "否决类型", "、".join(unit.vetoes) or None
    if ruled:
        yield from zip(RULING, _ruling(unit), strict=True)


def _ruling(unit: UnitResult) -> tuple[str, ...]:
    """The leading group's word on the grade; blank where it said none."""
    if unit.ruling is None:
        return ("",) * len(RULING)
    return unit.ruling.by_points, unit.ruling.matter, unit.ruling.reason, unit.ruling.decided_on


def _difference(value: int, formula: int, row: int) -> str:
    """Value less formula; binary fractions apart, 0."""
    return f"=ROUND({get_column_letter(value)}{row}-{get_column_letter(formula)}{row},6)"


def _wide(page: Worksheet, book: ScoreBook, group: str) -> None:
    """Units down, indicators across, after each component that is their sum that sum as value and as formula."""
    units = book.ranking(group)
    columns = _columns(book, group, units)
    header(page, ["名次", "单位编号", "单位名称", *(column.head for column in columns)])
    for at, column in enumerate(columns, start=4):
        if column.several:
            note(page, at, f"{column.name}，各单位不同：\n" + "\n".join(column.several))
    for row, unit in enumerate(units, start=2):
        _line(page, row, (unit.rank if unit.rated else UNRATED, unit.unit_id, unit.name))
        cells = {_short(book, cell.indicator): cell for cell in book.cells_of(unit.unit_id)}
        begun = 4
        for at, column in enumerate(columns, start=4):
            if column.kind == "formula":
                span = f"{get_column_letter(begun)}{row}:{get_column_letter(at - 2)}{row}"
                put_formula(page, row, at, f"=SUM({span})", book.finest)
                begun = at + 1
                continue
            cell = cells.get(column.name)
            points = cell.points if cell and cell.applicable else None
            if column.kind == "sum":
                points = added_below(book, unit, column.name)
            shown = points_format(book.decimals(cell.indicator) if cell else book.finest)
            written = put(page, row, at, None if points is None else float(points), shown)
            written.border = GRID
            if points is None:
                written.fill = GREY_FILL
            elif column.kind == "sum":
                written.fill = GIVEN_FILL
            begun = begun if column.kind == "sum" or column.summed else at + 1
    _close(page, frozen_columns=3)


@dataclass(frozen=True)
class _Column:
    """The points of an indicator, or the sum of a component as value or as formula; `name` is that of either.

    `several`: whose indicator is what, where units share a column and the header cannot say it; `summed`: whether its
    component is a sum that follows.
    """

    head: str
    kind: Literal["points", "sum", "formula"]
    name: str
    several: tuple[str, ...] = ()
    summed: bool = True


def _columns(book: ScoreBook, group: str, units: Sequence[UnitResult]) -> list[_Column]:
    """What stands across."""
    seen: dict[str, list[tuple[UnitResult, IndicatorInfo]]] = {}
    for unit in units:
        for cell in book.cells_of(unit.unit_id):
            seen.setdefault(_short(book, cell.indicator), []).append((unit, book.indicators[cell.indicator]))
    belongs = {name: component_of(book, found[0][1].id, group) for name, found in seen.items()}
    columns: list[_Column] = []
    for component in dict.fromkeys((*components(book, group), *belongs.values())):
        mine = {name: found for name, found in seen.items() if belongs[name] == component and name != component}
        sums = {unit.unit_id: added_below(book, unit, component) for unit in units} if mine else {}
        summed = any(value is not None for value in sums.values())
        for name, found in seen.items():
            if belongs[name] != component:
                continue
            called = {info.name for _, info in found}
            told = tuple(f"{unit.name}：{info.name}（{info.clause}）" for unit, info in found)
            one = len(called) == 1
            head = f"{name} {called.pop()}" if one else name
            columns.append(_Column(head, "points", name, () if one else told, summed))
        if summed:
            raw = any(value is not None and value != unit.points(component)
                      for unit in units for value in (sums[unit.unit_id],))  # fmt: skip
            word = item_name(book, component)
            columns.append(_Column(f"{word}原始分" if raw or book.tree[component].raw else word, "sum", component))
            columns.append(_Column(f"{word}合计{FORMULA}", "formula", component))
    return columns


def _short(book: ScoreBook, indicator: str) -> str:
    """Units share the columns of their own items: the id after the unit's."""
    own = book.tree[indicator].unit is not None
    return indicator.partition(".")[2] or indicator if own else indicator
