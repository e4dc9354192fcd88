"""`kaohe template`: fill-in workbooks for the offices, and printable forms for the raters."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, read, refusals, usage
from kaohe.cli.keeping import Overwrite, keep_out, new_workbook

if TYPE_CHECKING:
    from kaohe.exchange.renewing import Renewed

Due = Annotated[str | None, typer.Option("--due", help="交表期限，写在“说明”页，如 2022-07-10", metavar="日期")]


def template(
    year: Year,
    file: Annotated[
        Path | None,
        typer.Argument(help="写出的工作簿；--all 时为文件夹，默认 templates/年度", metavar="文件.xlsx"),
    ] = None,
    data: Data = DEFAULT_DATA,
    office: Annotated[str | None, typer.Option("--office", help="只要这个填报单位的内容", metavar="填报单位")] = None,
    rater: Annotated[str | None, typer.Option("--rater", help="一位评分人的评分表（A4）", metavar="姓名")] = None,
    due: Due = None,
    overwrite: Overwrite = False,
    every: Annotated[
        bool, typer.Option("--all", help="一次写出各填报单位的填报表；已有而空白的重出，填过的不动，列出改了什么")
    ] = False,
    raters: Annotated[
        bool, typer.Option("--raters", help="与 --all 同用：连同每位评分人的评分表（本年度或上一年度评过分的）")
    ] = False,
) -> None:
    """写出填报表：每张表一个工作表，单位与指标已填好，不适用的单元格已锁定。"""
    day = due_day(due)
    if every:
        if office is not None or rater is not None or overwrite:
            usage("--all 写出各填报单位的表，不能与 --office、--rater、--overwrite 同用；填过的表从不覆盖")
        _every(year, file or data / "templates" / year, data, day, raters=raters)
        return
    if raters:
        usage("--raters 与 --all 同用；一位评分人的评分表用 --rater 姓名")
    if file is None:
        usage("请写明写出的工作簿（FILE.xlsx），或用 --all 一次写出各填报单位的填报表")
    _one(year, file, data, office, rater, day, overwrite=overwrite)


def _one(
    year: str,
    file: Path,
    data: Path,
    office: str | None,
    rater: str | None,
    day: datetime.date | None,
    *,
    overwrite: bool,
) -> None:
    from kaohe.exchange.asking import Asked, AskError, context_of
    from kaohe.exchange.blank import sign
    from kaohe.exchange.ratingform import rating_form
    from kaohe.exchange.renewing import voters_of
    from kaohe.exchange.sheetstyle import save
    from kaohe.exchange.template import template as fill_in

    new_workbook(file, data=data, overwrite=overwrite)
    intake = read(data, year, {})
    try:
        asked = Asked(context_of(intake), office, day)
    except AskError as error:
        usage(str(error))
    if rater is not None:
        if not rater.strip():
            usage("--rater 应为评分人的姓名")
        if not asked.judged:
            usage(f"{office or year} 没有由评分人评分的指标")
        book = rating_form(asked, rater.strip())
    else:
        book = fill_in(asked, voters_of(data / "raw", intake) if asked.is_collector else {})
    with refusals():
        save(file, sign(book))
    console().print(f"已写出：{file}（工作表：{'、'.join(book.sheetnames)}）", markup=False)


def _every(year: str, folder: Path, data: Path, day: datetime.date | None, *, raters: bool) -> None:
    """All offices' templates; those that somebody has filled in stay, and the command ends with 1."""
    from kaohe.exchange.asking import AskError
    from kaohe.exchange.renewing import raters_of, renew, voters_of
    from kaohe.files.locks import holding

    if folder.suffix.casefold() == ".xlsx" or folder.is_file():
        usage(f"--all 写到文件夹，现为 {folder}")
    keep_out(folder, data)
    intake, raw = read(data, year, {}), data / "raw"
    names = raters_of(raw, intake) if raters else None
    try:
        with refusals(), holding(folder):
            outcome = renew(folder, intake, voters_of(raw, intake), day, names)
    except AskError as error:
        usage(str(error))
    say = console()
    made = [f"新写 {len(outcome.of('new'))} 份", f"重出 {len(outcome.of('renewed'))} 份"]
    say.print(f"{folder}：{'，'.join(made)}", markup=False)
    if raters and not names:
        say.print("没有评分表：本年度和上一年度都还没有评分人；用 --rater 姓名 逐份写出", markup=False)
    for said in outcome.units_said:
        say.print(said, markup=False)
    for each in outcome.files:
        if each.state == "renewed" and (each.added or each.removed):
            say.print(f"{each.name}：{_moved(each)}", markup=False)
    for name in outcome.unneeded:
        say.print(f"{name}：现在没有要它填的内容，没有改动它；不需要的请移出", markup=False)
    kept = outcome.of("kept")
    for each in kept:
        moved = f"；按现在的单位应{_moved(each)}" if each.added or each.removed else ""
        console(error=True).print(f"没有改动 {each.name}：{each.why}{moved}", style="red", markup=False)
    if kept:
        where = folder / "新"
        console(error=True).print(
            f"要一份新的空表，另写到别处：kaohe template {year} {where} --all", style="red", markup=False
        )
        raise typer.Exit(1)


FEW = 6


def _moved(file: Renewed) -> str:
    """Cells more and fewer, and of which units."""
    parts = []
    for word, cells in (("增", file.added), ("减", file.removed)):
        if cells:
            units = sorted({unit for _, unit, _ in cells})
            more = f" 等 {len(units)} 个单位" if len(units) > FEW else ""
            parts.append(f"{word} {len(cells)} 格（{'、'.join(units[:FEW])}{more}）")
    return "，".join(parts)


def due_day(due: str | None) -> datetime.date | None:
    """The day written as 2022-07-10."""
    try:
        return datetime.date.fromisoformat(due) if due is not None else None
    except ValueError:
        usage(f"--due 应写成 2022-07-10 的样子，现为 {due}")
