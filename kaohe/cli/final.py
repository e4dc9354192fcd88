"""`kaohe freeze`, `kaohe verify`: a year is made final, and what was written is held against its hashes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kaohe.cli.console import DEFAULT_DATA, Data, Year, console, failed, print_open, raw_folder, read, refusals, usage
from kaohe.scheme.years import year_said


def check_reason(reason: str, *, wanted: bool) -> None:
    """Wrong usage where a decision has no reason, or a reason no decision."""
    if wanted and not reason.strip():
        usage("请用 --reason 写明理由，如 --reason 会议通过")
    if reason and not wanted:
        usage("--reason 要与 --unfreeze 一起使用")


def freeze(
    year: Year,
    reason: Annotated[
        str, typer.Option("--reason", help="谁、何时、为什么定稿（或撤销）；记入历史", metavar="理由")
    ] = "",
    unfreeze: Annotated[bool, typer.Option("--unfreeze", help="撤销定稿，年度重新开放")] = False,
    pending: Annotated[bool, typer.Option("--pending", help="还有单位待审议也定稿")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """定稿：结果不再改动；数据变了再评分会被拒绝，直到写明理由撤销。"""
    from kaohe.files.locks import holding
    from kaohe.scoring.final import freeze as make_final

    check_reason(reason, wanted=True)
    folder = data / "processed" / year
    if unfreeze:
        raw_folder(data, year)
        thaw_year(folder, data / "raw", reason)
        return
    intake = read(data, year, {})
    with refusals(), holding(folder):
        record = make_final(folder, intake, data / "raw", reason.strip(), pending=pending)
    console().print(f"{year_said(year)}已定稿（评分编号 {record.id}）：{record.reason}", markup=False)
    print_open(intake, asked_only=True)
    print_behind(folder, data / "raw")
    console().print("请再运行一次 kaohe report，各页即标“定稿”", markup=False)


def thaw_year(folder: Path, raw: Path, reason: str) -> None:
    """Take a year's freeze back and say so; exit code 1 where it is not final."""
    from kaohe.files.locks import holding
    from kaohe.scoring.final import unfreeze as open_again

    with refusals(), holding(folder):
        open_again(folder, raw, reason.strip())
    console().print(f"{year_said(folder.name)}已撤销定稿：{reason.strip()}", markup=False)


def verify(year: Year, data: Data = DEFAULT_DATA) -> None:
    """核对：结果、原始数据和历史是否仍与写出时的校验值一致；不符的逐个指出。"""
    from kaohe.analysis.settled import unreadable
    from kaohe.files.locks import reading
    from kaohe.files.sets import unfinished
    from kaohe.scoring.final import verify as problems_of
    from kaohe.scoring.history import is_kept
    from kaohe.scoring.witness import contradictions

    folder = data / "processed" / year
    if is_kept(folder) and not (data / "raw" / year).is_dir():
        failed(f"{data / 'raw' / year}：原始数据的文件夹不见了，而 {folder} 里还有由它评出的结果和历史")
    raw_folder(data, year)
    if not folder.is_dir():
        with refusals():
            for lost in contradictions(folder, data / "raw"):
                console(error=True).print(lost, style="red", markup=False)
        failed(f"{year_said(year)}还没有评分结果，请先运行 kaohe score {year}")
    intake = read(data, year, {})
    with refusals():
        broken_off = unfinished(folder)
        with reading(folder):
            problems = [*problems_of(folder, data / "raw", intake), *unreadable(folder)]
    if broken_off:
        console().print("上一次运行写到一半被中断，现已补完", markup=False)
    for problem in problems:
        console(error=True).print(problem, style="red", markup=False)
    if problems:
        failed(f"核对完毕：{len(problems)} 处不符")
    print_behind(folder, data / "raw")
    console().print(f"核对完毕：{year_said(year)}的结果、原始数据和历史都与写出时一致", markup=False)


def print_behind(folder: Path, raw: Path) -> None:
    """A note where the last records of the history stand in no second place."""
    from kaohe.scoring.witness import behind

    with refusals():
        said = behind(folder, raw)
    if said:
        console(error=True).print(f"注意：{said}", style="yellow", markup=False)
