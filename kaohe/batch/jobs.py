"""Which notebooks a run has to execute, and the pages they become."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kaohe.analysis.answered import read_answered, shown_of
from kaohe.analysis.questions import GOALS
from kaohe.batch.export import Link, Page, marked, page_of_notebook, restated
from kaohe.batch.job import Job
from kaohe.batch.layout import Processed, YearFolder, notebooks_folder
from kaohe.batch.links import beside_links, compared_said, other_years, site_said, trail, year_links
from kaohe.batch.lookup import NAME as SEARCH
from kaohe.batch.places import METHOD, NOWHERE, Place, Places, places_of
from kaohe.batch.prepare import Prepared
from kaohe.batch.slices import write_method, write_slices
from kaohe.files.sets import Stage
from kaohe.scheme.years import year_said

OF_ALL_YEARS = ("compare", "trend")
"""Pages of all years side by side, which stand above the years'."""


HEADED = ("annual", "public")
"""Notebooks whose own heads say less than their pages': they know no scheme."""


def of_all_said(year: str) -> dict[str, str]:
    """What they are called, of years like that one."""
    return {"compare": compared_said(year), "trend": "逐项历年"}


def of_all(out: Path, name: str) -> Path:
    """The executed notebook behind such a page."""
    return out / "notebooks" / f"{name}.ipynb"


def files_of_all() -> Iterator[str]:
    """Everything there is of such pages, but for PDFs and pictures, which go with them."""
    for name in OF_ALL_YEARS:
        yield from (f"{name}.html", f"notebooks/{name}.ipynb")


@dataclass
class Plan:
    """The jobs of a run, and what the export needs to know of each one's page.

    Pages and notebooks go to the `stage`: they take their places together when all are there. `inline`: each page
    carries everything and can be mailed alone.
    """

    stage: Stage
    inline: bool = False
    jobs: list[Job] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)

    def add(self, job: Job, page: Page) -> None:
        self.jobs.append(job)
        self.pages[job.name] = page.alone() if self.inline or page.public else page  # what is posted stands alone

    def export(self, job: Job, notebook: Any) -> None:
        self.write(job, page_of_notebook(notebook, self.pages[job.name]))

    def write(self, job: Job, text: str) -> None:
        self.stage.write(self.stage.name(job.page), text)

    def waiting(self, notebook: Path) -> Path:
        return self.stage.waiting(self.stage.name(notebook))

    def take(self) -> None:
        """The notebooks that were executed take their places with the pages."""
        for job in self.jobs:
            if job.waiting.is_file():
                self.stage.take(self.stage.name(job.notebook))

    def stands(self, job: Job, fingerprint: str) -> bool:
        """Whether the page is there as it would be exported now; one that only names another scoring is made to."""
        text, before = restated(job.page, self.pages[job.name], fingerprint)
        if text and not before:
            self.write(job, text)
        return bool(text)


def add_year(
    plan: Plan,
    year: Prepared,
    data: Path,
    out: Path,
    *,
    provisional: bool,
    compare: bool,
    known: Sequence[Prepared] = (),
    made: Sequence[Prepared] = (),
    only: Collection[str] | None = None,
) -> None:
    """A year's own pages; the check page alone where it cannot be scored.

    `known` are all years held side by side, `made` those whose pages are made with this year's. `only` those of these
    names; they lead only to pages that are there, too.
    """
    place, source = YearFolder(out, year.year), notebooks_folder()
    synthetic = bool(year.intake.data and year.intake.data.synthetic)
    partly, head = marked([year.book])["partly"] if year.book else "", year_said(year.year)
    stands = _standing(plan.stage, made, {f"{year.year}/{name}.html" for name in only or ()})
    places = Places(tuple(_placed(places_of(year.book), year.year, stands))) if year.book else NOWHERE
    searched = bool(year.book) and (only is None or plan.stage.has(f"{year.year}/{SEARCH}"))

    def add(name: str, notebook: str, title: str, parameters: dict[str, Any], *inputs: Path | bytes) -> None:
        if only is not None and name not in only:
            return

        def ways(links: Iterable[Link]) -> tuple[Link, ...]:
            return tuple(links) if only is None else tuple(_leading(links, year.year, name, stands))

        public = name.startswith("public")
        up = "../" * name.count("/")
        unit = name.removeprefix("units/") if name.startswith("units/") else ""
        plan.add(
            Job(
                name=f"{year.year}/{name}",
                title=title,
                source=source / f"{notebook}.ipynb",
                parameters={**({} if notebook == "diff" else {"year": year.year}), "data": str(data), **parameters},
                notebook=place.notebook(name),
                waiting=plan.waiting(place.notebook(name)),
                page=place.page(name),
                inputs=inputs,
            ),
            Page(
                title=title,
                head=title.removeprefix(head) if notebook in HEADED else "",
                trail=ways(trail(year.year, up, title)),
                links=ways(year_links(year, up, name, compare)),
                beside=ways(beside_links(year.book, unit)) if unit and year.book else (),
                others=other_years(year, unit, known, stands) if unit else (),
                search=f"{up}{SEARCH}" if searched else "",
                here=f"{name}.html",
                places=NOWHERE if public else places,
                contents=not public,
                assets=f"{up}../assets/",
                synthetic=synthetic,
                partly=partly,
                provisional=provisional,
                trial=year.trial,
                status_line=year.posted_line if public else year.status_line,
                public=public,
            ),
        )

    findings = year.processed.findings
    add("check", "check", f"{head}数据检查", {"findings": str(findings)}, findings)
    if year.book is None:
        return
    book = year.processed.book
    given, whole = {"book": str(book)}, year.book.whole
    add("annual", "annual", f"{head}{whole}总报告", given, book)
    regulation = write_method(year.processed, year.book)
    add("method", "method", f"{head}考核办法与读法", {"book": str(regulation)}, regulation)
    for each in year.questions:
        found = year.processed.answer(each.id)
        add(each.id, each.id, f"{head}{each.title}", {"found": str(found)}, shown_of(found))
    if year.corrected:
        table = year.processed.difference
        add("diff", "diff", f"{head}更正前后", {"difference": str(table)}, table)
    wanted = [unit.unit_id for unit in year.book.units if only is None or f"units/{unit.unit_id}" in only]
    slices = write_slices(year.processed, year.book, wanted, _goals(year))
    for name, mine in slices.items():
        title = f"{year.book.unit(name).name} {head}考核报告"
        add(f"units/{name}", "unit", title, {"book": str(mine), "unit": name}, mine)
    if year.trial:
        return
    table = year.processed.public_year
    add("public/index", "public", f"{head}{whole}结果公示", {"table": str(table)}, table)
    for unit in year.book.units:
        name = unit.unit_id
        table = year.processed.public_unit(name)
        title = f"{unit.name} {head}考核得分"
        add(f"public/units/{name}", "public_unit", title, {"table": str(table), "unit": name}, table)


