"""`kaohe explain`: how each figure of a unit came about."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    PolicyOptions,
    Provisional,
    Year,
    console,
    policies,
    read,
    refusals,
    scored,
)
from kaohe.cli.naming import indicator_named, unit_named
from kaohe.cli.screen import plain_json
from kaohe.scheme.years import year_said


def explain(
    year: Year,
    unit: Annotated[str, typer.Argument(help="单位编号或名称，如 C01", metavar="单位")],
    indicator: Annotated[
        str | None, typer.Argument(help="指标编号或名称，如 K2a；不写则解释全部", metavar="指标")
    ] = None,
    data: Data = DEFAULT_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="输出每一步所用的数（JSON）")] = False,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
) -> None:
    """逐分解释：数据、比较、档次、读法、条款，从原始数据到总分。"""
    from kaohe.charts.notation import marks
    from kaohe.scoring.explanation import explain as explanation
    from kaohe.scoring.finality import finality_of
    from kaohe.scoring.tracejson import trace_json
    from kaohe.scoring.write import manifest

    intake = read(data, year, policies(policy))
    book, before = scored(intake, data, provisional=provisional)
    unit = unit_named(book, unit)
    if indicator is not None:
        indicator = indicator_named(book, unit, indicator)
    if as_json:
        text = json.dumps(trace_json(book, unit, indicator), ensure_ascii=False, indent=1)
        print(plain_json(text))
        return
    say = console()
    said = "，".join(marks(book))
    head = f"{year_said(year)} {unit} {book.unit(unit).name}" + (f"（{said}）" if said else "")
    say.print(head, style="bold", markup=False)
    with refusals():
        say.print(finality_of(data / "processed" / year, manifest(book, intake, before)).inside, markup=False)
    for paragraph in explanation(book, unit, indicator):
        say.print(paragraph.title, style="bold", markup=False)
        for line in paragraph.lines:
            say.print(f"  {line}", markup=False)
