"""The first sheet 说明: what to do, by when, what the colours mean; and the lists that drop-downs take."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.paper import (
    CENTRED,
    GIVEN_FILL,
    GREY_FILL,
    GRID,
    HEADER_FILL,
    HEADER_FONT,
    OPTIONAL_FILL,
    WRAPPED,
    finish,
    lock,
    put,
    signs,
)
from kaohe.scheme import Scheme

OFFICE_LABEL, RATER_LABEL, YEAR_LABEL = "填报部门：", "评分人：", "学年："
"""How the sheet says whose file it is; `kaohe import` reads it there."""

EVERYBODY = "全部部门"
TEXT_WIDTH, LINE_HEIGHT = 66, 17
LISTS_FROM = 4
"""Column D: lists stand to the right of the text."""


def write_guide(page: Worksheet, asked: Asked, sheets: Sequence[str], rater: str = "") -> dict[str, str]:
    """Writes the sheet; header of each list → its range as a rule names it."""
    lines = _lines(asked, sheets, rater)
    for row, text in enumerate(lines, start=1):
        put(page, row, 1, text).alignment = WRAPPED
        page.row_dimensions[row].height = LINE_HEIGHT * (1 + signs(text) // TEXT_WIDTH)
    page["A1"].font = Font(size=14, bold=True)
    row = len(lines) + 2
    for fill, text in ((GIVEN_FILL, "浅灰：已填好，不能改"), (GREY_FILL, "深灰：不适用，不填"),
                       (OPTIONAL_FILL, "浅黄：选报，只供核对")):  # fmt: skip
        cell = put(page, row, 1, text)
        cell.fill, cell.border = fill, GRID
        row += 1
    put(page, row, 1, "白色：请填写").border = GRID
    lists = _lists(page, asked)
    finish(page, frozen_columns=1, header_height=24, landscape=False)
    page.freeze_panes = None
    page.column_dimensions["A"].width = TEXT_WIDTH + 4
    page.column_dimensions["B"].width = page.column_dimensions["C"].width = 3
    page.print_title_rows = None
    page.print_area = f"A1:A{row}"
    lock(page)
    return lists


def _lines(asked: Asked, sheets: Sequence[str], rater: str) -> list[str]:
    desk = asked.desk
    whose = f"{RATER_LABEL}{rater}" if rater else f"{OFFICE_LABEL}{asked.office or EVERYBODY}"
    return [
        f"综合目标考核{'评分表' if rater else '填报表'}",
        f"{YEAR_LABEL}{desk.year}",
        whose,
        f"依据：{desk.scheme.title}",
        _until(desk.scheme, desk.year),
        f"要填的表：{'、'.join(sheets)}" if sheets else "本学年没有需要填报的内容",
        "1. 只填白色和浅黄色的单元格；表头上的批注写明每列的含义、单位和条款。",
        "2. 空着表示“尚未上报”，不是 0；确为 0 的请填 0。",
        "3. 有下拉列表的从列表中选；比率按百分数填，如 85%；金额以元计，不是万元；日期如 2019-03-05。",
        "4. 不改表名与表头，不插入行列，不合并单元格；行数不够时请向目标办要更长的表。",
        "5. 表中单位与指标取自单位表、考核办法、已定的读法和不适用认定；有出入请告知目标办，不要自行增删。",
        "6. 填好后保存为 .xlsx 交目标办；更正时改同一份表再交，文件名不变。",
    ]


def _until(scheme: Scheme, year: str) -> str:
    """The window is the scheme's; the day of handing in is not in it."""
    first, last = scheme.window.days(year)
    text = f"统计时段：{first}～{last}（{scheme.window.clause}）"
    if scheme.window.longer:
        text += f"；{'、'.join(scheme.window.longer)} 的材料统计到{scheme.window.longer_until or '其后'}"
    return f"{text}。交表期限：考核办法没有写明，以目标办通知为准。"


def _lists(page: Worksheet, asked: Asked) -> dict[str, str]:
    units = [(unit.unit_id, unit.name) for unit in asked.desk.units.values()]
    indicators = {each.id: each for _, each, _ in asked.judged} | asked.counting | asked.costing
    if asked.is_collector:
        indicators |= {each.id: each for _, each, _ in asked.applying()}
    ordered = [(name, each.name) for name, each in asked.desk.scheme.indicators.items() if name in indicators]
    lists = {}
    for at, (heads, rows) in enumerate(
        ((("单位编号", "单位名称"), units), (("指标编号", "指标名称"), ordered)),
    ):
        column = LISTS_FROM + 3 * at
        for place, head in enumerate(heads):
            cell = put(page, 1, column + place, head)
            cell.font, cell.fill, cell.alignment, cell.border = HEADER_FONT, HEADER_FILL, CENTRED, GRID
        for row, (key, name) in enumerate(rows, start=2):
            put(page, row, column, key)
            put(page, row, column + 1, name)
        letter = get_column_letter(column)
        if rows:
            lists[heads[0]] = f"${letter}$2:${letter}${len(rows) + 1}"
    return lists
