"""`kaohe explain`: how each figure of a unit came about."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
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
from kaohe.cli.naming import indicator_among, indicator_named, unit_among, unit_named
from kaohe.cli.screen import plain_json


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
    plain = not (policy or provisional or as_json)
    if plain and _said_before(data, year, unit, indicator):
        return
    from kaohe.batch.explained import head_of, keep_unit
    from kaohe.batch.sources import rested_on
    from kaohe.scheme.yamlfile import READ
    from kaohe.scoring.explanation import explain as explanation
    from kaohe.scoring.finality import finality_of
    from kaohe.scoring.tracejson import trace_json
    from kaohe.scoring.write import manifest

    stood = rested_on(data)
    intake = read(data, year, policies(policy))
    book, before = scored(intake, data, provisional=provisional)
    unit = unit_named(book, unit)
    if indicator is not None:
        indicator = indicator_named(book, unit, indicator)
    if as_json:
        text = json.dumps(trace_json(book, unit, indicator), ensure_ascii=False, indent=1)
        print(plain_json(text))
        return
    about = manifest(book, intake, before)
    with refusals():
        state = finality_of(data / "processed" / year, about).inside
    if plain:
        keep_unit(data, book, unit, about, stood, READ)
    said = ((paragraph.title, paragraph.lines) for paragraph in explanation(book, unit, indicator))
    _print(head_of(book, unit), state, said)


def _said_before(data: Path, year: str, unit: str, indicator: str | None) -> bool:
    """Whether what is kept with the results was printed, since nothing that it rests on has changed."""
    from kaohe.batch.explained import kept

    found = kept(data, year)
    if found is None:
        return False
    unit = unit_among(found.names, unit, f"{year} ")
    if unit not in found.units:
        return False
    mine = found.units[unit]
    if indicator is not None:
        indicator = indicator_among({name: each[0] for name, each in mine.items.items()}, unit, indicator)
    _print(mine.head, found.state, mine.said(indicator))
    return True


def _print(head: str, state: str, said: Iterable[tuple[str, Iterable[str]]]) -> None:
    say = console()
    say.print(head, style="bold", markup=False)
    say.print(state, markup=False)
    for title, lines in said:
        say.print(title, style="bold", markup=False)
        for line in lines:
            say.print(f"  {line}", markup=False)
