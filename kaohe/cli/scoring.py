"""`kaohe score`: a year scored and written: its results from the real data, or a trial beside them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaohe.cli.console import (
    DEFAULT_DATA,
    Data,
    PolicyOptions,
    Provisional,
    console,
    failed,
    policies,
    print_open,
    read,
    refusals,
    scorable,
    scored,
    usage,
)
from kaohe.cli.final import check_reason, print_behind
from kaohe.cli.keeping import keep_out
from kaohe.cli.many import Scheduler, SchoolOptions, Schools, carry_out, print_idle, refuse_of_one, schools
from kaohe.scheme.years import year_said

if TYPE_CHECKING:
    from kaohe.analysis.scenario import Scenario
    from kaohe.intake import Intake
    from kaohe.scoring.book import ScoreBook

Years = Annotated[
    list[str] | None, typer.Argument(help="如 2018-2019，可多个；多所学校时不写则为全部", metavar="年度…")
]


def score(
    years: Years = None,
    data: Data = DEFAULT_DATA,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="写到其中的年度文件夹；默认 processed/，试算 processed/trials/", metavar="文件夹"),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="另写一份 CSV（Excel 可直接打开）")] = False,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", help="按试算方案评分，默认写到 processed/scenarios/方案名/", metavar="文件"),
    ] = None,
    unfreeze: Annotated[bool, typer.Option("--unfreeze", help="撤销定稿后重评；须用 --reason 写明理由")] = False,
    reason: Annotated[str, typer.Option("--reason", help="撤销定稿的理由，记入历史", metavar="理由")] = "",
    school: SchoolOptions = None,
    scheduler: Scheduler = "",
) -> None:
    """评分：写出 scores、nodes、results（.parquet）和 manifest.json；带 --policy 或 --scenario 的是试算，不动结果。"""
    check_reason(reason, wanted=unfreeze)
    meant = schools(data, school)
    if not (years or meant.many):
        usage("缺少参数 年度")
    if len(years or ()) == 1 and not scheduler:
        meant, out = meant.alone(out)
        data = meant.data
    if meant.many or scheduler or len(years or ()) > 1:
        refuse_of_one({"--policy": bool(policy), "--scenario": scenario is not None, "--unfreeze": unfreeze}, meant)
        _score_many(meant, years or (), out, scheduler, csv=csv, provisional=provisional)
        return
    (year,) = years or []
    if out is not None:
        keep_out(out, data, results=True)
    given = policies(policy)
    if given or scenario is not None:
        if unfreeze:
            usage("试算不动结果，也不需要撤销定稿：--unfreeze 不能与 --policy、--scenario 同用")
        _try(_Trial(year, data, given, scenario), out, csv=csv, provisional=provisional)
        return
    _score(year, data, out, csv=csv, provisional=provisional, unfreeze=reason.strip() if unfreeze else "")


def _score(year: str, data: Path, out: Path | None, *, csv: bool, provisional: bool, unfreeze: str) -> None:
    from kaohe.scoring.writtenyear import results_folder, write_year

    intake = read(data, year, {})
    binding = results_folder(data, year).resolve() == results_folder(data, year, out).resolve()
    if unfreeze and not binding:
        usage("撤销定稿只能写到默认的结果文件夹，--unfreeze 不能与 --out 同用")
    with refusals(), scorable(intake):
        written = write_year(intake, data, out=out, csv=csv, provisional=provisional, unfreeze=unfreeze)
    _print_written(written.files)
    if unfreeze:
        console().print(f"{year_said(year)}已撤销定稿：{unfreeze}", markup=False)
    _print_results(written.book)
    print_open(intake)
    if binding:
        print_behind(results_folder(data, year), data / "raw")


def _score_many(
    meant: Schools, years: Sequence[str], out: Path | None, scheduler: str, *, csv: bool, provisional: bool
) -> None:
    """The same for each year of each school, here or by a cluster."""
    from kaohe.batch.many.jobs import ScoreYears
    from kaohe.cli.showing import shown

    found, jobs = meant.years(years), []
    for name in filter(found.get, meant.chosen):
        folder = out / name if out is not None else None
        if folder is not None:
            keep_out(folder, meant.folder(name), results=True)
        place = folder.resolve() if folder is not None else None
        jobs.append(ScoreYears(name, meant.folder(name), found[name], place, csv=csv, provisional=provisional))
    print_idle(found)
    carry_out(jobs, scheduler, shown(quiet=False, as_json=False))


def _write(folder: Path, book: ScoreBook, about: dict[str, Any], *, csv: bool) -> None:
    """A trial, which enters no history."""
    from kaohe.files.locks import holding
    from kaohe.scoring.write import write_scores

    with refusals(), holding(folder):
        written = write_scores(folder, book, about, csv=csv)
    _print_written(written)


def _print_written(files: Iterable[Path]) -> None:
    console().print("已写出：" + "、".join(str(path) for path in files), markup=False)


@dataclass(frozen=True)
class _Trial:
    """What is tried: other readings, a scenario's file, or both."""

    year: str
    data: Path
    policies: dict[str, str]
    scenario: Path | None

    def folder(self, out: Path | None) -> Path:
        """Where it is written; never where the year's results belong."""
        from kaohe.files.filenames import file_name
        from kaohe.scoring.write import trials_folder

        processed = self.data / "processed"
        usual = processed / "scenarios" / file_name(self.scenario.stem) if self.scenario else trials_folder(processed)
        folder = (out or usual) / self.year
        if folder.resolve() == (processed / self.year).resolve():
            failed(f"{folder} 是正式结果的位置，试算不能覆盖它；请用 --out 另选一个文件夹，或不写 --out")
        return folder


