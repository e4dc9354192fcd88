"""Ways between the pages of a site."""

from __future__ import annotations

from kaohe.batch.export import Link
from kaohe.batch.prepare import Prepared
from kaohe.scheme.years import spoken, year_said


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


def unit_links(year: Prepared, up: str) -> tuple[Link, ...]:
    """Every unit's page, for the jump box."""
    units = year.book.units if year.book else ()
    return tuple(Link(f"{unit.unit_id} {unit.name}", f"{up}units/{unit.unit_id}.html") for unit in units)


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
