"""`kaohe import`: files from the offices are looked at and taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    console,
    failed,
    print_findings,
    print_records,
    raw_folder,
    refusals,
    usage,
)
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.exchange.receiving import Delivery, Plan, Told
    from kaohe.intake.changes import Change

MOST_LINES = 200
"""More changed cells than this are only counted."""

SHOWN = {"conflict": "冲突：", "gone": "（没有了）", "unusable": "（有错误，见下）"}
"""Before the new value, or in its place."""


def import_(
    year: Annotated[str, typer.Option("--year", help="如 2018-2019", metavar="年度")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="收到的 .xlsx、.csv，或装着它们的文件夹", metavar="文件…")
    ] = None,
    data: Data = DEFAULT_DATA,
    office: Annotated[
        str | None, typer.Option("--office", help="谁报送的；填报表自己写明的可不填", metavar="填报单位")
    ] = None,
    replace: Annotated[
        list[str] | None, typer.Option("--replace", help="用它替换已收的哪个文件（名称不同时），可重复", metavar="文件")
    ] = None,
    replace_with_less: Annotated[bool, typer.Option("--replace-with-less", help="替换后数据少了一大截也照收")] = False,
    nothing_to_report: Annotated[
        bool, typer.Option("--nothing-to-report", help="零报告：空表也收；有 --office 时可以不带文件")
    ] = False,
    item: Annotated[
        list[str] | None, typer.Option("--item", help="零报告只说哪项指标，如 K6，可重复", metavar="指标")
    ] = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="零报告只说哪个单位，可重复", metavar="单位")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会有哪些变化，不收")] = False,
) -> None:
    """收表：先检查，列出新增和改动的单元格与冲突，无误才收入 data/raw/年度/ 并登记；有错误则一个也不收。"""
    from contextlib import nullcontext

    from kaohe.exchange.receipts import LedgerError
    from kaohe.exchange.receiving import DeliveryError, Told, plan, take
    from kaohe.files.locks import holding

    if (item or unit) and not nothing_to_report:
        usage("--item、--unit 只与 --nothing-to-report 一起用")
    if not files and not (nothing_to_report and office):
        usage("写出要收的文件或文件夹；零报告可以不带文件，写 --nothing-to-report --office 填报单位")
    raw = raw_folder(data, year)
    items, units = tuple(item or ()), tuple(unit or ())
    told = Told(office, tuple(replace or ()), replace_with_less, nothing_to_report, items, units)
    try:
        with refusals(), nullcontext() if dry_run else holding(raw / year):
            planned = plan(raw, year, files or [], told)
            _print_plan(planned)
            if not planned.stopped and planned.new and not dry_run:
                take(raw, planned)
    except (DeliveryError, LedgerError) as error:
        failed(str(error))
    _print_outcome(planned, dry_run=dry_run)
    if planned.editions or planned.losses:
        _print_again(planned, data, told)
    if planned.new and not planned.stopped:
        _print_final(data / "processed" / year)
    raise typer.Exit(1 if planned.stopped else 0)


def _print_final(results: Path) -> None:
    """What comes after the decision does not change it by itself."""
    from kaohe.scoring.history import HistoryError, frozen_by

    try:
        final = frozen_by(results)
        told = (
            f"{year_said(results.name)}已于 {final.day} 定稿；数据变了，要重新评分须先撤销定稿并写明理由"
            if final
            else ""
        )
    except (OSError, HistoryError) as error:  # the files are taken all the same
        told = f"{error}；看不出 {year_said(results.name)}是否已定稿"
    if told:
        console(error=True).print(f"注意：{told}", style="yellow", markup=False)


def _print_plan(planned: Plan) -> None:
    older = {each.source: each.name for each in planned.editions}
    for each in planned.deliveries:
        kind = f"像是 {older[each.source]} 的新一版" if each.source in older else _kind(each)
        console().print(f"{each.source} → {each.target}：{kind}", markup=False)
    for said in planned.passed:
        console().print(f"没有收 {said}", markup=False)
    _print_changes(planned.changes)
    print_findings([*planned.refusals, *planned.warnings])


def _kind(each: Delivery) -> str:
    if each.idle or not each.replaces:
        return each.idle or "新文件"
    older = "；注意：这是早先收过、后来被替换的一版" if each.is_older else ""
    if list(each.replaces) == [each.target]:
        return f"替换已收的同名文件{older}"
    return f"替换已收的 {'、'.join(each.replaces)}{older}"


def _print_changes(found: Sequence[Change]) -> None:
    """New cells by table and unit; those that contradict, are changed or gone each with place, old and new value."""
    new = Counter(change.title for change in found if change.kind == "new")
    for name, count in new.items():
        units = {change.unit for change in found if change.kind == "new" and change.title == name} - {""}
        console().print(f"新增 {name}：{count} 格{f'，{len(units)} 个单位' if units else ''}", markup=False)
    changed = sorted((change for change in found if change.kind != "new"), key=lambda each: each.kind != "conflict")
    if not changed:
        return
    rows = []
    for change in changed[:MOST_LINES]:
        old, now = change.old, change.new
        place = " → ".join(dict.fromkeys(cell.place for cell in (old, now) if cell and cell.place))
        shown = f"{SHOWN.get(change.kind, '')}{now.text if now else ''}"
        rows.append((change.title, change.about, change.column, old.text if old else "", shown, place))
    heads = ("表", "对象", "列", "原值", "新值", "位置")
    print_records("冲突、改动和消失的单元格", heads, rows, named=3)
    if len(changed) > MOST_LINES:
        console().print(f"……另有 {len(changed) - MOST_LINES} 格没有列出", markup=False)


def _counted(planned: Plan) -> str:
    """`新增 3 格，改动 1 格，消失 0 格`, whatever they are; the rest only where there is some."""
    counts = Counter(change.kind for change in planned.changes)
    parts = [f"新增 {counts['new']} 格", f"改动 {counts['changed']} 格", f"消失 {counts['gone']} 格"]
    return "，".join(parts + ([f"冲突 {counts['conflict']} 格"] if counts["conflict"] else []))


def _print_outcome(planned: Plan, *, dry_run: bool) -> None:
    from kaohe.intake.findings import by_input

    if planned.stopped:
        for message in _reasons(planned):
            console(error=True).print(message, style="red", markup=False)
        console(error=True).print(f"一个文件也没有收（{_counted(planned)}）", style="red", markup=False)
    elif not planned.new:
        console().print("没有要收的文件，没有任何变化", markup=False)
    elif dry_run:
        message = f"检查通过，可以收 {len(planned.new)} 个文件：{_counted(planned)}（--dry-run：没有写任何文件）"
        console().print(message, markup=False)
    else:
        missing = len(by_input(planned.after.missing))
        message = f"已收 {len(planned.new)} 个文件：{_counted(planned)}；{year_said(planned.year)}尚缺 {missing} 项"
        console().print(message, markup=False)


def _reasons(planned: Plan) -> Iterable[str]:
    from kaohe.exchange.editions import first_names
    from kaohe.intake.findings import tally

    if planned.refusals:
        yield f"有 {tally(planned.refusals)['error']} 处错误，请报送的改正后再交"
    if planned.contradicted:
        names = planned.contradicted
        yield f"与已收的 {first_names(names)} 有冲突；如是它的更正，请用原来的文件名，或加 --replace {names[0]}"
    yield from map(str, (*planned.editions, *planned.losses))


def _print_again(planned: Plan, data: Path, told: Told) -> None:
    """The command that takes the files all the same: a file that replaces another is taken by itself."""
    say = console(error=True)
    short = {each.source for each in planned.losses}
    for source in dict.fromkeys([*(each.source for each in planned.editions), *short]):
        names = [*told.replace, *(each.name for each in planned.editions if each.source == source)]
        words = ["kaohe", "import", str(source), "--year", planned.year]
        words += ["--data", str(data)] if data != DEFAULT_DATA else []
        words += ["--office", told.office] if told.office is not None else []
        words += [word for name in names for word in ("--replace", name)]
        words += ["--nothing-to-report"] if told.nothing_to_report else []
        words += [word for name in told.items for word in ("--item", name)]
        words += [word for name in told.units for word in ("--unit", name)]
        words += ["--replace-with-less"] if source in short or told.with_less else []
        say.print(f"确实要用它替换，请运行：{' '.join(map(_quoted, words))}", markup=False)


def _quoted(word: str) -> str:
    """For every shell: Windows knows no single quotes."""
    return word if re.fullmatch(r"[\w./\\:-]+", word) else f'"{word}"'
