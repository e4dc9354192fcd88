"""The long table of one or several years as a file: a workbook or CSV under Chinese heads, or Parquet for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from kaohe.analysis.tidy import COLUMNS, NUMBERS, ScoredYear, heads
from kaohe.exchange.sheetstyle import TITLE_FONT, broken, finish, header, points_format, put, save
from kaohe.files import whole_file
from kaohe.intake.tables.vocabulary import NO_TABLE
from kaohe.scheme.years import year_said, years_said
from kaohe.scoring.marks import NOT_REAL
from kaohe.scoring.write import neutralised

if TYPE_CHECKING:
    import pandas as pd

SHEET = "长表"
LINES = (
    "内部资料：有单个评分人的评分，不得公开。",
    "一行一个{one}、单位、项目；一个单位一个{one}各行的“得分”加起来就是它的总分，可直接做数据透视表。",
    "“现编号”“现名称”是单位改名、合并以后{latest}的单位，历年汇总用它；合并而成的单位，早先有几个单位。",
    "“结果”写明{every}是定稿还是暂定；不适用的指标不在表中。",
)
TEXT_WIDTH, WIDEST = 88, 40


def save_tidy(file: Path, table: pd.DataFrame, years: Sequence[ScoredYear]) -> None:
    """As the name's ending says; whole or not at all."""
    if file.suffix.casefold() == ".xlsx":
        save(file, _workbook(table, years))
        return
    with whole_file(file) as part:
        if file.suffix.casefold() == ".csv":
            said = neutralised(table.assign(synthetic=table["synthetic"].map(_yes)).rename(columns=heads(years)))
            said.to_csv(part, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        else:
            table.to_parquet(part, index=False, engine="pyarrow", compression="zstd")


def _yes(flag: bool) -> str:
    return "是" if flag else "否"


def _workbook(table: pd.DataFrame, years: Sequence[ScoredYear]) -> Workbook:
    book = Workbook()
    about = book.worksheets[0]
    about.title = NO_TABLE
    about.column_dimensions["A"].width = TEXT_WIDTH
    for row, text in enumerate(_about(years), start=1):
        put(about, row, 1, text)
    about["A1"].font = TITLE_FONT
    page = book.create_sheet(SHEET)
    header(page, list(heads(years).values()))
    shown = points_format(max(each.book.finest for each in years))
    for row, values in enumerate(table.itertuples(index=False), start=2):
        for at, (name, value) in enumerate(zip(COLUMNS, values, strict=True), start=1):
            if name in NUMBERS:
                put(page, row, at, None if value != value else value, shown)  # NaN is no figure
            else:
                put(page, row, at, _yes(value) if isinstance(value, bool) else value)
    widths = {at: float(WIDEST) for at, name in enumerate(COLUMNS, start=1) if name in ("figures", "reason")}
    finish(page, frozen_columns=list(COLUMNS).index("name") + 1, widths=widths)
    page.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{page.max_row}"
    return book


def _about(years: Sequence[ScoredYear]) -> Iterable[str]:
    span = [year.book.year for year in years]
    yield f"{years[-1].book.whole}得分长表（{years_said(span)}）"
    if any(year.book.synthetic for year in years):
        yield f"{NOT_REAL}：{years_said(year.book.year for year in years if year.book.synthetic)}"
    lines = (line.format(**vars(years[-1].book.spoken)) for line in LINES)
    for line in (*lines, *(f"{year_said(year.book.year)}：{year.stands}" for year in years)):
        yield from broken(line, TEXT_WIDTH - 6)
