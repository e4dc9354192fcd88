"""Files a command is told to write: one that is there already stays, unless --overwrite says otherwise.

Two places are for other commands alone, whatever the options: the raw data, which `import` takes, and the results.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.console import usage

Overwrite = Annotated[bool, typer.Option("--overwrite", help="覆盖已有的同名文件")]


def keep(*files: Path, data: Path, overwrite: bool) -> None:
    """Ends with 2 where one of the files is there already, or is none to be written by this command; asked before
    anything is read or scored."""
    for file in files:
        _refuse_kept(file, data)
    there = [str(file) for file in files if file.exists()]
    if there and not overwrite:
        usage(f"{'、'.join(there)} 已存在；要覆盖请加 --overwrite")


def keep_out(folder: Path, data: Path, *, results: bool = False) -> None:
    """The same for a folder that a command fills; one that scores (`results`) may do so among results, not inside a
    year's."""
    _refuse_kept(folder / "-", data, results=results)


def keep_apart(folder: Path) -> None:
    """For a folder that years of raw data are written into: it is none itself, nor is it among results."""
    from kaohe.scoring.history import is_kept

    here = folder.resolve()
    years = sorted(here.iterdir()) if here.is_dir() else []
    what = _above(here) or next((f"评分结果和历史 {each} " for each in years if is_kept(each)), "")
    if what:
        usage(f"{folder} 是{what}所在的地方，这个命令不往那里写；请另选一个文件夹")


def _refuse_kept(file: Path, data: Path, *, results: bool = False) -> None:
    """Whichever way it is called: a link may lead there, or stand there."""
    for folder in {file.resolve().parent, file.parent.resolve()}:
        if what := _kept_there(folder, data, results=results):
            usage(f"{file} 在{what}里，这个命令不往那里写；请另选一个文件夹")


def _kept_there(folder: Path, data: Path, *, results: bool) -> str:
    """What a folder holds that only `import`, or only `score`, changes; of this data folder or of another."""
    if folder.is_relative_to((data / "raw").resolve()):
        return f"原始数据 {data / 'raw'} "
    if not results and folder.is_relative_to((data / "processed").resolve()):
        return f"评分结果和历史 {data / 'processed'} "
    return _above(folder) or next(
        (f"原始数据 {above} " for above in (folder, *folder.parents) if _holds_years(above)), ""
    )


def _holds_years(folder: Path) -> bool:
    """Whether it is the raw data of some data folder; not every command is told of which."""
    from kaohe.intake.year.listed import is_year_of

    return folder.name == "raw" and folder.is_dir() and any(is_year_of(folder, each.name) for each in folder.iterdir())


def _above(folder: Path) -> str:
    """The year, or the results of one, that a folder is in."""
    from kaohe.intake.year.listed import is_year_of
    from kaohe.scoring.history import is_kept

    for above in (folder, *folder.parents):
        if above.parent.name == "raw" and is_year_of(above.parent, above.name):
            return f"一个年度的原始数据 {above} "
        if is_kept(above):
            return f"一个年度的评分结果和历史 {above} "
    return ""


def new_workbook(file: Path, *, data: Path, overwrite: bool) -> None:
    """Refuses a name that is no workbook's, and a file that is there already."""
    if file.suffix.casefold() != ".xlsx":
        usage(f"文件名应以 .xlsx 结尾，现为 {file}")
    keep(file, data=data, overwrite=overwrite)
