"""`kaohe appeal`: the answer to a unit about one indicator, on one sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    Provisional,
    Year,
    console,
    failed,
    html_only,
    raw_folder,
    read,
    refusals,
    scored,
)
from kaohe.cli.keeping import Overwrite, keep
from kaohe.cli.naming import indicator_named, unit_named
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.analysis.appeal import Answer, Evidence
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook
    from kaohe.scoring.finality import Finality


def appeal(
    year: Year,
    unit: Annotated[str, typer.Argument(help="单位编号或名称，如 C01", metavar="单位")],
    indicator: Annotated[str, typer.Argument(help="指标编号或名称，如 K3.1", metavar="指标")],
    out: Annotated[Path | None, typer.Option("--out", help="写成网页（一张 A4）", metavar="文件.html")] = None,
    internal: Annotated[bool, typer.Option("--internal", help="含单个评分人的分值等，只供内部")] = False,
    provisional: Provisional = False,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """答复申诉：所报数据、计分办法、比较范围、读法、得分，以及再得分需要什么。"""
    from kaohe.analysis.appeal import answer

    if out is not None:
        html_only(out)
        keep(out, data=data, overwrite=overwrite)
    intake, book, stands = scoring_of(data, year, provisional=provisional)
    unit = unit_named(book, unit)
    indicator = indicator_named(book, unit, indicator)
    found = answer(book, intake, unit, indicator, internal=internal)
    _print_answer(found, stands.inside)
    if out is not None:
        from kaohe.batch.appeal import appeal_page
        from kaohe.files import write_text

        with refusals():
            write_text(out, appeal_page(found, stands.inside if internal else stands.posted))
        console().print(f"已写出：{out}", markup=False)


def scoring_of(data: Path, year: str, *, provisional: bool) -> tuple[Intake, ScoreBook, Finality]:
    """What is answered from, and how it stands: the final scoring where there is one, else the raw data as they are."""
    from kaohe.analysis.kept import SideError, of_record
    from kaohe.scoring.finality import finality_of
    from kaohe.scoring.history import frozen_by
    from kaohe.scoring.write import manifest

    raw_folder(data, year)
    folder = data / "processed" / year
    with refusals():
        final = frozen_by(folder)
        if final is not None:
            try:
                side = of_record(folder, final)
            except SideError as error:
                failed(str(error))
            return side.intake, side.book, finality_of(folder, final.manifest)
    intake = read(data, year, {})
    book, before = scored(intake, data, provisional=provisional)
    with refusals():
        return intake, book, finality_of(folder, manifest(book, intake, before))


def _print_answer(found: Answer, state: str) -> None:
    say = console()
    head = f"{year_said(found.year)} {found.unit} {found.unit_name} {found.indicator} {found.name}（{found.clause}）"
    say.print(head, style="bold", markup=False)
    say.print(state, markup=False)
    say.print(f"得分：{found.result}{f'　{found.sums}' if found.sums else ''}", markup=False)
    parts = {
        "所报数据": [" ".join(filter(None, _row(row))) for row in found.evidence],
        f"提供{found.office}": ["、".join(found.offices)],
        "计分办法": found.how,
        "比较范围": [found.pool],
        "读法": found.policies,
        "理由": found.reasons,
        "再得分需要": found.ahead or [found.settled],
    }
    for title, lines in parts.items():
        if lines:
            say.print(title, style="bold", markup=False)
        for line in lines:
            say.print(f"  {line}", markup=False)


def _row(row: Evidence) -> tuple[str, ...]:
    return row.what, row.value, row.more, f"由{row.office}提供" if row.office else "", row.place
