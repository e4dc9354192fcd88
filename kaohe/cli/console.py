"""What every command shares: its options, the console, and how a year is read, refused and said."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from kaohe.intake import Intake
    from kaohe.intake.findings import Finding, Missing
    from kaohe.scoring.book import ScoreBook

Data = Annotated[Path, typer.Option("--data", help="数据文件夹，其中有 raw/ 和 processed/", metavar="文件夹")]
Year = Annotated[str, typer.Argument(help="如 2018-2019", metavar="年度")]
PolicyOptions = Annotated[
    list[str] | None, typer.Option("--policy", help="试算某一读法：名称=值，可重复", metavar="名称=值")
]
Provisional = Annotated[bool, typer.Option("--provisional", help="缺项按 0 分暂计，结果标明“暂定”")]
DEFAULT_DATA = Path("data")


def console(*, error: bool = False) -> Console:
    """A console that wraps only on a terminal: in a file or pipe every table row is one line."""
    from kaohe.cli.screen import Screen

    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else 4000
    return Screen(file=stream, width=width, soft_wrap=False)


def usage(message: str) -> NoReturn:
    """Wrong usage: say so and end with 2."""
    _end(message, 2)


def failed(message: str) -> NoReturn:
    """What was asked for could not be done, or found something wrong: say so and end with 1."""
    _end(message, 1)


def _end(message: str, code: int) -> NoReturn:
    console(error=True).print(message, style="red", markup=False)
    raise typer.Exit(code) from None


def policies(given: Sequence[str] | None) -> dict[str, str]:
    out: dict[str, str] = {}
    for item in given or ():
        name, sign, value = item.partition("=")
        if not sign or not name.strip() or not value.strip():
            usage(f"--policy 应写成 名称=值，现为 {item}")
        out[name.strip()] = value.strip()
    return out


def raw_folder(data: Path, year: str) -> Path:
    """The raw folder, once the year is known to be in it and no import broken off half-way."""
    from kaohe.files import WriteError
    from kaohe.files.locks import completed
    from kaohe.files.plans import ForeignPlanError
    from kaohe.intake import list_years
    from kaohe.intake.year.listed import is_year_of

    raw = data / "raw"
    if not is_year_of(raw, year):
        usage(f"年度应写成 2018-2019 的样子（日历年写 2021），现为 {year}")
    if not (raw / year).is_dir():
        have = "、".join(list_years(raw)) if raw.is_dir() else ""
        usage(f"{raw / year} 不存在；{f'已有年度：{have}' if have else f'{raw} 中没有任何年度'}")
    with refusals():
        try:
            # reading the year finds a plan that is not ours, and says so beside what else it finds
            with suppress(ForeignPlanError):
                if completed(raw / year):
                    console().print(f"上一次收表写到一半被中断，{raw / year} 现已补完", markup=False)
        except WriteError as error:
            raise WriteError(f"上一次收表写到一半被中断，要先补完才能读：{error}") from error
    return raw


def html_only(out: Path, option: str = "--out") -> None:
    """Ends with 2 where a page is to be written under another kind of name than `option` has to have."""
    if out.suffix.casefold() not in (".html", ".htm"):
        usage(f"{option} 应为 .html 文件，现为 {out}")


def read(data: Path, year: str, policies: dict[str, str]) -> Intake:
    from kaohe.intake import read_year
    from kaohe.scheme.policies import PolicyError

    raw = raw_folder(data, year)
    try:
        return read_year(raw, year, policies)
    except PolicyError as error:
        usage(str(error))


@contextmanager
def refusals() -> Iterator[None]:
    """What cannot be written, or may not be, is said, and the command ends with 1."""
    from kaohe.files import said_of
    from kaohe.files.kept import KeptError
    from kaohe.files.locks import BusyError
    from kaohe.scoring.refusal import RefusedError

    try:
        yield
    except BrokenPipeError:
        raise  # nobody reads what is said
    except OSError as error:
        failed(said_of(error))
    except (BusyError, RefusedError, KeptError) as error:
        failed(str(error))


MOST_SHOWN = 5_000
"""Findings that are listed one by one."""


def print_findings(findings: Sequence[Finding], intake: Intake | None = None, *, every: bool = False) -> None:
    """By cause on a terminal, or there too one by one with `every`; in a file or pipe always a line each."""
    from kaohe.cli.telling import FINDING, by_cause, each_finding, finding_rows, hides
    from kaohe.intake.grouping import in_order

    if not findings:
        return
    say = console()
    if say.is_terminal and not every:
        _print_lines(by_cause(findings, _unit_names(intake), say.width))
        if hides(findings):
            say.print("同一原因的合在一起，只列前几处；逐条列出：kaohe check 年度 --all", markup=False)
        return
    listed = in_order(findings)[:MOST_SHOWN]
    if say.is_terminal:
        _print_lines(each_finding(listed, say.width))
    else:
        _print_table("", FINDING, finding_rows(listed))
    if len(findings) > MOST_SHOWN:
        say.print(f"还有 {len(findings) - MOST_SHOWN} 条没有列出；改正以上各条后再检查。")


def print_open(intake: Intake, *, asked_only: bool = False) -> None:
    """One line where warnings are open, or (`asked_only`) where an office has a question to answer."""
    from kaohe.cli.telling import open_warnings

    if said := open_warnings(intake.findings, intake.year, asked_only=asked_only):
        console(error=True).print(f"注意：{said}", style="yellow", markup=False, soft_wrap=True)


def print_missing(missing: Sequence[Missing], intake: Intake, *, every: bool = False) -> None:
    """By office, the first units of each; in a file or pipe, or with `every`, a row an input."""
    from kaohe.cli.telling import LACKING, missing_by_office, missing_rows

    if not missing:
        return
    say, units = console(), _unit_names(intake)
    metrics = {name: metric.name for name, metric in intake.scheme.metrics.items()} if intake.scheme else {}
    if every or not say.is_terminal:
        heads = [each.format(intake.offices_called) for each in LACKING]
        _print_table("尚未上报", heads, missing_rows(missing, units, metrics))
        return
    say.print("尚未上报", style="bold")
    _print_lines(missing_by_office(missing, units, metrics, say.width))


def print_records(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, named: int) -> None:
    """Rows with long cells: a paragraph each on a terminal, in a file or pipe a table of one line a row."""
    from kaohe.cli.telling import record

    say = console()
    if not say.is_terminal:
        _print_table(title, heads, rows)
        return
    say.print(title, style="bold", markup=False)
    for row in rows:
        _print_lines(record(heads, row, named, say.width))


def _print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A line a row, two spaces between cells, - for an empty one: columns that fit every cell would be mostly air."""
    lines = ["  ".join(" ".join(cell.split()) or "-" for cell in row) for row in (heads, *rows)]
    _print_lines((line, "") for line in filter(None, (title, *lines)))


