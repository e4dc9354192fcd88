"""Ways between the pages of a site."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kaohe.batch.export import Link
from kaohe.batch.prepare import Prepared
from kaohe.scheme.years import spoken, year_said
from kaohe.scoring.book import ScoreBook, UnitResult
from kaohe.scoring.lineage import traced


def site_said(year: str) -> str:
    """What the page of all years is called beside such a year's: `全部学年`."""
    return f"全部{spoken(year).one}"


def compared_said(year: str) -> str:
    """What the page is called that compares years like that one."""
    return f"{spoken(year).every}对比"


def trail(year: str, up: str, title: str) -> tuple[Link, ...]:
    """Site, year, page."""
    short = title.replace(year_said(year), "").strip()
    return (
        Link(site_said(year), f"{up}../index.html"),
        Link(year_said(year), f"{up}index.html"),
        Link(short, "", here=True),
    )


def beside_links(book: ScoreBook, unit_id: str) -> tuple[Link, ...]:
    """The units before and after one in its group, the best first; seen from a unit's page."""
    among = book.ranking(book.unit(unit_id).group)
    at = next(place for place, unit in enumerate(among) if unit.unit_id == unit_id)
    near = [("‹ ", among[at - 1] if at else None), ("", among[at + 1] if at + 1 < len(among) else None)]
    return tuple(
        Link(f"{sign}{_ranked(unit)}{'' if sign else ' ›'}", f"{unit.unit_id}.html") for sign, unit in near if unit
    )


def _ranked(unit: UnitResult) -> str:
    return f"第 {unit.rank} 名 {unit.name}" if unit.rated else unit.name


def other_years(
    year: Prepared, unit_id: str, known: Sequence[Prepared], stands: Callable[[str], bool]
) -> tuple[Link, ...]:
    """The same unit's pages of other years, also where it was renamed, merged or divided in between.

    `stands` tells whether a page of the site, by its name, is there or will be.
    """
    assert year.book is not None
    books = {each.year: each.book for each in known if each.book is not None} | {year.year: year.book}
    years = sorted(books)
    here, links = years.index(year.year), []
    for at, other in enumerate(years):
        step = 1 if at > here else -1
        way = [books[each] for each in years[here::step][: abs(at - here) + 1]]
        for unit in traced(way, unit_id) if at != here else ():
            page = f"{other}/units/{unit.unit_id}.html"
            if stands(page):
                links.append(Link(other if unit.unit_id == unit_id else f"{other} {unit.name}", f"../../{page}"))
    return tuple(links)


def year_links(year: Prepared, up: str, name: str, compare: bool) -> tuple[Link, ...]:
    """The year's pages beside each other; `name` is the page they stand on."""
    scored = year.book is not None
    places = [("总报告", "annual"), ("会议汇报", "brief"), ("办法与读法", "method")] if scored else []
    places += [("更正前后", "diff")] if year.corrected else []
    links = [Link(text, f"{up}{page}.html", name == page) for text, page in [*places, ("数据检查", "check")]]
    if year.questions:  # the questions have their own list on the year's page: here only the one at hand
        links.insert(3, Link("分析", f"{up}index.html#questions", any(each.id == name for each in year.questions)))
    if scored and compare:
        links.append(Link(compared_said(year.year), f"{up}../compare.html"))
    return tuple(links)
