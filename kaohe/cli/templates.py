"""`kaohe template`: fill-in workbooks for the offices, and printable forms for the raters."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, read, refusals, usage
from kaohe.cli.keeping import Overwrite, new_workbook

Due = Annotated[str | None, typer.Option("--due", help="交表期限，写在“说明”页，如 2022-07-10", metavar="日期")]


def template(
    year: Year,
    file: Annotated[Path, typer.Argument(help="写出的工作簿", metavar="FILE.xlsx")],
    data: Data = DEFAULT_DATA,
    office: Annotated[str | None, typer.Option("--office", help="只要这个部门报送的内容", metavar="部门")] = None,
    rater: Annotated[str | None, typer.Option("--rater", help="一位评分人的评分表（A4）", metavar="姓名")] = None,
    due: Due = None,
    overwrite: Overwrite = False,
) -> None:
    """写出填报表：每张表一个工作表，单位与指标已填好，不适用的单元格已锁定。"""
    from kaohe.exchange.asking import Asked, AskError, desk_of
    from kaohe.exchange.paper import save
    from kaohe.exchange.ratingform import rating_form
    from kaohe.exchange.template import known_leaders
    from kaohe.exchange.template import template as fill_in
    from kaohe.intake import read_year
    from kaohe.scheme import previous_year

    new_workbook(file, overwrite=overwrite)
    day = due_day(due)
    intake = read(data, year, {})
    try:
        asked = Asked(desk_of(intake), office, day)
    except AskError as error:
        usage(str(error))
    if rater is not None:
        if not rater.strip():
            usage("--rater 应为评分人的姓名")
        if not asked.judged:
            usage(f"{office or year} 没有由评分人评分的指标")
        book = rating_form(asked, rater.strip())
    else:
        leaders = known_leaders(intake)
        before = previous_year(year)
        if not leaders and asked.is_collector and (data / "raw" / before).is_dir():
            leaders = known_leaders(read_year(data / "raw", before))
        book = fill_in(asked, leaders)
    with refusals():
        save(file, book)
    console().print(f"已写出：{file}（工作表：{'、'.join(book.sheetnames)}）", markup=False)


def due_day(due: str | None) -> datetime.date | None:
    """The day written as 2022-07-10."""
    try:
        return datetime.date.fromisoformat(due) if due is not None else None
    except ValueError:
        usage(f"--due 应写成 2022-07-10 的样子，现为 {due}")
