"""`kaohe check`: a year's raw data read and every finding listed, or written down for the offices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    PolicyOptions,
    Year,
    console,
    policies,
    print_findings,
    print_missing,
    read,
    refusals,
)
from kaohe.cli.keeping import Overwrite, new_workbook
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.intake import Intake


def check(
    year: Year,
    data: Data = DEFAULT_DATA,
    policy: PolicyOptions = None,
    every: Annotated[bool, typer.Option("--all", help="同一原因的也逐条列出，尚缺的也列出")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="另写成工作簿，每个填报单位一页，可以发给它们", metavar="文件.xlsx")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """读取并检查一个年度的数据，列出全部问题；除 --out 外不写任何文件。"""
    from kaohe.scoring.score import told_of_year_before, year_before

    if out is not None:
        new_workbook(out, data=data, overwrite=overwrite)
    intake = read(data, year, policies(policy))
    intake = told_of_year_before(intake, year_before(data / "raw", year))
    print_findings(intake.findings, intake, every=every)
    if every:
        print_missing(intake.missing, intake, every=True)
    if out is not None:
        _write(out, intake)
    print_counts(intake)
    raise typer.Exit(1 if intake.has_errors else 0)


def _write(out: Path, intake: Intake) -> None:
    from kaohe.exchange.findingsbook import findings_book
    from kaohe.exchange.sheetstyle import save

    made = findings_book(intake)
    with refusals():
        save(out, made)
    console().print(f"已写出：{out}（工作表：{'、'.join(made.sheetnames)}）", markup=False)


def print_counts(intake: Intake) -> None:
    from kaohe.intake.findings import SEVERITY_NAMES, by_input, tally

    counts = tally(intake.findings)
    text = "，".join(f"{name} {counts[severity]}" for severity, name in SEVERITY_NAMES.items())
    console().print(f"{year_said(intake.year)}：{text}；尚缺 {len(by_input(intake.missing))} 项", markup=False)
