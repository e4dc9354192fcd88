"""`report`: every page of the years asked for, from raw tables to HTML."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from kaohe.analysis.questions import QUESTIONS, Question
from kaohe.batch.assets import share_assets
from kaohe.batch.deliver import deliver, outdated_packages
from kaohe.batch.export import Page, page_of_template
from kaohe.batch.index import write_index
from kaohe.batch.job import Done
from kaohe.batch.jobs import OF_ALL_YEARS, Plan, add_compare, add_year, files_of_all
from kaohe.batch.kernels import Kernels
from kaohe.batch.layout import YearFolder
from kaohe.batch.pictures import outdated_pictures, save_pictures
from kaohe.batch.prepare import Prepared, prepare
from kaohe.batch.printing import NoChromiumError, Printed, outdated, print_pages
from kaohe.batch.run import ANY, run_jobs
from kaohe.batch.single import Single, finish_single, plan_single
from kaohe.batch.sources import rested_on
from kaohe.batch.telling import SILENT, Telling
from kaohe.batch.year import finish_year
from kaohe.files.locks import completed, holding
from kaohe.files.sets import Stage, whole_set
from kaohe.intake import list_years, read_year
from kaohe.intake.year.predecessor import side_by_side
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.marks import INVENTED
from kaohe.scoring.refusal import RefusedError
from kaohe.scoring.write import is_trial, read_manifest, trials_folder


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
    no_pictures: str = ""
    """Why the briefs for Word have no pictures."""
    drawn: Printed | None = None
    not_drawn: str | None = None
    """Why no figure could be saved although it was asked for."""
    handed: dict[str, int] = field(default_factory=dict)
    """Files to be mailed, of each year, where they were asked for."""
    single: Single | None = None
    """Which units' pages alone were asked for."""

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
        pictures = self.not_drawn or (self.drawn and self.drawn.failed)
        return not (self.failed or self.refused or self.with_errors or paper or pictures)


def report(
    years: list[str],
    data: Path,
    out: Path,
    policies: Mapping[str, Any] | None = None,
    *,
    provisional: bool = False,
    again: bool = False,
    questions: Sequence[Question] = QUESTIONS,
    inline: bool = False,
    pdf: bool = False,
    png: bool = False,
    packed: bool = False,
    kernels: Kernels = ANY,
    units: Callable[[ScoreBook], Collection[str]] | None = None,
    tell: Telling = SILENT,
) -> Outcome:
    """Score `years` and write all their pages below `out`; see the contract for the layout.

    `inline`: every page carries its style, scripts and plotly and can be mailed alone. `pdf`: each is printed, too.
    `packed`: a file for each unit to be mailed, and a list of them. `png`: every figure is saved as a picture.
    `tell` is told of everything as it goes on. BusyError where another run holds `out`.

    `questions`: those to be answered; pages of others stand only where their answers are of the same scoring.

    `units`: the pages of these alone, of one year; RefusedError where those that stand are of other data.

    With `policies` the pages are a trial's: internal ones of these years alone, in a folder of their own; the results
    stay as they are. RefusedError where `out` holds pages of the other kind.
    """
    out, data = out.resolve(), data.resolve()
    processed = trials_folder(data / "processed") if policies else data / "processed"
    with ExitStack() as held:
        held.enter_context(holding(out, patience=0))
        _refuse_mixed(out, years, trial=bool(policies))
        others = [] if policies or units else [year for year in list_years(data / "raw") if year not in years]
        for year in sorted({*years, *others}):  # a scoring in between would mix with these pages
            completed(data / "raw" / year)  # what a killed import left
            held.enter_context(holding(processed / year))
        with whole_set(out) as stage:
            if units:
                single, (year,) = Single(units, out), years
                outcome = _report_single(
                    single, year, data, processed, stage, policies, provisional, again, inline, kernels, tell
                )
            else:
                outcome = _report(
                    years, others, data, processed, stage, policies, provisional, again, questions, inline, packed,
                    kernels, tell,
                )  # fmt: skip
        if pdf:
            _print(outcome, out, tell)
        if png:
            _draw(outcome, out, tell)
        if packed:
            outcome.handed = {year.year: len(deliver(year, out)) for year in outcome.years if year.book is not None}
    return outcome


def _refuse_mixed(out: Path, years: list[str], *, trial: bool) -> None:
    """A site is one of results or one of trials: its index leads to all years alike. Results may replace a trial.

    Nor does it take the place of the page over many schools' sites.
    """
    if any(out.glob("*/*/check.html")):
        raise RefusedError(f"{out} 里是多所学校的报告，一所学校的不能写在它们上面；请用 --out 另选一个文件夹")
    for folder in sorted(path.parent for path in out.glob("*/manifest.json")):
        if trial and not is_trial(read_manifest(folder)):
            raise RefusedError(f"{folder} 是正式的报告，试算不能写进去；请用 --out 另选一个文件夹")
        if not trial and folder.name not in years and is_trial(read_manifest(folder)):
            raise RefusedError(f"{folder} 是试算的报告，正式的不能与它放在一起；请先删去它，或用 --out 另选一个文件夹")


