"""The first sheet 说明: what to do, by when, what the colours mean; and the lists that rules look into."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.exchange.asking import Asked
from kaohe.exchange.forms.form import forms
from kaohe.exchange.lists import Lists
from kaohe.exchange.sheetstyle import (
    BOLD_FONT,
    GIVEN_FILL,
    GREY_FILL,
    GRID,
    LETTERS,
    MARK_AMBER,
    MARK_RED,
    OPTIONAL_FILL,
    ROW_HEIGHT,
    TITLE_FONT,
    broken,
    footer,
    lock,
    printed,
    put,
)
from kaohe.intake.tables.vocabulary import TABLES, lists
from kaohe.scheme import Scheme
from kaohe.scheme.years import SPOKEN

RATER_LABEL, YEAR_LABELS = "评分人：", tuple(f"{each.one}：" for each in SPOKEN.values())
"""How the sheet says whose file it is, and of which year; `kaohe import` reads it there."""

DUE_LABEL = "交表期限："
_DUE = re.compile(rf"{DUE_LABEL}(\d{{4}}-\d{{2}}-\d{{2}})（")

TEXT_WIDTH, GAP, LIST_WIDTHS = 88, 3, (11, 26, 4, 11, 40, 34)
WEEKDAYS = "一二三四五六日"


def write_guide(
    page: Worksheet, asked: Asked, sheets: Sequence[str], *, cut: Sequence[str] = (), rater: str = "", footing: str = ""
) -> Lists:
    """Writes the sheet; the lists beside it may be added to.

    `cut`: those of the sheets that have more rows than are printed; `footing`: what else stands below its page.
    """
    head, items = (
        _head(asked, rater),
        _numbered(_for_rater(asked.context.office) if rater else _for_office(sheets, cut, asked.context.office)),
    )
    lines = [line for text in (*head, "", *items) for line in broken(text, TEXT_WIDTH - 6)]
    for row, text in enumerate(lines, start=1):
        cell = put(page, row, 1, text)
        if text == due_says(asked):
            cell.font = BOLD_FONT
    page["A1"].font = TITLE_FONT
    page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = ROW_HEIGHT, True
    page.row_dimensions[1].height = 24
    end = _colours(page, len(lines) + 2, sheets, rater)
    lists = Lists(page)
    _look_up(lists, asked)
    page.column_dimensions["A"].width = TEXT_WIDTH
    for at, width in zip("BCDEFGHI", (GAP, GAP, *LIST_WIDTHS), strict=True):
        page.column_dimensions[at].width = width
    page.print_area = f"A1:A{end}"
    printed(page, 1, landscape=False, columns=1)
    footer(page, center=footing or "&A　第 &P 页，共 &N 页")
    lock(page)
    return lists


def office_label(scheme: Scheme) -> str:
    """How the sheet says whose file it is; `kaohe import` reads it there."""
    called = scheme.offices_called
    return f"{called}：" if called.startswith("填报") else f"填报{called}："


def everybody(scheme: Scheme) -> str:
    """All offices together, as the name of one."""
    return f"全部{scheme.offices_called}"


def due_says(asked: Asked) -> str:
    """The day by which files are to be handed in; empty where none was set."""
    return f"{DUE_LABEL}{asked.due}（星期{WEEKDAYS[asked.due.weekday()]}）" if asked.due else ""


def due_in(texts: Iterable[str]) -> datetime.date | None:
    """The day that a sheet written by `write_guide` says; None where it says none."""
    for text in texts:
        found = _DUE.match(text)
        if found:
            return datetime.date.fromisoformat(found[1])
    return None


def _head(asked: Asked, rater: str) -> list[str]:
    context = asked.context
    office = f"{office_label(context.scheme)}{asked.office or everybody(context.scheme)}"
    whose = f"{RATER_LABEL}{rater}" if rater else office
    return [
        f"{context.scheme.whole_called}{'评分表' if rater else '填报表'}",
        f"{context.scheme.year.spoken.one}：{context.year}",
        whose,
        f"依据：{context.scheme.title}",
        window_says(context.scheme, context.year, context.admissions_until),
        due_says(asked) or f"交表期限：考核办法没有写明，以{asked.context.office}通知为准。",
    ]


def window_says(scheme: Scheme, year: str, until: datetime.date | None = None) -> str:
    """The days that count."""
    first, last = scheme.window.days(year)
    text = f"统计时段：{first}～{last}（{scheme.window.clause}）"
    return f"{text}；{beyond_says(scheme, scheme.window.longer, until)}。" if scheme.window.longer else f"{text}。"


def beyond_says(scheme: Scheme, longer: Iterable[str], last: datetime.date | None = None) -> str:
    """Of which indicators later materials count, and until when; `last`: the day itself, where it is known."""
    if last is not None:
        return f"{'、'.join(longer)} 的材料统计到 {last}"
    until = (
        f"统计到{scheme.window.longer_until}"
        if scheme.window.longer_until
        else f"在{scheme.year.spoken.one}结束以后的也统计"
    )
    return f"{'、'.join(longer)} 的材料{until}"


def _numbered(items: Iterable[str]) -> Iterable[str]:
    return (f"{number}. {text}" for number, text in enumerate(items, start=1))


def _for_office(sheets: Sequence[str], cut: Sequence[str], collector: str) -> Iterable[str]:
    """What to do, of what the office has to fill in."""
    if not sheets:
        yield "没有需要填报的内容。"
        return
    yield f"要填的表：{'、'.join(sheets)}。只填白色和浅黄色的格；表头上的批注写明每列填什么、单位和条款。"
    yield "空着表示“尚未上报”，不是 0；确为 0 的请填 0。"
    yield "有下拉列表的从列表中选；比率按百分数填，如 85%；金额以元计，不是万元；日期如 2019-03-05。"
    yield (
        "变红的格还不能交：缺了必填的，或与本行别的格不相配（如这项指标不考核这个单位）。"
        "变黄的能交，但会提醒或计 0 分。"
    )
    for form in forms().values():
        if form.advice and TABLES[form.table].chinese in sheets:
            yield form.advice.format(collector=collector)
    if {table.chinese for table in lists()} & {*sheets}:
        listed = "、".join(table.chinese for table in lists())
        yield f"{listed}确实没有可报的，也要说一声“没有”，由{collector}登记零报告；不说的会来问。"
    yield "不改表名与表头，不插入行列，不合并单元格。"
    yield f"表中单位与指标取自单位表、考核办法、已定的读法和不适用认定；有出入请告知{collector}，不要自行增删。"
    if cut:
        names = "".join(f"“{name}”" for name in cut)
        yield f"{names}的空行不够时，在另一份空白的填报表里接着填：只填余下的行，另取文件名，两份都交。"
        yield f"打印{names}只印到页脚写的那一行；填得更多的，先清除打印区域（页面布局 → 打印区域）。"
    yield f"填好后保存为 .xlsx 交{collector}；更正时改同一份表再交，文件名不变。"


def _for_rater(collector: str) -> Iterable[str]:
    yield "每行是一个单位的一项指标，在“分值”栏打分；范围写在指标名称后的括号里，不打分的留空。"
    yield "扣分的理由写在“备注”栏，公布得分时用；可不填。"
    yield f"可以在电脑上填，存为 .xlsx 交{collector}；也可以打印出来手填，每页页脚都要签字，由{collector}照录。"
    yield "其余各列已经填好，不要改动，不插入行列，不合并单元格。"


def _colours(page: Worksheet, row: int, sheets: Sequence[str], rater: str) -> int:
    """What the colours mean, from `row` on; returns the last row."""
    plain: list[tuple[PatternFill | None, str, str]] = [
        (None, "", "白色：请填写"),
        (GIVEN_FILL, "", "浅灰：已填好，不能改"),
    ]
    if not rater:
        plain += [(GREY_FILL, "", "深灰：不适用，不填"), (OPTIONAL_FILL, "", "浅黄：选报，只供核对")]
        plain += [
            (PatternFill("solid", fgColor=fill), ink, text)
            for (ink, fill), text in (
                (MARK_RED, "红：缺了必填的，或与别的格不相配，还不能交"),
                (MARK_AMBER, "黄：能交，但会提醒或计 0 分"),
            )
        ]
    for at, (fill, ink, text) in enumerate(plain if sheets else [], start=row):
        cell = put(page, at, 1, text)
        cell.border = GRID
        if fill is not None:
            cell.fill = fill
        if ink:
            cell.font = Font(LETTERS, 11, color=ink)
    return row + len(plain) - 1


def _look_up(lists: Lists, asked: Asked) -> None:
    """Whom and what the ids mean."""
    lists.show(("单位编号", "单位名称"), [(unit.unit_id, unit.name) for unit in asked.context.units.values()])
    indicators = {each.id for _, each, _ in asked.judged} | {*asked.counting, *asked.costing}
    if asked.is_collector:
        indicators |= {each.id for _, each, _ in asked.applying}
    known = asked.context.scheme.indicators.items()
    rows = [(name, each.name, each.clause) for name, each in known if name in indicators]
    lists.show(("指标编号", "指标名称", "条款"), rows)
