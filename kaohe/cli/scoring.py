"""`kaohe score`: a year scored and written, from its real data or as a scenario supposes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    PolicyOptions,
    Provisional,
    Year,
    console,
    failed,
    policies,
    read,
    refusals,
    scored,
    usage,
)
from kaohe.cli.final import check_reason

if TYPE_CHECKING:
    from kaohe.analysis.scenario import Scenario
    from kaohe.scoring.book import ScoreBook
    from kaohe.scoring.write import Keeping


def score(
    year: Year,
    data: Data = DEFAULT_DATA,
    out: Annotated[Path | None, typer.Option("--out", help="写到 OUT/YEAR/，默认 DIR/processed", metavar="OUT")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="另写一份 CSV（Excel 可直接打开）")] = False,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", help="按试算方案评分，默认写到 DIR/processed/scenarios/NAME/YEAR/", metavar="FILE"),
    ] = None,
    unfreeze: Annotated[bool, typer.Option("--unfreeze", help="撤销定稿后重评；须用 --reason 写明理由")] = False,
    reason: Annotated[str, typer.Option("--reason", help="撤销定稿的理由，记入历史", metavar="TEXT")] = "",
) -> None:
    """评分：写出 scores.parquet、results.parquet、manifest.json。"""
    from kaohe.scoring.write import Keeping, manifest

    check_reason(reason, wanted=unfreeze)

    if scenario is not None:
        _score_scenario(scenario, year, data, out, csv=csv, policies=policies(policy), provisional=provisional)
        return
    intake = read(data, year, policies(policy))
    book, before = scored(intake, data, provisional=provisional)
    keeping = Keeping(data / "raw", data / "processed" / year)
    about = manifest(book, intake, before)
    folder = (out or data / "processed") / year
    if unfreeze and folder.resolve() != keeping.binding.resolve():
        usage("撤销定稿只能写到默认的结果文件夹，--unfreeze 不能与 --out 同用")
    _write(folder, book, about, csv=csv, keeping=keeping, unfreeze=reason.strip() if unfreeze else "")
    if unfreeze:
        console().print(f"{year} 学年已撤销定稿：{reason.strip()}", markup=False)
    _print_results(book)


def _write(
    folder: Path,
    book: ScoreBook,
    about: dict[str, Any],
    *,
    csv: bool,
    keeping: Keeping | None = None,
    unfreeze: str = "",
) -> None:
    from kaohe.files.locks import holding
    from kaohe.scoring.write import write_scores

    with refusals(), holding(folder):
        written = write_scores(folder, book, about, csv=csv, keeping=keeping, unfreeze=unfreeze)
    console().print("已写出：" + "、".join(str(path) for path in written), markup=False)


def _score_scenario(
    path: Path, year: str, data: Path, out: Path | None, *, csv: bool, policies: dict[str, str], provisional: bool
) -> None:
    """Score the year as the scenario has it, and say what moved against the real data."""
    from dataclasses import replace

    from kaohe.analysis.scenario import ScenarioError
    from kaohe.analysis.scenariofile import read_scenario, scenario_entry
    from kaohe.analysis.whatif import STALE, apply
    from kaohe.scoring.score import NotScorableError, score_intake
    from kaohe.scoring.write import manifest

    if not path.is_file():
        usage(f"找不到试算方案文件 {path}")
    intake = read(data, year, {})
    try:
        given = read_scenario(path)
        given = replace(given, policies={**given.policies, **policies})
        supposed = apply(intake, given) if intake.data else intake
    except (ScenarioError, OSError) as error:
        failed(f"试算方案 {path} 不能使用：\n{error}")
    for finding in supposed.findings:
        if finding.code == STALE:
            console(error=True).print(f"注意：{finding.message}", style="yellow", markup=False)
    book, before = scored(supposed, data, provisional=provisional)
    folder = (out or data / "processed" / "scenarios" / path.stem) / year
    _refuse_real_results(folder)
    words = {name: metric.name for name, metric in supposed.scheme.metrics.items()} if supposed.scheme else {}
    about = {**manifest(book, supposed, before), "scenario": scenario_entry(path, given, words)}
    _print_scenario(given, words)
    _print_results(book)
    try:
        _print_moved(score_intake(intake, before=before, provisional=provisional), book)
    except NotScorableError as error:
        console().print(f"真实数据还不能评分，无从对照（{error}）", markup=False)
    _write(folder, book, about, csv=csv)


def _refuse_real_results(folder: Path) -> None:
    """What was scored from the real data is not overwritten by a scenario."""
    from kaohe.scoring.write import read_manifest

    if (folder / "manifest.json").is_file() and "scenario" not in read_manifest(folder):
        message = (
            f"{folder} 中是按真实数据评出的结果（或 manifest.json 读不出），试算不能覆盖它；请用 --out 另选一个文件夹"
        )
        failed(message)


def _print_scenario(scenario: Scenario, words: Mapping[str, str]) -> None:
    from kaohe.analysis.scenario import said

    say = console()
    head = f"试算：{scenario.title or '（未命名）'}，{scenario.size} 处改动；不是考核结果"
    say.print(head, style="bold", markup=False)
    for name, value in scenario.policies.items():
        say.print(f"  读法 {name}：{value}", markup=False)
    for change in scenario.changes:
        say.print(f"  {said(change, words)}", markup=False)


def _print_moved(real: ScoreBook, supposed: ScoreBook) -> None:
    """Whose rank, total or grade is another than by the real data."""
    from rich.table import Table

    from kaohe.analysis.difference import shifted
    from kaohe.rules.wording import fixed

    table = Table(box=None, pad_edge=False, header_style="bold", title="与真实数据相比", title_justify="left")
    for head in ("编号", "单位", "名次", "总分", "等次"):
        table.add_column(head)
    for key in supposed.groups:
        for each in shifted(real, supposed, key):
            now, then = each.unit, each.before
            rank = f"{then.rank} → {now.rank}" if each.climbed else str(now.rank)
            grade = f"{then.grade} → {now.grade}" if then.grade != now.grade else now.grade
            table.add_row(now.unit_id, now.name, rank, f"{fixed(then.total)} → {fixed(now.total)}", grade)
    if table.row_count:
        console().print(table)
    else:
        console().print("与真实数据相比，名次、总分、等次都没有变", markup=False)


def _print_results(book: ScoreBook) -> None:
    from rich.table import Table

    from kaohe.analysis.grades import departures
    from kaohe.rules.wording import fixed
    from kaohe.scoring.marks import NOT_REAL

    mark = "（暂定）" if book.provisional else ""
    for key, group in book.groups.items():
        ranking = book.ranking(key)
        if not ranking:
            continue
        table = Table(box=None, pad_edge=False, header_style="bold", title=f"{group.name}{mark}", title_justify="left")
        for head in ("名次", "编号", "单位", "总分", "等次"):
            table.add_column(head, justify="right" if head in ("名次", "总分") else "left")
        for unit in ranking:
            table.add_row(str(unit.rank), unit.unit_id, unit.name, fixed(unit.total), unit.grade)
        console().print(table)
    for said in departures(book):
        console(error=True).print(f"注意：{said}", style="yellow", markup=False)
    if book.synthetic:
        console().print(NOT_REAL, markup=False)
