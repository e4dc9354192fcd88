"""Files a command is told to write: one that is there already stays, unless --overwrite says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.console import usage

Overwrite = Annotated[bool, typer.Option("--overwrite", help="覆盖已有的同名文件")]


def keep(*files: Path, overwrite: bool) -> None:
    """Ends with 2 where one of the files is there already; asked before anything is read or scored."""
    there = [str(file) for file in files if file.exists()]
    if there and not overwrite:
        usage(f"{'、'.join(there)} 已存在；要覆盖请加 --overwrite")


def new_workbook(file: Path, *, overwrite: bool) -> None:
    """Refuses a name that is no workbook's, and a file that is there already."""
    if file.suffix.casefold() != ".xlsx":
        usage(f"文件名应以 .xlsx 结尾，现为 {file}")
    keep(file, overwrite=overwrite)