def _try(trial: _Trial, out: Path | None, *, csv: bool, provisional: bool) -> None:
    """Score the year as it is supposed to be, beside the results, and say what moved against the real data."""
    from kaohe.analysis.scenario import words_of
    from kaohe.scoring.score import NotScorableError, score_intake
    from kaohe.scoring.write import manifest

    folder = trial.folder(out)
    if trial.scenario is not None and not trial.scenario.is_file():
        usage(f"找不到试算方案文件 {trial.scenario}")
    real = read(trial.data, trial.year, {})
    given, supposed = _supposed(trial, real)
    book, before = scored(supposed, trial.data, provisional=provisional)
    words = words_of(supposed.scheme) if supposed.scheme else {}
    about = {**manifest(book, supposed, before), "trial": True}
    if trial.scenario is not None:
        from kaohe.analysis.scenariofile import scenario_entry

        about["scenario"] = scenario_entry(trial.scenario, given, words)
    _print_scenario(given, words)
    _print_results(book, trial=True)
    try:
        _print_moved(score_intake(real, before=before, provisional=provisional), book)
    except NotScorableError as error:
        console().print(f"现有数据还不能评分，无从对照（{error}）", markup=False)
    _write(folder, book, about, csv=csv)


def _supposed(trial: _Trial, real: Intake) -> tuple[Scenario, Intake]:
    """What is different, and the year read so."""
    from kaohe.analysis.named import with_ids
    from kaohe.analysis.scenario import Scenario, ScenarioError
    from kaohe.analysis.scenariofile import read_scenario
    from kaohe.analysis.whatif import STALE, apply

    if trial.scenario is None:
        readings = Scenario(trial.year, title="另一种读法", policies=trial.policies)
        return readings, read(trial.data, trial.year, trial.policies)
    try:
        given = with_ids(read_scenario(trial.scenario), real)
        given = replace(given, policies={**given.policies, **trial.policies})
        supposed = apply(real, given) if real.data else real
    except (ScenarioError, OSError) as error:
        failed(f"试算方案 {trial.scenario} 不能使用：\n{error}")
    for finding in supposed.findings:
        if finding.code == STALE:
            console(error=True).print(f"注意：{finding.message}", style="yellow", markup=False)
    return given, supposed


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
    from kaohe.charts.amounts import total

    table = Table(box=None, pad_edge=False, header_style="bold", title="与现行结果相比", title_justify="left")
    for head in ("编号", "单位", "名次", "总分", "等次"):
        table.add_column(head)
    for key in supposed.groups:
        for each in shifted(real, supposed, key):
            now, then = each.unit, each.before
            rank = f"{then.rank} → {now.rank}" if each.climbed else str(now.rank)
            grade = f"{then.grade} → {now.grade}" if then.grade != now.grade else now.grade
            moved = f"{total(real, then, [now.total])} → {total(supposed, now, [then.total])}"
            table.add_row(now.unit_id, now.name, rank, moved, grade)
    if table.row_count:
        console().print(table)
    else:
        console().print("与现行结果相比，名次、总分、等次都没有变", markup=False)


def _print_results(book: ScoreBook, *, trial: bool = False) -> None:
    from rich.table import Table

    from kaohe.analysis.grades import departures, says_unseparated
    from kaohe.charts.amounts import total
    from kaohe.scoring.marks import NO_RESULT, NOT_REAL, TRIAL, invented

    marks = [text for text, on in ((TRIAL, trial), ("暂定", book.provisional)) if on]
    mark = f"（{'，'.join(marks)}）" if marks else ""
    for key, group in book.groups.items():
        ranking = book.ranking(key)
        if not ranking:
            continue
        table = Table(box=None, pad_edge=False, header_style="bold", title=f"{group.name}{mark}", title_justify="left")
        for head in ("名次", "编号", "单位", "总分", "等次"):
            table.add_column(head, justify="right" if head in ("名次", "总分") else "left")
        totals = sorted({unit.total for unit in book.rated(key)})
        for unit in ranking:
            here = bisect_left(totals, unit.total) if unit.rated else 0
            beside = totals[max(here - 1, 0) : here + 2]  # what it looks equal to is next to it, if anything is
            rank, shown = (str(unit.rank), total(book, unit, beside)) if unit.rated else ("–", "–")
            table.add_row(rank, unit.unit_id, unit.name, shown, unit.grade)
        console().print(table)
    if trial:
        console().print(NO_RESULT, markup=False)
    for said in departures(book):
        console(error=True).print(f"注意：{said}", style="yellow", markup=False)
    if book.synthetic:
        console().print(NOT_REAL, markup=False)
    elif said := invented(book):
        console().print(f"{said}：与它的对比不是真实的考核结论", markup=False)
    if book.unseparated:
        console().print(f"注意：{says_unseparated(book)}", markup=False)
    for said in book.unseen:
        console(error=True).print(f"注意：{said}", style="yellow", markup=False)
    if book.uncompared:
        console().print(f"注意：{book.uncompared}", markup=False)
