"""The command line: `kaohe check | score | explain | report | audit | demo`.

Exit codes: 0 fine, 1 the data has errors or a report failed, 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from kaohe.analysis.scenario import Scenario
    from kaohe.batch.site import Outcome
    from kaohe.intake import Intake
    from kaohe.intake.findings import Finding, Missing
    from kaohe.scoring.book import ScoreBook

app = typer.Typer(
    help="高校综合目标考核：检查数据、评分、逐分解释、生成报告。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Data = Annotated[Path, typer.Option("--data", help="数据文件夹，其中有 raw/ 和 processed/", metavar="DIR")]
Year = Annotated[str, typer.Argument(help="学年，如 2018-2019", metavar="YEAR")]
PolicyOptions = Annotated[
    list[str] | None, typer.Option("--policy", help="试算某一读法：名称=值，可重复", metavar="NAME=VALUE")
]
Provisional = Annotated[bool, typer.Option("--provisional", help="缺项按 0 分暂计，结果标明“暂定”")]
DEFAULT_DATA = Path("data")


def main() -> None:
    """Entry point; speaks UTF-8 or, on an older Windows console, replaces what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()


def _console(*, error: bool = False) -> Console:
    """A console that wraps only on a terminal: in a file or pipe every table row is one line."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else 4000
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def _usage(message: str) -> NoReturn:
    """Wrong usage: say so and end with 2."""
    _console(error=True).print(message, style="red", markup=False)
    raise typer.Exit(2)


def _policies(given: Sequence[str] | None) -> dict[str, str]:
    out: dict[str, str] = {}
    for item in given or ():
        name, sign, value = item.partition("=")
        if not sign or not name.strip() or not value.strip():
            _usage(f"--policy 应写成 名称=值，现为 {item}")
        out[name.strip()] = value.strip()
    return out


def _raw(data: Path, year: str) -> Path:
    """The raw folder, once the year is known to be in it."""
    from kaohe.intake import list_years
    from kaohe.scheme import is_year

    raw = data / "raw"
    if not is_year(year):
        _usage(f"学年应写成 2018-2019 的样子，现为 {year}")
    if not (raw / year).is_dir():
        have = "、".join(list_years(raw)) if raw.is_dir() else ""
        _usage(f"{raw / year} 不存在；{f'已有学年：{have}' if have else f'{raw} 中没有任何学年'}")
    return raw


def _read(data: Path, year: str, policies: dict[str, str]) -> Intake:
    from kaohe.intake import read_year
    from kaohe.scheme.policies import PolicyError

    raw = _raw(data, year)
    try:
        return read_year(raw, year, policies)
    except PolicyError as error:
        _usage(str(error))


@app.command()
def check(year: Year, data: Data = DEFAULT_DATA, policy: PolicyOptions = None) -> None:
    """读取并检查一个学年的数据，列出全部问题；不写任何文件。"""
    intake = _read(data, year, _policies(policy))
    _print_findings(intake.findings)
    _print_counts(intake)
    raise typer.Exit(1 if intake.has_errors else 0)


def _print_findings(findings: Sequence[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    from kaohe.intake.findings import SEVERITY_NAMES

    if not findings:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("级别", "文件", "工作表", "行", "列", "值", "问题", "应为"):
        table.add_column(head, overflow="fold")
    style = {"error": "red", "warning": "yellow", "advisory": "cyan"}
    for each in sorted(findings, key=lambda finding: list(SEVERITY_NAMES).index(finding.severity)):
        cells = (each.file, each.sheet, str(each.row or ""), each.column, each.value, each.message, each.expected)
        table.add_row(Text(SEVERITY_NAMES[each.severity], style=style[each.severity]), *(Text(cell) for cell in cells))
    _console().print(table)


def _print_counts(intake: Intake) -> None:
    from kaohe.intake.findings import SEVERITY_NAMES

    counts = {
        name: sum(finding.severity == severity for finding in intake.findings)
        for severity, name in SEVERITY_NAMES.items()
    }
    text = "，".join(f"{name} {count}" for name, count in counts.items())
    _console().print(f"{intake.year} 学年：{text}；尚缺 {len(intake.missing)} 项", markup=False)


def _print_missing(missing: Sequence[Missing], intake: Intake) -> None:
    from rich.table import Table

    if not missing:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", title="尚未上报", title_justify="left")
    for head in ("应报部门", "单位", "指标", "所缺"):
        table.add_column(head, overflow="fold")
    names = {unit.unit_id: unit.name for unit in intake.data.units} if intake.data else {}
    metrics = intake.scheme.metrics if intake.scheme else {}
    for each in missing:
        what = metrics[each.what].name if each.kind == "metric" and each.what in metrics else each.what
        table.add_row(each.office, f"{each.unit} {names.get(each.unit, '')}".strip(), each.indicator, what)
    _console().print(table)


def _scored(intake: Intake, data: Path, *, provisional: bool) -> tuple[ScoreBook, Intake | None]:
    """The scored year, or its errors and gaps printed and exit code 1."""
    from kaohe.scoring.score import NotScorableError, score_intake, year_before

    before = year_before(data / "raw", intake.year)
    try:
        return score_intake(intake, before=before, provisional=provisional), before
    except NotScorableError as error:
        _print_findings([finding for finding in error.findings if finding.severity == "error"])
        _print_missing(error.missing, intake)
        _console(error=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


@app.command()
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
) -> None:
    """评分：写出 scores.parquet、results.parquet、manifest.json。"""
    from kaohe.scoring.write import manifest

    if scenario is not None:
        _score_scenario(scenario, year, data, out, csv=csv, policies=_policies(policy), provisional=provisional)
        return
    intake = _read(data, year, _policies(policy))
    book, before = _scored(intake, data, provisional=provisional)
    _write((out or data / "processed") / year, book, manifest(book, intake, before), csv=csv)
    _print_results(book)


def _write(folder: Path, book: ScoreBook, about: dict[str, Any], *, csv: bool) -> None:
    from kaohe.scoring.write import write_scores

    try:
        written = write_scores(folder, book, about, csv=csv)
    except OSError as error:
        _console(error=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    _console().print("已写出：" + "、".join(str(path) for path in written), markup=False)


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
        _usage(f"找不到试算方案文件 {path}")
    intake = _read(data, year, {})
    try:
        given = read_scenario(path)
        given = replace(given, policies={**given.policies, **policies})
        supposed = apply(intake, given) if intake.data else intake
    except (ScenarioError, OSError) as error:
        _console(error=True).print(f"试算方案 {path} 不能使用：\n{error}", style="red", markup=False)
        raise typer.Exit(1) from None
    for finding in supposed.findings:
        if finding.code == STALE:
            _console(error=True).print(f"注意：{finding.message}", style="yellow", markup=False)
    book, before = _scored(supposed, data, provisional=provisional)
    folder = (out or data / "processed" / "scenarios" / path.stem) / year
    _refuse_real_results(folder)
    words = {name: metric.name for name, metric in supposed.scheme.metrics.items()} if supposed.scheme else {}
    about = {**manifest(book, supposed, before), "scenario": scenario_entry(path, given, words)}
    _print_scenario(given, words)
    _print_results(book)
    try:
        _print_moved(score_intake(intake, before=before, provisional=provisional), book)
    except NotScorableError as error:
        _console().print(f"真实数据还不能评分，无从对照（{error}）", markup=False)
    _write(folder, book, about, csv=csv)


def _refuse_real_results(folder: Path) -> None:
    """What was scored from the real data is not overwritten by a scenario."""
    path = folder / "manifest.json"
    if path.is_file() and "scenario" not in json.loads(path.read_text(encoding="utf-8")):
        message = f"{folder} 中是按真实数据评出的结果，试算不能覆盖它；请用 --out 另选一个文件夹"
        _console(error=True).print(message, style="red", markup=False)
        raise typer.Exit(1)


def _print_scenario(scenario: Scenario, words: Mapping[str, str]) -> None:
    from kaohe.analysis.scenario import said

    console = _console()
    head = f"试算：{scenario.title or '（未命名）'}，{scenario.size} 处改动；不是考核结果"
    console.print(head, style="bold", markup=False)
    for name, value in scenario.policies.items():
        console.print(f"  读法 {name}：{value}", markup=False)
    for change in scenario.changes:
        console.print(f"  {said(change, words)}", markup=False)


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
        _console().print(table)
    else:
        _console().print("与真实数据相比，名次、总分、等次都没有变", markup=False)


def _print_results(book: ScoreBook) -> None:
    from rich.table import Table

    from kaohe.rules.wording import fixed

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
        _console().print(table)
    if book.synthetic:
        _console().print("演示数据（合成），非真实考核结果", markup=False)


@app.command()
def explain(
    year: Year,
    unit: Annotated[str, typer.Argument(help="单位编号，如 C01", metavar="UNIT")],
    indicator: Annotated[
        str | None, typer.Argument(help="指标编号，如 K2a；不写则解释全部", metavar="INDICATOR")
    ] = None,
    data: Data = DEFAULT_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="输出每一步所用的数（JSON）")] = False,
    policy: PolicyOptions = None,
    provisional: Provisional = False,
) -> None:
    """逐分解释：数据、比较、档次、读法、条款，从原始数据到总分。"""
    from kaohe.scoring.explanation import explain as explanation
    from kaohe.scoring.explanation import trace_json

    book, _ = _scored(_read(data, year, _policies(policy)), data, provisional=provisional)
    if not book.has_unit(unit):
        _usage(f"{year} 没有单位 {unit}；有：{'、'.join(each.unit_id for each in book.units)}")
    known = [cell.indicator for cell in book.cells_of(unit)]
    if indicator is not None and indicator not in known:
        _usage(f"{unit} 没有指标 {indicator}；有：{'、'.join(known)}")
    if as_json:
        print(json.dumps(trace_json(book, unit, indicator), ensure_ascii=False, indent=1))
        return
    console = _console()
    marks = [text for text, on in (("演示数据（合成）", book.synthetic), ("暂定", book.provisional)) if on]
    head = f"{year} 学年 {unit} {book.unit(unit).name}" + (f"（{'，'.join(marks)}）" if marks else "")
    console.print(head, style="bold", markup=False)
    for paragraph in explanation(book, unit, indicator):
        console.print(paragraph.title, style="bold", markup=False)
        for line in paragraph.lines:
            console.print(f"  {line}", markup=False)


@app.command()
def report(
    years: Annotated[list[str] | None, typer.Argument(help="学年，可多个；不写则为全部", metavar="[YEAR]…")] = None,
    data: Data = DEFAULT_DATA,
    out: Annotated[Path, typer.Option("--out", help="写到 OUT/YEAR/", metavar="OUT")] = Path("reports"),
    policy: PolicyOptions = None,
    provisional: Provisional = False,
    again: Annotated[bool, typer.Option("--again", help="全部重新生成，不跳过内容未变的报告")] = False,
    inline: Annotated[bool, typer.Option("--inline", help="每页自带样式、脚本和绘图程序，可单独邮寄")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="另用本机的 Chromium、Chrome 或 Edge 打印成 A4 的 PDF")] = False,
    workers: Annotated[int | None, typer.Option("--workers", help="同时运行的笔记本数", min=1)] = None,
) -> None:
    """运行全部笔记本并导出网页报告；一份失败不影响其余。"""
    from kaohe.batch.site import BusyError
    from kaohe.batch.site import report as run_report
    from kaohe.intake import list_years
    from kaohe.scheme.policies import PolicyError

    wanted = sorted(set(years or ())) or list_years(data / "raw")
    if not wanted:
        _usage(f"{data / 'raw'} 中没有任何学年")
    for year in wanted:
        _raw(data, year)
    show, paper = _Progress("生成报告"), _Progress("打印 PDF")

    def begin_printing(pages: int) -> None:
        show.end()  # a terminal has room for one bar
        paper.begin(pages)

    try:
        outcome = run_report(
            wanted, data, out, _policies(policy), provisional=provisional, again=again, inline=inline, pdf=pdf,
            workers=workers, begun=show.begin, progress=lambda done: show.step(done.job.title),
            printing=begin_printing, printed=lambda page: paper.step(page.name),
        )  # fmt: skip
    except PolicyError as error:
        _usage(str(error))
    except (BusyError, OSError) as error:
        _console(error=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    finally:
        show.end()
        paper.end()
    skipped = sum(done.skipped for done in outcome.done)
    made = len(outcome.done) - skipped - len(outcome.failed)
    console, errors = _console(), _console(error=True)
    console.print(f"生成 {made} 份报告，{skipped} 份内容未变沿用：{out / 'index.html'}", markup=False)
    for each in outcome.years:
        if each.book is None or each.intake.has_errors:
            _print_findings([finding for finding in each.intake.findings if finding.severity == "error"])
            only = "只生成了数据检查页" if each.book is None else "出错的行未采用"
            errors.print(f"{each.year} 学年数据有错误或未报齐，{only}：{out / each.year / 'check.html'}", style="red")
    for done in outcome.failed:
        errors.print(f"失败：{done.job.title}（{done.job.notebook}）：{done.error}", style="red", markup=False)
    _print_printed(outcome)
    raise typer.Exit(0 if outcome.well else 1)


def _print_printed(outcome: Outcome) -> None:
    """What became of the PDFs."""
    errors = _console(error=True)
    if outcome.not_printed:
        errors.print(outcome.not_printed, style="red", markup=False)
    if outcome.printed is None:
        return
    printed = outcome.printed
    _console().print(f"打印 {len(printed.printed)} 份 PDF，{len(printed.kept)} 份内容未变沿用", markup=False)
    for page, error in printed.failed.items():
        errors.print(f"没有打印成 PDF：{page}：{error}", style="red", markup=False)


class _Progress:
    """A progress bar on a terminal; elsewhere a line for every tenth report or page."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Any = None
        self._done = self._all = 0

    def begin(self, jobs: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._all = jobs
        console = _console(error=True)
        if console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, console=console)
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=jobs)

    def step(self, title: str) -> None:
        self._done += 1
        if self._bar:
            self._bar.update(self._task, advance=1, description=title)
        elif self._done % 10 == 0 or self._done == self._all:
            print(f"{self._done}/{self._all} {title}", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._bar:
            self._bar.stop()


@app.command()
def audit(
    scheme: Annotated[Path | None, typer.Option("--scheme", help="另一份方案（scheme.yaml 或其文件夹）")] = None,
) -> None:
    """审读考核方案本身：合计不符、冗余档次、得不到的满分、条文沉默之处。"""
    from rich.table import Table
    from rich.text import Text

    from kaohe.scheme import SchemeError, read_scheme, shipped, shipped_ids
    from kaohe.scheme.audit import audit as audit_scheme

    try:
        subject = read_scheme(scheme) if scheme else shipped(shipped_ids()[-1])
    except SchemeError as error:
        _console(error=True).print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    findings = audit_scheme(subject)
    table = Table(box=None, pad_edge=False, header_style="bold", title=subject.title, title_justify="left")
    for head in ("类别", "条款", "对象", "发现", "后果", "决定它的读法"):
        table.add_column(head, overflow="fold")
    for each in findings:
        cells = (each.kind, each.clause, each.subject, each.finding, each.consequence, each.policy)
        table.add_row(*(Text(cell) for cell in cells))
    _console().print(table)
    _console().print(f"共 {len(findings)} 处", markup=False)


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="写入演示数据的文件夹", metavar="DIR")],
    seed: Annotated[int, typer.Option("--seed", help="随机种子；同一种子写出同样的数据")] = 20180901,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖内容不同的同名文件")] = False,
) -> None:
    """写出三个学年的演示数据（合成，非真实）。"""
    from kaohe.intake.demo import ExistsError, write_demo

    try:
        written = write_demo(directory, seed, overwrite=overwrite)
    except ExistsError as error:
        _usage(f"{error}；要覆盖请加 --overwrite，或另选一个文件夹")
    except OSError as error:
        _console(error=True).print(f"无法写入 {directory}：{error.strerror or error}", style="red", markup=False)
        raise typer.Exit(1) from None
    _console().print(f"已写出 {len(written)} 个文件到 {directory}（演示数据，合成）", markup=False)


if __name__ == "__main__":
    main()
