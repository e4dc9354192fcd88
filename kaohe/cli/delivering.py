"""`kaohe import`: files from the offices are looked at and taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, console, print_findings, raw_folder, refusals

if TYPE_CHECKING:
    from kaohe.exchange.receiving import Delivery, Plan
    from kaohe.intake.changes import Change

MOST_LINES = 200
"""More changed cells than this are only counted."""


def import_(
    files: Annotated[list[Path], typer.Argument(help="部门交来的 .xlsx 或 .csv", metavar="FILE…")],
    year: Annotated[str, typer.Option("--year", help="学年，如 2018-2019", metavar="YEAR")],
    data: Data = DEFAULT_DATA,
    office: Annotated[
        str | None, typer.Option("--office", help="谁报送的；填报表自己写明的可不填", metavar="部门")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会有哪些变化，不收")] = False,
) -> None:
    """收表：先检查，列出新增和改动的单元格与冲突，无误才收入 data/raw/学年/ 并登记；有错误则一个也不收。"""
    from contextlib import nullcontext

    from kaohe.exchange.receipts import LedgerError, receipts
    from kaohe.exchange.receiving import DeliveryError, delivery, plan, take
    from kaohe.files.locks import holding

    raw = raw_folder(data, year)
    folder = raw / year
    try:
        with refusals(), nullcontext() if dry_run else holding(folder):
            receipts(folder)  # a ledger that cannot be read stops before anything is said
            planned = plan(raw, year, [delivery(folder, file, year, office) for file in files])
            _print_plan(planned)
            if not planned.refusals and planned.new and not dry_run:
                take(raw, planned)
    except (DeliveryError, LedgerError) as error:
        console(error=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    _print_outcome(planned, dry_run=dry_run)
    if planned.new and not planned.refusals:
        _print_final(data / "processed" / year)
    raise typer.Exit(1 if planned.refusals else 0)


def _print_final(results: Path) -> None:
    """What comes after the decision does not change it by itself."""
    from kaohe.scoring.history import frozen_by

    final = frozen_by(results)
    if final is not None:
        message = f"注意：{results.name} 学年已于 {final.day} 定稿；数据变了，要重新评分须先撤销定稿并写明理由"
        console(error=True).print(message, style="yellow", markup=False)


def _print_plan(planned: Plan) -> None:
    for each in planned.deliveries:
        console().print(f"{each.source} → {each.target}：{_kind(each)}", markup=False)
    _print_changes(planned.changes)
    print_findings([*planned.refusals, *planned.warnings])


def _kind(each: Delivery) -> str:
    if each.is_known:
        return "与已收的完全相同"
    return "替换已收的同名文件" if each.before else "新文件"


def _print_changes(found: Sequence[Change]) -> None:
    """New cells by table and unit; changed and vanished ones each with place, old and new value."""
    from rich.table import Table
    from rich.text import Text

    new = Counter(change.title for change in found if change.old is None)
    for name, count in new.items():
        units = {change.unit for change in found if change.old is None and change.title == name}
        console().print(f"新增 {name}：{count} 格，{len(units)} 个单位", markup=False)
    changed = [change for change in found if change.old is not None]
    if not changed:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", title="改动的单元格", title_justify="left")
    for head in ("表", "对象", "列", "原值", "新值", "位置"):
        table.add_column(head, overflow="fold")
    for change in changed[:MOST_LINES]:
        old, now = change.old, change.new
        place = " → ".join(dict.fromkeys(cell.place for cell in (old, now) if cell and cell.place))
        cells = (change.title, change.about, change.column, old.text if old else "", now.text if now else "（没有了）")
        table.add_row(*(Text(cell) for cell in (*cells, place)))
    console().print(table)
    if len(changed) > MOST_LINES:
        console().print(f"……另有 {len(changed) - MOST_LINES} 格改动没有列出", markup=False)


def _print_outcome(planned: Plan, *, dry_run: bool) -> None:
    from kaohe.intake.findings import tally

    errors = tally(planned.refusals)["error"]
    if errors:
        message = f"有 {errors} 处错误，一个文件也没有收；请报送部门改正后再交"
        if any(finding.code == "conflict" for finding in planned.refusals):
            message += "；如是更正已收的数，请用原来的文件名"
        console(error=True).print(message, style="red", markup=False)
    elif not planned.new:
        console().print("这些文件都收过了，没有任何变化", markup=False)
    elif dry_run:
        console().print(f"检查通过，可以收 {len(planned.new)} 个文件（--dry-run：没有写任何文件）", markup=False)
    else:
        console().print(f"已收 {len(planned.new)} 个文件；尚缺 {len(planned.after.missing)} 项", markup=False)
