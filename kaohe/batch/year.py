"""A scored year's own pages that are no notebook: its index, the one-page brief, the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kaohe.analysis.answered import read_answered
from kaohe.analysis.process import steps
from kaohe.analysis.questions import ALL_READINGS, QUESTIONS
from kaohe.batch.brief import brief_of
from kaohe.batch.decide import NAME as DECIDE
from kaohe.batch.decide import decide_page
from kaohe.batch.export import Link, Page, charts_of, marked, page_of_template, state_and_ids
from kaohe.batch.job import Done
from kaohe.batch.layout import Processed, YearFolder
from kaohe.batch.links import site_said, trail, year_links
from kaohe.batch.lookup import NAME as SEARCH
from kaohe.batch.lookup import lookup, lookup_script
from kaohe.batch.pictures import DrawError, staged
from kaohe.batch.places import places_of
from kaohe.batch.prepare import Prepared
from kaohe.batch.printing import NoChromiumError
from kaohe.batch.slides import slides_of
from kaohe.batch.word import word_of
from kaohe.charts.changed import FAR, far_movers
from kaohe.charts.decisions import open_decisions, open_list, settled_decisions, to_decide
from kaohe.charts.html import Html, bullets
from kaohe.charts.keymessages import key_messages
from kaohe.charts.outcomes import repeating
from kaohe.charts.policies import unmoved_note
from kaohe.charts.process import amounts_list, steps_table
from kaohe.charts.ranking import HALF, WIDE, ranking
from kaohe.charts.units import units_table
from kaohe.charts.verdict import card, in_a_line, moved_in_a_line
from kaohe.files.sets import Stage
from kaohe.intake.findings import tally
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook
from kaohe.scoring.write import manifest_text


def finish_year(
    year: Prepared, done: Sequence[Done], stage: Stage, *, compare: bool, handed: bool = False, inline: bool = False
) -> str:
    """Write index, brief and manifest to the stage; pages of units that are no more go. `handed`: whether the list of
    what is mailed will stand.

    Returns why the brief has no pictures; empty where it has them.
    """
    assert year.book is not None
    mine = [each for each in done if each.job.name.startswith(f"{year.year}/")]
    place = YearFolder(stage.folder, year.year)
    index, without = _index(year, year.book, mine, compare, handed and not year.book.trial, inline), ""
    stage.write(stage.name(place.index), index)
    try:
        pictures = staged(stage, place.index, index)
    except (NoChromiumError, DrawError) as error:
        pictures, without = [], str(error)
    _write_brief(year, year.book, stage, compare, inline, pictures)
    _write_decide(year, year.book, stage, inline)
    stage.write(stage.name(place.search), lookup_script(places_of(year.book)))
    stage.drop(_gone(year.book, place))
    held = {each.id for each in year.questions}
    unasked = (each.id for each in QUESTIONS if each.id not in held)
    stage.drop(stage.name(path) for name in unasked for path in (place.page(name), place.notebook(name)))
    if not year.corrected:
        stage.drop(map(stage.name, (place.page("diff"), place.notebook("diff"))))
    reports = {each.job.name.partition("/")[2]: "failed" if each.error else "ok" for each in mine}
    content = {**year.manifest, "reports": reports}
    stage.write(stage.name(place.manifest), manifest_text(content))
    return without


def _index(year: Prepared, book: ScoreBook, done: Sequence[Done], compare: bool, handed: bool, inline: bool) -> str:
    """The page of a minute: what is open, the messages, who stands where, the way to everything else."""
    failed = {each.job.name.partition("/")[2] for each in done if each.error}
    counts, groups = tally(year.intake.findings), [key for key in book.groups if book.ranking(key)]
    page = _page(
        f"{year_said(year.year)}{book.whole}报告",
        year, book, "index", compare,
        (Link(site_said(year.year), "../index.html"), Link(year_said(year.year), "", here=True)),
    )  # fmt: skip
    return page_of_template(
        "year.html.j2",
        replace(page.inside(), search="", found=lookup(page.places)) if inline else page,
        charts=charts_of([ranking(book, key, HALF if len(groups) > 1 else WIDE) for key in groups], page),
        cards=[card(book, key, lambda unit: f"units/{unit}.html") for key in groups],
        book=book,
        to_decide=to_decide(book, "#decide"),
        others=[
            {"name": book.groups[key].name, "says": in_a_line(book, key), "moved": moved_in_a_line(book, key)}
            for key in groups[1:]
        ],
        count=len(settled_decisions(book) if book.final else open_decisions(book, short=True)),
        decisions=open_list(book),
        unmoved=unmoved_note(book),
        messages=bullets(key_messages(book)),
        far=far_movers(read_answered(year.processed.answer(Processed.CHANGED)).answer) if year.since else "",
        far_title=f"升降 {FAR} 位以上的由于什么",
        units=units_table(book, lambda unit: f"units/{unit}.html", {name.removeprefix("units/") for name in failed}),
        has_compare=compare,
        handed=handed,
        back=back.name if (back := repeating([book])) else "",
        questions=year.questions,
        decide=bool(_decide_tables(year, book)),
        steps=steps_table(taken) if (taken := steps(year.intake, book, year.final)) else "",
        amounts=_amounts(year),
        counts={name: counts[name] for name in ("error", "warning", "advisory")},
    )


def _amounts(year: Prepared) -> Html:
    data, scheme = year.intake.data, year.intake.scheme
    return amounts_list(data.words.amounts, scheme.amounts) if data and scheme else Html("")


def _page(
    title: str, year: Prepared, book: ScoreBook, name: str, compare: bool, way: tuple[Link, ...] | None = None
) -> Page:
    return Page(
        title=title,
        trail=way or trail(year.year, "", title),
        links=year_links(year, "", name, compare),
        search=SEARCH,
        here=f"{name}.html",
        places=places_of(book),
        contents=name == "index",
        assets="../assets/",
        **marked([book]),
        provisional=book.provisional,
        trial=book.trial,
        status_line=year.status_line,
    )


def _write_brief(
    year: Prepared, book: ScoreBook, stage: Stage, compare: bool, inline: bool, pictures: Sequence[bytes]
) -> None:
    """One A4 sheet for the meeting, as a page and for Word; there with the charts of the year's index behind it."""
    brief, place = brief_of(book), YearFolder(stage.folder, year.year)
    page = _page(f"{year_said(year.year)}会议汇报", year, book, "brief", compare)
    text = page_of_template("brief.html.j2", page.alone() if inline else page, brief=brief)
    stage.write(stage.name(place.page("brief")), text)
    state, _ = state_and_ids(year.status_line)  # ids stay on screens
    marks = (*brief.marks, *state)
    stage.path(stage.name(place.brief_word)).write_bytes(word_of(replace(brief, marks=marks), pictures))
    stage.path(stage.name(place.slides)).write_bytes(slides_of(book, replace(brief, marks=marks)))


def _decide_tables(year: Prepared, book: ScoreBook) -> Mapping[str, Any]:
    """The tables of the decision page; empty where there is nothing to decide, or not every result is known."""
    path = year.answer(ALL_READINGS)
    if path is None:
        return {}
    found: Mapping[str, Any] = read_answered(path).answer.get("decide") or {}
    return found


def _write_decide(year: Prepared, book: ScoreBook, stage: Stage, inline: bool) -> None:
    """The page on which a meeting flips readings, itself one file."""
    place = YearFolder(stage.folder, year.year)
    tables, name = _decide_tables(year, book), stage.name(place.page(DECIDE))
    if tables:
        way = () if inline else trail(year.year, "", "读法审议")
        stage.write(name, decide_page(book, tables, year.status_line, way))
    elif stage.has(name):
        stage.drop([name])


def _gone(book: ScoreBook, place: YearFolder) -> Iterator[str]:
    """Pages and notebooks of units that are no more."""
    present = {unit.unit_id for unit in book.units}
    for folder in ("units", "public/units", "notebooks/units", "notebooks/public/units"):
        for file in (place.folder / folder).glob("*.*"):
            if file.stem not in present:
                yield file.relative_to(place.root).as_posix()
