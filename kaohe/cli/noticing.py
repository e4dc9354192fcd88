"""`kaohe notice`: what a unit has to be told in writing, as a page to print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.appealing import scoring_of
from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, failed, html_only, refusals
from kaohe.cli.keeping import Overwrite, keep
from kaohe.cli.naming import unit_named
from kaohe.scheme.years import year_said


def notice(
    year: Year,
    unit: Annotated[str, typer.Argument(help="单位编号或名称，如 C01", metavar="单位")],
    out: Annotated[
        Path | None, typer.Option("--out", help="写到哪里；不写则按名称写在当前文件夹", metavar="文件.html")
    ] = None,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """通知书：按办法要书面通知单位的（如限期整改、通报批评），可打印；数据没有写的留空待填。"""
    from kaohe.analysis.notice import notices
    from kaohe.analysis.settled import open_groups, published
    from kaohe.batch.notice import notice_page
    from kaohe.files import write_text
    from kaohe.files.filenames import file_name
    from kaohe.scoring.finality import final_words

    if out is not None:
        html_only(out)
        keep(out, data=data, overwrite=overwrite)
    intake, book, stands = scoring_of(data, year, provisional=False)
    unit = unit_named(book, unit)
    found = notices(book, intake, unit)
    if not found:
        name = book.unit(unit).name
        if book.unit(unit).last and book.uncompared:
            failed(f"{unit} {name} {year_said(year)}排在末位，是否连续两年未能认定（{book.uncompared}），没有写文件")
        causes = [book.fail, *(info.name for info in book.follows.values() if info.back)]
        neither = "，也".join(f"不是{cause}" for cause in causes if cause)
        failed(f"{unit} {name} {year_said(year)}{neither and f'{neither}，'}没有要发的通知，没有写文件")
    with refusals():
        folder = data / "processed" / year
        still = open_groups(replace(book, final=final_words(folder)), published(folder))
    if why := still.get(book.unit(unit).group):
        failed(f"{unit} {book.unit(unit).name}：{why}；通知书上有总分和名次，没有写文件")
    titles = "、".join(each.title for each in found)
    file = out or Path(f"{file_name(f'{year} {unit} {titles}')}.html")
    keep(file, data=data, overwrite=overwrite)
    with refusals():
        write_text(file, notice_page(book, unit, found, stands.posted))
    blank = [name for each in found for name, said in each.rows if not said]
    console().print(f"已写出：{file}（{titles}；{stands.inside}）", markup=False)
    if blank:
        console().print(f"没有登记、留空待填的：{'、'.join(blank)}", markup=False)
