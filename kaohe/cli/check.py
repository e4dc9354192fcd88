"""`kaohe check`: a year's raw data read and every finding listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, PolicyOptions, Year, console, policies, print_findings, read

if TYPE_CHECKING:
    from kaohe.intake import Intake


def check(year: Year, data: Data = DEFAULT_DATA, policy: PolicyOptions = None) -> None:
    """读取并检查一个学年的数据，列出全部问题；不写任何文件。"""
    intake = read(data, year, policies(policy))
    print_findings(intake.findings)
    print_counts(intake)
    raise typer.Exit(1 if intake.has_errors else 0)


def print_counts(intake: Intake) -> None:
    from kaohe.intake.findings import SEVERITY_NAMES, by_input, tally

    counts = tally(intake.findings)
    text = "，".join(f"{name} {counts[severity]}" for severity, name in SEVERITY_NAMES.items())
    console().print(f"{intake.year} 学年：{text}；尚缺 {len(by_input(intake.missing))} 项", markup=False)
