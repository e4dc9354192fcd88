"""`kaohe demo`: the demonstration years."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.chinese import whole
from kaohe.cli.console import console, failed, refusals, usage
from kaohe.cli.keeping import keep_apart
from kaohe.scheme.years import years_said

FINAL = "已定稿，请先撤销定稿（kaohe freeze --unfreeze）"


def demo(
    directory: Annotated[Path, typer.Argument(help="演示数据所在的文件夹，如 data/raw", metavar="文件夹")],
    seed: Annotated[
        int, typer.Option("--seed", help="随机种子；同一种子写出同样的数据", metavar="整数", parser=whole())
    ] = 20180901,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖内容不同的同名文件")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="移去其中的演示年度；改过的不动")] = False,
) -> None:
    """写出三个年度的演示数据（合成，非真实），或移去它们。"""
    from kaohe.exchange.demoyears import ExistsError, write_demo

    keep_apart(directory)
    if remove:
        _remove(directory, seed)
        return
    if overwrite and (final := _final(directory)):
        failed(f"{years_said(final)}已定稿，没有覆盖；请先撤销定稿（kaohe freeze --unfreeze），或另选一个文件夹")
    with refusals():
        try:
            written = write_demo(directory, seed, overwrite=overwrite)
        except ExistsError as error:
            usage(f"{error}；要覆盖请加 --overwrite，或另选一个文件夹")
    console().print(f"已写出 {len(written)} 个文件到 {directory}（演示数据，合成）", markup=False)


def _final(directory: Path) -> list[str]:
    """The demonstration years that somebody made final."""
    from kaohe.exchange.demoyears import demo_years
    from kaohe.scoring import history, witness

    results = {year: directory.parent / "processed" / year for year in demo_years()}
    return [
        year
        for year, folder in results.items()
        if history.frozen_by(folder) is not None or witness.frozen(folder, directory)
    ]


def _remove(directory: Path, seed: int) -> None:
    """The demonstration years go; what was changed stays, and the command ends with 1."""
    from kaohe.exchange.demoyears import remove_demo

    say = console()
    with refusals():
        gone, stay = remove_demo(directory, seed, dict.fromkeys(_final(directory), FINAL))
    say.print(f"已移去演示年度：{'、'.join(gone)}" if gone else f"{directory} 中没有可以移去的演示年度", markup=False)
    made = [directory.parent / "processed" / year for year in gone] + [Path("reports") / year for year in gone]
    left = [str(path) for path in made if path.is_dir()]
    if left:
        say.print(f"由它们评出的结果和网页还在，可一并删去：{'、'.join(left)}", markup=False)
    for year, why in stay.items():
        console(error=True).print(f"没有移去 {directory / year}：{why}", style="red", markup=False)
    if stay:
        raise typer.Exit(1)
