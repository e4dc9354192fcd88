"""The way in: every year that has pages, with its state in a line or two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kaohe.analysis.questions import QUESTIONS, Question
from kaohe.batch.export import Page, marked, page_of_template
from kaohe.batch.prepare import Prepared
from kaohe.charts.decisions import open_decisions
from kaohe.charts.headings import banner
from kaohe.charts.html import Html
from kaohe.charts.notation import names, short
from kaohe.charts.outcomes import repeating
from kaohe.files.sets import Stage
from kaohe.scheme.root import WHOLE
from kaohe.scheme.years import spoken
from kaohe.scoring.book import ScoreBook


@dataclass(frozen=True)
class YearLine:
    """A year on the site's index. `ready`: its pages are there; `state` says how it stands, where it is known;
    `questions`: those that have a page."""

    year: str
    ready: bool
    marks: Html
    state: tuple[str, ...]
    questions: tuple[Question, ...]


def write_index(stage: Stage, years: Iterable[Prepared], *, inline: bool = False) -> None:
    """The site's index: years that have pages, the latest first; `years` are those scored or tried."""
    known = {year.year: year for year in years}
    folders = {folder.name for root in (stage.folder, stage.new) for folder in root.iterdir()}
    present = [name for name in sorted(folders, reverse=True) if stage.has(f"{name}/check.html")]
    shown = [_line(stage, name, known.get(name)) for name in present]
    books = [known[name].book for name in present if name in known]
    scored = [book for book in books if book is not None]
    whole = next((each.intake.scheme.whole_called for each in known.values() if each.intake.scheme), WHOLE)
    back = repeating(scored) if scored else None
    page = Page(
        title=f"{whole}报告",
        assets=None if inline else "assets/",
        trial=any(book is not None and book.trial for book in books),
        **marked(scored),
    )
    compare, trend = stage.has("compare.html"), stage.has("trend.html")
    text = page_of_template(
        "site.html.j2",
        page,
        years=shown,
        has_compare=compare,
        has_trend=trend,
        whole=whole,
        every=spoken(present[0]).every if present else "",
        back=back.name if back else "",
    )
    stage.write("index.html", text)


def _line(stage: Stage, name: str, year: Prepared | None) -> YearLine:
    refused = year is not None and year.book is None
    ready = stage.has(f"{name}/index.html") and not refused
    book = year.book if year else None
    asked = tuple(each for each in QUESTIONS if each.brief and stage.has(f"{name}/{each.id}.html"))
    return YearLine(name, ready, banner(book) if book else Html(""), tuple(state_of(book)) if book else (), asked)


def state_of(book: ScoreBook) -> Iterable[str]:
    """Open decisions by name, then who has the best grade."""
    if book.final:
        yield book.final
    found = open_decisions(book, short=True)
    listed = "；".join(short(decision.what, 22) for decision in found[:3])
    more = " 等" if len(found) > 3 else ""
    if not book.final:
        yield f"待决 {len(found)} 项：{listed}{more}" if found else "没有待决的事项"
    for key, group in book.groups.items():
        best = [unit.name for unit in book.ranking(key) if book.top and unit.grade == book.top]
        if best:
            yield f"{group.name}{book.top}：{names(best)}"
