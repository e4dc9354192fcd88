"""`kaohe status`: who has handed in what, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, read

if TYPE_CHECKING:
    from kaohe.exchange.progress import Count, File


def status(year: Year, data: Data = DEFAULT_DATA) -> None:
    """进度：谁交了什么，还缺什么；按部门和按单位。"""
    from kaohe.exchange.asking import AskError, desk_of
    from kaohe.exchange.progress import files, progress
    from kaohe.exchange.receipts import LedgerError, receipts
    from kaohe.intake.findings import tally

    intake = read(data, year, {})
    try:
        entries = receipts(data / "raw" / year)
    except LedgerError as error:
        console(error=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    try:
        found = progress(intake, desk_of(intake), entries)
    except AskError as error:
        _print_files(files(intake, entries))
        console().print(str(error), markup=False)
        return
    _print_files(found.files)
    _print_counts("按部门", "部门", found.by_office)
    _print_counts("按单位", "单位", found.by_unit)
    rows = "，".join(f"{name} {count} 条" for name, count in found.rows.items())
    console().print(f"另有不限条数的表：{rows}", markup=False)
    errors = tally(intake.findings)["error"]
    missing = sum(count.missing for count in found.by_unit)
    console().print(f"{year} 学年：尚缺 {missing} 项，错误 {errors} 处（kaohe check {year} 逐条列出）", markup=False)


def _print_files(found: Sequence[File]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", title="已有的文件", title_justify="left")
    for head in ("文件", "收件日期", "报送者"):
        table.add_column(head, overflow="fold")
    for each in found:
        table.add_row(Text(each.name), each.taken or "（直接放入）", Text(each.office))
    if found:
        console().print(table)


def _print_counts(title: str, what: str, counts: Sequence[Count]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left")
    table.add_column(what, overflow="fold")
    for head in ("应报", "已报", "尚缺"):
        table.add_column(head, justify="right")
    for each in counts:
        style = "yellow" if each.missing else ""
        table.add_row(Text(each.name), str(each.asked), str(each.handed_in), Text(str(each.missing), style=style))
    console().print(table)
