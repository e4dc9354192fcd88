"""`report`: every page of the years asked for, from raw tables to HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kaohe.batch.assets import share_assets
from kaohe.batch.export import Page, page_of_template
from kaohe.batch.index import write_index
from kaohe.batch.jobs import Plan, add_compare, add_year
from kaohe.batch.layout import YearFolder
from kaohe.batch.prepare import Prepared, prepare
from kaohe.batch.printing import NoChromiumError, Printed, outdated, print_pages
from kaohe.batch.run import Done, run_jobs
from kaohe.batch.year import finish_year
from kaohe.files.locks import holding
from kaohe.files.sets import Stage, unfinished, whole_set
from kaohe.intake import Intake, list_years, read_year
from kaohe.intake.folder import COMPARED
from kaohe.scoring.marks import INVENTED
from kaohe.scoring.write import RefusedError

COMPARISON = ("compare.html", "compare.pdf", "notebooks/compare.ipynb")


@dataclass
class Outcome:
    """How a run ended, year by year."""

    years: list[Prepared] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    """Other years that the comparison is without, and why."""
    printed: Printed | None = None
    not_printed: str | None = None
    """Why no page could be printed although it was asked for."""

    @property
    def failed(self) -> list[Done]:
        return [done for done in self.done if done.error is not None]

    @property
    def refused(self) -> list[Prepared]:
        """Years whose data cannot be scored."""
        return [year for year in self.years if year.book is None]

    @property
    def with_errors(self) -> list[Prepared]:
        return [year for year in self.years if year.intake.has_errors]

    @property
    def well(self) -> bool:
        """Whether everything that was asked for is there."""
        paper = self.not_printed or (self.printed and self.printed.failed)
        return not (self.failed or self.refused or self.with_errors or paper)


def report(
    years: list[str],
    data: Path,
    out: Path,
    policies: Mapping[str, Any] | None = None,
    *,
    provisional: bool = False,
    again: bool = False,
    inline: bool = False,
    pdf: bool = False,
    workers: int | None = None,
    begun: Callable[[int], None] = lambda jobs: None,
    progress: Callable[[Done], None] = lambda done: None,
    printing: Callable[[int], None] = lambda pages: None,
    printed: Callable[[Path], None] = lambda page: None,
) -> Outcome:
    """Score `years` and write all their pages below `out`; see the contract for the layout.

    `inline`: every page carries its style, scripts and plotly and can be mailed alone. `pdf`: each is printed, too.
    `begun` is told the number of reports, `progress` each as it ends; `printing` and `printed` the same of PDFs.
    BusyError where another run holds `out`.
    """
    out, data = out.resolve(), data.resolve()
    with ExitStack() as held:
        held.enter_context(holding(out, patience=0))
        for year in sorted({*years, *list_years(data / "raw")}):  # a scoring in between would mix with these pages
            if unfinished(data / "raw" / year):
                with holding(data / "raw" / year):
                    pass  # what a killed import left is completed
            held.enter_context(holding(data / "processed" / year))
        with whole_set(out) as stage:
            outcome = _report(years, data, stage, policies, provisional, again, inline, workers, begun, progress)
        if pdf:
            _print(outcome, out, printing, printed)
    return outcome


def _report(
    years: list[str],
    data: Path,
    stage: Stage,
    policies: Mapping[str, Any] | None,
    provisional: bool,
    again: bool,
    inline: bool,
    workers: int | None,
    begun: Callable[[int], None],
    progress: Callable[[Done], None],
) -> Outcome:
    out, raw, processed = stage.folder, data / "raw", data / "processed"
    read = cache(read_year)  # a year is read once, though the next one asks for it too
    outcome = Outcome([prepare(year, raw, processed, policies, provisional=provisional, read=read) for year in years])
    others = [year for year in list_years(raw) if year not in years]
    scored = [year for year in outcome.years if year.book is not None]
    known = sorted(
        [*scored, *_beside(others, raw, processed, read, outcome)],
        key=lambda each: each.year,
    )
    compared = comparable(known, raw, outcome)
    if not inline:
        share_assets(stage)
    plan, compare = Plan(stage, inline), len(compared) > 1
    for year in outcome.years:
        add_year(plan, year, data, out, provisional=provisional, compare=compare and year in compared)
    if scored and compare:
        linked = {year.year for year in scored} | {
            year.year for year in compared if YearFolder(out, year.year).index.is_file()
        }
        add_compare(plan, compared, linked, data, out, provisional=provisional)
    elif scored:
        stage.drop(filter(stage.has, COMPARISON))  # one of years that are no more, or no longer held side by side
    begun(len(plan.jobs))
    outcome.done = run_jobs(plan.jobs, plan.export, stands=plan.stands, workers=workers, again=again, report=progress)
    plan.take()
    for done in outcome.failed:
        plan.write(done.job, _failed_page(done, plan.pages[done.job.name], out))
    for year in scored:
        finish_year(year, outcome.done, stage, compare=compare and year in compared, inline=inline)
    write_index(stage, [*known, *outcome.refused], inline=inline)
    stage.drop(outdated(stage))
    return outcome


def _beside(
    years: list[str], raw: Path, processed: Path, read: Callable[[Path, str], Intake], outcome: Outcome
) -> list[Prepared]:
    """The years that were not asked for, to compare with; one that is final and would come out otherwise stays out."""
    found = []
    for year in years:
        try:
            found.append(prepare(year, raw, processed, read=read))
        except RefusedError as error:
            outcome.left_out[year] = str(error)
    return [each for each in found if each.book is not None]


def comparable(years: list[Prepared], raw: Path, outcome: Outcome) -> list[Prepared]:
    """Those to be held side by side: real years are not held beside invented ones, unless one of them asks for it."""
    real = [each for each in years if each.book is not None and not each.book.synthetic]
    if not real or len(real) == len(years) or any((raw / each.year / COMPARED).is_file() for each in real):
        return years
    for each in years:
        if each not in real:
            outcome.left_out[each.year] = f"是{INVENTED}，不与真实的学年并列"
    return real


def _print(outcome: Outcome, out: Path, begun: Callable[[int], None], progress: Callable[[Path], None]) -> None:
    """Every page of the years asked for, and those above the years."""
    pages = [page for page in (out / "index.html", out / "compare.html") if page.is_file()]
    for year in outcome.years:
        pages += sorted(YearFolder(out, year.year).folder.rglob("*.html"))
    try:
        outcome.printed = print_pages(pages, begun=begun, progress=progress)
    except NoChromiumError as error:
        outcome.not_printed = str(error)


def _failed_page(done: Done, page: Page, out: Path) -> str:
    """A page that says its report failed, in place of one that would look current."""
    where = done.job.notebook.relative_to(out).as_posix()
    error = "" if page.public else str(done.error)
    return page_of_template("failed.html.j2", page, title=done.job.title, error=error, notebook=where)
