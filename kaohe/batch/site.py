"""`report`: every page of the years asked for, from raw tables to HTML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kaohe.batch.assets import share_assets
from kaohe.batch.export import Link, Page, page_of_notebook, page_of_template
from kaohe.batch.layout import YearFolder, notebooks_folder
from kaohe.batch.prepare import Prepared, prepare
from kaohe.batch.run import Done, Job, run_jobs
from kaohe.files import write_text
from kaohe.intake import list_years, read_year


class BusyError(RuntimeError):
    """Another run is writing to the same folder."""


@dataclass
class Outcome:
    """How a run ended, year by year."""

    years: list[Prepared] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

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


@dataclass(frozen=True)
class _Pages:
    """What the export of one run needs to know of a job's page."""

    by_job: Mapping[str, Page]

    def export(self, job: Job, notebook: Any) -> None:
        write_text(job.page, page_of_notebook(notebook, self.by_job[job.name]))


def report(
    years: list[str],
    data: Path,
    out: Path,
    policies: Mapping[str, Any] | None = None,
    *,
    provisional: bool = False,
    again: bool = False,
    workers: int | None = None,
    begun: Callable[[int], None] = lambda jobs: None,
    progress: Callable[[Done], None] = lambda done: None,
) -> Outcome:
    """Score `years` and write all their pages below `out`; see the contract for the layout.

    `begun` is told the number of reports, `progress` each as it ends. BusyError where another run holds `out`.
    """
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / ".kaohe.lock", timeout=0):
            return _report(years, data.resolve(), out.resolve(), policies, provisional, again, workers, begun, progress)
    except Timeout:
        raise BusyError(f"另一个 kaohe report 正在写入 {out}，请等它结束") from None


def _report(
    years: list[str],
    data: Path,
    out: Path,
    policies: Mapping[str, Any] | None,
    provisional: bool,
    again: bool,
    workers: int | None,
    begun: Callable[[int], None],
    progress: Callable[[Done], None],
) -> Outcome:
    raw, processed = data / "raw", data / "processed"
    read = cache(read_year)  # a year is read once, though the next one asks for it too
    outcome = Outcome([prepare(year, raw, processed, policies, provisional=provisional, read=read) for year in years])
    others = [year for year in list_years(raw) if year not in years]
    scored = [year for year in outcome.years if year.book is not None]
    compared = sorted(
        [*scored, *(each for each in (prepare(year, raw, processed, read=read) for year in others) if each.book)],
        key=lambda each: each.year,
    )
    share_assets(out / "assets")
    jobs: list[Job] = []
    pages: dict[str, Page] = {}
    for year in outcome.years:
        _add_year(year, data, out, provisional, len(compared) > 1, jobs, pages)
    if scored and len(compared) > 1:
        linked = {year.year for year in scored} | {
            year.year for year in compared if YearFolder(out, year.year).index.is_file()
        }
        _add_compare(compared, linked, data, out, provisional, jobs, pages)
    begun(len(jobs))
    outcome.done = run_jobs(jobs, _Pages(pages).export, workers=workers, again=again, report=progress)
    for done in outcome.failed:
        _failed_page(done, pages[done.job.name], out)
    for year in scored:
        _finish_year(year, outcome, out, len(compared) > 1)
    _site_index(out, data, outcome, len(compared) > 1)
    return outcome


def _add_year(
    year: Prepared, data: Path, out: Path, provisional: bool, compare: bool, jobs: list[Job], pages: dict[str, Page]
) -> None:
    place, source = YearFolder(out, year.year), notebooks_folder()
    synthetic = bool(year.intake.data and year.intake.data.synthetic)

    def add(name: str, notebook: str, title: str, parameters: dict[str, Any], inputs: tuple[Path, ...]) -> None:
        public = name.startswith("public")
        job_name = f"{year.year}/{name}"
        jobs.append(
            Job(
                name=job_name,
                title=title,
                source=source / f"{notebook}.ipynb",
                parameters={"year": year.year, "data": str(data), **parameters},
                notebook=place.notebook(name),
                page=place.page(name),
                inputs=inputs,
            )
        )
        up = "../" * name.count("/")
        pages[job_name] = Page(
            title=title,
            trail=() if public else _trail(year.year, up, title),
            links=() if public else _links(up, name, year.book is not None, compare),
            units=() if public else _units(year, up),
            assets=None if public else f"{up}../assets/",
            synthetic=synthetic,
            provisional=provisional,
            public=public,
        )

    head = f"{year.year} 学年"
    findings = year.processed.findings
    add("check", "check", f"{head}数据检查", {"findings": str(findings)}, (findings,))
    if year.book is None:
        return
    book = year.processed.book
    given = {"book": str(book)}
    add("annual", "annual", f"{head}综合目标考核总报告", given, (book,))
    table = year.processed.public_year
    add("public/index", "public", f"{head}综合目标考核结果公示", {"table": str(table)}, (table,))
    for unit in year.book.units:
        name = unit.unit_id
        add(f"units/{name}", "unit", f"{unit.name} {head}考核报告", {**given, "unit": name}, (book,))
        table = year.processed.public_unit(name)
        title = f"{unit.name} {head}考核得分"
        add(f"public/units/{name}", "public_unit", title, {"table": str(table), "unit": name}, (table,))