def _unit_names(intake: Intake | None) -> dict[str, str]:
    return {unit.unit_id: unit.name for unit in intake.data.units} if intake and intake.data else {}


def print_lines(lines: Iterable[tuple[str, str]], say: Console) -> None:
    """Lines, each with its style; a terminal wraps them, in a file or pipe they are as they are."""
    from kaohe.cli.screen import plain

    if say.is_terminal:
        for line, style in lines:
            say.print(line, style=style or None, markup=False)
    else:
        say.file.write("".join(f"{plain(line)}\n" for line, _ in lines))


def _print_lines(lines: Iterable[tuple[str, str]]) -> None:
    """As they are: their breaks are made already."""
    say = console()
    for line, style in lines:
        say.print(line, style=style or None, markup=False, soft_wrap=True)


@contextmanager
def scorable(intake: Intake) -> Iterator[None]:
    """Where the year that was read cannot be scored, its errors and gaps are printed, and the command ends with 1."""
    from kaohe.scoring.score import NotScorableError

    try:
        yield
    except NotScorableError as error:
        print_findings([finding for finding in error.findings if finding.severity == "error"], intake)
        print_missing(error.missing, intake)
        failed(str(error))


def scored(intake: Intake, data: Path, *, provisional: bool) -> tuple[ScoreBook, Intake | None]:
    """The scored year, or its errors and gaps printed and exit code 1."""
    from kaohe.scoring.score import score_intake, year_before

    before = year_before(data / "raw", intake.year)
    with scorable(intake):
        return score_intake(intake, before=before, provisional=provisional), before
