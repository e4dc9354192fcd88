"""`kaohe history`, `kaohe diff`: every scoring that was written, and why one came out otherwise than another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    Year,
    console,
    failed,
    html_only,
    print_lines,
    raw_folder,
    refusals,
    usage,
)
from kaohe.cli.keeping import Overwrite, keep, keep_out
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaohe.analysis.attribution import Difference
    from kaohe.scoring.history import Record

EVENTS = {"score": "评分", "freeze": "定稿", "unfreeze": "撤销定稿"}
FEW = 6
"""How many moved units or files a line of the history names."""


def history(
    year: Year,
    restore: Annotated[
        tuple[str, Path] | None,
        typer.Option("--restore", help="把某次评分所用的原始文件写到这个文件夹的 raw/ 里", metavar="编号 文件夹"),
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """历史：每一次评分所用的数据、与前一次相比谁有变动，以及定稿；可取回任何一次的原始文件。"""
    from kaohe.scoring.history import records

    folder = data / "processed" / year
    raw_folder(data, year)
    with refusals():
        if restore is not None:
            keep_out(restore[1], data)
            _restore(folder, *restore)
            return
        found = records(folder)
        if not found:
            console().print(f"{year_said(year)}还没有评过分", markup=False)
        say, last = console(), None
        for record in found:
            print_lines(_record_lines(folder, record, last), say)
            last = record if record.event == "score" else last


def _record_lines(folder: Path, record: Record, last: Record | None) -> Iterator[tuple[str, str]]:
    """What a record says, each line with its style; `last`: the scoring before."""
    from kaohe.analysis.scorings import changed_files, moved, run_policies
    from kaohe.scoring.witness import SHOWN

    about = record.manifest
    when = record.time[:19].replace("T", " ")
    yield f"{record.number:>3}  {record.id}  {when}  {EVENTS[record.event]}  {record.sha256[:SHOWN]}", "bold"
    if record.event != "score":
        yield f"     理由：{record.reason}", ""
        return
    marks = ["缺项暂计"] if about["provisional"] else []
    marks += [f"试算读法 {name}={value}" for name, value in run_policies(about).items()]
    line = f"kaohe {about['kaohe']}，方案 {about['scheme']['id']}，原始文件 {len(about['inputs'])} 个"
    yield "     " + "，".join([line, *marks]), ""
    if last is None:
        for name, sha256 in about["inputs"].items():
            yield f"     {sha256[:8]}  {name}", ""
        return
    for name in changed_files(last, record):
        then, now = (each.manifest["inputs"].get(name, "（没有）")[:8] for each in (last, record))
        yield f"     {then} → {now}  {name}", ""
    units = moved(folder, last, record)
    for said in units[:FEW]:
        yield f"     {said}", ""
    more = f"     共 {len(units)} 个单位有变动；为什么：kaohe diff {last.id} {record.id}"
    yield more if units else "     各单位总分、名次、等次都没有变", ""


def _restore(folder: Path, id: str, directory: Path) -> None:
    from kaohe.analysis.scorings import run_policies
    from kaohe.files import write_text
    from kaohe.scheme.schools import WHOSE
    from kaohe.scheme.whose import said_elsewhere
    from kaohe.scoring.history import find
    from kaohe.scoring.history import restore as write_back

    record = find(folder, id)
    raw = directory / "raw"
    if raw.exists() and any(raw.iterdir()):
        usage(f"{raw} 不是空的，请另选一个文件夹")
    written = write_back(folder, record, raw)
    said = said_elsewhere(folder.parent.parent / "raw")
    if said is not None:
        write_text(directory / WHOSE, said)
    words = [f"--policy {name}={value}" for name, value in run_policies(record.manifest).items()]
    words += ["--provisional"] if record.manifest["provisional"] else []
    command = " ".join(["kaohe", "score", record.manifest["year"], "--data", str(directory), *words])
    console().print(f"已写出 {len(written)} 个原始文件到 {raw}；重新评分：{command}", markup=False)


def diff(
    before: Annotated[str, typer.Argument(help="年度、评分编号、manifest.json 或原始数据文件夹", metavar="A")],
    after: Annotated[str, typer.Argument(help="同上", metavar="B")],
    year: Annotated[str, typer.Option("--year", help="文件夹名不是年度时，是哪一年度的数据", metavar="年度")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="另写成网页和笔记本", metavar="文件.html")] = None,
    overwrite: Overwrite = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """对照：从 A 到 B 哪些原始数据改了，谁的得分、名次、等次因为哪一格而变。"""
    from kaohe.analysis.attribution import difference
    from kaohe.analysis.kept import SideError, side_of
    from kaohe.scheme.policies import PolicyError

    if out is not None:
        html_only(out)
        keep(*map(out.with_suffix, (out.suffix, ".ipynb", ".json")), data=data, overwrite=overwrite)
    with refusals():
        try:
            found = difference(side_of(before, data, year), side_of(after, data, year))
        except (SideError, PolicyError) as error:
            failed(str(error))
    _print_difference(found)
    if out is not None:
        _write_difference(found, out)


def _write_difference(found: Difference, out: Path) -> None:
    from kaohe.batch.apart import difference_page

    with refusals():
        wrong = difference_page(found, out)
    if wrong:
        failed(f"网页没有写成：{wrong}")
    console().print(f"已写出：{out}、{out.with_suffix('.ipynb').name}、{out.with_suffix('.json').name}", markup=False)


def _print_difference(found: Difference) -> None:
    from kaohe.charts.corrections import BY_UNIT, cell_said
    from kaohe.scoring.marks import NOT_REAL

    say = console()
    say.print(f"{found.before} → {found.after}", style="bold", markup=False)
    if found.synthetic:
        say.print(NOT_REAL, markup=False)
    if not found.same_year:
        say.print(BY_UNIT, markup=False)
    elif not (found.causes or found.elsewhere):
        say.print("原始数据、读法和考核方案没有不同", markup=False)
    _print_causes(found)
    _print_units(found)
    say.print(f"得分有变动的指标 {len(found.cells)} 项", style="bold", markup=False)
    for cell in found.cells:
        say.print(cell_said(found, cell), markup=False)


def _print_causes(found: Difference) -> None:
    say = console()
    for number, cause in enumerate(found.causes, 1):
        say.print(f"改动 {number}　{cause.name}", markup=False)
        places = dict.fromkeys(cell.place for cell in cause.cells if cell.place) if found.same_year else ()
        for place in places:
            say.print(f"        {place}", markup=False)
        if cause.alone:
            say.print(f"        不能单独试算：{cause.alone}", markup=False)
    for said in found.elsewhere:
        say.print(f"另外：{said}（不逐格归因）", markup=False)


def _print_units(found: Difference) -> None:
    from kaohe.charts.corrections import shares_said, together_said, unit_said
    from kaohe.charts.notation import signed

    say = console()
    count = sum(move.moved for move in found.units)
    say.print(f"总分、名次或等次有变动的单位 {count} 个", style="bold", markup=False)
    for move in found.units:
        say.print(unit_said(found, move), markup=False)
        for said in shares_said(found, move):
            say.print(f"    {said}", markup=False)
        if move.rest:
            say.print(f"    {together_said(signed(move.rest, found.decimals))}", markup=False)
