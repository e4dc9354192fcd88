"""`kaohe demo`: the demonstration years."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.chinese import whole
from kaohe.cli.console import console, refusals, usage


def demo(
    directory: Annotated[Path, typer.Argument(help="写入演示数据的文件夹", metavar="DIR")],
    seed: Annotated[
        int, typer.Option("--seed", help="随机种子；同一种子写出同样的数据", metavar="N", parser=whole())
    ] = 20180901,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖内容不同的同名文件")] = False,
) -> None:
    """写出三个学年的演示数据（合成，非真实）。"""
    from kaohe.intake.demo import ExistsError, write_demo

    with refusals():
        try:
            written = write_demo(directory, seed, overwrite=overwrite)
        except ExistsError as error:
            usage(f"{error}；要覆盖请加 --overwrite，或另选一个文件夹")
    console().print(f"已写出 {len(written)} 个文件到 {directory}（演示数据，合成）", markup=False)