def _goals(year: Prepared) -> Mapping[str, Any] | None:
    """Unit → what it would have needed, where somebody found out."""
    path = year.answer(GOALS)
    answered = read_answered(path) if path is not None else None
    return None if answered is None or answered.problem else answered.answer["units"]


def _standing(stage: Stage, made: Sequence[Prepared], only: Collection[str]) -> Callable[[str], bool]:
    """Whether a page of the site is there or is being made: units' pages and methods of the years `made`, or `only`."""
    coming = {f"{year.year}/{METHOD}" for year in made} | set(only)
    units = {year.year: {f"units/{unit.unit_id}.html" for unit in year.book.units} for year in made if year.book}

    def stands(page: str) -> bool:
        year, _, name = page.partition("/")
        if year in units and name.startswith("units/"):
            return name in units[year]
        return page in coming or stage.has(page)

    return stands


def _placed(places: Places, year: str, stands: Callable[[str], bool]) -> Iterator[Place]:
    """Those whose page is there."""
    there: dict[str, bool] = {}
    for place in places.every:
        page = place.href.partition("#")[0]
        if there.setdefault(page, stands(f"{year}/{page}")):
            yield place


def _leading(links: Iterable[Link], year: str, name: str, stands: Callable[[str], bool]) -> Iterator[Link]:
    """Those of a page's links whose page is there already, or is being made."""
    for link in links:
        page = link.href.partition("#")[0]
        if link.here or stands(posixpath.normpath(posixpath.join(year, posixpath.dirname(name), page))):
            yield link


def add_compare(
    plan: Plan, years: list[Prepared], linked: set[str], data: Path, out: Path, *, provisional: bool
) -> None:
    """The pages of all years side by side; they lead to those of them that are `linked`."""
    for name in OF_ALL_YEARS:
        _add_of_all(plan, name, years, linked, data, out, provisional=provisional)


def _add_of_all(
    plan: Plan, name: str, years: list[Prepared], linked: set[str], data: Path, out: Path, *, provisional: bool
) -> None:
    titles = of_all_said(years[-1].year)
    books, notebook, title = tuple(year.processed.book for year in years), of_all(out, name), titles[name]
    answers = (year.processed.answer(Processed.CHANGED) for year in reversed(years) if year.since)
    last = next(answers, None) if name == "compare" else None
    told = (shown_of(last),) if last is not None else ()
    plan.add(
        Job(
            name=name,
            title=title,
            source=notebooks_folder() / f"{name}.ipynb",
            parameters={
                "years": [year.year for year in years],
                "data": str(data),
                "books": [str(book) for book in books],
                **({"changes": str(last)} if last is not None else {}),
            },
            notebook=notebook,
            waiting=plan.waiting(notebook),
            page=out / f"{name}.html",
            inputs=(*books, *told),
        ),
        Page(
            title=title,
            head=title,
            trail=(Link(site_said(years[-1].year), "index.html"), Link(title, "", here=True)),
            links=(
                *(Link(text, f"{other}.html", other == name) for other, text in titles.items()),
                *(Link(year.year, f"{year.year}/index.html") for year in years if year.year in linked),
            ),
            assets="assets/",
            **marked(year.book for year in years if year.book is not None),
            provisional=provisional,
            trial=any(year.trial for year in years),
        ),
    )
