"""`kaohe export`: a scored year as a workbook, for the office or for everyone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    PolicyOptions,
    Provisional,
    console,
    failed,
    policies,
    read,
    refusals,
    scored,
    usage,
)
from kaohe.cli.keeping import Overwrite, new_workbook
from kaohe.cli.tidying import write_tidy
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.scoring.finality import Finality


def export(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="年度和写出的工作簿；与 --tidy 同用时为年度，可多个，不写则为全部", metavar="年度… [文件.xlsx]"
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
    public: Annotated[bool, typer.Option("--public", help="公示版：只有名次、总分、等次")] = False,
    tidy: Annotated[
        Path | None,
        typer.Option("--tidy", help="透视用的长表，一行一个年度、单位、项目", metavar="文件.xlsx|.csv|.parquet"),
    ] = None,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    overwrite: Overwrite = False,
    pending: Annotated[bool, typer.Option("--pending", help="还有单位待审议也写公示版")] = False,
) -> None:
    """导出结果工作簿：结果、逐项得分、理由，附核对加总的公式；或各年度的长表，供数据透视。"""
    if pending and not public:
        usage("--pending 是写公示版时说的，只与 --public 同用")
    if tidy is not None:
        if public or policy:
            usage("--tidy 是内部的长表，只列正式读法的结果，不能与 --public、--policy 同用")
        write_tidy(words or [], tidy, data, provisional=provisional, overwrite=overwrite)
        return
    if not words or len(words) != 2:
        usage("应写明一个年度和一个工作簿，如 kaohe export 2018-2019 结果.xlsx；各年度的长表用 --tidy")
    _export(words[0], Path(words[1]), data, policy, public=public, provisional=provisional,
            pending=pending, overwrite=overwrite)  # fmt: skip


def _export(
    year: str,
    file: Path,
    data: Path,
    policy: list[str] | None,
    *,
    public: bool,
    provisional: bool,
    pending: bool,
    overwrite: bool,
) -> None:
    """One year's workbook."""
    from kaohe.analysis.figures import figures_of
    from kaohe.analysis.grades import waiting
    from kaohe.analysis.public import public_year
    from kaohe.analysis.settled import publish, published
    from kaohe.exchange.export import export as whole
    from kaohe.exchange.export import export_public
    from kaohe.exchange.sheetstyle import save
    from kaohe.files.locks import holding
    from kaohe.scoring.final import check_decided
    from kaohe.scoring.finality import final_words, finality_of
    from kaohe.scoring.refusal import RefusedError
    from kaohe.scoring.write import Keeping, manifest, read_manifest, write_scores

    new_workbook(file, data=data, overwrite=overwrite)
    given = policies(policy)
    if public and given:
        failed(f"带 --policy 的是试算（读法 {'、'.join(given)}），不是考核结果，不能公示；公示请不带 --policy")
    intake = read(data, year, given)
    book, before = scored(intake, data, provisional=provisional)
    with refusals():
        folder, about = data / "processed" / year, manifest(book, intake, before)
        stands = finality_of(folder, about)
        if public and stands.final and stands.differs:
            raise RefusedError(_not_the_final(year, stands))
        if public and not pending:
            check_decided(year, [f"{unit.unit_id} {unit.name}" for unit in waiting(book)], book.deciders)
        table = None
        if public:
            if not read_manifest(folder):  # what is posted stands in the history
                with holding(folder):
                    write_scores(folder, book, about, keeping=Keeping(data / "raw", folder))
                stands = finality_of(folder, about)
            book = replace(book, final=final_words(folder))
            table = public_year(book, published(folder))
            publish(folder, book)
        made = export_public(table, stands) if table else whole(book, stands, figures_of(intake))
        save(file, made)
    for group, why in (table.open if table else {}).items():
        console(error=True).print(f"{book.groups[group].name}：{why}", style="yellow", markup=False)
    console().print(f"已写出：{file}（{stands.inside}；工作表：{'、'.join(made.sheetnames)}）", markup=False)


def _not_the_final(year: str, stands: Finality) -> str:
    assert stands.final is not None
    return (
        f"{year_said(year)}已于 {stands.final.day} 定稿（{stands.final.reason}），"
        f"现在评出来的与定稿不同：{'；'.join(stands.differs)}。公示只能用定稿的结果，没有写出。"
        f"请恢复定稿时的数据和读法（当时的原始文件：kaohe history {year} --restore {stands.final.id} 文件夹），"
        f"或撤销定稿、重新评分后再公示（kaohe freeze {year} --unfreeze --reason 理由）"
    )