def _report(
    years: list[str],
    others: list[str],
    data: Path,
    processed: Path,
    stage: Stage,
    policies: Mapping[str, Any] | None,
    provisional: bool,
    again: bool,
    questions: Sequence[Question],
    inline: bool,
    packed: bool,
    kernels: Kernels,
    tell: Telling,
) -> Outcome:
    out, raw = stage.folder, data / "raw"
    # a year is read once, though the next one asks for it too: what it rests on stands from here on
    reading: dict[str, Any] = {"stood": rested_on(data), "read": cache(read_year)}
    given: dict[str, Any] = {"provisional": provisional, "questions": questions, **reading}
    outcome = Outcome([prepare(year, raw, processed, policies, **given) for year in years])
    scored = [year for year in outcome.years if year.book is not None]
    known = sorted(
        [*scored, *_beside(others, raw, processed, reading, outcome)],
        key=lambda each: each.year,
    )
    compared = comparable(known, raw, outcome)
    if not inline:
        share_assets(stage)
    plan, compare = Plan(stage, inline), len(compared) > 1
    for year in outcome.years:
        near = compared if compare and year in compared else ()
        add_year(plan, year, data, out, provisional=provisional, compare=bool(near), known=near, made=scored)
    if scored and compare:
        linked = {year.year for year in scored} | {
            year.year for year in compared if YearFolder(out, year.year).index.is_file()
        }
        add_compare(plan, compared, linked, data, out, provisional=provisional)
    elif scored:
        stage.drop(filter(stage.has, files_of_all()))  # of years that are no more, or no longer held side by side
    outcome.done = _run(plan, kernels, tell, again=again)
    old = {*outdated_packages(stage)}
    for year in scored:
        beside, listed = compare and year in compared, stage.name(YearFolder(out, year.year).handed)
        handed = packed or (stage.has(listed) and listed not in old)
        without = finish_year(year, outcome.done, stage, compare=beside, handed=handed, inline=inline)
        outcome.no_pictures = outcome.no_pictures or without
    write_index(stage, [*known, *outcome.refused], inline=inline)
    stage.drop([*outdated(stage), *outdated_pictures(stage), *old])
    return outcome


def _report_single(
    single: Single,
    year: str,
    data: Path,
    processed: Path,
    stage: Stage,
    policies: Mapping[str, Any] | None,
    provisional: bool,
    again: bool,
    inline: bool,
    kernels: Kernels,
    tell: Telling,
) -> Outcome:
    prepared = prepare(
        year, data / "raw", processed, policies, provisional=provisional, questions=(), agree=single.agree
    )
    outcome = Outcome([prepared], single=single)
    if prepared.book is None:
        return outcome
    plan = plan_single(stage, single, prepared, data, inline=inline, provisional=provisional)
    outcome.done = _run(plan, kernels, tell, again=again)
    finish_single(prepared, outcome.done, stage)
    return outcome


def _run(plan: Plan, kernels: Kernels, tell: Telling, *, again: bool) -> list[Done]:
    """The notebooks of the plan, each with its page; a failed one has a page that says so."""
    tell.begun("reports", len(plan.jobs))
    done = run_jobs(plan.jobs, plan.export, stands=plan.stands, kernels=kernels, again=again, tell=tell)
    plan.take()
    for each in done:
        if each.error is not None:
            plan.write(each.job, _failed_page(each, plan.pages[each.job.name], plan.stage.folder))
    return done


def _beside(
    years: list[str], raw: Path, processed: Path, reading: Mapping[str, Any], outcome: Outcome
) -> list[Prepared]:
    """The years that were not asked for, to compare with; one that is final and would come out otherwise stays out."""
    found = []
    for year in years:
        try:
            found.append(prepare(year, raw, processed, public=False, questions=(), **reading))
        except RefusedError as error:
            outcome.left_out[year] = str(error)
    return [each for each in found if each.book is not None]


def comparable(years: list[Prepared], raw: Path, outcome: Outcome) -> list[Prepared]:
    """Those to be held side by side; `outcome` is told of the others."""
    beside = side_by_side(raw, [each.year for each in years])
    for each in years:
        if each.year not in beside:
            outcome.left_out[each.year] = f"是{INVENTED}，不与真实的数据并列"
    return [each for each in years if each.year in beside]


def _print(outcome: Outcome, out: Path, tell: Telling) -> None:
    begun, progress = partial(tell.begun, "pdf"), partial(tell.paged, "pdf")
    try:
        outcome.printed = print_pages(_pages(outcome, out), begun=begun, progress=progress)
    except NoChromiumError as error:
        outcome.not_printed = str(error)


def _draw(outcome: Outcome, out: Path, tell: Telling) -> None:
    """Their figures; public pages have none."""
    begun, progress = partial(tell.begun, "png"), partial(tell.paged, "png")
    pages = [page for page in _pages(outcome, out) if "public" not in page.relative_to(out).parts]
    try:
        outcome.drawn = save_pictures(pages, begun=begun, progress=progress)
    except NoChromiumError as error:
        outcome.not_drawn = str(error)


def _pages(outcome: Outcome, out: Path) -> list[Path]:
    """Every page of the years asked for, and those above the years; not the list of what is handed out, which is
    written after them."""
    if outcome.single is not None:
        named = [YearFolder(out, year.year).page(name) for year in outcome.years for name in outcome.single.names]
        return sorted(page for page in named if page.is_file())
    pages = [page for name in ("index", *OF_ALL_YEARS) if (page := out / f"{name}.html").is_file()]
    for place in (YearFolder(out, year.year) for year in outcome.years):
        pages += sorted({*place.folder.rglob("*.html")} - {place.handed})
    return pages


def _failed_page(done: Done, page: Page, out: Path) -> str:
    """A page that says its report failed, in place of one that would look current."""
    where = done.job.notebook.relative_to(out).as_posix()
    error = "" if page.public else str(done.error)
    return page_of_template("failed.html.j2", page, title=done.job.title, error=error, notebook=where)