def _trail(year: str, up: str, title: str) -> tuple[Link, ...]:
    """Site, year, page."""
    short = title.replace(f"{year} 学年", "").strip()
    return Link("全部学年", f"{up}../index.html"), Link(f"{year} 学年", f"{up}index.html"), Link(short, "", here=True)


def _units(year: Prepared, up: str) -> tuple[Link, ...]:
    """Every unit's page, for the jump box."""
    units = year.book.units if year.book else ()
    return tuple(Link(f"{unit.unit_id} {unit.name}", f"{up}units/{unit.unit_id}.html") for unit in units)


def _links(up: str, name: str, scored: bool, compare: bool) -> tuple[Link, ...]:
    links = [Link("总报告", f"{up}annual.html", name == "annual")] if scored else []
    links.append(Link("数据检查", f"{up}check.html", name == "check"))
    if scored and compare:
        links.append(Link("各学年对比", f"{up}../compare.html"))
    return tuple(links)


def _add_compare(
    years: list[Prepared],
    linked: set[str],
    data: Path,
    out: Path,
    provisional: bool,
    jobs: list[Job],
    pages: dict[str, Page],
) -> None:
    books = tuple(year.processed.book for year in years)
    jobs.append(
        Job(
            name="compare",
            title="各学年对比",
            source=notebooks_folder() / "compare.ipynb",
            parameters={
                "years": [year.year for year in years],
                "data": str(data),
                "books": [str(book) for book in books],
            },
            notebook=out / "notebooks" / "compare.ipynb",
            page=out / "compare.html",
            inputs=books,
        )
    )
    pages["compare"] = Page(
        title="各学年对比",
        trail=(Link("全部学年", "index.html"), Link("各学年对比", "", here=True)),
        links=tuple(Link(year.year, f"{year.year}/index.html") for year in years if year.year in linked),
        assets="assets/",
        synthetic=any(year.book is not None and year.book.synthetic for year in years),
        provisional=provisional,
    )


def _failed_page(done: Done, page: Page, out: Path) -> None:
    """A page that says its report failed, in place of one that would look current."""
    where = done.job.notebook.relative_to(out).as_posix()
    error = "" if page.public else str(done.error)
    text = page_of_template("failed.html.j2", page, title=done.job.title, error=error, notebook=where)
    write_text(done.job.page, text)


def _finish_year(year: Prepared, outcome: Outcome, out: Path, compare: bool) -> None:
    """The year's own index and manifest; pages of units that are no more go."""
    assert year.book is not None
    book, place = year.book, YearFolder(out, year.year)
    failed = {done.job.name for done in outcome.failed}
    groups = [
        (
            group.name,
            [(unit, f"{year.year}/units/{unit.unit_id}" in failed) for unit in book.ranking(key)],
        )
        for key, group in book.groups.items()
        if book.ranking(key)
    ]
    counts = Counter(finding.severity for finding in year.intake.findings)
    page = Page(
        title=f"{year.year} 学年综合目标考核报告",
        trail=(Link("全部学年", "../index.html"), Link(f"{year.year} 学年", "", here=True)),
        links=_links("", "index", True, compare),
        units=_units(year, ""),
        assets="../assets/",
        synthetic=book.synthetic,
        provisional=book.provisional,
    )
    text = page_of_template(
        "year.html.j2",
        page,
        book=book,
        groups=groups,
        has_compare=compare,
        counts={name: counts[name] for name in ("error", "warning", "advisory")},
    )
    write_text(place.index, text)
    present = {unit.unit_id for unit in book.units}
    for folder in ("units", "public/units", "notebooks/units", "notebooks/public/units"):
        for file in (place.folder / folder).glob("*.*"):
            if file.stem not in present:
                file.unlink()
    reports = {
        done.job.name.partition("/")[2]: "failed" if done.error else "ok"
        for done in outcome.done
        if done.job.name.startswith(f"{year.year}/")
    }
    write_text(
        place.manifest,
        json.dumps({**year.manifest, "reports": reports}, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    )


def _site_index(out: Path, data: Path, outcome: Outcome, compare: bool) -> None:
    """The way in: every year that has pages here."""
    refused = {year.year for year in outcome.refused}
    years = [
        {"year": folder.name, "ready": (folder / "index.html").is_file() and folder.name not in refused}
        for folder in sorted(out.iterdir())
        if (folder / "check.html").is_file()
    ]
    synthetic = any(year.book is not None and year.book.synthetic for year in outcome.years)
    page = Page(title="综合目标考核报告", assets="assets/", synthetic=synthetic)
    has_compare = (out / "compare.html").is_file()
    write_text(out / "index.html", page_of_template("site.html.j2", page, years=years, has_compare=has_compare))
