"""Ways between the pages of a site."""

from __future__ import annotations

from kaohe.analysis.questions import QUESTIONS
from kaohe.batch.export import Link
from kaohe.batch.prepare import Prepared

SITE = "全部学年"


def trail(year: str, up: str, title: str) -> tuple[Link, ...]:
    """Site, year, page."""
    short = title.replace(f"{year} 学年", "").strip()
    return Link(SITE, f"{up}../index.html"), Link(f"{year} 学年", f"{up}index.html"), Link(short, "", here=True)


def unit_links(year: Prepared, up: str) -> tuple[Link, ...]:
    """Every unit's page, for the jump box."""
    units = year.book.units if year.book else ()
    return tuple(Link(f"{unit.unit_id} {unit.name}", f"{up}units/{unit.unit_id}.html") for unit in units)


def year_links(year: Prepared, up: str, name: str, compare: bool) -> tuple[Link, ...]:
    """The year's pages beside each other; `name` is the page they stand on."""
    scored = year.book is not None
    places = [("总报告", "annual"), ("会议汇报", "brief"), ("办法与读法", "method")] if scored else []
    places += [("更正前后", "diff")] if year.corrected else []
    places += [(each.title, each.id) for each in QUESTIONS] if scored and not year.trial else []
    links = [Link(text, f"{up}{page}.html", name == page) for text, page in [*places, ("数据检查", "check")]]
    return (*links, Link("各学年对比", f"{up}../compare.html")) if scored and compare else tuple(links)
