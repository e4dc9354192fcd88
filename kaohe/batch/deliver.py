"""What goes to one unit alone: a file for each to be mailed, and a list of who gets which, in `deliver/`."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kaohe.batch.export import Link, Page, marked, page_of_template
from kaohe.batch.layout import YearFolder
from kaohe.batch.links import site_said
from kaohe.batch.prepare import Prepared
from kaohe.batch.printing import pdf_of, state_of
from kaohe.batch.printing import shown as printed_state
from kaohe.files import leave_place, whole_file, write_text
from kaohe.files.filenames import file_name
from kaohe.files.sets import Stage
from kaohe.files.timeless import packed
from kaohe.scheme.years import year_said
from kaohe.scoring.book import ScoreBook, UnitResult

EVERYONE = "公示.zip"


@dataclass(frozen=True)
class Handed:
    """One line of the list: who gets which file, and what is in it."""

    whom: str
    number: str
    file: str
    holds: tuple[str, ...]
    size: int


def deliver(year: Prepared, out: Path) -> list[Handed]:
    """Write the year's files and their list anew, from its pages as they stand; those of units that are no more go.

    Nothing for a trial. What is current stays untouched.
    """
    book, place = year.book, YearFolder(out, year.year)
    if book is None or book.trial:
        return []
    handed = [each for unit in book.units if (each := _for_unit(book, unit, place)) is not None]
    posted = _package(place.deliver / EVERYONE, place.page("public/index"), "结果公示")
    if posted is not None:
        handed.append(Handed("张贴或上网", "", EVERYONE, posted, (place.deliver / EVERYONE).stat().st_size))
    kept = {each.file for each in handed}
    for path in place.deliver.glob("*.zip"):
        if path.name not in kept and _shown(path):
            leave_place(path)
    write_text(place.handed, _list(year, book, handed))
    return handed


def outdated_packages(stage: Stage) -> Iterator[str]:
    """Our files of pages that the set changes or drops, with the list they stand in: nobody is to mail them."""
    for path in stage.folder.glob("*/deliver/*.zip"):
        told = _shown(path)
        if told is None:
            continue
        page = stage.coming(told[0]) if told[0] else None
        if page is None or state_of(page) != told[1]:
            yield stage.name(path)
            listed = path.parent / "index.html"
            if listed.is_file():
                yield stage.name(listed)


def _for_unit(book: ScoreBook, unit: UnitResult, place: YearFolder) -> Handed | None:
    name = file_name(f"{unit.unit_id} {unit.name}", otherwise=unit.unit_id)
    path = place.deliver / f"{name}.zip"
    holds = _package(path, place.page(f"public/units/{unit.unit_id}"), f"{unit.name} {year_said(book.year)}考核得分")
    return None if holds is None else Handed(unit.name, unit.unit_id, path.name, holds, path.stat().st_size)


def _package(path: Path, page: Path, title: str) -> tuple[str, ...] | None:
    """The page under a name people know, its PDF where that is current; None where there is no page."""
    if not page.is_file():
        return None
    name, pdf, state = file_name(title), pdf_of(page), state_of(page)
    content = {f"{name}.html": page.read_bytes()}
    if printed_state(pdf) == state:
        content[f"{name}.pdf"] = pdf.read_bytes()
    root = path.parent.parent.parent
    made = packed(content, comment=f"kaohe {state} {page.relative_to(root).as_posix()}".encode())
    if not path.is_file() or path.read_bytes() != made:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part:
            part.write_bytes(made)
    return tuple(content)


def _shown(path: Path) -> tuple[str, str] | None:
    """Which page's which state is in it; None: it is none of ours."""
    try:
        with zipfile.ZipFile(path) as package:
            word, _, rest = package.comment.decode(errors="replace").partition(" ")
    except (OSError, zipfile.BadZipFile):
        return None
    state, _, page = rest.partition(" ")
    return (page, state) if word == "kaohe" and page else None


def _list(year: Prepared, book: ScoreBook, handed: list[Handed]) -> str:
    title = f"{year_said(year.year)}发放清单"
    page = Page(
        title=title,
        trail=(
            Link(site_said(year.year), "../../index.html"),
            Link(year_said(year.year), "../index.html"),
            Link("发放清单", "", here=True),
        ),
        **marked([book]),
        provisional=book.provisional,
        status_line=year.status_line,
    )
    return page_of_template("deliver.html.j2", page, title=title, handed=handed)
