"""`kaohe export`: a scored year as a workbook, for the office or for everyone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from kaohe.cli.templates import new_workbook

if TYPE_CHECKING:
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook


def export(
    year: Year,
    file: Annotated[Path, typer.Argument(help="写出的工作簿", metavar="FILE.xlsx")],
    data: Data = DEFAULT_DATA,
    public: Annotated[bool, typer.Option("--public", help="公示版：只有名次、总分、等次")] = False,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖已有的同名文件")] = False,
) -> None:
    """导出结果工作簿：结果、逐项得分、理由，附核对加总的公式。"""
    from kaohe.analysis.public import public_year
    from kaohe.exchange.export import export as whole
    from kaohe.exchange.export import export_public
    from kaohe.exchange.paper import save

    new_workbook(file, overwrite=overwrite)
    intake = read(data, year, policies(policy))
    book, before = scored(intake, data, provisional=provisional)
    with refusals():
        state = _state(book, intake, before, data / "processed" / year)
        made = export_public(public_year(book), state) if public else whole(book, state)
        save(file, made)
    console().print(f"已写出：{file}（{state}；工作表：{'、'.join(made.sheetnames)}）", markup=False)


def _state(book: ScoreBook, intake: Intake, before: Intake | None, folder: Path) -> str:
    """Whether these very figures are final; an unfinished or trial scoring says so."""
    from kaohe.scoring.history import frozen_by
    from kaohe.scoring.write import differences, manifest

    if book.provisional:
        return "暂定：缺项按 0 分暂计"
    trial = [policy.name for policy in book.policies if policy.origin == "run"]
    if trial:
        return f"试算读法：{'、'.join(trial)}，不是考核结果"
    final = frozen_by(folder)
    if final is None:
        return "暂定（尚未定稿）"
    about = {**manifest(book, intake, before), "results": final.manifest["results"]}
    differs = list(differences(final.manifest, about))
    return f"定稿（{final.day}）" if not differs else f"与 {final.day} 的定稿不同：{'；'.join(differs)}"
