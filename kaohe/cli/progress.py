"""`kaohe status`: who has handed in what, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, failed, raw_folder
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from pathlib import Path

    from kaohe.exchange.progress import Count, File, Office
    from kaohe.intake import Intake


def status(year: Year, data: Data = DEFAULT_DATA) -> None:
    """进度：谁交了什么，还缺什么；按填报单位和按被考核的单位。"""
    from kaohe.cli.telling import ASKED
    from kaohe.exchange.asking import AskError, context_of
    from kaohe.exchange.progress import files, progress
    from kaohe.exchange.receipts import LedgerError, receipts
    from kaohe.intake.findings import tally
    from kaohe.intake.reading import read_rows

    reading = read_rows(raw_folder(data, year), year)
    try:
        entries = receipts(data / "raw" / year)
    except LedgerError as error:
        failed(str(error))
    try:
        found = progress(reading, context_of(reading.intake), entries)
    except AskError as error:
        _print_files(files(reading.intake, entries))
        console().print(str(error), markup=False)
        return
    _print_files(found.files)
    office = reading.intake.offices_called
    _print_counts(f"按{office}", office, found.by_office, 另可报=_more, 收到=_received)
    _print_counts("按单位", "单位", found.by_unit)
    _print_self_reports(reading.intake)
    rows = "，".join(f"{name} {count} 条" for name, count in found.rows.items())
    if rows:
        console().print(f"另有不限条数的表：{rows}", markup=False)
    for each in reading.intake.findings:
        if each.code in ASKED:
            console().print(f"待问 {each.office}：{each.message}", markup=False)
    _print_steps(reading.intake, data)
    errors = tally(reading.intake.findings)["error"]
    missing = sum(count.missing for count in found.by_unit)
    console().print(
        f"{year_said(year)}：尚缺 {missing} 项，错误 {errors} 处（kaohe check {year} 逐条列出）", markup=False
    )


def _print_self_reports(intake: Intake) -> None:
    """Every unit: the day its report came, or not."""
    assert intake.data is not None
    came = intake.data.self_reports
    rows = [
        (f"{unit.unit_id} {unit.name}", *((row.received_on.isoformat(), row.note or "") if row else ("未收到", "")))
        for unit in intake.data.units
        for row in [came.get(unit.unit_id)]
    ]
    _print_table("自查报告", ("单位", "收到日期", "备注"), rows)
    console().print(f"自查报告：{len(intake.data.units)} 个单位，收到 {len(came)} 份", markup=False)


def _print_steps(intake: Intake, data: Path) -> None:
    """The procedure, step by step."""
    from kaohe.analysis.process import steps
    from kaohe.scoring.history import HistoryError, frozen_by
    from kaohe.scoring.score import score_intake

    try:
        final = frozen_by(data / "processed" / intake.year)
    except (OSError, HistoryError) as error:
        failed(str(error))
    book = score_intake(intake) if intake.ok else None
    found = [
        (step.name, step.clause, "已完成" if step.done else "未完成", step.by, step.on, step.says)
        for step in steps(intake, book, final)
    ]
    if found:
        _print_table("考核程序", ("步骤", "条款", "状态", "由谁", "日期", "情况"), found)


def _print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def _print_files(found: Sequence[File]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", title="已有的文件", title_justify="left")
    for head in ("文件", "收件日期", "报送者"):
        table.add_column(head, overflow="fold")
    for each in found:
        table.add_row(each.name, each.taken or "（直接放入）", each.office)
    if found:
        console().print(table)


def _more(office: Office) -> str:
    """`成果 2 条，K1.1 零报告，选报 16 项已报 3 项`."""
    parts = [f"{name} {count} 条" for name, count in office.more.items()]
    parts += [f"{'、'.join(office.nil)} 零报告"] if office.nil else []
    parts += [f"{'、'.join(office.silent)} 没有一条，也没有零报告"] if office.silent else []
    parts += [f"选报 {office.optional} 项已报 {office.of_them} 项"] if office.optional else []
    return "，".join(parts)


def _received(office: Office) -> str:
    """The day of its last file, and how many there are."""
    days = [each.taken for each in office.files if each.taken]
    return f"{max(days, default='直接放入')}（{len(office.files)} 份）" if office.files else "未收到"


def _print_counts(title: str, what: str, counts: Iterable[Count], **more: Callable[[Any], str]) -> None:
    """`more`: heads of further columns, and what stands there."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left")
    table.add_column(what, overflow="fold")
    for head in ("应报", "已报", "尚缺"):
        table.add_column(head, justify="right")
    for head in more:
        table.add_column(head, overflow="fold")
    for each in counts:
        lacking = Text(str(each.missing), style="yellow" if each.missing else "")
        further = [say(each) for say in more.values()]
        table.add_row(each.name, str(each.asked), str(each.handed_in), lacking, *further)
    console().print(table)
